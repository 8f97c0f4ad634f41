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

/* Whether the first five parameters of the filter make sense: its version
 * (two numbers), bytes an element, elements a block (0: the filter chooses),
 * compressor. */
bool oq_bitshuffle_is_sane(const uint32_t *params);

/* Whether each block is compressed too; if not, the filter's output is as long
 * as its input. */
bool oq_bitshuffle_compresses(const uint32_t *params);

/* Undo the 'n' bytes at 'in' to exactly 'out_bytes' bytes; the parameters are
 * sane.  Returns 0, -EIO (damaged) or -ENOMEM. */
int oq_bitshuffle_undo(const uint32_t *params, const uint8_t *in, size_t n,
		       uint8_t *out, size_t out_bytes);

/* How many bytes the 'n' at 'in' say that they become: 0 or -EIO. */
int oq_bitshuffle_length(const uint32_t *params, const uint8_t *in, size_t n,
			 uint64_t *out_bytes);

#endif
