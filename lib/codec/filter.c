/* SPDX-License-Identifier: MIT */
/* filter.c - undo a chunk's filter pipeline */

#include "lib/codec/filter.h"

#include <errno.h>
#include <libdeflate.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/codec/bitshuffle.h"
#include "lib/codec/codecs.h"
#include "lib/codec/lzf.h"
#include "lib/codec/shuffle.h"
#include "lib/codec/szip.h"

#define CHECKSUM_BYTES 4

/* ---- filters that make other bytes ---- */

static int undo_deflate(const uint32_t *params, const uint8_t *in, size_t n,
			uint8_t *out, size_t out_bytes)
{
	struct libdeflate_decompressor *d = libdeflate_alloc_decompressor();
	enum libdeflate_result r;

	(void)params;
	if (!d)
		return -ENOMEM;
	r = libdeflate_zlib_decompress_ex(d, in, n, out, out_bytes, NULL, NULL);
	libdeflate_free_decompressor(d);
	return r == LIBDEFLATE_SUCCESS ? 0 : -EIO;
}

static int undo_lzf(const uint32_t *params, const uint8_t *in, size_t n,
		    uint8_t *out, size_t out_bytes)
{
	size_t len;

	(void)params;
	if (oq_lzf_undo(in, n, out, out_bytes, &len) == OQ_LZF_DONE &&
	    len == out_bytes)
		return 0;
	return -EIO;
}

static int lzf_length(const uint32_t *params, const uint8_t *in, size_t n,
		      uint64_t *out_bytes)
{
	(void)params;
	*out_bytes = oq_lzf_length(in, n);
	return 0;
}

static int undo_shuffle(const uint32_t *params, const uint8_t *in, size_t n,
			uint8_t *out, size_t out_bytes)
{
	(void)n;
	oq_unshuffle(in, out, out_bytes, params[0]);
	return 0;
}

static bool shuffle_is_sane(const uint32_t *params)
{
	return params[0] > 0;
}

/* 'undo' makes exactly 'out_bytes' bytes of 'n', or returns -EIO (damaged) or
 * -ENOMEM. */
static const struct codec {
	int id;
	const char *name;
	int (*undo)(const uint32_t *params, const uint8_t *in, size_t n,
		    uint8_t *out, size_t out_bytes);
	size_t nparams;				 /* at least; and these, */
	bool (*is_sane)(const uint32_t *params); /* NULL: whatever they are */
	/* How many bytes are to be made, as those at 'in' say: 0 or -EIO;
	 * NULL: libhdf5 has the filter, and is not to be told. */
	int (*length)(const uint32_t *params, const uint8_t *in, size_t n,
		      uint64_t *out_bytes);
} codecs[] = {
	{ OQ_FILTER_DEFLATE, "deflate", undo_deflate, 0, NULL, NULL },
	{ OQ_FILTER_SHUFFLE, "shuffle", undo_shuffle, 1, shuffle_is_sane,
	  NULL },
	{ OQ_FILTER_SZIP, "szip", oq_szip_undo, 4, oq_szip_is_sane, NULL },
	{ OQ_FILTER_BZIP2, "bzip2", oq_bzip2_undo, 0, NULL, oq_bzip2_length },
	{ OQ_FILTER_LZF, "lzf", undo_lzf, 0, NULL, lzf_length },
	{ OQ_FILTER_BLOSC, "blosc", oq_blosc_undo, 0, NULL, oq_blosc_length },
	{ OQ_FILTER_LZ4, "lz4", oq_lz4_undo, 0, NULL, oq_lz4_length },
	{ OQ_FILTER_BITSHUFFLE, "bitshuffle", oq_bitshuffle_undo, 5,
	  oq_bitshuffle_is_sane, oq_bitshuffle_length },
	{ OQ_FILTER_ZSTD, "zstd", oq_zstd_undo, 0, NULL, oq_zstd_length },
};

static const struct codec *codec_of(const struct oq_filter *f)
{
	for (size_t i = 0; i < sizeof(codecs) / sizeof(codecs[0]); i++)
		if (codecs[i].id == f->id)
			return &codecs[i];
	return NULL;
}

