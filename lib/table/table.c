/* SPDX-License-Identifier: MIT */
/* table.c - how an n-d array of elements is laid out as rows and columns */

#include "lib/table/table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/num.h"
#include "lib/table/apart.h"

#define MAX_ALL_FIELDS	65536
#define MAX_MATRIX_COLS 1048576

static uint64_t count_fields(const struct oq_dtype *t, bool arrays);

/* Whether 't' is an array whose items become columns, and how many columns that
 * makes.  'arrays': whether any array does. */
static bool is_spread(const struct oq_dtype *t, bool arrays, uint64_t *n)
{
	return t->cls == OQ_ARRAY && arrays &&
	       !oq_product_overflows(t->dims, t->rank, n) &&
	       !oq_mul_overflows(*n, count_fields(t->base, arrays), n) &&
	       *n > 0 && *n <= OQ_TABLE_MAX_FIELDS;
}

/* Fields of one element. */
static uint64_t count_fields(const struct oq_dtype *t, bool arrays)
{
	uint64_t n = 0;

	if (is_spread(t, arrays, &n))
		return n;
	n = 0;
	for (size_t i = 0; t->cls == OQ_COMPOUND && i < t->nmembers; i++)
		n += count_fields(t->members[i].type, arrays);
	return n ? n : 1;
}

/* Whether an element is one field without a name of its own. */
static bool is_single(const struct oq_dtype *t)
{
	uint64_t n;

	return t->cls != OQ_COMPOUND && !is_spread(t, true, &n);
}

/* Fields on their way into a table. */
struct making {
	struct oq_table *table;
	bool arrays;
	struct oq_buf name; /* of the part of the element that is looked at */
};

static int add_field(struct making *m, const struct oq_dtype *t, size_t offset)
{
	struct oq_field *f = &m->table->fields[m->table->nfields];

	f->name = strndup(m->name.data ? m->name.data : "", m->name.len);
	if (!f->name || m->name.failed)
		return -ENOMEM;
	f->offset = offset;
	f->type = t;
	f->scalar = oq_scalar_of(t);
	m->table->nfields++;
	return 0;
}

static int add_fields(struct making *m, const struct oq_dtype *t,
		      size_t offset);

static int add_members(struct making *m, const struct oq_dtype *t,
		       size_t offset)
{
	size_t len = m->name.len;
	int rc = 0;

	for (size_t i = 0; !rc && i < t->nmembers; i++) {
		size_t first = m->table->nfields;

		m->name.len = len;
		if (len > 0)
			oq_buf_putc(&m->name, '.');
		oq_buf_puts(&m->name, t->members[i].name);
		rc = add_fields(m, t->members[i].type,
				offset + t->members[i].offset);
		if (rc == 0 && m->table->nfields == first + 1)
			m->table->fields[first].role = t->members[i].role;
	}
	m->name.len = len;
	return rc;
}

/* Items in row-major order: name[0][0], name[0][1], ... */
static int add_items(struct making *m, const struct oq_dtype *t, unsigned dim,
		     size_t *offset)
{
	size_t len = m->name.len;
	int rc = 0;

	if (dim == t->rank) {
		rc = add_fields(m, t->base, *offset);
		*offset += t->base->size;
		return rc;
	}
	for (uint64_t i = 0; !rc && i < t->dims[dim]; i++) {
		m->name.len = len;
		oq_buf_printf(&m->name, "[%" PRIu64 "]", i);
		rc = add_items(m, t, dim + 1, offset);
	}
	m->name.len = len;
	return rc;
}

static int add_fields(struct making *m, const struct oq_dtype *t, size_t offset)
{
	uint64_t n;

	if (t->cls == OQ_COMPOUND && t->nmembers > 0)
		return add_members(m, t, offset);
	if (is_spread(t, m->arrays, &n))
		return add_items(m, t, 0, &offset);
	return add_field(m, t, offset);
}

static int set_fields(struct oq_table *t, const struct oq_table_spec *spec)
{
	struct making m = { .table = t, .arrays = true };
	uint64_t n = count_fields(spec->type, true);
	int rc;

	if (n >= MAX_ALL_FIELDS) {
		m.arrays = false;
		n = count_fields(spec->type, false);
	}
	t->fields = calloc(n, sizeof(*t->fields));
	if (!t->fields)
		return -ENOMEM;
	/* Members go by their own names alone. */
	if (spec->type->cls != OQ_COMPOUND || spec->type->nmembers == 0)
		oq_buf_puts(&m.name,
			    spec->form == OQ_LONG ? "value" : spec->name);
	rc = add_fields(&m, spec->type, 0);
	oq_buf_free(&m.name);
	return rc;
}

