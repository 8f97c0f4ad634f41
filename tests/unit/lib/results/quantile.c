/* SPDX-License-Identifier: MIT */
/* quantile.c - weighted quantiles, as NumPy interpolates them */

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lib/results/quantile.h"

static double of(double q, const double *value, double *weight, uint64_t n,
		 bool doubtful, int *e)
{
	const struct oq_values w = {
		.type = OQ_VAL_F64, .single = true, .n = n, .f = weight
	};

	return oq_quantile(q, value, &w, doubtful, e);
}

static void test_between(void **ctx)
{
	const double value[] = { 30, 10, 20 };
	double weight[] = { 0.25, 0.5, 0.25 };
	int e;

	(void)ctx;
	assert_true(of(0.1, value, weight, 3, false, &e) == 10);
	assert_true(of(0.5, value, weight, 3, false, &e) == 10);
	assert_true(of(0.625, value, weight, 3, false, &e) == 15);
	assert_true(of(0.75, value, weight, 3, false, &e) == 20);
	assert_true(of(1.0, value, weight, 3, false, &e) == 30);
	assert_true(of(0.9, value, weight, 1, false, &e) == 30);
	assert_int_equal(e, 0);
}

/* 0.9 + 0.1 is 1 in single precision, and less in double. */
static void test_doubt(void **ctx)
{
	const double value[] = { 1, 2 }, same[] = { 1, 1 };
	double weight[] = { (double)0.9F, (double)0.1F };
	double even[] = { 0.5, 0.5 };
	int e;

	(void)ctx;
	(void)of(0.95, value, weight, 2, true, &e);
	assert_int_equal(e, -ENOENT);
	(void)of(0.95, value, weight, 2, false, &e);
	assert_int_equal(e, 0);
	assert_true(of(0.15, value, weight, 2, true, &e) == 1);
	assert_int_equal(e, 0);
	(void)of(0.15, same, weight, 2, true, &e);
	assert_int_equal(e, -ENOENT);
	(void)of(0.15, same, even, 2, true, &e);
	assert_int_equal(e, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "a line between two sums of weights", test_between, NULL,
		  NULL, NULL },
		{ "what the order or precision of sums decides is said",
		  test_doubt, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
