/* SPDX-License-Identifier: MIT */
/* bignum.c - natural numbers of up to 65,664 bits */

#include "lib/text/bignum.h"

#include <assert.h>
#include <string.h>

static void trim(struct oq_bignum *a)
{
	while (a->n > 0 && a->w[a->n - 1] == 0)
		a->n--;
}

static void push(struct oq_bignum *a, uint32_t w)
{
	assert(a->n < OQ_NAT_WORDS);
	a->w[a->n++] = w;
}

void oq_bignum_set(struct oq_bignum *a, uint64_t v)
{
	a->n = 2;
	a->w[0] = (uint32_t)v;
	a->w[1] = (uint32_t)(v >> 32);
	trim(a);
}

void oq_bignum_set_bytes(struct oq_bignum *a, const uint8_t *bytes, size_t n)
{
	assert(n <= OQ_NAT_WORDS * sizeof(*a->w));
	a->n = (unsigned)((n + 3) / 4);
	memset(a->w, 0, a->n * sizeof(*a->w));
	for (size_t i = 0; i < n; i++)
		a->w[i / 4] |= (uint32_t)bytes[i] << (i % 4 * 8);
	trim(a);
}

void oq_bignum_copy(struct oq_bignum *a, const struct oq_bignum *b)
{
	a->n = b->n;
	memcpy(a->w, b->w, b->n * sizeof(*b->w));
}

uint64_t oq_bignum_bits(const struct oq_bignum *a)
{
	if (a->n == 0)
		return 0;
	return (uint64_t)a->n * 32 - (unsigned)__builtin_clz(a->w[a->n - 1]);
}

int oq_bignum_cmp(const struct oq_bignum *a, const struct oq_bignum *b)
{
	if (a->n != b->n)
		return a->n < b->n ? -1 : 1;
	for (unsigned i = a->n; i-- > 0;)
		if (a->w[i] != b->w[i])
			return a->w[i] < b->w[i] ? -1 : 1;
	return 0;
}

void oq_bignum_add(struct oq_bignum *a, const struct oq_bignum *b)
{
	uint64_t sum = 0; /* the carry in its upper half */

	while (a->n < b->n)
		push(a, 0);
	for (unsigned i = 0; i < a->n; i++) {
		sum += (uint64_t)a->w[i] + (i < b->n ? b->w[i] : 0);
		a->w[i] = (uint32_t)sum;
		sum >>= 32;
	}
	if (sum)
		push(a, (uint32_t)sum);
}

void oq_bignum_sub(struct oq_bignum *a, const struct oq_bignum *b)
{
	uint64_t borrow = 0;

	for (unsigned i = 0; i < a->n; i++) {
		uint64_t d =
			(uint64_t)a->w[i] - (i < b->n ? b->w[i] : 0) - borrow;

		a->w[i] = (uint32_t)d;
		borrow = d >> 63;
	}
	assert(!borrow);
	trim(a);
}

void oq_bignum_mul(struct oq_bignum *a, uint32_t m)
{
	uint64_t carry = 0;

	for (unsigned i = 0; i < a->n; i++) {
		carry += (uint64_t)a->w[i] * m;
		a->w[i] = (uint32_t)carry;
		carry >>= 32;
	}
	if (carry)
		push(a, (uint32_t)carry);
	trim(a);
}

void oq_bignum_shift(struct oq_bignum *a, uint64_t n)
{
	size_t words = n / 32;

	if (a->n == 0)
		return;
	oq_bignum_mul(a, 1u << n % 32);
	assert(words <= OQ_NAT_WORDS - a->n);
	memmove(a->w + words, a->w, a->n * sizeof(*a->w));
	memset(a->w, 0, words * sizeof(*a->w));
	a->n += (unsigned)words;
}

void oq_bignum_mul_pow10(struct oq_bignum *a, uint64_t n)
{
	static const uint32_t pow5[] = { 1,	   5,	    25,	     125,
					 625,	   3125,    15625,   78125,
					 390625,   1953125, 9765625, 48828125,
					 244140625 };

	for (uint64_t left = n; left > 0;) {
		uint64_t step = left < 12 ? left : 12;

		oq_bignum_mul(a, pow5[step]);
		left -= step;
	}
	oq_bignum_shift(a, n);
}

uint32_t oq_bignum_div(struct oq_bignum *a, uint32_t d)
{
	uint64_t rem = 0;

	for (unsigned i = a->n; i-- > 0;) {
		rem = rem << 32 | a->w[i];
		a->w[i] = (uint32_t)(rem / d);
		rem %= d;
	}
	trim(a);
	return (uint32_t)rem;
}
