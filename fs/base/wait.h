/* SPDX-License-Identifier: MIT */
/* wait.h - waiting with a deadline and with a way out
 *
 * All deadlines are in milliseconds of the monotonic clock.  A *cancel* ends
 * another thread's wait.  Before it takes its lock, the waiter tells the cancel
 * which condition it will wait on; in its loop it asks whether the cancel was
 * fired.
 *
 *	oqfs_cancel_watch(c, &lock, &cond);
 *	pthread_mutex_lock(&lock);
 *	while (!ready && !oqfs_cancel_fired(c))
 *		oqfs_wait_until(&cond, &lock, deadline);
 *	pthread_mutex_unlock(&lock);
 *	oqfs_cancel_unwatch(c);
 *
 * Firing takes the cancel's lock and then the watched lock.  So nobody may call
 * _watch or _unwatch while holding a lock that is ever watched.
 */
#ifndef OQFS_WAIT_H
#define OQFS_WAIT_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define OQFS_FOREVER INT64_MAX

int64_t oqfs_now_ms(void);

/* Initialise a condition for oqfs_wait_until(). */
void oqfs_cond_init(pthread_cond_t *cond);

/* Wait once; as always with conditions, it may return for no reason.  Returns
 * 0, or -ETIMEDOUT when the deadline has passed. */
int oqfs_wait_until(pthread_cond_t *cond, pthread_mutex_t *lock,
		    int64_t deadline_ms);

/* Start a thread that no signal interrupts.  0 or a negative errno. */
int oqfs_thread_start(pthread_t *thread, void *(*run)(void *), void *arg);

/* One cancel serves one waiting thread.  NULL is accepted for every
 * parameter 'c' and never fires. */
struct oqfs_cancel;
struct oqfs_cancel *oqfs_cancel_new(void); /* NULL for no memory */
void oqfs_cancel_free(struct oqfs_cancel *c);
void oqfs_cancel_fire(struct oqfs_cancel *c); /* any thread, any time */
bool oqfs_cancel_fired(struct oqfs_cancel *c);
void oqfs_cancel_watch(struct oqfs_cancel *c, pthread_mutex_t *lock,
		       pthread_cond_t *cond);
void oqfs_cancel_unwatch(struct oqfs_cancel *c);

#endif
