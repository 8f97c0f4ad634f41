/* SPDX-License-Identifier: MIT */
/* textfile.c - a text of rows as a file: measured once, rendered by the block
 */

#include "lib/file/textfile.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array/rows.h"
#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/work/once.h"
#include "lib/work/parfor.h"
#include "lib/work/readahead.h"

/* Room is made for one more batch of cells than there turns out to be; and not
 * for more of what was measured than a block usually has. */
#define SLACK	     4096
#define MAX_RESERVED ((uint64_t)16 << 20)

/* How the fields below are protected:
 *   I  set before it is shared, never changed
 *   M  written by the measuring threads, read once 'measured' is done */
struct textfile {
	struct oq_file base;	  /* I; first: what the caller gets */
	struct oq_filler filler;  /* I: of blocks of text */
	const struct oq_env *env; /* I */
	struct oq_text *text;	  /* I; owned */
	struct oq_rows rows;	  /* I but for the ends: M */
	struct oq_readahead trend;
	struct oq_once measured;
	bool keep;     /* M: keep the text */
	size_t likely; /* M: bytes of a block's text, if it is kept */
};

static struct textfile *of_filler(const struct oq_filler *f)
{
	return (struct textfile *)((uintptr_t)f -
				   offsetof(struct textfile, filler));
}

/* ---- one block ---- */

static int render(struct textfile *c, size_t i, struct oq_buf *out,
		  struct oq_err *err)
{
	int r = c->text->render(c->text, oq_rows_first(&c->rows, i),
				oq_rows_count(&c->rows, i), out, err);

	if (r == 0 && oq_buf_failed(out))
		r = oq_err_set(err, -ENOMEM, "no memory for text");
	return r;
}

static int fill(const struct oq_filler *f, uint64_t i, uint8_t **data,
		size_t *len, struct oq_err *err)
{
	struct textfile *c = of_filler(f);
	uint64_t bytes = c->rows.ends[i] - oq_rows_start(&c->rows, i);
	OQ_BUF struct oq_buf text = { 0 };
	int r;

	/* What grows is copied again and again. */
	oq_buf_reserve(&text, oq_min_u64(bytes, MAX_RESERVED) + SLACK);
	r = render(c, i, &text, err);
	if (r < 0)
		return r;
	if (text.len != bytes)
		return oq_err_set(err, -EIO, "the data changed while read");
	*data = oq_steal(&text.data);
	*len = text.len;
	return 0;
}

/* ---- measuring ---- */

static int measure_block(void *ctx, size_t i, struct oq_err *err)
{
	struct textfile *c = ctx;
	OQ_BUF struct oq_buf text = { 0 };
	uint64_t nbytes;
	int r;

	if (c->text->measure && !c->keep) {
		r = c->text->measure(c->text, oq_rows_first(&c->rows, i),
				     oq_rows_count(&c->rows, i), &nbytes, err);
		if (r == 0)
			oq_rows_note(&c->rows, i, nbytes);
		return r;
	}
	oq_buf_reserve(&text, c->likely);
	r = render(c, i, &text, err);
	if (r < 0)
		return r;
	oq_rows_note(&c->rows, i, text.len);
	/* An empty block is never asked for. */
	if (c->keep && text.len)
		oq_cache_offer(c->env->cache, &c->filler, i,
			       oq_steal(&text.data), text.len);
	return 0;
}

/* Text that fits the cache is kept, so that measuring and then reading a
 * table of moderate size renders it once. */
static int decide_keep(struct textfile *c, struct oq_err *err)
{
	OQ_BUF struct oq_buf text = { 0 };
	uint64_t total;
	int r;

	if (!c->rows.nblocks)
		return 0;
	r = render(c, 0, &text, err);
	if (r < 0)
		return r;
	c->keep = !oq_mul_overflows(text.len, c->rows.nblocks, &total) &&
		  total <= oq_cache_budget(c->env->cache) / 2;
	c->likely = text.len + text.len / 16 + SLACK;
	return 0;
}

struct watch {
	const struct oq_progress *progress;
	const struct textfile *file;
};

static bool tell(void *ctx, size_t nblocks)
{
	const struct watch *w = ctx;
	const struct oq_rows *rows = &w->file->rows;
	uint64_t per_line = oq_max_u64(w->file->text->per_line, 1);

	return w->progress->tell(w->progress->ctx,
				 oq_min_u64(oq_rows_first(rows, nblocks),
					    rows->nelems) /
					 per_line,
				 rows->nelems / per_line);
}

static int measure_blocks(struct textfile *c, const struct oq_progress *p,
			  struct oq_err *err)
{
	struct watch watch = { p, c };
	struct oq_parfor loop = {
		.pool = c->env->pool,
		.nthreads = c->env->nthreads,
		.nitems = c->rows.nblocks,
		.item = measure_block,
		.ctx = c,
		.progress = p ? tell : NULL,
		.progress_ctx = &watch,
	};
	int r = c->text->prepare ? c->text->prepare(c->text, p, err) : 0;

