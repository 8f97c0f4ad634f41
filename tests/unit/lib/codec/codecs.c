/* SPDX-License-Identifier: MIT */
/* codecs.c - chunks of registered filters are undone, and damage is noticed */

#include <blosc.h>
#include <bzlib.h>
#include <errno.h>
#include <lz4.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "lib/codec/filter.h"
#include "tests/unit/test.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum { BZIP2 = 307, BLOSC = 32001, LZ4 = 32004, BITS = 32008, ZSTD = 32015 };

/* The parameters are also the test encoders': of LZ4 the bytes a block, of
 * Blosc element size, shuffle and compressor where HDF5's filter has them. */
#define LZ4ED(block)                          \
	{                                     \
		1,                            \
		{                             \
			{                     \
				LZ4, 1,       \
				{             \
					block \
				}             \
			}                     \
		}                             \
	}
#define BLOSCED(size, shuffle, codec)                                    \
	{                                                                \
		1,                                                       \
		{                                                        \
			{                                                \
				BLOSC, 7,                                \
				{                                        \
					2, 2, size, 0, 5, shuffle, codec \
				}                                        \
			}                                                \
		}                                                        \
	}
#define BITSED(size, block, codec)                               \
	{                                                        \
		1,                                               \
		{                                                \
			{                                        \
				BITS, 5,                         \
				{                                \
					0, 4, size, block, codec \
				}                                \
			}                                        \
		}                                                \
	}

/* clang-format off */
static const struct oq_pipeline pipelines[] = {
	{ 1, { { BZIP2, 1, { 9 } } } },
	{ 1, { { ZSTD, 1, { 3 } } } },
	LZ4ED(1 << 30), LZ4ED(100), LZ4ED(8),
	BLOSCED(1, 0, BLOSC_BLOSCLZ), BLOSCED(4, 1, BLOSC_BLOSCLZ),
	BLOSCED(8, 2, BLOSC_LZ4), BLOSCED(4, 1, BLOSC_LZ4HC),
	BLOSCED(4, 1, BLOSC_ZLIB), BLOSCED(4, 2, BLOSC_ZSTD),
	BITSED(1, 0, 0), BITSED(4, 0, 0), BITSED(3, 16, 0), BITSED(8, 64, 0),
	BITSED(1, 8, 2), BITSED(4, 0, 2), BITSED(10, 64, 2),
	BITSED(4, 0, 3), BITSED(3, 16, 3),
};
/* clang-format on */

/* Each a multiple of 1, 3, 4, 8 and 10. */
static const size_t sizes[] = { 120, 600, 4800, 20040, 100080 };

struct bytes {
	uint8_t *data; /* owned */
	size_t n;
};

static struct bytes bytes_new(size_t n)
{
	struct bytes b = { calloc(1, n ? n : 1), n };

	if (!b.data)
		abort();
	return b;
}

static uint64_t draw(uint64_t *seed, uint64_t n)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (*seed >> 33) % n;
}

/* With 'noise' 256 not worth compressing, with little very much so. */
static struct bytes sample(size_t n, unsigned noise)
{
	struct bytes b = bytes_new(n);
	uint64_t seed = n;

	for (size_t i = 0; i < n; i++)
		b.data[i] = (uint8_t)((i % 4 ? i / 64 : i / 8) +
				      draw(&seed, noise));
	return b;
}

/* ---- writing a chunk ---- */

static void put_be(struct bytes *b, uint64_t v, unsigned nbytes)
{
	while (nbytes--)
		b->data[b->n++] = (uint8_t)(v >> 8 * nbytes);
}

static void do_bzip2(const struct bytes *in, struct bytes *out)
{
	unsigned n = (unsigned)out->n;

	assert_int_equal(BZ2_bzBuffToBuffCompress((char *)out->data, &n,
						  (char *)in->data,
						  (unsigned)in->n, 9, 0, 0),
			 BZ_OK);
	out->n = n;
}

static void do_lz4(const struct bytes *in, size_t block, struct bytes *out)
{
	size_t room = out->n;

	block = block < in->n ? block : in->n;
	out->n = 0;
	put_be(out, in->n, 8);
	put_be(out, block, 4);
	for (size_t at = 0; at < in->n; at += block) {
		int n;

		if (block > in->n - at)
			block = in->n - at;
		n = LZ4_compress_default((char *)in->data + at,
					 (char *)out->data + out->n + 4,
					 (int)block, (int)(room - out->n - 4));
		assert_true(n > 0);
		if ((size_t)n >= block) {
			n = (int)block;
			memcpy(out->data + out->n + 4, in->data + at, block);
		}
		put_be(out, (uint64_t)n, 4);
		out->n += (size_t)n;
	}
}

