/* SPDX-License-Identifier: MIT */
/* numtext.c - machine numbers as text: right, shortest, and as long as said */

#include "lib/text/numtext.h"

#include <float.h>
#include <math.h>
#include <stdio.h>

#include "tests/unit/types.h"

typedef void cells_fn(const uint64_t *v, size_t n, struct oq_cell *out);
typedef uint64_t lens_fn(const uint64_t *v, size_t n);

static const char *text_of(cells_fn *cells, lens_fn *lens, uint64_t v)
{
	static char text[OQ_NUMTEXT_MAX + 1];
	struct oq_cell cell[2];

	cells(&v, 1, cell);
	assert_int_equal(lens(&v, 1), cell[0].len);
	*oq_cell_put(text, cell) = '\0';
	return text;
}

static const char *f64(double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	return text_of(oq_f64_cells, oq_f64_lens, bits);
}

static const char *f32(float v)
{
	uint32_t bits;

	memcpy(&bits, &v, sizeof(bits));
	return text_of(oq_f32_cells, oq_f32_lens, bits);
}

static const char *f16(uint16_t bits)
{
	return text_of(oq_f16_cells, oq_f16_lens, bits);
}

static void test_repr(void **state)
{
	static const struct {
		double v;
		const char *text;
	} known[] = {
		{ 0.0, "0.0" },
		{ -0.0, "-0.0" },
		{ 1, "1.0" },
		{ -1.5, "-1.5" },
		{ 0.1, "0.1" },
		{ 0.1 + 0.2, "0.30000000000000004" },
		{ 0.0001, "0.0001" },
		{ 0.00012345678901234567, "0.00012345678901234567" },
		{ 0.00001, "1e-05" },
		{ 0.000015, "1.5e-05" },
		{ 1.5e-7, "1.5e-07" },
		{ 100, "100.0" },
		{ 1234567, "1234567.0" },
		{ 123456.789, "123456.789" },
		{ 9007199254740991, "9007199254740991.0" },
		{ 9007199254740992, "9007199254740992.0" },
		{ 999999999999999.9, "999999999999999.9" },
		{ 1234567890123456, "1234567890123456.0" },
		{ 1e15, "1000000000000000.0" },
		{ 1e16, "1e+16" },
		{ 12345678901234567.0, "1.2345678901234568e+16" },
		{ 1e22, "1e+22" },
		{ 1e23, "1e+23" },
		{ 9.5367431640625e-07, "9.5367431640625e-07" },
		{ 1e100, "1e+100" },
		{ -1.2345678901234567e-300, "-1.2345678901234568e-300" },
		{ DBL_MAX, "1.7976931348623157e+308" },
		{ DBL_MIN, "2.2250738585072014e-308" },
		{ 5e-324, "5e-324" },
		{ 1e-323, "1e-323" },
		{ 0x1p-44, "5.684341886080802e-14" },
		{ (double)INFINITY, "inf" },
		{ -(double)INFINITY, "-inf" },
		{ (double)NAN, "nan" },
		{ -(double)NAN, "nan" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(known); i++)
		assert_string_equal(f64(known[i].v), known[i].text);
}

static void test_narrow(void **state)
{
	(void)state;
	assert_string_equal(f32(0.1f), "0.1");
	assert_string_equal(f32(16777216), "16777216.0");
	assert_string_equal(f32(123456789.0f), "123456790.0");
	assert_string_equal(f32(1e16f), "1e+16");
	assert_string_equal(f32(-1.2345679e15f), "-1234568000000000.0");
	assert_string_equal(f32(FLT_MAX), "3.4028235e+38");
	assert_string_equal(f32(1e-45f), "1e-45");
	assert_string_equal(f32(1e-5f), "1e-05");
	assert_string_equal(f32(-0.0f), "-0.0");
	assert_string_equal(f32(-INFINITY), "-inf");
	assert_string_equal(f32(NAN), "nan");
	assert_string_equal(f16(0x2e66), "0.1");
	assert_string_equal(f16(0x7bff), "65500.0");
	assert_string_equal(f16(0x0001), "6e-08");
	assert_string_equal(f16(0x0400), "6.104e-05");
	assert_string_equal(f16(0x8000), "-0.0");
	assert_string_equal(f16(0xfc00), "-inf");
	assert_string_equal(f16(0xfe00), "nan");
}

/* Digits of a text, without zeros at either end. */
static int count_digits(const char *s)
{
	int n = 0, zeros = 0;

	for (; *s && *s != 'e'; s++) {
		if (*s < '0' || *s > '9' || (n == 0 && *s == '0'))
			continue;
		n++;
		zeros = *s == '0' ? zeros + 1 : 0;
	}
	return n - zeros;
}

static uint64_t next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

/* It reads back; with a digit less nothing does; with as many digits glibc's
 * exact rounding gives the same value. */
static void check_f64(double v)
{
	const char *text = f64(v);
	char other[64];
	int n = count_digits(text);

	assert_true(strtod(text, NULL) == v);
	snprintf(other, sizeof(other), "%.*e", n - 1, v);
	assert_true(strtod(other, NULL) == v);
	if (n > 1) {
		snprintf(other, sizeof(other), "%.*e", n - 2, v);
		assert_true(strtod(other, NULL) != v);
	}
}

static void check_f32(float v)
{
	const char *text = f32(v);
	char other[64];
	int n = count_digits(text);

	assert_true(strtof(text, NULL) == v);
	if (n > 1) {
		snprintf(other, sizeof(other), "%.*e", n - 2, (double)v);
		assert_true(strtof(other, NULL) != v);
	}
}

static void test_random(void **state)
{
	uint64_t x = 88172645463325252;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint64_t bits = next(&x);
		double v;

		memcpy(&v, &bits, sizeof(v));
		if (isfinite(v) && v != 0)
			check_f64(v);
		check_f64((double)(bits >> 11 | 1) * 0x1p-53);
		check_f64((double)(bits % 1000000 + 1) / 1000);
		check_f64((double)(bits >> 2));
	}
}

