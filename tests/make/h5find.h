/* SPDX-License-Identifier: MIT */
/* h5find.h - where a member of a group is */
#ifndef H5FIND_H
#define H5FIND_H

#include <string.h>

#include "lib/hdf5/h5.h"
#include "tests/make/mkh5.h"

struct h5_wanted {
	const char *name;
	uint64_t addr;
};

static inline int h5_match(void *ctx, const struct oq_h5_link *l)
{
	struct h5_wanted *w = ctx;

	if (strcmp(l->name, w->name) == 0)
		w->addr = l->addr;
	return 0;
}

/* OQ_NO_ADDR where there is none of that name. */
static inline uint64_t h5_find(struct oq_h5 *h5, uint64_t group,
			       const char *name)
{
	struct h5_wanted w = { name, OQ_NO_ADDR };

	OK(oq_h5_list(h5, group, h5_match, &w, NULL));
	return w.addr;
}

#endif
