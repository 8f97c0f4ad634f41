/* SPDX-License-Identifier: MIT */
/* srcrates.h - how often a level is exceeded because of each source */
#ifndef OQ_SRCRATES_H
#define OQ_SRCRATES_H

#include "lib/sheet/kinds.h"

/* -ENOENT where the sites are not numbered through. */
int oq_srcrates_check(const struct oq_calculation *c,
		      const struct oq_exportfile *f, struct oq_err *err);
/* The rates of a site that are not zero, by source, intensity and level. */
int oq_srcrates_open(const struct oq_calculation *c,
		     const struct oq_exportfile *f, struct oq_sheet *s,
		     struct oq_err *err);

#endif
