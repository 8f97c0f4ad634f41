/* SPDX-License-Identifier: MIT */
/* entry.h - a group's entries in the form that crosses the wire */
#ifndef OQ_ENTRY_H
#define OQ_ENTRY_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/data/env.h"
#include "lib/file/file.h"
#include "lib/ipc/wire.h"

/* A whole group, encoded.  Zeroed before first use. */
struct oq_listing {
	uint64_t group;
	struct oq_buf data; /* entries (wire.h), one after the other */
	struct oq_buf ends; /* size_t each: where entry i ends in 'data' */
	int status;	    /* why there may be more: the group is damaged */
	struct oq_err err;
};

void oq_listing_free(struct oq_listing *l);

/* Main thread: read a group anew.  If reading breaks off in the middle, the
 * entries up to there are kept, and asking for more gives the reason. */
int oq_listing_read(const struct oq_env *env, uint64_t group,
		    const struct oq_progress *p, struct oq_listing *l,
		    struct oq_err *err);

/* Main thread: only those entries that an OQ_OP_FAMILY asks for by 'names'.
 * '*nlinks' is how many links the group has, or OQ_H5_NOT_COUNTED.  Returns 0,
 * or a negative errno where there may be more of these. */
int oq_listing_family(const struct oq_env *env, uint64_t group,
		      const struct oq_progress *p, const struct oq_buf *names,
		      struct oq_listing *l, uint64_t *nlinks,
		      struct oq_err *err);

/* Make a listing of something that is not a group, entry by entry.
 * oq_listing_end() returns 0, or -ENOMEM if memory ran out on the way. */
void oq_listing_begin(struct oq_listing *l, uint64_t group);
void oq_listing_add(struct oq_listing *l, const struct oq_entry *e);
int oq_listing_end(struct oq_listing *l, struct oq_err *err);

/* Copy entries for the wire, as oq_store_list() (store.h) describes. */
int oq_listing_put(const struct oq_listing *l, uint64_t from, size_t room,
		   struct oq_buf *out, uint64_t *next, struct oq_err *err);

#endif
