/* SPDX-License-Identifier: MIT */
/* numtext.c - numbers as the shortest text that reads back to the same bits
 *
 * Eight digits at a time live in one word, a byte each, the first digit in the
 * lowest byte ("digit words"), so that writing them is one store and counting
 * zeros at their end is one instruction.
 */

#include "numtext.h"

#include <endian.h>
#include <string.h>

#include "shortest.h"

static const uint64_t pow10_u64[] = {
	1ull,
	10ull,
	100ull,
	1000ull,
	10000ull,
	100000ull,
	1000000ull,
	10000000ull,
	100000000ull,
	1000000000ull,
	10000000000ull,
	100000000000ull,
	1000000000000ull,
	10000000000000ull,
	100000000000000ull,
	1000000000000000ull,
	10000000000000000ull,
	100000000000000000ull,
	1000000000000000000ull,
	10000000000000000000ull,
};

#define E8  100000000u
#define E16 10000000000000000ull

/* The digit word of v < 10^8.  Divisions are multiplications in lanes: by
 * 10486 / 2^20 for 100 and 103 / 2^10 for 10, exact in these ranges. */
static inline uint64_t digit_word(uint64_t v)
{
	uint64_t x = v / 10000 | (v % 10000) << 32;
	uint64_t hi = x * 10486 >> 20 & 0x0000007f0000007full;

	x = hi | (x - 100 * hi) << 16;
	hi = x * 103 >> 10 & 0x000f000f000f000full;
	return hi | (x - 10 * hi) << 8;
}

/* How many digits of a digit word are left without the zeros at its end. */
static inline unsigned used_digits(uint64_t word)
{
	return word ? 8 - (unsigned)__builtin_clzll(word) / 8 : 0;
}

static inline void store_word(char *out, uint64_t word)
{
	word = htole64(word);
	memcpy(out, &word, sizeof(word));
}

static inline void store_digits(char *out, uint64_t word)
{
	store_word(out, word | 0x3030303030303030ull);
}

size_t oq_u64_len(uint64_t v)
{
	unsigned bits = 64 - (unsigned)__builtin_clzll(v | 1);
	unsigned n = bits * 1233 >> 12; /* bits * log10(2) */

	/* 0 has a digit, too. */
	return n + (v >= (n ? pow10_u64[n] : 0));
}

size_t oq_i64_len(int64_t v)
{
	return v < 0 ? 1 + oq_u64_len(-(uint64_t)v) : oq_u64_len((uint64_t)v);
}

size_t oq_u64_text(char *out, uint64_t v)
{
	size_t n = oq_u64_len(v);
	size_t head; /* digits before the last whole word */

	if (v < E8) {
		store_digits(out, digit_word(v) >> 8 * (8 - n));
		return n;
	}
	if (v < E16) {
		head = n - 8;
		store_digits(out, digit_word(v / E8) >> 8 * (8 - head));
		store_digits(out + head, digit_word(v % E8));
		return n;
	}
	head = n - 16;
	store_digits(out, digit_word(v / E16) >> 8 * (8 - head));
	store_digits(out + head, digit_word(v / E8 % E8));
	store_digits(out + head + 8, digit_word(v % E8));
	return n;
}

size_t oq_i64_text(char *out, int64_t v)
{
	if (v >= 0)
		return oq_u64_text(out, (uint64_t)v);
	*out = '-';
	return 1 + oq_u64_text(out + 1, -(uint64_t)v);
}

/* d.dddd * 10^exp, seventeen digits with zeros at the end. */
struct scientific {
	uint64_t first;	   /* the digit before the point */
	uint64_t mid, end; /* the digit words of the sixteen after it */
	unsigned ndigits;  /* without the zeros at the end; > 0 */
	int exp;
};

/* What is left to do where nine digits are enough, as for f32. */
static inline struct scientific nine_digits(int exp, uint64_t digits)
{
	struct scientific s = { .first = digits / E8,
				.mid = digit_word(digits % E8),
				.exp = exp };

	s.ndigits = 1 + used_digits(s.mid);
	return s;
}

