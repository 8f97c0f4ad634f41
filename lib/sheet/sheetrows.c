/* SPDX-License-Identifier: MIT */
/* sheetrows.c - the rows of a sheet: their order, their values, their text */

#include "lib/sheet/sheetrows.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/base/quote.h"
#include "lib/text/numtext.h"

/* ---- elements ---- */

size_t oq_sheet_run(const uint64_t *row, size_t n)
{
	size_t run = 1;

	while (run < n && row[run] == row[0] + run)
		run++;
	return run;
}

/* Rows that follow one another are read at once. */
static int read_part(const struct oq_sheetpart *p, const struct oq_rows *r,
		     uint8_t *out, struct oq_err *err)
{
	size_t row_bytes = p->width * p->source->type->size;
	size_t n;

	for (size_t i = 0; i < r->n; i += n) {
		int e;

		n = oq_sheet_run(r->row + i, r->n - i);
		e = oq_source_read(p->source, r->row[i] * p->width,
				   n * p->width, out + i * row_bytes, err);
		if (e < 0) {
			oq_source_release(p->source, out, i * p->width);
			return e;
		}
	}
	return 0;
}

static void release_parts(const struct oq_sheet *s, struct oq_rows *r,
			  size_t nparts)
{
	for (size_t i = 0; i < nparts; i++)
		if (r->part[i])
			oq_source_release(s->parts[i].source, r->part[i],
					  r->n * s->parts[i].width);
}

static int read_parts(const struct oq_sheet *s, struct oq_rows *r,
		      struct oq_err *err)
{
	for (size_t i = 0; i < s->nparts; i++) {
		int e = r->part[i] ? read_part(&s->parts[i], r, r->part[i], err)
				   : 0;

		if (e < 0) {
			release_parts(s, r, i);
			return e;
		}
	}
	return 0;
}

/* ---- a worker's memory ---- */

struct work {
	struct oq_rows rows;
	void **values; /* of each column */
	void **owned;
	size_t nowned;
};

static void work_free(struct work *w)
{
	for (size_t i = 0; i < w->nowned; i++)
		free(w->owned[i]);
	free(w->owned);
	free(w->values);
	free(w->rows.part);
	free(w);
}

static void *work_alloc(struct work *w, size_t n)
{
	return w->owned[w->nowned++] = calloc(1, n + 1);
}

static bool is_aside(const struct oq_sheet *s, const struct oq_column *c)
{
	return c->hidden && s->nparts && s->parts[c->part].aside;
}

/* Memory for a column, or for all; and for the parts that it is made of. */
static bool work_fill(const struct oq_sheet *s, struct work *w,
		      const struct oq_column *only)
{
	for (size_t i = 0; i < s->nparts; i++) {
		if (only ? only->part != i : s->parts[i].aside)
			continue;
		w->rows.part[i] =
			work_alloc(w, OQ_SHEET_BLOCK * s->parts[i].width *
					      s->parts[i].source->type->size);
		if (!w->rows.part[i])
			return false;
	}
	for (size_t i = 0; i < s->ncolumns; i++) {
		if (only ? only != &s->columns[i] : is_aside(s, &s->columns[i]))
			continue;
		w->values[i] = work_alloc(
			w,
			OQ_SHEET_BLOCK * oq_valtype_bytes(s->columns[i].type));
		if (!w->values[i])
			return false;
	}
	return true;
}

static struct work *work_new(const struct oq_sheet *s,
			     const struct oq_column *only)
{
	struct work *w = calloc(1, sizeof(*w));

	if (!w)
		return NULL;
	w->values = calloc(s->ncolumns + 1, sizeof(*w->values));
	w->rows.part = calloc(s->nparts + 1, sizeof(*w->rows.part));
	w->owned = calloc(s->ncolumns + s->nparts + 1, sizeof(*w->owned));
	if (w->values && w->rows.part && w->owned && work_fill(s, w, only))
		return w;
	work_free(w);
	return NULL;
}

/* ---- text ---- */

