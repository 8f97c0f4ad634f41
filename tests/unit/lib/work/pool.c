/* SPDX-License-Identifier: MIT */
/* pool.c - what the workers run, and in what order */

#include <dirent.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/work/pool.h"

#include "tests/unit/test.h"

static struct oq_pool *start(unsigned nthreads)
{
	struct oq_pool *p = NULL;
	struct oq_err err;

	assert_int_equal(oq_pool_new(nthreads, &p, &err), 0);
	return p;
}

/* ---- a job that keeps its worker until it is let go ---- */

struct gate {
	struct oq_job job; /* first: the job is its gate */
	sem_t entered, open;
};

static void pass_gate(struct oq_job *job)
{
	struct gate *g = (struct gate *)job;

	sem_post(&g->entered);
	sem_wait(&g->open);
}

static void gate_close(struct gate *g, struct oq_pool *p)
{
	g->job.run = pass_gate;
	sem_init(&g->entered, 0, 0);
	sem_init(&g->open, 0, 0);
	oq_pool_submit(p, &g->job, OQ_URGENT);
	sem_wait(&g->entered);
}

static void gate_open(struct gate *g)
{
	sem_post(&g->open);
}

/* ---- jobs that write down that they were run ---- */

struct diary {
	char text[64];
	atomic_uint n;
};

struct note {
	struct oq_job job; /* first: the job is its note */
	struct diary *diary;
	char letter;
};

static void write_note(struct oq_job *job)
{
	struct note *n = (struct note *)job;

	n->diary->text[atomic_fetch_add(&n->diary->n, 1)] = n->letter;
}

static void submit_note(struct oq_pool *p, struct diary *d, struct note *n,
			char letter, enum oq_urgency u)
{
	*n = (struct note){ { write_note, NULL }, d, letter };
	oq_pool_submit(p, &n->job, u);
}

static void urgent_first(void **state)
{
	struct oq_pool *p = start(1);
	struct diary d = { .n = 0 };
	struct note notes[6];
	struct gate g;

	(void)state;
	gate_close(&g, p);
	submit_note(p, &d, &notes[0], 'a', OQ_IDLE);
	submit_note(p, &d, &notes[1], 'b', OQ_IDLE);
	submit_note(p, &d, &notes[2], 'X', OQ_URGENT);
	submit_note(p, &d, &notes[3], 'c', OQ_IDLE);
	submit_note(p, &d, &notes[4], 'Y', OQ_URGENT);
	submit_note(p, &d, &notes[5], 'Z', OQ_URGENT);
	gate_open(&g);
	oq_pool_free(p);
	assert_string_equal(d.text, "XYZabc");
}

static void helped(void **state)
{
	struct oq_pool *p = start(1);
	struct diary d = { .n = 0 };
	struct note notes[5];
	struct gate g;

	(void)state;
	gate_close(&g, p);
	assert_false(oq_pool_help(p));
	submit_note(p, &d, &notes[0], 'a', OQ_IDLE);
	submit_note(p, &d, &notes[1], '1', OQ_FETCH);
	submit_note(p, &d, &notes[2], '2', OQ_FETCH);
	submit_note(p, &d, &notes[3], '3', OQ_FETCH);
	submit_note(p, &d, &notes[4], 'X', OQ_URGENT);
	assert_true(oq_pool_help(p));
	assert_string_equal(d.text, "1");
	assert_true(oq_pool_help(p));
	assert_string_equal(d.text, "12");
	gate_open(&g);
	oq_pool_free(p);
	assert_string_equal(d.text, "12X3a");
}

static void pressed(void **state)
{
	struct oq_pool *p = start(1);
	struct diary d = { .n = 0 };
	struct note notes[2];
	struct gate g;

	(void)state;
	gate_close(&g, p);
	assert_false(oq_pool_is_pressed(p));
	submit_note(p, &d, &notes[0], 'a', OQ_IDLE);
	assert_false(oq_pool_is_pressed(p));
	submit_note(p, &d, &notes[1], 'X', OQ_URGENT);
	assert_true(oq_pool_is_pressed(p));
	gate_open(&g);
	oq_pool_free(p);
	assert_string_equal(d.text, "Xa");
}

