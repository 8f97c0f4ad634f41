/* SPDX-License-Identifier: MIT */
/* pqpages.c - the pages of columns whose values have no fixed length */

#include "lib/columns/pqpages.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/columns/pqvalues.h"

/* A column and a page of it as one number, for the cache. */
static uint64_t page_key(size_t col, uint64_t page)
{
	return (uint64_t)col << 32 | page;
}

static uint64_t rows_of_page(const struct oq_pqpages *p, uint64_t page)
{
	uint64_t first = page * p->page_rows;

	return oq_min_u64(p->page_rows, p->columns->nrows - first);
}

static bool is_measured(const struct oq_pqpages *p, size_t col)
{
	return oq_pqcol_is_measured(&p->columns->cols[col]);
}

/* Which columns to make a page of. */
struct page_of {
	size_t part; /* OQ_PQ_WHOLE: columns of labels, which have no part */
	size_t col;  /* OQ_PQ_WHOLE: all measured columns of the part */
};

static bool is_wanted(const struct oq_pqpages *p, const struct page_of *w,
		      size_t i)
{
	const struct oq_pqorigin *o = &p->columns->origins[i];

	if (!is_measured(p, i) || (w->col != OQ_PQ_WHOLE && w->col != i))
		return false;
	return w->part == (o->type ? o->part : OQ_PQ_WHOLE);
}

static void add_run(struct oq_pqpages *p, const struct page_of *w,
		    const uint8_t *rows, uint64_t first, size_t n,
		    struct oq_pqtext *texts)
{
	for (size_t i = 0, k = 0; i < p->columns->schema.ncols; i++)
		if (is_wanted(p, w, i))
			oq_pqtext_add(&texts[k++], p->columns, i, &p->refs,
				      rows, first, n);
}

/* Add rows [first, first + n) to the pages of the wanted columns. */
static int add_rows(struct oq_pqpages *p, const struct page_of *w,
		    uint64_t first, uint64_t n, struct oq_pqtext *texts,
		    struct oq_err *err)
{
	if (w->part == OQ_PQ_WHOLE) {
		add_run(p, w, NULL, first, n, texts);
		return 0;
	}
	while (n > 0) {
		struct oq_pqrun run;
		int r = oq_pqrows_get(p->rows, w->part, first, n, true, &run,
				      err);

		if (r < 0)
			return r;
		add_run(p, w, run.p, first, run.n, texts);
		first += run.n;
		n -= run.n;
		oq_pqrows_put(p->rows, &run);
	}
	return 0;
}

static int fill_page(const struct oq_filler *filler, uint64_t key,
		     uint8_t **data, size_t *len, struct oq_err *err)
{
	struct oq_pqpages *p =
		(struct oq_pqpages *)((uintptr_t)filler -
				      offsetof(struct oq_pqpages, filler));
	size_t col = key >> 32;
	uint64_t page = key & UINT32_MAX;
	const struct oq_pqorigin *o = &p->columns->origins[col];
	struct page_of w = { o->type ? o->part : OQ_PQ_WHOLE, col };
	OQ_BUF struct oq_buf out = { 0 };
	struct oq_pqtext text = { 0 };
	int r = add_rows(p, &w, page * p->page_rows, rows_of_page(p, page),
			 &text, err);

	if (r == 0)
		r = oq_pqtext_finish(&text, p->columns, col, &out, err);
	oq_pqtext_free(&text);
	if (r < 0)
		return r;
	*len = out.len;
	*data = oq_steal(&out.data);
	return 0;
}

/* ---- measuring ---- */

static int note_page(struct oq_pqpages *p, size_t col, uint64_t page,
		     struct oq_pqtext *text, struct oq_err *err)
{
	OQ_BUF struct oq_buf out = { 0 };
	int r = oq_pqtext_finish(text, p->columns, col, &out, err);

	if (r < 0)
		return r;
	if (text->is_binary)
		atomic_store(&p->is_binary[col], true);
	oq_pqlayout_note(p->layout, col, page, text->nvalues, text->values.len);
	if (p->keep)
		oq_cache_offer(p->rows->env->cache, &p->filler,
			       page_key(col, page), oq_steal(&out.data),
			       out.len);
	return 0;
}

