/* SPDX-License-Identifier: MIT */
/* labelset.h - names and labels of a dataset's axes, once they are read
 *
 * An axis without labels of its own has its indices.  All open views of a
 * dataset share one copy, which is counted.
 */
#ifndef OQ_LABELSET_H
#define OQ_LABELSET_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/hdf5/h5.h"

/* I set by oq_labels_read(), never changed; A atomic; T main thread */
struct oq_labels {
	atomic_uint refs; /* A */
	unsigned views;	  /* T: open views that use them (filecache.c) */
	size_t bytes;	  /* I: of memory */
	bool beside;	  /* I: they come from datasets, see beside.h */
	unsigned rank;	  /* I, as is all that follows */
	char *names[OQ_MAX_RANK];   /* owned: of the columns of a csv */
	char *given[OQ_MAX_RANK];   /* owned: the file's own, where different;
				       else NULL */
	char **labels[OQ_MAX_RANK]; /* owned texts, one an index; NULL: the
				       indices themselves */
	uint64_t n[OQ_MAX_RANK];    /* how many: the dataset's dimensions */
};

/* A set with one reference, 'rank' and 'n' of the dataset, and no names or
 * labels yet.  NULL: no memory. */
struct oq_labels *oq_labels_new(const struct oq_dataset *info);
/* Take and give back a reference.  Any thread; NULL is accepted. */
struct oq_labels *oq_labels_get(struct oq_labels *l);
void oq_labels_put(struct oq_labels *l);

#endif
