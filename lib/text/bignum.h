/* SPDX-License-Identifier: MIT */
/* bignum.h - natural numbers of up to 65,664 bits
 *
 * Just what it takes to print numbers exactly that the machine cannot read.
 * The caller provides the memory (8 KiB each).  Every operation is the
 * schoolbook's, since the numbers are small or few.  A result must fit: the
 * callers bound their numbers beforehand.
 */
#ifndef OQ_BIGNUM_H
#define OQ_BIGNUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OQ_NAT_WORDS 2052

struct oq_bignum {
	unsigned n;		  /* words in use; the last is not 0 */
	uint32_t w[OQ_NAT_WORDS]; /* the least significant first */
};

void oq_bignum_set(struct oq_bignum *a, uint64_t v);

/* The number whose bits are 'bytes[n]', least significant first. */
void oq_bignum_set_bytes(struct oq_bignum *a, const uint8_t *bytes, size_t n);

void oq_bignum_copy(struct oq_bignum *a, const struct oq_bignum *b);

/* Significant bits; 0 for zero. */
uint64_t oq_bignum_bits(const struct oq_bignum *a);

/* <0, 0, >0 */
int oq_bignum_cmp(const struct oq_bignum *a, const struct oq_bignum *b);

/* a = a + b, a - b (a >= b), a * m, a * 2^n, a * 10^n */
void oq_bignum_add(struct oq_bignum *a, const struct oq_bignum *b);
void oq_bignum_sub(struct oq_bignum *a, const struct oq_bignum *b);
void oq_bignum_mul(struct oq_bignum *a, uint32_t m);
void oq_bignum_shift(struct oq_bignum *a, uint64_t n);
void oq_bignum_mul_pow10(struct oq_bignum *a, uint64_t n);

/* a = a / d; returns the remainder. */
uint32_t oq_bignum_div(struct oq_bignum *a, uint32_t d);

#endif
