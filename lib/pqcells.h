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

/* Number 'i', its sign extended. */
static inline uint64_t oq_pqcells_get(const struct oq_pqcells *c, size_t i)
{
	const uint8_t *p = c->p + i * c->stride;
	unsigned spare = (unsigned)(8 * (8 - c->nbytes));
	uint64_t v = 0;

	for (size_t k = 0; k < c->nbytes; k++)
		v |= (uint64_t)p[k] << 8 * (c->is_big ? c->nbytes - 1 - k : k);
	return c->is_signed ? (uint64_t)((int64_t)(v << spare) >> spare) : v;
}

#endif
