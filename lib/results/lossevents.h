/* SPDX-License-Identifier: MIT */
/* lossevents.h - losses by event: the totals, each with its rupture and year
 *
 * Main thread.
 */
#ifndef OQ_LOSSEVENTS_H
#define OQ_LOSSEVENTS_H

#include "lib/sheet/kinds.h"

/* Whether the order of the rows is known.  Since 3.13 the engine sorts them by
 * loss, and which of two equal losses comes first is not known: -ENOENT.  In a
 * table of more than 2^20 rows equal losses are only found when it is read.
 * Returns 0 or a negative errno with the reason. */
int oq_lossevents_check(const struct oq_calculation *c,
			const struct oq_exportfile *f, struct oq_err *err);
/* Fill the sheet.  0, or a negative errno with the reason. */
int oq_lossevents_open(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_sheet *s,
		       struct oq_err *err);

#endif
