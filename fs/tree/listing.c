/* SPDX-License-Identifier: MIT */
/* listing.c - what groups hold, asked once and kept a while */

#include "fs/tree/listing.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

#include "lib/base/num.h"
#include "lib/ipc/shm.h"

#define BUCKETS 1024

enum state { FILLING, READY, GONE };

/* L under the lock of the cache; F written by the filling thread only, read by
 * others once the state is READY */
struct oqfs_listing {
	const struct oqfs_store *store; /* L, as all up to 'bytes' */
	uint64_t object;
	enum state state;
	unsigned refs;
	size_t bytes;
	size_t taken;		   /* F: of 'most' */
	struct oqfs_tree *tree;	   /* F */
	int trouble;		   /* F: why there may be more entries */
	struct oq_err why;	   /* F */
	struct oqfs_listing *next; /* in its bucket */
	struct oqfs_listing *newer, *older; /* L: while READY */
};

/* L under 'lock', I never changed */
struct oqfs_listings {
	pthread_mutex_t lock;
	pthread_cond_t settled;		       /* L: a fill ended */
	size_t budget, most;		       /* I */
	size_t used;			       /* L: by those that are READY */
	size_t taken;			       /* L: by all there are */
	struct oqfs_listing *buckets[BUCKETS]; /* L */
	struct oqfs_listing *newest, *oldest;  /* L */
};

struct oqfs_listings *oqfs_listings_new(size_t budget_bytes, size_t most_bytes)
{
	struct oqfs_listings *ls = calloc(1, sizeof(*ls));

	if (!ls)
		return NULL;
	pthread_mutex_init(&ls->lock, NULL);
	pthread_cond_init(&ls->settled, NULL);
	ls->budget = budget_bytes;
	ls->most = most_bytes;
	return ls;
}

static struct oqfs_listing **bucket_of(struct oqfs_listings *ls,
				       const struct oqfs_store *store,
				       uint64_t object)
{
	uint64_t h = ((uint64_t)(uintptr_t)store ^ object) * 0x9e3779b97f4a7c15;

	return &ls->buckets[(h >> 32) % BUCKETS];
}

static void unlink_age_locked(struct oqfs_listings *ls, struct oqfs_listing *l)
{
	*(l->newer ? &l->newer->older : &ls->newest) = l->older;
	*(l->older ? &l->older->newer : &ls->oldest) = l->newer;
}

static void link_age_locked(struct oqfs_listings *ls, struct oqfs_listing *l)
{
	l->newer = NULL;
	l->older = ls->newest;
	*(ls->newest ? &ls->newest->newer : &ls->oldest) = l;
	ls->newest = l;
}

/* Nobody finds it any more; it is freed when the last holder puts it. */
static void hide_locked(struct oqfs_listings *ls, struct oqfs_listing *l)
{
	struct oqfs_listing **p = bucket_of(ls, l->store, l->object);

	while (*p != l)
		p = &(*p)->next;
	*p = l->next;
	if (l->state == READY) {
		unlink_age_locked(ls, l);
		ls->used -= l->bytes;
	}
	l->state = GONE;
}

/* Before bytes are kept, as many again half for the order they are put in.
 * What is more than one page leaves the rest to those that are not. */
static bool take(struct oqfs_listings *ls, struct oqfs_listing *l, size_t n)
{
	size_t most = l->taken ? ls->most / 2 : ls->most;
	bool fits;

	n += n / 2;
	pthread_mutex_lock(&ls->lock);
	fits = n <= most && ls->taken <= most - n;
	ls->taken += fits ? n : 0;
	pthread_mutex_unlock(&ls->lock);
	l->taken += fits ? n : 0;
	return fits;
}

static void free_listing(struct oqfs_listings *ls, struct oqfs_listing *l)
{
	pthread_mutex_lock(&ls->lock);
	ls->taken -= l->taken;
	pthread_mutex_unlock(&ls->lock);
	oqfs_tree_free(l->tree);
	free(l);
}

/* Take what is over the budget out; the caller frees the chain. */
static struct oqfs_listing *trim_locked(struct oqfs_listings *ls)
{
	struct oqfs_listing *victims = NULL, *l = ls->oldest;

