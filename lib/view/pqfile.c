/* SPDX-License-Identifier: MIT */
/* pqfile.c - a table as a Parquet file, made as it is read
 *
 *	size        arithmetic; where texts are, once their pages are measured
 *	footer      asks for the statistics, once
 *	all else    as many rows of a column as the bytes show
 */

#include "lib/view/pqfile.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/parquet/parquet.h"
#include "lib/parquet/pqpage.h"
#include "lib/view/pqvalues.h"
#include "lib/work/parfor.h"
#include "lib/work/readahead.h"

/* What is found out once, by whoever needs it first. */
enum finding { PAGES, STATS, NFINDINGS };

/* How the fields below are protected:
 *   I  set before it is shared, never changed
 *   A  atomic
 *   L  under 'lock'
 *   P  written while pages are measured, constant once 'found[PAGES]'
 *   S  the same of statistics */
struct pqfile {
	struct oq_file base;	     /* I; first: a file is its Parquet file */
	struct oq_pqfile_spec spec;  /* I; source, table, texts owned */
	struct oq_pqcolumns columns; /* I but for types: P */
	struct oq_parquet parquet;   /* I; P where something is measured */
	struct oq_pqrows rows;	     /* I */
	struct oq_filler pages, texts; /* I: of measured pages; other pieces */
	struct oq_readahead *ahead;    /* owned: one a part */
	uint64_t page_rows;	       /* I: of a measured page; 0: none is */
	bool keep;		       /* I: pages are few enough to be kept */
	atomic_bool *is_binary;	       /* owned: one a column */
	struct oq_pqstat *stats;       /* S; owned: columns of each group */
	pthread_mutex_t lock;
	pthread_cond_t changed; /* L: 'busy' */
	bool busy;		/* L: somebody is finding out */
	bool found[NFINDINGS];	/* L */
};

static const struct oq_pqlayout *layout(const struct pqfile *f)
{
	return f->parquet.layout;
}

/* ---- finding out once ---- */

/* One thread does it; others who need it wait.  A failure is not kept: the
 * next to ask tries again. */
static int find_out(struct pqfile *f, enum finding what,
		    int (*how)(struct pqfile *f, const struct oq_progress *p,
			       struct oq_err *err),
		    const struct oq_progress *p, struct oq_err *err)
{
	int r;

	pthread_mutex_lock(&f->lock);
	while (f->busy && !f->found[what])
		pthread_cond_wait(&f->changed, &f->lock);
	if (f->found[what]) {
		pthread_mutex_unlock(&f->lock);
		return 0;
	}
	f->busy = true;
	pthread_mutex_unlock(&f->lock);

	r = how(f, p, err);

	pthread_mutex_lock(&f->lock);
	f->busy = false;
	f->found[what] = r == 0;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
	return r;
}

/* ---- measured pages ---- */

/* Two numbers in one, for the cache. */
static uint64_t page_key(size_t col, uint64_t page)
{
	return (uint64_t)col << 32 | page;
}

static uint64_t rows_of_page(const struct pqfile *f, uint64_t page)
{
	uint64_t first = page * f->page_rows;

	return oq_min_u64(f->page_rows, f->columns.nrows - first);
}

static bool is_measured(const struct pqfile *f, size_t col)
{
	return oq_pqcol_is_measured(&f->columns.cols[col]);
}

/* Whether column 'i' is made with others of 'part', or alone. */
struct page_of {
	size_t part; /* OQ_PQ_WHOLE: labels, of no part */
	size_t col;  /* OQ_PQ_WHOLE: all measured ones of the part */
};

static bool is_wanted(const struct pqfile *f, const struct page_of *w, size_t i)
{
	const struct oq_pqorigin *o = &f->columns.origins[i];

	if (!is_measured(f, i) || (w->col != OQ_PQ_WHOLE && w->col != i))
		return false;
	return w->part == (o->type ? o->part : OQ_PQ_WHOLE);
}

