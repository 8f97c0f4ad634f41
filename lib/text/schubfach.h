/* SPDX-License-Identifier: MIT */
/* schubfach.h - the shortest decimal that reads back to the same binary float
 *
 * A float is c * 2^q; every real number nearer to it than to its neighbours
 * reads back to it, and so do the two halfway points when 'c' is even.  Of
 * the decimals in that interval those with fewest digits are the shortest,
 * and the nearest of them is the answer.
 *
 * This is Schubfach (Raffaele Giulietti, "The Schubfach way to render
 * doubles", 2020): since at most one multiple of 10^(k+1) and at least one of
 * 10^k lie in the interval for the right k, four candidates are enough, and
 * 128-bit powers of ten are exact enough to choose among them.
 *
 * oq_shortest() takes one float in any format.  oq_shortest_f64() and the
 * others take arrays of machine floats and give the same digits faster.
 *
 * Pure functions.
 */
#ifndef OQ_SCHUBFACH_H
#define OQ_SCHUBFACH_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* digits * 10^exp10; may end in zeros. */
struct oq_decimal {
	uint64_t digits; /* < 10^17 */
	int exp10;
};

/* For 0 < c < 2^53 and -1074 <= q <= 971.  'closer': the neighbour below is
 * only half as far away as the one above ('c' is a power of two and not
 * subnormal). */
struct oq_decimal oq_shortest(uint64_t c, int q, bool closer);

/* The same as d.dddd * 10^exp, and what has no digits. */
struct oq_digits {
	uint64_t sixteen; /* digits, the first of them not 0; 0 for 0.0 */
	uint32_t last;	  /* one more; 0 where there are less */
	int exp;	  /* or one of these: */
};

#define OQ_EXP_INF INT_MAX
#define OQ_EXP_NAN INT_MIN

/* The digits of 'n' floats given by their bits; the sign bit does not count.
 * Of f32 and f16 the bits are the lower half or quarter. */
void oq_shortest_f64(const uint64_t *bits, size_t n, struct oq_digits *out);
void oq_shortest_f32(const uint64_t *bits, size_t n, struct oq_digits *out);
void oq_shortest_f16(const uint64_t *bits, size_t n, struct oq_digits *out);

#endif
