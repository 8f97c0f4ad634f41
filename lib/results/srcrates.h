/* SPDX-License-Identifier: MIT */
/* srcrates.h - how often a level is exceeded because of each source */
#ifndef OQ_SRCRATES_H
#define OQ_SRCRATES_H

#include "lib/sheet/kinds.h"

/* Returns -ENOENT if the site's number in the file's name is not its id. */
int oq_srcrates_check(const struct oq_calculation *c,
		      const struct oq_exportfile *f, struct oq_err *err);
/* Make the sheet of a site: its rates that are not zero, sorted by source,
 * intensity and level. */
int oq_srcrates_open(const struct oq_calculation *c,
		     const struct oq_exportfile *f, struct oq_sheet *s,
		     struct oq_err *err);

#endif