static void add_run(struct pqfile *f, const struct page_of *w,
		    const uint8_t *rows, uint64_t first, size_t n,
		    struct oq_pqtext *texts)
{
	for (size_t i = 0, k = 0; i < f->columns.schema.ncols; i++)
		if (is_wanted(f, w, i))
			oq_pqtext_add(&texts[k++], &f->columns, i,
				      &f->spec.refs, rows, first, n);
}

/* Rows [first, first + n) of the columns wanted. */
static int add_rows(struct pqfile *f, const struct page_of *w, uint64_t first,
		    uint64_t n, struct oq_pqtext *texts, struct oq_err *err)
{
	if (w->part == OQ_PQ_WHOLE) {
		add_run(f, w, NULL, first, n, texts);
		return 0;
	}
	while (n > 0) {
		struct oq_pqrun run;
		int r = oq_pqrows_get(&f->rows, w->part, first, n, true, &run,
				      err);

		if (r < 0)
			return r;
		add_run(f, w, run.p, first, run.n, texts);
		first += run.n;
		n -= run.n;
		oq_pqrows_put(&f->rows, &run);
	}
	return 0;
}

static int fill_page(const struct oq_filler *filler, uint64_t key,
		     uint8_t **data, size_t *len, struct oq_err *err)
{
	struct pqfile *f = (struct pqfile *)((uintptr_t)filler -
					     offsetof(struct pqfile, pages));
	size_t col = key >> 32;
	uint64_t page = key & UINT32_MAX;
	const struct oq_pqorigin *o = &f->columns.origins[col];
	struct page_of w = { o->type ? o->part : OQ_PQ_WHOLE, col };
	OQ_BUF struct oq_buf out = { 0 };
	struct oq_pqtext text = { 0 };
	int r = add_rows(f, &w, page * f->page_rows, rows_of_page(f, page),
			 &text, err);

	if (r == 0)
		r = oq_pqtext_finish(&text, &f->columns, col, &out, err);
	oq_pqtext_free(&text);
	if (r < 0)
		return r;
	*len = out.len;
	*data = oq_steal(&out.data);
	return 0;
}

/* ---- measuring ---- */

static int note_page(struct pqfile *f, size_t col, uint64_t page,
		     struct oq_pqtext *text, struct oq_err *err)
{
	OQ_BUF struct oq_buf out = { 0 };
	int r = oq_pqtext_finish(text, &f->columns, col, &out, err);

	if (r < 0)
		return r;
	if (text->is_binary)
		atomic_store(&f->is_binary[col], true);
	oq_pqlayout_note(f->parquet.layout, col, page, text->nvalues,
			 text->values.len);
	if (f->keep)
		oq_cache_offer(f->spec.env->cache, &f->pages,
			       page_key(col, page), oq_steal(&out.data),
			       out.len);
	return 0;
}

static int measure_rows(struct pqfile *f, const struct page_of *w,
			uint64_t page, struct oq_err *err)
{
	size_t n = 0, k = 0;
	struct oq_pqtext *texts;
	int r;

	for (size_t i = 0; i < f->columns.schema.ncols; i++)
		n += is_wanted(f, w, i);
	if (!n)
		return 0;
	texts = calloc(n, sizeof(*texts));
	if (!texts)
		return oq_err_set(err, -ENOMEM, "no memory");
	r = add_rows(f, w, page * f->page_rows, rows_of_page(f, page), texts,
		     err);
	for (size_t i = 0; r == 0 && i < f->columns.schema.ncols; i++)
		if (is_wanted(f, w, i))
			r = note_page(f, i, page, &texts[k++], err);
	for (k = 0; k < n; k++)
		oq_pqtext_free(&texts[k]);
	free(texts);
	return r;
}

