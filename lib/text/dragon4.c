/* SPDX-License-Identifier: MIT */
/* dragon4.c - the shortest decimal of a binary float of any precision */

#include "lib/text/dragon4.h"

/* The value is r / s; half the way to its neighbours are up / s and down / s.
 * All are kept integers. */
struct state {
	struct oq_bignum r, s, up, down, sum;
	bool inclusive; /* the halfway points read back to the value */
};

static void set_up(struct state *st, const struct oq_bignum *c, int q,
		   bool closer)
{
	unsigned extra = closer ? 2 : 1;

	oq_bignum_copy(&st->r, c);
	oq_bignum_shift(&st->r, extra);
	oq_bignum_set(&st->s, 1);
	oq_bignum_shift(&st->s, extra);
	oq_bignum_set(&st->up, closer ? 2 : 1);
	oq_bignum_set(&st->down, 1);
	if (q >= 0) {
		oq_bignum_shift(&st->r, (unsigned)q);
		oq_bignum_shift(&st->up, (unsigned)q);
		oq_bignum_shift(&st->down, (unsigned)q);
	} else {
		oq_bignum_shift(&st->s, (unsigned)-q);
	}
	st->inclusive = (c->w[0] & 1) == 0;
}

/* Divide by 10^k. */
static void scale(struct state *st, int k)
{
	if (k >= 0) {
		oq_bignum_mul_pow10(&st->s, (unsigned)k);
		return;
	}
	oq_bignum_mul_pow10(&st->r, (unsigned)-k);
	oq_bignum_mul_pow10(&st->up, (unsigned)-k);
	oq_bignum_mul_pow10(&st->down, (unsigned)-k);
}

/* Whether the upper end of the interval that reads back to the value reaches 1.
 */
static bool reaches_one(struct state *st)
{
	int c;

	oq_bignum_copy(&st->sum, &st->r);
	oq_bignum_add(&st->sum, &st->up);
	c = oq_bignum_cmp(&st->sum, &st->s);
	return st->inclusive ? c >= 0 : c > 0;
}

static bool reaches_zero(const struct state *st)
{
	int c = oq_bignum_cmp(&st->r, &st->down);

	return st->inclusive ? c <= 0 : c < 0;
}

/* Whether what is left is more than half a unit, or half and 'd' is odd. */
static bool rounds_up(struct state *st, unsigned d)
{
	int c;

	oq_bignum_copy(&st->sum, &st->r);
	oq_bignum_shift(&st->sum, 1);
	c = oq_bignum_cmp(&st->sum, &st->s);
	return c > 0 || (c == 0 && (d & 1));
}

static unsigned next_digit(struct state *st)
{
	unsigned d = 0;

	oq_bignum_mul(&st->r, 10);
	oq_bignum_mul(&st->up, 10);
	oq_bignum_mul(&st->down, 10);
	while (oq_bignum_cmp(&st->r, &st->s) >= 0) {
		oq_bignum_sub(&st->r, &st->s);
		d++;
	}
	return d;
}

size_t oq_dragon4(const struct oq_bignum *c, int q, bool closer, char *digits,
		  int *exp)
{
	int64_t top = (int64_t)oq_bignum_bits(c) + q - 1; /* floor(log2) */
	int k = (int)((top * 5295775688670LL) >> 44) + 1; /* of 10 above it */
	struct state st;
	size_t n = 0;
	unsigned d;

	set_up(&st, c, q, closer);
	scale(&st, k);
	if (oq_bignum_cmp(&st.r, &st.s) >= 0) {
		oq_bignum_mul(&st.s, 10);
		k++;
	}
	for (;;) {
		bool low, high;

		d = next_digit(&st);
		low = reaches_zero(&st);
		high = reaches_one(&st);
		if (low || high || n == OQ_DRAGON_MAX_DIGITS - 1) {
			d += high && (!low || rounds_up(&st, d));
			break;
		}
		digits[n++] = (char)('0' + d);
	}
	/* Only the first digit can come to ten: after it, an upper end that
	 * reaches so far would have ended the loop before. */
	digits[n++] = d == 10 ? '1' : (char)('0' + d);
	*exp = d == 10 ? k : k - 1;
	return n;
}
