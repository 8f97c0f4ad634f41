/* SPDX-License-Identifier: MIT */
/* nexus.h - labels that NeXus gives in attributes of the group
 *
 *	NX_class = NXdata       signal = "counts"
 *	                        axes = ["time", "."]        one an axis
 *	                        time_indices = 0            or [0]
 *	counts [4, 3]
 *	time [4]                its values label the first axis
 *
 * In older files the dataset itself has an attribute `signal` of 1, and `axes`
 * with the names in one text: "time:channel".  A dataset labels an axis if it
 * has one dimension and one value for each index; edges of bins do not.
 */
#ifndef OQ_NEXUS_H
#define OQ_NEXUS_H

#include <stdbool.h>

#include "lib/data/env.h"
#include "lib/data/labelset.h"
#include "lib/type/texts.h"

/* Whether the file says that it is of NeXus. */
bool oq_nexus_may_be(const struct oq_env *env);

/* Main thread.  Fill in names and labels as oq_scales_read() does. */
bool oq_nexus_read(const struct oq_env *env, const struct oq_dataset *info,
		   struct oq_labels *l, struct oq_texts *t);

#endif
