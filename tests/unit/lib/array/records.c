/* SPDX-License-Identifier: MIT */
/* records.c - a view's bytes are where oq_records_span() says */

#include <errno.h>
#include <string.h>

#include "lib/array/records.h"

#include "tests/unit/test.h"

/* A view of which every byte is another number: bytes of the header count
 * from 0, those of records from 100. */
static size_t model(const struct oq_records *v, uint64_t off, size_t len,
		    uint8_t *out)
{
	size_t n = 0;

	for (; n < len && off + n < v->size; n++)
		out[n] = (uint8_t)(off + n < v->head_bytes
					   ? off + n
					   : 100 + off + n - v->head_bytes);
	return n;
}

/* The same by way of a span, as a caller would. */
static void follow(const struct oq_records *v, const struct oq_span *s,
		   size_t len, uint8_t *out)
{
	uint64_t skip = s->skip;
	size_t n = 0;

	for (; n < s->head_len; n++)
		out[n] = (uint8_t)(s->head_off + n);
	for (uint64_t r = s->first; r < s->first + s->nrecs; r++) {
		assert_true(n < len); /* no record that is not wanted */
		for (uint64_t k = skip; k < v->rec_bytes && n < len; k++)
			out[n++] = (uint8_t)(100 + r * v->rec_bytes + k);
		skip = 0;
	}
	assert_int_equal(n, len);
}

static void check_span(const struct oq_records *v, uint64_t off, size_t len)
{
	uint8_t want[256], got[256];
	struct oq_span s;
	size_t n = model(v, off, len, want);

	assert_int_equal(oq_records_span(v, off, len, &s), n);
	assert_true(s.head_off + s.head_len <= v->head_bytes);
	assert_true(s.first + s.nrecs <= v->nrecs);
	assert_true(s.skip < v->rec_bytes);
	follow(v, &s, n, got);
	assert_memory_equal(got, want, n);
}

static void all_spans_of_small_views(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 5 * 5 * 5; i++) {
		struct oq_records v;

		assert_int_equal(
			oq_records_init(&v, i / 25, 1 + i / 5 % 5, i % 5), 0);
		assert_int_equal(v.size, i / 25 + (1 + i / 5 % 5) * (i % 5));
		for (uint64_t off = 0; off < v.size + 3; off++)
			for (size_t len = 0; len < v.size + 3; len++)
				check_span(&v, off, len);
	}
}

static void wide_records(void **state)
{
	struct oq_records v;
	struct oq_span s;

	(void)state;
	assert_int_equal(oq_records_init(&v, 0, 1, INT64_MAX), 0);
	assert_int_equal(oq_records_span(&v, INT64_MAX - 3, SIZE_MAX, &s), 3);
	assert_int_equal(s.first, INT64_MAX - 3);
	assert_int_equal(s.nrecs, 3);
	assert_int_equal(oq_records_span(&v, 1, SIZE_MAX, &s), INT64_MAX - 1);
	assert_int_equal(oq_records_span(&v, UINT64_MAX, SIZE_MAX, &s), 0);
	assert_int_equal(s.nrecs + s.head_len, 0);

	assert_int_equal(oq_records_init(&v, 80, INT64_MAX - 80, 1), 0);
	assert_int_equal(oq_records_span(&v, 79, 3, &s), 3);
	assert_int_equal(s.head_len, 1);
	assert_int_equal(s.skip, 0);
	assert_int_equal(oq_records_span(&v, INT64_MAX - 1, 3, &s), 1);
	assert_int_equal(s.skip, INT64_MAX - 81);
}

static void refuses(uint64_t head, uint64_t rec, uint64_t n, int code)
{
	struct oq_records v, before;

	memset(&v, 0x5a, sizeof(v));
	memset(&before, 0x5a, sizeof(before));
	assert_int_equal(oq_records_init(&v, head, rec, n), code);
	assert_memory_equal(&v, &before, sizeof(v));
}

static void too_large(void **state)
{
	struct oq_records v;

	(void)state;
	refuses(0, 1, (uint64_t)INT64_MAX + 1, -EOVERFLOW);
	refuses(1, 1, INT64_MAX, -EOVERFLOW);
	refuses(0, UINT64_MAX, 2, -EOVERFLOW);
	refuses(UINT64_MAX, 1, 1, -EOVERFLOW);
	refuses(0, (uint64_t)1 << 32, (uint64_t)1 << 32, -EOVERFLOW);
	assert_int_equal(oq_records_init(&v, 1, 1, INT64_MAX - 1), 0);
	assert_int_equal(v.size, INT64_MAX);
}

static void no_width(void **state)
{
	(void)state;
	refuses(0, 0, 0, -EINVAL);
	refuses(9, 0, 9, -EINVAL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST("a span gives the bytes of its range, for all small views",
		     all_spans_of_small_views),
		TEST("a span is right at the end of the largest views",
		     wide_records),
		TEST("a view larger than a file can be is refused", too_large),
		TEST("records of no width are refused", no_width),
	};

	return cmocka_run_group_tests_name("view", tests, NULL, NULL);
}
