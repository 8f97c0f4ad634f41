/* SPDX-License-Identifier: MIT */
/* damages.h - damage and its consequences, by asset
 *
 * Main thread; 0, or a negative errno with the reason.
 */
#ifndef OQ_DAMAGES_H
#define OQ_DAMAGES_H

#include "lib/sheet/kinds.h"

/* Fill the sheet of damages-rlzs or damages-stats, one statistic or realization
 * of it: the damage states and consequences of each asset.  Of event based
 * damage only the consequences, times the number of events per realization in
 * the risk investigation time. */
int oq_damages_open(const struct oq_calculation *c,
		    const struct oq_exportfile *f, struct oq_sheet *s,
		    struct oq_err *err);
/* Fill the sheet with the name of the likeliest state of each asset and loss
 * type (since 3.25). */
int oq_damages_open_modal(const struct oq_calculation *c,
			  const struct oq_exportfile *f, struct oq_sheet *s,
			  struct oq_err *err);
/* Whether that file can be had: -ENOENT if there are consequences, which the
 * engine takes for states too. */
int oq_damages_check_modal(const struct oq_calculation *c,
			   const struct oq_exportfile *f, struct oq_err *err);
/* Whether the calculation has consequences.  -ENOENT where it has none: the
 * engine then exports no such file. */
int oq_damages_check_consequences(const struct oq_calculation *c,
				  const struct oq_exportfile *f,
				  struct oq_err *err);

#endif
