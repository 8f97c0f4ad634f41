/* SPDX-License-Identifier: MIT */
/* szip.c - undo HDF5's szip filter */

#include "lib/codec/szip.h"

#include <errno.h>
#include <libaec.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/codec/shuffle.h"

/* Of the option mask, what concerns decoding. */
enum { MSB_FIRST = 16, NEAREST_NEIGHBOUR = 32 };

enum { MASK, BLOCK_PIXELS, PIXEL_BITS, LINE_PIXELS };

#define MAX_BLOCK_PIXELS 32
#define MAX_LINE_PIXELS	 4096
#define SIZE_BYTES	 4

bool oq_szip_is_sane(const uint32_t *params)
{
	uint32_t bits = params[PIXEL_BITS];

	return params[BLOCK_PIXELS] > 0 && params[BLOCK_PIXELS] % 2 == 0 &&
	       params[BLOCK_PIXELS] <= MAX_BLOCK_PIXELS &&
	       params[LINE_PIXELS] > 0 &&
	       params[LINE_PIXELS] <= MAX_LINE_PIXELS && bits > 0 &&
	       (bits <= 32 || bits == 64);
}

/* Pixels of 32 and 64 bits are coded as planes of bytes. */
static bool is_in_planes(const uint32_t *params)
{
	return params[PIXEL_BITS] == 32 || params[PIXEL_BITS] == 64;
}

static unsigned sample_bits(const uint32_t *params)
{
	return is_in_planes(params) ? 8 : params[PIXEL_BITS];
}

static size_t sample_bytes(const uint32_t *params)
{
	unsigned bits = sample_bits(params);

	return bits > 16 ? 4 : bits > 8 ? 2 : 1;
}

/* What the stream codes: scan lines, each filled up to whole blocks. */
struct lines {
	size_t used, whole; /* bytes of a line: of pixels, with the filling */
	size_t n;	    /* the last one may be short */
};

static struct lines lines_of(const uint32_t *params, size_t out_bytes)
{
	size_t sample = sample_bytes(params);
	size_t block = params[BLOCK_PIXELS];
	size_t blocks = (params[LINE_PIXELS] + block - 1) / block;
	size_t used = params[LINE_PIXELS] * sample;

	return (struct lines){
		.used = used,
		.whole = blocks * block * sample,
		.n = out_bytes / used + (out_bytes % used != 0),
	};
}

/* Decode to at most 'room' bytes, of which at least 'need' must come. */
static int decode(const uint32_t *params, const uint8_t *in, size_t n,
		  uint8_t *out, size_t room, size_t need)
{
	uint32_t block = params[BLOCK_PIXELS];
	struct aec_stream s = {
		.next_in = in,
		.avail_in = n,
		.next_out = out,
		.avail_out = room,
		.bits_per_sample = sample_bits(params),
		.block_size = block,
		.rsi = (params[LINE_PIXELS] + block - 1) / block,
	};
	int r;

	if (params[MASK] & MSB_FIRST)
		s.flags |= AEC_DATA_MSB;
	if (params[MASK] & NEAREST_NEIGHBOUR)
		s.flags |= AEC_DATA_PREPROCESS;
	r = aec_buffer_decode(&s);
	if (r == AEC_MEM_ERROR)
		return -ENOMEM;
	return r == AEC_OK && s.total_out >= need ? 0 : -EIO;
}

/* Decode lines with their filling and leave that out. */
static int decode_lines(const uint32_t *params, const uint8_t *in, size_t n,
			uint8_t *out, size_t out_bytes)
{
	struct lines l = lines_of(params, out_bytes);
	size_t last = out_bytes - (l.n - 1) * l.used;
	OQ_FREE uint8_t *filled = NULL;
	uint64_t room;
	int r;

	if (l.used == l.whole)
		return decode(params, in, n, out, out_bytes, out_bytes);
	if (oq_mul_overflows(l.n, l.whole, &room))
		return -EIO;
	filled = malloc(room);
	if (!filled)
		return -ENOMEM;
	r = decode(params, in, n, filled, room, room - l.whole + last);
	for (size_t i = 0; r == 0 && i < l.n; i++)
		memcpy(out + i * l.used, filled + i * l.whole,
		       i + 1 < l.n ? l.used : last);
	return r;
}

int oq_szip_undo(const uint32_t *params, const uint8_t *in, size_t n,
		 uint8_t *out, size_t out_bytes)
{
	OQ_FREE uint8_t *planes = NULL;
	int r;

	/* The stream is preceded by the size of what it decodes to. */
	if (n < SIZE_BYTES || out_bytes % sample_bytes(params) ||
	    ((uint32_t)in[0] | (uint32_t)in[1] << 8 | (uint32_t)in[2] << 16 |
	     (uint32_t)in[3] << 24) != out_bytes)
		return -EIO;
	in += SIZE_BYTES;
	n -= SIZE_BYTES;
	if (out_bytes == 0)
		return 0;
	if (!is_in_planes(params))
		return decode_lines(params, in, n, out, out_bytes);
	planes = malloc(out_bytes);
	if (!planes)
		return -ENOMEM;
	r = decode_lines(params, in, n, planes, out_bytes);
	if (r == 0)
		oq_unshuffle(planes, out, out_bytes, params[PIXEL_BITS] / 8);
	return r;
}
