/* SPDX-License-Identifier: MIT */
/* value.c - values of every class as CSV fields, JSON and attribute text */

#include "lib/type/value.h"

#include <json-c/json.h>
#include <math.h>

#include "lib/type/attrtext.h"
#include "tests/unit/types.h"

/* A reference's first byte says what it leads to. */
static void put_ref(void *ctx, const struct oq_dtype *t, const void *elem,
		    struct oq_buf *out)
{
	uint8_t what = *(const uint8_t *)elem;

	assert_int_equal(*(int *)ctx, 42);
	if (what == 1)
		oq_buf_puts(out, t->cls == OQ_OBJREF ? "/a/b" : "/a[0:2, 3]");
	else if (what == 2)
		oq_buf_putc(out, '?');
}

static int ref_ctx = 42;
static const struct oq_refs refs = { put_ref, &ref_ctx };

static void check_csv(const struct oq_dtype *t, const void *elem,
		      const char *want)
{
	struct oq_buf b = { 0 };

	oq_value_put_csv(t, elem, &refs, &b);
	ASSERT_TEXT(b, want);
	oq_buf_free(&b);
}

static void check_json(const struct oq_dtype *t, const void *elem,
		       const char *want)
{
	struct oq_buf b = { 0 };

	oq_value_put_json(t, elem, &refs, true, &b);
	ASSERT_TEXT(b, want);
	oq_buf_free(&b);
}

static void check_attr(const struct oq_dtype *t, const void *elem,
		       const char *want)
{
	struct oq_buf b = { 0 };

	oq_attr_put_text(t, 0, NULL, elem, &refs, &b);
	ASSERT_TEXT(b, want);
	oq_buf_free(&b);
}

/* All three; the type is freed. */
static void check(struct oq_dtype *t, const void *elem, const char *csv,
		  const char *json, const char *attr)
{
	check_csv(t, elem, csv);
	check_json(t, elem, json);
	check_attr(t, elem, attr);
	oq_dtype_free(t);
}

static void test_numbers(void **state)
{
	static const double d[] = { 10, 0.1, (double)NAN, -(double)INFINITY,
				    (double)INFINITY };
	static const int32_t i = -7;

	(void)state;
	check(mk_int(4, true, OQ_LE), &i, "-7", "-7", "-7");
	check(mk_float(8, OQ_LE), &d[0], "10.0", "10.0", "10.0");
	check(mk_float(8, OQ_LE), &d[1], "0.1", "0.1", "0.1");
	check(mk_float(8, OQ_LE), &d[2], "nan", "NaN", "NaN");
	check(mk_float(8, OQ_LE), &d[3], "-inf", "-Infinity", "-Infinity");
	check(mk_float(8, OQ_LE), &d[4], "inf", "Infinity", "Infinity");
	/* no number to anybody: a string in JSON */
	check(mk_float_of(4, OQ_BE, 20, 11, 5), "\1\2\3\4", "0x01020304",
	      "\"0x01020304\"", "\"0x01020304\"");
}

static void test_bool(void **state)
{
	(void)state;
	check(mk_bool(), "\0", "false", "false", "false");
	check(mk_bool(), "\1", "true", "true", "true");
	check(mk_bool(), "\2", "2", "2", "2");
}

static struct oq_dtype *mk_colour(void)
{
	struct oq_dtype *t = mk_enum(mk_int(2, true, OQ_LE));

	add_symbol(t, "red", 1);
	add_symbol(t, "a,b", 2);
	return t;
}

static void test_enum(void **state)
{
	(void)state;
	check(mk_colour(), "\1\0", "red", "\"red\"", "red");
	check(mk_colour(), "\2\0", "\"a,b\"", "\"a,b\"", "a,b");
	check(mk_colour(), "\xff\xff", "-1", "-1", "-1");
}

