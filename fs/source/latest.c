/* SPDX-License-Identifier: MIT */
/* latest.c - the calculation with the highest number */

#include "fs/source/latest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "fs/source/target.h"
#include "lib/base/buf.h"

/* The highest number below 'limit' among the names; -1 where there is none. */
static int64_t highest(const struct oq_buf *names, int64_t limit,
		       char name[NAME_MAX + 1])
{
	int64_t best = -1;

	for (size_t at = 0; at < names->len;
	     at += strlen(names->data + at) + 1) {
		const char *real = names->data + at;
		char shown[NAME_MAX + 1];
		int64_t v;

		(void)oqfs_calc_name(real, shown);
		v = oqfs_calc_number(shown, strlen(shown));
		if (v <= best || v >= limit)
			continue;
		best = v;
		strcpy(name, shown);
	}
	return best;
}

/* What is shown as a calculation, or a link that has its whole name. */
static int find_or_link(struct oqfs_catalog *c, const char *dir,
			const char *name, struct oqfs_source *out)
{
	char file[NAME_MAX + 1];
	int r = oqfs_catalog_find(c, dir, name, out);

	if (r != -ENOENT ||
	    snprintf(file, sizeof(file), "%s.hdf5", name) > NAME_MAX)
		return r;
	r = oqfs_catalog_look(c, dir, file, out);
	return r || out->kind == OQFS_SOURCE_LINK ? r : -ENOENT;
}

int oqfs_latest(struct oqfs_catalog *c, const struct oqfs_roots *roots,
		const char *dir, char name[NAME_MAX + 1])
{
	OQ_BUF struct oq_buf names = { 0 };
	int64_t limit = INT64_MAX;
	struct oqfs_source s;
	int r = oqfs_roots_has(roots, dir) ? oqfs_catalog_list(c, dir, &names)
					   : -ENOENT;

	if (r)
		return r;
	while ((limit = highest(&names, limit, name)) >= 0) {
		if (find_or_link(c, dir, name, &s))
			continue;
		snprintf(name, NAME_MAX + 1, "%s", s.shown);
		if (s.kind == OQFS_SOURCE_STORE || s.kind == OQFS_SOURCE_DIR ||
		    (s.kind == OQFS_SOURCE_LINK &&
		     oqfs_target_is_dir(c, roots, s.path)))
			return 0;
	}
	return -ENOENT;
}
