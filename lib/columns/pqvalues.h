/* SPDX-License-Identifier: MIT */
/* pqvalues.h - rows of a column as the bytes of a Parquet page
 *
 * Of a column that is not measured any run of rows, alone; of one that is, a
 * page from all of its rows, which are added run by run so that the columns of
 * a part can be made from one reading.
 *
 * Any thread.
 */
#ifndef OQ_PQVALUES_H
#define OQ_PQVALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/columns/pqrows.h"
#include "lib/parquet/pqstat.h"
#include "lib/type/value.h"

/* Rows [first, first + n) of a column that is not measured, to
 * oq_pqpage_rows_bytes() bytes; of a packed one 'first' is a multiple of 8.
 * Returns 0 or a negative errno with the reason. */
int oq_pqvalues_put(struct oq_pqrows *r, size_t col, uint64_t first, size_t n,
		    uint8_t *out, struct oq_err *err);

/* The statistics of rows of a part: of each column of it that has some,
 * 'stats[column]' becomes those of the rows, n > 0. */
int oq_pqvalues_stats(struct oq_pqrows *r, size_t part, uint64_t first,
		      uint64_t n, struct oq_pqstat *stats, struct oq_err *err);

/* A page of a measured column on its way.  Zeroed at first. */
struct oq_pqtext {
	struct oq_buf lens;   /* lists: values of each row, uint64_t */
	struct oq_buf nulls;  /* nullable: of each row, bool */
	struct oq_buf cells;  /* numbers: as the source has them; moments: in
				 the machine's order */
	struct oq_buf values; /* what they are as PLAIN */
	struct oq_buf scratch;
	uint64_t nvalues;
	bool is_binary; /* some text is not UTF-8 */
	bool is_beyond; /* some moment is beyond what Parquet can say */
};

/* Add 'n' rows, the first of which has the number 'first'; 'rows' are live, or
 * NULL for labels.  Memory that runs out is told at the end. */
void oq_pqtext_add(struct oq_pqtext *t, const struct oq_pqcolumns *c,
		   size_t col, const struct oq_refs *refs, const uint8_t *rows,
		   uint64_t first, size_t n);
/* Append the page's body: levels and values.  Returns 0, -EOPNOTSUPP (a
 * date-time that 64 bits of the column's unit do not hold) or -ENOMEM. */
int oq_pqtext_finish(struct oq_pqtext *t, const struct oq_pqcolumns *c,
		     size_t col, struct oq_buf *out, struct oq_err *err);
void oq_pqtext_free(struct oq_pqtext *t);

#endif
