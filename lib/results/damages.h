/* SPDX-License-Identifier: MIT */
/* damages.h - damage and its consequences, by asset */
#ifndef OQ_DAMAGES_H
#define OQ_DAMAGES_H

#include "lib/sheet/kinds.h"

/* `damages` of classical calculations, `avg_damages` of scenarios, `avg_risk`
 * of event based ones. */
int oq_damages_open(const struct oq_calculation *c,
		    const struct oq_exportfile *f, struct oq_sheet *s,
		    struct oq_err *err);
/* -ENOENT where there are no consequences: nothing is exported then. */
int oq_damages_check_consequences(const struct oq_calculation *c,
				  const struct oq_exportfile *f,
				  struct oq_err *err);

#endif
