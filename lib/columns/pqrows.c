/* SPDX-License-Identifier: MIT */
/* pqrows.c - runs of rows of a part of a Parquet file's columns */

#include "lib/columns/pqrows.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"

/* A block has this many rows, or fewer where they would take more bytes. */
#define BLOCK_ROWS  ((uint64_t)16384)
#define BLOCK_BYTES ((uint64_t)1 << 20)

/* Rows longer than this are kept in the cache even if they have one column,
 * since the column is then asked for piece by piece. */
#define LONG_BYTES  ((size_t)32 << 10)

static uint64_t rows_at_once(const struct oq_pqpart *p)
{
	uint64_t rows = oq_min_u64(BLOCK_ROWS, BLOCK_BYTES / p->row_bytes);

	return oq_max_u64(rows, 1);
}

static uint64_t count_blocks(const struct oq_pqrows *r, size_t part)
{
	uint64_t rows = rows_at_once(&r->columns->parts[part]);

	return r->columns->nrows / rows + (r->columns->nrows % rows != 0);
}

/* The number of a part's first block: blocks are numbered through all parts. */
static uint64_t first_block(const struct oq_pqrows *r, size_t part)
{
	uint64_t n = 0;

	for (size_t i = 0; i < part; i++)
		n += count_blocks(r, i);
	return n;
}

static bool is_kept(const struct oq_pqpart *p)
{
	return p->ncols > 1 || p->row_bytes > LONG_BYTES;
}

bool oq_pqrows_is_straight(const struct oq_pqrows *r, size_t part)
{
	return !is_kept(&r->columns->parts[part]);
}

/* ---- reading ---- */

int oq_pqrows_read(struct oq_pqrows *r, size_t part, uint64_t first, size_t n,
		   void *out, struct oq_err *err)
{
	const struct oq_pqpart *p = &r->columns->parts[part];

	if (p->member != OQ_PQ_WHOLE)
		return r->src->read_member(r->src, p->member, first, n, out,
					   err);
	return oq_source_read(r->src, first * p->row_elems, n * p->row_elems,
			      out, err);
}

static void release(struct oq_pqrows *r, size_t part, uint8_t *rows, size_t n)
{
	const struct oq_pqpart *p = &r->columns->parts[part];

	if (p->member != OQ_PQ_WHOLE)
		r->src->release_member(r->src, p->member, rows, n);
	else
		oq_source_release(r->src, rows, n * p->row_elems);
}

static int read_new(struct oq_pqrows *r, size_t part, uint64_t first, size_t n,
		    uint8_t **out, struct oq_err *err)
{
	size_t size = r->columns->parts[part].row_bytes;
	OQ_FREE uint8_t *rows = reallocarray(NULL, n, size);
	int status;

	if (!rows)
		return oq_err_set(err, -ENOMEM, "no memory for rows");
	status = oq_pqrows_read(r, part, first, n, rows, err);
	if (status == 0)
		*out = oq_steal(&rows);
	return status;
}

/* Make a block.  What its rows point to is released: a kept block has dangling
 * pointers, which nobody follows ('live' rows are never blocks). */
static int fill(const struct oq_filler *f, uint64_t index, uint8_t **data,
		size_t *len, struct oq_err *err)
{
	struct oq_pqrows *r =
		(struct oq_pqrows *)((uintptr_t)f -
				     offsetof(struct oq_pqrows, filler));
	uint64_t rows, first;
	size_t part = 0;
	int status;

	for (; index >= count_blocks(r, part); part++)
		index -= count_blocks(r, part);
	rows = rows_at_once(&r->columns->parts[part]);
	first = index * rows;
	rows = oq_min_u64(rows, r->columns->nrows - first);
	status = read_new(r, part, first, rows, data, err);
	if (status < 0)
		return status;
	release(r, part, *data, rows);
	*len = rows * r->columns->parts[part].row_bytes;
	return 0;
}

static int get_block(struct oq_pqrows *r, uint64_t first, uint64_t n,
		     struct oq_pqrun *run, struct oq_err *err)
{
	const struct oq_pqpart *p = &r->columns->parts[run->part];
	uint64_t rows = rows_at_once(p), skip = first % rows;
	int status = oq_cache_get(r->env->cache, &r->filler,
				  first_block(r, run->part) + first / rows,
				  &run->block, err);

	if (status < 0)
		return status;
	run->p = run->block.data + skip * p->row_bytes;
	run->n = oq_min_u64(n, rows - skip);
	return 0;
}

int oq_pqrows_get(struct oq_pqrows *r, size_t part, uint64_t first, uint64_t n,
		  bool live, struct oq_pqrun *run, struct oq_err *err)
{
	const struct oq_pqpart *p = &r->columns->parts[part];
	int status;

	*run = (struct oq_pqrun){ .part = part };
	if (is_kept(p) && !(live && p->has_pointers))
		return get_block(r, first, n, run, err);
	n = oq_min_u64(n, rows_at_once(p));
	status = read_new(r, part, first, n, &run->mine, err);
	if (status < 0)
		return status;
	run->p = run->mine;
	run->n = n;
	return 0;
}

void oq_pqrows_put(struct oq_pqrows *r, struct oq_pqrun *run)
{
	if (run->mine) {
		release(r, run->part, run->mine, run->n);
		free(run->mine);
	} else {
		oq_cache_put(r->env->cache, &run->block);
	}
}

/* ---- ahead ---- */

static void ahead_blocks(struct oq_pqrows *r, size_t part, uint64_t first,
			 uint64_t n)
{
	const struct oq_pqpart *p = &r->columns->parts[part];
	uint64_t rows = rows_at_once(p), base = first_block(r, part);
	uint64_t last = (first + n - 1) / rows;

	for (uint64_t i = first / rows; i <= last; i++)
		oq_cache_prefetch(r->env->cache, &r->filler, base + i,
				  rows * p->row_bytes);
}

void oq_pqrows_ahead(struct oq_pqrows *r, size_t part, uint64_t first,
		     uint64_t n)
{
	const struct oq_pqpart *p = &r->columns->parts[part];

	if (first >= r->columns->nrows)
		return;
	n = oq_min_u64(n, r->columns->nrows - first);
	if (is_kept(p))
		ahead_blocks(r, part, first, n);
	else if (p->member != OQ_PQ_WHOLE)
		r->src->ahead_member(r->src, p->member, first, n);
	else
		oq_source_ahead(r->src, first * p->row_elems, n * p->row_elems);
}

/* ---- open, close ---- */

void oq_pqrows_init(struct oq_pqrows *r, const struct oq_env *env,
		    struct oq_source *src, const struct oq_pqcolumns *c)
{
	*r = (struct oq_pqrows){ .env = env, .src = src, .columns = c };
	r->filler.owner = oq_cache_owner(env->cache);
	r->filler.fill = fill;
}

void oq_pqrows_free(struct oq_pqrows *r)
{
	if (r->env)
		oq_cache_forget(r->env->cache, &r->filler);
}
