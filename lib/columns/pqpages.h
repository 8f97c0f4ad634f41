/* SPDX-License-Identifier: MIT */
/* pqpages.h - the pages of columns whose values have no fixed length
 *
 * Such a page is made as a whole, from all of its rows.  It is made once to
 * measure it, when all measured columns of a part come from one reading, and
 * kept in the cache if all pages fit.  A page that is not in the cache is made
 * again when it is read.
 *
 * Workers only, except where the main thread is named.
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
	struct oq_pqcolumns *columns; /* borrowed */
	struct oq_pqrows *rows;	      /* borrowed */
	struct oq_pqlayout *layout;   /* borrowed */
	struct oq_refs refs;
	struct oq_filler filler; /* makes pages for the cache */
	uint64_t page_rows;	 /* rows of a page; 0: no column is measured */
	bool keep;		 /* pages are kept when they are measured */
	/* Owned, one for each column: some text was not UTF-8. */
	atomic_bool *is_binary;
};

/* Prepare; nothing is read yet.  Returns 0 or -ENOMEM. */
int oq_pqpages_init(struct oq_pqpages *p, struct oq_pqcolumns *c,
		    struct oq_pqrows *rows, struct oq_pqlayout *l,
		    const struct oq_refs *refs);
/* Accepts a zeroed structure. */
void oq_pqpages_free(struct oq_pqpages *p);

/* Measure page 'i' of all measured columns and note it in the layout.  The
 * 'item' of a parfor (parfor.h); 'p' is its context, a struct oq_pqpages.
 * Returns 0 or a negative errno with the reason. */
int oq_pqpages_measure(void *p, size_t i, struct oq_err *err);
/* To be called once all pages are measured: columns with a text that is not
 * UTF-8 become OQ_PQ_BINARY.  The bytes of their pages stay the same. */
void oq_pqpages_settle(struct oq_pqpages *p);
/* To be called when measuring failed: drop the pages that were kept, since the
 * next try may find other lengths. */
void oq_pqpages_forget(struct oq_pqpages *p);

/* The body of a measured column's page, to be given back with oq_cache_put().
 * Returns 0 or a negative errno with the reason. */
int oq_pqpages_get(struct oq_pqpages *p, size_t col, uint64_t page,
		   struct oq_block *out, struct oq_err *err);
/* Hint: rows [first, first + n) of a measured column are likely to be read
 * next; their pages are made in the background. */
void oq_pqpages_ahead(struct oq_pqpages *p, size_t col, uint64_t first,
		      uint64_t n);

#endif
