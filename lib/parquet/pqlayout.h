/* SPDX-License-Identifier: MIT */
/* pqlayout.h - where each byte of the data in a Parquet file comes from
 *
 *	PAR1 | row group | row group | ... | footer
 *
 *	row group: | chunk of column 0 | chunk of column 1 | ...
 *	chunk:     | dictionary |  page  | page | ...
 *	page:      | header | body |
 *
 * A row group has a power of two of rows, OQ_PQ_PAGE_ROWS or more, so that
 * there are few of them; so has a page, so that a group is a whole number of
 * pages.  All of this is known from the schema and the number of rows; of a
 * measured column the pages must be noted.
 *
 * Memory: a number for each row group, and 16 bytes for each page of a measured
 * column.  Made by one thread; pages are noted by any, each once; constant once
 * sealed.
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

/* The schema is borrowed for the life of the layout.  Returns 0, -EINVAL (what
 * oq_pqschema_check() says), -EOVERFLOW or -ENOMEM. */
int oq_pqlayout_new(const struct oq_pqschema *s, uint64_t nrows,
		    struct oq_pqlayout **out, struct oq_err *err);
void oq_pqlayout_free(struct oq_pqlayout *l); /* accepts NULL */

/* A page of a measured column: how many values it has (a null and an empty list
 * count as one) and how many bytes they take as PLAIN. Pages are counted
 * through the whole file; page k has the rows from k * page_rows on. */
uint64_t oq_pqlayout_page_rows(const struct oq_pqlayout *l, size_t col);
uint64_t oq_pqlayout_npages(const struct oq_pqlayout *l, size_t col);
void oq_pqlayout_note(struct oq_pqlayout *l, size_t col, uint64_t page,
		      uint64_t nvalues, uint64_t nbytes);

/* All pages are noted: add them up.  Returns 0 or -EOVERFLOW: more than Parquet
 * can say of a page, or larger than a file can be. */
int oq_pqlayout_seal(struct oq_pqlayout *l, struct oq_err *err);

/* ---- sealed ---- */

uint64_t oq_pqlayout_nrows(const struct oq_pqlayout *l);
size_t oq_pqlayout_ncols(const struct oq_pqlayout *l);
size_t oq_pqlayout_ngroups(const struct oq_pqlayout *l);
uint64_t oq_pqlayout_group_rows(const struct oq_pqlayout *l, size_t group);
/* Where a group's first byte is; of the number of groups: where the last ends.
 */
uint64_t oq_pqlayout_group(const struct oq_pqlayout *l, size_t group);

/* A column's chunk in a row group. */
struct oq_pqchunk {
	uint64_t nbytes;     /* with all headers */
	uint64_t nvalues;    /* nulls and empty lists too */
	uint64_t dict_bytes; /* of these: the dictionary's page; 0: none */
};
void oq_pqlayout_chunk(const struct oq_pqlayout *l, size_t group, size_t col,
		       struct oq_pqchunk *c);

/* Its bytes alone. */
uint64_t oq_pqlayout_chunk_bytes(const struct oq_pqlayout *l, size_t group,
				 size_t col);
/* Its pages, [first, last); the dictionary's, 0 where there is none. */
void oq_pqlayout_pages(const struct oq_pqlayout *l, size_t group, size_t col,
		       uint64_t *first, uint64_t *last);
void oq_pqlayout_dict(const struct oq_pqlayout *l, size_t col, unsigned *head,
		      uint64_t *body);

struct oq_pqpage {
	uint64_t first, nrows;
	uint64_t nvalues;
	uint64_t body; /* bytes */
	unsigned head; /* bytes */
};
void oq_pqlayout_page(const struct oq_pqlayout *l, size_t col, uint64_t page,
		      struct oq_pqpage *p);

/* Where a page's header is in its chunk; which page has byte 'off' of a chunk,
 * if the dictionary has not; which group has byte 'off' of the file, if any. */
uint64_t oq_pqlayout_page_off(const struct oq_pqlayout *l, size_t group,
			      size_t col, uint64_t page);
uint64_t oq_pqlayout_find_page(const struct oq_pqlayout *l, size_t group,
			       size_t col, uint64_t off);
size_t oq_pqlayout_find_group(const struct oq_pqlayout *l, uint64_t off);

#endif
