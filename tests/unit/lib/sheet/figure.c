/* SPDX-License-Identifier: MIT */
/* figure.c - numbers have printf's digits */

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/sheet/figure.h"

static const struct {
	enum oq_figure f;
	const char *format;
} figures[] = {
	{ OQ_FIGURE_E5, "%.5E" },     { OQ_FIGURE_E6, "%.6E" },
	{ OQ_FIGURE_SMALL7, "%.7e" }, { OQ_FIGURE_F5, "%.5f" },
	{ OQ_FIGURE_F6, "%.6f" },     { OQ_FIGURE_F7, "%.7f" },
};
#define NFIGURES (sizeof(figures) / sizeof(*figures))

static void check(double v)
{
	char got[OQ_FIGURE_MAX + 1], want[OQ_FIGURE_MAX + 1];

	for (size_t i = 0; i < NFIGURES; i++) {
		got[oq_figure_put(got, figures[i].f, v)] = '\0';
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		(void)snprintf(want, sizeof(want), figures[i].format, v);
#pragma GCC diagnostic pop
		assert_string_equal(got, want);
	}
}

static uint64_t next(uint64_t *x)
{
	*x ^= *x << 13;
	*x ^= *x >> 7;
	*x ^= *x << 17;
	return *x;
}

static void test_bits(void **ctx)
{
	uint64_t x = 88172645463325252;
	double d;
	float f;

	(void)ctx;
	for (int i = 0; i < 200000; i++) {
		uint64_t bits = next(&x);
		uint32_t half = (uint32_t)bits;

		memcpy(&d, &bits, sizeof(d));
		memcpy(&f, &half, sizeof(f));
		check(d);
		check((double)f);
	}
}

/* Where a digit more would be a five, exactly or nearly; where the number of
 * digits before the point changes. */
static void test_edges(void **ctx)
{
	(void)ctx;
	for (int e = -30; e <= 30; e++) {
		double p = pow(10, e);

		for (int k = -40; k <= 40; k++) {
			check(p + k * p * 0x1p-52);
			check(p * (1.0000005 + k * 1e-9));
			check(p * 9.9999995 + k * p * 1e-10);
			check(p * 9.9999999);
		}
	}
	for (int i = 0; i < 100000; i++)
		check(i / 128.0 + 0.5);
	check(0.0);
	check(-0.0);
	check(-1e-9);
	check(5e-324);
	check(1.7976931348623157e308);
	check((double)INFINITY);
	check(-(double)INFINITY);
	check((double)NAN);
}

static void cell(enum oq_figure f, bool frame, double v, const char *want)
{
	char got[OQ_FIGURE_MAX + 1];

	got[oq_figure_put_cell(got, f, frame, v)] = '\0';
	assert_string_equal(got, want);
}

static void test_cells(void **ctx)
{
	(void)ctx;
	cell(OQ_FIGURE_E6, false, -0.0, "0.000000E+00");
	cell(OQ_FIGURE_E5, true, -0.0, "-0.00000E+00");
	cell(OQ_FIGURE_SMALL7, false, -0.0, "-0.0000000e+00");
	cell(OQ_FIGURE_F5, false, -0.0, "-0.00000");
	cell(OQ_FIGURE_E6, false, -(double)NAN, "NAN");
	cell(OQ_FIGURE_E5, true, (double)NAN, "nan");
	cell(OQ_FIGURE_E5, true, -(double)INFINITY, "-INF");
	cell(OQ_FIGURE_REPR, false, 1e16, "1e+16");
	cell(OQ_FIGURE_REPR32, false, (double)0.1F, "0.1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "any bits", test_bits, NULL, NULL, NULL },
		{ "where rounding is close", test_edges, NULL, NULL, NULL },
		{ "what the writers make of zero and NaN", test_cells, NULL,
		  NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
