/* SPDX-License-Identifier: MIT */
/* sorting.h - the rows of a table in the order of their keys
 *
 * Tables are mostly stored in the order in which they are exported, or in long
 * runs of it (the events of a rupture, then of the next).  So the order is
 * kept as runs of rows: none where it is that of the table, and no more than
 * the table is out of order.  Stable: rows of equal keys stay as they are.
 */
#ifndef OQ_SORTING_H
#define OQ_SORTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/work/progress.h"

#define OQ_SORTING_KEYS 3

/* Compared as unsigned numbers, the first first. */
struct oq_key {
	uint64_t k[OQ_SORTING_KEYS];
	bool dropped; /* the row is not in the result */
};

/* Integers and floats so that they compare as they should; NaN is last. */
uint64_t oq_key_of_i64(int64_t v);
uint64_t oq_key_of_f64(double v);

struct oq_sorting_run {
	uint64_t to;   /* the first row of the result */
	uint64_t from; /* the first row of the table */
};

struct oq_sorting {
	bool is_stored; /* as stored, all of it: no runs */
	uint64_t nrows; /* of the result */
	size_t nruns;
	struct oq_sorting_run *runs; /* by 'to'; owned */
};

struct oq_sorting_spec {
	uint64_t nrows;			    /* of the table */
	size_t bytes;			    /* what it may take */
	const struct oq_progress *progress; /* told now and then; or NULL */
	/* The engine's own sort is not stable: rows of equal keys, whose order
	 * nobody knows then, are -EIO. */
	bool unique;
	/* The keys of rows [first, first + n), in zeroed 'out'. */
	int (*keys)(void *ctx, uint64_t first, size_t n, struct oq_key *out,
		    struct oq_err *err);
	void *ctx;
};

/* Returns 0, -EINTR where nobody waits for it any more, -EFBIG with the
 * reason, -ENOMEM, or what keys() returned. */
int oq_sorting_make(const struct oq_sorting_spec *s, struct oq_sorting *out,
		    struct oq_err *err);
void oq_sorting_free(struct oq_sorting *o);

/* The rows of the table for rows [first, first + n) of the result. */
void oq_sorting_rows(const struct oq_sorting *o, uint64_t first, size_t n,
		     uint64_t *out);

#endif