static inline struct scientific to_scientific(struct oq_decimal d)
{
	struct scientific s;
	unsigned n;

	/* Most values come with 16 or 17 digits, and no machine can foresee
	 * with which: hence no jump, but a number that may be 0. */
	if (d.digits >= E16 / 10) {
		uint64_t one_more = d.digits < E16;

		s.exp = d.exp10 + 16 - (int)one_more;
		d.digits += 9 * d.digits & -one_more;
	} else {
		n = (unsigned)oq_u64_len(d.digits);
		s.exp = d.exp10 + (int)n - 1;
		if (n <= 9)
			return nine_digits(s.exp, d.digits * pow10_u64[9 - n]);
		d.digits *= pow10_u64[17 - n];
	}
	s.first = d.digits / E16;
	d.digits %= E16;
	s.mid = digit_word(d.digits / E8);
	s.end = digit_word(d.digits % E8);
	s.ndigits = 1 + (s.end ? 8 + used_digits(s.end) : used_digits(s.mid));
	return s;
}

/* 'e', the sign, at least two digits. */
static size_t put_exponent(char *out, int exp)
{
	unsigned e = exp < 0 ? (unsigned)-exp : (unsigned)exp;
	size_t n = 2;

	out[0] = 'e';
	out[1] = exp < 0 ? '-' : '+';
	if (e >= 100) {
		out[n++] = (char)('0' + e / 100);
		e %= 100;
	}
	out[n++] = (char)('0' + e / 10);
	out[n++] = (char)('0' + e % 10);
	return n;
}

/* 0 <= exp < 16: every digit where it belongs, then those after the point
 * once more, one byte further on.  No loads, so no waiting for the stores. */
static inline size_t put_mixed(char *out, const struct scientific *s)
{
	unsigned whole = (unsigned)s->exp + 1;
	unsigned shift = 8 * ((unsigned)s->exp % 8);
	uint64_t a = s->mid, b = s->end;

	out[0] = (char)('0' + s->first);
	store_digits(out + 1, s->mid);
	store_digits(out + 9, s->end);
	if (s->exp >= 8) {
		a = b;
		b = 0;
	}
	if (shift > 0) {
		a = a >> shift | b << (64 - shift);
		b >>= shift;
	}
	out[whole] = '.';
	store_digits(out + whole + 1, a);
	store_digits(out + whole + 9, b);
	return whole + 1 + (s->ndigits > whole ? s->ndigits - whole : 1);
}

static size_t put_small(char *out, const struct scientific *s)
{
	unsigned zeros = (unsigned)(-s->exp - 1);

	memcpy(out, "0.000000", 8);
	out += 2 + zeros;
	out[0] = (char)('0' + s->first);
	store_digits(out + 1, s->mid);
	store_digits(out + 9, s->end);
	return 2 + zeros + s->ndigits;
}

static size_t put_with_exponent(char *out, const struct scientific *s)
{
	size_t n = 1;

	out[0] = (char)('0' + s->first);
	if (s->ndigits > 1) {
		out[1] = '.';
		store_digits(out + 2, s->mid);
		store_digits(out + 10, s->end);
		n = 1 + s->ndigits;
	}
	return n + put_exponent(out + n, s->exp);
}

static inline size_t put_decimal(char *out, struct oq_decimal d)
{
	struct scientific s = to_scientific(d);

	if (s.exp >= 0 && s.exp < 16)
		return put_mixed(out, &s);
	if (s.exp < 0 && s.exp >= -4)
		return put_small(out, &s);
	return put_with_exponent(out, &s);
}

/* The length of what put_decimal() writes. */
static inline size_t decimal_len(struct oq_decimal d)
{
	unsigned n = (unsigned)oq_u64_len(d.digits);
	int exp = d.exp10 + (int)n - 1;

	if (d.digits % 10 == 0)
		n = to_scientific(d).ndigits;
	if (exp >= 0 && exp < 16) {
		unsigned whole = (unsigned)exp + 1;

		return whole + 1 + (n > whole ? n - whole : 1);
	}
	if (exp < 0 && exp >= -4)
		return 1 + (unsigned)-exp + n;
	n += n > 1;
	return n + 4 + (exp >= 100 || exp <= -100);
}

/* What is neither finite nor more than zero; 'negative' is its sign. */
static size_t put_special(char *out, bool negative, const char *what)
{
	size_t n = 0;

	if (negative)
		out[n++] = '-';
	memcpy(out + n, what, 3);
	return n + 3;
}

#define F64_SIGN (1ull << 63)
#define F64_INF	 (0x7ffull << 52)

