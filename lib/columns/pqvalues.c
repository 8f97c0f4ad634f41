/* SPDX-License-Identifier: MIT */
/* pqvalues.c - rows of a column as the bytes of a Parquet page */

#include "lib/columns/pqvalues.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/base/quote.h"
#include "lib/columns/pqaxis.h"
#include "lib/columns/pqcell.h"
#include "lib/columns/pqmaybe.h"
#include "lib/parquet/pqbody.h"
#include "lib/parquet/pqpage.h"
#include "lib/type/datetime.h"
#include "lib/type/oddnum.h"

/* Numbers converted at once. */
#define BATCH 256

/* ---- numbers ---- */

/* An array of machine words as cells. */
static struct oq_pqcells words(const uint64_t *v)
{
	return (struct oq_pqcells){
		.p = (const uint8_t *)v,
		.stride = sizeof(*v),
		.nbytes = sizeof(*v),
		.is_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
	};
}

static void put_indices(const struct oq_pqcolumns *c, size_t col,
			uint64_t first, size_t n, uint8_t *out)
{
	const struct oq_table *t = c->table;
	unsigned axis = c->origins[col].axis;
	size_t width = oq_pqcol_width(&c->cols[col]);
	uint64_t v[BATCH];

	for (size_t at = 0, now; at < n; at += now) {
		struct oq_pqcells cells = words(v);

		now = oq_min_u64(n - at, BATCH);
		oq_pqaxis_index(t, axis, first + at, now, v);
		for (size_t i = 0; i < now; i++)
			v[i] = oq_table_index(t, axis, v[i]);
		oq_pqbody_numbers(&c->cols[col], &cells, now, out + at * width);
	}
}

static uint64_t odd_value(const struct oq_pqorigin *o, const uint8_t *elem)
{
	uint64_t bits;
	double v;

	if (o->from == OQ_PQ_ODD_INT)
		return oq_odd_int_get(o->type, elem);
	v = oq_odd_float_get(o->type, elem);
	memcpy(&bits, &v, sizeof(bits));
	return bits;
}

static void put_odd(const struct oq_pqcolumns *c, size_t col,
		    const struct oq_pqrun *run, uint8_t *out)
{
	const struct oq_pqorigin *o = &c->origins[col];
	size_t stride = c->parts[o->part].row_bytes;
	size_t width = oq_pqcol_width(&c->cols[col]);
	uint64_t v[BATCH];

	for (size_t at = 0, now; at < run->n; at += now) {
		struct oq_pqcells cells = words(v);

		now = oq_min_u64(run->n - at, BATCH);
		for (size_t i = 0; i < now; i++)
			v[i] = odd_value(o, run->p + (at + i) * stride +
						    o->offset);
		oq_pqbody_numbers(&c->cols[col], &cells, now, out + at * width);
	}
}

static struct oq_pqcells cells_of(const struct oq_pqcolumns *c, size_t col,
				  const struct oq_pqrun *run)
{
	const struct oq_pqorigin *o = &c->origins[col];

	return oq_pqcell_cells(o->type, run->p + o->offset,
			       c->parts[o->part].row_bytes);
}

static void put_run(const struct oq_pqcolumns *c, size_t col,
		    const struct oq_pqrun *run, uint8_t *out)
{
	struct oq_pqcells cells;

	if (c->origins[col].from != OQ_PQ_CELL) {
		put_odd(c, col, run, out);
		return;
	}
	cells = cells_of(c, col, run);
	oq_pqbody_numbers(&c->cols[col], &cells, run->n, out);
}

/* Whether the rows of the column's part are the bytes of the page. */
static bool is_as_stored(const struct oq_pqcolumns *c, size_t col)
{
	const struct oq_pqorigin *o = &c->origins[col];
	uint32_t width = oq_pqcol_width(&c->cols[col]);

	return o->from == OQ_PQ_CELL && c->parts[o->part].row_bytes == width &&
	       o->type->size == width &&
	       (o->type->cls == OQ_OPAQUE || o->type->order == OQ_LE);
}

