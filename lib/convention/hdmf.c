/* SPDX-License-Identifier: MIT */
/* hdmf.c - dynamic tables of HDMF, as NWB has them
 *
 * A group with the attribute `colnames`, the names of its columns in their
 * order, and a dataset `id` of the rows' numbers, which comes first.  A column
 * of sequences has a dataset NAME_index beside it, which says where each row's
 * end in it: such are left out.
 */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/convention/convention.h"
#include "lib/convention/listed.h"

static bool is_ragged(struct oq_h5 *h5, uint64_t group, const char *name)
{
	OQ_FREE char *index = NULL;

	if (asprintf(&index, "%s_index", name) < 0) {
		index = NULL;
		return false;
	}
	return oq_h5_find(h5, group, index) != OQ_NO_ADDR;
}

static int add_column(void *ctx, const char *name)
{
	const struct oq_listed *t = ctx;
	size_t part;
	int r;

	if (is_ragged(t->h5, t->group, name)) {
		oq_columns_leave_out(t->c, name, "sequences");
		return 0;
	}
	r = oq_columns_add_wide(t->c, t->h5, oq_h5_find(t->h5, t->group, name),
				&part);
	return r ? r : oq_columns_add(t->c, name, part, 0, NULL);
}

int oq_hdmf_table(struct oq_h5 *h5, uint64_t group, struct oq_columns *c)
{
	struct oq_listed t = { h5, group, c };
	uint64_t id = oq_h5_find(h5, group, "id");
	size_t part;
	int r = id == OQ_NO_ADDR ? -ENODATA
				 : oq_columns_add_part(c, h5, id, &part);

	c->is_even = true;
	if (r == 0)
		r = oq_columns_add(c, "id", part, 0, NULL);
	if (r == 0)
		oq_columns_set_index(&c->v[c->n - 1], false);
	if (r == 0)
		r = oq_listed_names(h5, group, "colnames", add_column, &t);
	return r ? r : oq_columns_tell_apart(c);
}
