/* SPDX-License-Identifier: MIT */
/* parfor.c - the same work on many items, on all workers */

#include "lib/work/parfor.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

/* A helper: a job that works on one item and queues itself again. */
struct helper {
	struct oq_job job; /* first: the job is its helper */
	struct course *course;
};

/* How the fields below are protected:
 *   I  set before it is shared, never changed
 *   L  under 'lock'
 * It is freed by whoever lets go of it last: a helper that was queued when
 * the loop ended finds nothing to do, possibly after the caller has left. */
struct course {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* L: 'active' fell */
	struct oq_parfor loop;	/* I; used only while there are items */
	size_t next;		/* L: first item nobody has taken */
	size_t active;		/* L: items being worked on */
	unsigned refs;		/* L */
	int status;		/* L */
	struct oq_err err;	/* L */
	struct helper helpers[];
};

static void unref(struct course *c)
{
	bool last;

	pthread_mutex_lock(&c->lock);
	last = --c->refs == 0;
	pthread_mutex_unlock(&c->lock);
	if (!last)
		return;
	pthread_cond_destroy(&c->changed);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

/* Take an item and work on it; false when there is none left. */
static bool step(struct course *c)
{
	struct oq_err err = { "" };
	size_t i;
	int r;

	pthread_mutex_lock(&c->lock);
	if (c->next >= c->loop.nitems || c->status < 0) {
		pthread_mutex_unlock(&c->lock);
		return false;
	}
	i = c->next++;
	c->active++;
	pthread_mutex_unlock(&c->lock);

	r = c->loop.item(c->loop.ctx, i, &err);

	pthread_mutex_lock(&c->lock);
	if (r < 0 && c->status == 0) {
		c->status = r;
		c->err = err;
	}
	c->active--;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
	return true;
}

static size_t begun(struct course *c)
{
	size_t n;

	pthread_mutex_lock(&c->lock);
	n = c->next;
	pthread_mutex_unlock(&c->lock);
	return n;
}

static void stop(struct course *c)
{
	pthread_mutex_lock(&c->lock);
	if (c->status == 0)
		c->status = oq_err_set(&c->err, -EINTR, "interrupted");
	pthread_mutex_unlock(&c->lock);
}

static void help(struct oq_job *job)
{
	struct helper *h = (struct helper *)job;
	struct course *c = h->course;
	struct oq_pool *pool = c->loop.pool;

	while (step(c)) {
		if (oq_pool_is_pressed(pool)) {
			oq_pool_submit(pool, job, OQ_IDLE);
			return;
		}
	}
	unref(c);
}

static struct course *course_new(const struct oq_parfor *s, unsigned nhelpers)
{
	struct course *c =
		calloc(1, sizeof(*c) + nhelpers * sizeof(c->helpers[0]));

	if (!c)
		return NULL;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->changed, NULL);
	c->loop = *s;
	c->refs = 1 + nhelpers;
	return c;
}

int oq_parfor_run(const struct oq_parfor *s, struct oq_err *err)
{
	unsigned nhelpers = s->nitems > 1 ? s->nthreads - 1 : 0;
	struct course *c = course_new(s, nhelpers);
	int r;

	if (!c)
		return oq_err_set(err, -ENOMEM, "no memory");
	for (unsigned i = 0; i < nhelpers; i++) {
		c->helpers[i].course = c;
		c->helpers[i].job.run = help;
		oq_pool_submit(s->pool, &c->helpers[i].job, OQ_IDLE);
	}
	while (step(c))
		if (s->progress && !s->progress(s->progress_ctx, begun(c)))
			stop(c);

	pthread_mutex_lock(&c->lock);
	while (c->active)
		pthread_cond_wait(&c->changed, &c->lock);
	r = c->status;
	if (r < 0 && err)
		*err = c->err;
	pthread_mutex_unlock(&c->lock);
	unref(c);
	return r;
}
