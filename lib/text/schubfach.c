/* SPDX-License-Identifier: MIT */
/* schubfach.c - the shortest decimal that reads back to the same binary float
 *
 * Everything is scaled by 4 * 10^-k, so that halfway points are integers on
 * the binary side, and rounded to odd: the lowest bit of a product says "not
 * exact", which keeps every comparison with a multiple of 4 or 2 exact.
 */

#include "lib/text/schubfach.h"

#include "lib/text/pow10.h"

__extension__ typedef unsigned __int128 u128;

#define ONE_E15 1000000000000000ull

/* The interval, its middle and the exponent of the last digit. */
struct scaled {
	uint64_t lower, v, upper; /* 4 * 10^-k times the real thing */
	bool inclusive;		  /* the ends belong to it */
	int k;
};

/* floor(log10(2^q)), or floor(log10(3/4 * 2^q)), for |q| < 2000 */
static int floor_log10(int q, bool closer)
{
	return (q * 1262611 - (closer ? 524031 : 0)) >> 22;
}

/* floor(log2(10^k)) for |k| < 1200 */
static int floor_log2_pow10(int k)
{
	return (k * 1741647) >> 19;
}

/* 10^k, scaled to 128 bits. */
struct power {
	uint64_t hi, lo;
};

static struct power power_of_ten(int k)
{
	const uint64_t *p = &oq_pow10[2 * (k - OQ_POW10_MIN)];

	return (struct power){ .hi = p[0], .lo = p[1] };
}

/* g * c / 2^128, rounded to odd */
static uint64_t scale(struct power g, uint64_t c)
{
	u128 lo = (u128)g.lo * c;
	u128 hi = (u128)g.hi * c + (uint64_t)(lo >> 64);

	return (uint64_t)(hi >> 64) | ((uint64_t)hi > 1);
}

/* Whether a candidate, scaled, lies in the interval. */
static bool is_inside(const struct scaled *s, uint64_t cand)
{
	return s->lower + !s->inclusive <= cand &&
	       cand + !s->inclusive <= s->upper;
}

/* The candidates: the multiples of 10^(k+1) on either side of v, then those
 * of 10^k.  'digits' always counts 10^k. */
static struct oq_decimal choose(const struct scaled *s)
{
	uint64_t below = s->v / 4;
	uint64_t tens = below / 10;
	bool down, up;

	if (below >= 10) {
		down = is_inside(s, 40 * tens);
		up = is_inside(s, 40 * tens + 40);
		if (down != up)
			return (struct oq_decimal){ 10 * (tens + up), s->k };
	}
	down = is_inside(s, 4 * below);
	up = is_inside(s, 4 * below + 4);
	if (down == up) {
		/* Both or neither: the nearer; of two equally near the even. */
		uint64_t mid = 4 * below + 2;

		up = s->v > mid || (s->v == mid && (below & 1));
	}
	return (struct oq_decimal){ below + up, s->k };
}

struct oq_decimal oq_shortest(uint64_t c, int q, bool closer)
{
	int k = floor_log10(q, closer);
	int h = q + floor_log2_pow10(-k) + 1;
	struct power g = power_of_ten(-k);
	struct scaled s = {
		.lower = scale(g, (4 * c - 2 + closer) << h),
		.v = scale(g, 4 * c << h),
		.upper = scale(g, (4 * c + 2) << h),
		.inclusive = c % 2 == 0,
		.k = k,
	};

	return choose(&s);
}

/* Float formats by the bits of the fraction and those of the exponent. */
struct format {
	int man_bits, exp_bits;
};

static inline uint64_t sign_of(struct format f)
{
	return 1ull << (f.man_bits + f.exp_bits);
}

static inline uint64_t inf_of(struct format f)
{
	return sign_of(f) - (1ull << f.man_bits);
}

/* The exponent of the last bit of the fraction. */
static inline int last_bit(struct format f, int exp)
{
	return exp - ((1 << (f.exp_bits - 1)) - 1) - f.man_bits;
}

/* The slow way, for any value but 0; 'mag' is its bits without the sign. */
static __attribute__((noinline)) struct oq_digits digits_exact(struct format f,
							       uint64_t mag)
{
	uint64_t one = 1ull << f.man_bits;
	uint64_t man = mag & (one - 1);
	int exp = (int)(mag >> f.man_bits);
	struct oq_digits out = { .exp = OQ_EXP_NAN };
	struct oq_decimal d;

	if (mag == inf_of(f))
		out.exp = OQ_EXP_INF;
	if (mag >= inf_of(f))
		return out;
	d = exp ? oq_shortest(man | one, last_bit(f, exp), !man && exp > 1)
		: oq_shortest(man, last_bit(f, 1), false);
	for (out.exp = d.exp10 + 16; d.digits < 10 * ONE_E15; out.exp--)
		d.digits *= 10;
	out.sixteen = d.digits / 10;
	out.last = (uint32_t)(d.digits % 10);
	return out;
}

