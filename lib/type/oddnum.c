/* SPDX-License-Identifier: MIT */
/* oddnum.c - integers and floats in formats that no machine reads */

#include "lib/type/oddnum.h"

#include <math.h>
#include <string.h>

#include "lib/text/bignum.h"
#include "lib/text/dragon4.h"
#include "lib/text/numtext.h"
#include "lib/text/schubfach.h"

#define MAX_INT_BITS   65535
#define MAX_FLOAT_SIZE 1024
#define MAX_EXP_BITS   15
#define MAX_MAN_BITS   1024
#define MAX_EXP_BIAS   32768 /* leaves q within dragon4.h's limits */

bool oq_number_is_signed(const struct oq_dtype *t)
{
	return t->cls == OQ_TIME || (t->cls == OQ_INT && t->is_signed);
}

/* Byte 'i' of the element, the least significant being number 0. */
static uint8_t byte_at(const struct oq_dtype *t, const uint8_t *elem, size_t i)
{
	if (i >= t->size)
		return 0;
	switch (t->order) {
	case OQ_LE:
		break;
	case OQ_BE:
		return elem[t->size - 1 - i];
	case OQ_VAX:
		/* 16-bit little-endian words, the most significant first */
		if (t->size % 2 == 0)
			return elem[t->size - 2 - i / 2 * 2 + i % 2];
		break;
	}
	return elem[i];
}

static bool bit_at(const struct oq_dtype *t, const uint8_t *elem, size_t i)
{
	return byte_at(t, elem, i / 8) >> i % 8 & 1;
}

/* Bits [first, first + n) as bytes, least significant first. */
static void get_bytes(const struct oq_dtype *t, const uint8_t *elem,
		      size_t first, size_t n, uint8_t *out)
{
	size_t nbytes = (n + 7) / 8;
	unsigned shift = first % 8;

	for (size_t i = 0; i < nbytes; i++) {
		unsigned v = byte_at(t, elem, first / 8 + i) |
			     (unsigned)byte_at(t, elem, first / 8 + i + 1) << 8;

		out[i] = (uint8_t)(v >> shift);
	}
	if (n % 8)
		out[nbytes - 1] &= (uint8_t)((1u << n % 8) - 1);
}

/* The same as a number, for n <= 64. */
static uint64_t get_bits(const struct oq_dtype *t, const uint8_t *elem,
			 size_t first, size_t n)
{
	uint8_t bytes[8] = { 0 };
	uint64_t v = 0;

	get_bytes(t, elem, first, n, bytes);
	for (size_t i = 0; i < 8; i++)
		v |= (uint64_t)bytes[i] << (8 * i);
	return v;
}

/* The whole element as 0x and its bytes, the most significant first. */
static void put_raw(const struct oq_dtype *t, const uint8_t *elem,
		    struct oq_buf *out)
{
	static const char hex[] = "0123456789abcdef";

	oq_buf_puts(out, "0x");
	for (size_t i = t->size; i-- > 0;) {
		uint8_t b = byte_at(t, elem, i);

		oq_buf_putc(out, hex[b >> 4]);
		oq_buf_putc(out, hex[b & 15]);
	}
}

/* Integers */

bool oq_odd_int_fits(const struct oq_dtype *t)
{
	return t->precision > 0 && t->precision <= 64;
}

uint64_t oq_odd_int_get(const struct oq_dtype *t, const uint8_t *elem)
{
	uint64_t v = get_bits(t, elem, t->bit_off, t->precision);
	uint64_t sign = 1ull << (t->precision - 1);

	return oq_number_is_signed(t) ? (v ^ sign) - sign : v;
}

static void put_narrow_int(const struct oq_dtype *t, const uint8_t *elem,
			   struct oq_buf *out)
{
	uint64_t v = oq_odd_int_get(t, elem);
	char *to = oq_buf_room(out, OQ_NUMTEXT_MAX);

	if (!to)
		return;
	if (oq_number_is_signed(t))
		out->len += oq_i64_text(to, (int64_t)v);
	else
		out->len += oq_u64_text(to, v);
}

/* 'a' is used up. */
static void put_nat(struct oq_bignum *a, struct oq_buf *out)
{
	char digits[MAX_INT_BITS * 31 / 100 + 20]; /* log10(2) < 0.31 */
	size_t at = sizeof(digits);

	do {
		uint32_t nine = oq_bignum_div(a, 1000000000);

		for (int i = 0; i < 9; i++) {
			digits[--at] = (char)('0' + nine % 10);
			nine /= 10;
		}
	} while (a->n > 0);
	while (at < sizeof(digits) - 1 && digits[at] == '0')
		at++;
	oq_buf_put(out, digits + at, sizeof(digits) - at);
}

static void put_wide_int(const struct oq_dtype *t, const uint8_t *elem,
			 struct oq_buf *out)
{
	uint8_t bytes[MAX_INT_BITS / 8 + 1] = { 0 };
	size_t n = t->precision;
	struct oq_bignum a, all;

