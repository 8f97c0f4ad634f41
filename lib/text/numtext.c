/* SPDX-License-Identifier: MIT */
/* numtext.c - numbers as the shortest text that reads back to the same bits */

#include "lib/text/numtext.h"

#include "lib/text/digits.h"
#include "lib/text/schubfach.h"

/* Numbers in hand at once. */
#define BATCH 64

/* ---- integers ---- */

size_t oq_u64_len(uint64_t v)
{
	static const uint64_t pow10[] = {
		0ull,
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
	unsigned bits = 64 - (unsigned)__builtin_clzll(v | 1);
	unsigned n = bits * 1233 >> 12; /* bits * log10(2) */

	/* 0 has a digit, too. */
	return n + (v >= pow10[n]);
}

/* Where the last sixteen digits are in a cell.  Before them is room for four
 * more and a sign. */
#define INT_AT 8

/* The text of 'mag', after '-' if 'minus' is 1. */
static inline void put_int(struct oq_cell *c, uint64_t mag, unsigned minus)
{
	uint64_t top = 0;
	struct oq_sixteen x;
	unsigned len;

	if (mag >= OQ_1E16) {
		top = mag / OQ_1E16;
		mag %= OQ_1E16;
		x = oq_sixteen(top);
		oq_put_eight(c->text, oq_sixteen_second(x));
		len = 32 - (unsigned)__builtin_ctz(x.mask);
		x = oq_sixteen(mag);
	} else {
		x = oq_sixteen(mag);
		len = 16 - (unsigned)__builtin_ctz(x.mask | 1u << 15);
	}
	oq_sixteen_put(c->text + INT_AT, x);
	c->len = (uint8_t)(len + minus);
	c->start = (uint8_t)(INT_AT + 16 - c->len);
	/* Where there is no sign this is a zero before the first digit. */
	c->text[INT_AT + 15 - len] = '-';
}

void oq_u64_cells(const uint64_t *v, size_t n, struct oq_cell *out)
{
	for (size_t i = 0; i < n; i++)
		put_int(&out[i], v[i], 0);
}

void oq_i64_cells(const uint64_t *v, size_t n, struct oq_cell *out)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t minus = v[i] >> 63;

		put_int(&out[i], (v[i] ^ -minus) + minus, (unsigned)minus);
	}
}

uint64_t oq_u64_lens(const uint64_t *v, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += oq_u64_len(v[i]);
	return sum;
}

uint64_t oq_i64_lens(const uint64_t *v, size_t n)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < n; i++) {
		uint64_t minus = v[i] >> 63;

		sum += minus + oq_u64_len((v[i] ^ -minus) + minus);
	}
	return sum;
}

static size_t put_one(char *out, struct oq_cell *cells)
{
	return (size_t)(oq_cell_put(out, cells) - out);
}

size_t oq_u64_text(char *out, uint64_t v)
{
	struct oq_cell cells[2];

	oq_u64_cells(&v, 1, cells);
	return put_one(out, cells);
}

void oq_u64_put(uint64_t v, struct oq_buf *out)
{
	char digits[OQ_NUMTEXT_MAX];

	oq_buf_put(out, digits, oq_u64_text(digits, v));
}

size_t oq_i64_text(char *out, int64_t v)
{
	struct oq_cell cells[2];
	uint64_t bits = (uint64_t)v;

	oq_i64_cells(&bits, 1, cells);
	return put_one(out, cells);
}

/* ---- floats ---- */

/* d.ddd * 10^exp on its way to text. */
struct scientific {
	struct oq_sixteen x;
	char last;	  /* the seventeenth digit */
	unsigned ndigits; /* without the zeros at the end; > 0 */
	int exp;
};

/* The exponents that are not written. */
#define MIN_FIXED (-4)
#define MAX_FIXED 15

static inline struct scientific scientific(const struct oq_digits *d)
{
	struct scientific s = {
		.x = oq_sixteen(d->sixteen),
		.last = (char)('0' + d->last),
		.exp = d->exp,
	};
	unsigned used = s.x.mask | (unsigned)(d->last != 0) << 16 | 1;

	s.ndigits = 32 - (unsigned)__builtin_clz(used);
	return s;
}

/* Eight digits with a point after the first 'n', 0 to 7: the last is pushed
 * out. */
static inline uint64_t insert_point(uint64_t text, unsigned n)
{
	uint64_t before = (1ull << 8 * n) - 1;

	return (text & before) + ((text & ~before) << 8) +
	       ((uint64_t)'.' << 8 * n);
}

/* All digits, one byte further on than where a number begins. */
static inline void put_moved(char *out, const struct scientific *s)
{
	oq_sixteen_put(out + 1, s->x);
	out[17] = s->last;
}

/* 0 <= exp <= MAX_FIXED: the digits one byte further on than they belong,
 * then those before the point once more. No loads, so no waiting for the
 * stores. */
