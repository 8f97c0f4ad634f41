/* SPDX-License-Identifier: MIT */
/* quantile.h - a weighted quantile as the engine interpolates it */
#ifndef OQ_QUANTILE_H
#define OQ_QUANTILE_H

#include <stdbool.h>

#include "lib/engine/values.h"

/* Where the weights of the values that are not larger come to 'q', by a line
 * between two of them.  'weights' are floats, one for each of 'value', at
 * least one; they are added in double precision.  'doubtful': it may be that
 * they were added in their own, and those of equal values in any order; then
 * '*e' is -ENOENT where that would make a difference.  Or -ENOMEM. */
double oq_quantile(double q, const double *value,
		   const struct oq_values *weights, bool doubtful, int *e);

#endif
