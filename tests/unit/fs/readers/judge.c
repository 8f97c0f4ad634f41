/* SPDX-License-Identifier: MIT */
/* judge.c - whose time is used up, by which clock */

#include "fs/readers/judge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "fs/base/wait.h"
#include "fs/readers/look.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static int64_t spent(enum oqfs_activity a, int64_t wall, int64_t cpu,
		     int64_t most)
{
	const struct oqfs_look then = { .wall_ms = 1000, .cpu_ms = 70 };
	const struct oqfs_look now = { .wall_ms = 1000 + wall,
				       .cpu_ms = 70 + cpu,
				       .activity = a };

	return oqfs_judge_spent(&then, &now, most);
}

/* ---- the clock ---- */

static void every_activity_has_its_pace(void **state)
{
	(void)state;
	for (int64_t wall = 0; wall <= 40; wall++)
		for (int64_t cpu = 0; cpu <= 2 * wall; cpu++)
			for (int64_t most = 0; most <= 50; most += 5) {
				int64_t used = cpu < wall ? cpu : wall;
				int64_t slept = wall < most ? wall : most;
				int64_t slow = slept / 4;
				int64_t all = used > slept ? used : slept;
				int64_t some = used > slow ? used : slow;

				assert_int_equal(spent(OQFS_ACTIVITY_RUNS, wall,
						       cpu, most),
						 used);
				assert_int_equal(spent(OQFS_ACTIVITY_SLEEPS,
						       wall, cpu, most),
						 all);
				assert_int_equal(spent(OQFS_ACTIVITY_STOPPED,
						       wall, cpu, most),
						 all);
				assert_int_equal(spent(OQFS_ACTIVITY_READS,
						       wall, cpu, most),
						 some);
				assert_int_equal(spent(OQFS_ACTIVITY_UNKNOWN,
						       wall, cpu, most),
						 some);
			}
}

static void never_backwards(void **state)
{
	(void)state;
	for (int a = 0; a < OQFS_NACTIVITIES; a++)
		for (int64_t wall = -5; wall <= 5; wall++)
			for (int64_t cpu = -5; cpu <= 5; cpu++) {
				int64_t s = spent(a, wall, cpu, 1000);

				assert_true(s >= 0);
				assert_true(s <= (wall > 0 ? wall : 0));
			}
}

/* For hours, with a look a second: nothing of it counts. */
static void waiting_for_a_processor_is_free(void **state)
{
	int64_t sum = 0;

	(void)state;
	for (int i = 0; i < 36000; i++)
		sum += spent(OQFS_ACTIVITY_RUNS, 1000, 0, 1000);
	assert_int_equal(sum, 0);
}

static void starving_is_told_from_computing(void **state)
{
	struct oqfs_look then = { 0 }, now = { .wall_ms = 100 };

	(void)state;
	for (int a = 0; a < OQFS_NACTIVITIES; a++)
		for (now.cpu_ms = 0; now.cpu_ms <= 200; now.cpu_ms++) {
			now.activity = a;
			assert_int_equal(oqfs_judge_starves(&then, &now),
					 a == OQFS_ACTIVITY_RUNS &&
						 now.cpu_ms < 50);
		}
}

/* ---- the verdict ---- */

static enum oqfs_verdict model(const struct oqfs_claim *c)
{
	if (c->spent_ms >= c->timeout_ms) {
		if (c->worked < OQFS_MIN_WORKED)
			return OQFS_VERDICT_HUNG;
		if (c->prolonged >= OQFS_MAX_PROLONGED)
			return OQFS_VERDICT_HUNG;
		return OQFS_VERDICT_PROLONG;
	}
	if (c->waited_ms >= c->timeout_ms * OQFS_PATIENCE)
		return OQFS_VERDICT_STARVED;
	return OQFS_VERDICT_WAIT;
}

