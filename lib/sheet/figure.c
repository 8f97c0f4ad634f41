/* SPDX-License-Identifier: MIT */
/* figure.c - a number as the engine's exporters print it
 *
 * d.ddd * 10^e is found by scaling in the widest float of the machine.  That
 * has some ulps of error, so where the digits after the last one are too close
 * to one half to tell, printf is asked.
 */

#include "lib/sheet/figure.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "lib/text/numtext.h"

struct style {
	const char *format;
	unsigned digits; /* after the point */
	char mark;	 /* of the exponent; 0: none */
};

static const struct style styles[] = {
	[OQ_FIGURE_E5] = { "%.5E", 5, 'E' },
	[OQ_FIGURE_E6] = { "%.6E", 6, 'E' },
	[OQ_FIGURE_SMALL7] = { "%.7e", 7, 'e' },
	[OQ_FIGURE_F5] = { "%.5f", 5, 0 },
	[OQ_FIGURE_F7] = { "%.7f", 7, 0 },
	[OQ_FIGURE_F6] = { "%.6f", 6, 0 },
};

/* What a scaled value may be off by, far more than it is: 64 bits of mantissa
 * (or more), fewer than 2^27 before the point, two roundings. */
#define DOUBT 0x1p-30L
_Static_assert(LDBL_MANT_DIG >= 64, "a double is not wide enough to scale one");

static const long double powers[] = {
	1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,	 1e7L,	1e8L,  1e9L,
	1e10L, 1e11L, 1e12L, 1e13L, 1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L,
	1e20L, 1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L,
};
#define MOST_POWERS ((int)(sizeof(powers) / sizeof(*powers)))

/* The nearest integer to 'v' >= 0; false where that is in doubt. */
static bool round_surely(long double v, uint64_t *n)
{
	uint64_t whole = (uint64_t)v;
	long double rest = v - (long double)whole;

	if (fabsl(rest - 0.5L) < DOUBT)
		return false;
	*n = whole + (rest > 0.5L);
	return true;
}

static char *put_digits(char *to, uint64_t n, unsigned digits)
{
	for (unsigned i = digits; i-- > 0; n /= 10)
		to[i] = (char)('0' + n % 10);
	return to + digits;
}

/* v = n / 10^digits * 10^exp with one digit before the point. */
static bool find_digits(double v, unsigned digits, uint64_t *n, int *exp)
{
	uint64_t limit = (uint64_t)powers[digits];
	int bits, k;
	long double scaled;

	(void)frexp(v, &bits);
	/* log10(2), from below: it is this or one more. */
	k = (int)floor((bits - 1) * 0.30102999566398119);
	for (;; k++) {
		int up = (int)digits - k;

		if (up >= MOST_POWERS || -up >= MOST_POWERS)
			return false;
		scaled = up >= 0 ? (long double)v * powers[up]
				 : (long double)v / powers[-up];
		if (!round_surely(scaled, n))
			return false;
		if (*n < 10 * limit)
			break;
	}
	*exp = k;
	/* Just below a power of ten the digit before may be in doubt. */
	return *n > limit || scaled >= (long double)limit;
}

static size_t put_scientific(char *out, const struct style *s, double v)
{
	char *to = out;
	uint64_t n = 0;
	int exp = 0;

	if (v != 0 && !find_digits(fabs(v), s->digits, &n, &exp))
		return 0;
	if (signbit(v))
		*to++ = '-';
	(void)put_digits(to + 1, n, s->digits + 1);
	to[0] = to[1];
	to[1] = '.';
	to += s->digits + 2;
	*to++ = s->mark;
	*to++ = exp < 0 ? '-' : '+';
	/* The powers above make it two digits. */
	to = put_digits(to, (uint64_t)(exp < 0 ? -exp : exp), 2);
	return (size_t)(to - out);
}

static size_t put_fixed(char *out, const struct style *s, double v)
{
	uint64_t unit = (uint64_t)powers[s->digits], n, whole;
	char *to = out;

	/* As many digits before the point as leave it without doubt. */
	if (fabs(v) >= 1e8 / powers[s->digits - 1] ||
	    !round_surely(fabsl((long double)v) * powers[s->digits], &n))
		return 0;
	if (signbit(v))
		*to++ = '-';
	whole = n / unit;
	to += oq_u64_text(to, whole);
	*to++ = '.';
	to = put_digits(to, n % unit, s->digits);
	return (size_t)(to - out);
}

/* Singles have a shorter text than the double of the same value. */
static size_t put_repr(char *out, bool single, double v)
{
	struct oq_cell cells[2];
	float f = (float)v;
	uint64_t bits = 0;
	uint32_t half;

	if (!single)
		return oq_f64_text(out, v);
	memcpy(&half, &f, sizeof(half));
	bits = half;
	oq_f32_cells(&bits, 1, cells);
	return (size_t)(oq_cell_put(out, cells) - out);
}

size_t oq_figure_put(char *out, enum oq_figure f, double v)
{
	const struct style *s;
	size_t n = 0;

	if (f == OQ_FIGURE_REPR || f == OQ_FIGURE_REPR32)
		return put_repr(out, f == OQ_FIGURE_REPR32, v);
	s = &styles[f];
	if (isfinite(v))
		n = s->mark ? put_scientific(out, s, v) : put_fixed(out, s, v);
	if (n)
		return n;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	n = (size_t)snprintf(out, OQ_FIGURE_MAX, s->format, v);
#pragma GCC diagnostic pop
	return n;
}

static size_t put_word(char *out, const char *word)
{
	size_t n = strlen(word);

	memcpy(out, word, n);
	return n;
}

size_t oq_figure_put_cell(char *out, enum oq_figure f, bool frame, double v)
{
	if (frame && isnan(v))
		return put_word(out, "nan");
	if (isnan(v))
		v = fabs(v);
	if (!frame && v == 0 && f != OQ_FIGURE_SMALL7 && f != OQ_FIGURE_F5)
		v = 0;
	return oq_figure_put(out, f, v);
}
