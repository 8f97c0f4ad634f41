/* SPDX-License-Identifier: MIT */
/* pqlayout.h - where each byte of the data in a Parquet file comes from
 *
 *	PAR1 | row group | row group | ... | footer
 *
 *	row group: | chunk of column 0 | chunk of column 1 | ...
 *	chunk:     | dictionary |  page  | page | ...
 *	page:      | header | body |
 *
 * The number of rows in a row group is a power of two, and so is that in a
 * page, so a row group is a whole number of pages.  Row groups are large enough
 * that there are at most OQ_PQ_MAX_GROUPS of them.  All places follow from the
 * schema and the number of rows, except those behind pages of measured columns,
 * whose lengths must be noted first.
 *
 * Memory: a number for each row group, and 16 bytes for each page of a measured
 * column.  Made by one thread.  Pages may be noted by any thread, each page
 * once.  Constant once sealed, and then for any thread.
 */
#ifndef OQ_PQLAYOUT_H
#define OQ_PQLAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/parquet/pqschema.h"

#define OQ_PQ_MAX_GROUPS 4096

struct oq_pqlayout;

/* Lay out 'nrows' rows.  The schema is borrowed for the life of the layout.
 * Returns 0, -EINVAL (see oq_pqschema_check()), -EOVERFLOW (too many rows for
 * Parquet) or -ENOMEM. */
int oq_pqlayout_new(const struct oq_pqschema *s, uint64_t nrows,
		    struct oq_pqlayout **out, struct oq_err *err);
void oq_pqlayout_free(struct oq_pqlayout *l); /* accepts NULL */

/* How many rows a page of column 'col' has, and how many pages the column has.
 * Pages are numbered through the whole file: page k has the rows from
 * k * oq_pqlayout_page_rows() on. */
uint64_t oq_pqlayout_page_rows(const struct oq_pqlayout *l, size_t col);
uint64_t oq_pqlayout_npages(const struct oq_pqlayout *l, size_t col);
/* Note a page of a measured column: how many values it has (a null and an empty
 * list count as one) and how many bytes they take in PLAIN encoding. */
void oq_pqlayout_note(struct oq_pqlayout *l, size_t col, uint64_t page,
		      uint64_t nvalues, uint64_t nbytes);

/* To be called once all pages are noted: find where everything lies.  Returns 0
 * or -EOVERFLOW (a page or the file is larger than it can be). */
int oq_pqlayout_seal(struct oq_pqlayout *l, struct oq_err *err);

/* ---- once sealed ---- */

uint64_t oq_pqlayout_nrows(const struct oq_pqlayout *l);
size_t oq_pqlayout_ncols(const struct oq_pqlayout *l);
size_t oq_pqlayout_ngroups(const struct oq_pqlayout *l);
uint64_t oq_pqlayout_group_rows(const struct oq_pqlayout *l, size_t group);
/* Where row group 'group' begins in the file; for oq_pqlayout_ngroups(), where
 * the last one ends. */
uint64_t oq_pqlayout_group(const struct oq_pqlayout *l, size_t group);

/* What one column has in one row group. */
struct oq_pqchunk {
	uint64_t nbytes;     /* in all, headers included */
	uint64_t nvalues;    /* nulls and empty lists included */
	uint64_t dict_bytes; /* the dictionary's page, with header; or 0 */
};
void oq_pqlayout_chunk(const struct oq_pqlayout *l, size_t group, size_t col,
		       struct oq_pqchunk *c);

/* The 'nbytes' of that chunk alone. */
uint64_t oq_pqlayout_chunk_bytes(const struct oq_pqlayout *l, size_t group,
				 size_t col);
/* The chunk's pages are [*first, *last). */
void oq_pqlayout_pages(const struct oq_pqlayout *l, size_t group, size_t col,
		       uint64_t *first, uint64_t *last);
/* Bytes of the header and of the body of a column's dictionary page; 0 where it
 * has none. */
void oq_pqlayout_dict(const struct oq_pqlayout *l, size_t col, unsigned *head,
		      uint64_t *body);

struct oq_pqpage {
	uint64_t first, nrows; /* rows of the file */
	uint64_t nvalues;
	uint64_t body; /* bytes of the body */
	unsigned head; /* bytes of the header */
};
void oq_pqlayout_page(const struct oq_pqlayout *l, size_t col, uint64_t page,
		      struct oq_pqpage *p);

/* Where a page's header begins, counted from the start of its chunk. */
uint64_t oq_pqlayout_page_off(const struct oq_pqlayout *l, size_t group,
			      size_t col, uint64_t page);
/* The page that has byte 'off' of a chunk, which is not the dictionary's. */
uint64_t oq_pqlayout_find_page(const struct oq_pqlayout *l, size_t group,
			       size_t col, uint64_t off);
/* The row group that has byte 'off' of the file, which is in one of them. */
size_t oq_pqlayout_find_group(const struct oq_pqlayout *l, uint64_t off);

#endif
