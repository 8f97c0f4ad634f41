/* SPDX-License-Identifier: MIT */
/* super.c - readers that answer, crash, hang and lie */

#include "tests/unit/world.h"

#include <sys/wait.h>

/* ---- answers ---- */

static void answers(void **state)
{
	struct world *w = *state;
	struct oqfs_answer a;

	assert_int_equal(ask_for(w->st, "echo", "abc", NULL, &a, NULL), 0);
	assert_int_equal(a.reply.nbytes, 3);
	assert_memory_equal(a.bytes, "abc", 3);
	/* what it holds lives on without its store */
	oqfs_store_put(w->st);
	w->st = NULL;
	assert_memory_equal(a.bytes, "abc", 3);
	oqfs_answer_done(&a);
}

static void many(void **state)
{
	struct world *w = *state;
	struct job jobs[40] = { { .name = NULL } };

	for (int i = 0; i < 40; i++)
		jobs[i] = (struct job){ .st = w->st,
					.name = "echo",
					.times = 50 };
	run_jobs(jobs, 40);
	for (int i = 0; i < 40; i++)
		assert_int_equal(jobs[i].rc, 0);
	assert_true(status_has(w, " 1 started"));
}

static void errors(void **state)
{
	struct world *w = *state;
	struct oqfs_answer a;
	struct oq_err err;

	assert_int_equal(ask_for(w->st, "error", "", NULL, &a, &err), -ENODATA);
	assert_string_equal(err.text, "no such thing?");
	assert_int_equal(ask(w->st, "error odd"), -EIO);
}

static void extents(void **state)
{
	struct world *w = *state;
	struct oqfs_answer a;

	assert_int_equal(ask_for(w->st, "extent", "", NULL, &a, NULL), 0);
	assert_int_equal(a.reply.ext_len, 4);
	oqfs_answer_done(&a);
	assert_int_equal(ask_for(w->st, "extent beyond", "", NULL, &a, NULL),
			 0);
	assert_int_equal(a.reply.ext_len, 0);
	oqfs_answer_done(&a);
	assert_int_equal(ask_for(w->st, "extent huge", "", NULL, &a, NULL), 0);
	assert_int_equal(a.reply.ext_len, 0);
	oqfs_answer_done(&a);
}

static void starts_bare(void **state)
{
	struct world *w = *state;
	char text[256];

	ask_text(w->st, "describe", text, sizeof(text));
	assert_string_equal(text, "fds 3f, environment empty, group own");
}

static void long_names(void **state)
{
	struct world *w = *state;
	OQ_BUF struct oq_buf name = { 0 };

	for (int i = 0; i < OQ_WIRE_MAX_NAME; i++)
		oq_buf_putc(&name, 'x');
	oq_buf_putc(&name, '\0');
	assert_int_equal(ask(w->st, name.data), 0);
	name.data[name.len - 1] = 'x';
	oq_buf_putc(&name, '\0');
	assert_int_equal(ask(w->st, name.data), -ENAMETOOLONG);
}

/* ---- deaths ---- */

static void crash_costs_one(void **state)
{
	struct world *w = *state;
	struct oqfs_answer a;
	struct oq_err err;

	assert_int_equal(ask(w->st, "echo"), 0);
	assert_int_equal(ask_for(w->st, "crash", "", NULL, &a, &err), -EIO);
	assert_non_null(strstr(err.text, "SIGSEGV"));
	assert_int_equal(ask(w->st, "echo"), 0);
	assert_int_equal(ask_for(w->st, "exit", "", NULL, &a, &err), -EIO);
	assert_non_null(strstr(err.text, "status 3"));
	assert_int_equal(ask(w->st, "deaf"), -EIO);
	assert_int_equal(ask(w->st, "echo"), 0);
	/* what was answered before the end is an answer */
	assert_int_equal(ask(w->st, "echo and crash"), 0);
	assert_int_equal(ask(w->st, "echo"), 0);
}

static void innocent_go_on(void **state)
{
	struct world *w = *state;
	struct job jobs[10] = { { .name = NULL } };

	for (unsigned i = 0; i < 10; i++)
		jobs[i] = (struct job){ .st = w->st, .name = "slow" };
	jobs[4].name = "crash";
	jobs[4].delay_ms = 30;
	run_jobs(jobs, 10);
	for (unsigned i = 0; i < 10; i++)
		assert_int_equal(jobs[i].rc, i == 4 ? -EIO : 0);
}

