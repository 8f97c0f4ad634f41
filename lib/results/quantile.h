/* SPDX-License-Identifier: MIT */
/* quantile.h - a weighted quantile as the engine interpolates it */
#ifndef OQ_QUANTILE_H
#define OQ_QUANTILE_H

#include <stdbool.h>

#include "lib/engine/values.h"

/* The value at which the weights of all values up to it sum to 'q', on a line
 * between two neighbours.  'weights' are floats, one for each of 'value', at
 * least one; they are summed in double precision.
 *
 * 'doubtful': the engine may have summed them in their own precision, and those
 * of equal values in another order.  '*e' is 0; -ENOENT where that would change
 * the result; or -ENOMEM.  Any thread. */
double oq_quantile(double q, const double *value,
		   const struct oq_values *weights, bool doubtful, int *e);

#endif
