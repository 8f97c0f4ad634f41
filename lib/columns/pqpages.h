/* SPDX-License-Identifier: MIT */
/* pqpages.h - the pages of columns whose values have no fixed length
 *
 * Each is made as a whole, from all of its rows: first to measure it, all
 * measured columns of a part from one reading; then, unless it was kept, when
 * it is read.
 *
 * Any thread but the main one, except where said.
 */
#ifndef OQ_PQPAGES_H
#define OQ_PQPAGES_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/columns/pqcolset.h"
#include "lib/columns/pqrows.h"
#include "lib/parquet/pqlayout.h"
#include "lib/type/value.h"

struct oq_pqpages {
	struct oq_pqcolumns *columns; /* borrowed, as these: */
	struct oq_pqrows *rows;
	struct oq_pqlayout *layout;
	struct oq_refs refs;
	struct oq_filler filler;
	uint64_t page_rows;	/* of a page; 0: nothing is measured */
	bool keep;		/* pages are few enough to be kept */
	atomic_bool *is_binary; /* owned: one a column */
};

/* Main thread.  Returns 0 or -ENOMEM. */
int oq_pqpages_init(struct oq_pqpages *p, struct oq_pqcolumns *c,
		    struct oq_pqrows *rows, struct oq_pqlayout *l,
		    const struct oq_refs *refs);
void oq_pqpages_free(struct oq_pqpages *p); /* zeroed ones, too */

/* Measure page 'i' of all columns, and note it in the layout: an item of a
 * loop (parfor.h) whose context is 'p'. */
int oq_pqpages_measure(void *p, size_t i, struct oq_err *err);
/* All are: columns whose texts are not UTF-8 become binary; their pages stay
 * the same. */
void oq_pqpages_settle(struct oq_pqpages *p);
/* Or that failed: forget what was kept, it may be of other lengths than the
 * next try finds. */
void oq_pqpages_forget(struct oq_pqpages *p);

/* The body of a page; give it back with oq_cache_put(). */
int oq_pqpages_get(struct oq_pqpages *p, size_t col, uint64_t page,
		   struct oq_block *out, struct oq_err *err);
/* Rows of a column are likely to be read next. */
void oq_pqpages_ahead(struct oq_pqpages *p, size_t col, uint64_t first,
		      uint64_t n);

#endif
