/* SPDX-License-Identifier: MIT */
/* labelset.c - names and labels of a dataset's axes, once they are read */

#include "lib/data/labelset.h"

#include <stdlib.h>
#include <string.h>

struct oq_labels *oq_labels_new(const struct oq_dataset *info)
{
	struct oq_labels *l = calloc(1, sizeof(*l));

	if (!l)
		return NULL;
	atomic_init(&l->refs, 1);
	l->rank = info->rank;
	memcpy(l->n, info->dims, sizeof(l->n));
	return l;
}

struct oq_labels *oq_labels_get(struct oq_labels *l)
{
	if (l)
		atomic_fetch_add(&l->refs, 1);
	return l;
}

void oq_labels_put(struct oq_labels *l)
{
	if (!l || atomic_fetch_sub(&l->refs, 1) > 1)
		return;
	for (unsigned i = 0; i < l->rank; i++) {
		free(l->names[i]);
		free(l->given[i]);
		free(l->labels[i]);
	}
	free(l);
}
