/* SPDX-License-Identifier: MIT */
/* filter.c - pipelines are undone, and damage is noticed */

#include <errno.h>
#include <libdeflate.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <szlib.h>

#include "lib/codec/filter.h"

#include "tests/unit/test.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { DEFLATE = 1, SHUFFLE = 2, FLETCHER32 = 3, SZIP = 4, LZF = 32000 };

#define LZFED             \
	{                 \
		LZF, 0,   \
		{         \
			0 \
		}         \
	}
#define DEFLATED            \
	{                   \
		DEFLATE, 1, \
		{           \
			6   \
		}           \
	}
#define SHUFFLED(size)       \
	{                    \
		SHUFFLE, 1,  \
		{            \
			size \
		}            \
	}
#define SUMMED                 \
	{                      \
		FLETCHER32, 0, \
		{              \
			0      \
		}              \
	}
#define SZIPPED(mask, block, bits, line)        \
	{                                       \
		SZIP, 4,                        \
		{                               \
			mask, block, bits, line \
		}                               \
	}

/* Little-endian, nearest neighbour, as HDF5 asks for it. */
#define NN_LSB (SZ_RAW_OPTION_MASK | SZ_NN_OPTION_MASK | SZ_LSB_OPTION_MASK)
#define NN_MSB (SZ_RAW_OPTION_MASK | SZ_NN_OPTION_MASK | SZ_MSB_OPTION_MASK)

static const struct oq_pipeline pipelines[] = {
	{ 0, { { 0 } } },
	{ 1, { DEFLATED } },
	{ 1, { SUMMED } },
	{ 1, { SHUFFLED(4) } },
	{ 2, { SHUFFLED(4), DEFLATED } },
	{ 2, { SHUFFLED(8), SUMMED } },
	{ 2, { DEFLATED, SUMMED } },
	{ 2, { SUMMED, DEFLATED } },
	{ 2, { DEFLATED, SHUFFLED(4) } },
	{ 3, { SHUFFLED(3), DEFLATED, SUMMED } },
	{ 3, { SUMMED, SHUFFLED(8), DEFLATED } },
	{ 3, { SUMMED, SHUFFLED(5), SUMMED } },
	{ 4, { SHUFFLED(2), SUMMED, DEFLATED, SUMMED } },
	{ 3, { SHUFFLED(3), SHUFFLED(7), SHUFFLED(100) } },
	{ 1, { SZIPPED(NN_LSB, 8, 8, 20) } },
	{ 2, { SZIPPED(NN_LSB, 16, 8, 64), SUMMED } },
	{ 2, { SHUFFLED(4), SZIPPED(NN_LSB, 4, 8, 9) } },
	{ 3, { SUMMED, SHUFFLED(2), SZIPPED(NN_LSB, 32, 8, 40) } },
	{ 1, { LZFED } },
	{ 3, { SHUFFLED(4), LZFED, SUMMED } },
	{ 3, { SUMMED, LZFED, SHUFFLED(3) } },
};

static const size_t sizes[] = { 1, 2, 3, 7, 8, 15, 64, 721, 1000, 4099 };

/* ---- writing a chunk, as plainly as can be ---- */

struct bytes {
	uint8_t *data; /* owned */
	size_t n;
};

static uint64_t draw(uint64_t *seed, uint64_t n)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (*seed >> 33) % n;
}

/* 'n' bytes with room for what filters add. */
static struct bytes bytes_new(size_t n)
{
	struct bytes b = { calloc(1, n ? n : 1), n };

	if (!b.data)
		abort();
	return b;
}

/* Slowly rising numbers with some noise: worth compressing. */
static struct bytes sample(size_t n)
{
	struct bytes b = bytes_new(n);
	uint64_t seed = n;

	for (size_t i = 0; i < n; i++)
		b.data[i] = (uint8_t)(i % 4 ? i / 64 : draw(&seed, 9) + i / 8);
	return b;
}

static uint32_t add_once(uint32_t sum, uint32_t word)
{
	sum += word;
	return sum > 0xffff ? sum - 0xffff : sum;
}

static struct bytes do_sum(const struct bytes *in)
{
	struct bytes out = bytes_new(in->n + 4);
	uint32_t s1 = 0, s2 = 0;

