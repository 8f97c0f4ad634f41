/* SPDX-License-Identifier: MIT */
/* csvfile.c - a csv: measured once, rendered by the block */

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array/rows.h"
#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/table/csv.h"
#include "lib/view/file.h"
#include "lib/work/parfor.h"
#include "lib/work/readahead.h"

/* Elements of a block: enough to be worth a job, few enough that a seek
 * renders them in about a millisecond. */
#define BLOCK_ELEMS 16384
#define BLOCK_BYTES ((size_t)256 << 10)

/* The same for floats of more than a double's range: each can take a quarter
 * of a millisecond, and a reader that is silent for too long is killed. */
#define BLOCK_WIDE  256

/* How the fields below are protected:
 *   I  set before it is shared, never changed
 *   L  under 'lock'
 *   M  written by the measuring threads, read once 'measured' */
struct csvfile {
	struct oq_file base;	 /* I; first: a shown view is its csv */
	struct oq_filler filler; /* I: of blocks of text */
	struct oq_csv_spec spec; /* I; source and table owned */
	struct oq_buf head;	 /* I */
	struct oq_rows rows;	 /* I but for the ends: M */
	struct oq_readahead trend;
	pthread_mutex_t lock;
	pthread_cond_t changed; /* L: measuring ended */
	bool measuring;		/* L */
	bool measured;		/* L */
	bool keep;		/* L before measuring: keep the text */
};

static struct csvfile *of_filler(const struct oq_filler *f)
{
	return (struct csvfile *)((uintptr_t)f -
				  offsetof(struct csvfile, filler));
}

/* ---- one block ---- */

struct block {
	uint64_t first; /* in the table */
	size_t n;
	uint8_t *elems; /* owned */
};

static int read_block(struct csvfile *c, size_t i, struct block *b,
		      struct oq_err *err)
{
	struct oq_source *src = c->spec.src;
	int r;

	b->first = c->spec.first + oq_rows_first(&c->rows, i);
	b->n = oq_rows_count(&c->rows, i);
	b->elems = malloc(b->n * src->type->size);
	if (!b->elems)
		return oq_err_set(err, -ENOMEM, "no memory for a block");
	r = oq_source_read(src, b->first, b->n, b->elems, err);
	if (r < 0) {
		free(b->elems);
		b->elems = NULL;
	}
	return r;
}

static void drop_block(struct csvfile *c, struct block *b)
{
	oq_source_release(c->spec.src, b->elems, b->n);
	free(b->elems);
}

static int render(struct csvfile *c, size_t i, struct oq_buf *text,
		  struct oq_err *err)
{
	struct block b;
	int r = read_block(c, i, &b, err);

	if (r < 0)
		return r;
	oq_csv_put(c->spec.table, b.first, b.n, b.elems, &c->spec.refs, text);
	drop_block(c, &b);
	if (oq_buf_failed(text))
		return oq_err_set(err, -ENOMEM, "no memory for text");
	return 0;
}

static int fill(const struct oq_filler *f, uint64_t i, uint8_t **data,
		size_t *len, struct oq_err *err)
{
	struct csvfile *c = of_filler(f);
	OQ_BUF struct oq_buf text = { 0 };
	int r = render(c, i, &text, err);

	if (r < 0)
		return r;
	if (text.len != c->rows.ends[i] - oq_rows_start(&c->rows, i))
		return oq_err_set(err, -EIO, "the data changed while read");
	*data = oq_steal(&text.data);
	*len = text.len;
	return 0;
}

/* ---- measuring ---- */

static int measure_block(void *ctx, size_t i, struct oq_err *err)
{
	struct csvfile *c = ctx;
	OQ_BUF struct oq_buf text = { 0 };
	struct block b;
	int r;

	if (c->keep) {
		r = render(c, i, &text, err);
		if (r < 0)
			return r;
		oq_rows_note(&c->rows, i, text.len);
		oq_cache_offer(c->spec.env->cache, &c->filler, i,
			       oq_steal(&text.data), text.len);
		return 0;
	}
	r = read_block(c, i, &b, err);
	if (r < 0)
		return r;
	oq_rows_note(&c->rows, i,
		     oq_csv_len(c->spec.table, b.first, b.n, b.elems,
				&c->spec.refs, &text));
	drop_block(c, &b);
	return oq_buf_failed(&text)
		       ? oq_err_set(err, -ENOMEM, "no memory for text")
		       : 0;
}

/* Text that fits the cache is kept, so that measuring and then reading a
 * table of moderate size renders it once. */
static int decide_keep(struct csvfile *c, struct oq_err *err)
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
		  total <= oq_cache_budget(c->spec.env->cache) / 2;
	return 0;
}

struct watch {
	const struct oq_progress *progress;
	const struct csvfile *csv;
};

static bool tell(void *ctx, size_t nblocks)
{
	const struct watch *w = ctx;
	const struct oq_rows *rows = &w->csv->rows;
	uint64_t ncols = w->csv->spec.table->ncols;

	return w->progress->tell(
		w->progress->ctx,
		oq_min_u64(oq_rows_first(rows, nblocks), rows->nelems) / ncols,
		rows->nelems / ncols);
}

static int measure(struct csvfile *c, const struct oq_progress *p,
		   struct oq_err *err)
{
	struct watch watch = { p, c };
	struct oq_parfor loop = {
		.pool = c->spec.env->pool,
		.nthreads = c->spec.env->nthreads,
		.nitems = c->rows.nblocks,
		.item = measure_block,
		.ctx = c,
		.progress = p ? tell : NULL,
		.progress_ctx = &watch,
	};
	int r = decide_keep(c, err);

