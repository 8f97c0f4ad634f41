/* SPDX-License-Identifier: MIT */
/* bitshuffle.h - undo the bitshuffle filter
 *
 * Like shuffle, but by bits, and block by block: of so many elements the
 * lowest bits of all first bytes come first, then the second lowest, and so
 * on.  Elements that make no whole block make a shorter one, of a multiple of
 * eight; up to seven stay as they are at the end.  Each block may in addition
 * be compressed.
 */
#ifndef OQ_BITSHUFFLE_H
#define OQ_BITSHUFFLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The five parameters of the filter that count: its version (two), bytes an
 * element, elements a block (0: its choice), compressor.  Whether they make
 * sense. */
bool oq_bitshuffle_is_sane(const uint32_t *params);

/* Whether there is a compressor, else the bytes become neither more nor
 * less. */
bool oq_bitshuffle_compresses(const uint32_t *params);

/* Undo the 'n' bytes at 'in' to exactly 'out_bytes' bytes; the parameters are
 * sane.  Returns 0, -EIO (damaged) or -ENOMEM. */
int oq_bitshuffle_undo(const uint32_t *params, const uint8_t *in, size_t n,
		       uint8_t *out, size_t out_bytes);

#endif
