/* SPDX-License-Identifier: MIT */
/* scales.h - labels from HDF5 dimension scales, as netCDF-4 has them
 *
 * Attribute DIMENSION_LIST has for each axis references to its scales: 1-D
 * datasets with a coordinate for each index, and a NAME.  An axis may also have
 * just a name, in DIMENSION_LABELS.  Scales need not fit: one may be longer or
 * shorter (netCDF-4, of a dimension that grows), have two dimensions or be a
 * compound. */
#ifndef OQ_SCALES_H
#define OQ_SCALES_H

#include <stdbool.h>

#include "lib/data/env.h"
#include "lib/data/labelset.h"
#include "lib/type/texts.h"

/* Main thread.  Fill in the names of 'l' (whose rank and n are set) and, as far
 * as the budget in 't' goes, its labels.  Returns whether there were any. */
bool oq_scales_read(const struct oq_env *env, const struct oq_dataset *info,
		    struct oq_labels *l, struct oq_texts *t);

/* Label an axis by the values of the 1-D dataset at 'addr'.  Of more values
 * than the axis has indices the first are used; where there are fewer, the
 * other labels are empty.  False, with 'l' unchanged, where there are no values
 * or they do not make labels. */
bool oq_scales_label(const struct oq_env *env, uint64_t addr, unsigned axis,
		     struct oq_labels *l, struct oq_texts *t);

/* The values of a 1-D dataset of 'n' elements as oq_texts_take() gives them.
 * NULL where it is no such dataset or its values do not make labels. */
char **oq_scales_values(const struct oq_env *env, uint64_t addr, uint64_t n,
			struct oq_texts *t);

#endif