/* ---- jobs that belong to themselves ---- */

struct orphan {
	struct oq_job job; /* first: the job is its orphan */
	struct oq_pool *pool;
	atomic_uint *count;
	unsigned again;
};

static void run_orphan(struct oq_job *job)
{
	struct orphan *o = (struct orphan *)job;

	atomic_fetch_add(o->count, 1);
	if (o->again--)
		oq_pool_submit(o->pool, job, OQ_IDLE);
	else
		free(o);
}

static void submit_orphan(struct oq_pool *p, atomic_uint *count, unsigned again,
			  enum oq_urgency u)
{
	struct orphan *o = malloc(sizeof(*o));

	if (!o)
		abort();
	*o = (struct orphan){ { run_orphan, NULL }, p, count, again };
	oq_pool_submit(p, &o->job, u);
}

static void free_runs_all(void **state)
{
	struct oq_pool *p = start(2);
	atomic_uint count = 0;
	struct gate g[2];

	(void)state;
	gate_close(&g[0], p);
	gate_close(&g[1], p);
	for (int i = 0; i < 1000; i++)
		submit_orphan(p, &count, 0, i % 2 ? OQ_IDLE : OQ_URGENT);
	assert_int_equal(count, 0);
	gate_open(&g[0]);
	gate_open(&g[1]);
	oq_pool_free(p);
	assert_int_equal(count, 1000);
}

static void free_runs_what_comes_back(void **state)
{
	struct oq_pool *p = start(3);
	atomic_uint count = 0;

	(void)state;
	for (int i = 0; i < 100; i++)
		submit_orphan(p, &count, 9, OQ_IDLE);
	oq_pool_free(p);
	assert_int_equal(count, 1000);
	oq_pool_free(NULL);
}

/* ---- many submitters ---- */

struct crowd {
	struct oq_pool *pool;
	atomic_uint count;
};

static void *submit_many(void *arg)
{
	struct crowd *c = arg;

	for (int i = 0; i < 2000; i++)
		submit_orphan(c->pool, &c->count, i % 3 == 0,
			      i % 2 ? OQ_IDLE : OQ_URGENT);
	return NULL;
}

