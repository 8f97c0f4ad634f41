/* SPDX-License-Identifier: MIT */
/* cache.c - blocks are made once, kept within the budget, tried again */

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/work/cache.h"

#include "tests/unit/test.h"

#define NTHREADS 8

/* ---- a maker of blocks that can be told to fail, or to wait ---- */

struct maker {
	struct oq_filler filler; /* first: the filler is its maker */
	size_t len;
	atomic_uint fills;   /* begun */
	atomic_uint done;    /* over */
	atomic_int fail;     /* this many of the next ones fail; < 0: all */
	int code;	     /* ... with this; 0: -EIO */
	atomic_uint pace_us; /* each takes at least this long */
	sem_t *entered, *open;
};

static uint8_t byte_of(uint64_t owner, uint64_t index, size_t k)
{
	return (uint8_t)(owner * 101 + index * 7 + k);
}

static uint8_t *make_bytes(const struct maker *m, uint64_t index)
{
	uint8_t *data = malloc(m->len);

	if (!data)
		abort();
	for (size_t k = 0; k < m->len; k++)
		data[k] = byte_of(m->filler.owner, index, k);
	return data;
}

static bool is_to_fail(struct maker *m)
{
	int left = m->fail;

	while (left > 0 &&
	       !atomic_compare_exchange_weak(&m->fail, &left, left - 1))
		;
	return left != 0;
}

static int fill(const struct oq_filler *f, uint64_t index, uint8_t **data,
		size_t *len, struct oq_err *err)
{
	struct maker *m = (struct maker *)(uintptr_t)f;
	int r = 0;

	atomic_fetch_add(&m->fills, 1);
	if (m->open) {
		sem_post(m->entered);
		sem_wait(m->open);
	}
	if (m->pace_us)
		usleep(m->pace_us);
	if (is_to_fail(m)) {
		r = oq_err_set(err, m->code ? m->code : -EIO, "block %d is bad",
			       (int)index);
	} else {
		*data = make_bytes(m, index);
		*len = m->len;
	}
	atomic_fetch_add(&m->done, 1);
	return r;
}

static struct maker *maker_new(struct oq_cache *c, size_t len)
{
	struct maker *m = calloc(1, sizeof(*m));

	if (!m)
		abort();
	m->filler.owner = oq_cache_owner(c);
	m->filler.fill = fill;
	m->len = len;
	return m;
}

static bool block_is_right(const struct maker *m, uint64_t index,
			   const struct oq_block *b)
{
	if (b->len != m->len)
		return false;
	for (size_t k = 0; k < b->len; k++)
		if (b->data[k] != byte_of(m->filler.owner, index, k))
			return false;
	return true;
}

/* Get the block, look at it and put it. */
static void use(struct oq_cache *c, const struct maker *m, uint64_t index)
{
	struct oq_block b;

	assert_int_equal(oq_cache_get(c, &m->filler, index, &b, NULL), 0);
	assert_true(block_is_right(m, index, &b));
	oq_cache_put(c, &b);
	assert_null(b.entry);
	oq_cache_put(c, &b);
}

/* Whether the block is there, which then it is. */
static bool is_kept(struct oq_cache *c, const struct maker *m, uint64_t index)
{
	unsigned fills = m->fills;

	use(c, m, index);
	return m->fills == fills;
}

/* Each test fails a fill at its end, too, and asks again. */
static void fail_and_ask_again(struct oq_cache *c, struct maker *m)
{
	unsigned fills = m->fills;
	struct oq_block b;
	struct oq_err err = { "" };

	m->fail = 1;
	assert_int_equal(oq_cache_get(c, &m->filler, 99999, &b, &err), -EIO);
	assert_string_equal(err.text, "block 99999 is bad");
	use(c, m, 99999);
	use(c, m, 99999);
	assert_int_equal(m->fills, fills + 2);
}

/* The end of a test. */
static void finish(struct oq_cache *c, struct maker *m)
{
	fail_and_ask_again(c, m);
	oq_cache_forget(c, &m->filler);
	free(m);
	oq_cache_free(c);
}

/* ---- a pool whose only worker can be kept busy ---- */

struct gate {
	struct oq_job job; /* first: the job is its gate */
	struct oq_pool *pool;
	sem_t entered, open;
};

static void pass_gate(struct oq_job *job)
{
	struct gate *g = (struct gate *)job;

	sem_post(&g->entered);
	sem_wait(&g->open);
}