/* Bytes that are not UTF-8 are left out, as the engine leaves them. */
static void put_text(const char *s, size_t n, struct oq_buf *out)
{
	size_t start = out->len, whole = 0;
	uint32_t cp;

	while (whole < n && (unsigned char)s[whole] < 0x80)
		whole++;
	if (whole == n) {
		oq_csv_put_field(s, n, out);
		return;
	}
	while (n) {
		size_t k = oq_utf8_get(s, n, &cp);

		oq_buf_put(out, s, k);
		k += k == 0;
		s += k;
		n -= k;
	}
	oq_csv_quote_tail(out, start);
}

static void put_integer(const struct oq_column *c, int64_t v,
			struct oq_buf *out)
{
	char *to = oq_buf_room(out, OQ_NUMTEXT_MAX);

	if (c->form == OQ_FORM_TRUTH)
		oq_buf_puts(out, v ? "True" : "False");
	else if (to)
		out->len += oq_i64_text(to, v);
}

static void put_cell(const struct oq_sheet *s, const struct oq_column *c,
		     const void *values, size_t i, struct oq_buf *out)
{
	const struct oq_span_text *text = values;
	const double *f = values;
	char *to;

	switch (c->type) {
	case OQ_VAL_TEXT:
		put_text(text[i].s, text[i].n, out);
		break;
	case OQ_VAL_I64:
		put_integer(c, ((const int64_t *)values)[i], out);
		break;
	case OQ_VAL_F64:
		to = oq_buf_room(out, OQ_FIGURE_MAX);
		if (to)
			out->len += oq_figure_put_cell(to, c->figure, s->frame,
						       f[i]);
		break;
	}
}

static bool is_skipped(const struct oq_sheet *s, const struct work *w, size_t i)
{
	const struct oq_column *c = &s->columns[s->skip_zero];

	if (c->type == OQ_VAL_I64)
		return ((int64_t *)w->values[s->skip_zero])[i] == 0;
	return ((double *)w->values[s->skip_zero])[i] == 0;
}

static void put_row(const struct oq_sheet *s, const struct work *w, size_t i,
		    struct oq_buf *out)
{
	bool first = true;

	if (s->skip_zero >= 0 && is_skipped(s, w, i))
		return;
	for (size_t j = 0; j < s->ncolumns; j++) {
		if (s->columns[j].hidden)
			continue;
		if (!first)
			oq_buf_putc(out, ',');
		first = false;
		put_cell(s, &s->columns[j], w->values[j], i, out);
	}
	oq_buf_put(out, "\r\n", 2);
}

static int fill_columns(const struct oq_sheet *s, struct work *w,
			struct oq_err *err)
{
	for (size_t i = 0; i < s->ncolumns; i++) {
		const struct oq_column *c = &s->columns[i];
		int e = w->values[i] ? c->fill(c, &w->rows, w->values[i], err)
				     : 0;

		if (e < 0)
			return e;
	}
	return 0;
}

static int render_block(const struct oq_sheet *s, struct work *w,
			struct oq_buf *out, struct oq_err *err)
{
	int e = read_parts(s, &w->rows, err);

	if (e < 0)
		return e;
	e = fill_columns(s, w, err);
	for (size_t i = 0; !e && i < w->rows.n; i++)
		put_row(s, w, i, out);
	release_parts(s, &w->rows, s->nparts);
	return e ? e : oq_buf_failed(out) ? -ENOMEM : 0;
}

int oq_sheet_render(struct oq_export *x, uint64_t first, size_t n,
		    struct oq_buf *out, struct oq_err *err)
{
	struct oq_sheet *s = (struct oq_sheet *)x;
	struct work *w = work_new(s, NULL);
	int e = w ? 0 : oq_err_set(err, -ENOMEM, "no memory");

	/* Rows that are not in the result are the last. */
	if (first >= s->order.nrows)
		n = 0;
	else if (n > s->order.nrows - first)
		n = (size_t)(s->order.nrows - first);
	while (!e && n) {
		w->rows.n = (size_t)oq_min_u64(n, OQ_SHEET_BLOCK);
		oq_sorting_rows(&s->order, first, w->rows.n, w->rows.row);
		e = render_block(s, w, out, err);
		first += w->rows.n;
		n -= w->rows.n;
	}
	if (w)
		work_free(w);
	return e;
}

