/* SPDX-License-Identifier: MIT */
/* beside.h - labels that stand beside their array in a group
 *
 * As the engine writes some results (mean_rates_by_src): a group of a dataset
 * `array`, a dataset `shape_descr` of the names of its axes, and a dataset of
 * each of those names, with the labels or with an integer n for range(n).
 */
#ifndef OQ_BESIDE_H
#define OQ_BESIDE_H

#include <stdbool.h>

#include "lib/data/env.h"
#include "lib/data/labelset.h"
#include "lib/type/texts.h"

/* Can a dataset with this name be one?  Only of rank 3 or more, where a table
 * has the same rows with labels and without. */
bool oq_beside_may_be(const struct oq_dataset *info, const char *name);

/* Main thread.  As oq_scales_read(). */
bool oq_beside_read(const struct oq_env *env, const struct oq_dataset *info,
		    struct oq_labels *l, struct oq_texts *t);

#endif
