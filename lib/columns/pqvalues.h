/* SPDX-License-Identifier: MIT */
/* pqvalues.h - rows of a column as the bytes of a Parquet page
 *
 * Any run of rows of a column that is not measured can be made alone.  A page
 * of a measured column is made from all of its rows, which are added run by
 * run, so that several columns of a part can be made from one reading.
 *
 * Workers only.
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

/* Write rows [first, first + n) of a column that is not measured to 'out',
 * which has room for oq_pqpage_rows_bytes().  'first' is a multiple of 8 for a
 * column of packed bits.  Returns 0 or a negative errno with the reason. */
int oq_pqvalues_put(struct oq_pqrows *r, size_t col, uint64_t first, size_t n,
		    uint8_t *out, struct oq_err *err);

/* The statistics of rows [first, first + n) of a part, n > 0: 'stats[i]' is set
 * for each column i of the part that has statistics.  Returns 0 or a negative
 * errno with the reason. */
int oq_pqvalues_stats(struct oq_pqrows *r, size_t part, uint64_t first,
		      uint64_t n, struct oq_pqstat *stats, struct oq_err *err);

/* A page of a measured column while its rows are added.  Zeroed at first. */
struct oq_pqtext {
	struct oq_buf lens;  /* lists: how many values each row has, uint64_t */
	struct oq_buf nulls; /* nullable: whether each row is null, bool */
	struct oq_buf cells; /* numbers as the source has them, date-times in
				 the machine's byte order */
	struct oq_buf values; /* the values in PLAIN encoding */
	struct oq_buf scratch;
	uint64_t nvalues;
	bool is_binary; /* some text is not UTF-8 */
	bool is_beyond; /* some date-time does not fit Parquet's 64 bits */
};

/* Add rows [first, first + n).  'rows' is the first of them, live as
 * oq_pqrows_get() has it; NULL for a column of labels.  Where memory runs out,
 * oq_pqtext_finish() says so. */
void oq_pqtext_add(struct oq_pqtext *t, const struct oq_pqcolumns *c,
		   size_t col, const struct oq_refs *refs, const uint8_t *rows,
		   uint64_t first, size_t n);
/* Append the page's body: levels and values.  Returns 0, -EOPNOTSUPP (a
 * date-time that 64 bits of the column's unit do not hold) or -ENOMEM. */
int oq_pqtext_finish(struct oq_pqtext *t, const struct oq_pqcolumns *c,
		     size_t col, struct oq_buf *out, struct oq_err *err);
void oq_pqtext_free(struct oq_pqtext *t);

#endif