	memcpy(out.data, in->data, in->n);
	for (size_t i = 0; i < in->n; i += 2) {
		uint32_t low = i + 1 < in->n ? in->data[i + 1] : 0;

		s1 = add_once(s1, (uint32_t)in->data[i] << 8 | low);
		s2 = add_once(s2, s1);
	}
	out.data[in->n] = (uint8_t)s1;
	out.data[in->n + 1] = (uint8_t)(s1 >> 8);
	out.data[in->n + 2] = (uint8_t)s2;
	out.data[in->n + 3] = (uint8_t)(s2 >> 8);
	return out;
}

static struct bytes do_shuffle(const struct bytes *in, size_t size)
{
	struct bytes out = bytes_new(in->n);
	size_t nelems = in->n / size;

	memcpy(out.data, in->data, in->n);
	for (size_t i = 0; i < nelems * size; i++)
		out.data[i % size * nelems + i / size] = in->data[i];
	return out;
}

static struct bytes do_deflate(const struct bytes *in)
{
	struct libdeflate_compressor *c = libdeflate_alloc_compressor(6);
	struct bytes out = bytes_new(libdeflate_zlib_compress_bound(c, in->n));

	out.n = libdeflate_zlib_compress(c, in->data, in->n, out.data, out.n);
	libdeflate_free_compressor(c);
	if (!out.n)
		abort();
	return out;
}

/* The longest stretch before 'at' that reads the same as what follows it; of
 * such the farthest. */
static size_t find_match(const struct bytes *in, size_t at, size_t *back)
{
	size_t best = 0;

	for (size_t from = at > 8192 ? at - 8192 : 0; from < at; from++) {
		size_t len = 0;

		while (len < 264 && at + len < in->n &&
		       in->data[from + len] == in->data[at + len])
			len++;
		if (len > best) {
			best = len;
			*back = at - from;
		}
	}
	return best;
}

static struct bytes do_lzf(const struct bytes *in)
{
	struct bytes out = bytes_new(2 * in->n);
	size_t literals = 0; /* where the length of the last run stands, + 1 */

	out.n = 0;
	for (size_t at = 0; at < in->n;) {
		size_t back = 0, len = find_match(in, at, &back);

		if (len >= 3) {
			size_t n = len - 2, d = back - 1;

			out.data[out.n++] =
				(uint8_t)((n < 7 ? n : 7) << 5 | d >> 8);
			if (n >= 7)
				out.data[out.n++] = (uint8_t)(n - 7);
			out.data[out.n++] = (uint8_t)d;
			at += len;
			literals = 0;
			continue;
		}
		if (!literals || out.data[literals - 1] == 31) {
			literals = out.n + 1;
			out.data[out.n++] = 0;
		} else {
			out.data[literals - 1]++;
		}
		out.data[out.n++] = in->data[at++];
	}
	return out;
}

static struct bytes do_szip(const struct bytes *in, const uint32_t *params)
{
	struct bytes out = bytes_new(in->n * 40 + 40000);
	size_t n = out.n - 4;
	SZ_com_t com = {
		.options_mask = (int)params[0],
		.pixels_per_block = (int)params[1],
		.bits_per_pixel = (int)params[2],
		.pixels_per_scanline = (int)params[3],
	};

	for (size_t i = 0; i < 4; i++)
		out.data[i] = (uint8_t)(in->n >> 8 * i);
	if (SZ_BufftoBuffCompress(out.data + 4, &n, in->data, in->n, &com) !=
	    SZ_OK)
		abort();
	out.n = n + 4;
	return out;
}

static struct bytes write_chunk(const struct oq_pipeline *p, uint32_t mask,
				const struct bytes *data)
{
	struct bytes now = bytes_new(data->n);

	memcpy(now.data, data->data, data->n);
	for (size_t i = 0; i < p->nfilters; i++) {
		struct bytes next = { NULL, 0 };

		if (mask >> i & 1)
			continue;
		switch (p->filters[i].id) {
		case DEFLATE:
			next = do_deflate(&now);
			break;
		case SHUFFLE:
			next = do_shuffle(&now, p->filters[i].params[0]);
			break;
		case FLETCHER32:
			next = do_sum(&now);
			break;
		case SZIP:
			next = do_szip(&now, p->filters[i].params);
			break;
		case LZF:
			next = do_lzf(&now);
			break;
		}
		free(now.data);
		now = next;
	}
	return now;
}

/* ---- undoing it, from exactly so many bytes to exactly so many ---- */

