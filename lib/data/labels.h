/* SPDX-License-Identifier: MIT */
/* labels.h - the names and labels of a dataset's axes
 *
 * Five ways of writing them are known:
 *
 *	the engine, now    attribute `json`: {"shape_descr": ["site_id", "imt"],
 *	                   "site_id": 12, "imt": ["PGA", "SA(0.3)"]}; an integer
 *	                   n stands for range(n)
 *	the engine, then   attribute `shape_descr` (axis names) and an
 *	                   attribute of that name for each axis
 *	                   or datasets beside it: see beside.h
 *	HDF5, netCDF-4     dimension scales: DIMENSION_LIST, DIMENSION_LABELS
 *	NeXus              attributes of the group: see nexus.h
 *	HDF-EOS5           a text that describes the file: see hdfeos.h
 *
 * An axis gets a label for each of its indices.  Of a list that is longer the
 * rest is not used; behind a shorter list the labels are empty.  If what should
 * label an axis is not a list of texts or numbers, the axis does not get its
 * name either.  An axis without labels shows its indices.  The result is a
 * struct oq_labels (labelset.h).
 */
#ifndef OQ_LABELS_H
#define OQ_LABELS_H

#include "lib/data/env.h"
#include "lib/data/labelset.h"
#include "lib/hdf5/h5.h"

/* Main thread.  The labels of a dataset, with a reference for the caller.  NULL
 * where it has none, or they are for another rank or cannot be read, which is
 * no reason not to show the data.  'name' is the link's; it may be NULL for
 * less than three dimensions. */
struct oq_labels *oq_labels_read(const struct oq_env *env,
				 const struct oq_dataset *info,
				 const char *name);
/* The same without reading, if 'known' (may be NULL) are of the same shape. */
struct oq_labels *oq_labels_share(const struct oq_env *env,
				  const struct oq_dataset *info,
				  const char *name, struct oq_labels *known);

#endif
