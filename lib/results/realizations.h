/* SPDX-License-Identifier: MIT */
/* realizations.h - the paths through the logic tree, as the engine names them
 *
 * A realization is a path through the source model's tree and one branch for
 * each tectonic region type: "A~BC", a letter a branch.
 */
#ifndef OQ_REALIZATIONS_H
#define OQ_REALIZATIONS_H

#include "lib/sheet/kinds.h"

/* Open the sheet rlz_id, branch_path, weight. */
int oq_realizations_open(const struct oq_calculation *c,
			 const struct oq_exportfile *f, struct oq_sheet *s,
			 struct oq_err *err);
/* -ENOENT where their weights are not known to the last digit. */
int oq_realizations_check(const struct oq_calculation *c,
			  const struct oq_exportfile *f, struct oq_err *err);

#endif
