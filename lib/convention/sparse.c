/* SPDX-License-Identifier: MIT */
/* sparse.c - sparse matrices as a table of what is not zero
 *
 *	MATLAB    attribute MATLAB_sparse:      jc     ir       data
 *	AnnData   `encoding-type` csc_matrix:   indptr indices  data
 *	          csr_matrix, with rows and columns the other way round
 *
 * The first has one number more than there are columns: where the entries of
 * each begin among all, and last how many these are.  The second are the rows
 * of the entries.  Rows and columns are numbered from 0.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/convention/convention.h"
#include "lib/type/number.h"

/* Columns (or rows) that are looked for entries. */
#define MAX_RUNS ((uint64_t)1 << 22)

static bool are_numbers(const struct oq_dataset *info)
{
	return info->rank == 1 && info->type->cls == OQ_INT &&
	       oq_dtype_is_plain(info->type) && !info->refused;
}

/* Read all numbers of a dataset.  Returns 0, -ENOENT if it is not a list of
 * numbers, -EOPNOTSUPP if there are too many, or another negative errno. */
static int read_numbers(struct oq_h5 *h5, uint64_t addr, uint64_t **out,
			uint64_t *n)
{
	const uint64_t start = 0, step = 1;
	struct oq_h5_dset *d = NULL;
	OQ_FREE uint8_t *data = NULL;
	const struct oq_dataset *info;
	const struct oq_dtype *t;
	int r = addr == OQ_NO_ADDR ? -ENOENT
				   : oq_h5_dset_open(h5, addr, &d, NULL);

	if (r < 0)
		return r;
	info = oq_h5_dset_info(d);
	t = info->type;
	*n = info->nelems;
	if (!are_numbers(info) || !*n)
		r = -ENOENT;
	else if (*n > MAX_RUNS + 1)
		r = -EOPNOTSUPP;
	if (r == 0) {
		data = calloc(*n, t->size);
		*out = calloc(*n, sizeof(**out));
		r = data && *out ? oq_h5_read(d, &start, &step, info->dims,
					      data, NULL)
				 : -ENOMEM;
	}
	if (r == 0)
		oq_scalar_of(t)->load(*out, data, t->size, *n);
	oq_h5_dset_close(d);
	return r;
}

/* Whether they begin at 0, never decrease, and end with 'total'. */
static bool are_starts(const uint64_t *v, uint64_t n, uint64_t total)
{
	for (uint64_t i = 1; i < n; i++)
		if (v[i] < v[i - 1])
			return false;
	return v[0] == 0 && v[n - 1] == total;
}

struct names {
	const char *starts, *others;
	const char *by_starts, *by_others; /* of the columns of the table */
};

static int add_runs(struct oq_h5 *h5, uint64_t group, const struct names *names,
		    size_t part, struct oq_columns *c)
{
	uint64_t total = oq_h5_dset_info(c->parts[part])->nelems, n = 0;
	OQ_FREE uint64_t *starts = NULL;
	int r = read_numbers(h5, oq_h5_find(h5, group, names->starts), &starts,
			     &n);

	if (r == -EOPNOTSUPP)
		c->refused = oq_err_set(&c->why, r, "'%s' is too long",
					names->starts);
	else if (r < 0)
		return r;
	else if (!are_starts(starts, n, total))
		c->refused = oq_err_set(&c->why, -EIO, "'%s' is damaged",
					names->starts);
	return oq_columns_add_runs(c, names->by_starts, part, oq_steal(&starts),
				   n ? n - 1 : 0);
}

static int add_triplets(struct oq_h5 *h5, uint64_t group,
			const struct names *names, bool is_logical,
			struct oq_columns *c)
{
	size_t others, data;
	bool rows_first = strcmp(names->by_starts, "row") == 0;
	int r = oq_columns_add_part(c, h5, oq_h5_find(h5, group, names->others),
				    &others);

	c->is_even = true;
	if (r == 0)
		r = oq_columns_add_part(c, h5, oq_h5_find(h5, group, "data"),
					&data);
	if (r == 0 && rows_first)
		r = add_runs(h5, group, names, others, c);
	if (r == 0)
		r = oq_columns_add(c, names->by_others, others, 0, NULL);
	if (r == 0 && !rows_first)
		r = add_runs(h5, group, names, others, c);
	if (r == 0)
		r = oq_columns_add(c, "value", data, 0, NULL);
	if (r == 0 && is_logical && c->v[c->n - 1].stored->size == 1) {
		struct oq_dtype *own = oq_dtype_new_bool();

		if (!own)
			return -ENOMEM;
		oq_columns_show_as(c, own);
	}
	return r == -ENOENT ? -ENODATA : r;
}

int oq_matlab_sparse(struct oq_h5 *h5, uint64_t group, struct oq_columns *c)
{
	static const struct names names = { "jc", "ir", "column", "row" };
	OQ_FREE char *class = oq_h5_attr_text(h5, group, "MATLAB_class");

	return add_triplets(h5, group, &names,
			    class && strcmp(class, "logical") == 0, c);
}

int oq_anndata_csc(struct oq_h5 *h5, uint64_t group, struct oq_columns *c)
{
	static const struct names names = { "indptr", "indices", "column",
					    "row" };

	return add_triplets(h5, group, &names, false, c);
}

int oq_anndata_csr(struct oq_h5 *h5, uint64_t group, struct oq_columns *c)
{
	static const struct names names = { "indptr", "indices", "row",
					    "column" };

	return add_triplets(h5, group, &names, false, c);
}
