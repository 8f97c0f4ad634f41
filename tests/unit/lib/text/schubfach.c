/* SPDX-License-Identifier: MIT */
/* schubfach.c - shortest decimals are those of exact arithmetic
 *
 * oq_shortest(), the short ways to the same and oq_dragon4() share nothing but
 * their result.
 */

#include "lib/text/schubfach.h"

#include <math.h>
#include <stdio.h>

#include "lib/text/dragon4.h"
#include "lib/text/pow10.h"
#include "tests/unit/types.h"

/* The upper 128 bits of 'a', rounded up. */
static void top_128(struct oq_bignum *a, uint64_t *hi, uint64_t *lo)
{
	uint64_t bits = oq_bignum_bits(a);
	bool rest = false;
	struct oq_bignum one;

	if (bits < 128)
		oq_bignum_shift(a, 128 - bits);
	for (; bits > 128; bits -= bits - 128 < 31 ? bits - 128 : 31) {
		uint32_t by = 1u << (bits - 128 < 31 ? bits - 128 : 31);

		rest |= oq_bignum_div(a, by) != 0;
	}
	if (rest) {
		oq_bignum_set(&one, 1);
		oq_bignum_add(a, &one);
	}
	assert_int_equal(a->n, 4);
	*hi = (uint64_t)a->w[3] << 32 | a->w[2];
	*lo = (uint64_t)a->w[1] << 32 | a->w[0];
}

/* 10^k for k < 0 is 2^n / 10^-k; by long division, nine digits at a time. */
static void power(int k, uint64_t *hi, uint64_t *lo)
{
	struct oq_bignum a, one;
	bool rest = false;

	oq_bignum_set(&a, 1);
	if (k >= 0)
		oq_bignum_mul_pow10(&a, (unsigned)k);
	else
		oq_bignum_shift(&a, 1200);
	for (int left = -k; left > 0; left -= 9) {
		uint32_t by = 1;

		for (int i = 0; i < 9 && i < left; i++)
			by *= 10;
		rest |= oq_bignum_div(&a, by) != 0;
	}
	if (rest) {
		/* a sticky bit, below all that matters */
		oq_bignum_shift(&a, 1);
		oq_bignum_set(&one, 1);
		oq_bignum_add(&a, &one);
	}
	top_128(&a, hi, lo);
}

static void test_table(void **state)
{
	(void)state;
	assert_int_equal(COUNT(oq_pow10), 2 * 618);
	for (int k = OQ_POW10_MIN; k <= OQ_POW10_MAX; k++) {
		const uint64_t *p = &oq_pow10[2 * (k - OQ_POW10_MIN)];
		uint64_t hi, lo;

		power(k, &hi, &lo);
		assert_true(p[0] == hi && p[1] == lo);
	}
}

/* The short ways agree with oq_shortest(). */
static void compare_digits(const char *want, int exp, struct oq_digits got)
{
	char text[32];
	size_t n = strlen(want);

	snprintf(text, sizeof(text), "%016llu%u",
		 (unsigned long long)got.sixteen, got.last);
	assert_int_equal(strlen(text), 17);
	assert_memory_equal(text, want, n);
	assert_int_equal(strspn(text + n, "0"), 17 - n);
	assert_int_equal(got.exp, exp);
}

/* As an f64, and as an f32 if it is one. */
static void compare_floats(const char *want, int exp, uint64_t c, int q)
{
	struct oq_digits got;
	uint64_t bits;
	uint32_t narrow;
	double v = ldexp((double)c, q);
	float f = (float)v;

	if (c >> 52 || q == -1074) {
		memcpy(&bits, &v, sizeof(bits));
		oq_shortest_f64(&bits, 1, &got);
		compare_digits(want, exp, got);
	}
	if (q >= -149 && q <= 104 &&
	    (c >> 23 == 1 || (!(c >> 23) && q == -149))) {
		memcpy(&narrow, &f, sizeof(narrow));
		bits = narrow;
		oq_shortest_f32(&bits, 1, &got);
		compare_digits(want, exp, got);
	}
}

/* Both ways, as d.ddd * 10^exp without zeros at the end. */
static void compare(uint64_t c, int q, bool closer)
{
	char want[OQ_DRAGON_MAX_DIGITS + 1], got[32];
	struct oq_decimal d = oq_shortest(c, q, closer);
	struct oq_bignum a;
	int exp, n;

	oq_bignum_set(&a, c);
	want[oq_dragon4(&a, q, closer, want, &exp)] = '\0';
	assert_true(d.digits < 100000000000000000);
	while (d.digits % 10 == 0) {
		d.digits /= 10;
		d.exp10++;
	}
	n = snprintf(got, sizeof(got), "%llu", (unsigned long long)d.digits);
	if (strcmp(got, want) != 0 || d.exp10 + n - 1 != exp)
		fail_msg("%llu * 2^%d%s: %s e%d, not %s e%d",
			 (unsigned long long)c, q, closer ? " (closer)" : "",
			 got, d.exp10 + n - 1, want, exp);
	compare_floats(want, exp, c, q);
}

static uint64_t next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

static void test_random(void **state)
{
	uint64_t x = 88172645463325252;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		uint64_t c = next(&x) >> 11;
		int q = (int)(next(&x) % 2046) - 1074;

		compare(c | 1ull << 52, q, false);
		compare((c >> 29) | 1, q, false);
	}
}

static void test_powers_of_two(void **state)
{
	(void)state;
	for (int q = -1074; q <= 971; q++) {
		compare(1ull << 52, q, q > -1074);
		compare((1ull << 52) + 1, q, false);
		compare((1ull << 53) - 1, q, false);
		compare(1, q, false);
	}
}

/* Halfway between two decimals of 17 digits: integers beyond 2^53, and
 * fractions that end in a 5. */
static void test_ties(void **state)
{
	uint64_t x = 1;

	(void)state;
	for (int i = 0; i < 5000; i++) {
		uint64_t c = next(&x) >> 11 | 1ull << 52;

		compare(c, 1 + i % 8, false);
		compare(c, -1 - i % 12, false);
		compare(c & ~0xffffull, -40 + i % 16, false);
	}
}

static void test_narrow(void **state)
{
	(void)state;
	for (int q = -149; q <= 104; q++) {
		compare(1u << 23, q, q > -149);
		compare((1u << 23) + 1, q, false);
		compare((1u << 24) - 1, q, false);
	}
	for (uint64_t c = 1; c < 2000; c++) {
		compare(c, -1074, false);
		compare(c, -149, false);
		compare(c, -24, false);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("the table of powers of ten is right to the last bit",
		     test_table),
		TEST("random floats come out as by exact arithmetic",
		     test_random),
		TEST("so do powers of two and their neighbours",
		     test_powers_of_two),
		TEST("so do values halfway between decimals", test_ties),
		TEST("so do narrow and subnormal floats", test_narrow),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