static void gate_start(struct gate *g)
{
	g->job.run = pass_gate;
	sem_init(&g->entered, 0, 0);
	sem_init(&g->open, 0, 0);
	assert_int_equal(oq_pool_new(1, &g->pool, NULL), 0);
}

static void gate_close(struct gate *g)
{
	oq_pool_submit(g->pool, &g->job, OQ_URGENT);
	sem_wait(&g->entered);
}

static void gate_open(struct gate *g)
{
	sem_post(&g->open);
}

static void post_gate(struct oq_job *job)
{
	sem_post(&((struct gate *)job)->entered);
}

/* Wait until the worker has nothing to do. */
static void settle(struct gate *g)
{
	g->job.run = post_gate;
	oq_pool_submit(g->pool, &g->job, OQ_IDLE);
	sem_wait(&g->entered);
	g->job.run = pass_gate;
}

/* ---- getting ---- */

static void once(void **state)
{
	struct oq_cache *c = oq_cache_new(10000, NULL);
	struct maker *m = maker_new(c, 100), *other = maker_new(c, 100);
	struct oq_block a, b;

	(void)state;
	assert_int_equal(oq_cache_budget(c), 10000);
	for (uint64_t i = 0; i < 10; i++) {
		use(c, m, i);
		use(c, other, i);
	}
	for (uint64_t i = 0; i < 10; i++)
		assert_true(is_kept(c, m, i) && is_kept(c, other, i));
	assert_int_equal(oq_cache_get(c, &m->filler, 3, &a, NULL), 0);
	assert_int_equal(oq_cache_get(c, &m->filler, 3, &b, NULL), 0);
	assert_ptr_equal(a.data, b.data);
	oq_cache_put(c, &a);
	assert_true(block_is_right(m, 3, &b));
	oq_cache_put(c, &b);
	oq_cache_forget(c, &other->filler);
	free(other);
	finish(c, m);
}

static void many_blocks(void **state)
{
	struct oq_cache *c = oq_cache_new(1 << 20, NULL);
	struct maker *m = maker_new(c, 8);

	(void)state;
	for (uint64_t i = 0; i < 3000; i++)
		use(c, m, i << 40 | i);
	for (uint64_t i = 0; i < 3000; i++)
		assert_true(is_kept(c, m, i << 40 | i));
	assert_int_equal(m->fills, 3000);
	finish(c, m);
}

static void many_owners(void **state)
{
	struct oq_cache *c = oq_cache_new(1 << 20, NULL);
	struct maker *m[1000];

	(void)state;
	for (int i = 0; i < 1000; i++) {
		m[i] = maker_new(c, 8);
		use(c, m[i], 5);
	}
	for (int i = 0; i < 1000; i++)
		assert_true(is_kept(c, m[i], 5));
	for (int i = 1; i < 1000; i++) {
		oq_cache_forget(c, &m[i]->filler);
		assert_true(is_kept(c, m[0], 5));
		free(m[i]);
	}
	finish(c, m[0]);
}

/* ---- many threads at one block ---- */

struct race {
	struct oq_cache *cache;
	struct maker *maker;
	pthread_barrier_t barrier;
	unsigned nrounds;
	atomic_uint right, bad, odd; /* outcomes; 'odd' must not be */
};

static void *ask(void *arg)
{
	struct race *r = arg;

	for (uint64_t i = 0; i < r->nrounds; i++) {
		struct oq_err err = { "" };
		struct oq_block b;
		char text[64];
		int code;

		snprintf(text, sizeof(text), "block %d is bad", (int)i);
		pthread_barrier_wait(&r->barrier);
		code = oq_cache_get(r->cache, &r->maker->filler, i, &b, &err);
		if (code == 0 && block_is_right(r->maker, i, &b))
			atomic_fetch_add(&r->right, 1);
		else if (code == -EIO && strcmp(err.text, text) == 0)
			atomic_fetch_add(&r->bad, 1);
		else
			atomic_fetch_add(&r->odd, 1);
		if (code == 0)
			oq_cache_put(r->cache, &b);
	}
	return NULL;
}

