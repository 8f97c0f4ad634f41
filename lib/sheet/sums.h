/* SPDX-License-Identifier: MIT */
/* sums.h - sums as NumPy adds them, in single or double precision
 *
 * Pairwise, in NumPy's order, since the order of additions decides the last
 * digit.  Pure.
 */
#ifndef OQ_SUMS_H
#define OQ_SUMS_H

#include <stddef.h>

float oq_sum_f32(const float *v, size_t n);
double oq_sum_f64(const double *v, size_t n);

#endif
