/* SPDX-License-Identifier: MIT */
/* engine.c - the engine's data frames
 *
 * A group that the engine wrote as a data frame has the attribute
 * `__pdcolumns__`, the names of its columns in their order, with blanks
 * between them; each is a 1-D dataset.  While a calculation is still writing,
 * columns may differ in length.
 */

#include <errno.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/convention/convention.h"

static bool has(const struct oq_columns *c, const char *name)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].name, name) == 0)
			return true;
	return false;
}

int oq_engine_frame(struct oq_h5 *h5, uint64_t group, struct oq_columns *c)
{
	OQ_FREE char *names = oq_h5_attr_text(h5, group, "__pdcolumns__");
	char *save, *name = names ? strtok_r(names, " ", &save) : NULL;
	int r = name ? 0 : -ENOENT;

	for (; r == 0 && name; name = strtok_r(NULL, " ", &save)) {
		size_t part;

		/* One that is named twice is there once. */
		if (has(c, name))
			continue;
		r = oq_columns_add_part(c, h5, oq_h5_find(h5, group, name),
					&part);
		if (r == 0)
			r = oq_columns_add(c, name, part, 0, NULL);
	}
	return r;
}
