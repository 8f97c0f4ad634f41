/* SPDX-License-Identifier: MIT */
/* sorting.c - rows come in the order of their keys, against a model */

#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lib/sheet/sorting.h"
#include "lib/sheet/sums.h"

struct table {
	uint64_t key[64];
	bool dropped[64];
	uint64_t n;
};

static int keys(void *ctx, uint64_t first, size_t n, struct oq_key *out,
		struct oq_err *err)
{
	const struct table *t = ctx;

	(void)err;
	for (size_t i = 0; i < n; i++) {
		out[i].k[1] = t->key[first + i];
		out[i].dropped = t->dropped[first + i];
	}
	return 0;
}

/* Insertion, which is stable. */
static uint64_t model(const struct table *t, uint64_t *row)
{
	uint64_t n = 0;

	for (uint64_t i = 0; i < t->n; i++) {
		uint64_t at = n;

		if (t->dropped[i])
			continue;
		for (; at > 0 && t->key[row[at - 1]] > t->key[i]; at--)
			row[at] = row[at - 1];
		row[at] = i;
		n++;
	}
	return n;
}

static void check(struct table *t)
{
	struct oq_sorting_spec spec = {
		.nrows = t->n, .bytes = 1 << 20, .keys = keys, .ctx = t
	};
	struct oq_sorting s = { 0 };
	uint64_t want[64], got[64];
	uint64_t n = model(t, want);

	assert_int_equal(oq_sorting_make(&spec, &s, NULL), 0);
	assert_int_equal(s.nrows, n);
	for (uint64_t from = 0; from < n; from++) {
		oq_sorting_rows(&s, from, n - from, got);
		for (uint64_t i = from; i < n; i++)
			assert_int_equal(got[i - from], want[i]);
	}
	oq_sorting_free(&s);
}

/* All tables of six rows with keys up to 2, each with or without drops. */
static void test_small(void **ctx)
{
	(void)ctx;
	for (unsigned code = 0; code < 729; code++)
		for (unsigned drop = 0; drop < 64; drop++) {
			struct table t = { .n = 6 };
			unsigned rest = code;

			for (unsigned i = 0; i < 6; i++, rest /= 3) {
				t.key[i] = rest % 3;
				t.dropped[i] = drop >> i & 1;
			}
			check(&t);
		}
}

static void test_runs(void **ctx)
{
	struct table t = { .n = 60 };
	struct oq_sorting_spec spec = {
		.nrows = 60, .bytes = 1 << 20, .keys = keys, .ctx = &t
	};
	struct oq_sorting s = { 0 };

	(void)ctx;
	for (uint64_t i = 0; i < 60; i++)
		t.key[i] = i;
	assert_int_equal(oq_sorting_make(&spec, &s, NULL), 0);
	assert_true(s.is_stored);
	oq_sorting_free(&s);
	/* Three events, the last first: no more than three runs. */
	for (uint64_t i = 0; i < 60; i++)
		t.key[i] = (2 - i / 20) * 20 + i % 20;
	assert_int_equal(oq_sorting_make(&spec, &s, NULL), 0);
	assert_int_equal(s.nruns, 3);
	oq_sorting_free(&s);
	check(&t);
}

/* Keys in groups, as the events of a rupture: the longest runs overlap. */
static int group_keys(void *ctx, uint64_t first, size_t n, struct oq_key *out,
		      struct oq_err *err)
{
	static const uint64_t groups[] = { 5, 9, 2, 7 };

	(void)ctx;
	(void)err;
	for (size_t i = 0; i < n; i++) {
		out[i].k[0] = groups[(first + i) / 100];
		out[i].k[1] = (first + i) % 100;
	}
	return 0;
}

static void test_groups(void **ctx)
{
	struct oq_sorting_spec spec = { .nrows = 400,
					.bytes = 1000,
					.keys = group_keys };
	struct oq_sorting s = { 0 };
	struct oq_err err = { "" };
	uint64_t row[2];

	(void)ctx;
	if (oq_sorting_make(&spec, &s, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(s.nruns, 4);
	oq_sorting_rows(&s, 99, 2, row);
	assert_int_equal(row[0], 299);
	assert_int_equal(row[1], 0);
	oq_sorting_free(&s);
}

static void test_limits(void **ctx)
{
	struct table t = { .n = 60 };
	struct oq_sorting_spec spec = {
		.nrows = 60, .bytes = 100, .keys = keys, .ctx = &t
	};
	struct oq_sorting s = { 0 };
	struct oq_err err = { "" };

	(void)ctx;
	for (uint64_t i = 0; i < 60; i++)
		t.key[i] = 60 - i;
	assert_int_equal(oq_sorting_make(&spec, &s, &err), -EFBIG);
	assert_true(err.text[0] != '\0');
	spec.bytes = 1 << 20;
	spec.unique = true;
	assert_int_equal(oq_sorting_make(&spec, &s, &err), 0);
	oq_sorting_free(&s);
	t.key[0] = t.key[59];
	assert_int_equal(oq_sorting_make(&spec, &s, &err), -EIO);
	t.key[0] = t.key[1];
	assert_int_equal(oq_sorting_make(&spec, &s, &err), -EIO);
}

static void test_keys(void **ctx)
{
	const double v[] = {
		-INFINITY, -2, -1e-300, 0, 1e-300, 3, INFINITY, NAN
	};

	(void)ctx;
	for (size_t i = 1; i < sizeof(v) / sizeof(*v); i++)
		assert_true(oq_key_of_f64(v[i - 1]) < oq_key_of_f64(v[i]));
	assert_true(oq_key_of_f64(-0.0) == oq_key_of_f64(0.0));
	assert_true(oq_key_of_i64(-5) < oq_key_of_i64(3));
}

/* In single precision the order of the additions shows: these are NumPy's. */
static void test_sums(void **ctx)
{
	float v[300];

	(void)ctx;
	for (size_t i = 0; i < 300; i++)
		v[i] = 1.0F / (float)(i + 3);
	assert_true(oq_sum_f32(v, 5) == 0x1.17c57e0000000p+0F);
	assert_true(oq_sum_f32(v, 20) == 0x1.186c920000000p+1F);
	assert_true(oq_sum_f32(v, 129) == 0x1.fa65980000000p+1F);
	assert_true(oq_sum_f32(v, 300) == 0x1.3283da0000000p+2F);
	assert_true(oq_sum_f32(v, 0) == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "all small tables", test_small, NULL, NULL, NULL },
		{ "what is in order takes no memory", test_runs, NULL, NULL,
		  NULL },
		{ "groups out of order take memory for each", test_groups, NULL,
		  NULL, NULL },
		{ "memory is bounded, ties are told", test_limits, NULL, NULL,
		  NULL },
		{ "keys compare as numbers do", test_keys, NULL, NULL, NULL },
		{ "sums are added pairwise", test_sums, NULL, NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