/* Item 'i' is a page of all that is measured. */
static int measure_page(void *ctx, size_t i, struct oq_err *err)
{
	struct pqfile *f = ctx;
	struct page_of w = { OQ_PQ_WHOLE, OQ_PQ_WHOLE };
	int r = measure_rows(f, &w, i, err);

	for (w.part = 0; r == 0 && w.part < f->columns.nparts; w.part++)
		if (f->columns.parts[w.part].nmeasured)
			r = measure_rows(f, &w, i, err);
	return r;
}

struct watch {
	const struct oq_progress *progress;
	uint64_t step, nrows;
};

static bool tell(void *ctx, size_t begun)
{
	const struct watch *w = ctx;

	return w->progress->tell(w->progress->ctx,
				 oq_min_u64(begun * w->step, w->nrows),
				 w->nrows);
}

static int run(struct pqfile *f, size_t nitems, uint64_t step,
	       int (*item)(void *ctx, size_t i, struct oq_err *err),
	       const struct oq_progress *p, struct oq_err *err)
{
	struct watch w = { p, step, f->columns.nrows };
	struct oq_parfor loop = {
		.pool = f->spec.env->pool,
		.nthreads = f->spec.env->nthreads,
		.nitems = nitems,
		.item = item,
		.progress = p ? tell : NULL,
		.ctx = f,
		.progress_ctx = &w,
	};

	return oq_parfor_run(&loop, err);
}

/* Texts that are no UTF-8 are bytes: their pages are the same. */
static void settle_types(struct pqfile *f)
{
	for (size_t i = 0; i < f->columns.schema.ncols; i++)
		if (atomic_load(&f->is_binary[i]))
			f->columns.cols[i].type = OQ_PQ_BINARY;
}

static int measure(struct pqfile *f, const struct oq_progress *p,
		   struct oq_err *err)
{
	uint64_t n = f->columns.nrows;
	int r = run(f, n / f->page_rows + (n % f->page_rows != 0), f->page_rows,
		    measure_page, p, err);

	if (r == 0) {
		settle_types(f);
		r = oq_parquet_seal(&f->parquet, err);
	}
	/* What was kept may be of other lengths than the next try finds. */
	if (r < 0)
		oq_cache_forget(f->spec.env->cache, &f->pages);
	return r;
}

static int ensure_measured(struct pqfile *f, const struct oq_progress *p,
			   struct oq_err *err)
{
	return f->page_rows ? find_out(f, PAGES, measure, p, err) : 0;
}

static int pq_size(struct oq_file *s, const struct oq_progress *p,
		   uint64_t *size, struct oq_err *err)
{
	struct pqfile *f = (struct pqfile *)s;
	int r = ensure_measured(f, p, err);

	if (r == 0)
		*size = f->parquet.size;
	return r;
}

/* ---- statistics ---- */

static uint64_t first_row(const struct pqfile *f, size_t group)
{
	/* All groups but the last have as many rows as the first. */
	return group * oq_pqlayout_group_rows(layout(f), 0);
}

static int find_group_stats(void *ctx, size_t group, struct oq_err *err)
{
	struct pqfile *f = ctx;
	struct oq_pqstat *stats = f->stats + group * f->columns.schema.ncols;
	uint64_t n = oq_pqlayout_group_rows(layout(f), group);
	int r = 0;

	for (size_t i = 0; r == 0 && i < f->columns.nparts; i++)
		if (f->columns.parts[i].nstats)
			r = oq_pqvalues_stats(&f->rows, i, first_row(f, group),
					      n, stats, err);
	for (size_t i = 0; r == 0 && i < f->columns.schema.ncols; i++)
		if (f->columns.origins[i].from == OQ_PQ_INDEX)
			stats[i] =
				oq_pqcolumns_range(f->columns.table,
						   f->columns.origins[i].axis,
						   first_row(f, group), n);
	return r;
}

static int find_stats(struct pqfile *f, const struct oq_progress *p,
		      struct oq_err *err)
{
	size_t ngroups = oq_pqlayout_ngroups(layout(f));