static void killed_from_outside(void **state)
{
	struct world *w = *state;
	struct job j = { .st = w->st, .name = "slow" };
	pid_t pid = pid_of(w->st);

	start_job(&j);
	fake_sleep(30);
	kill(pid, SIGKILL);
	pthread_join(j.thread, NULL);
	assert_int_equal(j.rc, 0);
	pid = pid_of(w->st);
	kill(pid, SIGKILL);
	assert_int_equal(ask(w->st, "echo"), 0);
	assert_true(status_has(w, " 2 killed from outside"));
}

static void hung(void **state)
{
	struct world *w = *state;
	struct job jobs[] = {
		{ .st = w->st, .name = "hang" },
		{ .st = w->st, .name = "echo", .delay_ms = 50 },
		{ .st = w->st, .name = "slow", .delay_ms = 50 },
	};

	run_jobs(jobs, 3);
	assert_int_equal(jobs[0].rc, -ETIMEDOUT);
	assert_int_equal(jobs[1].rc, 0);
	assert_int_equal(jobs[2].rc, 0);
	assert_true(status_has(w, " 1 hung"));
}

/* While the socket is full requests are not sent in the order in which they
 * came: who hangs is told by what was sent before. */
static void hung_behind_a_full_socket(void **state)
{
	enum { BIG = 10, HANG = 17, N = 25 };
	struct world *w = *state;
	struct job jobs[N] = { { .name = NULL } };
	char big[OQ_WIRE_MAX_NAME + 1] = "slow";

	memset(big + 4, 'x', OQ_WIRE_MAX_NAME - 4);
	for (unsigned i = 0; i < N; i++)
		jobs[i] = (struct job){ .st = w->st,
					.name = i < BIG	    ? big
						: i == HANG ? "hang"
							    : "echo",
					.delay_ms = i < BIG ? 0 : 50 };
	run_jobs(jobs, N);
	for (unsigned i = 0; i < N; i++)
		assert_int_equal(jobs[i].rc, i == HANG ? -ETIMEDOUT : 0);
	assert_true(status_has(w, " 1 hung"));
}

static void stopped(void **state)
{
	struct world *w = *state;
	pid_t pid = pid_of(w->st);

	kill(pid, SIGSTOP);
	assert_int_equal(ask(w->st, "echo"), -ETIMEDOUT);
	assert_soon(!is_alive(pid));
	assert_int_equal(ask(w->st, "echo"), 0);
}

static void expect_hang(struct world *w, const char *name, const char *word)
{
	struct oqfs_answer a;
	struct oq_err err;

	assert_int_equal(ask(w->st, "echo"), 0);
	assert_int_equal(ask_for(w->st, name, "", NULL, &a, &err), -ETIMEDOUT);
	if (!strstr(err.text, word))
		fail_msg("%s", err.text);
}

static void hangs_of_each_kind(void **state)
{
	struct world *w = *state;

	expect_hang(w, "loop", "it computes");
	expect_hang(w, "hang", "it sleeps");
	expect_hang(w, "block", "it waits for storage");
	assert_int_equal(ask(w->st, "echo"), 0);
	assert_true(status_has(w, " 3 hung"));
}

/* Two seconds of it, at a deadline of half a one. */
static void toil(void **state)
{
	struct world *w = *state;

	assert_int_equal(ask(w->st, "toil in memory"), 0);
	assert_int_equal(ask(w->st, "toil in reads"), 0);
	assert_true(status_has(w, " 1 started"));
	expect_hang(w, "toil in vain", "it sleeps");
}

static pid_t hog_first_processor(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		cpu_set_t first;

		CPU_ZERO(&first);
		CPU_SET(0, &first);
		(void)sched_setaffinity(0, sizeof(first), &first);
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)!nice(19);
		for (;;)
			fake_compute(1000);
	}
	return pid;
}

/* It gets a hundredth of one or less, and answers all the same. */
static void starving(void **state)
{
	struct world *w = *state;
	pid_t hogs[20];
	int64_t from = oqfs_now_ms();
	int rc;

	for (int i = 0; i < 20; i++)
		hogs[i] = hog_first_processor();
	rc = ask(w->st, "starve");
	for (int i = 0; i < 20; i++) {
		kill(hogs[i], SIGKILL);
		waitpid(hogs[i], NULL, 0);
	}
	print_message("# %d ms\n", (int)(oqfs_now_ms() - from));
	assert_int_equal(rc, 0);
	assert_true(oqfs_now_ms() - from > 2 * TIMEOUT_MS);
	assert_true(status_has(w, " 1 started"));
}