static void run_race(struct race *r, unsigned nrounds)
{
	pthread_t threads[NTHREADS];

	r->nrounds = nrounds;
	r->right = r->bad = r->odd = 0;
	pthread_barrier_init(&r->barrier, NULL, NTHREADS);
	for (int i = 0; i < NTHREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, ask, r), 0);
	for (int i = 0; i < NTHREADS; i++)
		pthread_join(threads[i], NULL);
	pthread_barrier_destroy(&r->barrier);
	assert_int_equal(r->odd, 0);
}

static void contention(void **state)
{
	struct race r = { .cache = oq_cache_new(1 << 20, NULL) };

	(void)state;
	r.maker = maker_new(r.cache, 100);
	r.maker->pace_us = 200;
	run_race(&r, 200);
	assert_int_equal(r.right, NTHREADS * 200);
	assert_int_equal(r.maker->fills, 200);
	finish(r.cache, r.maker);
}

static void shared_failure(void **state)
{
	struct race r = { .cache = oq_cache_new(1 << 20, NULL) };

	(void)state;
	r.maker = maker_new(r.cache, 100);
	r.maker->pace_us = 2000;
	r.maker->fail = -1;
	run_race(&r, 50);
	assert_int_equal(r.bad, NTHREADS * 50);
	/* Who came too late to wait tried for itself, but most did wait. */
	assert_true(r.maker->fills >= 50);
	assert_true(r.maker->fills < NTHREADS * 50 / 2);

	r.maker->fail = 0;
	r.maker->fills = 0;
	run_race(&r, 50);
	assert_int_equal(r.right, NTHREADS * 50);
	assert_int_equal(r.maker->fills, 50);
	finish(r.cache, r.maker);
}

/* ---- the budget ---- */

static void budget(void **state)
{
	struct oq_cache *c = oq_cache_new(1000, NULL);
	struct maker *m = maker_new(c, 300);

	(void)state;
	for (uint64_t i = 0; i < 10; i++)
		use(c, m, i);
	assert_true(is_kept(c, m, 8)); /* now 7 is the oldest, then 9 */
	assert_true(is_kept(c, m, 7)); /* now 9 is, then 8 */
	use(c, m, 10);
	assert_true(is_kept(c, m, 8));
	assert_true(is_kept(c, m, 7));
	assert_true(is_kept(c, m, 10));
	assert_false(is_kept(c, m, 9));
	assert_false(is_kept(c, m, 8)); /* made way for 9 */
	for (uint64_t i = 0; i < 7; i++)
		assert_false(is_kept(c, m, i));
	finish(c, m);
}

static void to_the_byte(void **state)
{
	struct oq_cache *c = oq_cache_new(900, NULL);
	struct maker *m = maker_new(c, 300), *one = maker_new(c, 1);

	(void)state;
	for (uint64_t i = 0; i < 3; i++)
		use(c, m, i);
	for (uint64_t i = 0; i < 3; i++)
		assert_true(is_kept(c, m, i));
	use(c, one, 0);
	assert_true(is_kept(c, m, 1));
	assert_true(is_kept(c, m, 2));
	assert_true(is_kept(c, one, 0));
	assert_false(is_kept(c, m, 0));
	oq_cache_forget(c, &one->filler);
	free(one);
	finish(c, m);
}

static void pinned(void **state)
{
	struct oq_cache *c = oq_cache_new(1000, NULL);
	struct maker *m = maker_new(c, 300);
	struct oq_block b[10];

	(void)state;
	for (uint64_t i = 0; i < 10; i++)
		assert_int_equal(oq_cache_get(c, &m->filler, i, &b[i], NULL),
				 0);
	for (uint64_t i = 0; i < 10; i++) {
		assert_true(block_is_right(m, i, &b[i]));
		assert_true(is_kept(c, m, i));
	}
	for (uint64_t i = 0; i < 10; i++)
		oq_cache_put(c, &b[i]);
	for (uint64_t i = 7; i < 10; i++)
		assert_true(is_kept(c, m, i));
	for (uint64_t i = 0; i < 7; i++)
		assert_false(is_kept(c, m, i));
	finish(c, m);
}

