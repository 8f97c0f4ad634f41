/* SPDX-License-Identifier: MIT */
/* errand.c - what workers have the main thread do for them */

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#include "lib/work/errand.h"

#include "tests/unit/test.h"

#define NTHREADS 8
#define NERRANDS 500

static bool is_readable(const struct oq_errands *e, int timeout_ms)
{
	struct pollfd fd = { .fd = oq_errands_fd(e), .events = POLLIN };

	return poll(&fd, 1, timeout_ms) == 1;
}

/* Wait until one more errand has been sent. */
static void await_sent(const struct oq_errands *e)
{
	uint64_t count;

	assert_true(is_readable(e, 60000));
	assert_int_equal(read(oq_errands_fd(e), &count, sizeof(count)),
			 sizeof(count));
	assert_int_equal(count, 1);
}

/* One worker that sends one errand. */
struct worker {
	struct oq_errands *errands;
	pthread_t thread, ran_on;
	int number;
	int *order;
	int *nrun;
	bool was_run; /* plain: sending orders it */
	bool saw_it;
};

static void do_one(void *arg)
{
	struct worker *w = arg;

	w->ran_on = pthread_self();
	w->order[(*w->nrun)++] = w->number;
	w->was_run = true;
}

static void *send_one(void *arg)
{
	struct worker *w = arg;

	oq_errand_send(w->errands, do_one, w);
	w->saw_it = w->was_run;
	return NULL;
}

static void in_order(void **state)
{
	struct oq_errands *e = oq_errands_new();
	struct worker w[NTHREADS];
	int order[NTHREADS], nrun = 0;

	(void)state;
	assert_non_null(e);
	assert_false(is_readable(e, 0));
	for (int i = 0; i < NTHREADS; i++) {
		w[i] = (struct worker){
			.errands = e, .number = i, .order = order, .nrun = &nrun
		};
		assert_int_equal(
			pthread_create(&w[i].thread, NULL, send_one, &w[i]), 0);
		await_sent(e);
	}
	assert_int_equal(nrun, 0);
	oq_errands_run(e);
	assert_int_equal(nrun, NTHREADS);
	for (int i = 0; i < NTHREADS; i++) {
		pthread_join(w[i].thread, NULL);
		assert_int_equal(order[i], i);
		assert_true(w[i].saw_it);
		assert_true(pthread_equal(w[i].ran_on, pthread_self()));
	}
	oq_errands_run(e);
	assert_int_equal(nrun, NTHREADS);
	oq_errands_free(e);
}

/* ---- many workers, many errands ---- */

struct crowd {
	struct oq_errands *errands;
	unsigned counter; /* plain: only the main thread touches it */
	atomic_uint left;
	atomic_uint too_early;
};

struct count {
	struct crowd *crowd;
	unsigned got;
};

static void count_one(void *arg)
{
	struct count *c = arg;

	c->got = ++c->crowd->counter;
}

static void *send_many(void *arg)
{
	struct crowd *crowd = arg;

	for (int i = 0; i < NERRANDS; i++) {
		struct count c = { crowd, 0 };

		oq_errand_send(crowd->errands, count_one, &c);
		if (!c.got)
			atomic_fetch_add(&crowd->too_early, 1);
	}
	atomic_fetch_sub(&crowd->left, 1);
	return NULL;
}

static void many_workers(void **state)
{
	struct crowd c = { .errands = oq_errands_new(), .left = NTHREADS };
	pthread_t threads[NTHREADS];

	(void)state;
	for (int i = 0; i < NTHREADS; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, send_many, &c), 0);
	/* As a main loop does: sleep until there is something to run. */
	while (c.left)
		if (is_readable(c.errands, 10))
			oq_errands_run(c.errands);
	for (int i = 0; i < NTHREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(c.counter, NTHREADS * NERRANDS);
	assert_int_equal(c.too_early, 0);
	oq_errands_free(c.errands);
}

/* ---- the main thread itself ---- */

struct nest {
	struct oq_errands *errands;
	struct worker *inner;
	int depth;
};

static void send_from_errand(void *arg)
{
	struct nest *n = arg;

	n->depth++;
	if (n->depth < 3)
		oq_errand_send(n->errands, send_from_errand, n);
}

static void by_the_runner(void **state)
{
	struct nest n = { .errands = oq_errands_new() };

	(void)state;
	oq_errand_send(n.errands, send_from_errand, &n);
	assert_int_equal(n.depth, 3);
	assert_false(is_readable(n.errands, 0));
	oq_errands_run(n.errands); /* nothing to do, and no waiting for it */
	assert_int_equal(n.depth, 3);
	oq_errands_free(n.errands);
	oq_errands_free(NULL);
}

/* ---- errands that keep coming ---- */

static void start_another(void *arg)
{
	struct nest *n = arg;

	assert_int_equal(
		pthread_create(&n->inner->thread, NULL, send_one, n->inner), 0);
	/* It is sent, and said to be, before this errand is over. */
	n->depth = is_readable(n->errands, 60000);
}

static void *send_first(void *arg)
{
	struct nest *n = arg;

	oq_errand_send(n->errands, start_another, n);
	return NULL;
}

static void no_end(void **state)
{
	struct oq_errands *e = oq_errands_new();
	int order[1], nrun = 0;
	struct worker inner = { .errands = e, .order = order, .nrun = &nrun };
	struct nest n = { .errands = e, .inner = &inner };
	pthread_t thread;

	(void)state;
	assert_int_equal(pthread_create(&thread, NULL, send_first, &n), 0);
	assert_true(is_readable(e, 60000));
	oq_errands_run(e);
	pthread_join(thread, NULL);
	assert_int_equal(n.depth, 1);
	assert_int_equal(nrun, 0);

	assert_true(is_readable(e, 0));
	oq_errands_run(e);
	pthread_join(inner.thread, NULL);
	assert_int_equal(nrun, 1);
	assert_false(is_readable(e, 0));
	oq_errands_free(e);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST("errands run in the order in which they were sent",
		     in_order),
		TEST("each of many workers waits for its own errand",
		     many_workers),
		TEST("the main thread's own errand runs at once",
		     by_the_runner),
		TEST("errands that keep coming do not keep the main thread",
		     no_end),
	};

	alarm(120); /* a deadlock ends here */
	return cmocka_run_group_tests_name("errand", tests, NULL, NULL);
}
