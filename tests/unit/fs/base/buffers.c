/* SPDX-License-Identifier: MIT */
/* buffers.c - the warmest buffer is taken, and nobody has another's */

#include "fs/base/buffers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#define MIB ((size_t)1 << 20)

static void test_last(void **state)
{
	struct oqfs_buffers *b = oqfs_buffers_new();
	struct oqfs_buffer *x, *y;

	(void)state;
	assert_non_null(b);
	x = oqfs_buffers_take(b, 1);
	y = oqfs_buffers_take(b, MIB);
	assert_non_null(x);
	assert_non_null(y);
	assert_ptr_not_equal(x->data, y->data);
	oqfs_buffers_give(b, y);
	oqfs_buffers_give(b, x);
	assert_ptr_equal(oqfs_buffers_take(b, MIB), x);
	assert_ptr_equal(oqfs_buffers_take(b, 100), y);
	oqfs_buffers_give(b, x);
	oqfs_buffers_give(b, y);
	oqfs_buffers_give(b, NULL);
	oqfs_buffers_free(b);
	oqfs_buffers_free(NULL);
}

static void test_room(void **state)
{
	static const size_t sizes[] = { 1, 4096, MIB, 2 * MIB, 3 * MIB + 1 };
	struct oqfs_buffers *b = oqfs_buffers_new();
	struct oqfs_buffer *all[40];

	(void)state;
	for (size_t i = 0; i < 5; i++) {
		struct oqfs_buffer *x = oqfs_buffers_take(b, sizes[i]);

		assert_non_null(x);
		assert_true(x->room >= sizes[i]);
		memset(x->data, 1, sizes[i]);
		oqfs_buffers_give(b, x);
	}
	/* More than are kept. */
	for (size_t i = 0; i < 40; i++) {
		all[i] = oqfs_buffers_take(b, MIB);
		assert_non_null(all[i]);
		memset(all[i]->data, (int)i, MIB);
	}
	for (size_t i = 0; i < 40; i++) {
		assert_int_equal(all[i]->data[0], i);
		assert_int_equal(all[i]->data[MIB - 1], i);
		oqfs_buffers_give(b, all[i]);
	}
	oqfs_buffers_free(b);
}

static void *use(void *arg)
{
	struct oqfs_buffers *b = arg;
	bool alone = true;

	for (int i = 0; i < 2000; i++) {
		struct oqfs_buffer *x = oqfs_buffers_take(b, 4096);
		pthread_t me = pthread_self();

		memcpy(x->data, &me, sizeof(me));
		for (volatile int k = 0; k < 100; k++)
			;
		alone = alone && !memcmp(x->data, &me, sizeof(me));
		oqfs_buffers_give(b, x);
	}
	return alone ? b : NULL;
}

static void test_threads(void **state)
{
	struct oqfs_buffers *b = oqfs_buffers_new();
	pthread_t t[12];
	void *right;

	(void)state;
	for (size_t i = 0; i < 12; i++)
		assert_int_equal(pthread_create(&t[i], NULL, use, b), 0);
	for (size_t i = 0; i < 12; i++) {
		pthread_join(t[i], &right);
		assert_non_null(right);
	}
	oqfs_buffers_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_last),
		cmocka_unit_test(test_room),
		cmocka_unit_test(test_threads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
