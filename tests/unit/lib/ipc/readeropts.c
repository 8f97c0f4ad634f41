/* SPDX-License-Identifier: MIT */
/* readeropts.c - a reader hears what it was told, or nothing */

#include "lib/ipc/readeropts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static const struct oq_reader_opts some = {
	.nthreads = 7,
	.cache_bytes = 1,
	.memory_bytes = SIZE_MAX,
	.csv_split = UINT64_MAX,
	.conventions = 1,
	.sandbox = 1,
};

static void test_round(void **state)
{
	struct oq_reader_opts o;
	struct oq_reader_words w;
	char *last;

	(void)state;
	oq_reader_opts_encode(&some, &w);
	assert_null(w.argv[OQ_READER_NOPTS]);
	assert_true(oq_reader_opts_decode(OQ_READER_NOPTS, w.argv, &o));
	assert_memory_equal(&o, &some, sizeof(o));
	/* In any order. */
	last = w.argv[0];
	w.argv[0] = w.argv[4];
	w.argv[4] = last;
	memset(&o, 0, sizeof(o));
	assert_true(oq_reader_opts_decode(OQ_READER_NOPTS, w.argv, &o));
	assert_memory_equal(&o, &some, sizeof(o));
}

/* Are the words taken when this one stands in place of number 'i'? */
static bool is_taken(size_t i, const char *word)
{
	struct oq_reader_opts o = { 0 }, none = { 0 };
	struct oq_reader_words w;
	bool ok;

	oq_reader_opts_encode(&some, &w);
	strcpy(w.text[i], word);
	ok = oq_reader_opts_decode(OQ_READER_NOPTS, w.argv, &o);
	if (!ok)
		assert_memory_equal(&o, &none, sizeof(o));
	return ok;
}

static void test_refused(void **state)
{
	static const char *const bad[] = {
		"threads=0",  "threads=1025", "threads=",
		"threads",    "threads=-1",   "threads= 1",
		"threads=1x", "thread=1",     "=1",
		"",	      "cache=1",      "x=1",
	};

	(void)state;
	assert_true(is_taken(0, "threads=1024"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (is_taken(0, bad[i]))
			fail_msg("'%s' is taken", bad[i]);
	assert_true(is_taken(1, "cache=0"));
	assert_false(is_taken(1, "cache=18446744073709551616"));
	assert_true(is_taken(5, "sandbox=0"));
	assert_false(is_taken(5, "sandbox=2"));
}

static void test_count(void **state)
{
	struct oq_reader_opts o;
	struct oq_reader_words w;
	char *twice[OQ_READER_NOPTS + 1];

	(void)state;
	oq_reader_opts_encode(&some, &w);
	assert_false(oq_reader_opts_decode(0, w.argv, &o));
	assert_false(oq_reader_opts_decode(OQ_READER_NOPTS - 1, w.argv, &o));
	memcpy(twice, w.argv, OQ_READER_NOPTS * sizeof(*twice));
	twice[OQ_READER_NOPTS] = w.argv[2];
	assert_false(oq_reader_opts_decode(OQ_READER_NOPTS + 1, twice, &o));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "what is said is heard, in any order", test_round, NULL, NULL,
		  NULL },
		{ "an unknown word or a number out of bounds is refused",
		  test_refused, NULL, NULL, NULL },
		{ "each option is there once", test_count, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
