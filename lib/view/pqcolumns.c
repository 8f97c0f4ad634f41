/* SPDX-License-Identifier: MIT */
/* pqcolumns.c - the columns of a table as those of a Parquet file */

#include "lib/view/pqcolumns.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/base/quote.h"
#include "lib/type/number.h"
#include "lib/type/oddnum.h"
#include "lib/type/value.h"

/* Of a matrix; the footer says something of each in every row group. */
#define MAX_MATRIX  65536

/* A dictionary is in each row group: a longer one is none. */
#define DICT_BYTES  ((uint64_t)1 << 20)

/* What the columns of a row group are made from is to stay in the cache until
 * the last is read. */
#define GROUP_BYTES ((uint64_t)32 << 20)
#define MIN_GROUP   1024

/* The footer asks for all numbers that statistics are of: so many bytes. */
#define STAT_BYTES  ((uint64_t)256 << 20)

/* ---- what Parquet can hold ---- */

static bool is_number(const struct oq_dtype *t)
{
	return t->cls == OQ_INT || t->cls == OQ_TIME || t->cls == OQ_BITFIELD;
}

int oq_pqcolumns_hold(const struct oq_dtype *t, struct oq_err *err)
{
	int r = 0;

	if (is_number(t) && !oq_odd_int_fits(t))
		return oq_err_set(err, -EOPNOTSUPP,
				  "Parquet has no integers of %u bits",
				  t->precision);
	if (t->cls == OQ_FLOAT && !oq_odd_float_fits(t))
		return oq_err_set(err, -EOPNOTSUPP,
				  "Parquet has no floats of this precision");
	if (t->cls == OQ_ARRAY)
		return oq_pqcolumns_hold(t->base, err);
	for (size_t i = 0; !r && t->cls == OQ_COMPOUND && i < t->nmembers; i++)
		r = oq_pqcolumns_hold(t->members[i].type, err);
	return r;
}

/* ---- memory ---- */

/* Have 'p' freed with the columns; NULL where there is no memory. */
static void *own(struct oq_pqcolumns *c, void *p)
{
	void **more = NULL;

	if (p && !(c->nowned & (c->nowned + 1)))
		more = reallocarray(c->owned, 2 * c->nowned + 2,
				    sizeof(*c->owned));
	else if (p)
		more = c->owned;
	if (!more) {
		free(p);
		return NULL;
	}
	c->owned = more;
	c->owned[c->nowned++] = p;
	return p;
}

void oq_pqcolumns_free(struct oq_pqcolumns *c)
{
	for (size_t i = 0; i < c->nowned; i++)
		free(c->owned[i]);
	free(c->owned);
	free(c->cols);
	free(c->origins);
	free(c->parts);
	*c = (struct oq_pqcolumns){ 0 };
}

/* ---- names ---- */

static bool is_utf8(const char *s)
{
	size_t n = strlen(s), len;
	uint32_t cp;

	for (; n; s += len, n -= len) {
		len = oq_utf8_get(s, n, &cp);
		if (!len)
			return false;
	}
	return true;
}

/* Readers want UTF-8: of a name that is not, what is not ASCII is %XX, and so
 * is '%'. */
static const char *make_name(struct oq_pqcolumns *c, const char *name)
{
	OQ_BUF struct oq_buf out = { 0 };

	if (is_utf8(name))
		return name;
	for (; *name; name++) {
		unsigned char byte = (unsigned char)*name;

		if (byte < 0x80 && byte != '%')
			oq_buf_putc(&out, *name);
		else
			oq_buf_printf(&out, "%%%02X", byte);
	}
	oq_buf_putc(&out, '\0');
	return oq_buf_failed(&out) ? NULL : own(c, oq_steal(&out.data));
}

/* ---- dictionaries ---- */

static bool all_utf8(const char *const *texts, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++)
		if (!is_utf8(texts[i]))
			return false;
	return true;
}

static void set_dict(struct oq_pqcol *col, const char *const *texts, uint32_t n)
{
	col->dict = texts;
	col->ndict = n;
	col->type = all_utf8(texts, n) ? OQ_PQ_STRING : OQ_PQ_BINARY;
}

/* The labels that rows show, if that is worth it. */
static int set_labels(struct oq_pqcolumns *c, unsigned axis,
		      struct oq_pqcol *col)
{
	const struct oq_table *t = c->table;
	uint64_t n = t->dims[axis], bytes = 0;
	const char **texts;

