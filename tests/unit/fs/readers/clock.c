/* SPDX-License-Identifier: MIT */
/* clock.c - how long a reader that was killed is waited for */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fs/base/wait.h"
#include "fs/readers/look.h"
#include "fs/readers/proxyint.h"

#define TIMEOUT_MS 500

static pid_t child(bool computes)
{
	pid_t pid = fork();
	volatile bool busy = computes;

	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		while (busy)
			;
		for (;;)
			pause();
	}
	return pid;
}

static void expect_gives_up(bool computes, int64_t ms, bool gives_up)
{
	struct oqfs_proxy p = { .lock = PTHREAD_MUTEX_INITIALIZER,
				.o.timeout_ms = TIMEOUT_MS };
	enum oqfs_activity a =
		computes ? OQFS_ACTIVITY_RUNS : OQFS_ACTIVITY_SLEEPS;

	p.pid = child(computes);
	while (oqfs_look_at(p.pid).activity != a)
		usleep(1000);
	p.killed_at = ms < 0 ? OQFS_FOREVER : oqfs_now_ms() - ms;
	assert_int_equal(oqfs_clock_gives_up(&p), gives_up);
	kill(p.pid, SIGKILL);
	assert_int_equal(waitpid(p.pid, NULL, 0), p.pid);
}

/* What the kernel keeps sleeps: it is left. */
static void who_sleeps_is_left(void **state)
{
	(void)state;
	expect_gives_up(false, -1, false);
	expect_gives_up(false, 0, false);
	expect_gives_up(false, TIMEOUT_MS, true);
}

/* Who waits for a processor, as all who run on a busy machine do, will end; its
 * seat and memory are not another's yet. */
static void who_runs_is_waited_for(void **state)
{
	(void)state;
	expect_gives_up(true, TIMEOUT_MS, false);
	expect_gives_up(true, (OQFS_PATIENCE - 60) * TIMEOUT_MS, false);
	expect_gives_up(true, OQFS_PATIENCE * TIMEOUT_MS, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_sleeps_is_left),
		cmocka_unit_test(who_runs_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