static int undo_into(const struct oq_pipeline *p, uint32_t mask,
		     const uint8_t *raw, size_t n, struct bytes *out)
{
	uint8_t *in = malloc(n);
	struct oq_err err = { "" };
	int r;

	if (!in && n)
		abort();
	if (n)
		memcpy(in, raw, n);
	r = oq_pipeline_undo(p, mask, in, n, out->data, out->n, &err);
	free(in);
	if (r != 0 && (r != -EIO || !err.text[0]))
		fail_msg("%d is no way to say that a chunk is damaged", r);
	return r;
}

/* Whatever the bytes are, memory that nobody wrote must not show: with
 * another kind of it the result is the same. */
static int undo_twice(const struct oq_pipeline *p, uint32_t mask,
		      const struct bytes *raw, struct bytes *out)
{
	struct bytes again = bytes_new(out->n);
	int r, r2;

	mallopt(M_PERTURB, 0x11);
	memset(out->data, 0x33, out->n);
	r = undo_into(p, mask, raw->data, raw->n, out);
	mallopt(M_PERTURB, 0x66);
	memset(again.data, 0x55, again.n);
	r2 = undo_into(p, mask, raw->data, raw->n, &again);
	mallopt(M_PERTURB, 0);
	assert_int_equal(r, r2);
	if (r == 0)
		assert_memory_equal(out->data, again.data, out->n);
	free(again.data);
	return r;
}

static void check_right(const struct oq_pipeline *p, uint32_t mask,
			const struct bytes *raw, const struct bytes *data)
{
	struct bytes out = bytes_new(data->n);

	assert_true(oq_pipeline_is_ours(p, data->n));
	assert_int_equal(undo_twice(p, mask, raw, &out), 0);
	assert_memory_equal(out.data, data->data, data->n);
	assert_int_equal(oq_pipeline_undo(p, mask, raw->data, raw->n, out.data,
					  out.n, NULL),
			 0);
	free(out.data);
}

/* The result is right or there is none. */
static void check_right_or_none(const struct oq_pipeline *p, uint32_t mask,
				const struct bytes *raw,
				const struct bytes *data)
{
	struct bytes out = bytes_new(data->n);

	if (undo_twice(p, mask, raw, &out) == 0)
		assert_memory_equal(out.data, data->data, data->n);
	free(out.data);
}

static void round_trips(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pipelines); i++)
		for (size_t k = 0; k < COUNT(sizes); k++) {
			struct bytes data = sample(sizes[k]);
			uint32_t nmasks = 1u << pipelines[i].nfilters;

			for (uint32_t m = 0; m < nmasks; m++) {
				struct bytes raw =
					write_chunk(&pipelines[i], m, &data);

				check_right(&pipelines[i], m, &raw, &data);
				free(raw.data);
			}
			free(data.data);
		}
}

/* ---- szip in all its variety ---- */

/* What the bits do not hold is zero. */
static void clear_unused(struct bytes *b, uint32_t bits, bool msb_first)
{
	size_t size = bits > 16 ? 4 : bits > 8 ? 2 : 1;

	for (size_t i = 0; i < b->n; i++) {
		size_t byte = msb_first ? size - 1 - i % size : i % size;
		size_t from = byte * 8;

		if (from >= bits)
			b->data[i] = 0;
		else if (bits - from < 8)
			b->data[i] &= (uint8_t)((1u << (bits - from)) - 1);
	}
}

static void check_szip(uint32_t mask, uint32_t block, uint32_t bits,
		       uint32_t line)
{
	const struct oq_pipeline p = { 1,
				       { SZIPPED(mask, block, bits, line) } };
	size_t size = bits == 64 ? 8 : bits > 16 ? 4 : bits > 8 ? 2 : 1;
	static const size_t pixels[] = { 1, 7, 32, 101, 512 };

	for (size_t i = 0; i < COUNT(pixels); i++) {
		struct bytes data = sample(pixels[i] * size);
		struct bytes raw;

		if (bits < 32)
			clear_unused(&data, bits, mask & SZ_MSB_OPTION_MASK);
		raw = write_chunk(&p, 0, &data);
		check_right(&p, 0, &raw, &data);
		free(raw.data);
		free(data.data);
	}
}

