/* SPDX-License-Identifier: MIT */
/* parquet.h - a Parquet file as pieces, each of which can be made alone
 *
 * What is where is arithmetic (pqpiece.h); no part of the file is kept.
 * Whoever reads some bytes goes through the pieces that have them:
 *
 *	oq_parquet_find(p, off, &piece), then oq_parquet_next(p, &piece)
 *	  OQ_PQ_PAGE_BODY    rows of one column: oq_pqpage_span() says which,
 *	                     pqbody.h turns them into bytes
 *	  all others         oq_parquet_put()
 *
 * Made by one thread, and constant once sealed: then for any number of them.
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

/* Of so many rows.  Returns what oq_pqlayout_new() does. */
int oq_parquet_init(struct oq_parquet *p, const struct oq_pqschema *s,
		    uint64_t nrows, struct oq_err *err);
void oq_parquet_free(struct oq_parquet *p);

/* Once all pages of measured columns are noted in the layout: fill in 'size'.
 * Until then whoever measures may find that what was to be OQ_PQ_STRING is no
 * UTF-8, and make it OQ_PQ_BINARY: the layout is the same.
 * Returns 0, -EOVERFLOW or -ENOMEM; after a failure all are to be noted once
 * more. */
int oq_parquet_seal(struct oq_parquet *p, struct oq_err *err);

/* The piece that has byte 'off'; the one after a piece.  False past the end. */
bool oq_parquet_find(const struct oq_parquet *p, uint64_t off,
		     struct oq_pqpiece *piece);
bool oq_parquet_next(const struct oq_parquet *p, struct oq_pqpiece *piece);

/* The bytes of a piece that is no page's body: piece->len of them, unless
 * memory runs out.  Those of OQ_PQ_FOOT_GROUP need the statistics of that row
 * group: one a column, of which those of columns without are not looked at. */
void oq_parquet_put(const struct oq_parquet *p, const struct oq_pqpiece *piece,
		    const struct oq_pqstat *stats, struct oq_buf *out);

#endif
