/* SPDX-License-Identifier: MIT */
/* csv.c - a table as RFC 4180 CSV, any run of its elements alone */

#include "lib/table/csv.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/quote.h"
#include "lib/table/odometer.h"

/* Rows rendered between two looks at the room in the buffer. */
#define BATCH 64
/* Numbers rendered ahead of the rows that they belong to: a table of many
 * columns has fewer rows in a batch. */
#define CELLS 4096
#define SHORT 32

static bool is_lone(const struct oq_table *t)
{
	return t->form != OQ_LONG && t->nfields == 1 && t->ncols == 1;
}

/* A row of nothing, or of nothing but blanks, would be skipped by parsers. */
static bool looks_empty(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] != ' ' && s[i] != '\t')
			return false;
	return true;
}

static void quote_empty_row(const struct oq_table *t, size_t start,
			    struct oq_buf *out)
{
	size_t n = out->len - start;

	if (!is_lone(t) || out->failed ||
	    (n && !looks_empty(out->data + start, n)) || !oq_buf_room(out, 2))
		return;
	memmove(out->data + start + 1, out->data + start, n);
	out->data[start] = out->data[start + n + 1] = '"';
	out->len += 2;
}

static void put_names(const struct oq_table *t, struct oq_buf *out)
{
	for (unsigned i = 0; t->form == OQ_LONG && i < t->rank; i++) {
		const char *name = t->axis_names[i];

		oq_csv_put_field(name, strlen(name), out);
		oq_buf_putc(out, ',');
	}
	for (size_t i = 0; i < t->nfields; i++) {
		const char *name = t->fields[i].name;

		if (i > 0)
			oq_buf_putc(out, ',');
		oq_csv_put_field(name, strlen(name), out);
	}
}

void oq_csv_put_header(const struct oq_table *t, struct oq_buf *out)
{
	size_t start = out->len;

	if (t->form != OQ_MATRIX)
		put_names(t, out);
	for (uint64_t i = 0; t->form == OQ_MATRIX && i < t->ncols; i++)
		oq_buf_printf(out, "%sc%" PRIu64, i ? "," : "", i);
	quote_empty_row(t, start, out);
	oq_buf_putc(out, '\n');
}

/* The column that a run has come to.  Only a matrix has several elements in a
 * row. */
struct place {
	uint64_t col, ncols;
};

static char separator(struct place *p)
{
	if (++p->col < p->ncols)
		return ',';
	p->col = 0;
	return '\n';
}

/* Scalars in rows or a matrix: the case that has to be fast. */
static void put_scalars(const struct oq_table *t, struct place place, size_t n,
			const uint8_t *elem, struct oq_buf *out)
{
	struct oq_cell cells[BATCH + 1];

	while (n > 0) {
		size_t batch = n < BATCH ? n : BATCH;
		char *start = oq_buf_room(out, batch * (OQ_NUMTEXT_MAX + 1));
		char *to = start;

		if (!to)
			return;
		oq_scalar_cells(t->fields[0].scalar, elem, t->elem_bytes, batch,
				cells);
		for (size_t i = 0; i < batch; i++) {
			to = oq_cell_put(to, &cells[i]);
			*to++ = separator(&place);
		}
		elem += batch * t->elem_bytes;
		out->len += (size_t)(to - start);
		n -= batch;
	}
}

/* Rows of any kind: the numbers of each column are rendered together, for a
 * batch of rows at a time, and the rows then put together from them. */
struct batch {
	const struct oq_table *table;
	const struct oq_refs *refs;
	size_t max_rows;
	const uint8_t *elem;   /* of the first row */
	struct oq_cell *cells; /* owned: 'max_rows' for each field */
};

static int batch_init(struct batch *b, const struct oq_table *t,
		      const struct oq_refs *refs)
{
	size_t rows = CELLS / t->nfields;

	*b = (struct batch){ .table = t, .refs = refs, .max_rows = BATCH };
	if (rows < BATCH)
		b->max_rows = rows ? rows : 1;
	b->cells = malloc((b->max_rows * t->nfields + 1) * sizeof(*b->cells));
	return b->cells ? 0 : -ENOMEM;
}

static void batch_fill(struct batch *b, size_t nrows, const uint8_t *elem)
{
	const struct oq_table *t = b->table;

	b->elem = elem;
	for (size_t i = 0; i < t->nfields; i++) {
		const struct oq_field *f = &t->fields[i];

		if (f->scalar)
			oq_scalar_cells(f->scalar, elem + f->offset,
					t->elem_bytes, nrows,
					b->cells + i * b->max_rows);
	}
}

static void put_field(const struct batch *b, size_t row, size_t i,
		      struct oq_buf *out)
{
	const struct oq_table *t = b->table;
	const struct oq_field *f = &t->fields[i];
	const struct oq_cell *cell = &b->cells[i * b->max_rows + row];
	char *to;