static void szip(void **state)
{
	static const uint32_t bits[] = { 4, 8, 9, 16, 17, 20, 24, 32, 64 };
	static const uint32_t blocks[] = { 2, 8, 10, 32 };
	static const uint32_t lines[] = { 1, 8, 9, 30, 32, 100, 4096 };

	(void)state;
	for (size_t i = 0; i < COUNT(bits); i++)
		for (size_t k = 0; k < COUNT(blocks); k++)
			for (size_t l = 0; l < COUNT(lines); l++) {
				check_szip(NN_LSB, blocks[k], bits[i],
					   lines[l]);
				check_szip(NN_MSB, blocks[k], bits[i],
					   lines[l]);
				check_szip(SZ_RAW_OPTION_MASK |
						   SZ_EC_OPTION_MASK,
					   blocks[k], bits[i], lines[l]);
			}
}

/* ---- chunks that HDF5 wrote ---- */

static void check_literal(const struct oq_pipeline *p, const uint8_t *raw,
			  size_t nraw, const void *data, size_t ndata)
{
	struct bytes out = bytes_new(ndata);

	assert_true(oq_pipeline_is_ours(p, ndata));
	assert_int_equal(undo_into(p, 0, raw, nraw, &out), 0);
	assert_memory_equal(out.data, data, ndata);
	free(out.data);
}

static const struct oq_pipeline summed = { 1, { SUMMED } };

static void hdf5_sums(void **state)
{
	static const uint8_t odd[] = { 1, 2,	3,    250,  251, 252,
				       7, 0xf9, 0x07, 0xf0, 0x0e };
	static const uint8_t one[] = { 0xff, 0x00, 0xff, 0x00, 0xff };
	static const uint8_t even[] = { 0xe8, 0xfd, 0xe9, 0xfe, 0xea, 0xff,
					0xeb, 0x00, 0xfd, 0xa8, 0xf5, 0x22 };
	uint8_t swapped[sizeof(even)];

	(void)state;
	check_literal(&summed, odd, sizeof(odd), odd, 7);
	check_literal(&summed, one, sizeof(one), one, 1);
	check_literal(&summed, (const uint8_t[4]){ 0 }, 4, one, 0);
	check_literal(&summed, even, sizeof(even), even, 8);

	/* As old versions wrote it on big-endian machines. */
	memcpy(swapped, even, 8);
	memcpy(swapped + 8, "\xa8\xfd\x22\xf5", 4);
	check_literal(&summed, swapped, sizeof(swapped), even, 8);
}

static void hdf5_long_sums(void **state)
{
	uint8_t raw[3005];

	(void)state;
	for (size_t i = 0; i < 3001; i++)
		raw[i] = (uint8_t)(i * 7919 % 251);
	memcpy(raw + 3001, "\x0e\xca\x8c\x24", 4);
	check_literal(&summed, raw, 3005, raw, 3001);

	memset(raw, 0xff, 3001);
	memcpy(raw + 3001, "\x00\xff\x00\xff", 4);
	check_literal(&summed, raw, 3005, raw, 3001);
}

static void hdf5_pipeline(void **state)
{
	static const uint8_t raw[] = {
		0x78, 0x5e, 0x63, 0x78, 0x71, 0x61, 0xc7, 0x82, 0x8e, 0x82,
		0x08, 0x07, 0x0d, 0x81, 0x1f, 0x0c, 0xcc, 0xec, 0xdc, 0xfc,
		0xc2, 0xe2, 0xd2, 0xf2, 0xca, 0xea, 0x5a, 0x0c, 0x38, 0x00,
		0x00, 0x15, 0x84, 0x06, 0xcd, 0xa4, 0xc5, 0x5e, 0xde,
	};
	static const struct oq_pipeline p = {
		3, { SHUFFLED(4), DEFLATED, SUMMED }
	};
	uint8_t data[12 * 4];

	(void)state;
	for (unsigned i = 0; i < 12; i++)
		for (unsigned k = 0; k < 4; k++)
			data[i * 4 + k] = (uint8_t)(i * 1000 >> 8 * k);
	check_literal(&p, raw, sizeof(raw), data, sizeof(data));
}