static int measure_rows(struct oq_pqpages *p, const struct page_of *w,
			uint64_t page, struct oq_err *err)
{
	size_t n = 0, k = 0;
	struct oq_pqtext *texts;
	int r;

	for (size_t i = 0; i < p->columns->schema.ncols; i++)
		n += is_wanted(p, w, i);
	if (!n)
		return 0;
	texts = calloc(n, sizeof(*texts));
	if (!texts)
		return oq_err_set(err, -ENOMEM, "no memory");
	r = add_rows(p, w, page * p->page_rows, rows_of_page(p, page), texts,
		     err);
	for (size_t i = 0; r == 0 && i < p->columns->schema.ncols; i++)
		if (is_wanted(p, w, i))
			r = note_page(p, i, page, &texts[k++], err);
	for (k = 0; k < n; k++)
		oq_pqtext_free(&texts[k]);
	free(texts);
	return r;
}

int oq_pqpages_measure(void *ctx, size_t i, struct oq_err *err)
{
	struct oq_pqpages *p = ctx;
	struct page_of w = { OQ_PQ_WHOLE, OQ_PQ_WHOLE };
	int r = measure_rows(p, &w, i, err);

	for (w.part = 0; r == 0 && w.part < p->columns->nparts; w.part++)
		if (p->columns->parts[w.part].nmeasured)
			r = measure_rows(p, &w, i, err);
	return r;
}

void oq_pqpages_settle(struct oq_pqpages *p)
{
	for (size_t i = 0; i < p->columns->schema.ncols; i++)
		if (atomic_load(&p->is_binary[i]))
			p->columns->cols[i].type = OQ_PQ_BINARY;
}

/* ---- reading ---- */

int oq_pqpages_get(struct oq_pqpages *p, size_t col, uint64_t page,
		   struct oq_block *out, struct oq_err *err)
{
	return oq_cache_get(p->rows->env->cache, &p->filler,
			    page_key(col, page), out, err);
}

void oq_pqpages_ahead(struct oq_pqpages *p, size_t col, uint64_t first,
		      uint64_t n)
{
	uint64_t last = oq_min_u64(first + n, p->columns->nrows);

	for (uint64_t i = first / p->page_rows; i * p->page_rows < last; i++) {
		struct oq_pqpage page;

		oq_pqlayout_page(p->layout, col, i, &page);
		oq_cache_prefetch(p->rows->env->cache, &p->filler,
				  page_key(col, i), page.body);
	}
}

/* ---- open, close ---- */

/* If all pages fit into half of the cache they are kept when they are measured,
 * so that a table of moderate size is read once.  For this estimate a text of
 * unknown length counts as 64 bytes. */
static void choose_keep(struct oq_pqpages *p)
{
	uint64_t width = 0, bytes;

	for (size_t i = 0; i < p->columns->schema.ncols; i++) {
		const struct oq_dtype *t = p->columns->origins[i].type;

		if (!is_measured(p, i))
			continue;
		p->page_rows = oq_pqlayout_page_rows(p->layout, i);
		width += oq_max_u64(t ? t->size : 0, 64);
	}
	p->keep = !oq_mul_overflows(width, p->columns->nrows, &bytes) &&
		  bytes <= oq_cache_budget(p->rows->env->cache) / 2;
}

int oq_pqpages_init(struct oq_pqpages *p, struct oq_pqcolumns *c,
		    struct oq_pqrows *rows, struct oq_pqlayout *l,
		    const struct oq_refs *refs)
{
	*p = (struct oq_pqpages){
		.columns = c, .rows = rows, .layout = l, .refs = *refs
	};
	p->filler.owner = oq_cache_owner(rows->env->cache);
	p->filler.fill = fill_page;
	p->is_binary = calloc(c->schema.ncols, sizeof(*p->is_binary));
	if (!p->is_binary)
		return -ENOMEM;
	choose_keep(p);
	return 0;
}

void oq_pqpages_forget(struct oq_pqpages *p)
{
	if (p->rows)
		oq_cache_forget(p->rows->env->cache, &p->filler);
}

void oq_pqpages_free(struct oq_pqpages *p)
{
	oq_pqpages_forget(p);
	free(p->is_binary);
}
