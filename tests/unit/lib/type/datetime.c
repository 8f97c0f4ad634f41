/* SPDX-License-Identifier: MIT */
/* datetime.c - NumPy's date-times and time spans: notation, text, extremes */

#include "lib/type/datetime.h"

#include <endian.h>

#include "lib/type/attrtext.h"
#include "lib/type/texts.h"
#include "lib/type/value.h"
#include "tests/unit/types.h"

static struct oq_dtype *mk_datetime(const char *notation)
{
	struct oq_dtype *t = mk_type(OQ_OPAQUE, 8);

	assert_true(oq_datetime_parse(notation, t));
	return t;
}

static void check_notation(const char *from, const char *want)
{
	struct oq_dtype *t = mk_datetime(from);
	struct oq_buf b = { 0 };

	oq_dtype_put_numpy(t, &b);
	ASSERT_TEXT(b, want);
	oq_buf_free(&b);
	oq_dtype_free(t);
}

static void test_notation(void **state)
{
	(void)state;
	check_notation("<M8[us]", "<M8[us]");
	check_notation(">m8[25as]", ">m8[25as]");
	check_notation("M8", "<M8");
	check_notation("|m8", "<m8");
	check_notation("=M8[m]", "<M8[m]");
	check_notation("datetime64[Y]", "<M8[Y]");
	check_notation("timedelta64[2147483647W]", "<m8[2147483647W]");
	check_notation("M8[\xce\xbcs]", "<M8[us]");
}

static void test_no_notation(void **state)
{
	static const char *const bad[] = {
		"",
		"<",
		"f8",
		"<M",
		"M8[",
		"M8[]",
		"M8[xs]",
		"M8[us",
		"M8[us]x",
		"M8[0s]",
		"M8[-1s]",
		"M8[s/4]",
		"M8[B]",
		"M8 [s]",
		"M8[2147483648s]",
		"M4[s]",
		"<<M8",
		"M8[10]",
		"M8[ms ]",
		"M8[99999999999999999999999999s]",
	};
	struct oq_dtype *t = mk_type(OQ_OPAQUE, 8);

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		assert_false(oq_datetime_parse(bad[i], t));
		assert_int_equal(t->cls, OQ_OPAQUE);
	}
	oq_dtype_free(t);
}

static void check(const char *notation, int64_t v, const char *want)
{
	struct oq_dtype *t = mk_datetime(notation);
	char text[OQ_DATETIME_MAX + 1];
	uint64_t raw = (uint64_t)v;
	size_t n;

	raw = t->order == OQ_BE ? htobe64(raw) : htole64(raw);
	n = oq_datetime_text(t, &raw, text);
	text[n] = 0;
	assert_string_equal(text, want);
	assert_true(n <= oq_datetime_max(t));
	oq_dtype_free(t);
}

static void test_units(void **state)
{
	(void)state;
	check("M8[Y]", 50, "2020");
	check("M8[M]", -1, "1969-12");
	check("M8[W]", 1, "1970-01-08");
	check("M8[D]", 11016, "2000-02-29");
	check("M8[D]", 47541, "2100-03-01");
	check("M8[h]", -1, "1969-12-31T23");
	check("M8[m]", 59, "1970-01-01T00:59");
	check(">M8[s]", 86399, "1970-01-01T23:59:59");
	check("M8[ms]", -1, "1969-12-31T23:59:59.999");
	check("M8[us]", 1, "1970-01-01T00:00:00.000001");
	check("M8[10ns]", 1, "1970-01-01T00:00:00.000000010");
	check(">M8[ps]", 1, "1970-01-01T00:00:00.000000000001");
	check("M8[fs]", 1, "1970-01-01T00:00:00.000000000000001");
	check("M8[as]", -1, "1969-12-31T23:59:59.999999999999999999");
	check("M8", 7, "7");
	check("m8[10ms]", -7, "-7");
}

