/* SPDX-License-Identifier: MIT */
/* bitshuffle.c - undo the bitshuffle filter */

#include "lib/codec/bitshuffle.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/codec/codecs.h"

enum { MAJOR, MINOR, ELEM_BYTES, BLOCK_ELEMS, COMPRESSOR };
enum { NONE = 0, LZ4 = 2, ZSTD = 3 };

/* The block of a file that does not say its size has about so many bytes, but
 * no fewer elements than LEAST_ELEMS. */
#define USUAL_BYTES 8192
#define LEAST_ELEMS 128

/* Before compressed blocks: bytes of all (8), bytes of a block (4). */
#define HEAD_BYTES  12

bool oq_bitshuffle_is_sane(const uint32_t *params)
{
	uint32_t c = params[COMPRESSOR];

	return params[ELEM_BYTES] > 0 && params[BLOCK_ELEMS] % 8 == 0 &&
	       (c == NONE || c == LZ4 || c == ZSTD);
}

bool oq_bitshuffle_compresses(const uint32_t *params)
{
	return params[COMPRESSOR] != NONE;
}

/* Eight bytes as an 8 x 8 square of bits, mirrored at its diagonal. */
static uint64_t mirror(uint64_t x)
{
	uint64_t t = (x ^ x >> 7) & 0x00aa00aa00aa00aa;

	x ^= t ^ t << 7;
	t = (x ^ x >> 14) & 0x0000cccc0000cccc;
	x ^= t ^ t << 14;
	t = (x ^ x >> 28) & 0x00000000f0f0f0f0;
	return x ^ t ^ t << 28;
}

/* One block of 'nelems' elements, a multiple of eight. */
static void unshuffle_bits(const uint8_t *in, uint8_t *out, size_t nelems,
			   size_t size)
{
	size_t row = nelems / 8;

	for (size_t k = 0; k < size; k++, in += 8 * row)
		for (size_t i = 0; i < row; i++) {
			uint8_t *to = out + 8 * i * size + k;
			uint64_t x = 0;

			for (size_t b = 0; b < 8; b++)
				x |= (uint64_t)in[b * row + i] << 8 * b;
			x = mirror(x);
			for (size_t e = 0; e < 8; e++, x >>= 8)
				to[e * size] = (uint8_t)x;
		}
}

/* What is left of the input, and where a block is decompressed to. */
struct blocks {
	const uint32_t *params;
	const uint8_t *in;
	size_t n;
	uint8_t *plain;
};

static int next_block(struct blocks *b, uint8_t *out, size_t nelems)
{
	size_t size = b->params[ELEM_BYTES], bytes = nelems * size;
	size_t stored = bytes;
	int r = 0;

	if (b->plain) {
		if (b->n < 4)
			return -EIO;
		stored = oq_be32(b->in);
		b->in += 4;
		b->n -= 4;
	}
	if (stored > b->n)
		return -EIO;
	if (b->params[COMPRESSOR] == LZ4)
		r = oq_lz4_block(b->in, stored, b->plain, bytes);
	else if (b->params[COMPRESSOR] == ZSTD)
		r = oq_zstd_undo(NULL, b->in, stored, b->plain, bytes);
	if (r == 0)
		unshuffle_bits(b->plain ? b->plain : b->in, out, nelems, size);
	b->in += stored;
	b->n -= stored;
	return r;
}

static int undo_blocks(struct blocks *b, uint8_t *out, size_t out_bytes,
		       size_t block)
{
	size_t size = b->params[ELEM_BYTES], nelems = out_bytes / size;
	int r = 0;

	while (r == 0 && nelems >= 8) {
		block = oq_min_u64(block, nelems - nelems % 8);
		r = next_block(b, out, block);
		nelems -= block;
		out += block * size;
	}
	if (r == 0 && b->n < nelems * size)
		return -EIO;
	if (r == 0)
		memcpy(out, b->in, nelems * size);
	return r;
}

static size_t usual_block(size_t size)
{
	return oq_max_u64(USUAL_BYTES / size / 8 * 8, LEAST_ELEMS);
}

int oq_bitshuffle_undo(const uint32_t *params, const uint8_t *in, size_t n,
		       uint8_t *out, size_t out_bytes)
{
	size_t size = params[ELEM_BYTES], block = params[BLOCK_ELEMS];
	struct blocks b = { .params = params, .in = in, .n = n };
	OQ_FREE uint8_t *plain = NULL;

	if (out_bytes % size)
		return -EIO;
	if (oq_bitshuffle_compresses(params)) {
		if (n < HEAD_BYTES || oq_be64(in) != out_bytes)
			return -EIO;
		block = oq_be32(in + 8) / size;
		b.in += HEAD_BYTES;
		b.n -= HEAD_BYTES;
		/* A block is never larger than all together. */
		plain = malloc(oq_min_u64(block * size, out_bytes) + 1);
		if (!plain)
			return -ENOMEM;
		b.plain = plain;
	} else if (block == 0) {
		block = usual_block(size);
	}
	if (block == 0 || block % 8)
		return -EIO;
	return undo_blocks(&b, out, out_bytes, block);
}

int oq_bitshuffle_length(const uint32_t *params, const uint8_t *in, size_t n,
			 uint64_t *out_bytes)
{
	bool compressed = oq_bitshuffle_compresses(params);

	if (compressed && n < HEAD_BYTES)
		return -EIO;
	*out_bytes = compressed ? oq_be64(in) : n;
	return 0;
}