static void test_random_narrow(void **state)
{
	uint64_t x = 88172645463325252;

	(void)state;
	for (int i = 0; i < 20000; i++) {
		uint32_t bits = (uint32_t)(next(&x) >> 16);
		float v;

		memcpy(&v, &bits, sizeof(v));
		if (isfinite(v) && v != 0)
			check_f32(v);
		check_f32((float)(bits % 100000 + 1) / 100);
	}
}

static double half_value(uint16_t bits)
{
	int exp = bits >> 10 & 31;
	int man = bits & 1023;

	return exp ? ldexp(1024 + man, exp - 25) : ldexp(man, -24);
}

/* All of them: between the halfway points, and with a digit less outside. */
static void test_halves(void **state)
{
	(void)state;
	for (uint16_t bits = 1; bits < 0x7c00; bits++) {
		double v = half_value(bits);
		double low = (half_value((uint16_t)(bits - 1)) + v) / 2;
		double high = (v + half_value((uint16_t)(bits + 1))) / 2;
		const char *text = f16(bits);
		double got = strtod(text, NULL);
		int n = count_digits(text);
		char other[64];

		assert_true(bits & 1 ? low < got && got < high
				     : low <= got && got <= high);
		if (n < 2)
			continue;
		snprintf(other, sizeof(other), "%.*e", n - 2, v);
		got = strtod(other, NULL);
		assert_false(low < got && got < high);
	}
}

static void check_u64(uint64_t v)
{
	char text[OQ_NUMTEXT_MAX + 1], want[32];

	snprintf(want, sizeof(want), "%llu", (unsigned long long)v);
	assert_string_equal(text_of(oq_u64_cells, oq_u64_lens, v), want);
	text[oq_u64_text(text, v)] = '\0';
	assert_string_equal(text, want);
	assert_int_equal(oq_u64_len(v), strlen(want));

	snprintf(want, sizeof(want), "%lld", (long long)v);
	assert_string_equal(text_of(oq_i64_cells, oq_i64_lens, v), want);
	text[oq_i64_text(text, (int64_t)v)] = '\0';
	assert_string_equal(text, want);
}

static void test_integers(void **state)
{
	uint64_t x = 88172645463325252, ten = 1;

	(void)state;
	for (int i = 0; i < 20; i++, ten *= 10) {
		check_u64(ten - 1);
		check_u64(ten);
		check_u64(-ten);
	}
	for (int i = 0; i < 64; i++) {
		check_u64(1ull << i);
		check_u64((1ull << i) - 1);
	}
	check_u64(UINT64_MAX);
	for (int i = 0; i < 20000; i++) {
		uint64_t v = next(&x);

		check_u64(v >> (next(&x) & 63));
	}
}

/* Together they are what each is alone, whatever their number. */
static void check_many(cells_fn *cells, lens_fn *lens, const uint64_t *v,
		       size_t n)
{
	struct oq_cell got[201];
	uint64_t sum = 0;

	cells(v, n, got);
	for (size_t i = 0; i < n; i++) {
		char text[OQ_NUMTEXT_MAX + 1];

		*oq_cell_put(text, &got[i]) = '\0';
		assert_string_equal(text, text_of(cells, lens, v[i]));
		sum += got[i].len;
	}
	assert_int_equal(lens(v, n), sum);
}

static void test_many(void **state)
{
	uint64_t x = 88172645463325252, v[200];

	(void)state;
	for (size_t i = 0; i < COUNT(v); i++)
		v[i] = i % 7 ? next(&x) >> (next(&x) & 63) : 0;
	for (size_t n = 0; n <= COUNT(v); n++) {
		check_many(oq_f64_cells, oq_f64_lens, v, n);
		check_many(oq_f32_cells, oq_f32_lens, v, n);
		check_many(oq_f16_cells, oq_f16_lens, v, n);
		check_many(oq_u64_cells, oq_u64_lens, v, n);
		check_many(oq_i64_cells, oq_i64_lens, v, n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("doubles look as Python's repr has them", test_repr),
		TEST("f32 and f16 are shortest for their own width",
		     test_narrow),
		TEST("random doubles read back, and no shorter text does",
		     test_random),
		TEST("random f32 read back, and no shorter text does",
		     test_random_narrow),
		TEST("every f16 reads back, and no shorter text does",
		     test_halves),
		TEST("integers are as printf has them", test_integers),
		TEST("many at once are what each is alone", test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
