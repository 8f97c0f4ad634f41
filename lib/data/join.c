/* SPDX-License-Identifier: MIT */
/* join.c - the rows of a frame, read from all its datasets in step */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array/slab.h"
#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/data/frame.h"
#include "lib/type/number.h"

/* Codes looked at together. */
#define BATCH 64

/* A part of a dataset's rows, and its place in the rows of the frame: bytes, or
 * the text that a code stands for. */
struct piece {
	size_t part, from, to, bytes;
	const struct oq_frame_column *column;
};

/* The rows of a dataset. */
struct rows {
	struct oq_source *source; /* owned; its elements */
	uint64_t width;		  /* elements of a row */
	size_t bytes;		  /* of a row */
};

struct joined {
	struct oq_source base; /* first: a source is its frame */
	struct oq_frame *frame;
	struct oq_sel_axis rows; /* those that are selected */
	size_t nparts;
	struct rows *parts; /* owned, one a part */
	size_t npieces;
	struct piece *pieces; /* owned; those of a part stand together */
};

/* ---- between a dataset's rows and the frame's ---- */

/* Copy a piece of 'n' packed rows to the frame's, or back. */
static void spread(const struct joined *j, const struct piece *p, size_t n,
		   uint8_t *packed, uint8_t *rows, bool back)
{
	size_t size = j->parts[p->part].bytes;
	size_t row = j->base.type->size;
	struct oq_copy c = { .rank = 1, .elem_bytes = p->bytes, .n = { n } };

	c.src_stride[0] = (int64_t)(back ? row : size);
	c.dst_stride[0] = (int64_t)(back ? size : row);
	if (back)
		oq_copy_run(&c, rows + p->to, packed + p->from);
	else
		oq_copy_run(&c, packed + p->from, rows + p->to);
}

/* The text of a code, in a field of zeros. */
static int put_text(const struct piece *p, uint64_t code, uint8_t *field,
		    struct oq_err *err)
{
	const struct oq_frame_column *c = p->column;

	memset(field, 0, c->type->size);
	if (code < c->ntexts)
		memcpy(field, c->texts[code], strlen(c->texts[code]));
	else if (code != UINT64_MAX)
		return oq_err_set(err, -EIO,
				  "column %s: a code without a category",
				  c->name);
	return 0;
}

static int put_texts(const struct joined *j, const struct piece *p, size_t n,
		     const uint8_t *packed, uint8_t *rows, struct oq_err *err)
{
	const struct oq_scalar *s = oq_scalar_of(p->column->stored);
	size_t size = j->parts[p->part].bytes;
	uint64_t codes[BATCH];
	int r = 0;

	packed += p->from;
	rows += p->to;
	for (size_t i = 0; r == 0 && i < n; i++) {
		size_t k = i % BATCH;

		if (k == 0)
			s->load(codes, packed + i * size, size,
				n - i < BATCH ? n - i : BATCH);
		r = put_text(p, codes[k], rows + i * j->base.type->size, err);
	}
	return r;
}

/* The last run that begins at or before a row: an empty one has none. */
static uint64_t find_run(const struct oq_frame_column *c, uint64_t row)
{
	uint64_t lo = 0, hi = c->nruns;

	while (lo < hi) {
		uint64_t mid = lo + (hi - lo) / 2;

		if (c->starts[mid] <= row)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo ? lo - 1 : 0;
}

static void put_runs(const struct joined *j, const struct piece *p,
		     uint64_t first, size_t n, uint8_t *rows)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t row = j->rows.start + (first + i) * j->rows.step;
		uint64_t run = find_run(p->column, row);

		memcpy(rows + p->to + i * j->base.type->size, &run,
		       sizeof(run));
	}
}

/* ---- reading ---- */

/* The pieces of a part: from 'first' to what is returned. */
static size_t pieces_of(const struct joined *j, size_t part, size_t *first)
{
	size_t end;

	while (*first < j->npieces && j->pieces[*first].part < part)
		++*first;
	for (end = *first; end < j->npieces && j->pieces[end].part == part;)
		end++;
	return end;
}