/* ---- typed ---- */

static int stored_block(const struct oq_sheet *s, struct work *w, size_t column,
			uint8_t *out, struct oq_err *err)
{
	const struct oq_column *c = &s->columns[column];
	int e = read_parts(s, &w->rows, err);

	if (e < 0)
		return e;
	e = c->fill(c, &w->rows, out, err);
	release_parts(s, &w->rows, s->nparts);
	return e;
}

int oq_sheet_stored(struct oq_sheet *s, size_t column, uint64_t first, size_t n,
		    void *out, struct oq_err *err)
{
	struct work *w = work_new(s, &s->columns[column]);
	size_t bytes = oq_valtype_bytes(s->columns[column].type);
	uint8_t *to = out;
	int e = w ? 0 : oq_err_set(err, -ENOMEM, "no memory");

	while (!e && n) {
		w->rows.n = (size_t)oq_min_u64(n, OQ_SHEET_BLOCK);
		for (size_t i = 0; i < w->rows.n; i++)
			w->rows.row[i] = first + i;
		e = stored_block(s, w, column, to, err);
		to += w->rows.n * bytes;
		first += w->rows.n;
		n -= w->rows.n;
	}
	if (w)
		work_free(w);
	return e;
}

/* Texts move into what the caller holds, which may move itself: their places
 * are known when all are there. */
static void hold_texts(const struct oq_span_text *t, size_t n,
		       struct oq_buf *hold)
{
	for (size_t i = 0; i < n; i++) {
		oq_buf_put(hold, t[i].s, t[i].n);
		oq_buf_putc(hold, '\0');
	}
}

static int place_texts(struct oq_span_text *t, uint64_t n, size_t at,
		       const struct oq_buf *hold)
{
	if (oq_buf_failed(hold))
		return -ENOMEM;
	for (uint64_t i = 0; i < n; i++) {
		t[i].s = hold->data + at;
		at += t[i].n + 1;
	}
	return 0;
}

int oq_sheet_values(struct oq_sheet *s, size_t column, uint64_t first,
		    uint64_t n, void *out, struct oq_buf *hold,
		    struct oq_err *err)
{
	const struct oq_column *c = &s->columns[column];
	struct work *w = work_new(s, c);
	size_t start = hold ? hold->len : 0, bytes = oq_valtype_bytes(c->type);
	uint8_t *to = out;
	int e = w ? 0 : oq_err_set(err, -ENOMEM, "no memory");

	for (uint64_t at = 0; !e && at < n; at += w->rows.n) {
		w->rows.n = (size_t)oq_min_u64(n - at, OQ_SHEET_BLOCK);
		oq_sorting_rows(&s->order, first + at, w->rows.n, w->rows.row);
		e = read_parts(s, &w->rows, err);
		if (e < 0)
			break;
		e = c->fill(c, &w->rows, to + at * bytes, err);
		if (!e && c->type == OQ_VAL_TEXT)
			hold_texts((void *)(to + at * bytes), w->rows.n, hold);
		release_parts(s, &w->rows, s->nparts);
	}
	if (w)
		work_free(w);
	return e || c->type != OQ_VAL_TEXT ? e
					   : place_texts(out, n, start, hold);
}

/* ---- order ---- */

static int sort(struct oq_sheet *s, const struct oq_progress *p,
		struct oq_err *err)
{
	struct oq_sorting_spec spec = {
		.nrows = s->export.nrows,
		.progress = p,
		.bytes = oq_cache_budget(s->env->cache),
		.keys = s->keys,
		.unique = s->unique,
		.ctx = s,
	};
	struct oq_sorting order = { 0 };
	int e = oq_sorting_make(&spec, &order, err);

	if (e < 0)
		return e;
	oq_sorting_free(&s->order);
	s->order = order;
	s->export.held += order.nruns * sizeof(*order.runs);
	return 0;
}

int oq_sheet_prepare(struct oq_export *x, const struct oq_progress *p,
		     struct oq_err *err)
{
	struct oq_sheet *s = (struct oq_sheet *)x;
	int e = s->prepare ? s->prepare(s, err) : 0;

	return e || !s->keys ? e : sort(s, p, err);
}
