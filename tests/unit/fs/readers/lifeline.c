/* SPDX-License-Identifier: MIT */
/* lifeline.c - a descriptor that tells of a child's end, with pidfds and
 * without */

#include "fs/readers/lifeline.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/test.h"

typedef int opener(pid_t child);

static opener *const openers[] = { oqfs_lifeline_open, oqfs_lifeline_open_old };

static pid_t make_child(void)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (child == 0)
		for (;;)
			pause();
	return child;
}

/* What poll() says within so many milliseconds. */
static int events(int line, int ms)
{
	struct pollfd p = { .fd = line, .events = POLLIN };
	int n;

	do
		n = poll(&p, 1, ms);
	while (n < 0 && errno == EINTR);
	return n;
}

static void reap(pid_t child, int signal)
{
	siginfo_t info = { 0 };

	assert_int_equal(waitid(P_PID, (id_t)child, &info, WEXITED), 0);
	assert_int_equal(info.si_pid, child);
	assert_int_equal(info.si_code, CLD_KILLED);
	assert_int_equal(info.si_status, signal);
}

static void test_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(openers); i++) {
		pid_t child = make_child();
		int line = openers[i](child);

		assert_true(line > 2);
		assert_int_equal(events(line, 50), 0);
		assert_int_equal(kill(child, SIGTERM), 0);
		assert_int_equal(events(line, 10000), 1);
		reap(child, SIGTERM);
		assert_int_equal(close(line), 0);
	}
}

static void test_ended_before(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(openers); i++) {
		pid_t child = make_child();
		siginfo_t info;
		int line;

		assert_int_equal(kill(child, SIGKILL), 0);
		assert_int_equal(waitid(P_PID, (id_t)child, &info,
					WEXITED | WNOWAIT),
				 0);
		line = openers[i](child);
		assert_true(line > 2);
		assert_int_equal(events(line, 10000), 1);
		reap(child, SIGKILL);
		assert_int_equal(close(line), 0);
	}
}

/* Whoever holds the other end must not be hurt by that. */
static void test_closed_early(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(openers); i++) {
		pid_t child = make_child();
		int line = openers[i](child);

		assert_int_equal(close(line), 0);
		assert_int_equal(kill(child, SIGKILL), 0);
		reap(child, SIGKILL);
	}
}

/* One child's end is not told by another's line. */
static void test_two(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(openers); i++) {
		pid_t a = make_child(), b = make_child();
		int line_a = openers[i](a), line_b = openers[i](b);

		assert_int_equal(kill(b, SIGKILL), 0);
		assert_int_equal(events(line_b, 10000), 1);
		assert_int_equal(events(line_a, 50), 0);
		assert_int_equal(kill(a, SIGKILL), 0);
		assert_int_equal(events(line_a, 10000), 1);
		reap(a, SIGKILL);
		reap(b, SIGKILL);
		(void)close(line_a);
		(void)close(line_b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("a line has nothing to tell until the child ends, and "
		     "leaves the reaping to us",
		     test_end),
		TEST("of one that has ended already it tells at once",
		     test_ended_before),
		TEST("it may be closed before", test_closed_early),
		TEST("each child has its own", test_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