static char *axis_name(const struct oq_table_spec *spec, unsigned i)
{
	char *name = NULL;

	if (spec->axes && spec->axes[i].name)
		return strdup(spec->axes[i].name);
	return asprintf(&name, "d%u", i) < 0 ? NULL : name;
}

static int set_axes(struct oq_table *t, const struct oq_table_spec *spec)
{
	t->axis_names = calloc(t->rank, sizeof(*t->axis_names));
	if (!t->axis_names)
		return -ENOMEM;
	for (unsigned i = 0; i < t->rank; i++) {
		t->axis_start[i] = spec->axes ? spec->axes[i].start : 0;
		t->axis_step[i] = spec->axes ? spec->axes[i].step : 0;
		if (t->axis_step[i] == 0)
			t->axis_step[i] = 1;
		t->axis_labels[i] = spec->axes ? spec->axes[i].labels : NULL;
		t->axis_names[i] = axis_name(spec, i);
		if (!t->axis_names[i])
			return -ENOMEM;
	}
	return 0;
}

enum oq_form oq_table_form(const struct oq_dtype *t, unsigned rank,
			   const uint64_t *dims)
{
	if (rank < 2)
		return OQ_ROWS;
	if (rank == 2 && is_single(t) && dims[1] > 0 &&
	    dims[1] <= MAX_MATRIX_COLS)
		return OQ_MATRIX;
	return OQ_LONG;
}

static bool form_fits(const struct oq_table_spec *spec)
{
	switch (spec->form) {
	case OQ_ROWS:
		return spec->rank <= 1;
	case OQ_MATRIX:
		return spec->rank == 2 && spec->dims[1] > 0 &&
		       is_single(spec->type);
	case OQ_LONG:
		return spec->rank > 0 && spec->rank <= OQ_MAX_RANK;
	}
	return false;
}

/* Fields come first and so keep their names before axes do: theirs are in the
 * file for sure. */
static int tell_columns_apart(struct oq_table *t)
{
	size_t n = 0;
	char ***names = calloc(t->nfields + t->rank, sizeof(*names));
	int rc = -ENOMEM;

	for (size_t i = 0; names && i < t->nfields; i++)
		names[n++] = &t->fields[i].name;
	for (unsigned i = 0; names && t->axis_names && i < t->rank; i++)
		names[n++] = &t->axis_names[i];
	if (names)
		rc = oq_tell_apart(names, n);
	free(names);
	return rc;
}

static int fill_in(struct oq_table *t, const struct oq_table_spec *spec)
{
	int rc = set_fields(t, spec);

	if (!rc && t->form == OQ_LONG)
		rc = set_axes(t, spec);
	return rc ? rc : tell_columns_apart(t);
}

int oq_table_new(const struct oq_table_spec *spec, struct oq_table **out,
		 struct oq_err *err)
{
	struct oq_table *t;
	uint64_t nelems;
	int rc;

	if (!form_fits(spec))
		return oq_err_set(err, -EINVAL, "no such table");
	if (oq_product_overflows(spec->dims, spec->rank, &nelems))
		return oq_err_set(err, -EOVERFLOW, "too many elements");
	t = calloc(1, sizeof(*t));
	if (!t)
		return oq_err_set(err, -ENOMEM, "no memory");
	t->form = spec->form;
	t->rank = spec->rank;
	if (spec->rank > 0)
		memcpy(t->dims, spec->dims, spec->rank * sizeof(*t->dims));
	t->nelems = nelems;
	t->ncols = spec->form == OQ_MATRIX ? spec->dims[1] : 1;
	t->elem_bytes = spec->type->size;

	rc = fill_in(t, spec);
	if (rc) {
		oq_table_free(t);
		return oq_err_set(err, rc, "no memory");
	}
	*out = t;
	return 0;
}

void oq_table_free(struct oq_table *t)
{
	if (!t)
		return;
	for (size_t i = 0; i < t->nfields; i++)
		free(t->fields[i].name);
	free(t->fields);
	for (unsigned i = 0; t->axis_names && i < t->rank; i++)
		free(t->axis_names[i]);
	free(t->axis_names);
	free(t);
}
