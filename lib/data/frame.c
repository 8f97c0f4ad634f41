/* SPDX-License-Identifier: MIT */
/* frame.c - groups that are tables: columns of one length */

#include "lib/data/frame.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/base/num.h"
#include "lib/convention/convention.h"
#include "lib/convention/group.h"

/* Make the type of a row. */
static int describe_row(struct oq_frame *f)
{
	struct oq_dtype *t = &f->row;

	t->cls = OQ_COMPOUND;
	t->members = calloc(f->columns.n, sizeof(*t->members));
	if (!t->members)
		return -ENOMEM;
	for (size_t i = 0; i < f->columns.n; i++) {
		struct oq_frame_column *c = &f->columns.v[i];

		t->members[i] = (struct oq_member){
			c->name, t->size, (struct oq_dtype *)(uintptr_t)c->type,
			c->role
		};
		t->nmembers++;
		if (__builtin_add_overflow(t->size, c->type->size, &t->size))
			return -ENOENT;
	}
	f->type = f->columns.is_single ? t->members[0].type : t;
	return 0;
}

/* How many there are. */
static void count_rows(struct oq_frame *f)
{
	const struct oq_columns *c = &f->columns;
	uint64_t most = 0;

	f->nrows = UINT64_MAX;
	f->refused = c->refused;
	f->why = c->why;
	for (size_t i = 0; i < c->nparts; i++) {
		uint64_t n = oq_h5_dset_info(c->parts[i])->dims[0];

		f->nrows = oq_min_u64(f->nrows, n);
		most = oq_max_u64(most, n);
	}
	if (c->is_even && most != f->nrows && !f->refused)
		f->refused = oq_err_set(&f->why, -EIO,
					"columns of different lengths");
}

void oq_frame_close(struct oq_frame *f)
{
	if (!f)
		return;
	oq_columns_drop(&f->columns);
	free(f->row.members);
	free(f);
}

int oq_frame_open(const struct oq_env *env, uint64_t group, bool any,
		  struct oq_frame **out, struct oq_err *err)
{
	struct oq_frame *f = calloc(1, sizeof(*f));
	int r = f ? oq_convention_find(env->h5, group, env->conventions,
				       &f->columns)
		  : -ENOMEM;

	if (r == -ENODATA && any && env->conventions) {
		oq_columns_drop(&f->columns);
		r = oq_group_columns(env->h5, group, NULL, &f->columns);
	}
	if (r == 0)
		r = f->columns.n ? describe_row(f) : -ENOENT;
	if (r < 0) {
		oq_frame_close(f);
		return oq_err_set(err, r == -ENOMEM ? r : -ENOENT,
				  "not a data frame");
	}
	f->addr = group;
	count_rows(f);
	*out = f;
	return 0;
}

int oq_frame_skip_pointers(struct oq_frame *f, struct oq_err *err)
{
	int r = 0;

	for (size_t i = 0; i < f->columns.nparts && !r; i++)
		r = oq_h5_dset_skip_pointers(f->columns.parts[i], err);
	return r;
}

void oq_frame_as_stored(struct oq_frame *f)
{
	for (size_t i = 0; i < f->columns.nparts; i++)
		oq_h5_dset_as_stored(f->columns.parts[i]);
}
