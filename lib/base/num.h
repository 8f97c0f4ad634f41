/* SPDX-License-Identifier: MIT */
/* num.h - numbers from a file, added and multiplied without overflow
 *
 * Each function returns true when the result does not fit; '*r' is then
 * meaningless.  Use them where a number enters; past that point plain
 * arithmetic is safe and says so.
 */
#ifndef OQ_NUM_H
#define OQ_NUM_H

#include <stdbool.h>
#include <stdint.h>

static inline bool oq_add_overflows(uint64_t a, uint64_t b, uint64_t *r)
{
	return __builtin_add_overflow(a, b, r);
}

static inline bool oq_mul_overflows(uint64_t a, uint64_t b, uint64_t *r)
{
	return __builtin_mul_overflow(a, b, r);
}

/* The number of elements of an array of 'rank' dimensions; 1 for rank 0. */
static inline bool oq_product_overflows(const uint64_t *dims, unsigned rank,
					uint64_t *r)
{
	bool zero = false;

	/* A zero makes the product zero whatever the others are. */
	for (unsigned i = 0; i < rank; i++)
		zero |= dims[i] == 0;
	*r = zero ? 0 : 1;
	for (unsigned i = 0; !zero && i < rank; i++)
		if (oq_mul_overflows(*r, dims[i], r))
			return true;
	return false;
}

static inline uint64_t oq_min_u64(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static inline uint64_t oq_max_u64(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static inline int64_t oq_min_i64(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static inline int64_t oq_max_i64(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

#endif