static int put_numbers(struct oq_pqrows *r, size_t col, uint64_t first,
		       size_t n, uint8_t *out, struct oq_err *err)
{
	const struct oq_pqcolumns *c = r->columns;
	size_t part = c->origins[col].part;
	size_t width = oq_pqcol_width(&c->cols[col]);

	if (is_as_stored(c, col) && oq_pqrows_is_straight(r, part))
		return oq_pqrows_read(r, part, first, n, out, err);
	while (n > 0) {
		struct oq_pqrun run;
		int status = oq_pqrows_get(r, part, first, n, false, &run, err);

		if (status < 0)
			return status;
		put_run(c, col, &run, out);
		out += run.n * width;
		first += run.n;
		n -= run.n;
		oq_pqrows_put(r, &run);
	}
	return 0;
}

/* ---- packed ---- */

static void copy_bytes(const struct oq_pqcolumns *c, size_t col,
		       const struct oq_pqrun *run, uint8_t *out)
{
	const struct oq_pqorigin *o = &c->origins[col];
	size_t stride = c->parts[o->part].row_bytes;

	for (size_t i = 0; i < run->n; i++)
		out[i] = run->p[i * stride + o->offset];
}

/* The byte that the column has in each row. */
static int gather_bytes(struct oq_pqrows *r, size_t col, uint64_t first,
			size_t n, uint8_t *out, struct oq_err *err)
{
	size_t part = r->columns->origins[col].part;

	while (n > 0) {
		struct oq_pqrun run;
		int status = oq_pqrows_get(r, part, first, n, false, &run, err);

		if (status < 0)
			return status;
		copy_bytes(r->columns, col, &run, out);
		out += run.n;
		first += run.n;
		n -= run.n;
		oq_pqrows_put(r, &run);
	}
	return 0;
}

static void pack_labels(const struct oq_pqcolumns *c, size_t col,
			uint64_t first, size_t n, uint8_t *out)
{
	unsigned axis = c->origins[col].axis,
		 bits = oq_pqcol_bits(&c->cols[col]);
	uint64_t v[BATCH];
	uint32_t index[BATCH];

	for (size_t at = 0, now; at < n; at += now) {
		now = oq_min_u64(n - at, BATCH);
		oq_pqaxis_index(c->table, axis, first + at, now, v);
		for (size_t i = 0; i < now; i++)
			index[i] = (uint32_t)v[i];
		oq_pqbody_pack(index, now, bits, out);
		out += now / 8 * bits;
	}
}

static int put_packed(struct oq_pqrows *r, size_t col, uint64_t first, size_t n,
		      uint8_t *out, struct oq_err *err)
{
	const struct oq_pqcolumns *c = r->columns;
	struct oq_pqcells cells;
	OQ_FREE uint8_t *bytes = NULL;
	int status;

	if (c->origins[col].from == OQ_PQ_LABEL) {
		pack_labels(c, col, first, n, out);
		return 0;
	}
	/* Room for a whole last group of eight rows, a byte each. */
	bytes = calloc(1, n + 8);
	if (!bytes)
		return oq_err_set(err, -ENOMEM, "no memory for rows");
	status = gather_bytes(r, col, first, n, bytes, err);
	if (status < 0)
		return status;
	if (c->origins[col].from == OQ_PQ_SYMBOL) {
		memcpy(out, bytes, oq_pqpage_rows_bytes(&c->cols[col], n));
		return 0;
	}
	cells = (struct oq_pqcells){ .p = bytes, .stride = 1, .nbytes = 1 };
	oq_pqbody_bools(&cells, n, out);
	return 0;
}

int oq_pqvalues_put(struct oq_pqrows *r, size_t col, uint64_t first, size_t n,
		    uint8_t *out, struct oq_err *err)
{
	const struct oq_pqcolumns *c = r->columns;

	if (oq_pqcol_bits(&c->cols[col]))
		return put_packed(r, col, first, n, out, err);
	if (c->origins[col].from != OQ_PQ_INDEX)
		return put_numbers(r, col, first, n, out, err);
	put_indices(c, col, first, n, out);
	return 0;
}

/* ---- statistics ---- */

static void look_at(const struct oq_pqcolumns *c, const struct oq_pqrun *run,
		    bool more, struct oq_pqstat *stats)
{
	for (size_t i = 0; i < c->schema.ncols; i++) {
		struct oq_pqcells cells;
		struct oq_pqstat s;

		if (!c->cols[i].has_stats || c->origins[i].type == NULL ||
		    c->origins[i].part != run->part)
			continue;
		cells = cells_of(c, i, run);
		s = oq_pqstat_of(&cells, run->n);
		if (more)
			oq_pqstat_join(&c->cols[i], &stats[i], &s);
		else
			stats[i] = s;
	}
}

