/* SPDX-License-Identifier: MIT */
/* sheetsource.c - the rows of a sheet as a table of typed columns */

#include "lib/sheet/sheetsource.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/base/quote.h"
#include "lib/sheet/sheetrows.h"

/* Rows from which one field is taken are read by so many bytes. */
#define GATHER_BYTES ((size_t)256 << 10)

/* Constant once made. */
struct typed {
	struct oq_source base;	/* first */
	struct oq_sheet *sheet; /* borrowed */
	struct oq_dtype row;	/* its members are the columns */
	struct oq_dtype *types; /* owned, as these: of the members */
	size_t *column;		/* which of the sheet's each is */
};

static const struct oq_column *column_of(const struct typed *t, size_t i)
{
	return &t->sheet->columns[t->column[i]];
}

/* ---- as stored ---- */

/* Texts of any length are copied: they end with the elements they are in. */
static bool is_stored(const struct oq_column *c)
{
	return oq_column_is_field(c) && c->load.from->cls != OQ_VSTRING;
}

/* The member of the part's source that a column is, or that it has none. */
static bool find_member(const struct oq_sheetpart *p, const struct oq_column *c,
			size_t *member)
{
	const struct oq_dtype *t = p->source->type;

	if (!p->source->read_member || p->width != 1)
		return false;
	for (*member = 0; *member < t->nmembers; ++*member)
		if (t->members[*member].type == c->load.from)
			return true;
	return false;
}

/* The field alone, out of whole rows of the part. */
static int gather(const struct oq_sheetpart *p, const struct oq_column *c,
		  uint64_t row, size_t n, uint8_t *out, struct oq_err *err)
{
	size_t batch = GATHER_BYTES / c->row_bytes + 1;
	OQ_FREE uint8_t *rows =
		reallocarray(NULL, oq_min_u64(batch, n), c->row_bytes);

	if (!rows)
		return oq_err_set(err, -ENOMEM, "no memory for rows");
	for (size_t at = 0, now; at < n; at += now) {
		const uint8_t *from = rows + c->at * c->stride + c->offset;
		int e;

		now = oq_min_u64(batch, n - at);
		e = oq_source_read(p->source, (row + at) * p->width,
				   now * p->width, rows, err);
		if (e < 0)
			return e;
		for (size_t i = 0; i < now; i++, out += c->load.bytes)
			memcpy(out, from + i * c->row_bytes, c->load.bytes);
		oq_source_release(p->source, rows, now * p->width);
	}
	return 0;
}

/* Rows of the table that follow each other. */
static int read_run(const struct oq_sheet *s, const struct oq_column *c,
		    uint64_t row, size_t n, uint8_t *out, struct oq_err *err)
{
	const struct oq_sheetpart *p = &s->parts[c->part];
	size_t member;

	if (p->width == 1 && p->source->type == c->load.from)
		return oq_source_read(p->source, row, n, out, err);
	if (find_member(p, c, &member))
		return p->source->read_member(p->source, member, row, n, out,
					      err);
	return gather(p, c, row, n, out, err);
}

static int read_sorted(const struct oq_sheet *s, const struct oq_column *c,
		       uint64_t first, size_t n, uint8_t *out,
		       struct oq_err *err)
{
	uint64_t row[OQ_SHEET_BLOCK];
	int e = 0;

	for (size_t at = 0, now, run; !e && at < n; at += now) {
		now = oq_min_u64(n - at, OQ_SHEET_BLOCK);
		oq_sorting_rows(&s->order, first + at, now, row);
		for (size_t i = 0; !e && i < now; i += run) {
			run = oq_sheet_run(row + i, now - i);
			e = read_run(s, c, row[i], run,
				     out + (at + i) * c->load.bytes, err);
		}
	}
	return e;
}

/* ---- computed ---- */

/* Who reads may want the elements anywhere, between those of other columns. */

