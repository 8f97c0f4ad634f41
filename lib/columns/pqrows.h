/* SPDX-License-Identifier: MIT */
/* pqrows.h - runs of rows of a part of a Parquet file's columns
 *
 * What several columns are made from is read by the block and kept in the
 * cache, so that it is not read anew for each; all else is read as asked for.
 *
 * Any thread but the main one, except where said.
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
	struct oq_source *src; /* borrowed, as these: */
	const struct oq_pqcolumns *columns;
	struct oq_filler filler; /* of blocks */
};

/* Main thread. */
void oq_pqrows_init(struct oq_pqrows *r, const struct oq_env *env,
		    struct oq_source *src, const struct oq_pqcolumns *c);
/* Forget the blocks. */
void oq_pqrows_free(struct oq_pqrows *r);

/* Some rows, 'row_bytes' of their part apart. */
struct oq_pqrun {
	const uint8_t *p;
	size_t n;
	/* For oq_pqrows_put() */
	size_t part;
	uint8_t *mine;
	struct oq_block block;
};

/* Rows from 'first' on, 'n' of them (n > 0) or less: one at least.  What they
 * point to is there only if they are 'live'.  Returns 0 or a negative errno
 * with the reason. */
int oq_pqrows_get(struct oq_pqrows *r, size_t part, uint64_t first, uint64_t n,
		  bool live, struct oq_pqrun *run, struct oq_err *err);
void oq_pqrows_put(struct oq_pqrows *r, struct oq_pqrun *run);

/* Whether rows of a part had better be read straight to where they belong:
 * nothing keeps them. */
bool oq_pqrows_is_straight(const struct oq_pqrows *r, size_t part);
int oq_pqrows_read(struct oq_pqrows *r, size_t part, uint64_t first, size_t n,
		   void *out, struct oq_err *err);

/* These are likely to be read next.  May reach past the end. */
void oq_pqrows_ahead(struct oq_pqrows *r, size_t part, uint64_t first,
		     uint64_t n);

#endif
