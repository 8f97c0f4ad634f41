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
 * of its own has its indices.  All views of a dataset
 * that are open share one copy.
 */
#ifndef OQ_LABELS_H
#define OQ_LABELS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/data/env.h"
#include "lib/hdf5/h5.h"

/* I set by oq_labels_read(), never changed; A atomic; T main thread */
struct oq_labels {
	atomic_uint refs;	    /* A */
	unsigned views;		    /* T: that are open; of filecache.c */
	size_t bytes;		    /* I: what they take */
	bool beside;		    /* I: in datasets, see beside.h */
	unsigned rank;		    /* I, as is all that follows */
	char *names[OQ_MAX_RANK];   /* owned: as the columns of a csv */
	char *given[OQ_MAX_RANK];   /* owned: as in the file, if that is other;
				       or NULL */
	char **labels[OQ_MAX_RANK]; /* owned texts, one an index; NULL: the
				       indices themselves */
	uint64_t n[OQ_MAX_RANK];    /* how many: the dataset's dimensions */
};

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
/* Any thread.  NULL is accepted. */
struct oq_labels *oq_labels_get(struct oq_labels *l);
void oq_labels_put(struct oq_labels *l);

#endif
