/* SPDX-License-Identifier: MIT */
/* cache.h - blocks of bytes under a budget, filled once, pinned while in use
 *
 * A block is anything that is dear to make and likely to be wanted again: a
 * decoded chunk, a run of csv text.  It has a key (an owner's number and an
 * index) and is made by the owner's fill function, outside the lock, by one
 * thread; others who want it meanwhile wait for that one, and run what the
 * pool has of OQ_FETCH while they do.  A fill that fails
 * gives everyone waiting its errno and leaves nothing behind, so the next to
 * ask tries again.
 *
 * Unpinned blocks are dropped, least recently used first, while more than the
 * budget is held.  Pinned ones may exceed it, and so may the last of the
 * others: what is in use must exist.
 *
 * Any thread may call anything here.
 */
#ifndef OQ_CACHE_H
#define OQ_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/work/pool.h"

struct oq_cache;

/* How an owner's blocks are made.  Must stay as long as the owner has blocks
 * or prefetches under way, see oq_cache_forget(). */
struct oq_filler {
	uint64_t owner; /* from oq_cache_owner() */
	bool fetches;	/* its prefetches are OQ_FETCH; else they are OQ_IDLE */
	/* Make block 'index': '*data' by malloc(), '*len' its bytes.  Returns 0
	 * or a negative errno with the reason.  Called without any lock. */
	int (*fill)(const struct oq_filler *f, uint64_t index, uint8_t **data,
		    size_t *len, struct oq_err *err);
};

/* A pinned block.  Plain value; give it back with oq_cache_put(). */
struct oq_block {
	const uint8_t *data;
	size_t len;
	void *entry; /* the cache's */
};

/* 'pool' runs prefetches; NULL: there are none. */
struct oq_cache *oq_cache_new(size_t budget_bytes, struct oq_pool *pool);
/* No block may be pinned, and the pool is freed before: prefetches that are
 * still queued, forgotten ones too, look at the cache. */
void oq_cache_free(struct oq_cache *c);

/* Pin block 'index', making it here if it is absent, waiting if another
 * thread is at it.  Returns 0, -ENOMEM or what the fill returned. */
int oq_cache_get(struct oq_cache *c, const struct oq_filler *f, uint64_t index,
		 struct oq_block *out, struct oq_err *err);
void oq_cache_put(struct oq_cache *c, struct oq_block *b);

/* Pin it only if it is there, on its way or to be prefetched; false where it
 * is not, or could not be made. */
bool oq_cache_find(struct oq_cache *c, const struct oq_filler *f,
		   uint64_t index, struct oq_block *out);
/* Would that be worth trying? */
bool oq_cache_has(struct oq_cache *c, const struct oq_filler *f,
		  uint64_t index);

/* Have the block made in the background, if it is absent and room for
 * 'bytes' can be expected.  Best effort. */
void oq_cache_prefetch(struct oq_cache *c, const struct oq_filler *f,
		       uint64_t index, size_t bytes);

/* Put a block that was made in passing, taking over 'data' (from malloc); it
 * is freed at once where the key is taken or there is no memory. */
void oq_cache_offer(struct oq_cache *c, const struct oq_filler *f,
		    uint64_t index, uint8_t *data, size_t len);

/* Drop all blocks of an owner and wait for its fills under way.  Nothing of
 * it may be pinned. */
void oq_cache_forget(struct oq_cache *c, const struct oq_filler *f);

/* A number for a new filler: no other has it. */
uint64_t oq_cache_owner(struct oq_cache *c);

size_t oq_cache_budget(struct oq_cache *c);
/* Change the budget. */
void oq_cache_set_budget(struct oq_cache *c, size_t bytes);
/* Some owner cannot do with less than this: the budget counts as that much
 * from now on. */
void oq_cache_need(struct oq_cache *c, size_t bytes);

#endif
