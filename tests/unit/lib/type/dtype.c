/* SPDX-License-Identifier: MIT */
/* dtype.c - what a type is, and how it is written in NumPy's way and as JSON */

#include "lib/type/dtype.h"

#include <json-c/json.h>

#include "tests/unit/types.h"

/* The type in NumPy's notation; it is freed. */
static void check_numpy(struct oq_dtype *t, const char *want)
{
	struct oq_buf b = { 0 };

	oq_dtype_put_numpy(t, &b);
	ASSERT_TEXT(b, want);
	oq_buf_free(&b);
	oq_dtype_free(t);
}

/* The type as JSON, which must be JSON; it is freed. */
static void check_json(struct oq_dtype *t, const char *want)
{
	struct oq_buf b = { 0 };
	struct json_object *o;

	oq_dtype_put_json(t, &b);
	oq_buf_putc(&b, '\0');
	o = json_tokener_parse(b.data);
	assert_non_null(o);
	json_object_put(o);
	b.len--;
	ASSERT_TEXT(b, want);
	oq_buf_free(&b);
	oq_dtype_free(t);
}

static void test_simple(void **state)
{
	struct oq_dtype *t;

	(void)state;
	check_numpy(mk_int(1, true, OQ_BE), "|i1");
	check_numpy(mk_int(1, false, OQ_LE), "|u1");
	check_numpy(mk_int(2, true, OQ_LE), "<i2");
	check_numpy(mk_int(8, false, OQ_BE), ">u8");
	check_numpy(mk_float(2, OQ_LE), "<f2");
	check_numpy(mk_float(4, OQ_BE), ">f4");
	check_numpy(mk_float(8, OQ_LE), "<f8");
	check_numpy(mk_x87(), "<f16");
	check_numpy(mk_float(16, OQ_LE), "|V16");
	check_numpy(mk_bool(), "|b1");
	check_numpy(mk_enum(mk_int(2, false, OQ_BE)), ">u2");
	check_numpy(mk_str(8, OQ_SPACEPAD), "|S8");
	check_numpy(mk_opaque(3, ""), "|V3");
	check_numpy(mk_vstr(), "object");
	check_numpy(mk_vlen(mk_int(4, true, OQ_LE)), "object");
	check_numpy(mk_complex(8, OQ_LE), "<c8");
	check_numpy(mk_complex(16, OQ_BE), ">c16");
	check_numpy(mk_complex(32, OQ_LE), "<c32");

	t = mk_int(4, true, OQ_LE);
	t->cls = OQ_BITFIELD;
	check_numpy(t, "<u4");
	t = mk_int(8, false, OQ_BE);
	t->cls = OQ_TIME;
	check_numpy(t, ">i8");
}

/* What has unused bits or an odd layout would be read wrong as a number. */
static void test_odd(void **state)
{
	struct oq_dtype *t;

	(void)state;
	check_numpy(mk_int(3, true, OQ_LE), "|V3");
	check_numpy(mk_int(16, true, OQ_LE), "|V16");
	t = mk_int(4, true, OQ_LE);
	t->precision = 17;
	check_numpy(t, "|V4");
	t = mk_int(4, true, OQ_LE);
	t->precision = 24;
	t->bit_off = 8;
	check_numpy(t, "|V4");
	check_numpy(mk_float_of(4, OQ_VAX, 8, 23, 129), "|V4");
	check_numpy(mk_float_of(2, OQ_LE, 8, 7, 127), "|V2");
	t = mk_float(8, OQ_LE);
	t->norm = OQ_NORM_MSBSET;
	check_numpy(t, "|V8");
}

static void test_bool(void **state)
{
	struct oq_dtype *t = mk_enum(mk_int(1, true, OQ_LE));

	(void)state;
	add_symbol(t, "TRUE", 1);
	add_symbol(t, "FALSE", 0);
	assert_true(oq_dtype_is_bool(t));
	add_symbol(t, "MAYBE", 2);
	assert_false(oq_dtype_is_bool(t));
	check_numpy(t, "|i1");
	t = mk_enum(mk_int(1, true, OQ_LE));
	add_symbol(t, "TRUE", 0);
	add_symbol(t, "FALSE", 1);
	assert_false(oq_dtype_is_bool(t));
	oq_dtype_free(t);
}

