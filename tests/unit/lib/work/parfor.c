/* SPDX-License-Identifier: MIT */
/* parfor.c - many items are worked on by all workers, each once */

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/work/parfor.h"

#include "tests/unit/test.h"

struct workers {
	struct oq_pool *pool;
	unsigned nthreads;
};

static struct workers env_new(unsigned nthreads)
{
	struct workers env = { .nthreads = nthreads };

	assert_int_equal(oq_pool_new(nthreads, &env.pool, NULL), 0);
	return env;
}

/* ---- a list of items that notes what happens to it ---- */

struct list {
	atomic_uint *times; /* how often each was worked on */
	atomic_uint n;	    /* items that were worked on */
	atomic_uint active;
	unsigned nprogress; /* plain: the caller's, and the next two */
	size_t begun;
	bool told_too_little;
	pthread_t caller;
	atomic_bool told_by_another;
	size_t bad; /* fails; SIZE_MAX: none does */
};

static struct list list_new(size_t nitems)
{
	struct list l = { .bad = SIZE_MAX, .caller = pthread_self() };

	l.times = calloc(nitems + 1, sizeof(*l.times));
	if (!l.times)
		abort();
	return l;
}

static int tick(void *ctx, size_t i, struct oq_err *err)
{
	struct list *l = ctx;
	int r = 0;

	atomic_fetch_add(&l->active, 1);
	atomic_fetch_add(&l->times[i], 1);
	atomic_fetch_add(&l->n, 1);
	if (i == l->bad)
		r = oq_err_set(err, -EIO, "item %d is bad", (int)i);
	atomic_fetch_sub(&l->active, 1);
	return r;
}

static bool tell(void *ctx, size_t begun)
{
	struct list *l = ctx;

	l->nprogress++;
	if (begun < l->nprogress || begun < l->begun)
		l->told_too_little = true;
	l->begun = begun;
	if (!pthread_equal(pthread_self(), l->caller))
		l->told_by_another = true;
	return true;
}

static int run(const struct workers *env, struct list *l, size_t nitems,
	       struct oq_err *err)
{
	struct oq_parfor s = { .pool = env->pool,
			       .nthreads = env->nthreads,
			       .nitems = nitems,
			       .item = tick,
			       .progress = tell,
			       .ctx = l,
			       .progress_ctx = l };

	return oq_parfor_run(&s, err);
}

static bool each_was_done_once(const struct list *l, size_t nitems)
{
	for (size_t i = 0; i < nitems; i++)
		if (l->times[i] != 1)
			return false;
	return l->n == nitems && l->active == 0;
}

static void every_item(void **state)
{
	static const size_t sizes[] = { 0, 1, 2, 3, 7, 5000 };

	(void)state;
	for (unsigned nthreads = 1; nthreads <= 4; nthreads++) {
		struct workers env = env_new(nthreads);

		for (size_t i = 0; i < 6; i++) {
			struct list l = list_new(sizes[i]);

			assert_int_equal(run(&env, &l, sizes[i], NULL), 0);
			assert_true(each_was_done_once(&l, sizes[i]));
			assert_true(l.nprogress <= sizes[i]);
			assert_true(nthreads > 1 || l.nprogress == sizes[i]);
			assert_true(l.begun <= sizes[i]);
			assert_false(l.told_too_little);
			assert_false(l.told_by_another);
			free(l.times);
		}
		oq_pool_free(env.pool);
	}
}

/* ---- failing ---- */

static void failure(void **state)
{
	(void)state;
	for (unsigned nthreads = 1; nthreads <= 3; nthreads++) {
		struct workers env = env_new(nthreads);

		for (size_t bad = 0; bad < 4; bad++) {
			struct list l = list_new(2000000);
			struct oq_err err = { "" };
			char text[] = "item _ is bad";

			l.bad = bad;
			text[5] = (char)('0' + bad);
			assert_int_equal(run(&env, &l, 2000000, &err), -EIO);
			assert_string_equal(err.text, text);
			assert_int_equal(l.active, 0);
			assert_int_equal(l.times[bad], 1);
			assert_true(l.n < 2000000);
			assert_true(nthreads > 1 || l.n == bad + 1);
			free(l.times);
		}
		oq_pool_free(env.pool);
	}
}