static int narrow(const double *v, size_t n, uint8_t *out, struct oq_err *err)
{
	for (size_t i = 0; i < n; i++) {
		float f = (float)v[i];

		memcpy(out + i * sizeof(f), &f, sizeof(f));
		if ((double)f != v[i] && v[i] == v[i])
			return oq_err_set(err, -EIO,
					  "a double among floats of four "
					  "bytes");
	}
	return 0;
}

static int read_words(struct typed *t, size_t i, uint64_t first, size_t n,
		      void *out, struct oq_err *err)
{
	OQ_FREE uint64_t *v = reallocarray(NULL, n, sizeof(*v));
	int e;

	if (!v)
		return oq_err_set(err, -ENOMEM, "no memory for rows");
	e = oq_sheet_values(t->sheet, t->column[i], first, n, v, NULL, err);
	if (!e)
		memcpy(out, v, n * sizeof(*v));
	return e;
}

static int read_floats(struct typed *t, size_t i, uint64_t first, size_t n,
		       void *out, struct oq_err *err)
{
	OQ_FREE double *v = reallocarray(NULL, n, sizeof(*v));
	int e;

	if (!v)
		return oq_err_set(err, -ENOMEM, "no memory for rows");
	e = oq_sheet_values(t->sheet, t->column[i], first, n, v, NULL, err);
	return e ? e : narrow(v, n, out, err);
}

/* All texts are in one piece of memory, the first at its start. */
static int read_texts(struct typed *t, size_t i, uint64_t first, size_t n,
		      uint8_t *out, struct oq_err *err)
{
	OQ_BUF struct oq_buf hold = { 0 };
	OQ_FREE struct oq_span_text *v = reallocarray(NULL, n, sizeof(*v));
	char *at;
	int e;

	if (!v)
		return oq_err_set(err, -ENOMEM, "no memory for rows");
	e = oq_sheet_values(t->sheet, t->column[i], first, n, v, &hold, err);
	if (e < 0)
		return e;
	at = oq_steal(&hold.data);
	for (size_t k = 0; k < n; at += v[k].n + 1, k++)
		memcpy(out + k * sizeof(at), &at, sizeof(at));
	return 0;
}

/* ---- the source ---- */

static int read_member(struct oq_source *s, size_t i, uint64_t first, size_t n,
		       void *out, struct oq_err *err)
{
	struct typed *t = (struct typed *)s;
	const struct oq_column *c = column_of(t, i);

	if (!n)
		return 0;
	if (is_stored(c) && t->sheet->order.is_stored)
		return read_run(t->sheet, c, first, n, out, err);
	if (is_stored(c))
		return read_sorted(t->sheet, c, first, n, out, err);
	if (c->type == OQ_VAL_TEXT)
		return read_texts(t, i, first, n, out, err);
	if (t->types[i].size == sizeof(float))
		return read_floats(t, i, first, n, out, err);
	return read_words(t, i, first, n, out, err);
}

static void release_member(struct oq_source *s, size_t i, void *elems, size_t n)
{
	const struct typed *t = (const struct typed *)s;
	char *text = NULL;

	if (n && t->types[i].cls == OQ_VSTRING)
		memcpy(&text, elems, sizeof(text));
	free(text);
}

static void ahead_member(struct oq_source *s, size_t i, uint64_t first,
			 uint64_t n)
{
	const struct typed *t = (const struct typed *)s;
	const struct oq_column *c = column_of(t, i);
	const struct oq_sheetpart *p;
	size_t member;

	if (!c->row_bytes || !t->sheet->order.is_stored)
		return;
	p = &t->sheet->parts[c->part];
	if (is_stored(c) && find_member(p, c, &member))
		p->source->ahead_member(p->source, member, first, n);
	else
		oq_source_ahead(p->source, first * p->width, n * p->width);
}

