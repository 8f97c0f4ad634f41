/* SPDX-License-Identifier: MIT */
/* pqrows.h - runs of rows of a part of a Parquet file's columns
 *
 * A part of several columns is read by the block, and the blocks are kept in
 * the cache, so that it is not read anew for each column.  A part of one column
 * is read as asked for, unless its rows are very long.
 *
 * Workers only, except where the main thread is named.
 */
#ifndef OQ_PQROWS_H
#define OQ_PQROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/columns/pqcolset.h"
#include "lib/data/env.h"
#include "lib/data/source.h"

struct oq_pqrows {
	const struct oq_env *env;
	struct oq_source *src;		    /* borrowed */
	const struct oq_pqcolumns *columns; /* borrowed */
	struct oq_filler filler;	    /* makes blocks for the cache */
};

/* Prepare; nothing is read yet. */
void oq_pqrows_init(struct oq_pqrows *r, const struct oq_env *env,
		    struct oq_source *src, const struct oq_pqcolumns *c);
/* Drop the blocks from the cache.  Accepts a zeroed structure. */
void oq_pqrows_free(struct oq_pqrows *r);

/* Some rows of a part in memory. */
struct oq_pqrun {
	const uint8_t *p; /* the first; they lie the part's row_bytes apart */
	size_t n;
	/* What oq_pqrows_put() needs: */
	size_t part;
	uint8_t *mine;
	struct oq_block block;
};

/* Get rows of a part from 'first' on: at least one and at most 'n' (n > 0).
 * 'live': what the rows point to (text, sequences) is needed too; otherwise
 * their pointers may dangle and are not to be followed.  oq_pqrows_put() gives
 * them back.  Returns 0 or a negative errno with the reason. */
int oq_pqrows_get(struct oq_pqrows *r, size_t part, uint64_t first, uint64_t n,
		  bool live, struct oq_pqrun *run, struct oq_err *err);
void oq_pqrows_put(struct oq_pqrows *r, struct oq_pqrun *run);

/* Whether rows of a part are not kept in the cache, so that the caller may as
 * well read them to where they are needed, with oq_pqrows_read(). */
bool oq_pqrows_is_straight(const struct oq_pqrows *r, size_t part);
/* Read rows [first, first + n) of a part to 'out', n times its row_bytes.
 * Returns 0 or a negative errno with the reason. */
int oq_pqrows_read(struct oq_pqrows *r, size_t part, uint64_t first, size_t n,
		   void *out, struct oq_err *err);

/* Hint: rows [first, first + n) of a part are likely to be read next.  They may
 * reach past the end. */
void oq_pqrows_ahead(struct oq_pqrows *r, size_t part, uint64_t first,
		     uint64_t n);

#endif