static void release_parts(struct joined *j, size_t nparts, uint8_t *rows,
			  size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < nparts; i++) {
		size_t end = pieces_of(j, i, &at);
		const struct rows *p = &j->parts[i];
		OQ_FREE uint8_t *packed = NULL;

		if (!p->source->has_pointers)
			continue;
		packed = calloc(n, p->bytes);
		if (!packed) /* a leak, in a process that is out of memory */
			continue;
		for (; at < end; at++)
			spread(j, &j->pieces[at], n, packed, rows, true);
		oq_source_release(p->source, packed, n * p->width);
	}
}

static int read_part(struct joined *j, size_t part, size_t at, size_t end,
		     uint64_t first, size_t n, uint8_t *rows,
		     struct oq_err *err)
{
	const struct rows *from = &j->parts[part];
	OQ_FREE uint8_t *packed = malloc(n * from->bytes);
	int r = packed ? oq_source_read(from->source, first * from->width,
					n * from->width, packed, err)
		       : oq_err_set(err, -ENOMEM, "no memory");

	for (; r == 0 && at < end; at++) {
		const struct piece *p = &j->pieces[at];

		if (p->column->starts)
			put_runs(j, p, first, n, rows);
		else if (p->column->texts)
			r = put_texts(j, p, n, packed, rows, err);
		else
			spread(j, p, n, packed, rows, false);
	}
	return r;
}

static int read_rows(struct oq_source *s, uint64_t first, size_t n, void *out,
		     struct oq_err *err)
{
	struct joined *j = (struct joined *)s;
	size_t at = 0;

	for (size_t i = 0; i < j->nparts; i++) {
		size_t end = pieces_of(j, i, &at);
		int r = read_part(j, i, at, end, first, n, out, err);

		if (r < 0) {
			release_parts(j, i, out, n);
			return r;
		}
		at = end;
	}
	return 0;
}

static void release_rows(struct oq_source *s, void *elems, size_t n)
{
	struct joined *j = (struct joined *)s;

	release_parts(j, j->nparts, elems, n);
}

static void look_ahead(const struct rows *p, uint64_t first, uint64_t n)
{
	uint64_t left = p->source->nelems / p->width;

	if (first < left)
		oq_source_ahead(p->source, first * p->width,
				oq_min_u64(n, left - first) * p->width);
}

static void ahead_rows(struct oq_source *s, uint64_t first, uint64_t n)
{
	struct joined *j = (struct joined *)s;

	for (size_t i = 0; i < j->nparts; i++)
		look_ahead(&j->parts[i], first, n);
}

/* ---- one column ---- */

static const struct rows *rows_of(struct oq_source *s, size_t i)
{
	struct joined *j = (struct joined *)s;

	return &j->parts[j->frame->columns.v[i].part];
}

static int read_column(struct oq_source *s, size_t i, uint64_t first, size_t n,
		       void *out, struct oq_err *err)
{
	const struct rows *p = rows_of(s, i);

	return oq_source_read(p->source, first * p->width, n * p->width, out,
			      err);
}

static void release_column(struct oq_source *s, size_t i, void *elems, size_t n)
{
	const struct rows *p = rows_of(s, i);

	oq_source_release(p->source, elems, n * p->width);
}

static void ahead_column(struct oq_source *s, size_t i, uint64_t first,
			 uint64_t n)
{
	look_ahead(rows_of(s, i), first, n);
}

/* Whether each column is a whole dataset, as stored.  A column that is not (a
 * field, masked, of categories) is read with the others. */
static bool has_plain_columns(const struct joined *j)
{
	const struct oq_frame *f = j->frame;

	for (size_t i = 0; i < f->columns.n; i++) {
		const struct oq_frame_column *c = &f->columns.v[i];

		if (c->texts || c->starts || c->mask != OQ_NO_PART ||
		    c->stored->size != j->parts[c->part].bytes)
			return false;
	}
	return f->type == &f->row;
}

static void use_columns(struct joined *j)
{
	if (!has_plain_columns(j))
		return;
	j->base.read_member = read_column;
	j->base.release_member = release_column;
	j->base.ahead_member = ahead_column;
}

/* ---- open, close ---- */

