/* SPDX-License-Identifier: MIT */
/* aggtables.h - losses aggregated by tags, and their curves: small tables
 *
 * One table has all aggregations; a file has the rows of one, in groups, with
 * the texts of its tags and the losses as a part of what is at risk.
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
/* Statistics over the realizations: of the mean and the maximum. */
int oq_aggtables_open_stats(const struct oq_calculation *c,
			    const struct oq_exportfile *f, struct oq_sheet *s,
			    struct oq_err *err);

/* Whether such a file can be had, found by trying. */
int oq_aggtables_check(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_err *err);

#endif