static void hdf5_szip(void **state)
{
	static const uint8_t raw8[] = {
		0x14, 0x00, 0x00, 0x00, 0x60, 0x15, 0x55, 0xea, 0xa8, 0x81,
		0x03, 0xfb, 0x1e, 0x55, 0x56, 0xaa, 0xa2, 0x04, 0x0f, 0xe0,
	};
	static const uint8_t raw16[] = {
		0x28, 0x00, 0x00, 0x00, 0x30, 0x00, 0x0a, 0xaa,
		0xf5, 0x54, 0x20, 0x40, 0xfe, 0x60, 0x03, 0xca,
		0xaa, 0xd5, 0x54, 0x20, 0x40, 0xfe,
	};
	static const uint8_t raw64[] = {
		0xa0, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x10, 0x00, 0x40,
		0x01, 0x00, 0x04, 0x00, 0x10, 0x00, 0x40, 0x01, 0x00, 0x04,
		0x00, 0x10, 0x00, 0x78, 0x04, 0x07, 0xfc, 0x07, 0xfc, 0x07,
		0xfc, 0x06, 0x01, 0x0f, 0xff, 0x00, 0x00, 0x00, 0x00, 0x14,
		0x02, 0xbf, 0x10, 0x99, 0x90, 0xc4, 0x08, 0x1f, 0xd1, 0xf1,
		0x29, 0x4a, 0x00, 0x84, 0xff, 0x00, 0x00, 0x3f, 0x80, 0x00,
		0x00, 0x20, 0x80, 0x80,
	};
	struct oq_pipeline p = { 1, { SZIPPED(169, 8, 8, 10) } };
	uint8_t data8[20], data16[40];
	double data64[20];

	(void)state;
	for (unsigned i = 0; i < 20; i++) {
		data8[i] = (uint8_t)(i * 3);
		data16[i * 2] = (uint8_t)(i * 3);
		data16[i * 2 + 1] = 0;
		data64[i] = i * 3;
	}
	check_literal(&p, raw8, sizeof(raw8), data8, sizeof(data8));
	p.filters[0].params[2] = 16;
	check_literal(&p, raw16, sizeof(raw16), data16, sizeof(data16));
	p.filters[0].params[2] = 64;
	check_literal(&p, raw64, sizeof(raw64), data64, sizeof(data64));
}

static void h5py_lzf(void **state)
{
	static const uint8_t raw[] = {
		0x01, 0x00, 0x00, 0x60, 0x00, 0x00, 0x01, 0x80, 0x00,
		0x00, 0x02, 0x80, 0x00, 0x00, 0x03, 0x80, 0x00, 0x00,
		0x04, 0x80, 0x00, 0x60, 0x20, 0xe0, 0x0b, 0x22, 0x20,
		0x14, 0xe0, 0x2e, 0x00, 0x01, 0x00, 0x00,
	};
	static const struct oq_pipeline p = {
		2, { SHUFFLED(2), { LZF, 3, { 4, 261, 120 } } }
	};
	uint8_t data[60 * 2] = { 0 };

	(void)state;
	for (unsigned i = 0; i < 60; i++)
		data[i * 2] = (uint8_t)(i / 7 % 5);
	check_literal(&p, raw, sizeof(raw), data, sizeof(data));
}

/* ---- damage ---- */

static bool has(const struct oq_pipeline *p, int id)
{
	for (size_t i = 0; i < p->nfilters; i++)
		if (p->filters[i].id == id)
			return true;
	return false;
}

static void truncations(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pipelines); i++) {
		struct bytes data = sample(721);
		struct bytes raw = write_chunk(&pipelines[i], 0, &data);

		for (; raw.n > 0; raw.n--)
			check_right_or_none(&pipelines[i], 0, &raw, &data);
		check_right_or_none(&pipelines[i], 0, &raw, &data);
		free(raw.data);
		free(data.data);
	}
}

static void szip_truncations(void **state)
{
	static const uint32_t bits[] = { 8, 16, 24, 32, 64 };

	(void)state;
	for (size_t i = 0; i < COUNT(bits); i++)
		for (uint32_t line = 8; line < 40; line += 5) {
			const struct oq_pipeline p = {
				1, { SZIPPED(NN_LSB, 8, bits[i], line) }
			};
			/* Long enough that malloc() does perturb it. */
			struct bytes data = sample(2400);
			struct bytes raw;

			if (bits[i] == 24)
				clear_unused(&data, 24, false);
			raw = write_chunk(&p, 0, &data);
			for (; raw.n > 8; raw.n -= 3)
				check_right_or_none(&p, 0, &raw, &data);
			free(raw.data);
			free(data.data);
		}
}

