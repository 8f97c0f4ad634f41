/* SPDX-License-Identifier: MIT */
/* hidden.h - what writers put into a file for themselves
 *
 *	MATLAB 7.3   `#refs#` and `#subsystem#` in the root: what cells and
 *	             objects are made of, under names that mean nothing
 *	netCDF-4     a dataset for each dimension that has no coordinates, of
 *	             whose numbers none was ever written
 *
 * Such is not listed, and opens by name.  Main thread only.
 */
#ifndef OQ_HIDDEN_H
#define OQ_HIDDEN_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/hdf5/h5.h"

/* The NAME of such a dimension begins with it. */
#define OQ_NO_VARIABLE "This is a netCDF dimension but not a netCDF variable"

/* Whether a group is such, with this name in the group at 'parent'; and whether
 * a dataset is. */
bool oq_hidden_group(struct oq_h5 *h5, uint64_t parent, const char *name);
bool oq_hidden_dataset(struct oq_h5 *h5, const struct oq_dataset *info);

#endif