/* 800 ms of work for one, with others behind it, at a deadline of 500. */
static void progress(void **state)
{
	struct world *w = *state;
	struct job jobs[] = {
		{ .st = w->st, .name = "progress" },
		{ .st = w->st, .name = "echo", .delay_ms = 50 },
		{ .st = w->st, .name = "slow", .delay_ms = 50 },
	};

	run_jobs(jobs, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(jobs[i].rc, 0);
	assert_true(status_has(w, " 1 started"));
}

/* A queue longer than the deadline is no reason to kill who works it off. */
static void long_queue(void **state)
{
	struct world *w = *state;
	struct job jobs[12] = { { .name = NULL } };

	for (unsigned i = 0; i < 12; i++)
		jobs[i] = (struct job){ .st = w->st, .name = "slow" };
	run_jobs(jobs, 12);
	for (unsigned i = 0; i < 12; i++)
		assert_int_equal(jobs[i].rc, 0);
	assert_true(status_has(w, " 1 started"));
}

/* Alone, it has all of it, and knows before it measures for the first time. */
static void whole_cache(void **state)
{
	struct world *w = *state;
	char text[32];

	ask_text(w->st, "share", text, sizeof(text));
	assert_int_equal(strtoull(text, NULL, 10), w->o.reader.cache_bytes);
}

static void liars(void **state)
{
	static const char *const lies[] = {
		"lie nbytes",
		"lie size",
		"lie flood",
	};
	/* Of no request in particular: they are asked twice. */
	static const char *const vague[] = {
		"lie id", "lie start", "lie status", "lie short", "lie long",
	};
	struct world *w = *state;
	struct oqfs_store *st = new_store(w, "l", "hello");

	for (size_t i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
		assert_int_equal(ask(st, "echo"), 0);
		assert_int_equal(ask(st, lies[i]), -EPROTO);
	}
	assert_int_equal(ask(st, "echo"), 0);
	for (size_t i = 0; i < sizeof(vague) / sizeof(*vague); i++) {
		assert_int_equal(ask(st, "echo"), 0);
		assert_int_equal(ask(st, vague[i]), -EIO);
	}
	assert_int_equal(ask(st, "echo"), 0);
	assert_int_equal(ask(st, "twice"), 0);
	assert_int_equal(ask(st, "echo"), 0);
	assert_true(status_has(w, " 14 lied"));
	oqfs_store_put(st);
}

/* Two hundred readers that say what comes to their minds: each costs its own
 * request at the most, and what is taken for an answer is one. */
static void nonsense(void **state)
{
	struct world *w = *state;
	unsigned answered = 0, refused = 0;

	for (unsigned i = 0; i < 200; i++) {
		struct oqfs_store *st = new_store(w, "n", "hello");
		struct oqfs_answer a;
		char seed[16];
		int rc;

		snprintf(seed, sizeof(seed), "%u", i);
		rc = ask_for(st, "nonsense ", seed, NULL, &a, NULL);
		if (rc == 0) {
			assert_true(a.reply.nbytes <= 4096);
			assert_true(a.reply.size <= INT64_MAX);
			/* of a file of five bytes */
			assert_true(a.reply.ext_len <= 5 &&
				    a.reply.ext_off <= 5 - a.reply.ext_len &&
				    a.reply.ext_len <= a.reply.size);
			oqfs_answer_done(&a);
		}
		assert_true(rc <= 0 && rc != -ENOSYS && rc != -EINTR);
		answered += rc == 0;
		refused += rc == -EPROTO || rc == -EIO;
		oqfs_store_put(st);
		if (i % 20 == 0)
			assert_int_equal(ask(w->st, "echo"), 0);
	}
	/* chance has been at work */
	assert_true(answered >= 20 && answered <= 180);
	assert_true(refused >= 20 && refused <= 180);
	assert_int_equal(ask(w->st, "echo"), 0);
}

static void refusal(void **state)
{
	struct world *w = *state;
	struct oqfs_store *st = new_store(w, "r", "refuse");
	struct oqfs_answer a;
	struct oq_err err;

	for (int i = 0; i < 20; i++) {
		assert_int_equal(ask_for(st, "echo", "", NULL, &a, &err), -EIO);
		assert_string_equal(err.text, "no HDF5 file");
	}
	assert_true(status_has(w, " 1 refused"));
	assert_int_equal(ask(w->st, "echo"), 0);
	/* That it was put right is seen at once, whatever was refused. */
	write_file(w, "r", "another");
	assert_int_equal(ask(st, "echo"), -ESTALE);
	oqfs_store_put(st);
}

static void quarantine(void **state)
{
	struct world *w = *state;
	struct oqfs_store *st = new_store(w, "c", "crash");
	struct oqfs_answer a;
	struct oq_err err;

	for (int i = 0; i < 20; i++)
		assert_int_equal(ask_for(st, "echo", "", NULL, &a, &err), -EIO);
	assert_non_null(strstr(err.text, "given up after 3 readers"));
	assert_true(status_has(w, " 3 of themselves"));
	assert_int_equal(ask(w->st, "echo"), 0);
	oqfs_store_put(st);
}

static void answers_ward_off_quarantine(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 5; i++) {
		assert_int_equal(ask(w->st, "crash"), -EIO);
		assert_int_equal(ask(w->st, "echo"), 0);
	}
}