	free(f->stats);
	f->stats = calloc(ngroups * f->columns.schema.ncols + 1,
			  sizeof(*f->stats));
	if (!f->stats)
		return oq_err_set(err, -ENOMEM, "no memory for statistics");
	return run(f, ngroups, 1, find_group_stats, p, err);
}

/* ---- pieces ---- */

/* What is no page: of the footer or a dictionary. */
static int fill_text(const struct oq_filler *filler, uint64_t off,
		     uint8_t **data, size_t *len, struct oq_err *err)
{
	struct pqfile *f = (struct pqfile *)((uintptr_t)filler -
					     offsetof(struct pqfile, texts));
	OQ_BUF struct oq_buf out = { 0 };
	const struct oq_pqstat *stats = NULL;
	struct oq_pqpiece piece;
	int r = 0;

	oq_parquet_find(&f->parquet, off, &piece);
	if (piece.what == OQ_PQ_FOOT_GROUP) {
		r = find_out(f, STATS, find_stats, NULL, err);
		stats = f->stats + piece.group * f->columns.schema.ncols;
	}
	if (r < 0)
		return r;
	oq_parquet_put(&f->parquet, &piece, stats, &out);
	if (oq_buf_failed(&out))
		return oq_err_set(err, -ENOMEM, "no memory for a footer");
	*len = out.len;
	*data = oq_steal(&out.data);
	return 0;
}

/* Bytes from 'skip' on of what a filler makes. */
static int read_block(struct pqfile *f, const struct oq_filler *filler,
		      uint64_t key, const struct oq_pqpiece *piece,
		      uint64_t skip, size_t n, uint8_t *out, struct oq_err *err)
{
	struct oq_block b;
	int r = oq_cache_get(f->spec.env->cache, filler, key, &b, err);

	if (r < 0)
		return r;
	/* Whatever happens to the file, never read past a block. */
	if (b.len != piece->len)
		r = oq_err_set(err, -EIO, "the data changed while read");
	else
		memcpy(out, b.data + skip, n);
	oq_cache_put(f->spec.env->cache, &b);
	return r;
}

/* Rows as long as they fit are put where they belong; what begins or ends
 * within some goes by way of a copy. */
static int read_rows(struct pqfile *f, const struct oq_pqpiece *piece,
		     const struct oq_pqspan *s, size_t n, uint8_t *out,
		     struct oq_err *err)
{
	const struct oq_pqcol *c = &f->columns.cols[piece->col];
	uint64_t bytes = oq_pqpage_rows_bytes(c, s->nrows);
	OQ_FREE uint8_t *copy = NULL;
	int r;

	if (s->skip == 0 && bytes == n)
		return oq_pqvalues_put(&f->rows, piece->col,
				       piece->first + s->first, s->nrows, out,
				       err);
	copy = malloc(bytes);
	if (!copy)
		return oq_err_set(err, -ENOMEM, "no memory for rows");
	r = oq_pqvalues_put(&f->rows, piece->col, piece->first + s->first,
			    s->nrows, copy, err);
	if (r == 0)
		memcpy(out, copy + s->skip, n);
	return r;
}

static int read_body(struct pqfile *f, const struct oq_pqpiece *piece,
		     uint64_t skip, size_t n, uint8_t *out, struct oq_err *err)
{
	const struct oq_pqcol *c = &f->columns.cols[piece->col];
	uint8_t head[OQ_PQ_HEAD_MAX];
	struct oq_pqspan s;

	if (oq_pqcol_is_measured(c))
		return read_block(f, &f->pages,
				  page_key(piece->col, piece->page), piece,
				  skip, n, out, err);
	oq_pqpage_span(c, piece->nrows, skip, n, &s);
	(void)oq_pqpage_head(c, piece->nrows, head);
	memcpy(out, head + s.head_off, s.head_len);
	if (!s.nrows)
		return 0;
	return read_rows(f, piece, &s, n - s.head_len, out + s.head_len, err);
}

/* ---- ahead ---- */

