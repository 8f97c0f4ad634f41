/* SPDX-License-Identifier: MIT */
/* beside.h - labels that stand beside their array in a group
 *
 * The engine writes some results (mean_rates_by_src) as a group with a dataset
 * `array`, a dataset `shape_descr` with the names of its axes, and a dataset
 * for each of those names, which holds the labels or an integer n for range(n).
 */
#ifndef OQ_BESIDE_H
#define OQ_BESIDE_H

#include <stdbool.h>

#include "lib/data/env.h"
#include "lib/data/labelset.h"
#include "lib/type/texts.h"

/* Whether a dataset that a link of this name leads to can be such an array.
 * Only of rank 3 or more: there labels do not change the rows of its table. */
bool oq_beside_may_be(const struct oq_dataset *info, const char *name);

/* Main thread.  The group that holds a dataset, by the first path that leads to
 * it; OQ_NO_ADDR if none does.  '*name' is the dataset's name in that group;
 * the caller frees it in any case. */
uint64_t oq_beside_group(const struct oq_env *env,
			 const struct oq_dataset *info, char **name);

/* Main thread.  Fill in names and labels as oq_scales_read() does. */
bool oq_beside_read(const struct oq_env *env, const struct oq_dataset *info,
		    struct oq_labels *l, struct oq_texts *t);

#endif
