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
 * Levels are bits too: see oq_pqpage_levels().  In the first three a row's
 * place is arithmetic, and any bytes of a page can be made from the rows that
 * they show.  All is uncompressed.
 *
 * Nothing here allocates or fails; any thread.
 */
#ifndef OQ_PQPAGE_H
#define OQ_PQPAGE_H

#include <stddef.h>
#include <stdint.h>

#include "lib/parquet/pqschema.h"
#include "lib/parquet/thrift.h"

/* A page has no more rows, nor more bytes than a reader counts. */
#define OQ_PQ_PAGE_ROWS	 131072
#define OQ_PQ_PAGE_BYTES INT32_MAX

/* The most that comes before the rows of a page. */
#define OQ_PQ_HEAD_MAX	 6

/* ---- bodies ---- */

/* Bytes of the rows of a column that is not measured, and of what comes before
 * them in a page of so many. */
uint64_t oq_pqpage_rows_bytes(const struct oq_pqcol *c, uint64_t nrows);
unsigned oq_pqpage_head(const struct oq_pqcol *c, uint64_t nrows,
			uint8_t out[OQ_PQ_HEAD_MAX]);
/* The two together. */
uint64_t oq_pqpage_body(const struct oq_pqcol *c, uint64_t nrows);

/* Of a measured column: bytes of the levels of 'n' values.  A null and an empty
 * list count as one. */
uint64_t oq_pqpage_levels(const struct oq_pqcol *c, uint64_t n);

/* Bytes of the dictionary. */
uint64_t oq_pqpage_dict(const struct oq_pqcol *c);

/* What a part of a body is made of: first some of what comes before the rows,
 * then rows. */
struct oq_pqspan {
	size_t head_off, head_len;
	uint64_t first; /* row of the page; of packed ones a multiple of 8 */
	uint64_t nrows; /* 0: none */
	uint64_t skip;	/* bytes to drop from the front of these rows */
};

/* Bytes [off, off + len), which lie within the body of a page of 'nrows' rows
 * of a column that is not measured. */
void oq_pqpage_span(const struct oq_pqcol *c, uint64_t nrows, uint64_t off,
		    uint64_t len, struct oq_pqspan *s);

/* ---- headers ---- */

/* Of a page of 'nvalues' values, and of the dictionary, with bodies of so many
 * bytes. */
void oq_pqpage_put(const struct oq_pqcol *c, uint64_t nvalues, uint64_t body,
		   struct oq_thrift *t);
void oq_pqpage_put_dict(const struct oq_pqcol *c, uint64_t body,
			struct oq_thrift *t);
/* Their sizes. */
unsigned oq_pqpage_bytes(const struct oq_pqcol *c, uint64_t nvalues,
			 uint64_t body);
unsigned oq_pqpage_dict_bytes(const struct oq_pqcol *c, uint64_t body);

#endif
