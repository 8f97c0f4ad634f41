/* SPDX-License-Identifier: MIT */
/* csv.c - a table as RFC 4180 CSV, any run of its elements alone */

#include "csv.h"

#include <inttypes.h>
#include <string.h>

#include "odometer.h"
#include "quote.h"

/* Elements rendered between two looks at the room in the buffer. */
#define BATCH 256

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

/* Where a run is in the rows of a matrix, or of a table with a row an
 * element. */
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
	const struct oq_scalar *scalar = t->fields[0].scalar;

	while (n > 0) {
		size_t batch = n < BATCH ? n : BATCH;
		char *start = oq_buf_room(out, batch * (OQ_NUMTEXT_MAX + 1));
		char *to = start;

		if (!to)
			return;
		for (size_t i = 0; i < batch; i++) {
			to += scalar->text(to, elem);
			*to++ = separator(&place);
			elem += t->elem_bytes;
		}
		out->len += (size_t)(to - start);
		n -= batch;
	}
}

static uint64_t scalars_len(const struct oq_table *t, size_t n,
			    const uint8_t *elem)
{
	const struct oq_scalar *scalar = t->fields[0].scalar;
	uint64_t len = n; /* the separators */

	for (size_t i = 0; i < n; i++, elem += t->elem_bytes)
		len += scalar->len(elem);
	return len;
}

static void put_field(const struct oq_field *f, const uint8_t *elem,
		      const struct oq_refs *refs, struct oq_buf *out)
{
	char *to;

	elem += f->offset;
	if (!f->scalar) {
		oq_value_put_csv(f->type, elem, refs, out);
		return;
	}
	to = oq_buf_room(out, OQ_NUMTEXT_MAX);
	if (to)
		out->len += f->scalar->text(to, elem);
}

/* The fields of one element, commas between them. */
static void put_fields(const struct oq_table *t, const uint8_t *elem,
		       const struct oq_refs *refs, struct oq_buf *out)
{
	put_field(&t->fields[0], elem, refs, out);
	for (size_t i = 1; i < t->nfields; i++) {
		oq_buf_putc(out, ',');
		put_field(&t->fields[i], elem, refs, out);
	}
}

/* Elements of any kind in rows or a matrix. */
static void put_rows(const struct oq_table *t, struct place place, size_t n,
		     const uint8_t *elem, const struct oq_refs *refs,
		     struct oq_buf *out)
{
	for (; n > 0 && !out->failed; n--, elem += t->elem_bytes) {
		size_t start = out->len;

		put_fields(t, elem, refs, out);
		quote_empty_row(t, start, out);
		oq_buf_putc(out, separator(&place));
	}
}

static void put_long(const struct oq_table *t, uint64_t first, size_t n,
		     const uint8_t *elem, const struct oq_refs *refs,
		     struct oq_buf *out)
{
	struct oq_odometer o;

	oq_odometer_init(&o, t, first);
	for (; n > 0 && !out->failed; n--, elem += t->elem_bytes) {
		oq_buf_put(out, o.text.data, o.text.len);
		put_fields(t, elem, refs, out);
		oq_buf_putc(out, '\n');
		oq_odometer_step(&o);
	}
	out->failed |= o.text.failed;
	oq_odometer_free(&o);
}

void oq_csv_put(const struct oq_table *t, uint64_t first, size_t n,
		const void *elems, const struct oq_refs *refs,
		struct oq_buf *out)
{
	struct place place = { .col = first % t->ncols, .ncols = t->ncols };

	if (n == 0)
		return;
	if (t->form == OQ_LONG)
		put_long(t, first, n, elems, refs, out);
	else if (t->nfields == 1 && t->fields[0].scalar)
		put_scalars(t, place, n,
			    (const uint8_t *)elems + t->fields[0].offset, out);
	else
		put_rows(t, place, n, elems, refs, out);
}

static uint64_t field_len(const struct oq_field *f, const uint8_t *elem,
			  const struct oq_refs *refs, struct oq_buf *scratch)
{
	elem += f->offset;
	if (f->scalar)
		return f->scalar->len(elem);
	scratch->len = 0;
	oq_value_put_csv(f->type, elem, refs, scratch);
	return scratch->len;
}

/* One element: its fields, the commas between them and what ends it. */
static uint64_t fields_len(const struct oq_table *t, const uint8_t *elem,
			   const struct oq_refs *refs, struct oq_buf *scratch)
{
	uint64_t len = t->nfields;

	for (size_t i = 0; i < t->nfields; i++)
		len += field_len(&t->fields[i], elem, refs, scratch);
	return len;
}

static uint64_t rows_len(const struct oq_table *t, size_t n,
			 const uint8_t *elem, const struct oq_refs *refs,
			 struct oq_buf *scratch)
{
	bool lone = is_lone(t);
	uint64_t sum = 0;

	for (; n > 0 && !scratch->failed; n--, elem += t->elem_bytes) {
		sum += fields_len(t, elem, refs, scratch);
		/* A lone number never gets here, so this is its text. */
		if (lone && looks_empty(scratch->data, scratch->len))
			sum += 2;
	}
	return sum;
}

static uint64_t long_len(const struct oq_table *t, uint64_t first, size_t n,
			 const uint8_t *elem, const struct oq_refs *refs,
			 struct oq_buf *scratch)
{
	struct oq_odometer o;
	uint64_t sum = 0;

	oq_odometer_init(&o, t, first);
	for (; n > 0 && !scratch->failed; n--, elem += t->elem_bytes) {
		sum += o.text.len + fields_len(t, elem, refs, scratch);
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
	scratch->len = 0;
	if (n == 0)
		return 0;
	if (t->form == OQ_LONG)
		return long_len(t, first, n, elems, refs, scratch);
	if (t->nfields == 1 && t->fields[0].scalar)
		return scalars_len(
			t, n, (const uint8_t *)elems + t->fields[0].offset);
	return rows_len(t, n, elems, refs, scratch);
}
