/* SPDX-License-Identifier: MIT */
/* aggtables.h - losses aggregated by tags, and their curves: small tables
 *
 * One table has the rows of all aggregations.  A file has those of one, sorted
 * by `agg_id` and loss type, with the texts of the tags and the ratio of each
 * loss to the value at risk.  Main thread; 0, or a negative errno with the
 * reason.
 */
#ifndef OQ_AGGTABLES_H
#define OQ_AGGTABLES_H

#include "lib/sheet/kinds.h"

int oq_aggtables_open_risk(const struct oq_calculation *c,
			   const struct oq_exportfile *f, struct oq_sheet *s,
			   struct oq_err *err);
int oq_aggtables_open_curves(const struct oq_calculation *c,
			     const struct oq_exportfile *f, struct oq_sheet *s,
			     struct oq_err *err);
/* Statistics of the losses over the realizations (the engine's mean and
 * quantiles), which the datastore does not have and oqfs computes. */
int oq_aggtables_open_stats(const struct oq_calculation *c,
			    const struct oq_exportfile *f, struct oq_sheet *s,
			    struct oq_err *err);

/* Whether a file has rows that can be shown, found by opening it; a table of
 * more than 2^18 rows passes untried.  0, or why not. */
int oq_aggtables_check(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_err *err);

#endif
