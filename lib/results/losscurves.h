/* SPDX-License-Identifier: MIT */
/* losscurves.h - loss curves by asset, and the maps that are read off them
 *
 * Main thread; 0, or a negative errno with the reason.
 */
#ifndef OQ_LOSSCURVES_H
#define OQ_LOSSCURVES_H

#include "lib/sheet/kinds.h"

/* Whether a file of loss curves can be computed: -ENOENT if the assets have no
 * values of some loss type, of which a loss is a fraction. */
int oq_losscurves_check(const struct oq_calculation *c,
			const struct oq_exportfile *f, struct oq_err *err);
/* Fill the sheet of loss curves: a row for each asset, loss type and point. */
int oq_losscurves_open(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_sheet *s,
		       struct oq_err *err);
/* Fill the sheet of loss maps: for each asset, loss type and probability of
 * `conditional_loss_poes` a loss. */
int oq_losscurves_open_maps(const struct oq_calculation *c,
			    const struct oq_exportfile *f, struct oq_sheet *s,
			    struct oq_err *err);

/* The loss that is exceeded with probability 'poe', interpolated on a curve of
 * 'n' points whose poes fall; in single precision, as the engine computes it.
 * NaN for fewer than two points, or where no poe is as small as 'poe'.  Pure.
 */
float oq_conditional_loss(const float *losses, const float *poes, size_t n,
			  float poe);

#endif