	col->type = OQ_PQ_STRING;
	if (n == 0 || n > DICT_BYTES / 4)
		return 0;
	for (uint64_t i = 0; i < n; i++)
		bytes += 4 + strlen(oq_table_label(t, axis, i));
	if (bytes > DICT_BYTES)
		return 0;
	texts = own(c, calloc(n, sizeof(*texts)));
	if (!texts)
		return -ENOMEM;
	for (uint64_t i = 0; i < n; i++)
		texts[i] = oq_table_label(t, axis, i);
	set_dict(col, texts, (uint32_t)n);
	return 0;
}

/* All that a byte can be: a name, or a number. */
static int set_symbols(struct oq_pqcolumns *c, const struct oq_dtype *t,
		       struct oq_pqcol *col)
{
	const char **texts = own(c, calloc(256, sizeof(*texts)));
	OQ_BUF struct oq_buf number = { 0 };

	for (unsigned i = 0; texts && i < 256; i++) {
		uint8_t byte = (uint8_t)i;

		texts[i] = oq_value_symbol(t, &byte);
		if (texts[i])
			continue;
		number.len = 0;
		oq_int_put(t->base, &byte, &number);
		oq_buf_putc(&number, '\0');
		texts[i] = number.failed ? NULL : own(c, strdup(number.data));
		if (!texts[i])
			return -ENOMEM;
	}
	if (!texts)
		return -ENOMEM;
	set_dict(col, texts, 256);
	return 0;
}

/* ---- types ---- */

static enum oq_pqtype int_type(unsigned bits, bool is_signed)
{
	if (bits <= 8)
		return is_signed ? OQ_PQ_INT8 : OQ_PQ_UINT8;
	if (bits <= 16)
		return is_signed ? OQ_PQ_INT16 : OQ_PQ_UINT16;
	if (bits <= 32)
		return is_signed ? OQ_PQ_INT32 : OQ_PQ_UINT32;
	return is_signed ? OQ_PQ_INT64 : OQ_PQ_UINT64;
}

/* Of a plain number or a bool. */
static enum oq_pqtype cell_type(const struct oq_dtype *t)
{
	if (t->cls == OQ_ENUM)
		return OQ_PQ_BOOL;
	if (t->cls == OQ_FLOAT)
		return t->size == 8 ? OQ_PQ_DOUBLE : OQ_PQ_FLOAT;
	return int_type(t->precision, oq_number_is_signed(t));
}

static bool is_cell(const struct oq_dtype *t)
{
	return oq_dtype_is_plain(t) || oq_dtype_is_bool(t);
}

static void set_text(struct oq_pqcol *col, struct oq_pqorigin *o)
{
	o->from = OQ_PQ_TEXT;
	col->type = OQ_PQ_STRING;
}

static void set_sequence(struct oq_pqcol *col, struct oq_pqorigin *o)
{
	const struct oq_dtype *base = o->type->base;

	if (!is_cell(base) && !oq_dtype_is_text(base)) {
		set_text(col, o);
		return;
	}
	o->from = OQ_PQ_SEQUENCE;
	col->nest = OQ_PQ_LIST;
	col->type = is_cell(base) ? cell_type(base) : OQ_PQ_STRING;
}

static int set_type(struct oq_pqcolumns *c, struct oq_pqcol *col,
		    struct oq_pqorigin *o)
{
	const struct oq_dtype *t = o->type;

	if (is_cell(t)) {
		o->from = OQ_PQ_CELL;
		col->type = cell_type(t);
		return 0;
	}
	switch (t->cls) {
	case OQ_INT:
	case OQ_TIME:
	case OQ_BITFIELD:
		o->from = OQ_PQ_ODD_INT;
		col->type = int_type(t->precision, oq_number_is_signed(t));
		return 0;
	case OQ_FLOAT:
		o->from = OQ_PQ_ODD_FLOAT;
		col->type = OQ_PQ_DOUBLE;
		return 0;
	case OQ_OPAQUE:
		o->from = OQ_PQ_CELL;
		col->type = OQ_PQ_FIXED;
		col->width = (uint32_t)oq_min_u64(t->size, UINT32_MAX);
		return 0;
	case OQ_ENUM:
		if (t->size == 1 && oq_dtype_is_plain(t->base)) {
			o->from = OQ_PQ_SYMBOL;
			return set_symbols(c, t, col);
		}
		break;
	case OQ_VLEN:
		set_sequence(col, o);
		return 0;
	case OQ_STRING:
	case OQ_VSTRING:
	case OQ_COMPOUND:
	case OQ_ARRAY:
	case OQ_OBJREF:
	case OQ_REGREF:
		break;
	}
	set_text(col, o);
	return 0;
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

/* Where a field is: its part, and the offset there. */
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
		return set_labels(c, axis, col);
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
	find_part(c, spec, f->offset, o);
	o->offset += elem * c->parts[o->part].row_bytes /
		     c->parts[o->part].row_elems;
	r = name ? set_type(c, col, o) : -ENOMEM;
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
		r = add_field(c, spec, 0, k, own(c, name));
	}
	return r;
}

