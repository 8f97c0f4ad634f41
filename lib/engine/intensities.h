/* SPDX-License-Identifier: MIT */
/* intensities.h - intensity measure types and their levels
 *
 * Main thread.
 */
#ifndef OQ_INTENSITIES_H
#define OQ_INTENSITIES_H

#include "lib/engine/calculation.h"

/* Fill in 'imts' and 'levels' of a calculation from `hazard_imtls`, or else
 * `risk_imtls`, sorted by period; intensities without a period come first.
 * Returns 0 or -ENOMEM. */
int oq_intensities_list(struct oq_calculation *c);

/* Level number 'level' of intensity 'imt' < imts.n.  0, or -EIO with the reason
 * where the parameters have no such level. */
int oq_intensities_level(const struct oq_calculation *c, size_t imt,
			 size_t level, double *out, struct oq_err *err);

#endif