static void do_blosc(const struct bytes *in, const uint32_t *params,
		     struct bytes *out)
{
	static const char *const names[] = { "blosclz", "lz4",	"lz4hc",
					     "snappy",	"zlib", "zstd" };
	int n = blosc_compress_ctx(5, (int)params[5], params[2], in->n,
				   in->data, out->data, out->n,
				   names[params[6]], 0, 1);

	assert_true(n > 0);
	out->n = (size_t)n;
}

/* Bit by bit, as the description has it. */
static void shuffle_bits(const uint8_t *in, uint8_t *out, size_t nelems,
			 size_t size)
{
	memset(out, 0, nelems * size);
	for (size_t bit = 0; bit < size * 8; bit++)
		for (size_t i = 0; i < nelems; i++) {
			size_t to = bit * nelems + i;

			if (in[i * size + bit / 8] >> bit % 8 & 1)
				out[to / 8] |= (uint8_t)(1 << to % 8);
		}
}

static void put_block(const uint8_t *in, size_t n, uint32_t codec,
		      struct bytes *out, size_t room)
{
	size_t stored = n;

	if (codec == 2)
		stored = (size_t)LZ4_compress_default(
			(const char *)in, (char *)out->data + out->n + 4,
			(int)n, (int)(room - out->n - 4));
	else if (codec == 3)
		stored = ZSTD_compress(out->data + out->n + 4,
				       room - out->n - 4, in, n, 3);
	else
		memcpy(out->data + out->n, in, n);
	assert_true(stored && !ZSTD_isError(stored));
	if (codec)
		put_be(out, stored, 4);
	out->n += stored;
}

static void do_bits(const struct bytes *in, const uint32_t *params,
		    struct bytes *out)
{
	size_t size = params[2], left = in->n / size, room = out->n;
	size_t block = params[3] ? params[3] : 8192 / size / 8 * 8;
	struct bytes turned = bytes_new(in->n);
	const uint8_t *from = in->data;

	out->n = 0;
	if (params[4]) {
		put_be(out, in->n, 8);
		put_be(out, block * size, 4);
	}
	while (left >= 8) {
		block = block < left ? block : left - left % 8;
		shuffle_bits(from, turned.data, block, size);
		put_block(turned.data, block * size, params[4], out, room);
		from += block * size;
		left -= block;
	}
	memcpy(out->data + out->n, from, left * size);
	out->n += left * size;
	free(turned.data);
}

static struct bytes write_chunk(const struct oq_pipeline *p,
				const struct bytes *in)
{
	const struct oq_filter *f = &p->filters[0];
	struct bytes out = bytes_new(in->n * 4 + 4000);

	if (f->id == BZIP2)
		do_bzip2(in, &out);
	else if (f->id == ZSTD)
		out.n = ZSTD_compress(out.data, out.n, in->data, in->n, 3);
	else if (f->id == LZ4)
		do_lz4(in, f->params[0], &out);
	else if (f->id == BLOSC)
		do_blosc(in, f->params, &out);
	else
		do_bits(in, f->params, &out);
	return out;
}

/* ---- undoing it, from exactly so many bytes to exactly so many ---- */

static int undo(const struct oq_pipeline *p, const uint8_t *raw, size_t n,
		struct bytes *out)
{
	uint8_t *in = malloc(n ? n : 1);
	struct oq_err err = { "" };
	int r;

	if (!in)
		abort();
	memcpy(in, raw, n);
	r = oq_pipeline_undo(p, 0, in, n, out->data, out->n, &err);
	free(in);
	if (r != 0 && (r != -EIO || !err.text[0]))
		fail_msg("%d is no way to say that a chunk is damaged", r);
	return r;
}

/* Memory that nobody wrote must not show. */
static void undo_twice(const struct oq_pipeline *p, const uint8_t *raw,
		       size_t n, struct bytes *out)
{
	struct bytes again = bytes_new(out->n);
	int r, r2;

	mallopt(M_PERTURB, 0x11);
	memset(out->data, 0x33, out->n);
	r = undo(p, raw, n, out);
	mallopt(M_PERTURB, 0x66);
	memset(again.data, 0x55, again.n);
	r2 = undo(p, raw, n, &again);
	mallopt(M_PERTURB, 0);
	if (r != r2 || (r == 0 && memcmp(out->data, again.data, out->n)))
		fail_msg("filter %d shows old memory", p->filters[0].id);
	free(again.data);
}

