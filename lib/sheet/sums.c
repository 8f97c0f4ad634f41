/* SPDX-License-Identifier: MIT */
/* sums.c - sums as NumPy adds them */

#include "lib/sheet/sums.h"

/* Up to so many are added in eight columns; more are halved. */
#define BLOCK 128

#define SUM(name, type)                                                  \
	type name(const type *v, size_t n)                               \
	{                                                                \
		type r[8], sum = 0;                                      \
		size_t i, half = n / 2 - n / 2 % 8;                      \
                                                                         \
		if (n > BLOCK)                                           \
			return name(v, half) + name(v + half, n - half); \
		if (n < 8) {                                             \
			for (i = 0; i < n; i++)                          \
				sum += v[i];                             \
			return sum;                                      \
		}                                                        \
		for (i = 0; i < 8; i++)                                  \
			r[i] = v[i];                                     \
		for (i = 8; i < n - n % 8; i++)                          \
			r[i % 8] += v[i];                                \
		sum = ((r[0] + r[1]) + (r[2] + r[3])) +                  \
		      ((r[4] + r[5]) + (r[6] + r[7]));                   \
		for (i = n - n % 8; i < n; i++)                          \
			sum += v[i];                                     \
		return sum;                                              \
	}

SUM(oq_sum_f32, float)
SUM(oq_sum_f64, double)
