/* SPDX-License-Identifier: MIT */
/* lossevents.h - losses by event: the totals, each with its rupture and year */
#ifndef OQ_LOSSEVENTS_H
#define OQ_LOSSEVENTS_H

#include "lib/sheet/kinds.h"

/* Whether the order of the rows can be known: since 3.13 they are by loss, and
 * of equal losses nobody knows which comes first. */
int oq_lossevents_check(const struct oq_calculation *c,
			const struct oq_exportfile *f, struct oq_err *err);
int oq_lossevents_open(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_sheet *s,
		       struct oq_err *err);

#endif