static void close_rows(struct oq_source *s)
{
	struct joined *j = (struct joined *)s;

	for (size_t i = 0; i < j->nparts; i++)
		oq_source_close(j->parts[i].source);
	oq_frame_close(j->frame); /* its datasets are the sources' by now */
	free(j->pieces);
	free(j->parts);
	free(j);
}

/* ---- joining ---- */

static int by_part(const void *a, const void *b)
{
	const struct piece *p = a, *q = b;

	if (p->part != q->part)
		return p->part < q->part ? -1 : 1;
	return (p->to > q->to) - (p->to < q->to);
}

static int plan(struct joined *j)
{
	const struct oq_frame *f = j->frame;
	size_t n = f->columns.n;

	j->pieces = calloc(2 * n, sizeof(*j->pieces));
	if (!j->pieces)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct oq_frame_column *c = &f->columns.v[i];
		size_t to = f->row.members[i].offset;

		j->pieces[j->npieces++] =
			(struct piece){ c->part, c->offset, to, c->stored->size,
					c };
		if (c->mask == OQ_NO_PART)
			continue;
		j->pieces[j->npieces++] =
			(struct piece){ c->mask, 0, to + c->stored->size, 1,
					c };
	}
	qsort(j->pieces, j->npieces, sizeof(*j->pieces), by_part);
	return 0;
}

/* The selection of all elements of a dataset that are in the selected rows. */
static int select_rows(const struct oq_dataset *info, const struct oq_sel *rows,
		       struct oq_sel *sel)
{
	int r = oq_sel_init_all(sel, info->rank, info->dims);

	sel->axis[0] = rows->axis[0];
	sel->nelems = rows->nelems * oq_columns_width(info);
	return r;
}

/* Columns longer than the frame are cut to its rows. */
static int open_parts(const struct oq_env *env, struct joined *j,
		      const struct oq_sel *sel, struct oq_err *err)
{
	struct oq_columns *c = &j->frame->columns;

	for (size_t i = 0; i < c->nparts; i++) {
		const struct oq_dataset *info = oq_h5_dset_info(c->parts[i]);
		struct rows *p = &j->parts[i];
		struct oq_sel some;
		int r = select_rows(info, sel, &some);

		if (r < 0)
			return oq_err_set(err, r, "larger than a file can be");
		p->width = oq_columns_width(info);
		p->bytes = p->width * info->type->size;
		r = oq_source_open(env, c->parts[i], &some, &p->source, err);
		if (r < 0)
			return r;
		c->parts[i] = NULL;
		j->nparts++;
		j->base.has_pointers |= p->source->has_pointers;
		j->base.block_bytes += p->source->block_bytes;
	}
	return 0;
}

static int join(const struct oq_env *env, struct joined *j,
		const struct oq_sel *sel, struct oq_err *err)
{
	if (j->frame->refused)
		return oq_err_set(err, j->frame->refused, "%s",
				  j->frame->why.text);
	if (plan(j) < 0)
		return oq_err_set(err, -ENOMEM, "no memory");
	return open_parts(env, j, sel, err);
}

int oq_frame_join(const struct oq_env *env, struct oq_frame *f,
		  const struct oq_sel *sel, struct oq_source **out,
		  struct oq_err *err)
{
	struct joined *j = calloc(1, sizeof(*j));
	struct oq_sel all;
	int r;

	if (j)
		j->parts = calloc(f->columns.nparts, sizeof(*j->parts));
	if (!j || !j->parts) {
		free(j);
		oq_frame_close(f);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	if (!sel) {
		(void)oq_sel_init_all(&all, 1, &f->nrows);
		sel = &all;
	}
	j->frame = f;
	j->rows = sel->axis[0];
	j->base = (struct oq_source){
		.type = f->type,
		.nelems = sel->nelems,
		.file_off = OQ_NO_ADDR,
		.read = read_rows,
		.release = release_rows,
		.ahead = ahead_rows,
		.close = close_rows,
	};
	r = join(env, j, sel, err);
	if (r < 0) {
		close_rows(&j->base);
		return r;
	}
	use_columns(j);
	*out = &j->base;
	return 0;
}