	get_bytes(t, elem, t->bit_off, n, bytes);
	oq_bignum_set_bytes(&a, bytes, (n + 7) / 8);
	if (oq_number_is_signed(t) && bytes[(n - 1) / 8] >> (n - 1) % 8 & 1) {
		oq_bignum_set(&all, 1);
		oq_bignum_shift(&all, n);
		oq_bignum_sub(&all, &a);
		oq_bignum_copy(&a, &all);
		oq_buf_putc(out, '-');
	}
	put_nat(&a, out);
}

void oq_odd_int_put(const struct oq_dtype *t, const uint8_t *elem,
		    struct oq_buf *out)
{
	if (t->precision == 0 || t->precision > MAX_INT_BITS)
		put_raw(t, elem, out);
	else if (t->precision <= 64)
		put_narrow_int(t, elem, out);
	else
		put_wide_int(t, elem, out);
}

/* Floats */

static bool float_is_reasonable(const struct oq_dtype *t)
{
	return t->size <= MAX_FLOAT_SIZE && t->exp_bits <= MAX_EXP_BITS &&
	       t->man_bits > 0 && t->man_bits <= MAX_MAN_BITS &&
	       t->exp_bias <= MAX_EXP_BIAS;
}

/* How Python's repr() lays out the digits of d.ddd * 10^exp. */
static void put_repr(const char *digits, size_t n, int exp, struct oq_buf *out)
{
	size_t whole = exp >= 0 && exp < 16 ? (size_t)exp + 1 : 0;

	while (n > 1 && digits[n - 1] == '0')
		n--;
	if (whole > 0) {
		for (size_t i = 0; i < whole; i++)
			oq_buf_putc(out, i < n ? digits[i] : '0');
		oq_buf_putc(out, '.');
		if (n > whole)
			oq_buf_put(out, digits + whole, n - whole);
		else
			oq_buf_putc(out, '0');
	} else if (exp < 0 && exp >= -4) {
		oq_buf_put(out, "0.000", (size_t)(1 - exp));
		oq_buf_put(out, digits, n);
	} else {
		oq_buf_putc(out, digits[0]);
		if (n > 1) {
			oq_buf_putc(out, '.');
			oq_buf_put(out, digits + 1, n - 1);
		}
		oq_buf_printf(out, "e%+03d", exp);
	}
}

/* A float whose mantissa and exponent fit a double, as most do. */
static void put_short_float(uint64_t c, int q, bool closer, struct oq_buf *out)
{
	struct oq_decimal d = oq_shortest(c, q, closer);
	char digits[OQ_NUMTEXT_MAX];
	size_t n = oq_u64_text(digits, d.digits);

	put_repr(digits, n, d.exp10 + (int)n - 1, out);
}

static void put_long_float(const struct oq_bignum *c, int q, bool closer,
			   struct oq_buf *out)
{
	char digits[OQ_DRAGON_MAX_DIGITS];
	int exp;
	size_t n = oq_dragon4(c, q, closer, digits, &exp);

	put_repr(digits, n, exp, out);
}

/* The exponent without its bias.  A stored exponent of 0 counts as 1 in formats
 * of IEEE (subnormals have the exponent of the smallest normal number), and in
 * x87 although its leading bit is explicit; HDF5 does not do so for other
 * formats with an explicit leading bit. */
static int unbiased(const struct oq_dtype *t, uint64_t exp)
{
	bool x87 = t->norm != OQ_NORM_IMPLIED && t->man_bits == 64 &&
		   t->exp_bits == 15;

	if (exp == 0 && (x87 || t->norm == OQ_NORM_IMPLIED))
		exp = 1;
	return (int)((int64_t)exp - (int64_t)t->exp_bias);
}

/* Whether the mantissa is zero but for an explicit leading bit. */
static bool fraction_is_zero(const struct oq_dtype *t,
			     const struct oq_bignum *man)
{
	uint64_t bits = oq_bignum_bits(man);

	if (bits == 0)
		return true;
	if (t->norm == OQ_NORM_IMPLIED || bits < t->man_bits)
		return false;
	for (unsigned i = 0; i + 1 < man->n; i++)
		if (man->w[i] != 0)
			return false;
	return (man->w[man->n - 1] & (man->w[man->n - 1] - 1)) == 0;
}

/* The small floats of the Open Compute Project, which HDF5 2.x names: E4M3,
 * E3M2, E2M3 and E2M1.  They have no infinity, and of them E4M3 alone has a
 * NaN, all ones.  (libhdf5 itself converts them as if they were like IEEE's,
 * and says that it should not.) */
static bool is_all_finite(const struct oq_dtype *t)
{
	unsigned e = t->exp_bits, m = t->man_bits;

	return t->size == 1 && t->bit_off == 0 && t->man_pos == 0 &&
	       t->exp_pos == m && t->sign_pos == m + e &&
	       t->norm == OQ_NORM_IMPLIED && e >= 2 && e <= 4 &&
	       t->exp_bias == (1u << (e - 1)) - 1 &&
	       ((e == 4 && m == 3) || (e == 3 && m == 2) ||
		(e == 2 && (m == 3 || m == 1)));
}

