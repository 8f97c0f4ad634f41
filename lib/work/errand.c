/* SPDX-License-Identifier: MIT */
/* errand.c - what a worker asks the main thread to do for it */

#include "lib/work/errand.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* On the stack of the thread that waits for it. */
struct errand {
	void (*fn)(void *arg);
	void *arg;
	bool done; /* L */
	struct errand *next;
};

/* How the fields below are protected:
 *   I  set before it is shared, never changed
 *   L  under 'lock' */
struct oq_errands {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* L: some errand is done */
	struct errand *head;	/* L */
	struct errand **tail;	/* L */
	pthread_t runner;	/* I */
	int fd;			/* I: eventfd */
};

struct oq_errands *oq_errands_new(void)
{
	struct oq_errands *e = calloc(1, sizeof(*e));

	if (!e)
		return NULL;
	pthread_mutex_init(&e->lock, NULL);
	pthread_cond_init(&e->changed, NULL);
	e->tail = &e->head;
	e->runner = pthread_self();
	e->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (e->fd < 0) {
		oq_errands_free(e);
		return NULL;
	}
	return e;
}

void oq_errands_free(struct oq_errands *e)
{
	if (!e)
		return;
	if (e->fd >= 0)
		close(e->fd);
	pthread_cond_destroy(&e->changed);
	pthread_mutex_destroy(&e->lock);
	free(e);
}

int oq_errands_fd(const struct oq_errands *e)
{
	return e->fd;
}

static void finish(struct oq_errands *e, struct errand *one)
{
	pthread_mutex_lock(&e->lock);
	one->done = true;
	pthread_cond_broadcast(&e->changed);
	pthread_mutex_unlock(&e->lock);
}

void oq_errands_run(struct oq_errands *e)
{
	struct errand *next;
	uint64_t count;

	/* The count is of no interest, and an empty one is no error. */
	(void)!read(e->fd, &count, sizeof(count));
	pthread_mutex_lock(&e->lock);
	next = e->head;
	e->head = NULL;
	e->tail = &e->head;
	pthread_mutex_unlock(&e->lock);
	/* What is sent from here on makes 'fd' readable again: workers that
	 * always have one more errand must not keep requests waiting. */
	while (next) {
		struct errand *one = next;

		next = one->next; /* once it is done its memory is gone */
		one->fn(one->arg);
		finish(e, one);
	}
}

void oq_errand_send(struct oq_errands *e, void (*fn)(void *arg), void *arg)
{
	struct errand one = { .fn = fn, .arg = arg };
	uint64_t count = 1;

	if (pthread_equal(pthread_self(), e->runner)) {
		fn(arg);
		return;
	}
	pthread_mutex_lock(&e->lock);
	*e->tail = &one;
	e->tail = &one.next;
	pthread_mutex_unlock(&e->lock);
	(void)!write(e->fd, &count, sizeof(count));

	pthread_mutex_lock(&e->lock);
	while (!one.done)
		pthread_cond_wait(&e->changed, &e->lock);
	pthread_mutex_unlock(&e->lock);
}
