/* SPDX-License-Identifier: MIT */
/* map.c - pointers are found by their numbers */

#include "lib/base/map.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static unsigned freed;

static void count(void *value)
{
	(void)value;
	freed++;
}

/* Numbers far apart, the same, and alike in their low bits. */
static uint64_t key_of(size_t i)
{
	return i % 3 == 0 ? i : i % 3 == 1 ? UINT64_MAX - i : (uint64_t)i << 40;
}

static void test_map(void **state)
{
	static char values[5000];
	struct oq_map m = { 0 };

	(void)state;
	assert_null(oq_map_get(&m, 0));
	for (size_t i = 0; i < sizeof(values); i++) {
		assert_null(oq_map_get(&m, key_of(i)));
		assert_int_equal(oq_map_put(&m, key_of(i), &values[i]), 1);
	}
	assert_int_equal(m.n, sizeof(values));
	for (size_t i = 0; i < sizeof(values); i++) {
		assert_ptr_equal(oq_map_get(&m, key_of(i)), &values[i]);
		/* The first stays. */
		assert_int_equal(oq_map_put(&m, key_of(i), &freed), 0);
		assert_ptr_equal(oq_map_get(&m, key_of(i)), &values[i]);
	}
	assert_int_equal(m.n, sizeof(values));
	freed = 0;
	oq_map_free(&m, count);
	assert_int_equal(freed, sizeof(values));
	assert_null(oq_map_get(&m, 0));
	oq_map_free(&m, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "a value is found by its number, and only the first kept",
		  test_map, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
