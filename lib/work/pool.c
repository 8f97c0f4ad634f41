/* SPDX-License-Identifier: MIT */
/* pool.c - worker threads behind three queues */

#include "lib/work/pool.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct queue {
	struct oq_job *head;
	struct oq_job **tail;
};

/* How the fields below are protected:
 *   I  set before the pool is shared, never changed
 *   L  under 'lock' */
struct oq_pool {
	pthread_mutex_t lock;
	pthread_cond_t work; /* L: a job was queued, or 'ending' set */
	struct queue queues[OQ_NURGENCIES]; /* L */
	bool ending;			    /* L */
	unsigned nthreads;		    /* I */
	pthread_t threads[];		    /* I */
};

static void enqueue(struct queue *q, struct oq_job *job)
{
	job->next = NULL;
	*q->tail = job;
	q->tail = &job->next;
}

static struct oq_job *dequeue(struct queue *q)
{
	struct oq_job *job = q->head;

	if (job) {
		q->head = job->next;
		if (!q->head)
			q->tail = &q->head;
	}
	return job;
}

static struct oq_job *next_job(struct oq_pool *p)
{
	struct oq_job *job = NULL;

	pthread_mutex_lock(&p->lock);
	for (;;) {
		for (int i = 0; !job && i < OQ_NURGENCIES; i++)
			job = dequeue(&p->queues[i]);
		if (job || p->ending)
			break;
		pthread_cond_wait(&p->work, &p->lock);
	}
	pthread_mutex_unlock(&p->lock);
	return job;
}

static void *work(void *arg)
{
	struct oq_pool *p = arg;
	struct oq_job *job;

	while ((job = next_job(p)))
		job->run(job);
	return NULL;
}

/* All signals blocked.  With fewer than 'n' it only takes longer; returns 0, or
 * what pthread_create() said of the first. */
static int start(struct oq_pool *p, unsigned n)
{
	sigset_t all, old;
	int r = 0;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	while (!r && p->nthreads < n) {
		r = pthread_create(&p->threads[p->nthreads], NULL, work, p);
		p->nthreads += r == 0;
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return p->nthreads ? 0 : r;
}

int oq_pool_new(unsigned nthreads, struct oq_pool **out, struct oq_err *err)
{
	struct oq_pool *p;
	int r;

	p = calloc(1, sizeof(*p) + nthreads * sizeof(p->threads[0]));
	if (!p)
		return oq_err_set(err, -ENOMEM, "no memory for threads");
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->work, NULL);
	for (int i = 0; i < OQ_NURGENCIES; i++)
		p->queues[i].tail = &p->queues[i].head;
	r = start(p, nthreads);
	if (r) {
		oq_pool_free(p);
		return oq_err_set(err, -r, "start a thread: %s", strerror(r));
	}
	*out = p;
	return 0;
}

void oq_pool_free(struct oq_pool *p)
{
	if (!p)
		return;
	pthread_mutex_lock(&p->lock);
	p->ending = true;
	pthread_cond_broadcast(&p->work);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < p->nthreads; i++)
		pthread_join(p->threads[i], NULL);
	pthread_cond_destroy(&p->work);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

void oq_pool_submit(struct oq_pool *p, struct oq_job *job, enum oq_urgency u)
{
	pthread_mutex_lock(&p->lock);
	enqueue(&p->queues[u], job);
	pthread_cond_signal(&p->work);
	pthread_mutex_unlock(&p->lock);
}

bool oq_pool_help(struct oq_pool *p)
{
	struct oq_job *job;

	pthread_mutex_lock(&p->lock);
	job = dequeue(&p->queues[OQ_FETCH]);
	pthread_mutex_unlock(&p->lock);
	if (job)
		job->run(job);
	return job != NULL;
}

bool oq_pool_is_pressed(struct oq_pool *p)
{
	bool pressed;

	pthread_mutex_lock(&p->lock);
	pressed = p->queues[OQ_URGENT].head != NULL;
	pthread_mutex_unlock(&p->lock);
	return pressed;
}