static void flips(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pipelines); i++) {
		const struct oq_pipeline *p = &pipelines[i];
		struct bytes data = sample(150);
		struct bytes raw = write_chunk(p, 0, &data);
		struct bytes out = bytes_new(data.n);

		for (size_t bit = 0; bit < raw.n * 8; bit++) {
			raw.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
			if (has(p, DEFLATE) || has(p, FLETCHER32))
				check_right_or_none(p, 0, &raw, &data);
			else /* nothing could tell */
				(void)undo_twice(p, 0, &raw, &out);
			raw.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		}
		free(out.data);
		free(raw.data);
		free(data.data);
	}
}

static void garbage(void **state)
{
	struct bytes raw = bytes_new(200), out = bytes_new(300);
	uint64_t seed = 5;

	(void)state;
	for (int n = 0; n < 2000; n++)
		for (size_t i = 0; i < COUNT(pipelines); i++) {
			raw.n = draw(&seed, 200);
			out.n = draw(&seed, 300);
			for (size_t k = 0; k < raw.n; k++)
				raw.data[k] = (uint8_t)draw(&seed, 256);
			/* As far as the size goes, szip may believe it. */
			for (size_t k = 0; k < 4 && k < raw.n; k++)
				raw.data[k] = (uint8_t)(out.n >> 8 * k);
			(void)undo_twice(&pipelines[i],
					 (uint32_t)draw(&seed, 3), &raw, &out);
		}
	free(raw.data);
	free(out.data);
}

static void wrong_sizes(void **state)
{
	static const size_t wrong[] = { 0, 1, 719, 720, 722, 725, 1442, 9999 };
	struct bytes data = sample(721);

	(void)state;
	for (size_t i = 0; i < COUNT(pipelines); i++)
		for (size_t k = 0; k < COUNT(wrong); k++) {
			struct bytes raw = write_chunk(&pipelines[i], 0, &data);
			struct bytes out = bytes_new(wrong[k]);

			assert_int_equal(
				undo_twice(&pipelines[i], 0, &raw, &out), -EIO);
			free(raw.data);
			free(out.data);
		}
	free(data.data);
}

static void wrong_masks(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pipelines); i++) {
		const struct oq_pipeline *p = &pipelines[i];
		struct bytes data = sample(64), out = bytes_new(64);
		uint32_t nmasks = 1u << p->nfilters;

		for (uint32_t m = 0; m < nmasks * nmasks; m++) {
			struct bytes raw = write_chunk(p, m % nmasks, &data);

			(void)undo_twice(p, m / nmasks, &raw, &out);
			free(raw.data);
		}
		free(out.data);
		free(data.data);
	}
}

static void all_left_out(void **state)
{
	struct bytes data = sample(100), longer = sample(101);

	(void)state;
	for (size_t i = 0; i < COUNT(pipelines); i++) {
		check_right(&pipelines[i], UINT32_MAX, &data, &data);
		assert_int_equal(undo_twice(&pipelines[i], UINT32_MAX, &longer,
					    &data),
				 -EIO);
	}
	free(data.data);
	free(longer.data);
}

/* ---- what is ours ---- */

static void not_ours(void **state)
{
	static const struct oq_pipeline foreign[] = {
		{ 1, { { 5, 8, { 1, 1, 1, 1, 1, 1, 1, 1 } } } },
		{ 2, { SHUFFLED(4), { 32013, 0, { 0 } } } },
		{ 2, { DEFLATED, DEFLATED } },
		{ 2, { DEFLATED, LZFED } },
		{ 2, { DEFLATED, SZIPPED(NN_LSB, 8, 8, 8) } },
		{ 1, { { SHUFFLE, 0, { 4 } } } },
		{ 1, { SHUFFLED(0) } },
		{ OQ_FILTER_MAX + 1, { SUMMED } },
	};
	struct oq_pipeline most = { .nfilters = OQ_FILTER_MAX };

	(void)state;
	for (size_t i = 0; i < COUNT(foreign); i++)
		assert_false(oq_pipeline_is_ours(&foreign[i], 100));
	assert_false(oq_pipeline_is_ours(&pipelines[1], SIZE_MAX));
	assert_true(oq_pipeline_is_ours(&pipelines[0], 100));
	for (size_t i = 0; i < OQ_FILTER_MAX; i++)
		most.filters[i] = (struct oq_filter)SUMMED;
	assert_true(oq_pipeline_is_ours(&most, 100));
}

