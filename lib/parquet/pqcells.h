/* SPDX-License-Identifier: MIT */
/* pqcells.h - numbers in memory, of any width and byte order, at any stride
 *
 * The numbers of a column as its source has them: within the elements of a
 * compound, or one after the other.
 */
#ifndef OQ_PQCELLS_H
#define OQ_PQCELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct oq_pqcells {
	const uint8_t *p; /* the first */
	size_t stride;	  /* from one to the next */
	size_t nbytes;	  /* of one: 1 to 8; more only where they are copied */
	bool is_big;	  /* the most significant byte comes first */
	bool is_signed;
};

/* Numbers [first, first + n), their signs extended, for the caller to use in
 * blocks: they stay where the processor has them at hand. */
#define OQ_PQCELLS_BLOCK 256
void oq_pqcells_load(const struct oq_pqcells *c, size_t first, size_t n,
		     uint64_t *to);

#endif
