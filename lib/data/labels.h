/* SPDX-License-Identifier: MIT */
/* labels.h - the names and labels of a dataset's axes
 *
 * Three ways of writing them are known:
 *
 *	the engine, now    attribute `json`: {"shape_descr": ["site_id", "imt"],
 *	                   "site_id": 12, "imt": ["PGA", "SA(0.3)"]}; an integer
 *	                   n stands for range(n)
 *	the engine, then   attribute `shape_descr` (axis names) and an
 *	                   attribute of that name for each axis
 *	                   or datasets beside it: see beside.h
 *	HDF5, netCDF-4     dimension scales: DIMENSION_LIST, DIMENSION_LABELS
 *
 * An axis has labels for all its indices: of a list that is longer the first,
 * behind a shorter one empty ones.  Where what should label it is no list of
 * texts or numbers it does not have that name either.  An axis without labels
 * of its own has its indices.  The result is a struct oq_labels (labelset.h).
 */
#ifndef OQ_LABELS_H
#define OQ_LABELS_H

#include "lib/data/env.h"
#include "lib/data/labelset.h"
#include "lib/hdf5/h5.h"

/* Main thread.  The labels of a dataset, one reference; or NULL where it has
 * none, they are not for its rank, or they cannot be read (which is no reason
 * not to show the data).  'name' is that of the link; it may be NULL for less
 * than three dimensions. */
struct oq_labels *oq_labels_read(const struct oq_env *env,
				 const struct oq_dataset *info,
				 const char *name);
/* The same, if 'known' (NULL accepted) are not of another shape. */
struct oq_labels *oq_labels_share(const struct oq_env *env,
				  const struct oq_dataset *info,
				  const char *name, struct oq_labels *known);

#endif
