/* SPDX-License-Identifier: MIT */
/* pqpage.h - one page of a Parquet column: its header, and where a row is
 *
 *	plain     | value | value | ...
 *	bools     | bits, eight rows a byte |
 *	texts of a dictionary
 *	          | bits a number | length | groups of eight rows, bit-packed |
 *	nullable  | levels | values |
 *	lists     | levels | levels | values |
 *
 * Levels are bit-packed as well (oq_pqpage_levels()).  In pages of the first
 * three kinds a row's place is arithmetic, so any bytes of a page can be made
 * from the rows that they show.  Nothing is compressed.
 *
 * Nothing here allocates or fails; any thread.
 */
#ifndef OQ_PQPAGE_H
#define OQ_PQPAGE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/parquet/pqschema.h"
#include "lib/parquet/thrift.h"

/* The most rows in a page, and the most bytes: readers count in int32. */
#define OQ_PQ_PAGE_ROWS	 131072
#define OQ_PQ_PAGE_BYTES INT32_MAX

/* The most bytes that come before the rows in a page's body. */
#define OQ_PQ_HEAD_MAX	 6

/* ---- bodies ---- */

/* Bytes that 'nrows' rows of a column that is not measured take in a page. */
uint64_t oq_pqpage_rows_bytes(const struct oq_pqcol *c, uint64_t nrows);
/* Write what comes before the rows in the body of a page of 'nrows' rows, and
 * return how many bytes that is; 'out' may not be NULL. */
unsigned oq_pqpage_head(const struct oq_pqcol *c, uint64_t nrows,
			uint8_t out[OQ_PQ_HEAD_MAX]);
/* Bytes of the whole body of such a page. */
uint64_t oq_pqpage_body(const struct oq_pqcol *c, uint64_t nrows);

/* Bytes of the levels of 'n' values in a page of a measured column.  A null and
 * an empty list count as one value. */
uint64_t oq_pqpage_levels(const struct oq_pqcol *c, uint64_t n);

/* Bytes of the body of the column's dictionary page. */
uint64_t oq_pqpage_dict(const struct oq_pqcol *c);

/* What a range of a body's bytes is made of: some of what comes before the
 * rows, then rows. */
struct oq_pqspan {
	size_t head_off, head_len;
	uint64_t first; /* row of the page; a multiple of 8 where packed */
	uint64_t nrows; /* 0: no rows */
	uint64_t skip;	/* bytes to drop from the front of those rows */
};

/* Describe bytes [off, off + len), which lie within the body of a page of
 * 'nrows' rows of a column that is not measured. */
void oq_pqpage_span(const struct oq_pqcol *c, uint64_t nrows, uint64_t off,
		    uint64_t len, struct oq_pqspan *s);

/* ---- headers ---- */

/* Put the header of a page of 'nvalues' values whose body has 'body' bytes. */
void oq_pqpage_put(const struct oq_pqcol *c, uint64_t nvalues, uint64_t body,
		   struct oq_thrift *t);
/* Put the header of the dictionary page. */
void oq_pqpage_put_dict(const struct oq_pqcol *c, uint64_t body,
			struct oq_thrift *t);
/* Bytes of these two headers. */
unsigned oq_pqpage_bytes(const struct oq_pqcol *c, uint64_t nvalues,
			 uint64_t body);
unsigned oq_pqpage_dict_bytes(const struct oq_pqcol *c, uint64_t body);

#endif
