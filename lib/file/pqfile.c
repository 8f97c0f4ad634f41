/* SPDX-License-Identifier: MIT */
/* pqfile.c - a table as a Parquet file, made as it is read
 *
 *	size        arithmetic; where texts are, once their pages are measured
 *	footer      asks for the statistics, once
 *	all else    as many rows of a column as the bytes show
 */

#include "lib/file/pqfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/columns/pqaxis.h"
#include "lib/columns/pqpages.h"
#include "lib/columns/pqvalues.h"
#include "lib/parquet/parquet.h"
#include "lib/parquet/pqpage.h"
#include "lib/work/once.h"
#include "lib/work/parfor.h"
#include "lib/work/readahead.h"

/* How the fields below are protected:
 *   I  set before it is shared, never changed
 *   P  written while pages are measured, constant once 'measured' is done
 *   S  the same of 'counted' */
struct pqfile {
	struct oq_file base;	     /* I; first: what the caller gets */
	struct oq_pqfile_spec spec;  /* I; source, table, texts owned */
	struct oq_pqcolumns columns; /* I but for types: P */
	struct oq_parquet parquet;   /* I; P where something is measured */
	struct oq_pqrows rows;	     /* I */
	struct oq_pqpages pages;     /* I but for what is measured: P */
	struct oq_filler texts;	     /* I: of pieces that are no page */
	struct oq_readahead *ahead;  /* owned: one a part */
	struct oq_pqstat *stats;     /* S; owned: columns of each group */
	struct oq_once measured;
	struct oq_once counted; /* statistics */
};

static const struct oq_pqlayout *layout(const struct pqfile *f)
{
	return f->parquet.layout;
}

/* ---- measuring ---- */

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

static int run(struct pqfile *f, struct oq_parfor *loop, uint64_t step,
	       const struct oq_progress *p, struct oq_err *err)
{
	struct watch w = { p, step, f->columns.nrows };

	loop->pool = f->spec.env->pool;
	loop->nthreads = f->spec.env->nthreads;
	loop->progress = p ? tell : NULL;
	loop->progress_ctx = &w;
	return oq_parfor_run(loop, err);
}

static int measure(void *ctx, const struct oq_progress *p, struct oq_err *err)
{
	struct pqfile *f = ctx;
	uint64_t n = f->columns.nrows, rows = f->pages.page_rows;
	struct oq_parfor loop = {
		.nitems = n / rows + (n % rows != 0),
		.item = oq_pqpages_measure,
		.ctx = &f->pages,
	};
	int r = run(f, &loop, rows, p, err);

	if (r == 0) {
		oq_pqpages_settle(&f->pages);
		r = oq_parquet_seal(&f->parquet, err);
	}
	if (r < 0)
		oq_pqpages_forget(&f->pages);
	return r;
}

static int ensure_measured(struct pqfile *f, const struct oq_progress *p,
			   struct oq_err *err)
{
	return f->pages.page_rows ? oq_once_do(&f->measured, measure, f, p, err)
				  : 0;
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
			stats[i] = oq_pqaxis_range(f->columns.table,
						   f->columns.origins[i].axis,
						   first_row(f, group), n);
	return r;
}

static int find_stats(void *ctx, const struct oq_progress *p,
		      struct oq_err *err)
{
	struct pqfile *f = ctx;
	struct oq_parfor loop = {
		.nitems = oq_pqlayout_ngroups(layout(f)),
		.item = find_group_stats,
		.ctx = f,
	};

	free(f->stats);
	f->stats = calloc(loop.nitems * f->columns.schema.ncols + 1,
			  sizeof(*f->stats));
	if (!f->stats)
		return oq_err_set(err, -ENOMEM, "no memory for statistics");
	return run(f, &loop, oq_pqlayout_group_rows(layout(f), 0), p, err);
}

/* Whether bytes [off, off + len) show statistics. */
static bool shows_stats(const struct pqfile *f, uint64_t off, size_t len)
{
	uint64_t end = off + len;
	struct oq_pqpiece piece;

	if (end <= f->parquet.footer.start ||
	    !oq_parquet_find(&f->parquet, off, &piece))
		return false;
	while (piece.what != OQ_PQ_FOOT_GROUP)
		if (piece.off + piece.len >= end ||
		    !oq_parquet_next(&f->parquet, &piece))
			return false;
	return true;
}