int oq_pqvalues_stats(struct oq_pqrows *r, size_t part, uint64_t first,
		      uint64_t n, struct oq_pqstat *stats, struct oq_err *err)
{
	for (bool more = false; n > 0; more = true) {
		struct oq_pqrun run;
		int status = oq_pqrows_get(r, part, first, n, false, &run, err);

		if (status < 0)
			return status;
		look_at(r->columns, &run, more, stats);
		first += run.n;
		n -= run.n;
		oq_pqrows_put(r, &run);
	}
	return 0;
}

/* ---- texts ---- */

static void add_bytes(struct oq_pqtext *t, const char *s, size_t n)
{
	oq_pqbody_put_bytes(s, n, &t->values);
	t->is_binary = t->is_binary || !oq_utf8_is(s, n);
}

/* Any value as the csv shows it, without the csv's quotes. */
static void add_text(struct oq_pqtext *t, const struct oq_dtype *type,
		     const struct oq_refs *refs, const uint8_t *elem)
{
	char date[OQ_DATETIME_MAX];
	size_t n;
	const char *s;

	t->scratch.len = 0;
	if (type->cls == OQ_DATETIME) {
		add_bytes(t, date, oq_datetime_text(type, elem, date));
		return;
	}
	if (oq_dtype_is_text(type)) {
		s = oq_value_str(type, elem, &n);
		add_bytes(t, s ? s : "", s ? n : 0);
		return;
	}
	s = type->cls == OQ_ENUM ? oq_value_symbol(type, elem) : NULL;
	if (s) {
		add_bytes(t, s, strlen(s));
		return;
	}
	if (type->cls == OQ_OBJREF || type->cls == OQ_REGREF)
		refs->put(refs->ctx, type, elem, &t->scratch);
	else
		oq_value_put_json(type, elem, refs, false, &t->scratch);
	add_bytes(t, t->scratch.len ? t->scratch.data : "", t->scratch.len);
}

static void add_sequence(struct oq_pqtext *t, const struct oq_dtype *type,
			 const uint8_t *elem)
{
	const struct oq_dtype *base = type->base;
	struct oq_vlen v;
	uint64_t len;

	memcpy(&v, elem, sizeof(v));
	len = v.p ? v.len : 0;
	oq_buf_put(&t->lens, &len, sizeof(len));
	t->nvalues += oq_max_u64(len, 1);
	if (!oq_dtype_is_text(base)) {
		oq_buf_put(&t->cells, v.p, len * base->size);
		return;
	}
	for (uint64_t i = 0; i < len && !t->values.failed; i++)
		add_text(t, base, NULL, (const uint8_t *)v.p + i * base->size);
}

/* An element that may be missing.  Of a missing one only the null is noted. */
static void add_maybe(struct oq_pqtext *t, const struct oq_pqorigin *o,
		      const struct oq_refs *refs, const uint8_t *elem)
{
	const struct oq_dtype *type = oq_pqmaybe_type(o->type);
	bool is_null = oq_pqmaybe_is_missing(o->type, elem);
	int64_t v;

	oq_buf_put(&t->nulls, &is_null, sizeof(is_null));
	t->nvalues++;
	if (is_null)
		return;
	if (o->from == OQ_PQ_TEXT) {
		add_text(t, type, refs, elem);
	} else if (o->from == OQ_PQ_CELL) {
		oq_buf_put(&t->cells, elem, type->size);
	} else {
		t->is_beyond |= !oq_pqmaybe_number(type, elem, &v);
		oq_buf_put(&t->cells, &v, sizeof(v));
	}
}

static void add_labels(struct oq_pqtext *t, const struct oq_pqcolumns *c,
		       unsigned axis, uint64_t first, size_t n)
{
	uint64_t v[BATCH];

	for (size_t at = 0, now; at < n; at += now) {
		now = oq_min_u64(n - at, BATCH);
		oq_pqaxis_index(c->table, axis, first + at, now, v);
		for (size_t i = 0; i < now; i++) {
			const char *s = oq_table_label(c->table, axis, v[i]);

			add_bytes(t, s, strlen(s));
		}
	}
	t->nvalues += n;
}