	if (r == 0)
		r = oq_parfor_run(&loop, err);
	if (r == 0 && oq_rows_seal(&c->rows) < 0)
		r = oq_err_set(err, -EOVERFLOW, "larger than a file can be");
	return r;
}

/* One thread measures; others who need the size wait for it.  A failure is
 * not kept: the next to ask tries again. */
static int ensure_measured(struct csvfile *c, const struct oq_progress *p,
			   struct oq_err *err)
{
	int r;

	pthread_mutex_lock(&c->lock);
	while (c->measuring)
		pthread_cond_wait(&c->changed, &c->lock);
	if (c->measured) {
		pthread_mutex_unlock(&c->lock);
		return 0;
	}
	c->measuring = true;
	pthread_mutex_unlock(&c->lock);

	r = measure(c, p, err);
	/* What was kept is of lengths that the next try may not find. */
	if (r < 0)
		oq_cache_forget(c->spec.env->cache, &c->filler);

	pthread_mutex_lock(&c->lock);
	c->measuring = false;
	c->measured = r == 0;
	pthread_cond_broadcast(&c->changed);
	pthread_mutex_unlock(&c->lock);
	return r;
}

static int csv_size(struct oq_file *s, const struct oq_progress *p,
		    uint64_t *size, struct oq_err *err)
{
	struct csvfile *c = (struct csvfile *)s;
	int r = ensure_measured(c, p, err);

	if (r == 0)
		*size = oq_rows_size(&c->rows);
	return r;
}

/* ---- reading ---- */

static size_t read_head(const struct csvfile *c, uint64_t off, size_t len,
			uint8_t *out)
{
	if (off >= c->head.len)
		return 0;
	len = oq_min_u64(len, c->head.len - off);
	memcpy(out, c->head.data + off, len);
	return len;
}

static void read_ahead(struct csvfile *c, uint64_t off, size_t len)
{
	uint64_t block = oq_rows_size(&c->rows) / (c->rows.nblocks + 1) + 1;
	uint64_t ahead = oq_readahead_note(&c->trend, off, len, block);
	uint64_t end = oq_min_u64(off + len + ahead, oq_rows_size(&c->rows));

	if (!ahead || off + len >= end || off + len < c->head.len)
		return;
	for (size_t i = oq_rows_find(&c->rows, off + len);
	     i < c->rows.nblocks && oq_rows_start(&c->rows, i) < end; i++)
		oq_cache_prefetch(c->spec.env->cache, &c->filler, i,
				  c->rows.ends[i] - oq_rows_start(&c->rows, i));
}

static ssize_t csv_read(struct oq_file *s, uint64_t off, size_t len,
			uint8_t *out, struct oq_err *err)
{
	struct csvfile *c = (struct csvfile *)s;
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

		r = oq_cache_get(c->spec.env->cache, &c->filler, i, &b, err);
		if (r < 0)
			return r;
		/* Whatever happens to the file, never read past a block. */
		if (b.len != c->rows.ends[i] - oq_rows_start(&c->rows, i)) {
			oq_cache_put(c->spec.env->cache, &b);
			return oq_err_set(err, -EIO,
					  "the data changed while read");
		}
		n = oq_min_u64(len - done, b.len - skip);
		memcpy(out + done, b.data + skip, n);
		oq_cache_put(c->spec.env->cache, &b);
		done += n;
	}
	return (ssize_t)done;
}

/* ---- open, close ---- */

static void csv_close(struct oq_file *s)
{
	struct csvfile *c = (struct csvfile *)s;

	oq_cache_forget(c->spec.env->cache, &c->filler);
	oq_source_close(c->spec.src);
	oq_table_free(c->spec.table);
	oq_buf_free(&c->head);
	oq_rows_free(&c->rows);
	pthread_cond_destroy(&c->changed);
	pthread_mutex_destroy(&c->lock);
	free(c);
}

static uint64_t block_elems(const struct oq_dtype *t)
{
	uint64_t n = oq_min_u64(BLOCK_ELEMS, BLOCK_BYTES / t->size + 1);
	uint64_t wide = oq_dtype_wide_floats(t);

	if (wide)
		n = oq_min_u64(n, BLOCK_WIDE / wide + 1);
	return n;
}

int oq_csvfile_open(const struct oq_csv_spec *spec, struct oq_file **out,
		    struct oq_err *err)
{
	struct csvfile *c = calloc(1, sizeof(*c));

	if (!c) {
		oq_source_close(spec->src);
		oq_table_free(spec->table);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	c->base.size = csv_size;
	c->base.read = csv_read;
	c->base.close = csv_close;
	c->spec = *spec;
	c->filler.owner = oq_cache_owner(spec->env->cache);
	c->filler.fill = fill;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->changed, NULL);
	oq_csv_put_header(spec->table, &c->head);
	if (oq_buf_failed(&c->head) ||
	    oq_rows_init(&c->rows, c->head.len, spec->n,
			 block_elems(spec->src->type)) < 0) {
		csv_close(&c->base);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	c->base.held = 2 * c->head.len + c->rows.nblocks * sizeof(uint64_t) +
		       spec->table->nfields * sizeof(struct oq_field);
	*out = &c->base;
	return 0;
}