/* What 64 bits cannot count, and years of fewer or more than four digits. */
static void test_far(void **state)
{
	(void)state;
	check("M8[Y]", INT64_MAX, "9223372036854777777");
	check("M8[Y]", INT64_MIN + 1, "-9223372036854773837");
	check("M8[Y]", -1971, "-001");
	check("M8[Y]", -1970, "0000");
	check("M8[D]", 2932897, "10000-01-01");
	check("M8[D]", -719529, "-001-12-31");
	check("M8[D]", INT64_MAX, "25252734927768524-07-27");
	check("M8[W]", INT64_MIN + 1, "-176769144494363912-01-08");
	check("M8[s]", INT64_MAX, "292277026596-12-04T15:30:07");
	check("M8[ns]", INT64_MIN + 1, "1677-09-21T00:12:43.145224193");
	check("M8[2147483647Y]", INT64_MIN + 1,
	      "-19807040619342712359383726159");
	check("m8[as]", INT64_MAX, "9223372036854775807");
}

static void test_nat(void **state)
{
	(void)state;
	check("M8[us]", INT64_MIN, "");
	check(">m8[Y]", INT64_MIN, "");
	check("M8", INT64_MIN, "");
}

static void check_views(const char *notation, int64_t v, const char *csv,
			const char *json, const char *attr)
{
	struct oq_dtype *t = mk_datetime(notation);
	struct oq_buf b = { 0 };

	v = (int64_t)htole64((uint64_t)v);
	oq_value_put_csv(t, &v, NULL, &b);
	ASSERT_TEXT(b, csv);
	b.len = 0;
	oq_value_put_json(t, &v, NULL, true, &b);
	ASSERT_TEXT(b, json);
	b.len = 0;
	oq_attr_put_text(t, 0, NULL, &v, NULL, &b);
	ASSERT_TEXT(b, attr);
	oq_buf_free(&b);
	oq_dtype_free(t);
}

static void test_views(void **state)
{
	(void)state;
	check_views("M8[D]", 0, "1970-01-01", "\"1970-01-01\"", "1970-01-01");
	check_views("M8[D]", INT64_MIN, "", "null", "null");
	check_views("m8[D]", 5, "5", "5", "5");
	check_views("m8[D]", INT64_MIN, "", "null", "null");
	check_views("M8", 5, "5", "5", "5");
}

static void test_labels(void **state)
{
	struct oq_dtype *t = mk_datetime("M8[M]");
	struct oq_texts texts = { .left = 1000 };
	uint64_t v[2] = { htole64(600), htole64((uint64_t)INT64_MIN) };
	char **list;

	(void)state;
	oq_texts_put_value(&texts, t, &v[0]);
	oq_texts_put_value(&texts, t, &v[1]);
	list = oq_texts_take(&texts);
	assert_non_null(list);
	assert_string_equal(list[0], "2020-01");
	assert_string_equal(list[1], "");
	free(list);
	oq_dtype_free(t);
}

static void test_json(void **state)
{
	struct oq_dtype *t = mk_datetime(">M8[10ms]");
	struct oq_buf b = { 0 };

	(void)state;
	oq_dtype_put_json(t, &b);
	ASSERT_TEXT(b, "{\"class\":\"datetime\",\"size\":8,\"order\":\"BE\","
		       "\"unit\":\"ms\",\"multiple\":10}");
	oq_buf_free(&b);
	oq_dtype_free(t);
}

/* A value that may be missing. */
static void test_masked(void **state)
{
	struct oq_dtype *t = mk_type(OQ_MASKED, 3);
	uint8_t there[3] = { 1, 2, 0 }, gone[3] = { 1, 2, 1 };
	struct oq_buf b = { 0 };

	(void)state;
	t->base = mk_int(2, true, OQ_LE);
	oq_value_put_csv(t, there, NULL, &b);
	oq_buf_putc(&b, '|');
	oq_value_put_csv(t, gone, NULL, &b);
	oq_buf_putc(&b, '|');
	oq_value_put_json(t, there, NULL, true, &b);
	oq_buf_putc(&b, '|');
	oq_value_put_json(t, gone, NULL, true, &b);
	oq_buf_putc(&b, '|');
	oq_dtype_put_numpy(t, &b);
	ASSERT_TEXT(b, "513||513|null|[('value', '<i2'), ('mask', '|b1')]");
	oq_buf_free(&b);
	oq_dtype_free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("notation", test_notation),
		TEST("what is no notation", test_no_notation),
		TEST("units", test_units),
		TEST("far from now", test_far),
		TEST("not a time", test_nat),
		TEST("views", test_views),
		TEST("labels", test_labels),
		TEST("the type as JSON", test_json),
		TEST("masked values", test_masked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