	while (l && ls->used > ls->budget) {
		struct oqfs_listing *newer = l->newer;

		if (l->refs == 0) {
			hide_locked(ls, l);
			l->next = victims;
			victims = l;
		}
		l = newer;
	}
	return victims;
}

static void free_chain(struct oqfs_listings *ls, struct oqfs_listing *l)
{
	while (l) {
		struct oqfs_listing *next = l->next;

		free_listing(ls, l);
		l = next;
	}
}

void oqfs_listings_free(struct oqfs_listings *ls)
{
	if (!ls)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		free_chain(ls, ls->buckets[i]);
	pthread_cond_destroy(&ls->settled);
	pthread_mutex_destroy(&ls->lock);
	free(ls);
}

void oqfs_listing_put(struct oqfs_listings *ls, struct oqfs_listing *l)
{
	struct oqfs_listing *victims = NULL;
	bool last;

	if (!l)
		return;
	pthread_mutex_lock(&ls->lock);
	last = --l->refs == 0 && l->state == GONE;
	if (!last)
		victims = trim_locked(ls);
	pthread_mutex_unlock(&ls->lock);
	if (last)
		free_listing(ls, l);
	free_chain(ls, victims);
}

const struct oqfs_tree *oqfs_listing_tree(const struct oqfs_listing *l)
{
	return l->tree;
}

int oqfs_listing_trouble(const struct oqfs_listing *l, struct oq_err *err)
{
	if (l->trouble && err)
		*err = l->why;
	return l->trouble;
}

void oqfs_listings_measure(struct oqfs_listings *ls, size_t *n, size_t *bytes)
{
	*n = 0;
	pthread_mutex_lock(&ls->lock);
	for (const struct oqfs_listing *l = ls->newest; l; l = l->older)
		(*n)++;
	*bytes = ls->used;
	pthread_mutex_unlock(&ls->lock);
}

void oqfs_listings_drop(struct oqfs_listings *ls,
			const struct oqfs_store *store)
{
	struct oqfs_listing *victims = NULL;

	pthread_mutex_lock(&ls->lock);
	for (size_t i = 0; i < BUCKETS; i++) {
		struct oqfs_listing *l = ls->buckets[i], *next;

		for (; l; l = next) {
			next = l->next;
			if (l->store != store)
				continue;
			hide_locked(ls, l);
			if (l->refs)
				continue;
			l->next = victims;
			victims = l;
		}
	}
	pthread_mutex_unlock(&ls->lock);
	free_chain(ls, victims);
}

/* A page that is not the last is full, but for one before an error: so there
 * are not many, whatever a reader says. */
static bool page_is_right(const struct oqfs_answer *a, uint64_t off,
			  unsigned *nshort)
{
	if (a->reply.size == 0)
		return true;
	if (a->reply.nbytes < OQ_SHM_SLOT_BYTES / 2)
		++*nshort;
	return a->reply.size > off && *nshort <= 1;
}

/* Ask for all pages. An error on a later one is the group's trouble. */
static int fetch(struct oqfs_listings *ls, struct oqfs_listing *l,
		 struct oqfs_store *store, struct oqfs_cancel *cancel,
		 struct oq_buf *bytes, struct oq_err *err)
{
	struct oq_request req = {
		.op = OQ_OP_LIST,
		.object = l->object,
		.part = OQ_WIRE_NO_PART,
		.len = OQ_SHM_SLOT_BYTES,
	};
	unsigned nshort = 0;
	bool right, fits;
	int r;

	do {
		struct oqfs_answer a;
		uint64_t next;

		r = oqfs_store_ask(store, &req, cancel, &a, &l->why);
		if (r == -EIO && req.off) {
			l->trouble = r;
			break;
		}
		if (r) {
			if (err)
				*err = l->why;
			return r;
		}
		next = a.reply.size;
		fits = take(ls, l, a.reply.nbytes);
		if (fits)
			oq_buf_put(bytes, a.bytes, a.reply.nbytes);
		right = page_is_right(&a, req.off, &nshort);
		oqfs_answer_done(&a);
		if (!right)
			return oq_err_set(err, -EPROTO,
					  "its reader sent no proper listing");
		if (!fits)
			return oq_err_set(err, -ENOMEM,
					  "its listing is too long beside the "
					  "others");
		req.off = next;
	} while (req.off);
	return oq_buf_failed(bytes) ? -ENOMEM : 0;
}