/* Whether it makes as many bytes as it is given. */
static bool keeps_size(const struct oq_filter *f)
{
	return f->id == OQ_FILTER_SHUFFLE ||
	       (f->id == OQ_FILTER_BITSHUFFLE &&
		!oq_bitshuffle_compresses(f->params));
}

static bool filter_is_ours(const struct oq_filter *f)
{
	const struct codec *c = codec_of(f);

	if (!c)
		return f->id == OQ_FILTER_FLETCHER32;
	return f->nparams >= c->nparams &&
	       (!c->is_sane || c->is_sane(f->params));
}

bool oq_pipeline_is_ours(const struct oq_pipeline *p, size_t chunk_bytes)
{
	size_t ncompressors = 0;

	if (chunk_bytes > SIZE_MAX / 2 || p->nfilters > OQ_FILTER_MAX)
		return false;
	/* libhdf5 would divide by such parameters, so it must not see them;
	 * undoing such a filter is an error. */
	for (size_t i = 0; i < p->nfilters; i++)
		if (p->filters[i].id == OQ_FILTER_SZIP &&
		    !filter_is_ours(&p->filters[i]))
			return true;
	for (size_t i = 0; i < p->nfilters; i++) {
		const struct oq_filter *f = &p->filters[i];

		if (!filter_is_ours(f))
			return false;
		ncompressors += f->id != OQ_FILTER_FLETCHER32 && !keeps_size(f);
	}
	/* Between two compressors the size of the data would not be known. */
	return ncompressors <= 1;
}

int oq_filter_length(const struct oq_filter *f, const uint8_t *in, size_t n,
		     uint64_t *out_bytes)
{
	const struct codec *c = codec_of(f);

	return c && c->length && filter_is_ours(f)
		       ? c->length(f->params, in, n, out_bytes)
		       : -EOPNOTSUPP;
}

int oq_filter_undo(const struct oq_filter *f, const uint8_t *in, size_t n,
		   uint8_t *out, size_t out_bytes)
{
	const struct codec *c = codec_of(f);

	return c && c->length && filter_is_ours(f)
		       ? c->undo(f->params, in, n, out, out_bytes)
		       : -EOPNOTSUPP;
}

/* ---- the checksum ---- */

/* The sum that HDF5 calls Fletcher's: 16-bit words, high byte first. */
static uint32_t fletcher32(const uint8_t *p, size_t n)
{
	uint32_t s1 = 0, s2 = 0;
	size_t words = n / 2;

	while (words) {
		size_t block = words < 360 ? words : 360;

		words -= block;
		for (; block; block--, p += 2) {
			s1 += (uint32_t)(p[0] << 8 | p[1]);
			s2 += s1;
		}
		s1 = (s1 & 0xffff) + (s1 >> 16);
		s2 = (s2 & 0xffff) + (s2 >> 16);
	}
	if (n % 2) {
		s1 += (uint32_t)(*p << 8);
		s2 += s1;
		s1 = (s1 & 0xffff) + (s1 >> 16);
		s2 = (s2 & 0xffff) + (s2 >> 16);
	}
	s1 = (s1 & 0xffff) + (s1 >> 16);
	s2 = (s2 & 0xffff) + (s2 >> 16);
	return s2 << 16 | s1;
}

static bool checksum_is_right(const uint8_t *p, size_t n)
{
	const uint8_t *s = p + n;
	uint32_t stored = (uint32_t)s[0] | (uint32_t)s[1] << 8 |
			  (uint32_t)s[2] << 16 | (uint32_t)s[3] << 24;
	uint32_t sum = fletcher32(p, n);
	/* HDF5 before 1.6.3 swapped the bytes of each half on big-endian
	 * machines, and every version since accepts that. */
	uint32_t swapped = (sum & 0x00ff00ff) << 8 | (sum >> 8 & 0x00ff00ff);

	return stored == sum || stored == swapped;
}

/* ---- one after the other ---- */

