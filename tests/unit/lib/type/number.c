/* SPDX-License-Identifier: MIT */
/* number.c - numbers that no machine reads are exact and shortest, too */

#include "lib/type/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/type/oddnum.h"
#include "tests/unit/types.h"

/* What fits the machine's numbers is the number that is shown. */
static void check_value(const struct oq_dtype *t, const uint8_t *bytes,
			const char *want)
{
	double shown, got;

	if (t->cls != OQ_FLOAT) {
		if (oq_odd_int_fits(t))
			assert_int_equal(oq_odd_int_get(t, bytes),
					 *want == '-'
						 ? (uint64_t)atoll(want)
						 : strtoull(want, NULL, 10));
		return;
	}
	if (!oq_odd_float_fits(t, 8))
		return;
	shown = strtod(want, NULL);
	got = oq_odd_float_get(t, bytes);
	assert_int_equal(isnan(got), isnan(shown));
	assert_int_equal(isinf(got), isinf(shown));
	assert_int_equal(signbit(got) != 0 && !isnan(got), *want == '-');
	/* As near as the text has to be. */
	if (isfinite(got))
		assert_true(fabs(got - shown) <=
			    fabs(got) * (ldexp(1, -(int)t->man_bits) + 1e-15) +
				    ldexp(1, 1 - (int)t->exp_bias -
						     (int)t->man_bits));
}

/* One number, 'hex' its bytes as they lie in the file; the type is freed. */
static void check(struct oq_dtype *t, const char *hex, const char *want)
{
	struct oq_buf b = { 0 };
	uint8_t bytes[64];

	assert_int_equal(strlen(hex), 2 * t->size);
	for (size_t i = 0; i < t->size; i++) {
		unsigned v;

		assert_int_equal(sscanf(hex + 2 * i, "%2x", &v), 1);
		bytes[i] = (uint8_t)v;
	}
	if (t->cls == OQ_FLOAT)
		oq_float_put(t, bytes, &b);
	else
		oq_int_put(t, bytes, &b);
	assert_true(b.len <= oq_number_max(t));
	ASSERT_TEXT(b, want);
	check_value(t, bytes, want);
	oq_buf_free(&b);
	oq_dtype_free(t);
}

static struct oq_dtype *odd_int(size_t size, unsigned off, unsigned prec,
				bool is_signed, enum oq_order order)
{
	struct oq_dtype *t = mk_int(size, is_signed, order);

	t->bit_off = off;
	t->precision = prec;
	return t;
}

static struct oq_dtype *brain_float(void)
{
	struct oq_dtype *t = mk_float(2, OQ_LE);

	t->exp_pos = t->man_bits = 7;
	t->exp_bits = 8;
	t->exp_bias = 127;
	return t;
}

/* Not the double that is nearest to the text, but the number itself. */
static void test_doubles(void **state)
{
	const uint8_t tenth[] = { 0xcd, 0x3d }, least[] = { 1, 0 };
	struct oq_dtype *t = brain_float();

	(void)state;
	assert_true(oq_odd_float_fits(t, 8));
	assert_true(oq_odd_float_get(t, tenth) == 0.10009765625);
	assert_true(oq_odd_float_get(t, least) == ldexp(1, -133));
	t->norm = OQ_NORM_NONE;
	assert_true(oq_odd_float_fits(t, 8));
	t->norm = OQ_NORM_IMPLIED;
	t->exp_bias = 32768;
	assert_false(oq_odd_float_fits(t, 8));
	oq_dtype_free(t);
	t = mk_float(8, OQ_LE);
	assert_true(oq_odd_float_fits(t, 8));
	t->man_bits = 53;
	assert_false(oq_odd_float_fits(t, 8));
	oq_dtype_free(t);
	t = odd_int(16, 0, 65, false, OQ_LE);
	assert_false(oq_odd_int_fits(t));
	oq_dtype_free(t);
}

