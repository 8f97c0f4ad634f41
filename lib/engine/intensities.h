/* SPDX-License-Identifier: MIT */
/* intensities.h - intensity measure types and their levels */
#ifndef OQ_INTENSITIES_H
#define OQ_INTENSITIES_H

#include "lib/engine/calculation.h"

/* Fill in 'imts' and 'levels': of `hazard_imtls`, or of `risk_imtls`, by
 * period; those without one first.  Returns 0 or -ENOMEM. */
int oq_intensities_list(struct oq_calculation *c);

/* A level; -EIO where the parameters have no such one. */
int oq_intensities_level(const struct oq_calculation *c, size_t imt,
			 size_t level, double *out, struct oq_err *err);

#endif