static void last_failure(void **state)
{
	struct workers env = env_new(3);
	struct list l = list_new(50);

	(void)state;
	l.bad = 49;
	assert_int_equal(run(&env, &l, 50, NULL), -EIO);
	assert_true(each_was_done_once(&l, 50));
	free(l.times);
	oq_pool_free(env.pool);
}

/* Two items that both fail, the second of them first. */
struct pair {
	sem_t second_failed;
	pthread_barrier_t both;
};

static int fail_in_turn(void *ctx, size_t i, struct oq_err *err)
{
	struct pair *p = ctx;

	pthread_barrier_wait(&p->both);
	if (i == 1) {
		sem_post(&p->second_failed);
		return oq_err_set(err, -EIO, "the second");
	}
	sem_wait(&p->second_failed);
	usleep(20000);
	return oq_err_set(err, -ENOMEM, "the first");
}

static void first_failure_counts(void **state)
{
	struct workers env = env_new(2);
	struct pair p;
	struct oq_parfor s = { .pool = env.pool,
			       .nthreads = env.nthreads,
			       .nitems = 2,
			       .item = fail_in_turn,
			       .ctx = &p };
	struct oq_err err = { "" };

	(void)state;
	sem_init(&p.second_failed, 0, 0);
	pthread_barrier_init(&p.both, NULL, 2);
	assert_int_equal(oq_parfor_run(&s, &err), -EIO);
	assert_string_equal(err.text, "the second");
	pthread_barrier_destroy(&p.both);
	oq_pool_free(env.pool);
}

/* ---- together ---- */

static int meet(void *ctx, size_t i, struct oq_err *err)
{
	(void)i;
	(void)err;
	pthread_barrier_wait(ctx);
	return 0;
}

static void all_workers(void **state)
{
	struct workers env = env_new(4);
	pthread_barrier_t barrier;
	struct oq_parfor s = { .pool = env.pool,
			       .nthreads = env.nthreads,
			       .nitems = 40,
			       .item = meet,
			       .ctx = &barrier };

	(void)state;
	/* Four at a time, or this never ends: us and three to help. */
	pthread_barrier_init(&barrier, NULL, 4);
	assert_int_equal(oq_parfor_run(&s, NULL), 0);
	pthread_barrier_destroy(&barrier);
	oq_pool_free(env.pool);
}

/* The last item is slow, and in a helper's hands. */
struct slow {
	pthread_t caller;
	sem_t helper_has_one;
	atomic_bool over;
};

static int dawdle(void *ctx, size_t i, struct oq_err *err)
{
	struct slow *s = ctx;

	(void)i;
	(void)err;
	if (pthread_equal(pthread_self(), s->caller)) {
		sem_wait(&s->helper_has_one);
	} else {
		sem_post(&s->helper_has_one);
		usleep(20000);
		s->over = true;
	}
	return 0;
}

static void waits_for_helpers(void **state)
{
	struct workers env = env_new(2);
	struct slow slow = { .caller = pthread_self(), .over = false };
	struct oq_parfor s = { .pool = env.pool,
			       .nthreads = env.nthreads,
			       .nitems = 2,
			       .item = dawdle,
			       .ctx = &slow };

	(void)state;
	sem_init(&slow.helper_has_one, 0, 0);
	assert_int_equal(oq_parfor_run(&s, NULL), 0);
	assert_true(slow.over);
	oq_pool_free(env.pool);
}

/* ---- urgent work in between ---- */

struct polite {
	struct oq_job job; /* first: the urgent job is its loop's */
	struct workers env;
	pthread_t caller;
	sem_t urgent_done, helped;
	atomic_bool submitted, again, urgent_ran, pushed_in;
};

static void run_urgent(struct oq_job *job)
{
	struct polite *p = (struct polite *)job;

	/* Once more, behind a helper that did not queue as idle. */
	if (!p->again) {
		p->again = true;
		oq_pool_submit(p->env.pool, job, OQ_URGENT);
		return;
	}
	p->urgent_ran = true;
	sem_post(&p->urgent_done);
}