static void larger_than_budget(void **state)
{
	struct oq_cache *c = oq_cache_new(1000, NULL);
	struct maker *m = maker_new(c, 5000), *small = maker_new(c, 300);
	struct oq_block b;

	(void)state;
	assert_int_equal(oq_cache_get(c, &m->filler, 1, &b, NULL), 0);
	assert_false(is_kept(c, small, 1));
	assert_true(block_is_right(m, 1, &b));
	oq_cache_put(c, &b);
	assert_true(is_kept(c, m, 1));
	assert_true(is_kept(c, m, 1));
	assert_false(is_kept(c, m, 2));
	assert_false(is_kept(c, m, 1));
	/* It stays among others as long as it is used ... */
	for (uint64_t i = 0; i < 100; i++) {
		assert_false(is_kept(c, small, i));
		assert_true(is_kept(c, m, 1));
	}
	assert_true(is_kept(c, small, 99));
	assert_true(is_kept(c, small, 97));
	assert_false(is_kept(c, small, 96));
	/* ... and goes when it is the oldest, and another is wanted. */
	for (uint64_t i = 0; i < 4; i++)
		assert_false(is_kept(c, small, i));
	assert_false(is_kept(c, m, 1));
	oq_cache_forget(c, &small->filler);
	free(small);
	finish(c, m);
}

static void short_of_memory(void **state)
{
	struct oq_cache *c = oq_cache_new(1000, NULL);
	struct maker *m = maker_new(c, 300);
	struct oq_block b;

	(void)state;
	m->code = -ENOMEM;
	for (uint64_t i = 0; i < 3; i++)
		assert_false(is_kept(c, m, i));
	m->fail = 1;
	assert_false(is_kept(c, m, 3));
	assert_true(is_kept(c, m, 3));
	assert_int_equal(m->fills, 5);
	/* all else went, and was made again */
	assert_false(is_kept(c, m, 2));
	/* with nothing to give, that is how it is */
	m->fail = 2;
	assert_int_equal(oq_cache_get(c, &m->filler, 9, &b, NULL), -ENOMEM);
	assert_int_equal(m->fail, 0);
	m->fail = 1;
	assert_int_equal(oq_cache_get(c, &m->filler, 9, &b, NULL), -ENOMEM);
	m->code = 0;
	finish(c, m);
}

static void no_budget(void **state)
{
	struct oq_cache *c = oq_cache_new(0, NULL);
	struct maker *m = maker_new(c, 1);

	(void)state;
	use(c, m, 1);
	assert_true(is_kept(c, m, 1));
	use(c, m, 2);
	assert_true(is_kept(c, m, 2));
	assert_false(is_kept(c, m, 1));
	assert_false(is_kept(c, m, 2));
	finish(c, m);
}

/* ---- prefetching ---- */

static void background(void **state)
{
	struct gate g;
	struct oq_cache *c;
	struct maker *m;

	(void)state;
	gate_start(&g);
	c = oq_cache_new(2000, g.pool);
	m = maker_new(c, 100);
	/* Half of the budget is for what is not there yet; more than once. */
	for (uint64_t round = 0; round < 3; round++) {
		gate_close(&g);
		for (uint64_t i = 0; i < 15; i++)
			oq_cache_prefetch(c, &m->filler, round * 15 + i, 100);
		oq_cache_prefetch(c, &m->filler, round * 15, 100);
		assert_int_equal(m->fills, round * 10);
		gate_open(&g);
		settle(&g);
		assert_int_equal(m->fills, (round + 1) * 10);
		for (uint64_t i = 0; i < 10; i++)
			assert_true(is_kept(c, m, round * 15 + i));
	}
	m->fills = 0;
	oq_cache_prefetch(c, &m->filler, 39, 100); /* is there */
	settle(&g);
	assert_int_equal(m->fills, 0);
	assert_false(is_kept(c, m, 40)); /* was too many */
	oq_pool_free(g.pool);
	finish(c, m);
}

static void no_pool(void **state)
{
	struct oq_cache *c = oq_cache_new(2000, NULL);
	struct maker *m = maker_new(c, 100);

	(void)state;
	oq_cache_prefetch(c, &m->filler, 1, 100);
	assert_int_equal(m->fills, 0);
	assert_false(is_kept(c, m, 1));
	finish(c, m);
}

static void background_failure(void **state)
{
	struct gate g;
	struct oq_cache *c;
	struct maker *m;

	(void)state;
	gate_start(&g);
	c = oq_cache_new(2000, g.pool);
	m = maker_new(c, 100);
	m->fail = -1;
	/* As often as would use up the budget if it were not given back. */
	for (uint64_t i = 0; i < 30; i++) {
		oq_cache_prefetch(c, &m->filler, 1, 900);
		settle(&g);
		assert_int_equal(m->fills, i + 1);
	}
	m->fail = 0;
	assert_false(is_kept(c, m, 1));
	assert_true(is_kept(c, m, 1));
	oq_pool_free(g.pool);
	finish(c, m);
}

