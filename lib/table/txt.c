/* SPDX-License-Identifier: MIT */
/* txt.c - a table in columns of fixed width, for people, awk and gnuplot
 *
 * Every cell is followed by one byte: a blank, or a newline at the end of the
 * row.  So an element takes the same room wherever it stands, and a line is
 * as many of them as a row has.
 */

#include "lib/table/txt.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/num.h"
#include "lib/base/quote.h"
#include "lib/type/datetime.h"
#include "lib/type/value.h"

struct oq_txt {
	const struct oq_table *table;
	uint64_t elem_bytes; /* as text, all that follows cells included */
	uint64_t line_bytes;
	uint64_t *widths; /* a field each */
	uint64_t axis_widths[OQ_MAX_RANK];
};

/* Text as one field */

static bool is_bare(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)s[i] <= ' ' || s[i] == '"' || s[i] == '\\' ||
		    s[i] == 0x7f)
			return false;
	return n > 0;
}

/* Write 'c' as it stands in quotes; returns how many bytes that is. */
static size_t escape(char *out, char c)
{
	static const char from[] = "\"\\\n\r\t", to[] = "\"\\nrt";
	static const char hex[] = "0123456789abcdef";
	const char *found = memchr(from, c, sizeof(from) - 1);
	unsigned char u = (unsigned char)c;

	if (u >= ' ' && u != 0x7f && !found) {
		out[0] = c;
		return 1;
	}
	out[0] = '\\';
	if (found) {
		out[1] = to[found - from];
		return 2;
	}
	out[1] = 'x';
	out[2] = hex[u >> 4];
	out[3] = hex[u & 15];
	return 4;
}

static uint64_t text_width(const char *s, size_t n)
{
	char scratch[4];
	uint64_t len = 2;

	if (is_bare(s, n))
		return n;
	for (size_t i = 0; i < n; i++)
		len += escape(scratch, s[i]);
	return len;
}

/* Write the first character of 's', or its escape, to 'piece': a unit that is
 * never cut.  '*took' is how many bytes of 's' it is; returns the bytes of
 * 'piece'. */
static size_t take_piece(const char *s, size_t n, char piece[4], size_t *took)
{
	uint32_t cp;

	*took = oq_utf8_get(s, n, &cp);
	if (*took > 1) {
		memcpy(piece, s, *took);
		return *took;
	}
	*took = 1;
	return escape(piece, *s);
}

/* Write 's[n]' in quotes, cut to 'width' bytes; returns the length. */
static size_t quote_text(char *out, size_t width, const char *s, size_t n)
{
	size_t len = 0;
	bool cut = text_width(s, n) > width;

	out[len++] = '"';
	for (size_t i = 0, took; i < n; i += took) {
		char piece[4];
		size_t m = take_piece(s + i, n - i, piece, &took);

		if (len + m + 1 + cut > width)
			break;
		memcpy(out + len, piece, m);
		len += m;
	}
	if (cut)
		out[len++] = '~';
	out[len++] = '"';
	return len;
}

/* A text that needs no quotes and fits. */
static void put_bare(const char *s, size_t n, uint64_t width,
		     struct oq_buf *out)
{
	char *to = oq_buf_room(out, width);

	if (!to)
		return;
	memset(to, ' ', width - n);
	memcpy(to + width - n, s, n);
	out->len += width;
}

static void put_text(const char *s, size_t n, uint64_t width,
		     struct oq_buf *out)
{
	char *to;
	size_t len;

	if (is_bare(s, n) && n <= width) {
		put_bare(s, n, width, out);
		return;
	}
	to = oq_buf_room(out, width);
	if (!to)
		return;
	len = quote_text(to, width, s, n);
	memmove(to + width - len, to, len);
	memset(to, ' ', width - len);
	out->len += width;
}

/* Widths */

static uint64_t enum_width(const struct oq_dtype *t)
{
	uint64_t w = oq_number_max(t->base);

	for (size_t i = 0; i < t->nsymbols; i++) {
		const char *name = t->symbols[i].name;

		w = oq_max_u64(w, text_width(name, strlen(name)));
	}
	return w;
}

