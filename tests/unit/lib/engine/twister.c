/* SPDX-License-Identifier: MIT */
/* twister.c - the numbers are NumPy's */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "lib/engine/twister.h"

/* RandomState(43).uniform(size=1000), the first and the last. */
static void test_numbers(void **ctx)
{
	struct oq_twister t;
	double x = 0;

	(void)ctx;
	oq_twister_seed(&t, 43);
	assert_true(oq_twister_uniform(&t) == 0x1.d74374fe649a8p-4);
	for (int i = 1; i < 1000; i++)
		x = oq_twister_uniform(&t);
	assert_true(x == 0x1.8958455125aeap-2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "they are those of RandomState", test_numbers, NULL, NULL,
		  NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
