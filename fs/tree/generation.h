/* SPDX-License-Identifier: MIT */
/* generation.h - one generation of a datastore, as the mount shows it
 *
 * A store and what goes with it: the attributes its files take from the
 * datastore file, where that lies, whether it is still being written.  All
 * nodes inside hold a reference.  Any thread.
 */
#ifndef OQFS_GENERATION_H
#define OQFS_GENERATION_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "fs/readers/super.h"
#include "fs/source/catalog.h"
#include "fs/tree/listing.h"
#include "fs/tree/reasons.h"

/* I set before sharing, never changed; L under 'lock'; A atomic */
struct oqfs_generation {
	atomic_uint refs;	    /* A */
	struct oqfs_store *store;   /* I: one reference */
	struct oqfs_listings *kept; /* I: borrowed */
	struct stat st;		    /* I: of the datastore file */
	bool is_live;		    /* I */
	bool is_young;		    /* I: see oqfs_identity_is_young() */
	bool is_root;		    /* I: the mount's root, not below one */
	bool is_plain;		    /* I: no access list, as long as it lasts */
	bool is_swmr;		    /* I: its store is live */
	struct oqfs_reasons reasons; /* with a lock of their own */
	pthread_mutex_t lock;
	bool parent_known; /* L */
	/* L: the calculation that it says it was made from, "calc_23"; or "" */
	char parent[NAME_MAX + 1];
	struct oqfs_generation *exports; /* L: one reference; see exports.h */
	/* Of one that is another's 'exports': what that was made from; else
	 * NULL and 0. */
	struct oqfs_origins *origins; /* I: owned */
	uint64_t salt;		      /* I: tells them apart in inode numbers */
};

/* A generation for the datastore that the catalogue found; one reference, the
 * caller's.  NULL for no memory. */
struct oqfs_generation *oqfs_generation_new(struct oqfs_super *super,
					    struct oqfs_listings *kept,
					    const struct oqfs_source *s);
/* One more of the same file, with a store and a reader of its own.  NULL for no
 * memory. */
struct oqfs_generation *oqfs_generation_beside(struct oqfs_super *super,
					       const struct oqfs_generation *g);
struct oqfs_generation *oqfs_generation_get(struct oqfs_generation *g);
void oqfs_generation_put(struct oqfs_generation *g);

/* Is it still the file that was found?  A young generation ends with its youth:
 * what was read of it may have been on its way to something else. */
bool oqfs_generation_is(const struct oqfs_generation *g, const struct stat *st);

/* The file is as 'now' and gets a new generation.  What is open on this one is
 * stale; but where it only came of age, or grew under its writer's hands, that
 * may go on. */
void oqfs_generation_end(struct oqfs_generation *g, const struct stat *now);

/* The file is gone, and with it what is open on this one. */
void oqfs_generation_retire(struct oqfs_generation *g);

/* As oqfs_listings_get(), and the reason is kept: why it cannot be listed, or
 * not to its end. */
int oqfs_generation_list(struct oqfs_generation *g, uint64_t object,
			 struct oqfs_cancel *cancel, struct oqfs_listing **out,
			 struct oq_err *err);

/* The directory of the datastore file, relative to the source. */
void oqfs_generation_dir(const struct oqfs_generation *g, char dir[PATH_MAX]);

/* The name of the calculation that it says it was made from, "calc_23", or "".
 * Asks the reader the first time.  False where that failed and may be tried
 * again. */
bool oqfs_generation_origin(struct oqfs_generation *g,
			    struct oqfs_cancel *cancel,
			    char name[NAME_MAX + 1]);

/* The name of the parent calculation as an entry beside this one, or "" where
 * it has none or it is not there.  Asks the reader the first time. */
void oqfs_generation_parent(struct oqfs_generation *g, struct oqfs_catalog *c,
			    struct oqfs_cancel *cancel,
			    char name[NAME_MAX + 1]);

/* May that come and go while the datastore stays as it is?  It names a parent,
 * or has not said yet. */
bool oqfs_generation_parent_varies(struct oqfs_generation *g);

#endif