	if (r == 0)
		r = decide_keep(c, err);
	if (r == 0)
		r = oq_parfor_run(&loop, err);
	if (r == 0 && oq_rows_seal(&c->rows) < 0)
		r = oq_err_set(err, -EOVERFLOW, "larger than a file can be");
	return r;
}

static int measure(void *ctx, const struct oq_progress *p, struct oq_err *err)
{
	struct textfile *c = ctx;
	int r = measure_blocks(c, p, err);

	/* Drop the blocks that were kept: the next try may measure other
	 * lengths. */
	if (r < 0)
		oq_cache_forget(c->env->cache, &c->filler);
	return r;
}

static int ensure_measured(struct textfile *c, const struct oq_progress *p,
			   struct oq_err *err)
{
	return oq_once_do(&c->measured, measure, c, p, err);
}

static int text_size(struct oq_file *s, const struct oq_progress *p,
		     uint64_t *size, struct oq_err *err)
{
	struct textfile *c = (struct textfile *)s;
	int r = ensure_measured(c, p, err);

	if (r == 0)
		*size = oq_rows_size(&c->rows);
	return r;
}

/* ---- reading ---- */

static size_t read_head(const struct textfile *c, uint64_t off, size_t len,
			uint8_t *out)
{
	if (off >= c->text->head.len)
		return 0;
	len = oq_min_u64(len, c->text->head.len - off);
	memcpy(out, c->text->head.data + off, len);
	return len;
}

static void read_ahead(struct textfile *c, uint64_t off, size_t len)
{
	const struct oq_rows *rows = &c->rows;
	uint64_t block = oq_rows_size(rows) / (rows->nblocks + 1) + 1;
	uint64_t ahead = oq_readahead_note(&c->trend, off, len, block);
	uint64_t end = oq_min_u64(off + len + ahead, oq_rows_size(rows));

	if (!ahead || off + len >= end || off + len < rows->head_bytes)
		return;
	for (size_t i = oq_rows_find(rows, off + len);
	     i < rows->nblocks && oq_rows_start(rows, i) < end; i++)
		if (rows->ends[i] > oq_rows_start(rows, i))
			oq_cache_prefetch(c->env->cache, &c->filler, i,
					  rows->ends[i] -
						  oq_rows_start(rows, i));
}

static ssize_t text_read(struct oq_file *s, uint64_t off, size_t len,
			 uint8_t *out, struct oq_err *err)
{
	struct textfile *c = (struct textfile *)s;
	size_t done;
	int r = ensure_measured(c, NULL, err);

	if (r < 0)
		return r;
	if (off >= oq_rows_size(&c->rows))
		return 0;
	len = oq_min_u64(len, oq_rows_size(&c->rows) - off);
	read_ahead(c, off, len);
	done = read_head(c, off, len, out);
	while (done < len) {
		size_t i = oq_rows_find(&c->rows, off + done);
		uint64_t skip = off + done - oq_rows_start(&c->rows, i);
		struct oq_block b;
		size_t n;

		r = oq_cache_get(c->env->cache, &c->filler, i, &b, err);
		if (r < 0)
			return r;
		/* Whatever happens to the file, never read past a block. */
		if (b.len != c->rows.ends[i] - oq_rows_start(&c->rows, i)) {
			oq_cache_put(c->env->cache, &b);
			return oq_err_set(err, -EIO,
					  "the data changed while read");
		}
		n = oq_min_u64(len - done, b.len - skip);
		memcpy(out + done, b.data + skip, n);
		if (c->keep)
			oq_cache_put(c->env->cache, &b);
		else
			oq_cache_put_used(c->env->cache, &b, n);
		done += n;
	}
	return (ssize_t)done;
}

/* ---- open, close ---- */

static void text_close(struct oq_file *s)
{
	struct textfile *c = (struct textfile *)s;

	oq_cache_forget(c->env->cache, &c->filler);
	oq_buf_free(&c->text->head);
	c->text->close(c->text);
	oq_rows_free(&c->rows);
	oq_once_destroy(&c->measured);
	free(c);
}

int oq_textfile_open(const struct oq_env *env, struct oq_text *t,
		     struct oq_file **out, struct oq_err *err)
{
	struct textfile *c = calloc(1, sizeof(*c));

	if (!c) {
		oq_buf_free(&t->head);
		t->close(t);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	c->base.size = text_size;
	c->base.read = text_read;
	c->base.close = text_close;
	c->env = env;
	c->text = t;
	c->filler.owner = oq_cache_owner(env->cache);
	c->filler.fill = fill;
	oq_once_init(&c->measured);
	if (oq_buf_failed(&t->head) ||
	    oq_rows_init(&c->rows, t->head.len, t->nrows, t->block_rows) < 0) {
		text_close(&c->base);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	c->base.held =
		2 * t->head.len + c->rows.nblocks * sizeof(uint64_t) + t->held;
	*out = &c->base;
	return 0;
}