static void taken_over(void **state)
{
	struct gate g;
	struct oq_cache *c;
	struct maker *m;
	struct oq_block b;

	(void)state;
	gate_start(&g);
	c = oq_cache_new(2000, g.pool);
	m = maker_new(c, 100);
	gate_close(&g);
	for (uint64_t i = 0; i < 3; i++)
		oq_cache_prefetch(c, &m->filler, i, 300);
	use(c, m, 1);
	assert_int_equal(m->fills, 1);
	m->fail = 1;
	assert_int_equal(oq_cache_get(c, &m->filler, 2, &b, NULL), -EIO);
	/* Their shares are free again: this fits, and no more. */
	oq_cache_prefetch(c, &m->filler, 3, 700);
	oq_cache_prefetch(c, &m->filler, 4, 1);
	gate_open(&g);
	settle(&g);
	assert_int_equal(m->fills, 4);
	assert_true(is_kept(c, m, 0));
	assert_true(is_kept(c, m, 1));
	assert_true(is_kept(c, m, 3));
	assert_false(is_kept(c, m, 2));
	oq_pool_free(g.pool);
	finish(c, m);
}

/* Urgent work can keep prefetches queued for as long as it likes. */
static void taken_over_and_dropped(void **state)
{
	struct gate g;
	struct oq_cache *c;
	struct maker *m;

	(void)state;
	gate_start(&g);
	c = oq_cache_new(1000, g.pool);
	m = maker_new(c, 300);
	gate_close(&g);
	for (uint64_t i = 0; i < 10; i++) {
		oq_cache_prefetch(c, &m->filler, i, 300);
		use(c, m, i);
	}
	for (uint64_t i = 7; i < 10; i++)
		assert_true(is_kept(c, m, i));
	for (uint64_t i = 0; i < 7; i++)
		assert_false(is_kept(c, m, i));
	gate_open(&g);
	oq_pool_free(g.pool);
	finish(c, m);
}

/* ---- forgetting ---- */

static void forgotten(void **state)
{
	struct oq_cache *c = oq_cache_new(10000, NULL);
	struct maker *m = maker_new(c, 100), *other = maker_new(c, 100);

	(void)state;
	for (uint64_t i = 0; i < 20; i++) {
		use(c, m, i);
		use(c, other, i);
	}
	oq_cache_forget(c, &m->filler);
	for (uint64_t i = 0; i < 20; i++) {
		assert_false(is_kept(c, m, i));
		assert_true(is_kept(c, other, i));
	}
	oq_cache_forget(c, &m->filler);
	oq_cache_forget(c, &m->filler);
	/* Their bytes are free for others. */
	for (uint64_t i = 20; i < 90; i++)
		use(c, other, i);
	for (uint64_t i = 0; i < 90; i++)
		assert_true(is_kept(c, other, i));
	free(m);
	finish(c, other);
}

static void forgotten_in_queue(void **state)
{
	struct gate g;
	struct oq_cache *c;
	struct maker *m, *gone;

	(void)state;
	gate_start(&g);
	c = oq_cache_new(2000, g.pool);
	m = maker_new(c, 100);
	gone = maker_new(c, 100);
	gate_close(&g);
	for (uint64_t i = 0; i < 10; i++)
		oq_cache_prefetch(c, &gone->filler, i, 100);
	use(c, gone, 5);
	/* The only worker is busy: nothing here may wait for it. */
	oq_cache_forget(c, &gone->filler);
	assert_int_equal(gone->fills, 1);
	free(gone);
	for (uint64_t i = 0; i < 10; i++)
		oq_cache_prefetch(c, &m->filler, i, 100);
	gate_open(&g);
	settle(&g);
	assert_int_equal(m->fills, 10);
	oq_pool_free(g.pool);
	finish(c, m);
}

struct forgetter {
	struct oq_cache *cache;
	struct maker *maker;
	atomic_bool over;
	unsigned done; /* fills that were over by then */
};

static void *forget(void *arg)
{
	struct forgetter *f = arg;

	oq_cache_forget(f->cache, &f->maker->filler);
	f->done = f->maker->done;
	f->over = true;
	return NULL;
}

