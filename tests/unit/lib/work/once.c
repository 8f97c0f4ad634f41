/* SPDX-License-Identifier: MIT */
/* once.c - one finds out, the others wait, and a failure is tried again */

#include <errno.h>
#include <stdatomic.h>

#include "lib/work/once.h"

#include "tests/unit/test.h"

#define THREADS 8

struct work {
	struct oq_once once;
	atomic_int begun, active, failures;
	int found; /* by the one that found out */
};

/* The first three fail. */
static int find(void *ctx, const struct oq_progress *p, struct oq_err *err)
{
	struct work *w = ctx;
	int n = atomic_fetch_add(&w->begun, 1);

	(void)p;
	assert_int_equal(atomic_fetch_add(&w->active, 1), 0);
	if (n == 3)
		w->found = 42;
	atomic_fetch_sub(&w->active, 1);
	return n < 3 ? oq_err_set(err, -EIO, "number %d", n) : 0;
}

static void *ask(void *ctx)
{
	struct work *w = ctx;

	while (oq_once_do(&w->once, find, w, NULL, NULL) < 0)
		atomic_fetch_add(&w->failures, 1);
	assert_int_equal(w->found, 42);
	return NULL;
}

static void test_threads(void **ctx)
{
	struct work w = { .found = 0 };
	pthread_t t[THREADS];

	(void)ctx;
	oq_once_init(&w.once);
	for (int i = 0; i < THREADS; i++)
		assert_int_equal(pthread_create(&t[i], NULL, ask, &w), 0);
	for (int i = 0; i < THREADS; i++)
		pthread_join(t[i], NULL);
	assert_int_equal(atomic_load(&w.begun), 4);
	assert_int_equal(atomic_load(&w.failures), 3);
	oq_once_destroy(&w.once);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "eight threads", test_threads, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
