/* SPDX-License-Identifier: MIT */
/* disagg.h - disaggregation: an array [site, axes ..., imt, poe, z] as rows */
#ifndef OQ_DISAGG_H
#define OQ_DISAGG_H

#include "lib/sheet/kinds.h"

/* Whether a site has anything but zeros. */
int oq_disagg_check(const struct oq_calculation *c,
		    const struct oq_exportfile *f, struct oq_err *err);
int oq_disagg_open(const struct oq_calculation *c,
		   const struct oq_exportfile *f, struct oq_sheet *s,
		   struct oq_err *err);

#endif
