/* SPDX-License-Identifier: MIT */
/* pool.h - worker threads behind three queues
 *
 * Work that somebody waits for is URGENT; work that is only likely to be
 * wanted (read-ahead, the helpers of a measuring pass) is IDLE and runs when
 * nothing urgent is queued.  Between them are FETCHes: reads of the file that
 * wait for nothing else, so that a worker who would have to wait can do one
 * meanwhile.  A job is a function and its argument, embedded
 * in whatever it works on; the pool allocates nothing and cannot fail.
 *
 * Any thread may submit.  Jobs must not wait for other jobs that are still
 * queued.
 */
#ifndef OQ_POOL_H
#define OQ_POOL_H

#include <stdbool.h>

#include "lib/base/err.h"

enum oq_urgency { OQ_URGENT, OQ_FETCH, OQ_IDLE, OQ_NURGENCIES };

/* Belongs to the submitter; must stay until 'run' was called, which may free
 * it. */
struct oq_job {
	void (*run)(struct oq_job *job);
	struct oq_job *next; /* the pool's */
};

struct oq_pool;

/* A pool of 'nthreads' workers, all signals blocked, or of as many as can be
 * had.  No others are started later.  Returns 0, -ENOMEM or what
 * pthread_create() said of the first. */
int oq_pool_new(unsigned nthreads, struct oq_pool **out, struct oq_err *err);

/* Run everything that is queued, then end the workers. */
void oq_pool_free(struct oq_pool *p);

void oq_pool_submit(struct oq_pool *p, struct oq_job *job, enum oq_urgency u);

/* Run a FETCH here, if one is queued; returns whether there was one. */
bool oq_pool_help(struct oq_pool *p);

/* Whether urgent work is queued, so that a long job can step aside. */
bool oq_pool_is_pressed(struct oq_pool *p);

#endif