/* ---- interrupts ---- */

static void start_hangs(struct world *w, struct job *jobs, int n)
{
	for (int i = 0; i < n; i++) {
		jobs[i] = (struct job){ .st = w->st, .name = "hang" };
		jobs[i].cancel = oqfs_cancel_new();
		start_job(&jobs[i]);
	}
}

static void interrupt(struct job *jobs, int n)
{
	for (int i = 0; i < n; i++) {
		oqfs_cancel_fire(jobs[i].cancel);
		pthread_join(jobs[i].thread, NULL);
		assert_int_equal(jobs[i].rc, -EINTR);
		oqfs_cancel_free(jobs[i].cancel);
	}
}

static void interrupted(void **state)
{
	struct world *w = *state;
	struct job sent[OQ_SHM_SLOTS], waiting[8];

	/* It is not the deadline that ends them. */
	w->o.timeout_ms = 600000;
	restart(w, 2, 60000);
	start_hangs(w, sent, OQ_SHM_SLOTS);
	assert_soon(status_has(w, ", 32 in hand"));
	start_hangs(w, waiting, 8);
	fake_sleep(100);
	interrupt(waiting, 8);
	interrupt(sent, OQ_SHM_SLOTS);
	/* nobody waits for the 32 that the reader still has */
	assert_int_equal(ask(w->st, "echo"), 0);
	assert_true(status_has(w, " 2 started") && status_has(w, " 0 hung"));
}

static void cancelled_before(void **state)
{
	struct world *w = *state;
	struct oqfs_cancel *c = oqfs_cancel_new();
	struct oqfs_answer a;

	oqfs_cancel_fire(c);
	assert_int_equal(ask_for(w->st, "echo", "", c, &a, NULL), -EINTR);
	oqfs_cancel_free(c);
}

static void several_fates_at_once(void **state)
{
	static const char *const names[] = { "echo", "slow",  "crash",
					     "pid",  "error", "lie size" };
	static const int fates[] = { 0, 0, -EIO, 0, -ENODATA, -EPROTO };
	struct world *w = *state;
	struct job jobs[24] = { { .name = NULL } };

	for (unsigned i = 0; i < 24; i++)
		jobs[i] = (struct job){ .st = w->st, .name = names[i % 6] };
	run_jobs(jobs, 24);
	/* Some are given up on when the reader died too often in a row. */
	for (unsigned i = 0; i < 24; i++)
		assert_true(jobs[i].rc == fates[i % 6] || jobs[i].rc == -EIO);
}

static const struct CMUnitTest tests[] = {
	test("an answer comes with its bytes", answers),
	test("forty threads get each its own answer", many),
	test("an error is passed on with its reason", errors),
	test("an extent outside the file is no extent", extents),
	test("a reader is started with nothing but its due", starts_bare),
	test("a name may be as long as HDF5's longest", long_names),
	test("a reader that dies costs one EIO", crash_costs_one),
	test("those beside a crashing request are answered", innocent_go_on),
	test("a reader killed from outside costs nothing", killed_from_outside),
	test("a hung reader costs one ETIMEDOUT", hung),
	test("it is the hung one's, whatever order they are sent in",
	     hung_behind_a_full_socket),
	test("a stopped reader is killed", stopped),
	test("loops, sleeps and reads without end are told apart",
	     hangs_of_each_kind),
	test("work inside a long call is a sign of life", toil),
	test("a reader that gets no processor is let alone", starving),
	test("progress moves the deadline", progress),
	test("a long queue is no hang", long_queue),
	test("a lone reader may use all of the cache from the start",
	     whole_cache),
	test("a liar is killed and its request is EPROTO", liars),
	test("nonsense costs the request and nothing else", nonsense),
	test("a refusal is remembered", refusal),
	test("a datastore that keeps killing readers is given up", quarantine),
	test("answers in between ward that off", answers_ward_off_quarantine),
	test("many fates at once are kept apart", several_fates_at_once),
	test("an interrupt ends the wait at once", interrupted),
	test("an interrupt may come first", cancelled_before),
};

WORLD_MAIN("super")
