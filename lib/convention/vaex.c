/* SPDX-License-Identifier: MIT */
/* vaex.c - tables of vaex
 *
 * A group of the `type` "table" has a group `columns`, and that a group for
 * each column, with its values in the dataset `data`; `mask` is true where one
 * is missing.  `column_order` has the names with commas between them.  Columns
 * of text (whose `data` are their bytes one behind the other, and `indices`
 * where each begins) and of codes of a dictionary are left out.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/convention/convention.h"
#include "lib/convention/listed.h"

static int add_values(const struct oq_listed *t, uint64_t data, uint64_t mask,
		      const char *name)
{
	size_t part;
	int r = oq_columns_add_wide(t->c, t->h5, data, &part);

	if (r == 0)
		r = oq_columns_add(t->c, name, part, 0, NULL);
	if (r || mask == OQ_NO_ADDR)
		return r;
	r = oq_columns_add_part(t->c, t->h5, mask, &part);
	return r ? r : oq_columns_mask(t->c, part);
}

/* What is not numbers as they are. */
static const char *is_other(struct oq_h5 *h5, uint64_t data)
{
	OQ_FREE char *type = oq_h5_attr_text(h5, data, "dtype");

	if (!type)
		return NULL;
	return strcmp(type, "str") == 0 ? "text of any length"
					: "a type of its own";
}

static int add_column(const struct oq_listed *t, const char *name)
{
	uint64_t column = oq_h5_find(t->h5, t->group, name), data;
	const char *why = NULL;

	if (column == OQ_NO_ADDR)
		return -ENOENT;
	data = oq_h5_find(t->h5, column, "data");
	if (data == OQ_NO_ADDR)
		why = "codes of a dictionary";
	else if (oq_h5_find(t->h5, column, "null_bitmap") != OQ_NO_ADDR)
		why = "a bitmap of what is missing";
	else
		why = is_other(t->h5, data);
	if (!why)
		return add_values(t, data, oq_h5_find(t->h5, column, "mask"),
				  name);
	oq_columns_leave_out(t->c, name, why);
	return 0;
}

static int add_link(void *ctx, const struct oq_h5_link *l)
{
	OQ_FREE char *name = strndup(l->name, l->name_len);

	return name ? add_column(ctx, name) : -ENOMEM;
}

static int add_in_order(const struct oq_listed *t, char *names)
{
	char *save, *name = strtok_r(names, ",", &save);
	int r = 0;

	for (; r == 0 && name; name = strtok_r(NULL, ",", &save))
		r = add_column(t, name);
	return r;
}

int oq_vaex_table(struct oq_h5 *h5, uint64_t group, struct oq_columns *c)
{
	struct oq_listed t = { h5, oq_h5_find(h5, group, "columns"), c };
	OQ_FREE char *names = NULL;

	if (t.group == OQ_NO_ADDR)
		return -ENODATA;
	c->is_even = true;
	names = oq_h5_attr_text(h5, t.group, "column_order");
	return names ? add_in_order(&t, names)
		     : oq_h5_list(h5, t.group, add_link, &t, NULL);
}
