/* SPDX-License-Identifier: MIT */
/* nat.h - natural numbers of up to 65,664 bits
 *
 * Just enough of them to print exactly what the machine cannot read.  They
 * live where the caller puts them (8 KiB each) and are small or few: every
 * operation is the schoolbook's.  A result must fit: the callers bound their
 * numbers beforehand.
 */
#ifndef OQ_NAT_H
#define OQ_NAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define OQ_NAT_WORDS 2052

struct oq_nat {
	unsigned n;		  /* words in use; the last is not 0 */
	uint32_t w[OQ_NAT_WORDS]; /* the least significant first */
};

void oq_nat_set(struct oq_nat *a, uint64_t v);

/* The number whose bits are 'bytes[n]', least significant first. */
void oq_nat_set_bytes(struct oq_nat *a, const uint8_t *bytes, size_t n);

void oq_nat_copy(struct oq_nat *a, const struct oq_nat *b);

/* Significant bits; 0 for zero. */
uint64_t oq_nat_bits(const struct oq_nat *a);

/* <0, 0, >0 */
int oq_nat_cmp(const struct oq_nat *a, const struct oq_nat *b);

/* a = a + b, a - b (a >= b), a * m, a * 2^n, a * 10^n */
void oq_nat_add(struct oq_nat *a, const struct oq_nat *b);
void oq_nat_sub(struct oq_nat *a, const struct oq_nat *b);
void oq_nat_mul(struct oq_nat *a, uint32_t m);
void oq_nat_shift(struct oq_nat *a, uint64_t n);
void oq_nat_mul_pow10(struct oq_nat *a, uint64_t n);

/* a = a / d; returns the remainder. */
uint32_t oq_nat_div(struct oq_nat *a, uint32_t d);

#endif
