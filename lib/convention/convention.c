/* SPDX-License-Identifier: MIT */
/* convention.c - which conventions make a table of a group */

#include "lib/convention/convention.h"

#include <errno.h>
#include <string.h>

#include "lib/base/cleanup.h"

/* Rows of one attribute stand together, those of the engine before all. */
static const struct oq_convention conventions[] = {
	{ "__pdcolumns__", NULL, oq_engine_frame },
	{ "pandas_type", "frame_table", oq_pandas_table },
	{ "pandas_type", "series_table", oq_pandas_table },
	{ "pandas_type", "frame", oq_pandas_frame },
	{ "pandas_type", "series", oq_pandas_series },
	{ "encoding-type", "dataframe", oq_anndata_frame },
	{ "encoding-type", "categorical", oq_anndata_categorical },
	{ "encoding-type", "nullable-integer", oq_anndata_nullable },
	{ "encoding-type", "nullable-boolean", oq_anndata_nullable },
	{ "encoding-type", "nullable-string-array", oq_anndata_nullable },
	{ "encoding-type", "csc_matrix", oq_anndata_csc },
	{ "encoding-type", "csr_matrix", oq_anndata_csr },
	{ "MATLAB_sparse", NULL, oq_matlab_sparse },
	{ "colnames", NULL, oq_hdmf_table },
	{ "data_rate", NULL, oq_icesat_rate },
	{ "description", "Coverage beam", oq_gedi_beam },
	{ "description", "Full power beam", oq_gedi_beam },
	{ "type", "table", oq_vaex_table },
};

#define NROWS	 (sizeof(conventions) / sizeof(*conventions))
#define NENGINES 1

/* The first of 'n' rows whose attribute the group has; 'n': none. */
static size_t first_row(struct oq_h5 *h5, uint64_t group, size_t n)
{
	const char *names[NROWS];

	for (size_t i = 0; i < n; i++)
		names[i] = conventions[i].attr;
	return oq_h5_attr_first(h5, group, names, n);
}

/* Groups without an attribute of their own: by their name in the root of a file
 * that says what it is. */
static const struct {
	const char *name;
	int (*find)(struct oq_h5 *h5, uint64_t group, struct oq_columns *c);
} places[] = {
	{ "row_attrs", oq_loom_attrs },
	{ "col_attrs", oq_loom_attrs },
};

static int find_by_place(struct oq_h5 *h5, uint64_t group, struct oq_columns *c)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++)
		if (oq_h5_root_find(h5, places[i].name) == group)
			return places[i].find(h5, group, c);
	return -ENODATA;
}

static int find_by_attr(struct oq_h5 *h5, uint64_t group, bool others,
			struct oq_columns *c)
{
	size_t n = others ? NROWS : NENGINES, i = first_row(h5, group, n);
	const char *attr = i < n ? conventions[i].attr : NULL;
	OQ_FREE char *value = NULL;

	for (; i < n && strcmp(conventions[i].attr, attr) == 0; i++) {
		const struct oq_convention *row = &conventions[i];

		if (row->value && !value)
			value = oq_h5_attr_text(h5, group, attr);
		if (!row->value || (value && strcmp(value, row->value) == 0))
			return row->find(h5, group, c);
	}
	return -ENODATA;
}

int oq_convention_find(struct oq_h5 *h5, uint64_t group, bool others,
		       struct oq_columns *c)
{
	int r = find_by_attr(h5, group, others, c);

	return r == -ENODATA && others ? find_by_place(h5, group, c) : r;
}
