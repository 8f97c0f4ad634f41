/* SPDX-License-Identifier: MIT */
/* listing.h - the entries of groups, asked for once and kept a while
 *
 * A group of a store has one listing, fetched from its reader page by page when
 * first wanted.  Others who want it meanwhile wait.  A fetch that fails, or
 * breaks off, is not kept: the next request asks again.  Listings that nobody
 * holds are dropped, the least recently used first, when all together take more
 * than the budget.  All listings, also those that are held or being fetched,
 * never take more than 'most' bytes: a fetch beyond that fails with -ENOMEM.
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

/* The budget of a mount and its 'most', in bytes. */
#define OQFS_LISTINGS_KEPT ((size_t)64 << 20)
#define OQFS_LISTINGS_MOST ((size_t)1 << 30)

/* NULL for no memory. */
struct oqfs_listings *oqfs_listings_new(size_t budget_bytes, size_t most_bytes);
/* Every listing must have been put. */
void oqfs_listings_free(struct oqfs_listings *ls);

/* The listing of the group 'object'.  Returns 0 and a listing, which the caller
 * puts; -EINTR when cancelled; -EPROTO, -ENOMEM; or the errno that the reader
 * gave.  'cancel' and 'err' may be NULL. */
int oqfs_listings_get(struct oqfs_listings *ls, struct oqfs_store *store,
		      uint64_t object, struct oqfs_cancel *cancel,
		      struct oqfs_listing **out, struct oq_err *err);
void oqfs_listing_put(struct oqfs_listings *ls, struct oqfs_listing *l);

/* Is it there already, or on its way? */
bool oqfs_listings_have(struct oqfs_listings *ls,
			const struct oqfs_store *store, uint64_t object);

const struct oqfs_tree *oqfs_listing_tree(const struct oqfs_listing *l);

/* The listing of a damaged group may break off.  Returns why there may be more
 * entries, with the reason in '*err' (may be NULL); 0 where these are all. */
int oqfs_listing_trouble(const struct oqfs_listing *l, struct oq_err *err);

/* How many listings are kept, and how many bytes they take. */
void oqfs_listings_measure(struct oqfs_listings *ls, size_t *n, size_t *bytes);

/* Forget all listings of a store, which is about to be freed. */
void oqfs_listings_drop(struct oqfs_listings *ls,
			const struct oqfs_store *store);

#endif
