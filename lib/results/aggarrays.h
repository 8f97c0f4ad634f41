/* SPDX-License-Identifier: MIT */
/* aggarrays.h - labelled arrays of losses as tables of what is not zero */
#ifndef OQ_AGGARRAYS_H
#define OQ_AGGARRAYS_H

#include "lib/sheet/kinds.h"

/* Before 3.13: [agg_id, which, loss type, return period], and [agg_id, which,
 * loss type]. */
int oq_aggarrays_open_curves(const struct oq_calculation *c,
			     const struct oq_exportfile *f, struct oq_sheet *s,
			     struct oq_err *err);
int oq_aggarrays_open_losses(const struct oq_calculation *c,
			     const struct oq_exportfile *f, struct oq_sheet *s,
			     struct oq_err *err);
/* Any array whose axes have labels: the labels, then the value. */
int oq_aggarrays_open_sources(const struct oq_calculation *c,
			      const struct oq_exportfile *f, struct oq_sheet *s,
			      struct oq_err *err);

#endif
