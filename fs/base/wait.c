/* SPDX-License-Identifier: MIT */
/* wait.c - waiting with a deadline and with a way out */

#include "fs/base/wait.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

/* A  atomic
 * L  under 'lock' */
struct oqfs_cancel {
	pthread_mutex_t lock;
	atomic_bool fired;	 /* A */
	pthread_mutex_t *waiter; /* L: held by the waiter except in its wait */
	pthread_cond_t *cond;	 /* L: NULL when nobody waits */
};

int64_t oqfs_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void oqfs_cond_init(pthread_cond_t *cond)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(cond, &attr);
	pthread_condattr_destroy(&attr);
}

int oqfs_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock,
		    int64_t deadline_ms)
{
	struct timespec ts = {
		.tv_sec = deadline_ms / 1000,
		.tv_nsec = deadline_ms % 1000 * 1000000,
	};

	if (deadline_ms == OQFS_FOREVER) {
		pthread_cond_wait(cond, lock);
		return 0;
	}
	return -pthread_cond_timedwait(cond, lock, &ts);
}

int oqfs_thread_start(pthread_t *thread, void *(*run)(void *), void *arg)
{
	sigset_t all, before;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(thread, NULL, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return -rc;
}

struct oqfs_cancel *oqfs_cancel_new(void)
{
	struct oqfs_cancel *c = calloc(1, sizeof(*c));

	if (c)
		pthread_mutex_init(&c->lock, NULL);
	return c;
}

void oqfs_cancel_free(struct oqfs_cancel *c)
{
	if (!c)
		return;
	pthread_mutex_destroy(&c->lock);
	free(c);
}

void oqfs_cancel_fire(struct oqfs_cancel *c)
{
	if (!c)
		return;
	pthread_mutex_lock(&c->lock);
	atomic_store(&c->fired, true);
	if (c->cond) {
		/* Passing through the waiter's lock: it has either not yet
		 * asked whether we fired, or is already in its wait. */
		pthread_mutex_lock(c->waiter);
		pthread_cond_broadcast(c->cond);
		pthread_mutex_unlock(c->waiter);
	}
	pthread_mutex_unlock(&c->lock);
}

bool oqfs_cancel_fired(struct oqfs_cancel *c)
{
	return c && atomic_load(&c->fired);
}

void oqfs_cancel_watch(struct oqfs_cancel *c, pthread_mutex_t *lock,
		       pthread_cond_t *cond)
{
	if (!c)
		return;
	pthread_mutex_lock(&c->lock);
	c->waiter = lock;
	c->cond = cond;
	pthread_mutex_unlock(&c->lock);
}

void oqfs_cancel_unwatch(struct oqfs_cancel *c)
{
	oqfs_cancel_watch(c, NULL, NULL);
}