static int pq_ready(struct oq_file *s, uint64_t off, size_t len,
		    const struct oq_progress *p, struct oq_err *err)
{
	struct pqfile *f = (struct pqfile *)s;
	int r = ensure_measured(f, p, err);

	if (r == 0 && shows_stats(f, off, len))
		r = oq_once_do(&f->counted, find_stats, f, p, err);
	return r;
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
		r = oq_once_do(&f->counted, find_stats, f, NULL, err);
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

/* Bytes from 'skip' on of a block that has all of a piece; puts it back. */
static int copy_block(struct pqfile *f, struct oq_block *b,
		      const struct oq_pqpiece *piece, uint64_t skip, size_t n,
		      uint8_t *out, struct oq_err *err)
{
	int r = 0;

	/* Whatever happens to the file, never read past a block. */
	if (b->len != piece->len)
		r = oq_err_set(err, -EIO, "the data changed while read");
	else
		memcpy(out, b->data + skip, n);
	oq_cache_put(f->spec.env->cache, b);
	return r;
}

static int read_text(struct pqfile *f, const struct oq_pqpiece *piece,
		     uint64_t skip, size_t n, uint8_t *out, struct oq_err *err)
{
	struct oq_block b;
	int r = oq_cache_get(f->spec.env->cache, &f->texts, piece->off, &b,
			     err);

	return r < 0 ? r : copy_block(f, &b, piece, skip, n, out, err);
}

static int read_page(struct pqfile *f, const struct oq_pqpiece *piece,
		     uint64_t skip, size_t n, uint8_t *out, struct oq_err *err)
{
	struct oq_block b;
	int r = oq_pqpages_get(&f->pages, piece->col, piece->page, &b, err);

	return r < 0 ? r : copy_block(f, &b, piece, skip, n, out, err);
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
		return read_page(f, piece, skip, n, out, err);
	oq_pqpage_span(c, piece->nrows, skip, n, &s);
	(void)oq_pqpage_head(c, piece->nrows, head);
	memcpy(out, head + s.head_off, s.head_len);
	if (!s.nrows)
		return 0;
	return read_rows(f, piece, &s, n - s.head_len, out + s.head_len, err);
}

/* ---- ahead ---- */

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
	if (oq_pqcol_is_measured(&f->columns.cols[piece->col]))
		oq_pqpages_ahead(&f->pages, piece->col, first + nrows, more);
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
		return read_text(f, piece, skip, n, out, err);
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

	oq_pqpages_free(&f->pages);
	oq_cache_forget(f->spec.env->cache, &f->texts);
	oq_pqrows_free(&f->rows);
	oq_source_close(f->spec.src);
	oq_parquet_free(&f->parquet);
	oq_pqcolumns_free(&f->columns);
	oq_table_free(f->spec.table);
	free(f->spec.attributes);
	free(f->ahead);
	free(f->stats);
	oq_once_destroy(&f->measured);
	oq_once_destroy(&f->counted);
	free(f);
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
	oq_pqrows_init(&f->rows, f->spec.env, f->spec.src, &f->columns);
	if (!f->ahead || oq_pqpages_init(&f->pages, &f->columns, &f->rows,
					 f->parquet.layout, &f->spec.refs) < 0)
		return oq_err_set(err, -ENOMEM, "no memory");
	return f->pages.page_rows ? 0 : oq_parquet_seal(&f->parquet, err);
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

	if (f->pages.page_rows)
		held += f->columns.nrows / f->pages.page_rows * ncols * 16;
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
	f->base.ready = pq_ready;
	f->base.read = pq_read;
	f->base.close = pq_close;
	f->spec = *spec;
	f->texts.owner = oq_cache_owner(spec->env->cache);
	f->texts.fill = fill_text;
	oq_once_init(&f->measured);
	oq_once_init(&f->counted);
	r = set_up(f, err);
	if (r < 0) {
		pq_close(&f->base);
		return r;
	}
	f->base.held = count_held(f);
	*out = &f->base;
	return 0;
}
