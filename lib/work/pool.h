/* SPDX-License-Identifier: MIT */
/* pool.h - worker threads behind three queues
 *
 * Work that somebody waits for is URGENT; work that is only likely to be
 * wanted (read-ahead, the helpers of a measuring pass) is IDLE and runs when
 * nothing urgent is queued.  Between them are FETCH jobs, which read the file
 * and wait for nothing else, so that a worker that has to wait for another can
 * run one of them meanwhile.  A job is a function and its argument, embedded
 * in whatever it works on; submitting allocates nothing and cannot fail.
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

/* A pool of 'nthreads' workers with all signals blocked.  Where the system
 * allows fewer threads the pool has fewer; no thread is started later.
 * Returns 0, -ENOMEM, or the error of pthread_create() where not even one
 * could be started. */
int oq_pool_new(unsigned nthreads, struct oq_pool **out, struct oq_err *err);

/* Run everything that is queued, then end the workers. */
void oq_pool_free(struct oq_pool *p);

void oq_pool_submit(struct oq_pool *p, struct oq_job *job, enum oq_urgency u);

/* Run a FETCH job in the calling thread, if one is queued; returns whether one
 * was. */
bool oq_pool_help(struct oq_pool *p);

/* Whether urgent work is queued, so that a long job can step aside. */
bool oq_pool_is_pressed(struct oq_pool *p);

#endif