/* The width of the widest text of a type; 0 where it has no bound. */
static uint64_t type_width(const struct oq_dtype *t)
{
	uint64_t w;

	switch (t->cls) {
	case OQ_INT:
	case OQ_FLOAT:
	case OQ_TIME:
	case OQ_BITFIELD:
		return oq_number_max(t);
	case OQ_ENUM:
		return oq_dtype_is_bool(t) ? 5 : enum_width(t);
	case OQ_STRING:
		return (uint64_t)t->size + 2;
	case OQ_OPAQUE:
		return (uint64_t)t->size * 2;
	case OQ_DATETIME:
	case OQ_TIMEDELTA:
		return oq_datetime_max(t);
	case OQ_MASKED:
		/* A missing value is shown as "". */
		w = type_width(t->base);
		return w ? oq_max_u64(w, 2) : 0;
	case OQ_VSTRING:
	case OQ_COMPOUND:
	case OQ_ARRAY:
	case OQ_VLEN:
	case OQ_OBJREF:
	case OQ_REGREF:
		break;
	}
	return 0;
}

static uint64_t axis_width(const struct oq_table *t, unsigned axis)
{
	const char *name = t->axis_names[axis];
	uint64_t w = text_width(name, strlen(name));
	uint64_t n = t->dims[axis];

	if (!t->axis_labels[axis]) {
		/* The first or the last is the largest. */
		w = oq_max_u64(w, oq_u64_len(oq_table_index(t, axis, 0)));
		return oq_max_u64(
			w, oq_u64_len(oq_table_index(t, axis, n ? n - 1 : 0)));
	}
	for (uint64_t i = 0; i < n; i++) {
		const char *s = oq_table_label(t, axis, i);

		w = oq_max_u64(w, text_width(s, strlen(s)));
	}
	return w;
}

/* The name of the last column of a matrix is the longest. */
static uint64_t name_width(const struct oq_table *t, const struct oq_field *f)
{
	if (t->form == OQ_MATRIX)
		return 1 + oq_u64_len(t->ncols - 1);
	return text_width(f->name, strlen(f->name));
}

static int measure(struct oq_txt *x, struct oq_err *err)
{
	const struct oq_table *t = x->table;
	uint64_t rows, size;

	for (unsigned i = 0; t->form == OQ_LONG && i < t->rank; i++) {
		x->axis_widths[i] = axis_width(t, i);
		x->elem_bytes += x->axis_widths[i] + 1;
	}
	for (size_t i = 0; i < t->nfields; i++) {
		const struct oq_field *f = &t->fields[i];
		uint64_t w = type_width(f->type);

		if (w == 0)
			return oq_err_set(err, -EOPNOTSUPP,
					  "%s: no text of bounded width",
					  f->name);
		x->widths[i] = oq_max_u64(w, name_width(t, f));
		if (oq_add_overflows(x->elem_bytes, x->widths[i] + 1,
				     &x->elem_bytes))
			return oq_err_set(err, -EOVERFLOW, "too wide");
	}
	rows = t->nelems / t->ncols;
	if (oq_mul_overflows(x->elem_bytes, t->ncols, &x->line_bytes) ||
	    oq_add_overflows(rows, 1, &rows) ||
	    oq_mul_overflows(x->line_bytes, rows, &size) || size > INT64_MAX)
		return oq_err_set(err, -EOVERFLOW, "larger than a file can be");
	return 0;
}

int oq_txt_new(const struct oq_table *t, struct oq_txt **out,
	       struct oq_err *err)
{
	struct oq_txt *x = calloc(1, sizeof(*x));
	int rc;

	if (!x)
		return oq_err_set(err, -ENOMEM, "no memory");
	x->table = t;
	x->widths = calloc(t->nfields, sizeof(*x->widths));
	rc = x->widths ? measure(x, err)
		       : oq_err_set(err, -ENOMEM, "no memory");
	if (rc) {
		oq_txt_free(x);
		return rc;
	}
	*out = x;
	return 0;
}

void oq_txt_free(struct oq_txt *x)
{
	if (!x)
		return;
	free(x->widths);
	free(x);
}

uint64_t oq_txt_line_bytes(const struct oq_txt *x)
{
	return x->line_bytes;
}

uint64_t oq_txt_elem_off(const struct oq_txt *x, uint64_t i)
{
	return i * x->elem_bytes;
}

/* Rendering */