static void test_plain(void **state)
{
	(void)state;
	check(mk_int(1, false, OQ_LE), "ff", "255");
	check(mk_int(1, true, OQ_BE), "80", "-128");
	check(mk_int(2, true, OQ_LE), "0080", "-32768");
	check(mk_int(2, false, OQ_BE), "0100", "256");
	check(mk_int(4, true, OQ_BE), "fffffffe", "-2");
	check(mk_int(4, false, OQ_LE), "ffffffff", "4294967295");
	check(mk_int(8, true, OQ_LE), "0000000000000080",
	      "-9223372036854775808");
	check(mk_int(8, false, OQ_BE), "ffffffffffffffff",
	      "18446744073709551615");
	check(mk_float(2, OQ_BE), "3e00", "1.5");
	check(mk_float(4, OQ_BE), "3dcccccd", "0.1");
	check(mk_float(8, OQ_LE), "9a9999999999b93f", "0.1");
}

static void test_odd_ints(void **state)
{
	struct oq_dtype *t;

	(void)state;
	check(odd_int(3, 0, 24, true, OQ_LE), "ffffff", "-1");
	check(odd_int(3, 0, 24, false, OQ_BE), "010000", "65536");
	/* bits 4 to 9 of each: 0x3f */
	check(odd_int(2, 4, 6, true, OQ_LE), "f003", "-1");
	check(odd_int(2, 4, 6, false, OQ_LE), "f003", "63");
	check(odd_int(2, 4, 6, false, OQ_BE), "0fff", "63");
	check(odd_int(4, 31, 1, false, OQ_LE), "00000080", "1");
	check(odd_int(1, 0, 1, true, OQ_LE), "01", "-1");
	check(odd_int(8, 0, 63, true, OQ_LE), "ffffffffffffff3f",
	      "4611686018427387903");
	/* signed or not, a time is and a bitfield is not */
	t = mk_int(4, false, OQ_LE);
	t->cls = OQ_TIME;
	check(t, "ffffffff", "-1");
	t = mk_int(4, true, OQ_BE);
	t->cls = OQ_BITFIELD;
	check(t, "ffffffff", "4294967295");
}

static void test_wide_ints(void **state)
{
	(void)state;
	check(odd_int(16, 0, 128, false, OQ_LE),
	      "ffffffffffffffffffffffffffffffff",
	      "340282366920938463463374607431768211455");
	check(odd_int(16, 0, 128, true, OQ_BE),
	      "80000000000000000000000000000000",
	      "-170141183460469231731687303715884105728");
	check(odd_int(16, 0, 128, true, OQ_LE),
	      "ffffffffffffffffffffffffffffffff", "-1");
	check(odd_int(16, 0, 128, true, OQ_LE),
	      "00000000000000000000000000000000", "0");
	check(odd_int(9, 4, 65, false, OQ_LE), "0000000000000000f0",
	      "18446744073709551616");
}

static void test_huge_int(void **state)
{
	struct oq_dtype *t = mk_int(1000, true, OQ_LE);
	struct oq_buf b = { 0 };
	uint8_t *bytes = zeroed(1000);

	(void)state;
	bytes[999] = 0x80; /* -(2^7999): 2,408 digits */
	oq_int_put(t, bytes, &b);
	assert_int_equal(b.len, 2409);
	assert_memory_equal(b.data, "-868", 4);
	assert_memory_equal(b.data + 2401, "17394688", 8);
	assert_true(b.len <= oq_number_max(t));
	b.len = 0;

	/* Beyond all bounds: the bits as they are. */
	oq_dtype_free(t);
	t = mk_int(1000, true, OQ_LE);
	t->precision = 70000;
	oq_int_put(t, bytes, &b);
	assert_int_equal(b.len, 2002);
	assert_memory_equal(b.data, "0x800", 5);
	oq_buf_free(&b);
	oq_dtype_free(t);
	free(bytes);
}

