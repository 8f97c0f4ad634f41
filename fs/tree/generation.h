/* SPDX-License-Identifier: MIT */
/* generation.h - one generation of a datastore, as the mount shows it
 *
 * A datastore file that changes gets a new generation.  A generation has the
 * store that readers serve, the attributes that the file had, whether it is
 * still being written, and why objects could not be read.  Every node inside
 * the datastore holds a reference.  Any thread.
 */
#ifndef OQFS_GENERATION_H
#define OQFS_GENERATION_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "fs/readers/names.h"
#include "fs/readers/reasons.h"
#include "fs/readers/super.h"
#include "fs/source/catalog.h"
#include "fs/source/others.h"
#include "fs/tree/leadset.h"
#include "fs/tree/listing.h"

/* I set before sharing, never changed; L under 'lock'; A atomic */
struct oqfs_generation {
	atomic_uint refs;	     /* A */
	struct oqfs_store *store;    /* I: one reference */
	struct oqfs_listings *kept;  /* I: borrowed */
	struct stat st;		     /* I: of the datastore file */
	bool is_live;		     /* I: the file is still being written */
	bool is_young;		     /* I: see oqfs_identity_is_young() */
	bool is_root;		     /* I: it is the mount's root */
	bool is_plain;		     /* I: the file never has an access list */
	bool is_swmr;		     /* I: oqfs_store_set_live() was called */
	struct oqfs_reasons reasons; /* with a lock of their own */
	struct oqfs_leadset *leads;  /* I: with a lock of its own, or NULL */
	struct oqfs_names names;     /* with a lock of their own */
	pthread_mutex_t lock;
	bool parent_known; /* L: 'parent' was asked for */
	/* L: the calculation that it was made from, "calc_23"; or "" */
	char parent[NAME_MAX + 1];
	struct oqfs_generation *exports; /* L: one reference; see exports.h */
	/* L: one reference, to the first of a list, in which this field is the
	 * next; see virtual.h */
	struct oqfs_generation *virtuals;
	/* Of a generation that is the 'exports' of another: the calculations
	 * that the other was made from; else NULL and 0. */
	struct oqfs_origins *origins; /* I: owned */
	/* Of one that is of the 'virtuals' of another: the other files that it
	 * takes data from; else NULL. */
	struct oqfs_others *others; /* I: owned */
	uint64_t salt;		    /* I: of these, for inode numbers */
};

/* A generation for the datastore that the catalogue found, with a reference for
 * the caller.  'kept' is borrowed.  NULL for no memory. */
struct oqfs_generation *oqfs_generation_new(struct oqfs_super *super,
					    struct oqfs_listings *kept,
					    const struct oqfs_source *s);
/* Another generation of the same file, with a store and a reader of its own.
 * NULL for no memory. */
struct oqfs_generation *oqfs_generation_beside(struct oqfs_super *super,
					       const struct oqfs_generation *g);
/* Take and drop a reference; both accept NULL.  The last put may end a reader,
 * so no lock may be held. */
struct oqfs_generation *oqfs_generation_get(struct oqfs_generation *g);
void oqfs_generation_put(struct oqfs_generation *g);

/* Whether a file with these attributes still is this generation.  A young
 * generation ends when the file is no longer young: what was read early may
 * have been half written. */
bool oqfs_generation_is(const struct oqfs_generation *g, const struct stat *st);

/* End a generation because the file now is as 'now' and gets a new one.  Files
 * that are open on it become stale, unless the file only ceased to be young or
 * grew under its writer. */
void oqfs_generation_end(struct oqfs_generation *g, const struct stat *now);

/* End a generation because its file is gone: all that is open on it is stale.
 */
void oqfs_generation_retire(struct oqfs_generation *g);

/* List a group as oqfs_listings_get() does, and keep the reason where it cannot
 * be listed, or not to its end (reasons.h). */
int oqfs_generation_list(struct oqfs_generation *g, uint64_t object,
			 struct oqfs_cancel *cancel, struct oqfs_listing **out,
			 struct oq_err *err);

/* The directory of the datastore file, relative to the source; "" for its top.
 */
void oqfs_generation_dir(const struct oqfs_generation *g, char dir[PATH_MAX]);

/* The name of the calculation that the datastore says it was made from,
 * "calc_23", or "".  Asks the reader until it has answered.  False where it did
 * not answer now. */
bool oqfs_generation_origin(struct oqfs_generation *g,
			    struct oqfs_cancel *cancel,
			    char name[NAME_MAX + 1]);

/* The same, but "" also where no entry of that name is in the same directory,
 * or the reader did not answer. */
void oqfs_generation_parent(struct oqfs_generation *g, struct oqfs_catalog *c,
			    struct oqfs_cancel *cancel,
			    char name[NAME_MAX + 1]);

/* Whether the result of oqfs_generation_parent() may change while the datastore
 * stays as it is: it names a parent, or has not been asked. */
bool oqfs_generation_parent_varies(struct oqfs_generation *g);

#endif