static void put_cell(const char *s, uint64_t width, struct oq_buf *out)
{
	put_text(s, strlen(s), width, out);
	oq_buf_putc(out, ' ');
}

/* Make the blank after the last cell of a row its end. */
static void end_row(struct oq_buf *out)
{
	if (!out->failed)
		out->data[out->len - 1] = '\n';
}

void oq_txt_put_header(const struct oq_txt *x, struct oq_buf *out)
{
	const struct oq_table *t = x->table;
	char name[OQ_NUMTEXT_MAX];

	for (unsigned i = 0; t->form == OQ_LONG && i < t->rank; i++)
		put_cell(t->axis_names[i], x->axis_widths[i], out);
	for (size_t i = 0; t->form != OQ_MATRIX && i < t->nfields; i++)
		put_cell(t->fields[i].name, x->widths[i], out);
	for (uint64_t i = 0; t->form == OQ_MATRIX && i < t->ncols; i++) {
		snprintf(name, sizeof(name), "c%" PRIu64, i);
		put_cell(name, x->widths[0], out);
	}
	end_row(out);
}

/* An index on one axis. */
static void put_index(const struct oq_txt *x, unsigned axis, uint64_t i,
		      struct oq_buf *out)
{
	char digits[OQ_NUMTEXT_MAX];
	size_t n;

	if (x->table->axis_labels[axis]) {
		put_cell(oq_table_label(x->table, axis, i),
			 x->axis_widths[axis], out);
		return;
	}
	n = oq_u64_text(digits, oq_table_index(x->table, axis, i));
	put_bare(digits, n, x->axis_widths[axis], out);
	oq_buf_putc(out, ' ');
}

/* Where an element stands, and the way to the next. */
struct indices {
	uint64_t at[OQ_MAX_RANK];
};

static void find_indices(const struct oq_table *t, uint64_t i,
			 struct indices *x)
{
	for (unsigned axis = t->rank; axis-- > 0;) {
		x->at[axis] = i % t->dims[axis];
		i /= t->dims[axis];
	}
}

static void next_indices(const struct oq_table *t, struct indices *x)
{
	for (unsigned axis = t->rank; axis-- > 0;) {
		if (++x->at[axis] < t->dims[axis])
			return;
		x->at[axis] = 0;
	}
}

/* A value that is neither a scalar nor a string: text without blanks, but for
 * the names of enums. */
static void put_other(const struct oq_dtype *t, const uint8_t *elem,
		      uint64_t width, struct oq_buf *out)
{
	OQ_BUF struct oq_buf text = { 0 };

	if (t->cls == OQ_ENUM) {
		const char *name = oq_value_symbol(t, elem);

		if (name) {
			put_text(name, strlen(name), width, out);
			return;
		}
	}
	oq_value_put_csv(t, elem, NULL, &text);
	out->failed |= text.failed;
	put_text(text.data, text.len, width, out);
}

static void put_field(const struct oq_field *f, const uint8_t *elem,
		      uint64_t width, struct oq_buf *out)
{
	char text[OQ_NUMTEXT_MAX];
	size_t n;

	elem += f->offset;
	if (f->scalar) {
		n = oq_scalar_text(f->scalar, elem, text);
		put_bare(text, n, width, out);
	} else if (f->type->cls == OQ_STRING) {
		const char *s = oq_value_str(f->type, elem, &n);

		put_text(s, n, width, out);
	} else {
		put_other(f->type, elem, width, out);
	}
	oq_buf_putc(out, ' ');
}

void oq_txt_put(const struct oq_txt *x, uint64_t first, size_t n,
		const void *elems, struct oq_buf *out)
{
	const struct oq_table *t = x->table;
	const uint8_t *elem = elems;
	struct indices at;

	if (n > 0 && t->form == OQ_LONG)
		find_indices(t, first, &at);
	for (size_t i = 0; i < n && !out->failed; i++) {
		for (unsigned a = 0; t->form == OQ_LONG && a < t->rank; a++)
			put_index(x, a, at.at[a], out);
		for (size_t f = 0; f < t->nfields; f++)
			put_field(&t->fields[f], elem, x->widths[f], out);
		if ((first + i + 1) % t->ncols == 0)
			end_row(out);
		if (t->form == OQ_LONG)
			next_indices(t, &at);
		elem += t->elem_bytes;
	}
}