static void test_strings(void **state)
{
	static const char *const text = "a\nb \xc3\xa9", *const none = NULL;

	(void)state;
	check(mk_str(6, OQ_NULLTERM), "ab\0cd\0", "ab", "\"ab\"", "ab");
	check(mk_str(3, OQ_NULLTERM), "abc", "abc", "\"abc\"", "abc");
	check(mk_str(6, OQ_NULLPAD), "ab d\0\0", "ab d", "\"ab d\"", "ab d");
	check(mk_str(4, OQ_SPACEPAD), "ab  ", "ab", "\"ab\"", "ab");
	check(mk_str(2, OQ_SPACEPAD), "  ", "", "\"\"", "");
	check(mk_str(3, OQ_NULLPAD), "\0\0\0", "", "\"\"", "");
	check(mk_str(6, OQ_SPACEPAD), "ab\0\0\0\0", "ab", "\"ab\"", "ab");
	check(mk_str(6, OQ_SPACEPAD), "ab \0 \0", "ab", "\"ab\"", "ab");
	check(mk_str(3, OQ_SPACEPAD), "\0\0\0", "", "\"\"", "");
	check(mk_str(6, OQ_NULLPAD), "ab  \0\0", "ab  ", "\"ab  \"", "ab  ");
	check(mk_str(6, OQ_NULLTERM), "ab  \0x", "ab  ", "\"ab  \"", "ab  ");
	check(mk_vstr(), &text, "\"a\nb \xc3\xa9\"", "\"a\\nb \\u00e9\"", text);
	check(mk_vstr(), &none, "", "null", "null");
	/* a NUL that is no padding stays */
	check_json(&(struct oq_dtype){ .cls = OQ_STRING,
				       .size = 3,
				       .pad = OQ_NULLPAD },
		   "a\0b", "\"a\\u0000b\"");
}

static void test_opaque(void **state)
{
	(void)state;
	check(mk_opaque(3, ""), "\x00\xab\x10", "00ab10", "\"00ab10\"",
	      "\"00ab10\"");
}

static void test_refs(void **state)
{
	static const uint8_t one[12] = { 1 }, gone[12] = { 2 }, null[12];

	(void)state;
	check(mk_type(OQ_OBJREF, 8), one, "/a/b", "\"/a/b\"", "/a/b");
	check(mk_type(OQ_OBJREF, 8), gone, "?", "\"?\"", "?");
	check(mk_type(OQ_OBJREF, 8), null, "", "null", "null");
	check(mk_type(OQ_REGREF, 12), one, "\"/a[0:2, 3]\"", "\"/a[0:2, 3]\"",
	      "/a[0:2, 3]");
}

static void test_sequences(void **state)
{
	static int32_t ints[] = { 1, -2, 3 };
	static const char *texts[] = { "x", "a,\"b" };
	static const struct oq_vlen v = { 3, ints }, one = { 1, ints },
				    none = { 0, NULL }, t = { 2, texts };
	struct oq_vlen two[] = { one, none };
	struct oq_vlen nested = { 2, two };

	(void)state;
	check(mk_vlen(mk_int(4, true, OQ_LE)), &v, "\"[1,-2,3]\"", "[1,-2,3]",
	      "[1,-2,3]");
	check(mk_vlen(mk_int(4, true, OQ_LE)), &one, "[1]", "[1]", "[1]");
	check(mk_vlen(mk_int(4, true, OQ_LE)), &none, "[]", "[]", "[]");
	check(mk_vlen(mk_vstr()), &t, "\"[\"\"x\"\",\"\"a,\\\"\"b\"\"]\"",
	      "[\"x\",\"a,\\\"b\"]", "[\"x\",\"a,\\\"b\"]");
	check(mk_vlen(mk_vlen(mk_int(4, true, OQ_LE))), &nested, "\"[[1],[]]\"",
	      "[[1],[]]", "[[1],[]]");
}

/* A list of numbers is its numbers, however long it is. */
static void test_long_lists(void **state)
{
	double v[100];
	struct oq_dtype *f8 = mk_float(8, OQ_LE);
	struct oq_dtype *list = mk_vlen(mk_float(8, OQ_LE));

	(void)state;
	for (size_t i = 0; i < COUNT(v); i++)
		v[i] = i % 9 ? (double)i / 10 - 3 : (double)NAN;
	v[32] = -(double)INFINITY;
	for (size_t n = 1; n <= COUNT(v); n++) {
		struct oq_vlen elem = { n, v };
		struct oq_buf want = { 0 };

		for (size_t i = 0; i < n; i++) {
			oq_buf_putc(&want, i ? ',' : '[');
			oq_value_put_json(f8, &v[i], NULL, true, &want);
		}
		oq_buf_puts(&want, "]");
		oq_buf_putc(&want, '\0');
		check_json(list, &elem, want.data);
		oq_buf_free(&want);
	}
	oq_dtype_free(list);
	oq_dtype_free(f8);
}

