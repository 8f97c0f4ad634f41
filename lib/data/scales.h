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

/* Main thread.  Fill in what 'l' (rank and n are set, the rest is NULL) can be
 * told: names and, as far as the budget in 't' goes, labels.  Returns whether
 * there was anything. */
bool oq_scales_read(const struct oq_env *env, const struct oq_dataset *info,
		    struct oq_labels *l, struct oq_texts *t);

/* Label an axis by the values of a 1-D dataset: by the first of them, where
 * there are more; where there are less the others are empty.  False where they
 * are no texts or there is none, and 'l' is as it was. */
bool oq_scales_label(const struct oq_env *env, uint64_t addr, unsigned axis,
		     struct oq_labels *l, struct oq_texts *t);

/* The values of a 1-D dataset of 'n' elements, as oq_texts_take() has them;
 * NULL where it is none, or they are no texts. */
char **oq_scales_values(const struct oq_env *env, uint64_t addr, uint64_t n,
			struct oq_texts *t);

#endif