static void close_typed(struct oq_source *s)
{
	struct typed *t = (struct typed *)s;

	for (size_t i = 0; t->row.members && i < t->row.nmembers; i++)
		free(t->row.members[i].name);
	free(t->row.members);
	free(t->types);
	free(t->column);
	free(t);
}

/* ---- types ---- */

static const struct oq_dtype text = { .cls = OQ_VSTRING,
				      .size = sizeof(char *) };
static const struct oq_dtype integer = {
	.cls = OQ_INT,
	.size = 8,
	.order = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? OQ_BE : OQ_LE,
	.precision = 64,
	.is_signed = true,
};

static struct oq_dtype type_of(const struct oq_column *c)
{
	if (is_stored(c))
		return *c->load.from;
	switch (c->type) {
	case OQ_VAL_TEXT:
		return text;
	case OQ_VAL_I64:
		return integer;
	case OQ_VAL_F64:
		break;
	}
	return oq_dtype_float(c->single ? sizeof(float) : sizeof(double));
}

static int add_member(struct typed *t, size_t column)
{
	size_t i = t->row.nmembers++;
	struct oq_member *m = &t->row.members[i];

	t->column[i] = column;
	t->types[i] = type_of(column_of(t, i));
	m->name = strdup(column_of(t, i)->name);
	m->type = &t->types[i];
	m->offset = t->row.size;
	t->row.size += t->types[i].size;
	return m->name ? 0 : -ENOMEM;
}

static int add_members(struct typed *t)
{
	size_t n = t->sheet->ncolumns;
	int e = 0;

	t->row.cls = OQ_COMPOUND;
	t->row.members = calloc(n, sizeof(*t->row.members));
	t->types = calloc(n, sizeof(*t->types));
	t->column = calloc(n, sizeof(*t->column));
	if (!t->row.members || !t->types || !t->column)
		return -ENOMEM;
	for (size_t i = 0; !e && i < n; i++)
		if (!t->sheet->columns[i].hidden)
			e = add_member(t, i);
	return e;
}

static int make_table(const struct typed *t, struct oq_table **out,
		      struct oq_err *err)
{
	struct oq_table_spec spec = {
		.name = "",
		.type = &t->row,
		.form = OQ_ROWS,
		.rank = 1,
		.dims = &t->base.nelems,
	};

	return oq_table_new(&spec, out, err);
}

/* ---- all of it ---- */

static char *put_attributes(const struct oq_sheet *s)
{
	OQ_BUF struct oq_buf out = { 0 };

	oq_buf_putc(&out, '{');
	if (s->comment.len) {
		oq_buf_puts(&out, "\"comment\": ");
		oq_json_put_str(s->comment.data, s->comment.len, false, &out);
	}
	oq_buf_put(&out, "}", 2);
	return oq_buf_failed(&out) ? NULL : oq_steal(&out.data);
}

static struct typed *typed_new(struct oq_sheet *s)
{
	struct typed *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->sheet = s;
	t->base = (struct oq_source){
		.type = &t->row,
		.nelems = s->order.nrows,
		.file_off = OQ_NO_ADDR,
		.block_bytes = GATHER_BYTES,
		.close = close_typed,
		.read_member = read_member,
		.release_member = release_member,
		.ahead_member = ahead_member,
	};
	if (add_members(t) == 0)
		return t;
	close_typed(&t->base);
	return NULL;
}

int oq_sheet_columns(struct oq_export *e, struct oq_exportcolumns *out,
		     struct oq_err *err)
{
	struct oq_sheet *s = (struct oq_sheet *)e;
	struct typed *t = typed_new(s);
	int r = t ? make_table(t, &out->table, err)
		  : oq_err_set(err, -ENOMEM, "no memory");

	if (r < 0) {
		if (t)
			close_typed(&t->base);
		return r;
	}
	out->source = &t->base;
	out->attributes = put_attributes(s);
	if (out->attributes)
		return 0;
	oq_table_free(out->table);
	close_typed(&t->base);
	return oq_err_set(err, -ENOMEM, "no memory");
}