static inline size_t put_fixed(char *out, const struct scientific *s)
{
	unsigned whole = (unsigned)s->exp + 1;

	put_moved(out, s);
	if (whole < 8) {
		oq_put_eight(out, insert_point(oq_sixteen_first(s->x), whole));
	} else if (whole < 16) {
		oq_put_eight(out, oq_sixteen_first(s->x));
		oq_put_eight(out + 8,
			     insert_point(oq_sixteen_second(s->x), whole - 8));
	} else {
		oq_sixteen_put(out, s->x);
		out[16] = '.';
	}
	return 1 + (s->ndigits > whole ? s->ndigits : whole + 1);
}

/* MIN_FIXED <= exp < 0 */
static inline size_t put_small(char *out, const struct scientific *s)
{
	unsigned zeros = (unsigned)-s->exp;

	memcpy(out, "0.000000", 8);
	oq_sixteen_put(out + 1 + zeros, s->x);
	out[1 + zeros + 16] = s->last;
	return 1 + zeros + s->ndigits;
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

static size_t put_with_exponent(char *out, const struct scientific *s)
{
	size_t n = s->ndigits + (s->ndigits > 1);

	put_moved(out, s);
	oq_put_eight(out, insert_point(oq_sixteen_first(s->x), 1));
	return n + put_exponent(out + n, s->exp);
}

/* 'negative' is 0 or 1. */
static inline size_t put_digits(char *out, const struct oq_digits *d,
				size_t negative)
{
	struct scientific s = scientific(d);

	*out = '-';
	if (s.exp >= 0 && s.exp <= MAX_FIXED)
		return negative + put_fixed(out + negative, &s);
	if (s.exp < 0 && s.exp >= MIN_FIXED)
		return negative + put_small(out + negative, &s);
	if (s.exp == OQ_EXP_NAN) {
		memcpy(out, "nan", 3);
		return 3;
	}
	if (s.exp == OQ_EXP_INF) {
		memcpy(out + negative, "inf", 3);
		return negative + 3;
	}
	return negative + put_with_exponent(out + negative, &s);
}

/* The length of the same. */
static inline size_t digits_len(const struct oq_digits *d, size_t negative)
{
	struct scientific s = scientific(d);
	unsigned n = s.ndigits;

	if (s.exp >= 0 && s.exp <= MAX_FIXED) {
		unsigned whole = (unsigned)s.exp + 1;

		return negative + 1 + (n > whole ? n : whole + 1);
	}
	if (s.exp < 0 && s.exp >= MIN_FIXED)
		return negative + 1 + (unsigned)-s.exp + n;
	if (s.exp == OQ_EXP_NAN)
		return 3;
	if (s.exp == OQ_EXP_INF)
		return negative + 3;
	return negative + n + (n > 1) + 4 + (s.exp >= 100 || s.exp <= -100);
}

typedef void shortest_fn(const uint64_t *bits, size_t n, struct oq_digits *out);

static inline void cells_of(shortest_fn *shortest, unsigned sign_bit,
			    const uint64_t *v, size_t n, struct oq_cell *out)
{
	struct oq_digits d[BATCH];

	while (n > 0) {
		size_t batch = n < BATCH ? n : BATCH;

		shortest(v, batch, d);
		for (size_t i = 0; i < batch; i++) {
			size_t len = put_digits(out[i].text, &d[i],
						v[i] >> sign_bit & 1);

			out[i].start = 0;
			out[i].len = (uint8_t)len;
		}
		v += batch;
		out += batch;
		n -= batch;
	}
}

static inline uint64_t lens_of(shortest_fn *shortest, unsigned sign_bit,
			       const uint64_t *v, size_t n)
{
	struct oq_digits d[BATCH];
	uint64_t sum = 0;

	while (n > 0) {
		size_t batch = n < BATCH ? n : BATCH;

		shortest(v, batch, d);
		for (size_t i = 0; i < batch; i++)
			sum += digits_len(&d[i], v[i] >> sign_bit & 1);
		v += batch;
		n -= batch;
	}
	return sum;
}

void oq_f64_cells(const uint64_t *v, size_t n, struct oq_cell *out)
{
	cells_of(oq_shortest_f64, 63, v, n, out);
}

void oq_f32_cells(const uint64_t *v, size_t n, struct oq_cell *out)
{
	cells_of(oq_shortest_f32, 31, v, n, out);
}

void oq_f16_cells(const uint64_t *v, size_t n, struct oq_cell *out)
{
	cells_of(oq_shortest_f16, 15, v, n, out);
}

uint64_t oq_f64_lens(const uint64_t *v, size_t n)
{
	return lens_of(oq_shortest_f64, 63, v, n);
}

uint64_t oq_f32_lens(const uint64_t *v, size_t n)
{
	return lens_of(oq_shortest_f32, 31, v, n);
}

uint64_t oq_f16_lens(const uint64_t *v, size_t n)
{
	return lens_of(oq_shortest_f16, 15, v, n);
}

size_t oq_f64_text(char *out, double v)
{
	struct oq_cell cells[2];
	uint64_t bits;

	memcpy(&bits, &v, sizeof(bits));
	oq_f64_cells(&bits, 1, cells);
	return put_one(out, cells);
}
