/* SPDX-License-Identifier: MIT */
/* once.c - what is found out once, by whoever needs it first */

#include "lib/work/once.h"

void oq_once_init(struct oq_once *o)
{
	*o = (struct oq_once){ .busy = false };
	pthread_mutex_init(&o->lock, NULL);
	pthread_cond_init(&o->changed, NULL);
}

void oq_once_destroy(struct oq_once *o)
{
	pthread_cond_destroy(&o->changed);
	pthread_mutex_destroy(&o->lock);
}

/* Whether the caller is the one who has to find out. */
static bool begin(struct oq_once *o)
{
	bool mine;

	pthread_mutex_lock(&o->lock);
	while (o->busy)
		pthread_cond_wait(&o->changed, &o->lock);
	mine = !o->done;
	o->busy = mine;
	pthread_mutex_unlock(&o->lock);
	return mine;
}

static void end(struct oq_once *o, bool done)
{
	pthread_mutex_lock(&o->lock);
	o->busy = false;
	o->done = done;
	pthread_cond_broadcast(&o->changed);
	pthread_mutex_unlock(&o->lock);
}

int oq_once_do(struct oq_once *o,
	       int (*how)(void *ctx, const struct oq_progress *p,
			  struct oq_err *err),
	       void *ctx, const struct oq_progress *p, struct oq_err *err)
{
	int r;

	if (!begin(o))
		return 0;
	r = how(ctx, p, err);
	end(o, r == 0);
	return r;
}
