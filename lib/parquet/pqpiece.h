/* SPDX-License-Identifier: MIT */
/* pqpiece.h - the bytes of a Parquet file as runs that are made by one rule
 *
 * Plain values, from a layout that is sealed; any thread.
 */
#ifndef OQ_PQPIECE_H
#define OQ_PQPIECE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/parquet/pqlayout.h"

enum oq_pqwhat {
	OQ_PQ_MAGIC,
	OQ_PQ_DICT_HEAD,
	OQ_PQ_DICT_BODY,
	OQ_PQ_PAGE_HEAD,
	OQ_PQ_PAGE_BODY,
	OQ_PQ_FOOT_HEAD,  /* the footer: the schema, */
	OQ_PQ_FOOT_GROUP, /* what is said of a row group, */
	OQ_PQ_FOOT_TAIL,  /* and the rest */
	OQ_PQ_END,	  /* its length, and the magic once more */
};

struct oq_pqpiece {
	enum oq_pqwhat what;
	uint64_t off, len; /* in the file; never empty */
	size_t group, col; /* what it is of */
	/* Of a page: its number in its column, its rows and values. */
	uint64_t page, first, nrows, nvalues;
};

/* The piece that has byte 'off'.  Returns false at the footer. */
bool oq_pqpiece_find(const struct oq_pqlayout *l, uint64_t off,
		     struct oq_pqpiece *p);
/* The one after a piece that is not the last before the footer. */
void oq_pqpiece_next(const struct oq_pqlayout *l, struct oq_pqpiece *p);

#endif
