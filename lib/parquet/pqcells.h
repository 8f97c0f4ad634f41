/* SPDX-License-Identifier: MIT */
/* pqcells.h - numbers in memory, of any width and byte order, at any stride
 *
 * How a column's numbers lie in what was read from its source: inside the
 * elements of a compound, or one right after the other.  Pure; any thread.
 */
#ifndef OQ_PQCELLS_H
#define OQ_PQCELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct oq_pqcells {
	const uint8_t *p; /* the first */
	size_t stride;	  /* from one to the next */
	size_t nbytes;	  /* of one: 1 to 8, or more for opaque bytes */
	bool is_big;	  /* the most significant byte comes first */
	bool is_signed;
};

/* A good number of cells to load at once: they stay in the processor's nearest
 * cache. */
#define OQ_PQCELLS_BLOCK 256
/* Load numbers [first, first + n) of 8 bytes or less as words, sign extended
 * where they are signed. */
void oq_pqcells_load(const struct oq_pqcells *c, size_t first, size_t n,
		     uint64_t *to);

#endif
