/* SPDX-License-Identifier: MIT */
/* hidden.h - objects that programs write into a file for their own use
 *
 *	MATLAB 7.3   `#refs#` and `#subsystem#` in the root: the contents of
 *	             cells and objects, under names that mean nothing
 *	netCDF-4     a dataset without data for each dimension that has no
 *	             coordinates
 *
 * These objects are not listed, but open by name.  Main thread only.
 */
#ifndef OQ_HIDDEN_H
#define OQ_HIDDEN_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/hdf5/h5.h"

/* The attribute NAME of such a netCDF dimension begins with this. */
#define OQ_NO_VARIABLE "This is a netCDF dimension but not a netCDF variable"

/* Whether the group called 'name' in the group at address 'parent' is one. */
bool oq_hidden_group(struct oq_h5 *h5, uint64_t parent, const char *name);
/* Whether a dataset is one. */
bool oq_hidden_dataset(struct oq_h5 *h5, const struct oq_dataset *info);

#endif
