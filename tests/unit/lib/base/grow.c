/* SPDX-License-Identifier: MIT */
/* grow.c - an array grows and keeps what is in it */

#include "lib/base/grow.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>

static void test_growth(void **state)
{
	size_t room = 0, n = 0, moves = 0;
	uint64_t *v = NULL;

	(void)state;
	while (n < 100000) {
		size_t before = room;

		assert_int_equal(oq_grow(&v, &room, n, sizeof(*v)), 0);
		assert_true(room > n);
		moves += room != before;
		v[n] = n;
		n++;
	}
	for (size_t i = 0; i < n; i++)
		assert_int_equal(v[i], i);
	assert_true(moves < 20);
	free(v);
}

static void test_failure(void **state)
{
	size_t room = 1;
	char *v = malloc(1), *was = v;

	(void)state;
	assert_int_equal(oq_grow(&v, &room, SIZE_MAX - 1, 1), -ENOMEM);
	assert_int_equal(oq_grow(&v, &room, SIZE_MAX / 4, 8), -ENOMEM);
	assert_ptr_equal(v, was);
	assert_int_equal(room, 1);
	free(v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "an array grows by doubling", test_growth, NULL, NULL, NULL },
		{ "what does not fit leaves it as it was", test_failure, NULL,
		  NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
