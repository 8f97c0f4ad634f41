/* SPDX-License-Identifier: MIT */
/* codecs.c - undo the compressors of registered HDF5 filters */

#include "lib/codec/codecs.h"

#include <blosc.h>
#include <bzlib.h>
#include <errno.h>
#include <limits.h>
#include <lz4.h>
#include <string.h>
#include <zstd.h>
#include <zstd_errors.h>

#include "lib/base/num.h"

int oq_bzip2_undo(const uint32_t *params, const uint8_t *in, size_t n,
		  uint8_t *out, size_t out_bytes)
{
	unsigned len = (unsigned)out_bytes;
	int r;

	(void)params;
	if (n > UINT_MAX || out_bytes > UINT_MAX)
		return -EIO;
	/* The function only reads its input, although it does not declare it
	 * const. */
	r = BZ2_bzBuffToBuffDecompress((char *)out, &len, (char *)(uintptr_t)in,
				       (unsigned)n, 0, 0);
	if (r == BZ_MEM_ERROR)
		return -ENOMEM;
	return r == BZ_OK && len == out_bytes ? 0 : -EIO;
}

int oq_blosc_undo(const uint32_t *params, const uint8_t *in, size_t n,
		  uint8_t *out, size_t out_bytes)
{
	size_t len;

	(void)params;
	if (out_bytes > BLOSC_MAX_BUFFERSIZE || n < BLOSC_MIN_HEADER_LENGTH ||
	    blosc_cbuffer_validate(in, n, &len) < 0 || len != out_bytes)
		return -EIO;
	/* With one thread it works in the calling one. */
	if (blosc_decompress_ctx(in, out, out_bytes, 1) != (int)out_bytes)
		return -EIO;
	return 0;
}

int oq_lz4_block(const uint8_t *in, size_t n, uint8_t *out, size_t out_bytes)
{
	int r;

	if (n > INT_MAX || out_bytes > INT_MAX)
		return -EIO;
	r = LZ4_decompress_safe((const char *)in, (char *)out, (int)n,
				(int)out_bytes);
	return r >= 0 && (size_t)r == out_bytes ? 0 : -EIO;
}

/*
 *	bytes of all (8), of a block (4); then of each block
 *	bytes that are stored (4), these; a block that would not become
 *	smaller is stored as it is
 */
int oq_lz4_undo(const uint32_t *params, const uint8_t *in, size_t n,
		uint8_t *out, size_t out_bytes)
{
	size_t block, used = 12;

	(void)params;
	if (n < used || oq_be64(in) != out_bytes)
		return -EIO;
	block = oq_be32(in + 8);
	if (block == 0 && out_bytes)
		return -EIO;
	for (size_t at = 0; at < out_bytes; at += block) {
		size_t stored;

		block = oq_min_u64(block, out_bytes - at);
		if (n - used < 4)
			return -EIO;
		stored = oq_be32(in + used);
		used += 4;
		if (stored > n - used)
			return -EIO;
		if (stored == block)
			memcpy(out + at, in + used, block);
		else if (oq_lz4_block(in + used, stored, out + at, block) < 0)
			return -EIO;
		used += stored;
	}
	return 0;
}

int oq_zstd_undo(const uint32_t *params, const uint8_t *in, size_t n,
		 uint8_t *out, size_t out_bytes)
{
	size_t r = ZSTD_decompress(out, out_bytes, in, n);

	(void)params;
	if (ZSTD_isError(r) &&
	    ZSTD_getErrorCode(r) == ZSTD_error_memory_allocation)
		return -ENOMEM;
	return !ZSTD_isError(r) && r == out_bytes ? 0 : -EIO;
}

/* ---- how many bytes it becomes ---- */

static int count_bzip2(bz_stream *z, uint64_t *out_bytes)
{
	char some[16384];
	int r = BZ_OK;

	/* No chunk of HDF5 is longer. */
	for (*out_bytes = 0; r == BZ_OK && *out_bytes <= UINT32_MAX;) {
		z->next_out = some;
		z->avail_out = sizeof(some);
		r = BZ2_bzDecompress(z);
		*out_bytes += sizeof(some) - z->avail_out;
		/* It waits for bytes that are not there. */
		if (r == BZ_OK && z->avail_out)
			return -EIO;
	}
	return r == BZ_STREAM_END ? 0 : -EIO;
}

int oq_bzip2_length(const uint32_t *params, const uint8_t *in, size_t n,
		    uint64_t *out_bytes)
{
	bz_stream z = { .next_in = (char *)(uintptr_t)in,
			.avail_in = (unsigned)n };
	int r;

	(void)params;
	if (n > UINT_MAX || BZ2_bzDecompressInit(&z, 0, 0) != BZ_OK)
		return -EIO;
	r = count_bzip2(&z, out_bytes);
	(void)BZ2_bzDecompressEnd(&z);
	return r;
}

int oq_blosc_length(const uint32_t *params, const uint8_t *in, size_t n,
		    uint64_t *out_bytes)
{
	size_t len;

	(void)params;
	if (n < BLOSC_MIN_HEADER_LENGTH ||
	    blosc_cbuffer_validate(in, n, &len) < 0)
		return -EIO;
	*out_bytes = len;
	return 0;
}

int oq_lz4_length(const uint32_t *params, const uint8_t *in, size_t n,
		  uint64_t *out_bytes)
{
	(void)params;
	if (n < 8)
		return -EIO;
	*out_bytes = oq_be64(in);
	return 0;
}

int oq_zstd_length(const uint32_t *params, const uint8_t *in, size_t n,
		   uint64_t *out_bytes)
{
	(void)params;
	*out_bytes = ZSTD_getFrameContentSize(in, n);
	return *out_bytes == ZSTD_CONTENTSIZE_UNKNOWN ||
			       *out_bytes == ZSTD_CONTENTSIZE_ERROR
		       ? -EIO
		       : 0;
}
