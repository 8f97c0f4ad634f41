/* SPDX-License-Identifier: MIT */
/* shuffle.c - undo HDF5's shuffle filter */

#include "lib/codec/shuffle.h"

#include <string.h>

/* Elements [from, nelems); with 'size' known to the compiler the inner loop
 * is unrolled. */
static inline void interleave(const uint8_t *in, uint8_t *out, size_t from,
			      size_t nelems, size_t size)
{
	for (size_t i = from; i < nelems; i++)
		for (size_t k = 0; k < size; k++)
			out[i * size + k] = in[k * nelems + i];
}

#ifdef __SSE2__
#include <emmintrin.h>

/* Sixteen elements at a time: the k-th bytes of them are one vector, and
 * vectors are merged byte by byte, then pair by pair, then four by four. */

static __m128i plane(const uint8_t *in, size_t nelems, size_t k, size_t i)
{
	return _mm_loadu_si128((const void *)(in + k * nelems + i));
}

static void store(uint8_t *out, size_t at, __m128i v)
{
	_mm_storeu_si128((void *)(out + at), v);
}

/* The low, or high, four bytes of sixteen elements from four planes. */
static void merge4(const uint8_t *in, size_t nelems, size_t k, size_t i,
		   __m128i v[4])
{
	__m128i p0 = plane(in, nelems, k, i);
	__m128i p1 = plane(in, nelems, k + 1, i);
	__m128i p2 = plane(in, nelems, k + 2, i);
	__m128i p3 = plane(in, nelems, k + 3, i);
	__m128i lo01 = _mm_unpacklo_epi8(p0, p1);
	__m128i hi01 = _mm_unpackhi_epi8(p0, p1);
	__m128i lo23 = _mm_unpacklo_epi8(p2, p3);
	__m128i hi23 = _mm_unpackhi_epi8(p2, p3);

	v[0] = _mm_unpacklo_epi16(lo01, lo23);
	v[1] = _mm_unpackhi_epi16(lo01, lo23);
	v[2] = _mm_unpacklo_epi16(hi01, hi23);
	v[3] = _mm_unpackhi_epi16(hi01, hi23);
}

static size_t vectors4(const uint8_t *in, uint8_t *out, size_t nelems)
{
	size_t i = 0;

	for (; i + 16 <= nelems; i += 16) {
		__m128i v[4];

		merge4(in, nelems, 0, i, v);
		for (size_t k = 0; k < 4; k++)
			store(out, i * 4 + k * 16, v[k]);
	}
	return i;
}

static size_t vectors8(const uint8_t *in, uint8_t *out, size_t nelems)
{
	size_t i = 0;

	for (; i + 16 <= nelems; i += 16) {
		__m128i lo[4], hi[4];

		merge4(in, nelems, 0, i, lo);
		merge4(in, nelems, 4, i, hi);
		for (size_t k = 0; k < 4; k++) {
			store(out, i * 8 + k * 32,
			      _mm_unpacklo_epi32(lo[k], hi[k]));
			store(out, i * 8 + k * 32 + 16,
			      _mm_unpackhi_epi32(lo[k], hi[k]));
		}
	}
	return i;
}
#else
static size_t vectors4(const uint8_t *in, uint8_t *out, size_t nelems)
{
	(void)in, (void)out, (void)nelems;
	return 0;
}

static size_t vectors8(const uint8_t *in, uint8_t *out, size_t nelems)
{
	return vectors4(in, out, nelems);
}
#endif

void oq_unshuffle(const uint8_t *in, uint8_t *out, size_t n, size_t elem_bytes)
{
	size_t nelems = n / elem_bytes;
	size_t whole = nelems * elem_bytes;

	switch (elem_bytes) {
	case 1:
		memcpy(out, in, whole);
		break;
	case 2:
		interleave(in, out, 0, nelems, 2);
		break;
	case 4:
		interleave(in, out, vectors4(in, out, nelems), nelems, 4);
		break;
	case 8:
		interleave(in, out, vectors8(in, out, nelems), nelems, 8);
		break;
	default:
		interleave(in, out, 0, nelems, elem_bytes);
	}
	memcpy(out + whole, in + whole, n - whole);
}
