/* SPDX-License-Identifier: MIT */
/* hdfeos.h - names of axes, as HDF-EOS5 has them
 *
 * A text in `/HDFEOS INFORMATION/StructMetadata.0` (and .1, ...) describes the
 * swaths, grids and zonal averages that are below `/HDFEOS`:
 *
 *	SwathName="OMI"
 *	OBJECT=DataField_1
 *		DataFieldName="NO2"
 *		DimList=("nTimes","nXtrack")
 *
 * so the axes of /HDFEOS/SWATHS/OMI/Data Fields/NO2 are called so.  There are
 * no labels.
 */
#ifndef OQ_HDFEOS_H
#define OQ_HDFEOS_H

#include <stdbool.h>

#include "lib/data/env.h"
#include "lib/data/labelset.h"

/* Whether the file is of HDF-EOS5. */
bool oq_hdfeos_may_be(const struct oq_env *env);

/* Main thread.  Fill in the names of 'l', whose rank is set.  Returns whether
 * there were any. */
bool oq_hdfeos_read(const struct oq_env *env, const struct oq_dataset *info,
		    struct oq_labels *l);

#endif
