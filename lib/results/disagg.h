/* SPDX-License-Identifier: MIT */
/* disagg.h - disaggregation: an array [site, axes ..., imt, poe, z] as rows
 *
 * A file is of one site, with a column for each realization or statistic z.
 * Main thread.
 */
#ifndef OQ_DISAGG_H
#define OQ_DISAGG_H

#include "lib/sheet/kinds.h"

/* Whether a file's site has anything but zeros; a site of more than 2^22 cells
 * is not looked at.  0, -ENOENT where all are 0, or another negative errno. */
int oq_disagg_check(const struct oq_calculation *c,
		    const struct oq_exportfile *f, struct oq_err *err);
/* Fill the sheet.  0, or a negative errno with the reason. */
int oq_disagg_open(const struct oq_calculation *c,
		   const struct oq_exportfile *f, struct oq_sheet *s,
		   struct oq_err *err);

#endif