/* The bytes that filter 'i' was given when the chunk was written. */
static size_t bytes_before(const struct oq_pipeline *p, uint32_t mask, size_t i,
			   size_t chunk_bytes)
{
	for (size_t k = 0; k < i; k++)
		if (p->filters[k].id == OQ_FILTER_FLETCHER32 &&
		    !(mask >> k & 1))
			chunk_bytes += CHECKSUM_BYTES;
	return chunk_bytes;
}

/* The bytes as they are between two steps, and where the next step may write
 * them: two buffers that take turns, and the caller's for the last step. */
struct turns {
	const uint8_t *now;
	size_t n;
	uint8_t *spare[2]; /* owned; made when first needed */
	size_t room;	   /* of each: the most that any step makes */
	uint8_t *out;
	size_t out_bytes;
	size_t steps_left; /* that write, this one counted */
};

/* Where a step is to write 'n' bytes; NULL: no memory. */
static uint8_t *place_for(struct turns *t, size_t n)
{
	int i = t->spare[0] && t->now == t->spare[0];

	if (t->steps_left == 1 && n == t->out_bytes)
		return t->out;
	if (!t->spare[i])
		t->spare[i] = malloc(t->room ? t->room : 1);
	return t->spare[i];
}

static bool check(struct turns *t)
{
	if (t->n < CHECKSUM_BYTES ||
	    !checksum_is_right(t->now, t->n - CHECKSUM_BYTES))
		return false;
	t->n -= CHECKSUM_BYTES;
	return true;
}

static int undo_one(const struct oq_filter *f, size_t out_bytes,
		    struct turns *t, struct oq_err *err)
{
	const struct codec *c = codec_of(f);
	uint8_t *to;
	int r;

	if (keeps_size(f))
		out_bytes = t->n;
	to = place_for(t, out_bytes);
	if (!to)
		return oq_err_set(err, -ENOMEM, "no memory for a chunk");
	r = c->undo(f->params, t->now, t->n, to, out_bytes);
	t->now = to;
	t->n = out_bytes;
	t->steps_left--;
	if (r == -EIO)
		return oq_err_set(err, r, "a chunk's %s data are damaged",
				  c->name);
	return r < 0 ? oq_err_set(err, r, "no memory to decompress") : 0;
}

static bool is_left_out(uint32_t mask, size_t i)
{
	return i < 32 && mask >> i & 1;
}

static int undo_all(const struct oq_pipeline *p, uint32_t mask, struct turns *t,
		    struct oq_err *err)
{
	for (size_t i = p->nfilters; i-- > 0;) {
		const struct oq_filter *f = &p->filters[i];
		int r = 0;

		if (is_left_out(mask, i))
			continue;
		if (!filter_is_ours(f))
			r = oq_err_set(err, -EIO,
				       "a filter's parameters make no sense");
		else if (f->id != OQ_FILTER_FLETCHER32)
			r = undo_one(f, bytes_before(p, mask, i, t->out_bytes),
				     t, err);
		else if (!check(t))
			r = oq_err_set(err, -EIO,
				       "a chunk's checksum is wrong");
		if (r < 0)
			return r;
	}
	if (t->n != t->out_bytes)
		return oq_err_set(err, -EIO, "a chunk has %zu bytes, not %zu",
				  t->n, t->out_bytes);
	return 0;
}

int oq_pipeline_undo(const struct oq_pipeline *p, uint32_t mask,
		     const uint8_t *raw, size_t n, uint8_t *out,
		     size_t chunk_bytes, struct oq_err *err)
{
	struct turns t = {
		.now = raw,
		.n = n,
		/* The stored bytes may be more than the chunk: deflate may make
		 * it larger, and a shuffle behind deflate keeps that size. */
		.room = oq_max_u64(n, bytes_before(p, mask, p->nfilters,
						   chunk_bytes)),
		.out = out,
		.out_bytes = chunk_bytes,
	};
	int r;

	for (size_t i = 0; i < p->nfilters; i++)
		t.steps_left += p->filters[i].id != OQ_FILTER_FLETCHER32 &&
				!is_left_out(mask, i);
	r = undo_all(p, mask, &t, err);
	if (r == 0 && t.now != out)
		memcpy(out, t.now, chunk_bytes);
	free(t.spare[0]);
	free(t.spare[1]);
	return r;
}
