/* SPDX-License-Identifier: MIT */
/* num.c - sums and products say when they do not fit */

#include "lib/base/num.h"

#include "tests/unit/types.h"

static void test_edges(void **state)
{
	uint64_t r;

	(void)state;
	assert_false(oq_add_overflows(UINT64_MAX - 1, 1, &r));
	assert_true(r == UINT64_MAX);
	assert_true(oq_add_overflows(UINT64_MAX, 1, &r));
	assert_false(oq_mul_overflows(1ull << 32, (1ull << 32) - 1, &r));
	assert_true(oq_mul_overflows(1ull << 32, 1ull << 32, &r));
	assert_int_equal(oq_min_u64(1, 2), 1);
	assert_int_equal(oq_max_u64(1, 2), 2);
}

static void test_product(void **state)
{
	const uint64_t dims[] = { 1ull << 40, 1ull << 40, 0, 3 };
	uint64_t r;

	(void)state;
	assert_false(oq_product_overflows(dims, 0, &r));
	assert_int_equal(r, 1);
	assert_false(oq_product_overflows(dims, 1, &r));
	assert_true(r == 1ull << 40);
	assert_true(oq_product_overflows(dims, 2, &r));
	assert_false(oq_product_overflows(dims, 4, &r));
	assert_int_equal(r, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("sums and products fit up to the last number", test_edges),
		TEST("a shape with a zero in it has no elements", test_product),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
