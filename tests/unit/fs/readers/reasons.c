/* SPDX-License-Identifier: MIT */
/* reasons.c - why something could not be read is kept until it can be */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fs/readers/reasons.h"

/* Bytes [off, off + len) of one view of an object came to this. */
static void note(struct oqfs_reasons *r, uint64_t object, uint64_t off,
		 uint64_t len, int status, const char *why)
{
	const struct oqfs_attempt a = { object, 1, off, len };
	struct oq_err err = { "" };

	snprintf(err.text, sizeof(err.text), "%s", why);
	oqfs_reasons_note(r, &a, status, &err);
}

static void check(struct oqfs_reasons *r, uint64_t object, const char *want)
{
	struct oq_err why = { "" };

	assert_int_equal(oqfs_reasons_get(r, object, &why), want != NULL);
	assert_string_equal(why.text, want ? want : "");
}

static void test_last(void **state)
{
	struct oqfs_reasons r;

	(void)state;
	oqfs_reasons_init(&r);
	check(&r, 7, NULL);
	note(&r, 7, 0, 0, -EIO, "one");
	note(&r, 8, 0, 0, -EOPNOTSUPP, "other");
	note(&r, 7, 0, 10, -EIO, "two");
	check(&r, 7, "two");
	check(&r, 8, "other");
	check(&r, 9, NULL);
	note(&r, 7, 0, 0, -EIO, "");
	check(&r, 7, strerror(EIO));
	note(&r, 8, 0, 0, -EINTR, "broken off");
	note(&r, 9, 0, 0, -ENOENT, "none");
	check(&r, 8, "other");
	check(&r, 9, NULL);
	oqfs_reasons_done(&r);
}

static void test_cleared(void **state)
{
	struct oqfs_reasons r;

	(void)state;
	oqfs_reasons_init(&r);
	note(&r, 7, 0, 0, -EIO, "opening");
	note(&r, 7, 100, 100, -EIO, "reading");
	note(&r, 7, 0, 100, 0, "");
	note(&r, 7, 120, 10, 0, "");
	note(&r, 7, 50, 100, 0, "");
	check(&r, 7, "reading");
	note(&r, 7, 199, 1000, 0, "");
	check(&r, 7, "reading");
	note(&r, 7, 150, 49, 0, "");
	check(&r, 7, "opening");
	note(&r, 7, 0, 0, 0, "");
	check(&r, 7, NULL);
	note(&r, 7, 100, 100, -EIO, "reading");
	note(&r, 7, 0, 1000, 0, "");
	check(&r, 7, NULL);
	oqfs_reasons_done(&r);
}

static void test_many(void **state)
{
	struct oqfs_reasons r;
	char why[32];

	(void)state;
	oqfs_reasons_init(&r);
	for (uint64_t i = 0; i < 1000; i++) {
		snprintf(why, sizeof(why), "%d", (int)i);
		note(&r, i, 0, 0, -EIO, why);
	}
	check(&r, 0, NULL);
	check(&r, 743, NULL);
	check(&r, 744, "744");
	check(&r, 999, "999");
	oqfs_reasons_done(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "the last reason of each object is kept", test_last, NULL,
		  NULL, NULL },
		{ "it is forgotten once all that failed was read", test_cleared,
		  NULL, NULL, NULL },
		{ "the oldest make room", test_many, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