static void test_compound(void **state)
{
	static const uint8_t elem[] = { 5, 0, 'x', 'y', 1, 2, 3, 4 };
	struct oq_dtype *t = mk_compound(8);

	(void)state;
	add_member(t, "n", 0, mk_int(2, true, OQ_LE));
	add_member(t, "s\"", 2, mk_str(2, OQ_NULLPAD));
	add_member(t, "a", 4, mk_array(mk_int(1, false, OQ_LE), 2, 2, 2));
	check(t, elem,
	      "\"{\"\"n\"\":5,\"\"s\\\"\"\"\":\"\"xy\"\","
	      "\"\"a\"\":[[1,2],[3,4]]}\"",
	      "{\"n\":5,\"s\\\"\":\"xy\",\"a\":[[1,2],[3,4]]}",
	      "{\"n\":5,\"s\\\"\":\"xy\",\"a\":[[1,2],[3,4]]}");
	check(mk_compound(1), "\0", "{}", "{}", "{}");
}

static void test_arrays(void **state)
{
	static const uint64_t flat[] = { 6 }, square[] = { 2, 3 },
			      none[] = { 2, 0, 3 }, huge[] = { 1ull << 40, 0 };
	static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6 };
	struct oq_dtype *t = mk_int(1, false, OQ_LE);
	struct oq_buf b = { 0 };

	(void)state;
	oq_attr_put_text(t, 1, flat, bytes, NULL, &b);
	ASSERT_TEXT(b, "[1,2,3,4,5,6]");
	oq_attr_put_text(t, 2, square, bytes, NULL, &b);
	ASSERT_TEXT(b, "[[1,2,3],[4,5,6]]");
	oq_attr_put_text(t, 3, none, bytes, NULL, &b);
	ASSERT_TEXT(b, "[[],[]]");
	oq_attr_put_text(t, 3, none, NULL, NULL, &b);
	ASSERT_TEXT(b, "[[],[]]");
	oq_attr_put_text(t, 2, huge, NULL, NULL, &b);
	ASSERT_TEXT(b, "[]");
	oq_attr_put_text(t, 0, NULL, NULL, NULL, &b);
	ASSERT_TEXT(b, "null");
	oq_dtype_free(t);

	t = mk_str(2, OQ_NULLPAD);
	oq_attr_put_text(t, 1, &(uint64_t){ 1 }, "ab", NULL, &b);
	ASSERT_TEXT(b, "[\"ab\"]");
	oq_dtype_free(t);
	oq_buf_free(&b);
}

/* Any bytes at all make JSON that a parser takes and gives back. */
static void test_any_text(void **state)
{
	struct oq_buf b = { 0 };
	uint32_t x = 1;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		struct json_object *o;
		char text[16];

		for (size_t j = 0; j < sizeof(text); j++) {
			x = x * 1664525 + 1013904223;
			text[j] = (char)(x >> 24 & (x >> 23 & 1 ? 0xff : 0x7f));
		}
		b.len = 0;
		oq_json_put_str(text, sizeof(text), i % 2, &b);
		oq_buf_putc(&b, '\0');
		o = json_tokener_parse(b.data);
		assert_non_null(o);
		assert_true(json_object_is_type(o, json_type_string));
		json_object_put(o);
	}
	oq_buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("numbers are shortest; JSON knows NaN and Infinity",
		     test_numbers),
		TEST("bools are false and true", test_bool),
		TEST("enums go by name, or number where they have none",
		     test_enum),
		TEST("strings lose their padding and nothing else",
		     test_strings),
		TEST("opaque is hex", test_opaque),
		TEST("references are paths, or nothing", test_refs),
		TEST("sequences are JSON lists", test_sequences),
		TEST("a long list is its numbers", test_long_lists),
		TEST("compounds are JSON objects", test_compound),
		TEST("arrays nest, empty ones within reason", test_arrays),
		TEST("any bytes make good JSON", test_any_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
