/* SPDX-License-Identifier: MIT */
/* pqcells.c - numbers in memory, of any width and byte order, at any stride */

#include "lib/parquet/pqcells.h"

#include <endian.h>
#include <string.h>

static void load_1(const struct oq_pqcells *c, const uint8_t *p, size_t n,
		   uint64_t *to)
{
	for (size_t i = 0; i < n; i++, p += c->stride)
		to[i] = *p;
}

/* Of a width that the machine has: one loop for each order. */
#define LOAD(bits)                                                            \
	static void load_##bits(const struct oq_pqcells *c, const uint8_t *p, \
				size_t n, uint64_t *to)                       \
	{                                                                     \
		uint##bits##_t v;                                             \
                                                                              \
		if (c->is_big) {                                              \
			for (size_t i = 0; i < n; i++, p += c->stride) {      \
				memcpy(&v, p, sizeof(v));                     \
				to[i] = be##bits##toh(v);                     \
			}                                                     \
			return;                                               \
		}                                                             \
		for (size_t i = 0; i < n; i++, p += c->stride) {              \
			memcpy(&v, p, sizeof(v));                             \
			to[i] = le##bits##toh(v);                             \
		}                                                             \
	}
LOAD(16)
LOAD(32)
LOAD(64)

static void load_odd(const struct oq_pqcells *c, const uint8_t *p, size_t n,
		     uint64_t *to)
{
	for (size_t i = 0; i < n; i++, p += c->stride) {
		to[i] = 0;
		for (size_t k = 0; k < c->nbytes; k++)
			to[i] |= (uint64_t)p[k]
				 << 8 * (c->is_big ? c->nbytes - 1 - k : k);
	}
}

void oq_pqcells_load(const struct oq_pqcells *c, size_t first, size_t n,
		     uint64_t *to)
{
	const uint8_t *p = c->p + first * c->stride;
	unsigned spare = (unsigned)(8 * (8 - c->nbytes));

	if (c->nbytes == 1)
		load_1(c, p, n, to);
	else if (c->nbytes == 2)
		load_16(c, p, n, to);
	else if (c->nbytes == 4)
		load_32(c, p, n, to);
	else if (c->nbytes == 8)
		load_64(c, p, n, to);
	else
		load_odd(c, p, n, to);
	if (!c->is_signed || !spare)
		return;
	for (size_t i = 0; i < n; i++)
		to[i] = (uint64_t)((int64_t)(to[i] << spare) >> spare);
}
