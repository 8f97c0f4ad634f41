/* SPDX-License-Identifier: MIT */
/* others.c - the other files that virtual datasets of a group take data from */

#include "fs/source/others.h"

#include <stdlib.h>
#include <string.h>

void oqfs_others_free(struct oqfs_others *o)
{
	if (!o)
		return;
	for (unsigned i = 0; i < o->n; i++)
		free(o->of[i].path);
	oq_buf_free(&o->names);
	free(o);
}

static bool is_same(const struct oqfs_other *a, const struct oqfs_other *b)
{
	return strcmp(a->path, b->path) == 0 &&
	       oqfs_identity_same(&a->id, &b->id) && a->is_young == b->is_young;
}

bool oqfs_others_same(const struct oqfs_others *a, const struct oqfs_others *b)
{
	bool same = a->n == b->n && a->names.len == b->names.len &&
		    memcmp(a->names.data, b->names.data, a->names.len) == 0;

	for (unsigned i = 0; same && i < a->n; i++)
		same = is_same(&a->of[i], &b->of[i]);
	return same;
}
