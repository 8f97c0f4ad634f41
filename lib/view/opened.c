/* SPDX-License-Identifier: MIT */
/* opened.c - the views that are open, the latest used of them */

#include "lib/view/opened.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* A dataset that is open costs HDF5 some kilobytes. */
#define MAX_OPENED 512
/* What the views beyond the latest used one may hold: text, measured blocks,
 * and the labels of their datasets, each once. */
#define MAX_BYTES  ((size_t)64 << 20)

/* How the fields below are protected:
 *   I  set before it is shared, never changed
 *   A  atomic
 *   T  main thread only */
struct oq_opened {
	struct oq_job job;	  /* first: closing it is a job */
	const struct oq_env *env; /* I */
	struct oq_shown *shown;	  /* I; owned */
	uint64_t object;	  /* I */
	struct oq_buf key;	  /* I */
	atomic_uint refs;	  /* A: users, and one for being in the set */
	struct oq_opened *next;	  /* T: in the set, latest used first */
};

struct oq_opened_set {
	const struct oq_env *env;
	struct oq_opened *head;
	size_t n;
	size_t bytes;
};

struct oq_opened_set *oq_opened_new(const struct oq_env *env)
{
	struct oq_opened_set *set = calloc(1, sizeof(*set));

	if (set)
		set->env = env;
	return set;
}

static void put_key(const struct oq_request *r, struct oq_buf *key)
{
	oq_buf_put_u64(key, r->object);
	oq_buf_put_u32(key, r->view);
	oq_buf_put_u64(key, r->part);
	oq_buf_put_str(key, r->slice, r->slice_len);
	/* A csv is headed by a name; nothing else depends on it. */
	if (r->view == OQ_VIEW_CSV || r->view == OQ_VIEW_TXT)
		oq_buf_put(key, r->name, r->name_len);
}

struct oq_opened *oq_opened_find(struct oq_opened_set *set,
				 const struct oq_request *r)
{
	OQ_BUF struct oq_buf key = { 0 };
	struct oq_opened **p = &set->head;
	struct oq_opened *o;

	put_key(r, &key);
	while (*p && ((*p)->key.len != key.len ||
		      memcmp((*p)->key.data, key.data, key.len) != 0))
		p = &(*p)->next;
	o = *p;
	if (!o || oq_buf_failed(&key))
		return NULL;
	*p = o->next;
	o->next = set->head;
	set->head = o;
	atomic_fetch_add(&o->refs, 1);
	return o;
}

static void close_opened(struct oq_job *job)
{
	struct oq_opened *o = (struct oq_opened *)job;

	oq_shown_close(o->shown);
	oq_buf_free(&o->key);
	free(o);
}

void oq_opened_put(struct oq_opened *o)
{
	if (!o || atomic_fetch_sub(&o->refs, 1) > 1)
		return;
	o->job.run = close_opened;
	oq_pool_submit(o->env->pool, &o->job, OQ_URGENT);
}

struct oq_labels *oq_opened_labels(const struct oq_opened_set *set,
				   uint64_t object)
{
	for (const struct oq_opened *o = set->head; o; o = o->next)
		if (o->object == object && o->shown->labels)
			return o->shown->labels;
	return NULL;
}

/* Labels count while any view in the set has them. */
static void count_in(struct oq_opened_set *set, const struct oq_shown *s)
{
	set->n++;
	set->bytes += s->held;
	if (s->labels && s->labels->views++ == 0)
		set->bytes += s->labels->bytes;
}

static void count_out(struct oq_opened_set *set, const struct oq_shown *s)
{
	set->n--;
	set->bytes -= s->held;
	if (s->labels && --s->labels->views == 0)
		set->bytes -= s->labels->bytes;
}

/* Take the least recently used view out of the set. */
static void drop_last(struct oq_opened_set *set)
{
	struct oq_opened **p = &set->head;
	struct oq_opened *last;

	while ((*p)->next)
		p = &(*p)->next;
	last = *p;
	*p = NULL;
	count_out(set, last->shown);
	oq_opened_put(last);
}

struct oq_opened *oq_opened_add(struct oq_opened_set *set,
				const struct oq_request *key,
				struct oq_shown *shown)
{
	struct oq_opened *o = calloc(1, sizeof(*o));

	if (o)
		put_key(key, &o->key);
	if (!o || oq_buf_failed(&o->key)) {
		free(o);
		oq_shown_close(shown);
		return NULL;
	}
	o->env = set->env;
	o->object = key->object;
	o->shown = shown;
	atomic_init(&o->refs, 2);
	o->next = set->head;
	set->head = o;
	count_in(set, shown);
	while (set->n > MAX_OPENED || (set->n > 1 && set->bytes > MAX_BYTES))
		drop_last(set);
	return o;
}

struct oq_shown *oq_opened_shown(struct oq_opened *o)
{
	return o->shown;
}
