/* SPDX-License-Identifier: MIT */
/* sched.c - readers that are too many, or idle */

#include "tests/unit/world.h"

#include <stdatomic.h>

/* ---- seats ---- */

static void least_recently_used_ends(void **state)
{
	struct world *w = *state;
	struct oqfs_store *b = new_store(w, "b", "hello");
	struct oqfs_store *c = new_store(w, "c", "hello");
	pid_t pa = pid_of(w->st), pb = pid_of(b), pc;

	fake_sleep(5);
	assert_int_equal(pid_of(w->st), pa);
	/* Its end is not waited for. */
	pc = pid_of(c);
	assert_soon(!is_alive(pb));
	assert_int_equal(pid_of(w->st), pa);
	assert_int_equal(pid_of(c), pc);
	assert_soon(status_has(w, "2 of 2 running"));
	oqfs_store_put(b);
	oqfs_store_put(c);
}

/* Asks again and again until each of them was answered once. */
struct hog {
	pthread_t thread;
	struct oqfs_store *st;
	atomic_uint *nserved;
	int rc;
};

#define HOGS 8

static void *run_hog(void *arg)
{
	struct hog *h = arg;

	h->rc = ask(h->st, "slow");
	atomic_fetch_add(h->nserved, 1);
	while (!h->rc && atomic_load(h->nserved) < HOGS)
		h->rc = ask(h->st, "slow");
	return NULL;
}

/* Each store always has something in hand, of two that ask. */
static void busy_stores_share(void **state)
{
	struct world *w = *state;
	struct hog hogs[HOGS] = { { .rc = 0 } };
	atomic_uint nserved = 0;
	struct oqfs_store *st[HOGS / 2];
	char name[8];

	w->o.timeout_ms = 60000;
	restart(w, 1, 60000);
	for (unsigned i = 0; i < HOGS / 2; i++) {
		snprintf(name, sizeof(name), "s%u", i);
		st[i] = new_store(w, name, "hello");
	}
	for (unsigned i = 0; i < HOGS; i++) {
		hogs[i].st = st[i / 2];
		hogs[i].nserved = &nserved;
		assert_int_equal(pthread_create(&hogs[i].thread, NULL, run_hog,
						&hogs[i]),
				 0);
	}
	for (unsigned i = 0; i < HOGS; i++) {
		pthread_join(hogs[i].thread, NULL);
		assert_int_equal(hogs[i].rc, 0);
	}
	for (unsigned i = 0; i < HOGS / 2; i++)
		oqfs_store_put(st[i]);
}

/* A reader that always says that it goes on keeps its seat for a while only,
 * and has its requests asked again once; nobody is to blame. */
static void none_takes_for_ever(void **state)
{
	struct world *w = *state;
	struct job hog = { .name = "no end" };
	struct oqfs_store *b;
	pid_t pid;

	restart(w, 1, 60000);
	hog.st = w->st;
	pid = pid_of(w->st);
	start_job(&hog);
	b = new_store(w, "b", "hello");
	for (int i = 0; i < 3; i++)
		assert_int_equal(ask(b, "echo"), 0);
	assert_soon(!is_alive(pid));
	/* Asked again, it takes the seat once more, until it is wanted. */
	while (!atomic_load(&hog.is_over))
		assert_int_equal(ask(b, "echo"), 0);
	pthread_join(hog.thread, NULL);
	assert_int_equal(hog.rc, -EIO);
	assert_int_equal(ask(w->st, "echo"), 0);
	assert_true(status_has(w, "0 of themselves, 0 killed from outside, 0 "
				  "hung"));
	oqfs_store_put(b);
}

static void idle_readers_end(void **state)
{
	struct world *w = *state;
	pid_t pid;

	restart(w, 2, 100);
	pid = pid_of(w->st);
	assert_soon(!is_alive(pid));
	assert_soon(status_has(w, "0 of 2 running"));
	assert_int_equal(ask(w->st, "echo"), 0);
}

/* A store that nobody needs any more goes with its reader; the others are
 * looked through again and again. */
static void stores_go_with_readers(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 20; i++) {
		struct oqfs_store *st = new_store(w, "gone", "hello");

		pid_t pid = pid_of(st);

		oqfs_store_put(st);
		assert_soon(!is_alive(pid));
		fake_sleep(5);
	}
	assert_int_equal(ask(w->st, "echo"), 0);
	assert_soon(status_has(w, "1 of 2 running"));
}

static unsigned long share_of(struct oqfs_store *st)
{
	char text[32];

	ask_text(st, "share", text, sizeof(text));
	return strtoul(text, NULL, 10);
}

static void expect_share(struct oqfs_store *st, unsigned long share)
{
	for (int i = 0; i < 100 && share_of(st) != share; i++)
		fake_sleep(20);
	assert_int_equal(share_of(st), share);
}

/* Of a cache of 1 MiB, which two readers may run with. */
static void few_readers_have_more_cache(void **state)
{
	struct world *w = *state;
	struct oqfs_store *b;

	restart(w, 2, 60000);
	expect_share(w->st, 1 << 20);
	b = new_store(w, "b", "hello");
	assert_int_equal(ask(b, "echo"), 0);
	/* At once: the message was sent before ours. */
	assert_int_equal(share_of(w->st), 1 << 19);
	oqfs_store_put(b);
	expect_share(w->st, 1 << 20);
}

static const struct CMUnitTest tests[] = {
	test("the least recently used reader ends first",
	     least_recently_used_ends),
	test("busy stores share one reader", busy_stores_share),
	test("none takes for ever while others wait", none_takes_for_ever),
	test("idle readers end", idle_readers_end),
	test("a store goes with its reader", stores_go_with_readers),
	test("few readers have more of the cache", few_readers_have_more_cache),
};

WORLD_MAIN("seats")