static void round_trips(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pipelines); i++)
		for (size_t k = 0; k < COUNT(sizes) * 2; k++) {
			struct bytes data =
				sample(sizes[k / 2], k % 2 ? 256 : 3);
			struct bytes raw = write_chunk(&pipelines[i], &data);
			struct bytes out = bytes_new(data.n);

			assert_true(oq_pipeline_is_ours(&pipelines[i], data.n));
			assert_int_equal(
				undo(&pipelines[i], raw.data, raw.n, &out), 0);
			assert_memory_equal(out.data, data.data, data.n);
			free(out.data);
			free(raw.data);
			free(data.data);
		}
}

static void truncations(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pipelines); i++) {
		struct bytes data = sample(600, i % 2 ? 256 : 3);
		struct bytes raw = write_chunk(&pipelines[i], &data);
		struct bytes out = bytes_new(data.n);

		for (size_t n = 0; n < raw.n; n++)
			assert_int_equal(undo(&pipelines[i], raw.data, n, &out),
					 -EIO);
		free(out.data);
		free(raw.data);
		free(data.data);
	}
}

static void wrong_sizes(void **state)
{
	static const size_t wrong[] = { 0, 1, 119, 599, 601, 720, 1200 };

	(void)state;
	for (size_t i = 0; i < COUNT(pipelines); i++) {
		struct bytes data = sample(600, 3);
		struct bytes raw = write_chunk(&pipelines[i], &data);

		for (size_t k = 0; k < COUNT(wrong); k++) {
			struct bytes out = bytes_new(wrong[k]);

			assert_int_equal(undo(&pipelines[i], raw.data, raw.n,
					      &out),
					 -EIO);
			free(out.data);
		}
		free(raw.data);
		free(data.data);
	}
}

static void flip_all(const struct oq_pipeline *p, size_t n, unsigned noise)
{
	struct bytes data = sample(n, noise), out = bytes_new(n);
	struct bytes raw = write_chunk(p, &data);

	for (size_t bit = 0; bit < raw.n * 8; bit++) {
		raw.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
		undo_twice(p, raw.data, raw.n, &out);
		raw.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	free(raw.data);
	free(out.data);
	free(data.data);
}

static void flips(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(pipelines); i++) {
		flip_all(&pipelines[i], 120, 256);
		flip_all(&pipelines[i], 600, 3);
	}
}

/* Many wrong bytes; of the head too, half of the time. */
static void garbage(void **state)
{
	uint64_t seed = 7;

	(void)state;
	for (size_t i = 0; i < COUNT(pipelines); i++) {
		struct bytes data = sample(4800, 3), out = bytes_new(4800);
		struct bytes good = write_chunk(&pipelines[i], &data);
		struct bytes bad = bytes_new(good.n);

		for (int k = 0; k < 300; k++) {
			size_t from = draw(&seed, 2) ? 16 : 0;

			memcpy(bad.data, good.data, good.n);
			for (size_t m = draw(&seed, 40); m-- > 0;)
				bad.data[from + draw(&seed, good.n - from)] =
					(uint8_t)draw(&seed, 256);
			undo_twice(&pipelines[i], bad.data, bad.n, &out);
		}
		free(bad.data);
		free(good.data);
		free(out.data);
		free(data.data);
	}
}

static void not_ours(void **state)
{
	static const struct oq_pipeline foreign[] = {
		BITSED(0, 0, 0),
		BITSED(4, 7, 0),
		BITSED(4, 8, 1),
		BITSED(4, 8, 4),
		{ 1, { { BITS, 4, { 0, 4, 4, 8 } } } },
		{ 2, { { ZSTD, 0, { 0 } }, { LZ4, 0, { 0 } } } },
		{ 2, { { BITS, 5, { 0, 4, 4, 8, 2 } }, { ZSTD, 0, { 0 } } } },
	};
	static const struct oq_pipeline ours = {
		2, { { BITS, 5, { 0, 4, 4, 8, 0 } }, { ZSTD, 0, { 0 } } }
	};

	(void)state;
	for (size_t i = 0; i < COUNT(foreign); i++)
		assert_false(oq_pipeline_is_ours(&foreign[i], 100));
	assert_true(oq_pipeline_is_ours(&ours, 100));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST("what a codec's own library made is undone", round_trips),
		TEST("a chunk that is cut off is not shown", truncations),
		TEST("a chunk of the wrong size is an error", wrong_sizes),
		TEST("a bit that flipped shows no old memory", flips),
		TEST("wrong bytes are a chunk or an error", garbage),
		TEST("what we cannot undo is not ours", not_ours),
	};

	return cmocka_run_group_tests_name("codecs", tests, NULL, NULL);
}