void oq_pqtext_add(struct oq_pqtext *t, const struct oq_pqcolumns *c,
		   size_t col, const struct oq_refs *refs, const uint8_t *rows,
		   uint64_t first, size_t n)
{
	const struct oq_pqorigin *o = &c->origins[col];
	size_t stride;

	if (o->from == OQ_PQ_LABEL) {
		add_labels(t, c, o->axis, first, n);
		return;
	}
	stride = c->parts[o->part].row_bytes;
	rows += o->offset;
	for (size_t i = 0; i < n && !t->values.failed; i++) {
		if (c->cols[col].nest == OQ_PQ_NULLABLE)
			add_maybe(t, o, refs, rows + i * stride);
		else if (o->from == OQ_PQ_SEQUENCE)
			add_sequence(t, o->type, rows + i * stride);
		else
			add_text(t, o->type, refs, rows + i * stride);
	}
	if (o->from == OQ_PQ_TEXT && c->cols[col].nest != OQ_PQ_NULLABLE)
		t->nvalues += n;
}

/* Append the collected cells to 'values', in PLAIN encoding. */
static void convert(struct oq_pqtext *t, const struct oq_pqcol *col,
		    struct oq_pqcells cells)
{
	size_t n = t->cells.len / cells.nbytes;
	size_t bytes =
		col->type == OQ_PQ_BOOL ? (n + 7) / 8 : n * oq_pqcol_width(col);
	char *to = n ? oq_buf_room(&t->values, bytes) : NULL;

	if (!to)
		return;
	if (col->type == OQ_PQ_BOOL)
		oq_pqbody_bools(&cells, n, (uint8_t *)to);
	else
		oq_pqbody_numbers(col, &cells, n, (uint8_t *)to);
	t->values.len += bytes;
}

static struct oq_pqcells packed_cells(const struct oq_pqtext *t,
				      const struct oq_dtype *type)
{
	return oq_pqcell_cells(type, (const uint8_t *)t->cells.data,
			       type->size);
}

static void finish_maybe(struct oq_pqtext *t, const struct oq_pqcolumns *c,
			 size_t col, struct oq_buf *out)
{
	const struct oq_pqorigin *o = &c->origins[col];

	if (o->from == OQ_PQ_CELL)
		convert(t, &c->cols[col],
			packed_cells(t, oq_pqmaybe_type(o->type)));
	if (o->from == OQ_PQ_MOMENT)
		convert(t, &c->cols[col],
			words((const uint64_t *)(const void *)t->cells.data));
	if (t->nulls.len && !t->nulls.failed)
		oq_pqbody_put_nulls((const bool *)t->nulls.data, t->nulls.len,
				    out);
}

int oq_pqtext_finish(struct oq_pqtext *t, const struct oq_pqcolumns *c,
		     size_t col, struct oq_buf *out, struct oq_err *err)
{
	const struct oq_pqorigin *o = &c->origins[col];
	size_t nrows = t->lens.len / sizeof(uint64_t);

	if (t->is_beyond)
		return oq_err_set(err, -EOPNOTSUPP,
				  "%s: Parquet has no date-times so far away",
				  c->cols[col].name);
	if (c->cols[col].nest == OQ_PQ_NULLABLE)
		finish_maybe(t, c, col, out);
	if (o->from == OQ_PQ_SEQUENCE) {
		convert(t, &c->cols[col], packed_cells(t, o->type->base));
		if (nrows && !t->lens.failed)
			oq_pqbody_put_lists(
				(const uint64_t *)(const void *)t->lens.data,
				nrows, out);
	}
	oq_buf_put(out, t->values.data, t->values.len);
	if (t->lens.failed || t->nulls.failed || t->cells.failed ||
	    t->values.failed || t->scratch.failed || oq_buf_failed(out))
		return oq_err_set(err, -ENOMEM, "no memory for values");
	return 0;
}

void oq_pqtext_free(struct oq_pqtext *t)
{
	oq_buf_free(&t->lens);
	oq_buf_free(&t->nulls);
	oq_buf_free(&t->cells);
	oq_buf_free(&t->values);
	oq_buf_free(&t->scratch);
}
