/* SPDX-License-Identifier: MIT */
/* codecs.h - undo the compressors of registered HDF5 filters
 *
 * What each of these filters stores is a header of its own, or none, and what
 * a library of the same name makes and undoes.  The input may be anything.
 *
 * All decode the 'n' bytes at 'in' to exactly 'out_bytes' bytes at 'out' and
 * return 0, -EIO (damaged) or -ENOMEM.  'params' is
 * not used: only compressing needs it.
 */
#ifndef OQ_CODECS_H
#define OQ_CODECS_H

#include <stddef.h>
#include <stdint.h>

int oq_bzip2_undo(const uint32_t *params, const uint8_t *in, size_t n,
		  uint8_t *out, size_t out_bytes);
int oq_blosc_undo(const uint32_t *params, const uint8_t *in, size_t n,
		  uint8_t *out, size_t out_bytes);
int oq_lz4_undo(const uint32_t *params, const uint8_t *in, size_t n,
		uint8_t *out, size_t out_bytes);
int oq_zstd_undo(const uint32_t *params, const uint8_t *in, size_t n,
		 uint8_t *out, size_t out_bytes);

/* How many bytes the 'n' bytes at 'in' say that they become: 0 or -EIO.
 * bzip2 has no place for it and is undone, for the count alone. */
int oq_bzip2_length(const uint32_t *params, const uint8_t *in, size_t n,
		    uint64_t *out_bytes);
int oq_blosc_length(const uint32_t *params, const uint8_t *in, size_t n,
		    uint64_t *out_bytes);
int oq_lz4_length(const uint32_t *params, const uint8_t *in, size_t n,
		  uint64_t *out_bytes);
int oq_zstd_length(const uint32_t *params, const uint8_t *in, size_t n,
		   uint64_t *out_bytes);

/* Undo one block as LZ4 makes it, with no header of the filter's. */
int oq_lz4_block(const uint8_t *in, size_t n, uint8_t *out, size_t out_bytes);

/* Big-endian integers, as the lz4 and bitshuffle filters store them. */
static inline uint32_t oq_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | (uint32_t)p[3];
}

static inline uint64_t oq_be64(const uint8_t *p)
{
	return (uint64_t)oq_be32(p) << 32 | oq_be32(p + 4);
}

#endif
