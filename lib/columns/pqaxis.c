/* SPDX-License-Identifier: MIT */
/* pqaxis.c - what the rows of a long table show of its axes */

#include "lib/columns/pqaxis.h"

#include "lib/base/num.h"

/* How many rows an index on an axis stays the same. */
static uint64_t inner_rows(const struct oq_table *t, unsigned axis)
{
	uint64_t n = 1;

	for (unsigned i = axis + 1; i < t->rank; i++)
		n *= t->dims[i];
	return n;
}

void oq_pqaxis_index(const struct oq_table *t, unsigned axis, uint64_t first,
		     size_t n, uint64_t *out)
{
	uint64_t inner = inner_rows(t, axis);
	uint64_t k = first / inner % t->dims[axis];
	uint64_t left = inner - first % inner;

	for (size_t i = 0; i < n; i++) {
		out[i] = k;
		if (--left)
			continue;
		left = inner;
		if (++k == t->dims[axis])
			k = 0;
	}
}

struct oq_pqstat oq_pqaxis_range(const struct oq_table *t, unsigned axis,
				 uint64_t first, uint64_t n)
{
	uint64_t inner = inner_rows(t, axis), dim = t->dims[axis];
	uint64_t lo = first / inner, hi = (first + n - 1) / inner;
	bool wraps = lo / dim != hi / dim;
	uint64_t a = oq_table_index(t, axis, wraps ? 0 : lo % dim);
	uint64_t b = oq_table_index(t, axis, wraps ? dim - 1 : hi % dim);

	return (struct oq_pqstat){ oq_min_u64(a, b), oq_max_u64(a, b) };
}