	if (!f->scalar) {
		oq_value_put_csv(f->type,
				 b->elem + row * t->elem_bytes + f->offset,
				 b->refs, out);
		return;
	}
	to = oq_buf_room(out, OQ_NUMTEXT_MAX);
	if (to)
		out->len += (size_t)(oq_cell_put(to, cell) - to);
}

/* The fields of one row, commas between them. */
static void put_fields(const struct batch *b, size_t row, struct oq_buf *out)
{
	put_field(b, row, 0, out);
	for (size_t i = 1; i < b->table->nfields; i++) {
		oq_buf_putc(out, ',');
		put_field(b, row, i, out);
	}
}

/* Put a text that is mostly short: a copy of a fixed size is cheaper than one
 * of the exact size. */
static void put_short(const struct oq_buf *text, struct oq_buf *out)
{
	char *to = oq_buf_room(out, text->len + SHORT);

	if (!to || !text->data)
		return;
	if (text->len <= SHORT && text->room >= SHORT)
		memcpy(to, text->data, SHORT);
	else
		memcpy(to, text->data, text->len);
	out->len += text->len;
}

/* Where the rows of a run are: 'odometer' is NULL but for long form. */
struct run {
	struct place place;
	struct oq_odometer *odometer;
};

static void put_batch(const struct batch *b, size_t nrows, struct run *run,
		      struct oq_buf *out)
{
	struct oq_odometer *o = run->odometer;

	for (size_t i = 0; i < nrows && !out->failed; i++) {
		size_t start = out->len;

		if (o)
			put_short(&o->text, out);
		put_fields(b, i, out);
		quote_empty_row(b->table, start, out);
		oq_buf_putc(out, separator(&run->place));
		if (o)
			oq_odometer_step(o);
	}
}

static void put_rows(struct batch *b, struct run *run, size_t n,
		     const uint8_t *elem, struct oq_buf *out)
{
	while (n > 0 && !out->failed) {
		size_t nrows = n < b->max_rows ? n : b->max_rows;

		batch_fill(b, nrows, elem);
		put_batch(b, nrows, run, out);
		elem += nrows * b->table->elem_bytes;
		n -= nrows;
	}
}

void oq_csv_put(const struct oq_table *t, uint64_t first, size_t n,
		const void *elems, const struct oq_refs *refs,
		struct oq_buf *out)
{
	struct run run = { .place.col = first % t->ncols,
			   .place.ncols = t->ncols };
	struct oq_odometer odometer;
	struct batch batch;

	if (n == 0)
		return;
	if (t->form != OQ_LONG && t->nfields == 1 && t->fields[0].scalar) {
		put_scalars(t, run.place, n,
			    (const uint8_t *)elems + t->fields[0].offset, out);
		return;
	}
	if (batch_init(&batch, t, refs) < 0) {
		out->failed = true;
		return;
	}
	if (t->form == OQ_LONG) {
		run.odometer = &odometer;
		oq_odometer_init(&odometer, t, first);
	}
	put_rows(&batch, &run, n, elems, out);
	if (t->form == OQ_LONG) {
		out->failed |= odometer.text.failed;
		oq_odometer_free(&odometer);
	}
	free(batch.cells);
}

/* The texts of a column of any kind. */
static uint64_t column_len(const struct oq_table *t, const struct oq_field *f,
			   size_t n, const uint8_t *elem,
			   const struct oq_refs *refs, struct oq_buf *scratch)
{
	bool lone = is_lone(t);
	uint64_t sum = 0;

	elem += f->offset;
	if (f->scalar)
		return oq_scalar_lens(f->scalar, elem, t->elem_bytes, n);
	for (; n > 0 && !scratch->failed; n--, elem += t->elem_bytes) {
		scratch->len = 0;
		oq_value_put_csv(f->type, elem, refs, scratch);
		sum += scratch->len;
		/* quote_empty_row() */
		if (lone && looks_empty(scratch->data, scratch->len))
			sum += 2;
	}
	return sum;
}

static uint64_t odometer_len(const struct oq_table *t, uint64_t first, size_t n,
			     struct oq_buf *scratch)
{
	struct oq_odometer o;
	uint64_t sum = 0;

	oq_odometer_init(&o, t, first);
	for (; n > 0; n--) {
		sum += o.text.len;
		oq_odometer_step(&o);
	}
	scratch->failed |= o.text.failed;
	oq_odometer_free(&o);
	return sum;
}

uint64_t oq_csv_len(const struct oq_table *t, uint64_t first, size_t n,
		    const void *elems, const struct oq_refs *refs,
		    struct oq_buf *scratch)
{
	/* Each field has a comma or the end of the line behind it. */
	uint64_t len = n * t->nfields;

	if (n == 0)
		return 0;
	if (t->form == OQ_LONG)
		len += odometer_len(t, first, n, scratch);
	for (size_t i = 0; i < t->nfields; i++)
		len += column_len(t, &t->fields[i], n, elems, refs, scratch);
	return len;
}
