/* SPDX-License-Identifier: MIT */
/* aggarrays.h - labelled arrays of losses as tables of their non-zero cells
 *
 * Main thread.  Each function fills the sheet of a file (kinds.h): 0, or a
 * negative errno with the reason.
 */
#ifndef OQ_AGGARRAYS_H
#define OQ_AGGARRAYS_H

#include "lib/sheet/kinds.h"

/* Of engines before 3.13: the curves are an array [agg_id, which, loss type,
 * return period], the losses [agg_id, which, loss type]; a file has the cells
 * of one 'which', a statistic or realization. */
int oq_aggarrays_open_curves(const struct oq_calculation *c,
			     const struct oq_exportfile *f, struct oq_sheet *s,
			     struct oq_err *err);
/* -ENOENT where the curves have tags, but `agg_keys` is no table of their
 * texts: how those were written is not known. */
int oq_aggarrays_check_tags(const struct oq_calculation *c,
			    const struct oq_exportfile *f, struct oq_err *err);
int oq_aggarrays_open_losses(const struct oq_calculation *c,
			     const struct oq_exportfile *f, struct oq_sheet *s,
			     struct oq_err *err);
/* Any array whose axes have labels: a row of a cell's labels and its value. */
int oq_aggarrays_open_sources(const struct oq_calculation *c,
			      const struct oq_exportfile *f, struct oq_sheet *s,
			      struct oq_err *err);

#endif