/* ---- statistics and row groups ---- */

static bool may_have_stats(const struct oq_pqcolumns *c, size_t i)
{
	return c->origins[i].from == OQ_PQ_CELL &&
	       c->cols[i].type >= OQ_PQ_INT8 &&
	       c->cols[i].type <= OQ_PQ_UINT64 &&
	       !c->parts[c->origins[i].part].has_pointers;
}

/* All integers have them, or none. */
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

/* Columns that are read from the same bytes have them read once if these are
 * few enough to be kept. */
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
	/* Fields may go to and fro between members that overlap. */
	c->parts = calloc(oq_max_u64(nparts, t->nfields), sizeof(*c->parts));
	return c->cols && c->origins && c->parts ? 0 : -ENOMEM;
}

int oq_pqcolumns_init(struct oq_pqcolumns *c,
		      const struct oq_pqcolumns_spec *spec, struct oq_err *err)
{
	const struct oq_table *t = spec->table;
	int r = oq_pqcolumns_hold(spec->type, err);

	*c = (struct oq_pqcolumns){ .table = t, .nrows = t->nelems / t->ncols };
	if (r < 0)
		return r;
	if (t->form == OQ_MATRIX && t->ncols > MAX_MATRIX)
		return oq_err_set(err, -EOPNOTSUPP,
				  "too many columns for Parquet");
	if (allocate(c, spec) < 0 || add_columns(c, spec) < 0)
		return oq_err_set(err, -ENOMEM, "no memory");
	choose_stats(c);
	choose_groups(c);
	c->schema.cols = c->cols;
	c->schema.created_by = "oqfs version " OQFS_VERSION;
	c->meta = (struct oq_pqmeta){ "attributes", spec->attributes };
	c->schema.meta = &c->meta;
	c->schema.nmeta = spec->attributes ? 1 : 0;
	return 0;
}

/* ---- values ---- */

struct oq_pqcells oq_pqcolumns_cells(const struct oq_dtype *t,
				     const uint8_t *first, size_t stride)
{
	const struct oq_dtype *number = t->cls == OQ_ENUM ? t->base : t;

	return (struct oq_pqcells){
		.p = first,
		.stride = stride,
		.nbytes = t->size,
		.is_big = t->cls != OQ_OPAQUE && number->order == OQ_BE,
		.is_signed = oq_number_is_signed(number),
	};
}

/* How many rows an index on an axis stays the same. */
static uint64_t inner_rows(const struct oq_table *t, unsigned axis)
{
	uint64_t n = 1;

	for (unsigned i = axis + 1; i < t->rank; i++)
		n *= t->dims[i];
	return n;
}

void oq_pqcolumns_index(const struct oq_table *t, unsigned axis, uint64_t first,
			size_t n, uint64_t *out)
{
	uint64_t inner = inner_rows(t, axis);
	uint64_t k = first / inner % t->dims[axis];
	uint64_t left = inner - first % inner;

	for (size_t i = 0; i < n; i++) {
		out[i] = k;
		if (--left)
			continue;
		left = inner;
		if (++k == t->dims[axis])
			k = 0;
	}
}

struct oq_pqstat oq_pqcolumns_range(const struct oq_table *t, unsigned axis,
				    uint64_t first, uint64_t n)
{
	uint64_t inner = inner_rows(t, axis), dim = t->dims[axis];
	uint64_t lo = first / inner, hi = (first + n - 1) / inner;
	bool wraps = lo / dim != hi / dim;
	uint64_t a = oq_table_index(t, axis, wraps ? 0 : lo % dim);
	uint64_t b = oq_table_index(t, axis, wraps ? dim - 1 : hi % dim);

	return (struct oq_pqstat){ oq_min_u64(a, b), oq_max_u64(a, b) };
}
