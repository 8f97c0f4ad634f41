/* SPDX-License-Identifier: MIT */
/* listing.h - what groups hold, asked once and kept a while
 *
 * One listing a group of a store, fetched from its reader page by page when
 * first wanted.  Whoever wants the same one meanwhile waits; a fetch that
 * fails, or ends before its time, is not kept: the next one asks again.
 * Listings that nobody holds are dropped, the least recently used first, once
 * all take more than the budget.  All there are, also those that are held or
 * being fetched, take no more than 'most': who would need more gets -ENOMEM.
 * Any thread; no lock is held while a reader is asked.
 */
#ifndef OQFS_LISTING_H
#define OQFS_LISTING_H

#include <stddef.h>
#include <stdint.h>

#include "fs/readers/super.h"
#include "fs/tree/tree.h"
#include "lib/base/err.h"

struct oqfs_listings;
struct oqfs_listing;

/* The budget of a mount, and the most. */
#define OQFS_LISTINGS_KEPT ((size_t)64 << 20)
#define OQFS_LISTINGS_MOST ((size_t)1 << 30)

struct oqfs_listings *oqfs_listings_new(size_t budget_bytes, size_t most_bytes);
/* Every listing must have been put. */
void oqfs_listings_free(struct oqfs_listings *ls);

/* What the group 'object' holds.  Returns 0 and a listing to be put, or the
 * negative errno of the ask. 'cancel' may be NULL. */
int oqfs_listings_get(struct oqfs_listings *ls, struct oqfs_store *store,
		      uint64_t object, struct oqfs_cancel *cancel,
		      struct oqfs_listing **out, struct oq_err *err);
void oqfs_listing_put(struct oqfs_listings *ls, struct oqfs_listing *l);

const struct oqfs_tree *oqfs_listing_tree(const struct oqfs_listing *l);

/* A damaged group may break off: what came before is listed.  Returns why
 * there may be more, with the reason, or 0 where this is all. */
int oqfs_listing_trouble(const struct oqfs_listing *l, struct oq_err *err);

/* How many are kept, and what they take. */
void oqfs_listings_measure(struct oqfs_listings *ls, size_t *n, size_t *bytes);

/* The store is about to go: forget what was kept of it. */
void oqfs_listings_drop(struct oqfs_listings *ls,
			const struct oqfs_store *store);

#endif