static void test_quad(void **state)
{
	(void)state;
	check(mk_float(16, OQ_BE), "3fff0000000000000000000000000000", "1.0");
	check(mk_float(16, OQ_BE), "3ffb999999999999999999999999999a", "0.1");
	check(mk_float(16, OQ_LE), "9a99999999999999999999999999fb3f", "0.1");
	check(mk_float(16, OQ_BE), "7ffeffffffffffffffffffffffffffff",
	      "1.189731495357231765085759326628007e+4932");
	check(mk_float(16, OQ_BE), "00010000000000000000000000000000",
	      "3.3621031431120935062626778173217526e-4932");
	check(mk_float(16, OQ_BE), "80000000000000000000000000000001",
	      "-6e-4966");
	check(mk_float(16, OQ_BE), "7fff0000000000000000000000000000", "inf");
	check(mk_float(16, OQ_BE), "ffff8000000000000000000000000000", "nan");
	check(mk_float(16, OQ_BE), "80000000000000000000000000000000", "-0.0");
}

static void test_x87(void **state)
{
	(void)state;
	check(mk_x87(), "0000000000000080ff3f000000000000", "1.0");
	check(mk_x87(), "cdccccccccccccccfb3f000000000000", "0.1");
	check(mk_x87(), "00000000000000c000c0000000000000", "-3.0");
	check(mk_x87(), "0000000000000080ff7f000000000000", "inf");
	check(mk_x87(), "00000000000000c0ff7f000000000000", "nan");
	check(mk_x87(), "01000000000000000000000000000000", "4e-4951");
	check(mk_x87(), "ffffffffffffffffFE7f000000000000",
	      "1.189731495357231765e+4932");
}

#ifdef __x86_64__
/* The machine's own long double is the judge. */
static void test_x87_machine(void **state)
{
	struct oq_dtype *t = mk_x87();
	struct oq_buf b = { 0 };
	uint64_t x = 88172645463325252;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		long double v = 0, back;
		uint64_t man;
		uint16_t exp;

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		man = x | 1ull << 63;
		exp = (uint16_t)(i % 2 ? x % 32767 : 16383 - 40 + x % 80);
		memcpy(&v, &man, 8);
		memcpy((char *)&v + 8, &exp, 2);
		b.len = 0;
		oq_float_put(t, (const uint8_t *)&v, &b);
		oq_buf_putc(&b, '\0');
		back = strtold(b.data, NULL);
		assert_memory_equal(&back, &v, 10);
	}
	oq_buf_free(&b);
	oq_dtype_free(t);
}
#endif

static void test_odd_floats(void **state)
{
	struct oq_dtype *t;

	(void)state;
	/* VAX F: 1.0, -2.5 and 0.1, words swapped, bias 129 */
	check(mk_float_of(4, OQ_VAX, 8, 23, 129), "80400000", "1.0");
	check(mk_float_of(4, OQ_VAX, 8, 23, 129), "20c10000", "-2.5");
	check(mk_float_of(4, OQ_VAX, 8, 23, 129), "cc3ecdcc", "0.1");
	/* VAX D has 55 bits of mantissa, more than a double */
	check(mk_float_of(8, OQ_VAX, 8, 55, 129), "8040000000000000", "1.0");
	check(mk_float_of(8, OQ_VAX, 8, 55, 129), "cc3ecccccccccdcc", "0.1");
	/* 20 bits in four bytes: sign 26, exponent 20, mantissa 7 */
	t = mk_float_of(4, OQ_LE, 6, 13, 31);
	t->precision = 20;
	t->bit_off = 7;
	t->sign_pos = 26;
	t->exp_pos = 20;
	t->man_pos = 7;
	check(t, "0000f001", "1.0");
	/* the most significant bit of the mantissa is there */
	t = mk_float_of(4, OQ_BE, 8, 23, 127);
	t->norm = OQ_NORM_MSBSET;
	check(t, "3fc00000", "1.0");
	t = mk_float_of(4, OQ_BE, 8, 23, 127);
	t->norm = OQ_NORM_NONE;
	check(t, "3fa00000", "0.5");
	/* bfloat16 */
	check(mk_float_of(2, OQ_LE, 8, 7, 127), "cd3d", "0.1");
	check(mk_float_of(2, OQ_LE, 8, 7, 127), "807f", "inf");
	/* no exponent at all: a fixed point */
	t = mk_float_of(2, OQ_BE, 0, 15, 0);
	check(t, "0001", "6e-05");
	/* beyond reason */
	check(mk_float_of(8, OQ_BE, 31, 32, 5), "0123456789abcdef",
	      "0x0123456789abcdef");
}

