/* SPDX-License-Identifier: MIT */
/* pqcolumns.c - the columns of a table as those of a Parquet file */

#include "lib/columns/pqcolumns.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/base/quote.h"
#include "lib/columns/pqpandas.h"
#include "lib/columns/pqtype.h"

/* The most columns of a matrix: every row group has an entry for each in the
 * footer. */
#define MAX_MATRIX  65536

/* The rows of a group should stay in the cache until its last column is read:
 * row groups of parts with several columns are made so small that their rows
 * take no more than this. */
#define GROUP_BYTES ((uint64_t)32 << 20)
#define MIN_GROUP   1024

/* The first reader of the footer waits until the statistics' columns are read,
 * so there are no statistics where this would be more bytes. */
#define STAT_BYTES  ((uint64_t)256 << 20)

/* ---- names ---- */

/* Readers refuse names that are not UTF-8.  In such a name every byte that is
 * not ASCII, and '%', is written %XX. */
static const char *make_name(struct oq_pqcolumns *c, const char *name)
{
	OQ_BUF struct oq_buf out = { 0 };

	if (oq_utf8_is(name, strlen(name)))
		return name;
	for (; *name; name++) {
		unsigned char byte = (unsigned char)*name;

		if (byte < 0x80 && byte != '%')
			oq_buf_putc(&out, *name);
		else
			oq_buf_printf(&out, "%%%02X", byte);
	}
	oq_buf_putc(&out, '\0');
	return oq_buf_failed(&out) ? NULL
				   : oq_pqcolumns_own(c, oq_steal(&out.data));
}

/* ---- parts ---- */

static struct oq_pqpart make_part(const struct oq_pqcolumns_spec *spec,
				  size_t member)
{
	const struct oq_dtype *t = member == OQ_PQ_WHOLE
					   ? spec->type
					   : spec->type->members[member].type;

	return (struct oq_pqpart){
		.member = member,
		.row_elems = spec->table->ncols,
		.row_bytes = t->size * spec->table->ncols,
		.has_pointers =
			oq_dtype_has_pointers(t) || oq_dtype_has_refs(t),
	};
}

/* Find or make the part that has the field at 'offset' of an element, and fill
 * in the part's number and the offset in it. */
static void find_part(struct oq_pqcolumns *c,
		      const struct oq_pqcolumns_spec *spec, size_t offset,
		      struct oq_pqorigin *o)
{
	size_t member = OQ_PQ_WHOLE;

	for (size_t i = 0; spec->by_member && i < spec->type->nmembers; i++) {
		const struct oq_member *m = &spec->type->members[i];

		if (offset < m->offset || offset - m->offset >= m->type->size)
			continue;
		member = i;
		offset -= m->offset;
		break;
	}
	o->offset = offset;
	/* Columns of a part follow each other. */
	if (c->nparts && c->parts[c->nparts - 1].member == member)
		c->nparts--;
	else
		c->parts[c->nparts] = make_part(spec, member);
	o->part = c->nparts++;
	c->parts[o->part].ncols++;
}

/* ---- columns ---- */

static int add_axis(struct oq_pqcolumns *c, unsigned axis)
{
	const struct oq_table *t = c->table;
	struct oq_pqcol *col = &c->cols[c->schema.ncols];
	struct oq_pqorigin *o = &c->origins[c->schema.ncols++];
	uint64_t dim = t->dims[axis];
	uint64_t last = oq_table_index(t, axis, dim ? dim - 1 : 0);

	o->axis = axis;
	col->name = make_name(c, t->axis_names[axis]);
	if (!col->name)
		return -ENOMEM;
	if (t->axis_labels[axis]) {
		o->from = OQ_PQ_LABEL;
		return oq_pqtype_set_labels(c, axis, col);
	}
	o->from = OQ_PQ_INDEX;
	col->type = t->axis_start[axis] <= INT32_MAX && last <= INT32_MAX
			    ? OQ_PQ_INT32
			    : OQ_PQ_INT64;
	col->has_stats = true;
	return 0;
}

static int add_field(struct oq_pqcolumns *c,
		     const struct oq_pqcolumns_spec *spec, size_t i,
		     uint64_t elem, const char *name)
{
	const struct oq_field *f = &c->table->fields[i];
	struct oq_pqcol *col = &c->cols[c->schema.ncols];
	struct oq_pqorigin *o = &c->origins[c->schema.ncols++];
	int r;

	col->name = name;
	o->type = f->type;
	o->role = f->role;
	find_part(c, spec, f->offset, o);
	o->offset += elem * c->parts[o->part].row_bytes /
		     c->parts[o->part].row_elems;
	r = name ? oq_pqtype_set(c, col, o) : -ENOMEM;
	if (r == 0 && oq_pqcol_is_measured(col))
		c->parts[o->part].nmeasured++;
	return r;
}

