/* SPDX-License-Identifier: MIT */
/* netcdf.h - texts that netCDF stores as arrays of characters
 *
 *	char name(station, name_len)      names of stations, of name_len bytes
 *	char flag(station)                one letter for each: not texts
 *
 * As in xarray, the characters along the last dimension make a text if only
 * arrays of characters use that dimension.  Main thread only.
 */
#ifndef OQ_NETCDF_H
#define OQ_NETCDF_H

#include <stdbool.h>

#include "lib/hdf5/h5.h"

/* Whether a dataset holds texts in this way, of at most 65,536 bytes each. */
bool oq_netcdf_is_text(struct oq_h5 *h5, const struct oq_dataset *info);

#endif