static void ahead_pages(struct pqfile *f, size_t col, uint64_t first,
			uint64_t n)
{
	uint64_t last = oq_min_u64(first + n, f->columns.nrows);

	for (uint64_t i = first / f->page_rows; i * f->page_rows < last; i++) {
		struct oq_pqpage page;

		oq_pqlayout_page(layout(f), col, i, &page);
		oq_cache_prefetch(f->spec.env->cache, &f->pages,
				  page_key(col, i), page.body);
	}
}

/* Rows of one column follow each other in all row groups, whatever the reader
 * reads between them. */
static void read_ahead(struct pqfile *f, const struct oq_pqpiece *piece,
		       uint64_t skip, size_t n)
{
	const struct oq_pqorigin *o = &f->columns.origins[piece->col];
	uint64_t first, nrows, more;

	if (!o->type)
		return;
	first = piece->first + skip * piece->nrows / piece->len;
	nrows = n * piece->nrows / piece->len + 1;
	more = oq_readahead_note(&f->ahead[o->part], first, nrows,
				 oq_pqlayout_page_rows(layout(f), piece->col) /
					 2);
	if (!more)
		return;
	if (is_measured(f, piece->col))
		ahead_pages(f, piece->col, first + nrows, more);
	else
		oq_pqrows_ahead(&f->rows, o->part, first, nrows + more);
}

/* ---- reading ---- */

static int read_piece(struct pqfile *f, const struct oq_pqpiece *piece,
		      uint64_t skip, size_t n, uint8_t *out, struct oq_err *err)
{
	OQ_BUF struct oq_buf text = { 0 };

	switch (piece->what) {
	case OQ_PQ_PAGE_BODY:
		read_ahead(f, piece, skip, n);
		return read_body(f, piece, skip, n, out, err);
	case OQ_PQ_DICT_BODY:
	case OQ_PQ_FOOT_HEAD:
	case OQ_PQ_FOOT_GROUP:
	case OQ_PQ_FOOT_TAIL:
		return read_block(f, &f->texts, piece->off, piece, skip, n, out,
				  err);
	case OQ_PQ_MAGIC:
	case OQ_PQ_DICT_HEAD:
	case OQ_PQ_PAGE_HEAD:
	case OQ_PQ_END:
		break;
	}
	oq_parquet_put(&f->parquet, piece, NULL, &text);
	if (oq_buf_failed(&text))
		return oq_err_set(err, -ENOMEM, "no memory for a header");
	memcpy(out, text.data + skip, n);
	return 0;
}

static ssize_t pq_read(struct oq_file *s, uint64_t off, size_t len,
		       uint8_t *out, struct oq_err *err)
{
	struct pqfile *f = (struct pqfile *)s;
	struct oq_pqpiece piece;
	size_t done = 0;
	int r = ensure_measured(f, NULL, err);

	if (r < 0)
		return r;
	if (!len || !oq_parquet_find(&f->parquet, off, &piece))
		return 0;
	do {
		uint64_t skip = off + done - piece.off;
		size_t n = oq_min_u64(len - done, piece.len - skip);

		r = read_piece(f, &piece, skip, n, out + done, err);
		if (r < 0)
			return r;
		done += n;
	} while (done < len && oq_parquet_next(&f->parquet, &piece));
	return (ssize_t)done;
}

/* ---- open, close ---- */

