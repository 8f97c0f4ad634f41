/* SPDX-License-Identifier: MIT */
/* pqpiece.h - the bytes of a Parquet file as runs, each made in one way
 *
 * Plain values, computed from a sealed layout; any thread.
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
	OQ_PQ_FOOT_HEAD,  /* the footer's schema */
	OQ_PQ_FOOT_GROUP, /* the footer's entry for a row group */
	OQ_PQ_FOOT_TAIL,  /* the rest of the footer */
	OQ_PQ_END,	  /* the footer's length, and the magic again */
};

struct oq_pqpiece {
	enum oq_pqwhat what;
	uint64_t off, len; /* in the file; never empty */
	size_t group, col; /* to which it belongs, if to any */
	/* For a page: its number in its column, its rows and values. */
	uint64_t page, first, nrows, nvalues;
};

/* Fill in the piece that has byte 'off'.  False where that is in the footer. */
bool oq_pqpiece_find(const struct oq_pqlayout *l, uint64_t off,
		     struct oq_pqpiece *p);
/* Replace a piece, which is not the last before the footer, by the next one. */
void oq_pqpiece_next(const struct oq_pqlayout *l, struct oq_pqpiece *p);

#endif