static int add_columns(struct oq_pqcolumns *c,
		       const struct oq_pqcolumns_spec *spec)
{
	const struct oq_table *t = c->table;
	int r = 0;

	for (unsigned i = 0; !r && t->form == OQ_LONG && i < t->rank; i++)
		r = add_axis(c, i);
	for (size_t i = 0; !r && t->form != OQ_MATRIX && i < t->nfields; i++)
		r = add_field(c, spec, i, 0, make_name(c, t->fields[i].name));
	for (uint64_t k = 0; !r && t->form == OQ_MATRIX && k < t->ncols; k++) {
		char *name = NULL;

		if (asprintf(&name, "c%" PRIu64, k) < 0)
			name = NULL;
		r = add_field(c, spec, 0, k, oq_pqcolumns_own(c, name));
	}
	return r;
}

/* ---- statistics and row groups ---- */

static bool may_have_stats(const struct oq_pqcolumns *c, size_t i)
{
	return c->origins[i].from == OQ_PQ_CELL &&
	       c->cols[i].nest == OQ_PQ_FLAT && c->cols[i].type >= OQ_PQ_INT8 &&
	       c->cols[i].type <= OQ_PQ_UINT64 &&
	       !c->parts[c->origins[i].part].has_pointers;
}

/* Either all integer columns have statistics, or none. */
static void choose_stats(struct oq_pqcolumns *c)
{
	uint64_t bytes = 0, more;

	for (size_t i = 0; i < c->schema.ncols; i++) {
		struct oq_pqpart *p = &c->parts[c->origins[i].part];

		if (may_have_stats(c, i) && p->nstats++ == 0 &&
		    (oq_mul_overflows(c->nrows, p->row_bytes, &more) ||
		     oq_add_overflows(bytes, more, &bytes)))
			bytes = UINT64_MAX / 2;
	}
	for (size_t i = 0; i < c->schema.ncols; i++) {
		if (!may_have_stats(c, i))
			continue;
		if (bytes <= STAT_BYTES)
			c->cols[i].has_stats = true;
		else
			c->parts[c->origins[i].part].nstats = 0;
	}
}

/* See GROUP_BYTES. */
static void choose_groups(struct oq_pqcolumns *c)
{
	uint64_t rows = 131072;

	for (size_t i = 0; i < c->nparts; i++)
		while (c->parts[i].ncols > 1 && rows > MIN_GROUP &&
		       c->parts[i].row_bytes > GROUP_BYTES / rows)
			rows /= 2;
	c->schema.group_rows = rows;
}

/* ---- all of it ---- */

/* Where the table has an index, tell pandas. */
static int add_pandas(struct oq_pqcolumns *c, struct oq_err *err)
{
	OQ_BUF struct oq_buf out = { 0 };
	char *text;

	if (!oq_pqpandas_has(c))
		return 0;
	oq_pqpandas_put(c, &out);
	oq_buf_putc(&out, '\0');
	text = oq_buf_failed(&out) ? NULL
				   : oq_pqcolumns_own(c, oq_steal(&out.data));
	if (!text)
		return oq_err_set(err, -ENOMEM, "no memory");
	c->meta[c->schema.nmeta++] = (struct oq_pqmeta){ "pandas", text };
	return 0;
}

static int allocate(struct oq_pqcolumns *c,
		    const struct oq_pqcolumns_spec *spec)
{
	const struct oq_table *t = c->table;
	size_t n = t->form == OQ_MATRIX ? t->ncols : t->nfields;
	size_t nparts = spec->by_member ? spec->type->nmembers : 1;

	if (t->form == OQ_LONG)
		n += t->rank;
	c->cols = calloc(n, sizeof(*c->cols));
	c->origins = calloc(n, sizeof(*c->origins));
	/* Members may overlap, so that fields alternate between them and there
	 * are more parts than members. */
	c->parts = calloc(oq_max_u64(nparts, t->nfields), sizeof(*c->parts));
	return c->cols && c->origins && c->parts ? 0 : -ENOMEM;
}

int oq_pqcolumns_init(struct oq_pqcolumns *c,
		      const struct oq_pqcolumns_spec *spec, struct oq_err *err)
{
	const struct oq_table *t = spec->table;
	int r = oq_pqtype_hold(spec->type, err);

	*c = (struct oq_pqcolumns){ .table = t, .nrows = t->nelems / t->ncols };
	if (r < 0)
		return r;
	if (t->form == OQ_MATRIX && t->ncols > MAX_MATRIX)
		return oq_err_set(err, -EOPNOTSUPP,
				  "%" PRIu64 " columns are too many for "
				  "Parquet: more than %d",
				  t->ncols, MAX_MATRIX);
	if (allocate(c, spec) < 0 || add_columns(c, spec) < 0)
		return oq_err_set(err, -ENOMEM, "no memory");
	choose_stats(c);
	choose_groups(c);
	c->schema.cols = c->cols;
	c->schema.created_by = "oqfs version " OQFS_VERSION;
	c->schema.meta = c->meta;
	if (spec->attributes)
		c->meta[c->schema.nmeta++] =
			(struct oq_pqmeta){ "attributes", spec->attributes };
	return add_pandas(c, err);
}
