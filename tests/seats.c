/* SPDX-License-Identifier: MIT */
/* seats.c - readers that are too many, or idle */

#include "world.h"

/* ---- seats ---- */

static void least_recently_used_ends(void **state)
{
	struct world *w = *state;
	struct oqfs_store *b = new_store(w, "b", "hello");
	struct oqfs_store *c = new_store(w, "c", "hello");
	pid_t pa = pid_of(w->st), pb = pid_of(b), pc;

	fake_sleep(5);
	assert_int_equal(pid_of(w->st), pa);
	pc = pid_of(c);
	assert_false(is_alive(pb));
	assert_int_equal(pid_of(w->st), pa);
	assert_int_equal(pid_of(c), pc);
	assert_true(status_has(w, "2 of 2 running"));
	oqfs_store_put(b);
	oqfs_store_put(c);
}

static void busy_stores_share(void **state)
{
	struct world *w = *state;
	struct job jobs[8] = { { .name = NULL } };
	struct oqfs_store *st[4];
	char name[8];

	restart(w, 1, 60000);
	for (unsigned i = 0; i < 4; i++) {
		snprintf(name, sizeof(name), "s%u", i);
		st[i] = new_store(w, name, "hello");
	}
	/* each store always has something in hand, for 0.7 s */
	for (unsigned i = 0; i < 8; i++)
		jobs[i] = (struct job){ .st = st[i / 2],
					.name = "slow",
					.times = 3 };
	run_jobs(jobs, 8);
	for (unsigned i = 0; i < 8; i++)
		assert_int_equal(jobs[i].rc, 0);
	for (unsigned i = 0; i < 4; i++)
		oqfs_store_put(st[i]);
}

static void idle_readers_end(void **state)
{
	struct world *w = *state;
	pid_t pid;

	restart(w, 2, 100);
	pid = pid_of(w->st);
	fake_sleep(600);
	assert_false(is_alive(pid));
	assert_true(status_has(w, "0 of 2 running"));
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
		while (is_alive(pid))
			fake_sleep(1);
		fake_sleep(5);
	}
	assert_int_equal(ask(w->st, "echo"), 0);
	assert_true(status_has(w, "1 of 2 running"));
}

static const struct CMUnitTest tests[] = {
	test("the least recently used reader ends first",
	     least_recently_used_ends),
	test("busy stores share one reader", busy_stores_share),
	test("idle readers end", idle_readers_end),
	test("a store goes with its reader", stores_go_with_readers),
};

WORLD_MAIN("seats")
