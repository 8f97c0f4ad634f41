/* SPDX-License-Identifier: MIT */
/* parquet.h - a Parquet file as pieces, each of which can be made alone
 *
 * The place of each piece is arithmetic (pqpiece.h); no part of the file is
 * kept.  To read a range of bytes, go through the pieces that it touches:
 *
 *	oq_parquet_find(p, off, &piece), then oq_parquet_next(p, &piece)
 *	  OQ_PQ_PAGE_BODY    rows of one column: oq_pqpage_span() says which,
 *	                     pqbody.h turns them into bytes
 *	  all others         oq_parquet_put()
 *
 * Made by one thread.  Once sealed it is constant, and for any thread.
 */
#ifndef OQ_PARQUET_H
#define OQ_PARQUET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/parquet/pqfooter.h"
#include "lib/parquet/pqlayout.h"
#include "lib/parquet/pqpiece.h"
#include "lib/parquet/pqschema.h"
#include "lib/parquet/pqstat.h"

struct oq_parquet {
	const struct oq_pqschema *schema; /* borrowed */
	struct oq_pqlayout *layout;	  /* owned */
	struct oq_pqfooter footer;
	uint64_t size; /* of the whole file; after sealing */
};

/* Lay out a file of 'nrows' rows.  'schema' is borrowed for the life of '*p'.
 * Returns what oq_pqlayout_new() does; oq_parquet_free() is due in any case. */
int oq_parquet_init(struct oq_parquet *p, const struct oq_pqschema *s,
		    uint64_t nrows, struct oq_err *err);
void oq_parquet_free(struct oq_parquet *p);

/* To be called once all pages of measured columns are noted in the layout:
 * fills in 'size'.  Before this call a column's type may still change from
 * OQ_PQ_STRING to OQ_PQ_BINARY, when measuring found text that is not UTF-8;
 * the layout is the same.  Returns 0, -EOVERFLOW or -ENOMEM; after a failure
 * all pages must be noted anew. */
int oq_parquet_seal(struct oq_parquet *p, struct oq_err *err);

/* Fill in the piece that has byte 'off' of the file.  False past the end. */
bool oq_parquet_find(const struct oq_parquet *p, uint64_t off,
		     struct oq_pqpiece *piece);
/* Replace a piece by the one that follows it.  False past the end. */
bool oq_parquet_next(const struct oq_parquet *p, struct oq_pqpiece *piece);

/* Append the piece->len bytes of a piece that is not OQ_PQ_PAGE_BODY; where
 * memory runs out, the buffer says so.  OQ_PQ_FOOT_GROUP needs the statistics
 * of its row group: 'stats[i]' is used for each column i that has statistics.
 * For others 'stats' may be NULL. */
void oq_parquet_put(const struct oq_parquet *p, const struct oq_pqpiece *piece,
		    const struct oq_pqstat *stats, struct oq_buf *out);

#endif