static void forget_while_filling(int fail)
{
	struct forgetter f = { .over = false };
	sem_t entered, open;
	pthread_t thread;
	struct gate g;

	gate_start(&g);
	f.cache = oq_cache_new(2000, g.pool);
	f.maker = maker_new(f.cache, 100);
	sem_init(&entered, 0, 0);
	sem_init(&open, 0, 0);
	f.maker->entered = &entered;
	f.maker->open = &open;
	f.maker->fail = fail;
	oq_cache_prefetch(f.cache, &f.maker->filler, 1, 100);
	oq_cache_prefetch(f.cache, &f.maker->filler, 2, 100);
	sem_wait(&entered);
	assert_int_equal(pthread_create(&thread, NULL, forget, &f), 0);
	usleep(20000);
	assert_false(f.over);
	sem_post(&open);
	pthread_join(thread, NULL);
	assert_int_equal(f.done, 1);
	assert_int_equal(f.maker->fills, 1);

	f.maker->open = NULL;
	assert_false(is_kept(f.cache, f.maker, 1));
	oq_pool_free(g.pool);
	finish(f.cache, f.maker);
}

static void forgotten_while_filling(void **state)
{
	(void)state;
	forget_while_filling(0);
	forget_while_filling(1);
}

/* ---- offering ---- */

static void offered(void **state)
{
	struct oq_cache *c = oq_cache_new(1000, NULL);
	struct maker *m = maker_new(c, 300);

	(void)state;
	for (uint64_t i = 0; i < 3; i++)
		oq_cache_offer(c, &m->filler, i, make_bytes(m, i), 300);
	for (uint64_t i = 0; i < 3; i++)
		assert_true(is_kept(c, m, i));
	/* What is there stays: this would be seen. */
	oq_cache_offer(c, &m->filler, 2, make_bytes(m, 7), 300);
	assert_true(is_kept(c, m, 2));
	oq_cache_offer(c, &m->filler, 3, make_bytes(m, 3), 300);
	assert_true(is_kept(c, m, 3));
	assert_false(is_kept(c, m, 0));
	finish(c, m);
}

static void offered_too_much(void **state)
{
	struct oq_cache *c = oq_cache_new(200, NULL);
	struct maker *m = maker_new(c, 300);

	(void)state;
	use(c, m, 1);
	oq_cache_offer(c, &m->filler, 2, make_bytes(m, 2), 300);
	assert_true(is_kept(c, m, 2));
	assert_false(is_kept(c, m, 1));
	assert_false(is_kept(c, m, 2));
	finish(c, m);
}

/* ---- all of it at once ---- */

struct storm {
	struct oq_cache *cache;
	struct maker *makers[2];
	atomic_uint odd, seed;
};

static void *rage(void *arg)
{
	struct storm *s = arg;
	unsigned seed = atomic_fetch_add(&s->seed, 1);

	for (int i = 0; i < 4000; i++) {
		int dice = rand_r(&seed) >> 4;
		struct maker *m = s->makers[dice % 2];
		uint64_t index = (uint64_t)dice / 2 % 64;
		struct oq_block b;
		int r;

		switch (dice / 128 % 8) {
		case 0:
			m->fail = 1;
			break;
		case 1:
			oq_cache_offer(s->cache, &m->filler, index,
				       make_bytes(m, index), m->len);
			break;
		case 2:
		case 3:
			oq_cache_prefetch(s->cache, &m->filler, index, m->len);
			break;
		default:
			r = oq_cache_get(s->cache, &m->filler, index, &b, NULL);
			if (r ? r != -EIO : !block_is_right(m, index, &b))
				atomic_fetch_add(&s->odd, 1);
			if (r == 0)
				oq_cache_put(s->cache, &b);
		}
	}
	return NULL;
}