/* Whether the highest exponent, with this mantissa, is a number. */
static bool is_number_on_top(const struct oq_dtype *t,
			     const struct oq_bignum *man)
{
	if (!is_all_finite(t))
		return false;
	return t->exp_bits != 4 || man->n == 0 || man->w[0] != 7;
}

static uint64_t low_64(const struct oq_bignum *a)
{
	return a->w[0] | (a->n > 1 ? (uint64_t)a->w[1] << 32 : 0);
}

static void put_finite(const struct oq_dtype *t, struct oq_bignum *c,
		       uint64_t exp, struct oq_buf *out)
{
	bool implied = t->norm == OQ_NORM_IMPLIED;
	int q = unbiased(t, exp) - (int)t->man_bits + !implied;
	bool closer;

	if (implied && exp > 0) {
		struct oq_bignum one;

		closer = c->n == 0 && exp > 1;
		oq_bignum_set(&one, 1);
		oq_bignum_shift(&one, t->man_bits);
		oq_bignum_add(c, &one);
	} else {
		closer = !implied && exp > 1 && fraction_is_zero(t, c);
	}
	if (c->n == 0)
		oq_buf_puts(out, "0.0");
	else if (oq_bignum_bits(c) <= 53 && q >= -1074 && q <= 971)
		put_short_float(low_64(c), q, closer, out);
	else
		put_long_float(c, q, closer, out);
}

void oq_odd_float_put(const struct oq_dtype *t, const uint8_t *elem,
		      struct oq_buf *out)
{
	uint8_t bytes[MAX_MAN_BITS / 8] = { 0 };
	uint64_t exp, ones;
	struct oq_bignum man;
	bool negative, special;

	if (!float_is_reasonable(t)) {
		put_raw(t, elem, out);
		return;
	}
	get_bytes(t, elem, t->man_pos, t->man_bits, bytes);
	oq_bignum_set_bytes(&man, bytes, (t->man_bits + 7) / 8);
	exp = get_bits(t, elem, t->exp_pos, t->exp_bits);
	ones = (1u << t->exp_bits) - 1;
	negative = bit_at(t, elem, t->sign_pos);

	special = t->exp_bits > 0 && exp == ones && !is_number_on_top(t, &man);
	if (special && !fraction_is_zero(t, &man)) {
		oq_buf_puts(out, "nan");
		return;
	}
	if (negative)
		oq_buf_putc(out, '-');
	if (special)
		oq_buf_puts(out, "inf");
	else
		put_finite(t, &man, exp, out);
}

bool oq_odd_float_fits(const struct oq_dtype *t, size_t bytes)
{
	int man_bits = bytes == 2 ? 10 : bytes == 4 ? 23 : 52;
	int bias = bytes == 2 ? 15 : bytes == 4 ? 127 : 1023;
	uint64_t top = (UINT64_C(1) << (t->exp_bits & 15)) - 1;
	unsigned implied = t->norm == OQ_NORM_IMPLIED;
	int bits = (int)(t->man_bits + implied);
	int shift = (int)t->man_bits - !implied;

	if (top > 0 && !is_all_finite(t))
		top--;
	return float_is_reasonable(t) && bits <= man_bits + 1 &&
	       unbiased(t, 0) - shift >= 1 - bias - man_bits &&
	       unbiased(t, top) - shift + bits <= bias + 1;
}

double oq_odd_float_get(const struct oq_dtype *t, const uint8_t *elem)
{
	uint64_t man = get_bits(t, elem, t->man_pos, t->man_bits);
	uint64_t exp = get_bits(t, elem, t->exp_pos, t->exp_bits);
	uint64_t ones = (UINT64_C(1) << t->exp_bits) - 1;
	bool implied = t->norm == OQ_NORM_IMPLIED;
	double v;

	if (t->exp_bits > 0 && exp == ones &&
	    !(is_all_finite(t) && (t->exp_bits != 4 || man != 7))) {
		if (!implied)
			man &= ~(UINT64_C(1) << (t->man_bits - 1));
		v = man ? (double)NAN : (double)INFINITY;
	} else {
		if (implied && exp > 0)
			man |= UINT64_C(1) << t->man_bits;
		v = ldexp((double)man,
			  unbiased(t, exp) - (int)t->man_bits + !implied);
	}
	return bit_at(t, elem, t->sign_pos) ? -v : v;
}

size_t oq_odd_number_max(const struct oq_dtype *t)
{
	size_t raw = 2 + 2 * t->size;

	if (t->cls == OQ_FLOAT) {
		if (!float_is_reasonable(t))
			return raw;
		/* sign, digits, point, e, sign, five digits; -1234.0 */
		return 26 + (t->man_bits + 1) * 31 / 100;
	}
	if (t->precision == 0 || t->precision > MAX_INT_BITS)
		return raw;
	return oq_number_is_signed(t) + 1 + (size_t)t->precision * 31 / 100;
}
