/* SPDX-License-Identifier: MIT */
/* listed.h - columns that are found by names which are listed somewhere
 *
 * Main thread only.
 */
#ifndef OQ_LISTED_H
#define OQ_LISTED_H

#include <stdint.h>

#include "lib/convention/columns.h"
#include "lib/hdf5/h5.h"

/* What adding one column takes: the group that lists it, and where it goes. */
struct oq_listed {
	struct oq_h5 *h5;
	uint64_t group;
	struct oq_columns *c;
};

/* Call 'each' with the texts of an attribute, in their order, until 'each'
 * returns other than 0.  Returns that value; 0 at the end of the list; -ENOENT
 * where the attribute is no list of texts; or why it cannot be read. */
int oq_listed_names(struct oq_h5 *h5, uint64_t addr, const char *attr,
		    int (*each)(void *ctx, const char *name), void *ctx);

#endif