static void test_complex(void **state)
{
	struct oq_dtype *t = mk_compound(8);

	(void)state;
	add_member(t, "r", 0, mk_float(4, OQ_LE));
	assert_false(oq_dtype_is_complex(t));
	add_member(t, "i", 4, mk_float(4, OQ_BE));
	assert_false(oq_dtype_is_complex(t));
	check_numpy(t, "[('r', '<f4'), ('i', '>f4')]");

	t = mk_compound(12);
	add_member(t, "r", 0, mk_float(4, OQ_LE));
	add_member(t, "i", 8, mk_float(4, OQ_LE));
	assert_false(oq_dtype_is_complex(t));
	check_numpy(t, "[('r', '<f4'), ('', '|V4'), ('i', '<f4')]");

	t = mk_compound(4);
	add_member(t, "r", 0, mk_float(2, OQ_LE));
	add_member(t, "i", 2, mk_float(2, OQ_LE));
	check_numpy(t, "[('r', '<f2'), ('i', '<f2')]");
}

static void test_compound(void **state)
{
	struct oq_dtype *t = mk_compound(24), *inner = mk_compound(3);

	(void)state;
	add_member(inner, "x", 0, mk_int(2, true, OQ_LE));
	add_member(inner, "y", 2, mk_bool());
	/* out of order, padded at the front, between and behind */
	add_member(t, "b's", 12, mk_array(inner, 2, 1, 2));
	add_member(t, "a", 4, mk_float(4, OQ_LE));
	check_numpy(t, "[('', '|V4'), ('a', '<f4'), ('', '|V4'), "
		       "(\"b's\", [('x', '<i2'), ('y', '|b1')], (1, 2)), "
		       "('', '|V6')]");

	t = mk_compound(16);
	add_member(t, "s", 0, mk_vstr());
	add_member(t, "n", 8, mk_int(8, true, OQ_LE));
	check_numpy(t, "[('s', 'object'), ('n', '<i8')]");
}

static void test_unusable(void **state)
{
	struct oq_dtype *t = mk_compound(8);

	(void)state;
	add_member(t, "a", 0, mk_int(4, true, OQ_LE));
	add_member(t, "a", 4, mk_int(4, true, OQ_LE));
	check_numpy(t, "|V8");
	t = mk_compound(8);
	add_member(t, "a", 0, mk_int(4, true, OQ_LE));
	add_member(t, "b", 3, mk_int(4, true, OQ_LE));
	check_numpy(t, "|V8");
	t = mk_compound(4);
	add_member(t, "", 0, mk_int(4, true, OQ_LE));
	check_numpy(t, "|V4");
	check_numpy(mk_compound(4), "|V4");
}

static void test_array(void **state)
{
	(void)state;
	check_numpy(mk_array(mk_float(4, OQ_LE), 1, 3, 0), "('<f4', (3,))");
	check_numpy(mk_array(mk_array(mk_float(4, OQ_LE), 1, 3, 0), 2, 2, 5),
		    "(('<f4', (3,)), (2, 5))");
}

static void test_parts(void **state)
{
	struct oq_dtype *t = mk_compound(24);

	(void)state;
	add_member(t, "a", 0, mk_int(4, true, OQ_LE));
	assert_false(oq_dtype_has_pointers(t));
	assert_false(oq_dtype_has_refs(t));
	add_member(t, "b", 8, mk_array(mk_vstr(), 1, 1, 0));
	assert_true(oq_dtype_has_pointers(t));
	assert_false(oq_dtype_has_refs(t));
	add_member(t, "c", 16, mk_type(OQ_OBJREF, 8));
	assert_true(oq_dtype_has_refs(t));
	oq_dtype_free(t);
	oq_dtype_free(NULL);
	oq_dtype_free(zeroed(sizeof(*t)));
}

static void check_wide(struct oq_dtype *t, uint64_t n)
{
	assert_int_equal(oq_dtype_wide_floats(t), n);
	oq_dtype_free(t);
}

