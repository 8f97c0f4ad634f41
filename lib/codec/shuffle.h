/* SPDX-License-Identifier: MIT */
/* shuffle.h - undo HDF5's shuffle filter
 *
 * Shuffled, all first bytes of the elements come first, then all second ones,
 * and so on; bytes that make no whole element stay at the end.
 */
#ifndef OQ_SHUFFLE_H
#define OQ_SHUFFLE_H

#include <stddef.h>
#include <stdint.h>

/* 'in' and 'out' have 'n' bytes and do not overlap; elem_bytes > 0. */
void oq_unshuffle(const uint8_t *in, uint8_t *out, size_t n, size_t elem_bytes);

#endif
