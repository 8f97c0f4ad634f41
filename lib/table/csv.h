/* SPDX-License-Identifier: MIT */
/* csv.h - a table as RFC 4180 CSV, any run of its elements alone
 *
 * '\n' line ends, one header line, no padding, quotes only where needed. A row
 * that would look empty (its only field is empty, or blanks) is quoted, so that
 * no parser skips it.  The header and the runs in order, concatenated, are the
 * file.  Any thread.  No memory: the buffer's 'failed'.
 */
#ifndef OQ_CSV_H
#define OQ_CSV_H

#include "lib/base/buf.h"
#include "lib/table/table.h"
#include "lib/type/value.h"

/* Append the header line; for a matrix "c0,c1,...". */
void oq_csv_put_header(const struct oq_table *t, struct oq_buf *out);

/* Append elements [first, first + n) as text; 'elems' points to the first of
 * them.  In a matrix a run may begin and end within a row.  'refs' may be NULL
 * where the type has no references. */
void oq_csv_put(const struct oq_table *t, uint64_t first, size_t n,
		const void *elems, const struct oq_refs *refs,
		struct oq_buf *out);

/* How many bytes oq_csv_put() would append, without writing them where that
 * is cheaper.  'scratch' is working space of the caller (emptied and reused
 * from call to call, freed by the caller; its 'failed' means no memory). */
uint64_t oq_csv_len(const struct oq_table *t, uint64_t first, size_t n,
		    const void *elems, const struct oq_refs *refs,
		    struct oq_buf *scratch);

#endif
