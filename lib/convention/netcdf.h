/* SPDX-License-Identifier: MIT */
/* netcdf.h - texts as netCDF has them: a last axis of characters
 *
 *	char name(station, name_len)      stations' names, of name_len bytes
 *	char flag(station)                a letter for each: no texts
 *
 * As xarray has it, the last dimension makes texts if nothing but arrays of
 * characters has it.  Main thread only.
 */
#ifndef OQ_NETCDF_H
#define OQ_NETCDF_H

#include <stdbool.h>

#include "lib/hdf5/h5.h"

/* Whether a dataset of single characters is texts along its last axis. */
bool oq_netcdf_is_text(struct oq_h5 *h5, const struct oq_dataset *info);

#endif