static void every_claim(void **state)
{
	static const uint64_t works[] = { 0, 1, OQFS_MIN_WORKED - 1,
					  OQFS_MIN_WORKED, UINT64_MAX };
	struct oqfs_claim c;

	(void)state;
	for (c.timeout_ms = 1; c.timeout_ms <= 4; c.timeout_ms++)
		for (c.spent_ms = -2; c.spent_ms <= 6; c.spent_ms++)
			for (c.waited_ms = 0; c.waited_ms <= 500; c.waited_ms++)
				for (c.prolonged = 0; c.prolonged <= 30;
				     c.prolonged += 3)
					for (size_t i = 0; i < 5; i++) {
						c.worked = works[i];
						assert_int_equal(oqfs_judge(&c),
								 model(&c));
					}
}

/* Whatever it does, and whatever it says of its work, it ends. */
static void all_that_waits_ends(void **state)
{
	const int64_t timeout = 5000, step = 500;

	(void)state;
	for (int a = 0; a < OQFS_NACTIVITIES; a++)
		for (int cpu = 0; cpu <= step; cpu += 100) {
			struct oqfs_claim c = { .timeout_ms = timeout,
						.worked = UINT64_MAX };
			enum oqfs_verdict v = OQFS_VERDICT_WAIT;
			int64_t wall = 0;

			while (v < OQFS_VERDICT_HUNG) {
				wall += step;
				c.waited_ms += step;
				c.spent_ms += spent(a, step, cpu, 2 * step);
				v = oqfs_judge(&c);
				if (v == OQFS_VERDICT_PROLONG) {
					c.spent_ms = c.waited_ms = 0;
					c.prolonged++;
				}
				assert_true(wall <=
					    timeout * OQFS_PATIENCE * 25);
			}
			c = (struct oqfs_claim){ .timeout_ms = timeout };
			v = OQFS_VERDICT_WAIT;
			for (wall = 0; v == OQFS_VERDICT_WAIT; wall += step) {
				c.waited_ms += step;
				c.spent_ms += spent(a, step, cpu, 2 * step);
				v = oqfs_judge(&c);
			}
			/* a loop, a stop and a sleep as they always did */
			if (cpu == step || a == OQFS_ACTIVITY_STOPPED ||
			    a == OQFS_ACTIVITY_SLEEPS)
				assert_int_equal(wall, timeout);
			else if (a == OQFS_ACTIVITY_READS)
				assert_true(wall <= 4 * timeout);
			else
				assert_true(wall <= timeout * OQFS_PATIENCE);
		}
}

static void words(void **state)
{
	(void)state;
	for (int a = 0; a < OQFS_NACTIVITIES; a++)
		for (int b = 0; b < a; b++)
			assert_string_not_equal(oqfs_judge_word(a),
						oqfs_judge_word(b));
}

/* ---- what the kernel says ---- */

