/* SPDX-License-Identifier: MIT */
/* sorting.h - the rows of a table in the order of their keys
 *
 * Tables are mostly stored in the order in which they are exported, or in long
 * runs of it (the events of a rupture, then of the next).  So the order is kept
 * as runs of rows: none where it is that of the table, few where little is out
 * of order.  Stable: rows of equal keys keep their order.  A finished order is
 * for any thread.
 */
#ifndef OQ_SORTING_H
#define OQ_SORTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/work/progress.h"

#define OQ_SORTING_KEYS 3

/* The key of a row: compared as unsigned numbers, k[0] first. */
struct oq_key {
	uint64_t k[OQ_SORTING_KEYS];
	bool dropped; /* the row is not in the result */
};

/* An integer or float as a number that sorts as it does; NaN sorts last. */
uint64_t oq_key_of_i64(int64_t v);
uint64_t oq_key_of_f64(double v);

struct oq_sorting_run {
	uint64_t to;   /* the first row of the result */
	uint64_t from; /* the first row of the table */
};

struct oq_sorting {
	bool is_stored; /* the order is that of the table, no row dropped */
	uint64_t nrows; /* of the result */
	size_t nruns;
	struct oq_sorting_run *runs; /* by 'to'; owned */
};

struct oq_sorting_spec {
	uint64_t nrows;			    /* of the table */
	size_t bytes;			    /* of memory it may take */
	const struct oq_progress *progress; /* told now and then; or NULL */
	/* Equal keys are an error (-EIO).  For results that the engine sorts
	 * with a sort that is not stable: their order is not known. */
	bool unique;
	/* Put the keys of rows [first, first + n) into 'out', all zeros. */
	int (*keys)(void *ctx, uint64_t first, size_t n, struct oq_key *out,
		    struct oq_err *err);
	void *ctx;
};

/* Find the order; the caller frees '*out' on success.  Returns 0; -EINTR where
 * the progress says to stop; -EFBIG (more memory than 'bytes') or -EIO (equal
 * keys) with the reason; -ENOMEM; or the errno of keys(). */
int oq_sorting_make(const struct oq_sorting_spec *s, struct oq_sorting *out,
		    struct oq_err *err);
void oq_sorting_free(struct oq_sorting *o);

/* Write the table's row of each of the rows [first, first + n) of the result to
 * 'out'. */
void oq_sorting_rows(const struct oq_sorting *o, uint64_t first, size_t n,
		     uint64_t *out);

#endif
