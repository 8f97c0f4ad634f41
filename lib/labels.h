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
 *	HDF5, netCDF-4     dimension scales: DIMENSION_LIST, DIMENSION_LABELS
 *
 * An axis without labels of its own has its indices.
 */
#ifndef OQ_LABELS_H
#define OQ_LABELS_H

#include <stdint.h>

#include "env.h"
#include "h5.h"

struct oq_labels {
	unsigned rank;
	char *names[OQ_MAX_RANK];   /* owned */
	char **labels[OQ_MAX_RANK]; /* owned texts, one an index; NULL: the
				       indices themselves */
	uint64_t n[OQ_MAX_RANK];    /* how many: the dataset's dimensions */
};

/* Main thread.  The labels of a dataset, or NULL where it has none, they do
 * not fit its shape, or they cannot be read (which is no reason not to show the
 * data). */
struct oq_labels *oq_labels_read(const struct oq_env *env,
				 const struct oq_dataset *info);
void oq_labels_free(struct oq_labels *l);

#endif
