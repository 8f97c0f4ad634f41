/* SPDX-License-Identifier: MIT */
/* names.c - names that came with one ask are known of each of its objects */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

#include "fs/readers/names.h"

static const uint64_t objects[] = { 30, 10, 20 };

/* What a reader sends: "a", nothing, and "b" and more that cannot be had. */
static void put_answer(struct oq_buf *bytes)
{
	oq_buf_put_str(bytes, "a\0oqfs.x", 9);
	oq_buf_put_str(bytes, "", 0);
	oq_buf_put_str(bytes, "b\0", 3);
}

static void check(struct oqfs_names *names, uint64_t object, const char *want,
		  size_t n)
{
	OQ_BUF struct oq_buf got = { 0 };

	assert_int_equal(oqfs_names_get(names, object, &got), want != NULL);
	assert_int_equal(got.len, n);
	if (n)
		assert_memory_equal(got.data, want, n);
}

static void test_known(void **state)
{
	struct oq_buf bytes = { 0 };
	struct oqfs_names names;

	(void)state;
	oqfs_names_init(&names);
	check(&names, 10, NULL, 0);
	put_answer(&bytes);
	oqfs_names_keep(&names, objects, 3, &bytes);
	assert_null(bytes.data);
	check(&names, 30, "a\0oqfs.x", 9);
	check(&names, 10, "", 0);
	check(&names, 20, "b\0", 3);
	check(&names, 15, NULL, 0);
	check(&names, 40, NULL, 0);
	assert_int_equal(oqfs_names_lack(&names, 30, "a"), OQFS_MAY_HAVE);
	assert_int_equal(oqfs_names_lack(&names, 30, "b"), OQFS_LACKS);
	assert_int_equal(oqfs_names_lack(&names, 10, "a"), OQFS_LACKS);
	assert_int_equal(oqfs_names_lack(&names, 20, "a"), OQFS_MAY_HAVE);
	assert_int_equal(oqfs_names_lack(&names, 15, "a"), OQFS_UNKNOWN);
	oqfs_names_stop(&names);
	check(&names, 30, NULL, 0);
	oqfs_names_done(&names);
}

static void test_part(void **state)
{
	struct oq_buf bytes = { 0 };
	struct oqfs_names names;

	(void)state;
	oqfs_names_init(&names);
	oq_buf_put_str(&bytes, "a", 2);
	oqfs_names_keep(&names, objects, 3, &bytes);
	check(&names, 30, "a", 2);
	check(&names, 10, NULL, 0);
	oqfs_names_done(&names);
}

/* Cut short at any byte, with more than was asked for, or without its last
 * NUL: nothing of what a reader sends is taken, or what is whole. */
static void test_improper(void **state)
{
	struct oqfs_names names;

	(void)state;
	oqfs_names_init(&names);
	for (size_t cut = 1; cut < 24; cut++) {
		struct oq_buf bytes = { 0 };

		put_answer(&bytes);
		assert_int_equal(bytes.len, 24);
		bytes.len = cut;
		oqfs_names_keep(&names, objects, 3, &bytes);
		check(&names, 30, cut == 13 || cut == 17 ? "a\0oqfs.x" : NULL,
		      cut == 13 || cut == 17 ? 9 : 0);
		check(&names, 20, NULL, 0);
	}
	for (int i = 0; i < 2; i++) {
		struct oq_buf bytes = { 0 };

		put_answer(&bytes);
		if (i)
			bytes.data[bytes.len - 1] = 'x';
		oqfs_names_keep(&names, objects, i ? 3 : 2, &bytes);
		check(&names, 30, NULL, 0);
		check(&names, 10, NULL, 0);
	}
	oqfs_names_done(&names);
}

static void test_plan(void **state)
{
	struct oqfs_names names;

	(void)state;
	oqfs_names_init(&names);
	assert_int_equal(oqfs_names_plan(&names, 1, 0), 1);
	assert_int_equal(oqfs_names_plan(&names, 1, 0), 1);
	assert_int_equal(oqfs_names_plan(&names, 1, 1), 8);
	/* Not all of them came. */
	assert_int_equal(oqfs_names_plan(&names, 1, 5), 64);
	assert_int_equal(oqfs_names_plan(&names, 1, 70), 256);
	assert_int_equal(oqfs_names_plan(&names, 1, 330), 256);
	/* Far ahead, back, and elsewhere. */
	assert_int_equal(oqfs_names_plan(&names, 1, 1000), 1);
	assert_int_equal(oqfs_names_plan(&names, 1, 1001), 8);
	assert_int_equal(oqfs_names_plan(&names, 1, 999), 1);
	assert_int_equal(oqfs_names_plan(&names, 2, 1000), 1);
	assert_int_equal(oqfs_names_plan(&names, 2, 1001), 8);
	oqfs_names_stop(&names);
	assert_int_equal(oqfs_names_plan(&names, 2, 1009), 1);
	assert_int_equal(oqfs_names_plan(&names, 2, 1010), 1);
	oqfs_names_done(&names);
}

#define TEST(NAME, FN)                     \
	{                                  \
		NAME, FN, NULL, NULL, NULL \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("what came is known, and what is not in it", test_known),
		TEST("what did not fit is not known", test_part),
		TEST("an improper answer says nothing", test_improper),
		TEST("who goes in order is told of more and more", test_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