static void lines(void **state)
{
	static const struct {
		const char *line;
		enum oqfs_activity activity;
		uint64_t pages;
	} all[] = {
		{ "1 (a) R 1 2 3 4 5 6 100 8 20 1 1", OQFS_ACTIVITY_RUNS, 120 },
		{ "1 (a) S 1 2 3 4 5 6 0 8 1 1 1", OQFS_ACTIVITY_SLEEPS, 1 },
		{ "1 (a) D 1 2 3 0 -1 6 7 8 0 1", OQFS_ACTIVITY_READS, 7 },
		{ "1 (a) T 1 2 3 0 -1 6 7 8 0 1", OQFS_ACTIVITY_STOPPED, 7 },
		{ "1 (a) t 1 2 3 0 -1 6 7 8 0 1", OQFS_ACTIVITY_STOPPED, 7 },
		{ "1 (a) Z 1 2 3 0 -1 6 7 8 0 1", OQFS_ACTIVITY_SLEEPS, 7 },
		{ "1 () D (x) R) S 1 2 3 4 5 6 7 8 9 1", OQFS_ACTIVITY_SLEEPS,
		  16 },
		{ "1 (a", OQFS_ACTIVITY_UNKNOWN, 0 },
		{ "1 (a) R", OQFS_ACTIVITY_UNKNOWN, 0 },
		{ "", OQFS_ACTIVITY_UNKNOWN, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++) {
		struct oqfs_look l = { .activity = OQFS_ACTIVITY_UNKNOWN };

		oqfs_look_add(&l, all[i].line);
		assert_int_equal(l.activity, all[i].activity);
		assert_int_equal(l.memory, all[i].pages * 4096);
	}
}

static enum oqfs_activity of_threads(const char *letters)
{
	struct oqfs_look l = { .activity = OQFS_ACTIVITY_UNKNOWN };
	char line[64];

	for (; *letters; letters++) {
		snprintf(line, sizeof(line), "1 (a) %c 1 2 3 4 5 6 7 8 9 1",
			 *letters);
		oqfs_look_add(&l, line);
	}
	return l.activity;
}

static void one_thread_is_enough(void **state)
{
	(void)state;
	assert_int_equal(of_threads("SSRDT"), OQFS_ACTIVITY_RUNS);
	assert_int_equal(of_threads("RSSS"), OQFS_ACTIVITY_RUNS);
	assert_int_equal(of_threads("SDTS"), OQFS_ACTIVITY_READS);
	assert_int_equal(of_threads("STS"), OQFS_ACTIVITY_STOPPED);
	assert_int_equal(of_threads("SS"), OQFS_ACTIVITY_SLEEPS);
	assert_int_equal(of_threads(""), OQFS_ACTIVITY_UNKNOWN);
}

static pid_t child(void (*run)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		run();
		_exit(0);
	}
	assert_true(pid > 0);
	return pid;
}

static void loops(void)
{
	volatile bool on = true;

	while (on)
		;
}

static void sleeps(void)
{
	for (;;)
		pause();
}

static void fills(void)
{
	size_t n = (size_t)64 << 20;
	char *p = mmap(NULL, n, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (size_t i = 0; p != MAP_FAILED && i < n; i += 4096)
		p[i] = 1;
	sleeps();
}

/* Look at a child until it is as it should be; so long as that takes. */
static struct oqfs_look await(pid_t pid, enum oqfs_activity a, int64_t cpu_ms,
			      uint64_t memory)
{
	int64_t until = oqfs_now_ms() + 60000;
	struct oqfs_look l;

	do {
		l = oqfs_look_at(pid);
		usleep(1000);
	} while ((l.activity != a || l.cpu_ms < cpu_ms || l.memory < memory) &&
		 oqfs_now_ms() < until);
	assert_int_equal(l.activity, a);
	assert_true(l.cpu_ms >= cpu_ms && l.memory >= memory);
	return l;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void children_are_seen(void **state)
{
	struct oqfs_look first, later;
	pid_t pid = child(loops);

	(void)state;
	await(pid, OQFS_ACTIVITY_RUNS, 50, 0);
	kill(pid, SIGSTOP);
	first = await(pid, OQFS_ACTIVITY_STOPPED, 50, 0);
	later = await(pid, OQFS_ACTIVITY_STOPPED, 50, 0);
	assert_int_equal(first.cpu_ms, later.cpu_ms);
	assert_true(first.wall_ms <= later.wall_ms);
	end(pid);
	pid = child(sleeps);
	await(pid, OQFS_ACTIVITY_SLEEPS, 0, 0);
	end(pid);
	assert_int_equal(oqfs_look_at(pid).activity, OQFS_ACTIVITY_UNKNOWN);
	pid = child(fills);
	await(pid, OQFS_ACTIVITY_SLEEPS, 0, (uint64_t)8 << 20);
	end(pid);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_activity_has_its_pace),
	cmocka_unit_test(never_backwards),
	cmocka_unit_test(waiting_for_a_processor_is_free),
	cmocka_unit_test(starving_is_told_from_computing),
	cmocka_unit_test(every_claim),
	cmocka_unit_test(all_that_waits_ends),
	cmocka_unit_test(words),
	cmocka_unit_test(lines),
	cmocka_unit_test(one_thread_is_enough),
	cmocka_unit_test(children_are_seen),
};

int main(void)
{
	return cmocka_run_group_tests_name("judge", tests, NULL, NULL);
}
