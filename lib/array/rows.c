/* SPDX-License-Identifier: MIT */
/* rows.c - the measured geometry of a csv: blocks of elements <-> bytes */

#include "lib/array/rows.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/base/num.h"
#include "lib/base/search.h"

#define MAX_BLOCKS ((uint64_t)4 << 20)

int oq_rows_init(struct oq_rows *r, uint64_t head_bytes, uint64_t nelems,
		 uint64_t block_elems)
{
	while (nelems / block_elems >= MAX_BLOCKS)
		block_elems *= 2;
	*r = (struct oq_rows){
		.head_bytes = head_bytes,
		.nelems = nelems,
		.block_elems = block_elems,
		.nblocks = nelems / block_elems + (nelems % block_elems != 0),
	};
	r->ends = calloc(r->nblocks ? r->nblocks : 1, sizeof(*r->ends));
	return r->ends ? 0 : -ENOMEM;
}

void oq_rows_free(struct oq_rows *r)
{
	free(r->ends);
	*r = (struct oq_rows){ 0 };
}

uint64_t oq_rows_first(const struct oq_rows *r, size_t i)
{
	return i * r->block_elems;
}

size_t oq_rows_count(const struct oq_rows *r, size_t i)
{
	return oq_min_u64(r->block_elems, r->nelems - oq_rows_first(r, i));
}

void oq_rows_note(struct oq_rows *r, size_t i, uint64_t nbytes)
{
	r->ends[i] = nbytes;
}

int oq_rows_seal(struct oq_rows *r)
{
	uint64_t end = r->head_bytes;

	for (size_t i = 0; i < r->nblocks; i++) {
		if (oq_add_overflows(end, r->ends[i], &end) || end > INT64_MAX)
			return -EOVERFLOW;
		r->ends[i] = end;
	}
	return 0;
}

uint64_t oq_rows_size(const struct oq_rows *r)
{
	return r->nblocks ? r->ends[r->nblocks - 1] : r->head_bytes;
}

uint64_t oq_rows_start(const struct oq_rows *r, size_t i)
{
	return i ? r->ends[i - 1] : r->head_bytes;
}

size_t oq_rows_find(const struct oq_rows *r, uint64_t off)
{
	/* The first that ends behind it. */
	return oq_lower_bound(r->ends, r->nblocks, sizeof(*r->ends), off + 1);
}