static int fill(struct oqfs_listings *ls, struct oqfs_listing *l,
		struct oqfs_store *store, struct oqfs_cancel *cancel,
		struct oq_err *err)
{
	OQ_BUF struct oq_buf bytes = { 0 };
	int r = fetch(ls, l, store, cancel, &bytes, err);

	if (r)
		return r;
	r = l->object == OQ_WIRE_ROOT ? oqfs_tree_new_root(&bytes, &l->tree)
				      : oqfs_tree_new(&bytes, &l->tree);
	if (r == -EPROTO)
		oq_err_set(err, r, "its reader sent no proper listing");
	return r;
}

static struct oqfs_listing *find_locked(struct oqfs_listings *ls,
					const struct oqfs_store *store,
					uint64_t object)
{
	struct oqfs_listing *l = *bucket_of(ls, store, object);

	while (l && (l->store != store || l->object != object))
		l = l->next;
	return l;
}

bool oqfs_listings_have(struct oqfs_listings *ls,
			const struct oqfs_store *store, uint64_t object)
{
	bool have;

	pthread_mutex_lock(&ls->lock);
	have = find_locked(ls, store, object);
	pthread_mutex_unlock(&ls->lock);
	return have;
}

static struct oqfs_listing *add_locked(struct oqfs_listings *ls,
				       const struct oqfs_store *store,
				       uint64_t object)
{
	struct oqfs_listing *l = calloc(1, sizeof(*l));
	struct oqfs_listing **bucket = bucket_of(ls, store, object);

	if (!l)
		return NULL;
	l->store = store;
	l->object = object;
	l->state = FILLING;
	l->next = *bucket;
	*bucket = l;
	return l;
}

/* A ready one, or a new one that the caller is to fill.  Waits for another's
 * fill: that ends, since asks have deadlines. */
static int claim(struct oqfs_listings *ls, const struct oqfs_store *store,
		 uint64_t object, struct oqfs_cancel *cancel,
		 struct oqfs_listing **out, bool *mine)
{
	struct oqfs_listing *l;
	int r = 0;

	oqfs_cancel_watch(cancel, &ls->lock, &ls->settled);
	pthread_mutex_lock(&ls->lock);
	while ((l = find_locked(ls, store, object)) && l->state == FILLING &&
	       !oqfs_cancel_fired(cancel))
		oqfs_wait_until(&ls->settled, &ls->lock, OQFS_FOREVER);
	*mine = !l;
	if (l && l->state == FILLING) {
		r = -EINTR;
	} else if (l) {
		unlink_age_locked(ls, l);
		link_age_locked(ls, l);
	} else {
		l = add_locked(ls, store, object);
		r = l ? 0 : -ENOMEM;
	}
	if (r == 0)
		l->refs++;
	pthread_mutex_unlock(&ls->lock);
	oqfs_cancel_unwatch(cancel);
	*out = l;
	return r;
}

int oqfs_listings_get(struct oqfs_listings *ls, struct oqfs_store *store,
		      uint64_t object, struct oqfs_cancel *cancel,
		      struct oqfs_listing **out, struct oq_err *err)
{
	struct oqfs_listing *l, *victims = NULL;
	bool mine;
	int r;

	*out = NULL;
	r = claim(ls, store, object, cancel, &l, &mine);
	if (r)
		return r;
	*out = l;
	if (!mine)
		return 0;
	r = fill(ls, l, store, cancel, err);
	pthread_mutex_lock(&ls->lock);
	if (l->state == FILLING && r == 0 && !l->trouble) {
		l->bytes = sizeof(*l) + oqfs_tree_bytes(l->tree);
		l->state = READY;
		ls->used += l->bytes;
		link_age_locked(ls, l);
		victims = trim_locked(ls);
	} else if (l->state == FILLING) {
		hide_locked(ls, l);
	}
	pthread_cond_broadcast(&ls->settled);
	pthread_mutex_unlock(&ls->lock);
	free_chain(ls, victims);
	if (r) {
		oqfs_listing_put(ls, l);
		*out = NULL;
	}
	return r;
}
