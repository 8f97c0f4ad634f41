/* SPDX-License-Identifier: MIT */
/* axes.c - a part of a sheet out of an array with several axes */

#include "lib/sheet/axes.h"

#include <errno.h>
#include <string.h>

int oq_axes_read(const struct oq_calculation *c, const char *path,
		 struct oq_place *at, struct oq_axes *out, struct oq_err *err)
{
	const struct oq_dataset *info;
	struct oq_h5_dset *d = NULL;
	int e;

	if (!oq_calculation_find(c, path, at))
		return oq_calculation_absent(c, path, err);
	e = oq_h5_dset_open(at->env->h5, at->addr, &d, err);
	if (e < 0)
		return e;
	info = oq_h5_dset_info(d);
	out->rank = info->rank;
	memcpy(out->dims, info->dims, sizeof(out->dims));
	if (info->refused)
		e = oq_err_set(err, info->refused, "%s", info->why.text);
	oq_h5_dset_close(d);
	return e;
}

static int select_fixed(const struct oq_axes *a, const int64_t *fixed,
			const char *path, struct oq_sel *sel,
			struct oq_err *err)
{
	int e = oq_sel_init_all(sel, a->rank, a->dims);

	if (e < 0)
		return e;
	for (unsigned i = 0; i < a->rank; i++) {
		if (fixed[i] == OQ_AXIS_ALL)
			continue;
		if (fixed[i] < 0 || (uint64_t)fixed[i] >= a->dims[i])
			return oq_err_set(err, -EIO,
					  "'%s' has %llu indices on axis %u, "
					  "not %lld",
					  path, (unsigned long long)a->dims[i],
					  i, (long long)fixed[i]);
		sel->axis[i].start = (uint64_t)fixed[i];
		sel->axis[i].count = 1;
		sel->axis[i].dropped = true;
	}
	sel->nelems = 1;
	for (unsigned i = 0; i < a->rank; i++)
		sel->nelems *= sel->axis[i].count;
	return 0;
}

/* Rows, and elements of a row, of what is selected. */
static void measure(const struct oq_sel *sel, uint64_t *nrows, uint64_t *width)
{
	unsigned i = 0;

	while (i < sel->rank && sel->axis[i].dropped)
		i++;
	*nrows = i < sel->rank ? sel->axis[i].count : 1;
	*width = 1;
	for (i++; i < sel->rank; i++)
		*width *= sel->axis[i].count;
}

int oq_axes_add_part(struct oq_sheet *s, const struct oq_calculation *c,
		     const char *path, unsigned rank, const int64_t *fixed,
		     unsigned *part, uint64_t *width, struct oq_err *err)
{
	struct oq_place at;
	struct oq_axes a;
	struct oq_sel sel;
	uint64_t nrows, n;
	int e = oq_axes_read(c, path, &at, &a, err);

	if (e < 0)
		return e;
	if (a.rank != rank)
		return oq_err_set(err, -EIO, "'%s' has %u axes, not %u", path,
				  a.rank, rank);
	e = select_fixed(&a, fixed, path, &sel, err);
	if (e < 0)
		return e;
	measure(&sel, &nrows, &n);
	if (s->ncolumns || s->nparts ? nrows != s->export.nrows : false)
		return oq_err_set(err, -EIO, "'%s' has %llu rows, not %llu",
				  path, (unsigned long long)nrows,
				  (unsigned long long)s->export.nrows);
	s->export.nrows = nrows;
	if (width)
		*width = n;
	return oq_sheet_add_dataset(s, &at, &sel, n, part, err);
}
