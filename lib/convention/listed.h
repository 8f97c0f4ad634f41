/* SPDX-License-Identifier: MIT */
/* listed.h - names of columns that an attribute lists
 *
 * Main thread only.
 */
#ifndef OQ_LISTED_H
#define OQ_LISTED_H

#include <stdint.h>

#include "lib/hdf5/h5.h"

/* Call 'each' with the texts of an attribute, in their order, until 'each'
 * returns other than 0.  Returns that value; 0 at the end of the list; -ENOENT
 * where the attribute is no list of texts; or why it cannot be read. */
int oq_listed_names(struct oq_h5 *h5, uint64_t addr, const char *attr,
		    int (*each)(void *ctx, const char *name), void *ctx);

#endif
