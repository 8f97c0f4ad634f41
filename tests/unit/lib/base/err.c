/* SPDX-License-Identifier: MIT */
/* err.c - a reason is one clean line */

#include "lib/base/err.h"

#include <errno.h>

#include "tests/unit/types.h"

static void test_code(void **state)
{
	struct oq_err err;

	(void)state;
	assert_int_equal(oq_err_set(&err, -EIO, "%s: %d", "/a", 7), -EIO);
	assert_string_equal(err.text, "/a: 7");
	assert_int_equal(oq_err_set(NULL, -ENOENT, "nobody asks"), -ENOENT);
}

static void test_clean(void **state)
{
	struct oq_err err;

	(void)state;
	oq_err_set(&err, -EIO, "a\nb\x1b[0m\x7f\xc3\xa9");
	assert_string_equal(err.text, "a?b?[0m?\xc3\xa9");
}

static void test_cut(void **state)
{
	struct oq_err err;

	(void)state;
	oq_err_set(&err, -EIO, "%0500d", 1);
	assert_int_equal(strlen(err.text), OQ_ERR_BYTES - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("a reason comes with its code", test_code),
		TEST("control characters do not get into a log", test_clean),
		TEST("a reason that is too long is cut", test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
