/* SPDX-License-Identifier: MIT */
/* cache.h - blocks of bytes under a budget, filled once, pinned while in use
 *
 * A block is anything that is dear to make and likely to be wanted again: a
 * decoded chunk, a run of csv text.  It has a key (an owner's number and an
 * index) and is made by the owner's fill function, outside the lock, by one
 * thread.  Other threads that want the block wait for that thread, and run the
 * pool's OQ_FETCH jobs while they wait.  When a fill fails, all that wait get
 * its errno and nothing stays in the cache, so the next call tries again.
 *
 * While the blocks take more than the budget, unpinned ones are dropped, the
 * least recently used first.  Pinned blocks may exceed the budget, since they
 * are in use, and so may the most recently used block that is not pinned.
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
	bool fetches;	/* its prefetches are OQ_FETCH jobs, else OQ_IDLE */
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

/* A cache of at most 'budget_bytes'.  'pool' (borrowed) runs the prefetches;
 * NULL: nothing is prefetched.  NULL is returned where memory ran out. */
struct oq_cache *oq_cache_new(size_t budget_bytes, struct oq_pool *pool);
/* Free the cache and its blocks, none of which may be pinned.  The pool is
 * freed before: prefetches that are still queued in it look at the cache. */
void oq_cache_free(struct oq_cache *c);

/* Pin block 'index', making it here if it is absent, waiting if another
 * thread is at it.  Returns 0, -ENOMEM or what the fill returned. */
int oq_cache_get(struct oq_cache *c, const struct oq_filler *f, uint64_t index,
		 struct oq_block *out, struct oq_err *err);

/* Unpin a block, 'n' bytes of which were used, each usually once.  A block all
 * of whose bytes were used is dropped, so that its memory is free for the next
 * one. */
void oq_cache_put_used(struct oq_cache *c, struct oq_block *b, size_t n);
/* Unpin a block that may be used again. */
static inline void oq_cache_put(struct oq_cache *c, struct oq_block *b)
{
	oq_cache_put_used(c, b, 0);
}

/* Pin block 'index' only if it is in the cache, being made, or queued to be
 * prefetched (then this waits for it).  False where it is none of these, or
 * could not be made. */
bool oq_cache_find(struct oq_cache *c, const struct oq_filler *f,
		   uint64_t index, struct oq_block *out);
/* Whether oq_cache_find() would find it now. */
bool oq_cache_has(struct oq_cache *c, const struct oq_filler *f,
		  uint64_t index);

/* Have the block made in the background, if it is absent and 'bytes', its
 * expected length, fit into the budget.  Best effort. */
void oq_cache_prefetch(struct oq_cache *c, const struct oq_filler *f,
		       uint64_t index, size_t bytes);

/* Add a block that the caller made beside another.  'data' (from malloc) is the
 * cache's from now on: freed at once where the cache has that block already or
 * memory ran out. */
void oq_cache_offer(struct oq_cache *c, const struct oq_filler *f,
		    uint64_t index, uint8_t *data, size_t len);

/* Drop all blocks of an owner and wait for its fills under way.  Nothing of
 * it may be pinned. */
void oq_cache_forget(struct oq_cache *c, const struct oq_filler *f);

/* A number for a new filler, which no other filler has. */
uint64_t oq_cache_owner(struct oq_cache *c);

/* The budget in bytes. */
size_t oq_cache_budget(struct oq_cache *c);
/* Change the budget; what exceeds the new one is dropped. */
void oq_cache_set_budget(struct oq_cache *c, size_t bytes);
/* An owner needs 'bytes' at the same time: from now on a smaller budget counts
 * as that many. */
void oq_cache_need(struct oq_cache *c, size_t bytes);

#endif