static void test_wide(void **state)
{
	struct oq_dtype *t = mk_compound(120);

	(void)state;
	check_wide(mk_float(8, OQ_BE), 0);
	check_wide(mk_int(16, true, OQ_LE), 0);
	check_wide(mk_x87(), 1);
	add_member(t, "a", 0, mk_array(mk_x87(), 2, 2, 3));
	add_member(t, "b", 96, mk_vlen(mk_x87()));
	add_member(t, "c", 112, mk_float(8, OQ_LE));
	check_wide(t, 7);
}

static void test_json(void **state)
{
	struct oq_dtype *t, *e;

	(void)state;
	check_json(mk_int(4, true, OQ_LE),
		   "{\"class\":\"integer\",\"size\":4,\"order\":\"LE\","
		   "\"signed\":true,\"precision\":32}");
	check_json(mk_float(8, OQ_BE),
		   "{\"class\":\"float\",\"size\":8,\"order\":\"BE\","
		   "\"precision\":64}");
	check_json(mk_x87(),
		   "{\"class\":\"float\",\"size\":16,\"order\":\"LE\","
		   "\"precision\":80,\"sign_position\":79,"
		   "\"exponent_position\":64,\"exponent_bits\":15,"
		   "\"exponent_bias\":16383,\"mantissa_position\":0,"
		   "\"mantissa_bits\":64,\"normalization\":\"none\"}");
	t = mk_int(2, false, OQ_VAX);
	t->cls = OQ_BITFIELD;
	t->bit_off = 3;
	t->precision = 5;
	check_json(t, "{\"class\":\"bitfield\",\"size\":2,\"order\":\"VAX\","
		      "\"precision\":5,\"offset\":3}");
	t = mk_vstr();
	t->is_utf8 = true;
	check_json(t, "{\"class\":\"string\",\"size\":\"variable\","
		      "\"padding\":\"nullterm\",\"charset\":\"UTF-8\"}");
	check_json(mk_opaque(3, "a\"b"),
		   "{\"class\":\"opaque\",\"size\":3,\"tag\":\"a\\\"b\"}");
	t = mk_type(OQ_REGREF, 12);
	check_json(t, "{\"class\":\"reference\",\"size\":12,"
		      "\"to\":\"region\"}");

	e = mk_enum(mk_int(1, true, OQ_LE));
	add_symbol(e, "low\n", 255);
	t = mk_compound(40);
	t->is_committed = true;
	add_member(t, "e", 0, e);
	add_member(t, "v", 8, mk_vlen(mk_str(2, OQ_NULLPAD)));
	add_member(t, "a", 24, mk_array(mk_float(4, OQ_LE), 2, 2, 2));
	check_json(t,
		   "{\"class\":\"compound\",\"size\":40,\"members\":["
		   "{\"name\":\"e\",\"offset\":0,\"type\":{\"class\":\"enum\","
		   "\"size\":1,\"base\":{\"class\":\"integer\",\"size\":1,"
		   "\"order\":\"LE\",\"signed\":true,\"precision\":8},"
		   "\"symbols\":[{\"name\":\"low\\n\",\"value\":-1}]}},"
		   "{\"name\":\"v\",\"offset\":8,\"type\":{\"class\":"
		   "\"sequence\",\"size\":\"variable\",\"base\":{\"class\":"
		   "\"string\",\"size\":2,\"padding\":\"nullpad\",\"charset\":"
		   "\"ASCII\"}}},{\"name\":\"a\",\"offset\":24,\"type\":{"
		   "\"class\":\"array\",\"size\":16,\"dims\":[2,2],\"base\":{"
		   "\"class\":\"float\",\"size\":4,\"order\":\"LE\","
		   "\"precision\":32}}}],\"committed\":true}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("simple types have NumPy's names", test_simple),
		TEST("numbers with unused bits are void", test_odd),
		TEST("a bool is an enum of FALSE and TRUE", test_bool),
		TEST("complex is a compound of r and i", test_complex),
		TEST("a compound shows its gaps and is sorted by offset",
		     test_compound),
		TEST("a compound that NumPy cannot have is void",
		     test_unusable),
		TEST("an array has its shape", test_array),
		TEST("pointers and references are found at any depth",
		     test_parts),
		TEST("floats of a wide range are counted", test_wide),
		TEST("JSON says all there is of a type", test_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
