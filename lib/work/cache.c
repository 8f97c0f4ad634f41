/* SPDX-License-Identifier: MIT */
/* cache.c - blocks of bytes under a budget, filled once, pinned while in use
 *
 *	QUEUED --- a worker, or whoever needs it first ---> FILLING
 *	   |                                               /       \
 *	   `--> freed by forget                        READY     FAILED
 *
 * FAILED entries are no longer in the table: those who waited for one still
 * read it, and the last of them frees it.
 *
 * For a prefetch the pool holds a ticket, not a reference to the entry.  An
 * idle job may wait for long behind urgent ones, and nothing may wait for it (a
 * block to be dropped, an owner to be forgotten).  So an entry that another
 * thread fills or frees first leaves its ticket behind, without an entry.
 */

#include "lib/work/cache.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "lib/work/keytable.h"

enum state { QUEUED, FILLING, READY, FAILED };

/* How the fields below are protected:
 *   I  set before the entry is in the table, never changed
 *   L  under the cache's 'lock'
 *   F  written by the filling thread only, read by others once ready */
struct entry {
	struct oq_keyed key;	     /* I; first: what is keyed is its entry */
	const struct oq_filler *by;  /* I */
	size_t expected_bytes;	     /* I: of a prefetch */
	size_t used;		     /* L: bytes that were used, once each */
	enum state state;	     /* L */
	unsigned refs;		     /* L: pins, waiters, who fills */
	struct ticket *ticket;	     /* L: of a prefetch that is QUEUED */
	struct entry *older, *newer; /* L: in the LRU list: READY, no refs */
	uint8_t *data;		     /* F */
	size_t len;		     /* F */
	int status;		     /* F */
	struct oq_err err;	     /* F */
};

/* A prefetch in the pool. */
struct ticket {
	struct oq_job job;	/* first: the job is its ticket */
	struct oq_cache *cache; /* I */
	struct entry *entry;	/* L: NULL where there is nothing left to do */
};

/* How the fields below are protected:
 *   I  set before the cache is shared, never changed
 *   L  under 'lock'; A atomic */
struct oq_cache {
	pthread_mutex_t lock;
	pthread_cond_t changed;	  /* L: some entry left FILLING */
	struct oq_pool *pool;	  /* I */
	size_t budget_bytes;	  /* L */
	size_t needed_bytes;	  /* L: more than the budget, if need be */
	size_t used_bytes;	  /* L: of READY entries */
	size_t expected_bytes;	  /* L: of prefetches not yet READY */
	struct oq_keytable table; /* L */
	_Atomic uint64_t nowners; /* A: handed out so far */
	struct entry lru;	  /* L: ring; lru.newer is the oldest */
	struct entry *giant;	  /* L: beyond the budget; used last of such */
};

struct oq_cache *oq_cache_new(size_t budget_bytes, struct oq_pool *pool)
{
	struct oq_cache *c = calloc(1, sizeof(*c));

	if (!c)
		return NULL;
	if (!oq_keytable_init(&c->table)) {
		free(c);
		return NULL;
	}
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->changed, NULL);
	c->budget_bytes = budget_bytes;
	c->pool = pool;
	c->lru.older = c->lru.newer = &c->lru;
	return c;
}

static struct entry *find_locked(const struct oq_cache *c, uint64_t owner,
				 uint64_t index)
{
	return (struct entry *)oq_keytable_find(&c->table, owner, index);
}

static void lru_add_locked(struct oq_cache *c, struct entry *e)
{
	e->older = c->lru.older;
	e->newer = &c->lru;
	e->older->newer = e;
	e->newer->older = e;
}

static void lru_remove(struct entry *e)
{
	e->older->newer = e->newer;
	e->newer->older = e->older;
	e->older = e->newer = NULL;
}

static void entry_free(struct entry *e)
{
	free(e->data);
	free(e);
}

static void drop_ready_locked(struct oq_cache *c, struct entry *e)
{
	lru_remove(e);
	oq_keytable_remove(&c->table, &e->key);
	c->used_bytes -= e->len;
	if (c->giant == e)
		c->giant = NULL;
	entry_free(e);
}

static size_t budget_locked(const struct oq_cache *c)
{
	return c->budget_bytes > c->needed_bytes ? c->budget_bytes
						 : c->needed_bytes;
}

/* A block that is larger than the budget is counted apart: it is read piece by
 * piece, and the blocks that are made of the pieces must not drive it out. */
static size_t beside_locked(const struct oq_cache *c)
{
	return c->giant ? c->giant->len : 0;
}

static void trim_locked(struct oq_cache *c)
{
	while (c->used_bytes - beside_locked(c) > budget_locked(c) &&
	       c->lru.newer != c->lru.older)
		drop_ready_locked(c, c->lru.newer);
}

static void unref_locked(struct oq_cache *c, struct entry *e)
{
	if (--e->refs)
		return;
	if (e->state == READY) {
		lru_add_locked(c, e);
		if (e->len && e->used >= e->len) {
			drop_ready_locked(c, e);
			return;
		}
		if (e->len > budget_locked(c))
			c->giant = e;
		trim_locked(c);
	} else if (e->state == FAILED) {
		entry_free(e);
	}
}

