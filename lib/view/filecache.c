/* SPDX-License-Identifier: MIT */
/* filecache.c - the views that are open, the latest used of them */

#include "lib/view/filecache.h"

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
struct oq_cached_file {
	struct oq_job job;	  /* first: closing it is a job */
	const struct oq_env *env; /* I */
	struct oq_file *file;	  /* I; owned */
	uint64_t object;	  /* I */
	struct oq_buf key;	  /* I */
	atomic_uint refs;	  /* A: users, and one for being in the set */
	struct oq_cached_file *next; /* T: in the set, latest used first */
};

struct oq_filecache {
	const struct oq_env *env;
	struct oq_cached_file *head;
	size_t n;
	size_t bytes;
};

struct oq_filecache *oq_filecache_new(const struct oq_env *env)
{
	struct oq_filecache *set = calloc(1, sizeof(*set));

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
	if (oq_view_has(r->view, OQ_HAS_HEADING))
		oq_buf_put(key, r->name, r->name_len);
}

struct oq_cached_file *oq_filecache_find(struct oq_filecache *set,
					 const struct oq_request *r)
{
	OQ_BUF struct oq_buf key = { 0 };
	struct oq_cached_file **p = &set->head;
	struct oq_cached_file *o;

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
	struct oq_cached_file *o = (struct oq_cached_file *)job;

	oq_file_close(o->file);
	oq_buf_free(&o->key);
	free(o);
}

void oq_filecache_put(struct oq_cached_file *o)
{
	if (!o || atomic_fetch_sub(&o->refs, 1) > 1)
		return;
	o->job.run = close_opened;
	oq_pool_submit(o->env->pool, &o->job, OQ_URGENT);
}

struct oq_labels *oq_filecache_labels(const struct oq_filecache *set,
				      uint64_t object)
{
	for (const struct oq_cached_file *o = set->head; o; o = o->next)
		if (o->object == object && o->file->labels)
			return o->file->labels;
	return NULL;
}

/* Labels count while any view in the set has them. */
static void count_in(struct oq_filecache *set, const struct oq_file *s)
{
	set->n++;
	set->bytes += s->held;
	if (s->labels && s->labels->views++ == 0)
		set->bytes += s->labels->bytes;
}

static void count_out(struct oq_filecache *set, const struct oq_file *s)
{
	set->n--;
	set->bytes -= s->held;
	if (s->labels && --s->labels->views == 0)
		set->bytes -= s->labels->bytes;
}

/* Take the least recently used view out of the set. */
static void drop_last(struct oq_filecache *set)
{
	struct oq_cached_file **p = &set->head;
	struct oq_cached_file *last;

	while ((*p)->next)
		p = &(*p)->next;
	last = *p;
	*p = NULL;
	count_out(set, last->file);
	oq_filecache_put(last);
}

struct oq_cached_file *oq_filecache_add(struct oq_filecache *set,
					const struct oq_request *key,
					struct oq_file *file)
{
	struct oq_cached_file *o = calloc(1, sizeof(*o));

	if (o)
		put_key(key, &o->key);
	if (!o || oq_buf_failed(&o->key)) {
		if (o)
			oq_buf_free(&o->key);
		free(o);
		oq_file_close(file);
		return NULL;
	}
	o->env = set->env;
	o->object = key->object;
	o->file = file;
	atomic_init(&o->refs, 2);
	o->next = set->head;
	set->head = o;
	count_in(set, file);
	while (set->n > MAX_OPENED || (set->n > 1 && set->bytes > MAX_BYTES))
		drop_last(set);
	return o;
}

struct oq_file *oq_filecache_file(struct oq_cached_file *o)
{
	return o->file;
}
