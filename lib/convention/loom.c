/* SPDX-License-Identifier: MIT */
/* loom.c - the attributes of rows and columns in loom files
 *
 * A loom file says which version of its specification it is of, in
 * LOOM_SPEC_VERSION, an attribute of the file or, from 3.0 on, a dataset of the
 * group `attrs`.  The groups `row_attrs` and `col_attrs` have a dataset for
 * each attribute, whose first axis is the rows or columns of `matrix`.
 */

#include <errno.h>

#include "lib/convention/convention.h"
#include "lib/convention/group.h"

#define VERSION "LOOM_SPEC_VERSION"

static bool is_loom(struct oq_h5 *h5, uint64_t root)
{
	uint64_t attrs;

	if (oq_h5_attr_exists(h5, root, VERSION))
		return true;
	attrs = oq_h5_find(h5, root, "attrs");
	return attrs != OQ_NO_ADDR &&
	       oq_h5_find(h5, attrs, VERSION) != OQ_NO_ADDR;
}

int oq_loom_attrs(struct oq_h5 *h5, uint64_t group, struct oq_columns *c)
{
	return is_loom(h5, oq_h5_root(h5))
		       ? oq_group_columns(h5, group, NULL, c)
		       : -ENODATA;
}