static void all_at_once(void **state)
{
	struct storm s = { .seed = 1 };
	pthread_t threads[NTHREADS];
	struct oq_pool *pool;

	(void)state;
	assert_int_equal(oq_pool_new(2, &pool, NULL), 0);
	s.cache = oq_cache_new(3000, pool);
	for (int i = 0; i < 2; i++)
		s.makers[i] = maker_new(s.cache, 100 + 50 * (size_t)i);
	for (int i = 0; i < NTHREADS; i++)
		assert_int_equal(pthread_create(&threads[i], NULL, rage, &s),
				 0);
	for (int i = 0; i < NTHREADS; i++)
		pthread_join(threads[i], NULL);
	assert_int_equal(s.odd, 0);
	for (int i = 0; i < 2; i++) {
		oq_cache_forget(s.cache, &s.makers[i]->filler);
		s.makers[i]->fail = 0;
	}
	/* The accounts are right: all of the budget is free. */
	for (uint64_t i = 0; i < 30; i++)
		use(s.cache, s.makers[0], i);
	for (uint64_t i = 0; i < 30; i++)
		assert_true(is_kept(s.cache, s.makers[0], i));
	oq_pool_free(pool);
	free(s.makers[1]);
	finish(s.cache, s.makers[0]);
}

struct owners {
	struct oq_cache *cache;
	uint64_t got[1000];
};

static void *take_owners(void *arg)
{
	struct owners *o = arg;

	for (int i = 0; i < 1000; i++)
		o->got[i] = oq_cache_owner(o->cache);
	return NULL;
}

/* ---- only what is there ---- */

static void found(void **state)
{
	struct oq_cache *c = oq_cache_new(10000, NULL);
	struct maker *m = maker_new(c, 100);
	struct oq_block b;

	(void)state;
	assert_false(oq_cache_has(c, &m->filler, 1));
	assert_false(oq_cache_find(c, &m->filler, 1, &b));
	assert_int_equal(m->fills, 0);
	use(c, m, 1);
	assert_true(oq_cache_has(c, &m->filler, 1));
	assert_true(oq_cache_find(c, &m->filler, 1, &b));
	assert_true(block_is_right(m, 1, &b));
	oq_cache_put(c, &b);
	assert_int_equal(m->fills, 1);
	finish(c, m);
}

static void found_in_queue(void **state)
{
	struct oq_cache *c;
	struct maker *m;
	struct oq_block b;
	struct gate g;

	(void)state;
	gate_start(&g);
	c = oq_cache_new(10000, g.pool);
	m = maker_new(c, 100);
	gate_close(&g);
	oq_cache_prefetch(c, &m->filler, 1, 100);
	oq_cache_prefetch(c, &m->filler, 2, 100);
	assert_true(oq_cache_has(c, &m->filler, 1));
	assert_true(oq_cache_find(c, &m->filler, 1, &b));
	assert_true(block_is_right(m, 1, &b));
	oq_cache_put(c, &b);
	m->fail = 1;
	assert_false(oq_cache_find(c, &m->filler, 2, &b));
	assert_false(oq_cache_has(c, &m->filler, 2));
	assert_int_equal(m->fills, 2);
	gate_open(&g);
	oq_pool_free(g.pool);
	finish(c, m);
}

struct waiter {
	struct oq_cache *cache;
	struct maker *maker;
};

static void *wait_for_one(void *arg)
{
	struct waiter *w = arg;

	use(w->cache, w->maker, 1);
	return NULL;
}

/* The pool's only worker is busy: who waits for a block makes others. */
static void fetched_while_waiting(void **state)
{
	struct oq_cache *c;
	struct maker *slow, *quick;
	struct waiter w;
	pthread_t filling, waiting;
	sem_t entered, open;
	struct gate g;

	(void)state;
	sem_init(&entered, 0, 0);
	sem_init(&open, 0, 0);
	gate_start(&g);
	c = oq_cache_new(10000, g.pool);
	slow = maker_new(c, 100);
	slow->entered = &entered;
	slow->open = &open;
	quick = maker_new(c, 100);
	quick->filler.fetches = true;
	gate_close(&g);
	w = (struct waiter){ c, slow };
	assert_int_equal(pthread_create(&filling, NULL, wait_for_one, &w), 0);
	sem_wait(&entered);
	oq_cache_prefetch(c, &quick->filler, 7, 100);
	oq_cache_prefetch(c, &quick->filler, 8, 100);
	assert_int_equal(pthread_create(&waiting, NULL, wait_for_one, &w), 0);
	while (quick->fills < 2)
		usleep(100);
	sem_post(&open);
	pthread_join(filling, NULL);
	pthread_join(waiting, NULL);
	assert_true(is_kept(c, quick, 7));
	slow->open = NULL;
	gate_open(&g);
	oq_pool_free(g.pool);
	oq_cache_forget(c, &quick->filler);
	free(quick);
	finish(c, slow);
}