/*
 * The short way.  With the right k, v / 10^k and half the interval's width,
 * 'reach', are such that
 *
 *	0.05 <= reach < 0.5
 *
 * so that one integer at most is in reach: where one is, it is the shortest;
 * else the nearest multiple of 1/10 is, which never is more than 0.05 away.
 * All this in fractions of 2^-64, with an error in the last places: where a
 * comparison is so close that it could be told wrong, where the interval is
 * lopsided, and for what is subnormal or no number, digits_exact() tells.
 * There is no jump but that one, as none could be foreseen.
 */
struct point {
	uint64_t whole, part; /* v / 10^k */
	uint64_t reach;
	int k;
};

/* How far off 'part' may be. */
#define F64_SLACK 4
#define F32_SLACK (1u << 26)

/* 'c' is the fraction with its leading 1, times 2^q. */
static inline struct point place(uint64_t c, int q, bool narrow)
{
	int k = floor_log10(q, false) + 1;
	int h = q + floor_log2_pow10(-k) + 8; /* 4 to 7 */
	struct power g = power_of_ten(-k);
	u128 v = (u128)g.hi * (c << h);
	uint64_t lo = (uint64_t)v, hi;

	/* 64 bits of the power are enough for 24 of a fraction. */
	if (!narrow)
		lo += (uint64_t)((u128)g.lo * (c << h) >> 64);
	hi = (uint64_t)(v >> 64) + (lo < (uint64_t)v);
	return (struct point){
		.whole = hi >> 7,
		.part = hi << 57 | lo >> 7,
		.reach = g.hi >> (8 - h),
		.k = k,
	};
}

/* What the nearest number of digits is: 'tenths', if more than 0, follow
 * 'whole'. */
struct pick {
	uint64_t whole, tenths;
	bool unsure;
};

static inline struct pick pick(struct point p, bool lopsided, uint64_t slack)
{
	uint64_t upper = p.part >> 63;
	uint64_t away = p.part ^ -upper; /* from the nearer integer */
	uint64_t reach = p.reach >> lopsided;
	uint64_t shorter = away < reach;
	uint64_t tenths = (p.part >> 4) * 10 + (1ull << 59); /* in 2^-60 */

	return (struct pick){
		.whole = p.whole + (shorter & upper),
		.tenths = tenths >> 60 & (shorter - 1),
		.unsure = (away - reach + slack <= 2 * slack) |
			  ((tenths << 4) + 64 * slack <= 128 * slack) |
			  (lopsided & !shorter),
	};
}

static inline struct oq_digits digits_f64(uint64_t mag)
{
	static const struct format f = { .man_bits = 52, .exp_bits = 11 };
	uint64_t one = 1ull << f.man_bits;
	uint64_t man = mag & (one - 1), small;
	struct point p;
	struct pick x;

	if (mag - one >= inf_of(f) - one)
		return mag ? digits_exact(f, mag) : (struct oq_digits){ 0 };
	p = place(man | one, last_bit(f, (int)(mag >> f.man_bits)), false);
	x = pick(p, man == 0, F64_SLACK);
	if (x.unsure)
		return digits_exact(f, mag);
	/* 'whole' has 16 digits, or 15 and takes the next. */
	small = x.whole < ONE_E15;
	return (struct oq_digits){
		.sixteen = x.whole + ((9 * x.whole + x.tenths) & -small),
		.last = (uint32_t)(x.tenths & (small - 1)),
		.exp = p.k + 15 - (int)small,
	};
}

static inline struct oq_digits digits_f32(uint64_t mag)
{
	static const struct format f = { .man_bits = 23, .exp_bits = 8 };
	uint64_t one = 1ull << f.man_bits;
	uint64_t man = mag & (one - 1), digits, less8, less9;
	struct point p;
	struct pick x;

	if (mag - one >= inf_of(f) - one)
		return mag ? digits_exact(f, mag) : (struct oq_digits){ 0 };
	p = place(man | one, last_bit(f, (int)(mag >> f.man_bits)), true);
	x = pick(p, man == 0, F32_SLACK);
	if (x.unsure)
		return digits_exact(f, mag);
	/* 7, 8 or 9 digits. */
	digits = 10 * x.whole + x.tenths;
	less8 = digits < 10000000;
	less9 = digits < 100000000;
	digits += 9 * digits & -less8;
	digits += 9 * digits & -less9;
	return (struct oq_digits){
		.sixteen = digits * 10000000,
		.exp = p.k + 7 - (int)less8 - (int)less9,
	};
}

void oq_shortest_f64(const uint64_t *bits, size_t n, struct oq_digits *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = digits_f64(bits[i] & ~(1ull << 63));
}

void oq_shortest_f32(const uint64_t *bits, size_t n, struct oq_digits *out)
{
	for (size_t i = 0; i < n; i++)
		out[i] = digits_f32(bits[i] & ~(1ull << 31));
}

void oq_shortest_f16(const uint64_t *bits, size_t n, struct oq_digits *out)
{
	static const struct format f = { .man_bits = 10, .exp_bits = 5 };

	for (size_t i = 0; i < n; i++) {
		uint64_t mag = bits[i] & ~sign_of(f);

		out[i] = mag ? digits_exact(f, mag) : (struct oq_digits){ 0 };
	}
}