static void many_submitters(void **state)
{
	struct crowd c = { start(4), 0 };
	pthread_t threads[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_int_equal(
			pthread_create(&threads[i], NULL, submit_many, &c), 0);
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	oq_pool_free(c.pool);
	assert_int_equal(c.count, 4 * (2000 + 667));
}

/* ---- workers ---- */

struct meeting {
	struct oq_job job; /* first: the job is its meeting */
	pthread_barrier_t *barrier;
};

static void meet(struct oq_job *job)
{
	pthread_barrier_wait(((struct meeting *)job)->barrier);
}

static void at_once(void **state)
{
	pthread_barrier_t barrier;
	struct meeting m[4];
	struct oq_pool *p = start(4);

	(void)state;
	pthread_barrier_init(&barrier, NULL, 4);
	for (int i = 0; i < 4; i++) {
		m[i] = (struct meeting){ { meet, NULL }, &barrier };
		oq_pool_submit(p, &m[i].job, i % 2 ? OQ_IDLE : OQ_URGENT);
	}
	oq_pool_free(p);
	pthread_barrier_destroy(&barrier);
}

/* Say so, and stay until all have. */
struct riser {
	struct oq_job job; /* first: the job is its riser */
	pthread_barrier_t *barrier;
	sem_t *risen;
};

static void rise(struct oq_job *job)
{
	struct riser *r = (struct riser *)job;

	pthread_barrier_wait(r->barrier);
	sem_post(r->risen);
}

static void sleepers(void **state)
{
	struct oq_pool *p = start(2);
	pthread_barrier_t barrier;
	struct riser r[2];
	sem_t risen;

	(void)state;
	pthread_barrier_init(&barrier, NULL, 2);
	sem_init(&risen, 0, 0);
	for (int round = 0; round < 3; round++) {
		usleep(10000); /* they lie down */
		for (int i = 0; i < 2; i++) {
			r[i] = (struct riser){ { rise, NULL },
					       &barrier,
					       &risen };
			oq_pool_submit(p, &r[i].job, OQ_IDLE);
		}
		sem_wait(&risen);
		sem_wait(&risen);
	}
	oq_pool_free(p);
	pthread_barrier_destroy(&barrier);
}

struct mask {
	struct oq_job job; /* first: the job is its mask */
	sigset_t set;
};

static void look_at_mask(struct oq_job *job)
{
	pthread_sigmask(SIG_SETMASK, NULL, &((struct mask *)job)->set);
}

static unsigned count_threads(void)
{
	DIR *d = opendir("/proc/self/task");
	unsigned n = 0;

	assert_non_null(d);
	for (struct dirent *e; (e = readdir(d));)
		n += *e->d_name != '.';
	closedir(d);
	return n;
}

static void started_at_once(void **state)
{
	unsigned before = count_threads();
	struct oq_pool *p = start(3);
	struct gate gates[3];

	(void)state;
	assert_int_equal(count_threads(), before + 3);
	for (unsigned i = 0; i < 3; i++)
		gate_close(&gates[i], p);
	assert_int_equal(count_threads(), before + 3);
	for (unsigned i = 0; i < 3; i++)
		gate_open(&gates[i]);
	oq_pool_free(p);
	assert_int_equal(count_threads(), before);
}

static void signals(void **state)
{
	struct mask m = { .job.run = look_at_mask };
	struct oq_pool *p = start(1);
	sigset_t ours;

	(void)state;
	oq_pool_submit(p, &m.job, OQ_IDLE);
	oq_pool_free(p);
	assert_true(sigismember(&m.set, SIGTERM));
	assert_true(sigismember(&m.set, SIGINT));
	assert_true(sigismember(&m.set, SIGCHLD));
	pthread_sigmask(SIG_SETMASK, NULL, &ours);
	assert_false(sigismember(&ours, SIGTERM));
}

static void no_thread(void **state)
{
	struct oq_pool *p = NULL;
	struct oq_err err = { "" };
	pthread_attr_t attr, old;

	(void)state;
	/* A stack for which no process has room. */
	pthread_getattr_default_np(&old);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, (size_t)1 << 47);
	assert_int_equal(pthread_setattr_default_np(&attr), 0);
	assert_true(oq_pool_new(2, &p, &err) < 0);
	assert_null(p);
	assert_non_null(strstr(err.text, "thread"));
	pthread_setattr_default_np(&old);
	pthread_attr_destroy(&attr);
	pthread_attr_destroy(&old);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST("urgent jobs run before idle ones, each kind in order",
		     urgent_first),
		TEST("who waits can do what is to be fetched, and no more",
		     helped),
		TEST("a pool is pressed while urgent work is queued", pressed),
		TEST("freeing a pool runs everything that is queued",
		     free_runs_all),
		TEST("freeing a pool runs what queues itself again",
		     free_runs_what_comes_back),
		TEST("any thread may submit", many_submitters),
		TEST("as many jobs run at once as there are workers", at_once),
		TEST("workers are started at once, and no others later",
		     started_at_once),
		TEST("workers that sleep are woken by work", sleepers),
		TEST("workers see no signals, their maker still does", signals),
		TEST("a pool without its threads says why", no_thread),
	};

	alarm(120); /* a deadlock ends here */
	return cmocka_run_group_tests_name("pool", tests, NULL, NULL);
}
