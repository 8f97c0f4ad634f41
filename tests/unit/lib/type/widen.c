/* SPDX-License-Identifier: MIT */
/* widen.c - what NumPy does not have is the next that it has, exactly */

#include "lib/type/widen.h"

#include <math.h>
#include <stdio.h>

#include "tests/unit/types.h"

/* 'type' is what 't' is widened to; both are freed. */
static void check_type(struct oq_dtype *t, const char *type)
{
	const struct oq_dtype *w = oq_widen_type(t);
	struct oq_buf b = { 0 };

	assert_non_null(w);
	oq_dtype_put_numpy(w, &b);
	ASSERT_TEXT(b, type);
	oq_buf_free(&b);
	oq_widen_free(w, t);
	oq_dtype_free(t);
}

static struct oq_dtype *mk_odd_int(size_t size, bool is_signed, unsigned off,
				   unsigned precision)
{
	struct oq_dtype *t = mk_int(size, is_signed, OQ_LE);

	t->bit_off = off;
	t->precision = precision;
	return t;
}

static struct oq_dtype *mk_bf16(enum oq_order order)
{
	return mk_float_of(2, order, 8, 7, 127);
}

static struct oq_dtype *mk_e4m3(void)
{
	return mk_float_of(1, OQ_LE, 4, 3, 7);
}

static void test_numbers(void **state)
{
	struct oq_dtype *vax = mk_float(2, OQ_VAX);

	(void)state;
	check_type(mk_bf16(OQ_LE), "<f4");
	check_type(mk_bf16(OQ_BE), ">f4");
	check_type(mk_e4m3(), "<f2");
	check_type(mk_float_of(1, OQ_LE, 5, 2, 15), "<f2");
	check_type(mk_float_of(2, OQ_LE, 5, 8, 15), "<f2"); /* 14 bits */
	check_type(mk_float_of(4, OQ_LE, 6, 13, 31), "<f4");
	check_type(mk_float_of(4, OQ_LE, 9, 22, 255), "<f8");
	/* its smallest are smaller than a float's */
	check_type(mk_float_of(4, OQ_LE, 8, 23, 129), "<f8");
	check_type(mk_float_of(16, OQ_LE, 5, 10, 15), "<f8");
	check_type(vax, "<f2");
	check_type(mk_odd_int(1, false, 2, 4), "|u1");
	check_type(mk_odd_int(4, true, 5, 12), "<i4");
	check_type(mk_int(3, false, OQ_BE), ">u4");
	check_type(mk_odd_int(5, true, 0, 40), "<i8");
	check_type(mk_odd_int(16, true, 60, 64), "<i8");
}

/* What NumPy has, and what it has nothing for. */
static void test_others(void **state)
{
	struct oq_dtype *same[] = {
		mk_float(2, OQ_LE),
		mk_float(8, OQ_BE),
		mk_int(4, true, OQ_LE),
		mk_x87(),
		mk_bool(),
		mk_complex(8, OQ_LE),
		mk_str(3, OQ_NULLPAD),
		mk_vlen(mk_bf16(OQ_LE)),
		mk_float(16, OQ_BE),
		mk_odd_int(16, true, 0, 65),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(*same); i++) {
		assert_ptr_equal(oq_widen_type(same[i]), same[i]);
		oq_dtype_free(same[i]);
	}
}

/* The members of a compound that has one are packed. */
static void test_trees(void **state)
{
	struct oq_dtype *t = mk_compound(20), *in = mk_compound(4);

	(void)state;
	add_member(in, "r", 0, mk_bf16(OQ_LE));
	add_member(in, "i", 2, mk_bf16(OQ_LE));
	add_member(t, "b", 8, mk_bool());
	add_member(t, "s", 1, mk_str(3, OQ_NULLPAD));
	add_member(t, "a", 10, mk_array(mk_e4m3(), 2, 2, 3));
	add_member(t, "z", 16, in);
	check_type(t, "[('b', '|b1'), ('s', '|S3'), ('a', '<f2', (2, 3)), "
		      "('z', '<c8')]");
	/* to NumPy this is bytes */
	t = mk_compound(2);
	add_member(t, "x", 0, mk_bf16(OQ_LE));
	add_member(t, "y", 0, mk_bf16(OQ_LE));
	check_type(t, "|V2");
	t = mk_compound(8);
	add_member(t, "a", 0, mk_int(4, true, OQ_LE));
	add_member(t, "b", 6, mk_str(2, OQ_NULLPAD));
	check_type(t, "[('a', '<i4'), ('', '|V2'), ('b', '|S2')]");
	t = mk_enum(mk_odd_int(4, false, 8, 20));
	check_type(t, "<u4");
	t = mk_type(OQ_MASKED, 3);
	t->base = mk_bf16(OQ_LE);
	check_type(t, "[('value', '<f4'), ('mask', '|b1')]");
}