static struct entry *entry_new(const struct oq_filler *f, uint64_t index,
			       enum state state)
{
	struct entry *e = calloc(1, sizeof(*e));

	if (e) {
		e->by = f;
		e->key.owner = f->owner;
		e->key.index = index;
		e->state = state;
		e->refs = 1;
	}
	return e;
}

/* The entry has no use for its ticket any more. */
static void blank_ticket_locked(struct entry *e)
{
	if (e->ticket)
		e->ticket->entry = NULL;
	e->ticket = NULL;
}

/* Drop all entries that nobody holds.  Returns whether there was any. */
static bool drop_all_locked(struct oq_cache *c)
{
	bool any = c->lru.newer != &c->lru;

	while (c->lru.newer != &c->lru)
		drop_ready_locked(c, c->lru.newer);
	return any;
}

static int call_fill_locked(struct oq_cache *c, struct entry *e)
{
	int r;

	pthread_mutex_unlock(&c->lock);
	r = e->by->fill(e->by, e->key.index, &e->data, &e->len, &e->err);
	pthread_mutex_lock(&c->lock);
	return r;
}

/* Fill a QUEUED entry that this thread holds a reference to.  Called and
 * returns with the lock held; lets go of it in between. */
static void fill_locked(struct oq_cache *c, struct entry *e)
{
	blank_ticket_locked(e);
	e->state = FILLING;
	e->status = call_fill_locked(c, e);
	/* Blocks that are kept for later give way to the one that is needed
	 * now. */
	if (e->status == -ENOMEM && drop_all_locked(c))
		e->status = call_fill_locked(c, e);
	c->expected_bytes -= e->expected_bytes;
	if (e->status < 0) {
		e->state = FAILED;
		oq_keytable_remove(&c->table, &e->key);
	} else {
		e->state = READY;
		c->used_bytes += e->len;
		trim_locked(c);
	}
	pthread_cond_broadcast(&c->changed);
}

/* A reference to the entry, in the table and not necessarily ready. */
static struct entry *obtain_locked(struct oq_cache *c,
				   const struct oq_filler *f, uint64_t index)
{
	struct entry *e = find_locked(c, f->owner, index);

	if (!e) {
		e = entry_new(f, index, QUEUED);
		if (e)
			oq_keytable_add(&c->table, &e->key);
		return e;
	}
	if (e->state == READY && e->refs == 0)
		lru_remove(e);
	e->refs++;
	return e;
}

/* Help with other reads of the file, if there are any.  Called and returns
 * with the lock held; lets go of it in between. */
static bool help_locked(struct oq_cache *c)
{
	bool helped;

	if (!c->pool)
		return false;
	pthread_mutex_unlock(&c->lock);
	helped = oq_pool_help(c->pool);
	pthread_mutex_lock(&c->lock);
	return helped;
}

/* Have an entry filled that this thread holds a reference to: by this thread,
 * or by the one that fills it already.  Then it is pinned; on failure the
 * reference is given up. */
static int settle_locked(struct oq_cache *c, struct entry *e,
			 struct oq_block *out, struct oq_err *err)
{
	int r;

	if (e->state == QUEUED)
		fill_locked(c, e);
	while (e->state == FILLING)
		if (!help_locked(c) && e->state == FILLING)
			pthread_cond_wait(&c->changed, &c->lock);
	if (e->state == READY) {
		*out = (struct oq_block){ e->data, e->len, e };
		return 0;
	}
	r = e->status;
	if (err)
		*err = e->err;
	unref_locked(c, e);
	return r;
}

int oq_cache_get(struct oq_cache *c, const struct oq_filler *f, uint64_t index,
		 struct oq_block *out, struct oq_err *err)
{
	struct entry *e;
	int r;

	pthread_mutex_lock(&c->lock);
	e = obtain_locked(c, f, index);
	if (e)
		r = settle_locked(c, e, out, err);
	else
		r = oq_err_set(err, -ENOMEM, "no memory for the cache");
	pthread_mutex_unlock(&c->lock);
	return r;
}

bool oq_cache_find(struct oq_cache *c, const struct oq_filler *f,
		   uint64_t index, struct oq_block *out)
{
	bool found;

	pthread_mutex_lock(&c->lock);
	found = find_locked(c, f->owner, index) &&
		settle_locked(c, obtain_locked(c, f, index), out, NULL) == 0;
	pthread_mutex_unlock(&c->lock);
	return found;
}

bool oq_cache_has(struct oq_cache *c, const struct oq_filler *f, uint64_t index)
{
	bool has;

	pthread_mutex_lock(&c->lock);
	has = find_locked(c, f->owner, index) != NULL;
	pthread_mutex_unlock(&c->lock);
	return has;
}

