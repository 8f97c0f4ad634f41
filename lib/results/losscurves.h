/* SPDX-License-Identifier: MIT */
/* losscurves.h - the maps that are read off loss curves by asset */
#ifndef OQ_LOSSCURVES_H
#define OQ_LOSSCURVES_H

#include "lib/sheet/kinds.h"

int oq_losscurves_open_maps(const struct oq_calculation *c,
			    const struct oq_exportfile *f, struct oq_sheet *s,
			    struct oq_err *err);

/* The loss that is exceeded with probability 'poe', of a curve whose poes
 * fall; in single precision, as the engine computes it.  NaN where the curve
 * makes no sense. */
float oq_conditional_loss(const float *losses, const float *poes, size_t n,
			  float poe);

#endif