static int be_polite(void *ctx, size_t i, struct oq_err *err)
{
	struct polite *p = ctx;

	(void)err;
	if (pthread_equal(pthread_self(), p->caller)) {
		/* Leave the first items to the helper. */
		if (i < 2)
			sem_wait(&p->helped);
		return 0;
	}
	if (!p->submitted) {
		p->submitted = true;
		oq_pool_submit(p->env.pool, &p->job, OQ_URGENT);
	} else if (!p->urgent_ran) {
		p->pushed_in = true;
	}
	if (i >= 3)
		sem_post(&p->helped);
	return 0;
}

static void steps_aside(void **state)
{
	struct polite p = { .job.run = run_urgent, .caller = pthread_self() };
	struct oq_parfor s = {
		.nthreads = 2, .nitems = 1000, .item = be_polite, .ctx = &p
	};

	(void)state;
	sem_init(&p.urgent_done, 0, 0);
	sem_init(&p.helped, 0, 0);
	/* One worker: it can only run the urgent job by leaving the loop. */
	assert_int_equal(oq_pool_new(1, &p.env.pool, NULL), 0);
	s.pool = p.env.pool;
	assert_int_equal(oq_parfor_run(&s, NULL), 0);
	sem_wait(&p.urgent_done);
	assert_false(p.pushed_in);
	oq_pool_free(p.env.pool);
}

/* ---- sweeps by several workers, and within items ---- */

struct errand {
	struct oq_job job; /* first: the job is its errand */
	const struct workers *env;
	struct list list;
	int status;
	sem_t *done;
};

static void run_sweep(struct oq_job *job)
{
	struct errand *e = (struct errand *)job;

	e->list.caller = pthread_self();
	e->status = run(e->env, &e->list, 500, NULL);
	sem_post(e->done);
}

static void many_loops(void **state)
{
	struct workers env = env_new(3);
	struct errand e[20];
	sem_t done;

	(void)state;
	sem_init(&done, 0, 0);
	for (size_t i = 0; i < 20; i++) {
		e[i] = (struct errand){ .job.run = run_sweep,
					.env = &env,
					.list = list_new(500),
					.done = &done };
		if (i % 5 == 0)
			e[i].list.bad = i;
		oq_pool_submit(env.pool, &e[i].job, OQ_URGENT);
	}
	for (size_t i = 0; i < 20; i++)
		sem_wait(&done);
	for (size_t i = 0; i < 20; i++) {
		assert_int_equal(e[i].list.active, 0);
		assert_int_equal(e[i].status, i % 5 ? 0 : -EIO);
		assert_true(i % 5 == 0 || each_was_done_once(&e[i].list, 500));
		assert_false(e[i].list.told_by_another);
		free(e[i].list.times);
	}
	/* Helpers that come too late find their sweeps gone. */
	oq_pool_free(env.pool);
}

struct nest {
	const struct workers *env;
	atomic_uint n, odd;
};

static int sweep_within(void *ctx, size_t i, struct oq_err *err)
{
	struct nest *n = ctx;
	struct list l = list_new(50);
	int r;

	if (i % 10 == 0)
		l.bad = i % 50;
	r = run(n->env, &l, 50, err);
	if (i % 10 ? !each_was_done_once(&l, 50) : r != -EIO)
		atomic_fetch_add(&n->odd, 1);
	atomic_fetch_add(&n->n, 1);
	free(l.times);
	return 0;
}

static void nested(void **state)
{
	struct workers env = env_new(3);
	struct nest n = {
		.env = &env,
	};
	struct oq_parfor s = { .pool = env.pool,
			       .nthreads = env.nthreads,
			       .nitems = 100,
			       .item = sweep_within,
			       .ctx = &n };

	(void)state;
	assert_int_equal(oq_parfor_run(&s, NULL), 0);
	assert_int_equal(n.n, 100);
	assert_int_equal(n.odd, 0);
	oq_pool_free(env.pool);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST("every item is worked on once, and progress told",
		     every_item),
		TEST("an item that fails ends the loop and says why", failure),
		TEST("a failure of the last item is one, too", last_failure),
		TEST("of two failures the first is told", first_failure_counts),
		TEST("all workers take part", all_workers),
		TEST("a loop is over when its last item is", waits_for_helpers),
		TEST("helpers step aside for urgent work", steps_aside),
		TEST("several workers may loop at once", many_loops),
		TEST("an item may be a loop", nested),
	};

	alarm(120); /* a deadlock ends here */
	return cmocka_run_group_tests_name("parfor", tests, NULL, NULL);
}
