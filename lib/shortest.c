/* SPDX-License-Identifier: MIT */
/* shortest.c - the shortest decimal that reads back to the same binary float
 *
 * Everything is scaled by 4 * 10^-k, so that halfway points are integers on
 * the binary side, and rounded to odd: the lowest bit of a product says "not
 * exact", which keeps every comparison with a multiple of 4 or 2 exact.
 */

#include "shortest.h"

#include "pow10.h"

__extension__ typedef unsigned __int128 u128;

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

static __attribute__((noinline)) struct oq_decimal
shortest_exact(uint64_t c, int q, bool closer)
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

/* Whether 'a' and 'b' are so near that rounding could tell them wrong. */
static unsigned near(uint64_t a, uint64_t b)
{
	return a - b + 4 <= 8;
}

/* Most values need only the middle of the interval and half its width, and
 * those but for errors in the last place: where no comparison is close, its
 * outcome is right.  No jumps here but one, as none could be foreseen. */
struct oq_decimal oq_shortest(uint64_t c, int q, bool closer)
{
	int k = floor_log10(q, false);
	int h = q + floor_log2_pow10(-k) + 1;
	struct power g = power_of_ten(-k);
	u128 lo = (u128)g.lo * (c << h);
	u128 hi = (u128)g.hi * (c << h) + (uint64_t)(lo >> 64);
	uint64_t whole = (uint64_t)(hi >> 64); /* of v / 10^k */
	uint64_t part = (uint64_t)hi;	       /* in 2^-64 */
	uint64_t tens = whole / 10;

	/* In 2^-60: what v is above a multiple of 10, below the next one, and
	 * how far the interval reaches. */
	uint64_t above = (whole - 10 * tens) << 60 | part >> 4;
	uint64_t below = (10ull << 60) - above;
	uint64_t reach = g.hi >> (5 - h);
	uint64_t half = 1ull << 63;
	uint64_t nearest = whole + (part > half);
	uint64_t shorter = 10 * (tens + (below < reach));
	uint64_t mask = -(uint64_t)((above < reach) | (below < reach));

	if (closer || whole < 10 ||
	    near(above, reach) | near(below, reach) | near(part, half))
		return shortest_exact(c, q, closer);
	return (struct oq_decimal){ (shorter & mask) | (nearest & ~mask), k };
}