static void owners(void **state)
{
	struct oq_cache *c = oq_cache_new(1000, NULL);
	struct maker *m = maker_new(c, 100);
	struct owners o[4];
	pthread_t threads[4];
	bool seen[4002] = { false };

	(void)state;
	for (int i = 0; i < 4; i++) {
		o[i].cache = c;
		assert_int_equal(pthread_create(&threads[i], NULL, take_owners,
						&o[i]),
				 0);
	}
	for (int i = 0; i < 4; i++) {
		pthread_join(threads[i], NULL);
		for (int k = 0; k < 1000; k++) {
			assert_true(o[i].got[k] > m->filler.owner);
			assert_true(o[i].got[k] < 4002);
			assert_false(seen[o[i].got[k]]);
			seen[o[i].got[k]] = true;
		}
	}
	finish(c, m);
	oq_cache_free(NULL);
}

/* What was used once is dropped when all of it was, but not while it is
 * pinned; and then it is made again for who comes back. */
static void used(void **state)
{
	struct oq_cache *c = oq_cache_new(1 << 20, NULL);
	struct maker m = { .filler = { .fill = fill }, .len = 1000 };
	struct oq_block a, b;

	(void)state;
	m.filler.owner = oq_cache_owner(c);
	assert_int_equal(oq_cache_get(c, &m.filler, 5, &a, NULL), 0);
	oq_cache_put_used(c, &a, 999);
	assert_true(oq_cache_has(c, &m.filler, 5));
	assert_int_equal(oq_cache_get(c, &m.filler, 5, &a, NULL), 0);
	assert_int_equal(oq_cache_get(c, &m.filler, 5, &b, NULL), 0);
	oq_cache_put_used(c, &a, 1);
	assert_int_equal(b.data[7], byte_of(m.filler.owner, 5, 7));
	oq_cache_put(c, &b);
	assert_false(oq_cache_has(c, &m.filler, 5));
	assert_int_equal(m.fills, 1);
	assert_int_equal(oq_cache_get(c, &m.filler, 5, &a, NULL), 0);
	assert_int_equal(m.fills, 2);
	assert_int_equal(a.data[7], byte_of(m.filler.owner, 5, 7));
	oq_cache_put(c, &a);
	assert_true(oq_cache_has(c, &m.filler, 5));
	oq_cache_free(c);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST("a block is made once and then kept", once),
		TEST("a cache finds its way among thousands of blocks",
		     many_blocks),
		TEST("blocks of one number are told apart by their owners",
		     many_owners),
		TEST("a block is made once however many want it", contention),
		TEST("a fill that fails is everybody's, and then tried again",
		     shared_failure),
		TEST("the least recently used blocks make room", budget),
		TEST("a block whose bytes were used once is dropped", used),
		TEST("the budget is kept to the byte", to_the_byte),
		TEST("pinned blocks stay, over the budget if need be", pinned),
		TEST("a block larger than the budget stays while it is used",
		     larger_than_budget),
		TEST("where memory is short, what is kept makes room",
		     short_of_memory),
		TEST("a cache without a budget keeps the latest block",
		     no_budget),
		TEST("what is fetched ahead is there when it is wanted",
		     background),
		TEST("without a pool nothing is fetched ahead", no_pool),
		TEST("a fetch ahead that fails leaves nothing behind",
		     background_failure),
		TEST("who needs a queued block makes it", taken_over),
		TEST("a block is dropped though its fetch is still queued",
		     taken_over_and_dropped),
		TEST("an owner's blocks are forgotten, and no others",
		     forgotten),
		TEST("forgetting does not wait for what is queued",
		     forgotten_in_queue),
		TEST("forgetting waits for fills under way",
		     forgotten_while_filling),
		TEST("only what is there is found", found),
		TEST("what is found in the queue is made", found_in_queue),
		TEST("who waits for a block fetches others meanwhile",
		     fetched_while_waiting),
		TEST("an offered block is kept where there is none", offered),
		TEST("an offered block takes room as any other",
		     offered_too_much),
		TEST("all of this is safe from many threads", all_at_once),
		TEST("each owner's number is its own", owners),
	};

	alarm(240); /* a deadlock ends here */
	return cmocka_run_group_tests_name("cache", tests, NULL, NULL);
}
