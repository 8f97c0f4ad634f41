/* SPDX-License-Identifier: MIT */
/* realizations.h - the paths through the logic tree, as the engine names them
 *
 * A realization is a path through the source model's tree and one branch for
 * each tectonic region type: "A~BC", a letter for each branch.  Main thread; 0,
 * or a negative errno with the reason.
 */
#ifndef OQ_REALIZATIONS_H
#define OQ_REALIZATIONS_H

#include "lib/sheet/kinds.h"

/* Fill the sheet with the columns rlz_id, branch_path, weight. */
int oq_realizations_open(const struct oq_calculation *c,
			 const struct oq_exportfile *f, struct oq_sheet *s,
			 struct oq_err *err);
/* Whether the weights are known to the last digit: 0, or -ENOENT where some
 * versions divide them by their sum and that changes a digit. */
int oq_realizations_check(const struct oq_calculation *c,
			  const struct oq_exportfile *f, struct oq_err *err);

#endif