static inline uint64_t f64_bits(double v)
{
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	return bits;
}

/* The decimal of a finite value > 0 given by its bits. */
static inline struct oq_decimal f64_decimal(uint64_t bits)
{
	uint64_t man = bits & ((1ull << 52) - 1);
	int exp = (int)(bits >> 52);
	uint64_t c = man | 1ull << 52;

	if (exp == 0)
		return oq_shortest(man, -1074, false);
	/* An integer below 2^53 is its own shortest text: the next value is
	 * no nearer than 1. */
	if (exp >= 1023 && exp < 1075 && c << (exp - 1011) == 0)
		return (struct oq_decimal){ c >> (1075 - exp), 0 };
	return oq_shortest(c, exp - 1075, man == 0 && exp > 1);
}

size_t oq_f64_text(char *out, double v)
{
	uint64_t bits = f64_bits(v);
	uint64_t mag = bits & ~F64_SIGN;
	size_t sign = bits >> 63;

	if (mag > F64_INF)
		return put_special(out, false, "nan");
	if (mag == F64_INF)
		return put_special(out, sign, "inf");
	if (mag == 0)
		return put_special(out, sign, "0.0");
	*out = '-';
	return sign + put_decimal(out + sign, f64_decimal(mag));
}

size_t oq_f64_len(double v)
{
	uint64_t bits = f64_bits(v);
	uint64_t mag = bits & ~F64_SIGN;
	size_t sign = bits >> 63;

	if (mag > F64_INF)
		return 3;
	if (mag == F64_INF || mag == 0)
		return sign + 3;
	return sign + decimal_len(f64_decimal(mag));
}

#define F32_SIGN (1u << 31)
#define F32_INF	 (0xffu << 23)

static inline uint32_t f32_bits(float v)
{
	uint32_t bits;

	memcpy(&bits, &v, sizeof(bits));
	return bits;
}

static inline struct oq_decimal f32_decimal(uint32_t bits)
{
	uint32_t man = bits & ((1u << 23) - 1);
	int exp = (int)(bits >> 23);
	uint32_t c = man | 1u << 23;

	if (exp == 0)
		return oq_shortest(man, -149, false);
	if (exp >= 127 && exp < 150 && (uint64_t)c << (exp - 86) == 0)
		return (struct oq_decimal){ c >> (150 - exp), 0 };
	return oq_shortest(c, exp - 150, man == 0 && exp > 1);
}

size_t oq_f32_text(char *out, float v)
{
	uint32_t bits = f32_bits(v);
	uint32_t mag = bits & ~F32_SIGN;
	size_t sign = bits >> 31;

	if (mag > F32_INF)
		return put_special(out, false, "nan");
	if (mag == F32_INF)
		return put_special(out, sign, "inf");
	if (mag == 0)
		return put_special(out, sign, "0.0");
	*out = '-';
	return sign + put_decimal(out + sign, f32_decimal(mag));
}

size_t oq_f32_len(float v)
{
	uint32_t bits = f32_bits(v);
	uint32_t mag = bits & ~F32_SIGN;
	size_t sign = bits >> 31;

	if (mag > F32_INF)
		return 3;
	if (mag == F32_INF || mag == 0)
		return sign + 3;
	return sign + decimal_len(f32_decimal(mag));
}

#define F16_SIGN (1u << 15)
#define F16_INF	 (0x1fu << 10)

size_t oq_f16_text(char *out, uint16_t bits)
{
	uint32_t mag = bits & ~F16_SIGN;
	uint32_t man = mag & ((1u << 10) - 1);
	int exp = (int)(mag >> 10);
	size_t sign = bits >> 15;
	struct oq_decimal d;

	if (mag > F16_INF)
		return put_special(out, false, "nan");
	if (mag == F16_INF)
		return put_special(out, sign, "inf");
	if (mag == 0)
		return put_special(out, sign, "0.0");
	if (exp == 0)
		d = oq_shortest(man, -24, false);
	else
		d = oq_shortest(man | 1u << 10, exp - 25, man == 0 && exp > 1);
	*out = '-';
	return sign + put_decimal(out + sign, d);
}

size_t oq_f16_len(uint16_t bits)
{
	char text[OQ_NUMTEXT_MAX];

	return oq_f16_text(text, bits);
}
