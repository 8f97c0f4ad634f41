/* SPDX-License-Identifier: MIT */
/* dragon4.h - the shortest decimal of a binary float of any precision
 *
 * The same answer as schubfach.h, with big integers, after Guy L. Steele and
 * Jon L. White ("How to print floating-point numbers accurately", 1990).
 * Pure functions.
 */
#ifndef OQ_DRAGON4_H
#define OQ_DRAGON4_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/text/bignum.h"

#define OQ_DRAGON_MAX_BITS   1025  /* of 'c' */
#define OQ_DRAGON_MAX_EXP    34000 /* |q| */
#define OQ_DRAGON_MAX_DIGITS 320

/* For c * 2^q with c > 0: returns how many digits (as characters) were
 * written to 'digits[OQ_DRAGON_MAX_DIGITS]'; the first is not 0, and the point
 * stands after it when multiplied by 10^*exp. 'closer' as in schubfach.h. */
size_t oq_dragon4(const struct oq_bignum *c, int q, bool closer, char *digits,
		  int *exp);

#endif