/* What one element becomes, 'n' bytes of it; the type is freed. */
static void turn(struct oq_dtype *t, const void *elem, void *out, size_t n)
{
	const struct oq_dtype *w = oq_widen_type(t);

	assert_ptr_not_equal(w, t);
	assert_int_equal(w->size, n);
	oq_widen(t, w, elem, out);
	oq_widen_free(w, t);
	oq_dtype_free(t);
}

/* A bfloat16 is the upper half of a float. */
static void test_bfloat16(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 1 << 16; i++) {
		uint8_t le[2] = { (uint8_t)i, (uint8_t)(i >> 8) };
		uint32_t want = i << 16, got;
		float value, is;

		turn(mk_bf16(OQ_LE), le, &got, sizeof(got));
		memcpy(&value, &want, sizeof(value));
		memcpy(&is, &got, sizeof(is));
		if (isnan(value))
			assert_true(isnan(is));
		else
			assert_int_equal(got, want);
	}
}

/* A float of 16 bits in an order that machines do not have is itself. */
static void test_half(void **state)
{
	(void)state;
	for (uint32_t i = 0; i < 1 << 16; i++) {
		uint8_t le[2] = { (uint8_t)i, (uint8_t)(i >> 8) };
		uint16_t got;

		turn(mk_float(2, OQ_VAX), le, &got, sizeof(got));
		if ((i & 0x7fff) > 0x7c00)
			assert_true((got & 0x7fff) > 0x7c00);
		else
			assert_int_equal(got, i);
	}
}

static double half_value(unsigned bits)
{
	unsigned exp = bits >> 10, man = bits & 1023;

	return exp ? ldexp(man + 1024, (int)exp - 25) : ldexp(man, -24);
}

/* E4M3: no infinity, and all ones is the NaN. */
static void test_float8(void **state)
{
	(void)state;
	for (unsigned i = 0; i < 256; i++) {
		unsigned exp = i >> 3 & 15, man = i & 7;
		uint8_t elem = (uint8_t)i;
		uint16_t got;
		double v =
			ldexp(man + (exp ? 8 : 0), (exp ? (int)exp : 1) - 10);

		turn(mk_e4m3(), &elem, &got, sizeof(got));
		assert_int_equal(got >> 15, i >> 7);
		if ((i & 127) == 127)
			assert_true((got & 0x7fff) > 0x7c00);
		else
			assert_true(half_value(got & 0x7fff) == v);
	}
}

static void test_integers(void **state)
{
	int32_t got;
	uint8_t wide[8];

	(void)state;
	turn(mk_odd_int(4, true, 5, 12), "\xff\xff\x01\x00", &got, 4);
	assert_int_equal(got, -1);
	turn(mk_odd_int(4, true, 5, 12), "\x1f\xff\xff\xff", &got, 4);
	assert_int_equal(got, -8);
	turn(mk_int(5, true, OQ_BE), "\xff\x00\x00\x00\x02", wide, 8);
	assert_memory_equal(wide, "\xff\xff\xff\xff\x00\x00\x00\x02", 8);
}

static void test_elements(void **state)
{
	struct oq_dtype *t = mk_compound(9), *m = mk_type(OQ_MASKED, 3);
	uint8_t out[16];

	(void)state;
	add_member(t, "a", 5, mk_array(mk_bf16(OQ_BE), 1, 2, 0));
	add_member(t, "n", 1, mk_int(2, true, OQ_LE));
	turn(t, "x\x01\x02yz\x3f\x80\xc0\x00", out, 10);
	assert_memory_equal(out, "\x3f\x80\0\0\xc0\0\0\0\x01\x02", 10);
	m->base = mk_bf16(OQ_LE);
	turn(m, "\x80\x3f\x01", out, 5);
	assert_memory_equal(out, "\0\0\x80\x3f\x01", 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("numbers have the next type that holds them",
		     test_numbers),
		TEST("what NumPy has stays, and what none holds", test_others),
		TEST("a compound with one is packed", test_trees),
		TEST("each bfloat16 is the upper half of a float",
		     test_bfloat16),
		TEST("each half is itself", test_half),
		TEST("each E4M3 is what its standard says", test_float8),
		TEST("integers keep their sign", test_integers),
		TEST("members, arrays and masks are in their places",
		     test_elements),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
