/* SPDX-License-Identifier: MIT */
/* search.c - a binary search finds what a look at each would */

#include "lib/base/search.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct pair {
	uint64_t number;
	uint32_t other;
};

static void test_bound(void **state)
{
	struct pair v[9];

	(void)state;
	for (size_t n = 0; n <= 9; n++) {
		for (size_t i = 0; i < n; i++)
			v[i] = (struct pair){ 3 * (i / 2), UINT32_MAX };
		for (uint64_t key = 0; key < 16; key++) {
			size_t want = 0;

			while (want < n && v[want].number < key)
				want++;
			assert_int_equal(oq_lower_bound(v, n, sizeof(*v), key),
					 want);
		}
	}
	v[0].number = UINT64_MAX;
	assert_int_equal(oq_lower_bound(v, 1, sizeof(*v), UINT64_MAX), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "the first that is not below a number is found", test_bound,
		  NULL, NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