void oq_cache_put_used(struct oq_cache *c, struct oq_block *b, size_t n)
{
	struct entry *e = b->entry;

	if (!e)
		return;
	pthread_mutex_lock(&c->lock);
	e->used += n;
	unref_locked(c, e);
	pthread_mutex_unlock(&c->lock);
	*b = (struct oq_block){ 0 };
}

static void prefetch(struct oq_job *job)
{
	struct ticket *t = (struct ticket *)job;
	struct oq_cache *c = t->cache;
	struct entry *e;

	pthread_mutex_lock(&c->lock);
	e = t->entry;
	if (e) {
		e->refs++;
		fill_locked(c, e);
		unref_locked(c, e);
	}
	pthread_mutex_unlock(&c->lock);
	free(t);
}

/* An entry in the table that waits for its ticket to be run, or NULL. */
static struct ticket *queue_locked(struct oq_cache *c,
				   const struct oq_filler *f, uint64_t index,
				   size_t bytes)
{
	struct ticket *t = calloc(1, sizeof(*t));
	struct entry *e = t ? entry_new(f, index, QUEUED) : NULL;

	if (!e) {
		free(t);
		return NULL;
	}
	t->job.run = prefetch;
	t->cache = c;
	t->entry = e;
	e->ticket = t;
	e->refs = 0;
	e->expected_bytes = bytes;
	c->expected_bytes += bytes;
	oq_keytable_add(&c->table, &e->key);
	return t;
}

void oq_cache_prefetch(struct oq_cache *c, const struct oq_filler *f,
		       uint64_t index, size_t bytes)
{
	struct ticket *t = NULL;

	if (!c->pool)
		return;
	pthread_mutex_lock(&c->lock);
	if (c->expected_bytes + bytes <= budget_locked(c) / 2 &&
	    !find_locked(c, f->owner, index))
		t = queue_locked(c, f, index, bytes);
	pthread_mutex_unlock(&c->lock);
	/* Even if another thread fills the entry meanwhile, the ticket must be
	 * handed in here. */
	if (t)
		oq_pool_submit(c->pool, &t->job,
			       f->fetches ? OQ_FETCH : OQ_IDLE);
}

void oq_cache_offer(struct oq_cache *c, const struct oq_filler *f,
		    uint64_t index, uint8_t *data, size_t len)
{
	struct entry *e = NULL;

	pthread_mutex_lock(&c->lock);
	if (!find_locked(c, f->owner, index))
		e = entry_new(f, index, READY);
	if (e) {
		e->data = data;
		e->len = len;
		c->used_bytes += len;
		oq_keytable_add(&c->table, &e->key);
		unref_locked(c, e);
	}
	pthread_mutex_unlock(&c->lock);
	if (!e)
		free(data);
}

/* Take an entry out of the table.  Returns true if it is in use, so that it
 * cannot be taken out yet. */
static bool forget_one_locked(struct oq_cache *c, struct entry *e)
{
	if (e->state == READY && e->refs == 0) {
		drop_ready_locked(c, e);
	} else if (e->state == QUEUED) {
		c->expected_bytes -= e->expected_bytes;
		blank_ticket_locked(e);
		oq_keytable_remove(&c->table, &e->key);
		entry_free(e);
	} else {
		return true;
	}
	return false;
}

/* The same for all entries of an owner: true if one is in use. */
static bool forget_locked(struct oq_cache *c, uint64_t owner)
{
	bool busy = false;

	for (size_t i = 0; i < c->table.nchains; i++) {
		for (struct oq_keyed *k = c->table.chains[i], *next; k;
		     k = next) {
			next = k->next;
			if (k->owner == owner)
				busy |= forget_one_locked(c, (struct entry *)k);
		}
	}
	return busy;
}

void oq_cache_forget(struct oq_cache *c, const struct oq_filler *f)
{
	pthread_mutex_lock(&c->lock);
	while (forget_locked(c, f->owner))
		pthread_cond_wait(&c->changed, &c->lock);
	pthread_mutex_unlock(&c->lock);
}

uint64_t oq_cache_owner(struct oq_cache *c)
{
	return atomic_fetch_add(&c->nowners, 1) + 1;
}

size_t oq_cache_budget(struct oq_cache *c)
{
	size_t bytes;

	pthread_mutex_lock(&c->lock);
	bytes = budget_locked(c);
	pthread_mutex_unlock(&c->lock);
	return bytes;
}

void oq_cache_set_budget(struct oq_cache *c, size_t bytes)
{
	pthread_mutex_lock(&c->lock);
	c->budget_bytes = bytes;
	trim_locked(c);
	pthread_mutex_unlock(&c->lock);
}

void oq_cache_need(struct oq_cache *c, size_t bytes)
{
	pthread_mutex_lock(&c->lock);
	if (c->needed_bytes < bytes)
		c->needed_bytes = bytes;
	pthread_mutex_unlock(&c->lock);
}

void oq_cache_free(struct oq_cache *c)
{
	if (!c)
		return;
	drop_all_locked(c);
	oq_keytable_free(&c->table);
	pthread_cond_destroy(&c->changed);
	pthread_mutex_destroy(&c->lock);
	free(c);
}
