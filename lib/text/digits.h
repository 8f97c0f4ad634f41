/* SPDX-License-Identifier: MIT */
/* digits.h - sixteen decimal digits at once
 *
 * They lie in two words or one vector, a byte each, the first digit in the
 * lowest byte.  Writing them is one store or two, and which of them are zero
 * is a mask, so that neither their number nor the zeros at their ends cost a
 * jump.  Divisions are multiplications in lanes, exact in their ranges.
 *
 * Pure functions.
 */
#ifndef OQ_DIGITS_H
#define OQ_DIGITS_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

#define OQ_1E8	100000000u
#define OQ_1E16 10000000000000000ull

/* The first eight as text, for moving them about. */
static inline void oq_put_eight(char *out, uint64_t text)
{
	text = htole64(text);
	memcpy(out, &text, sizeof(text));
}

#if defined(__SSE2__) && !defined(OQ_PORTABLE)
#include <emmintrin.h>

struct oq_sixteen {
	__m128i text;
	unsigned mask; /* bit i: digit i is not 0 */
};

/* Of v < 10^16. */
static inline struct oq_sixteen oq_sixteen(uint64_t v)
{
	const __m128i by_1e4 = _mm_set1_epi64x(109951163); /* / 2^40 */
	const __m128i by_100 = _mm_set1_epi16(5243);	   /* / 2^19 */
	const __m128i by_10 = _mm_set1_epi16(6554);	   /* / 2^16 */
	uint64_t hi = v / OQ_1E8;
	__m128i x = _mm_set_epi64x((int64_t)(v - hi * OQ_1E8), (int64_t)hi);
	__m128i q, r;

	q = _mm_srli_epi64(_mm_mul_epu32(x, by_1e4), 40);
	r = _mm_sub_epi64(x, _mm_mul_epu32(q, _mm_set1_epi64x(10000)));
	x = _mm_or_si128(q, _mm_slli_epi64(r, 32));
	q = _mm_srli_epi16(_mm_mulhi_epu16(x, by_100), 3);
	r = _mm_sub_epi16(x, _mm_mullo_epi16(q, _mm_set1_epi16(100)));
	x = _mm_or_si128(q, _mm_slli_epi32(r, 16));
	q = _mm_mulhi_epu16(x, by_10);
	r = _mm_sub_epi16(x, _mm_mullo_epi16(q, _mm_set1_epi16(10)));
	x = _mm_or_si128(q, _mm_slli_epi16(r, 8));

	q = _mm_cmpgt_epi8(x, _mm_setzero_si128());
	return (struct oq_sixteen){
		.text = _mm_add_epi8(x, _mm_set1_epi8('0')),
		.mask = (unsigned)_mm_movemask_epi8(q),
	};
}

static inline void oq_sixteen_put(char *out, struct oq_sixteen x)
{
	_mm_storeu_si128((void *)out, x.text);
}

static inline uint64_t oq_sixteen_first(struct oq_sixteen x)
{
	return (uint64_t)_mm_cvtsi128_si64(x.text);
}

static inline uint64_t oq_sixteen_second(struct oq_sixteen x)
{
	return (uint64_t)_mm_cvtsi128_si64(_mm_srli_si128(x.text, 8));
}

#else

struct oq_sixteen {
	uint64_t text[2];
	unsigned mask; /* bit i: digit i is not 0 */
};

/* The digits of v < 10^8, as numbers. */
static inline uint64_t oq_eight(uint64_t v)
{
	uint64_t x = v / 10000 | (v % 10000) << 32;
	uint64_t hi = x * 10486 >> 20 & 0x0000007f0000007full;

	x = hi | (x - 100 * hi) << 16;
	hi = x * 103 >> 10 & 0x000f000f000f000full;
	return hi | (x - 10 * hi) << 8;
}

/* A bit for each byte that is not 0; digits only. */
static inline unsigned oq_eight_mask(uint64_t x)
{
	x = (x + 0x7f7f7f7f7f7f7f7full) >> 7 & 0x0101010101010101ull;
	return (unsigned)(x * 0x0102040810204080ull >> 56);
}

/* Of v < 10^16. */
static inline struct oq_sixteen oq_sixteen(uint64_t v)
{
	const uint64_t zeros = 0x3030303030303030ull;
	uint64_t a = oq_eight(v / OQ_1E8), b = oq_eight(v % OQ_1E8);

	return (struct oq_sixteen){
		.text = { a + zeros, b + zeros },
		.mask = oq_eight_mask(a) | oq_eight_mask(b) << 8,
	};
}

static inline void oq_sixteen_put(char *out, struct oq_sixteen x)
{
	oq_put_eight(out, x.text[0]);
	oq_put_eight(out + 8, x.text[1]);
}

static inline uint64_t oq_sixteen_first(struct oq_sixteen x)
{
	return x.text[0];
}

static inline uint64_t oq_sixteen_second(struct oq_sixteen x)
{
	return x.text[1];
}

#endif
#endif