/* The slow way and the fast one agree on doubles. */
/* Those that HDF5 2.x names, by their standards: E5M2 is as IEEE's are, E4M3
 * has one NaN and no infinity, the others have neither. */
static void test_small_floats(void **state)
{
	(void)state;
	check(mk_float_of(1, OQ_LE, 5, 2, 15), "7b", "60000.0");
	check(mk_float_of(1, OQ_LE, 5, 2, 15), "7c", "inf");
	check(mk_float_of(1, OQ_LE, 5, 2, 15), "7d", "nan");
	check(mk_float_of(1, OQ_LE, 4, 3, 7), "38", "1.0");
	check(mk_float_of(1, OQ_LE, 4, 3, 7), "77", "240.0");
	check(mk_float_of(1, OQ_LE, 4, 3, 7), "78", "260.0");
	check(mk_float_of(1, OQ_LE, 4, 3, 7), "fe", "-450.0");
	check(mk_float_of(1, OQ_LE, 4, 3, 7), "7f", "nan");
	check(mk_float_of(1, OQ_LE, 3, 2, 3), "1f", "28.0");
	check(mk_float_of(1, OQ_LE, 2, 3, 1), "1f", "7.5");
	check(mk_float_of(1, OQ_LE, 2, 1, 1), "0f", "-6.0");
	/* one of these fields in a wider element is somebody else's */
	check(mk_float_of(2, OQ_LE, 4, 3, 7), "7800", "inf");
}

static void test_agree(void **state)
{
	struct oq_dtype *odd = mk_float_of(9, OQ_LE, 11, 52, 1023);
	struct oq_dtype *plain = mk_float(8, OQ_LE);
	struct oq_buf a = { 0 }, b = { 0 };
	uint64_t x = 88172645463325252;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		uint8_t bytes[9] = { 0 };

		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		memcpy(bytes, &x, 8);
		a.len = b.len = 0;
		oq_float_put(odd, bytes, &a);
		oq_float_put(plain, bytes, &b);
		assert_int_equal(a.len, b.len);
		assert_memory_equal(a.data, b.data, a.len);
		assert_true(a.len <= oq_number_max(odd));
		assert_true(b.len <= oq_number_max(plain));
	}
	oq_buf_free(&a);
	oq_buf_free(&b);
	oq_dtype_free(odd);
	oq_dtype_free(plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("plain numbers of either order are read", test_plain),
		TEST("integers of odd widths and places are exact",
		     test_odd_ints),
		TEST("integers of more than 64 bits are exact", test_wide_ints),
		TEST("so is one of a thousand bytes", test_huge_int),
		TEST("quadruple floats are shortest", test_quad),
		TEST("x87 floats are shortest", test_x87),
#ifdef __x86_64__
		TEST("the machine reads x87 floats back", test_x87_machine),
#endif
		TEST("VAX, 20-bit and other odd floats are shortest",
		     test_odd_floats),
		TEST("8, 6 and 4 bits: no infinity where there is none",
		     test_small_floats),
		TEST("what a double holds is that very number", test_doubles),
		TEST("the slow way and the fast one agree on doubles",
		     test_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