static void pq_close(struct oq_file *s)
{
	struct pqfile *f = (struct pqfile *)s;

	oq_cache_forget(f->spec.env->cache, &f->pages);
	oq_cache_forget(f->spec.env->cache, &f->texts);
	oq_pqrows_free(&f->rows);
	oq_source_close(f->spec.src);
	oq_parquet_free(&f->parquet);
	oq_pqcolumns_free(&f->columns);
	oq_table_free(f->spec.table);
	free(f->spec.attributes);
	free(f->ahead);
	free(f->is_binary);
	free(f->stats);
	pthread_cond_destroy(&f->changed);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

/* Pages that fit the cache are kept when they are measured, so that a table of
 * moderate size is read once.  Texts of any length count as 64 bytes. */
static void choose_keep(struct pqfile *f)
{
	uint64_t width = 0, bytes;

	for (size_t i = 0; i < f->columns.schema.ncols; i++) {
		const struct oq_dtype *t = f->columns.origins[i].type;

		if (!is_measured(f, i))
			continue;
		f->page_rows = oq_pqlayout_page_rows(layout(f), i);
		width += oq_max_u64(t ? t->size : 0, 64);
	}
	f->keep = !oq_mul_overflows(width, f->columns.nrows, &bytes) &&
		  bytes <= oq_cache_budget(f->spec.env->cache) / 2;
}

static int set_up(struct pqfile *f, struct oq_err *err)
{
	struct oq_pqcolumns_spec spec = {
		.table = f->spec.table,
		.type = f->spec.src->type,
		.by_member = f->spec.src->read_member != NULL,
		.attributes = f->spec.attributes,
	};
	int r = oq_pqcolumns_init(&f->columns, &spec, err);

	if (r == 0)
		r = oq_parquet_init(&f->parquet, &f->columns.schema,
				    f->columns.nrows, err);
	if (r < 0)
		return r;
	f->ahead = calloc(f->columns.nparts, sizeof(*f->ahead));
	f->is_binary = calloc(f->columns.schema.ncols, sizeof(*f->is_binary));
	if (!f->ahead || !f->is_binary)
		return oq_err_set(err, -ENOMEM, "no memory");
	oq_pqrows_init(&f->rows, f->spec.env, f->spec.src, &f->columns);
	choose_keep(f);
	return f->page_rows ? 0 : oq_parquet_seal(&f->parquet, err);
}

int oq_pqfile_bytes(const struct oq_pqcolumns_spec *spec, uint64_t *bytes)
{
	struct oq_pqcolumns columns;
	struct oq_parquet parquet = { 0 };
	int r = oq_pqcolumns_init(&columns, spec, NULL);

	for (size_t i = 0; r == 0 && i < columns.schema.ncols; i++)
		if (oq_pqcol_is_measured(&columns.cols[i]))
			r = -EAGAIN;
	if (r == 0)
		r = oq_parquet_init(&parquet, &columns.schema, columns.nrows,
				    NULL);
	if (r == 0)
		r = oq_parquet_seal(&parquet, NULL);
	*bytes = parquet.size;
	oq_parquet_free(&parquet);
	oq_pqcolumns_free(&columns);
	return r;
}

/* About the memory of layout, footer and statistics. */
static size_t count_held(const struct pqfile *f)
{
	size_t ncols = f->columns.schema.ncols;
	size_t ngroups = oq_pqlayout_ngroups(layout(f));
	size_t held = ncols * 256 + ngroups * (16 + ncols * 16);

	if (f->page_rows)
		held += f->columns.nrows / f->page_rows * ncols * 16;
	return held;
}

int oq_pqfile_open(const struct oq_pqfile_spec *spec, struct oq_file **out,
		   struct oq_err *err)
{
	struct pqfile *f = calloc(1, sizeof(*f));
	int r;

	if (!f) {
		oq_source_close(spec->src);
		oq_table_free(spec->table);
		free(spec->attributes);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	f->base.size = pq_size;
	f->base.read = pq_read;
	f->base.close = pq_close;
	f->spec = *spec;
	f->pages.owner = oq_cache_owner(spec->env->cache);
	f->pages.fill = fill_page;
	f->texts.owner = oq_cache_owner(spec->env->cache);
	f->texts.fill = fill_text;
	pthread_mutex_init(&f->lock, NULL);
	pthread_cond_init(&f->changed, NULL);
	r = set_up(f, err);
	if (r < 0) {
		pq_close(&f->base);
		return r;
	}
	f->base.held = count_held(f);
	*out = &f->base;
	return 0;
}