static void most_filters(void **state)
{
	struct oq_pipeline p = { .nfilters = OQ_FILTER_MAX };
	struct bytes data = sample(100);

	(void)state;
	for (size_t i = 0; i < OQ_FILTER_MAX; i++)
		p.filters[i] = i % 2 ? (struct oq_filter)SUMMED
				     : (struct oq_filter)SHUFFLED(3);
	for (uint32_t m = 0; m < 64; m++) {
		uint32_t mask = m * 0x9e3779b9;
		struct bytes raw = write_chunk(&p, mask, &data);

		check_right(&p, mask, &raw, &data);
		free(raw.data);
	}
	free(data.data);
}

/* Parameters by which others would divide stay with us and are an error. */
static void nonsense(void **state)
{
	static const uint32_t block[] = { 0, 1, 7, 34, 256, UINT32_MAX };
	static const uint32_t bits[] = { 0, 33, 63, 65, UINT32_MAX };
	static const uint32_t line[] = { 0, 4097, 1u << 31, UINT32_MAX };
	struct bytes data = sample(64), out = bytes_new(64);
	struct oq_pipeline p = { 1, { SZIPPED(NN_LSB, 8, 8, 8) } };
	struct bytes raw = write_chunk(&p, 0, &data);

	(void)state;
	for (size_t i = 0; i < COUNT(block) + COUNT(bits) + COUNT(line); i++) {
		struct oq_pipeline bad[3] = { p, p, p };
		size_t k = i;

		if (k < COUNT(block))
			bad[0].filters[0].params[1] = block[k];
		else if ((k -= COUNT(block)) < COUNT(bits))
			bad[0].filters[0].params[2] = bits[k];
		else
			bad[0].filters[0].params[3] = line[k - COUNT(bits)];
		bad[1] = bad[2] = bad[0];
		bad[1].filters[bad[1].nfilters++] =
			(struct oq_filter)SHUFFLED(0);
		bad[2].filters[bad[2].nfilters++] =
			(struct oq_filter){ 32013, 0, { 0 } };
		for (k = 0; k < 3; k++) {
			assert_true(oq_pipeline_is_ours(&bad[k], 64));
			assert_int_equal(undo_twice(&bad[k], 0, &raw, &out),
					 -EIO);
			check_right(&bad[k], 3, &data, &data);
		}
	}
	p.filters[0].nparams = 3;
	assert_true(oq_pipeline_is_ours(&p, 64));
	assert_int_equal(undo_twice(&p, 0, &raw, &out), -EIO);
	free(raw.data);
	free(data.data);
	free(out.data);
}

static void szip_lies(void **state)
{
	const struct oq_pipeline p = { 1, { SZIPPED(NN_LSB, 8, 16, 20) } };
	struct bytes data = sample(64), out = bytes_new(64);
	struct bytes raw = write_chunk(&p, 0, &data);

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		raw.data[i] ^= 0x40;
		assert_int_equal(undo_twice(&p, 0, &raw, &out), -EIO);
		raw.data[i] ^= 0x40;
	}
	/* Half a pixel. */
	raw.data[0] = 63;
	out.n = 63;
	assert_int_equal(undo_twice(&p, 0, &raw, &out), -EIO);
	free(raw.data);
	free(data.data);
	free(out.data);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST("a pipeline is undone, whichever filters were left out",
		     round_trips),
		TEST("szip is undone for all widths, blocks and lines", szip),
		TEST("checksums are the ones HDF5 writes", hdf5_sums),
		TEST("checksums of long chunks are the ones HDF5 writes",
		     hdf5_long_sums),
		TEST("shuffle, deflate and checksum are as HDF5 writes them",
		     hdf5_pipeline),
		TEST("szip is as HDF5 writes it", hdf5_szip),
		TEST("lzf is as h5py writes it", h5py_lzf),
		TEST("a chunk that is cut off is not shown", truncations),
		TEST("a szip chunk that is cut off shows no old memory",
		     szip_truncations),
		TEST("a bit that flipped is noticed where it can be", flips),
		TEST("any bytes are either a chunk or an error", garbage),
		TEST("a chunk of the wrong size is an error", wrong_sizes),
		TEST("a wrong filter mask does no harm", wrong_masks),
		TEST("a chunk without its filters is as it is", all_left_out),
		TEST("what others must undo is not ours", not_ours),
		TEST("as many filters as there may be are undone",
		     most_filters),
		TEST("szip parameters that make no sense are an error",
		     nonsense),
		TEST("a szip chunk that lies about its size is an error",
		     szip_lies),
	};

	return cmocka_run_group_tests_name("filter", tests, NULL, NULL);
}
