/* SPDX-License-Identifier: MIT */
/* chunks.c - the chunks of one dataset: where they are, and their elements */

#include "lib/data/chunks.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/codec/filter.h"
#include "lib/data/neighbours.h"
#include "lib/data/places.h"
#include "lib/data/stretch.h"
#include "lib/work/quiesce.h"

/* A reader of rows, across chunks that have many rows each, returns to all
 * chunks of a row of chunks for each row: so all of them are kept, up to this
 * much. */
#define MAX_ROW_BYTES	((uint64_t)512 << 20)

/* Up to this much of the next row is decoded while this one is read. */
#define MAX_AHEAD_BYTES ((uint64_t)16 << 20)

/* Memory for chunks of such sizes is asked for at once.  For smaller ones it is
 * there already; a larger one may turn out to be damaged before it is full. */
#define MIN_POPULATE	((size_t)64 << 10)
#define MAX_POPULATE	((size_t)4 << 20)

/* Constant once open, but for what is atomic. */
struct oq_chunks {
	struct oq_filler filler; /* first: the filler is the chunks */
	const struct oq_env *env;
	struct oq_h5_dset *dset; /* main thread only */
	const struct oq_dataset *info;
	struct oq_grid grid;
	size_t chunk_bytes;
	size_t row_bytes; /* of a row of chunks, where they are needed again */
	struct oq_pipeline pipeline;
	bool ours; /* decoded here, else by libhdf5 */
	/* The index may be behind the extent: see quiesce.h. */
	atomic_bool restless;
	struct oq_neighbours near;
	struct oq_trail within; /* along the bytes of large ones */
	uint8_t *blank;		/* one element: the fill value */
	struct oq_places places;
};

/* ---- one chunk ---- */

/* What the main thread is to read for a worker: one chunk, clipped to the
 * dataset. */
struct ask {
	struct oq_chunks *chunks;
	const uint64_t *first, *count;
	uint8_t *out;
	struct oq_err *err;
	int status;
};

static void read_by_h5(void *arg)
{
	struct ask *a = arg;
	uint64_t step[OQ_MAX_RANK];

	for (unsigned i = 0; i < OQ_MAX_RANK; i++)
		step[i] = 1;
	a->status = oq_h5_read(a->chunks->dset, a->first, step, a->count,
			       a->out, a->err);
}

/* Spread a clipped chunk's packed elements to where a whole chunk has them. */
static void spread(const struct oq_grid *g, const uint64_t *count,
		   const uint8_t *packed, uint8_t *chunk)
{
	struct oq_copy c = { .rank = g->rank, .elem_bytes = g->elem_bytes };
	int64_t src = (int64_t)g->elem_bytes, dst = src;

	for (unsigned i = g->rank; i-- > 0;) {
		c.n[i] = count[i];
		c.src_stride[i] = src;
		c.dst_stride[i] = dst;
		src *= (int64_t)count[i];
		dst *= (int64_t)g->chunk[i];
	}
	oq_copy_run(&c, packed, chunk);
}

static int fill_by_h5(struct oq_chunks *c, uint64_t number, uint8_t *data,
		      struct oq_err *err)
{
	uint64_t first[OQ_MAX_RANK], count[OQ_MAX_RANK];
	OQ_FREE uint8_t *packed = malloc(c->chunk_bytes);
	struct ask ask = { c, first, count, packed, err, 0 };

	if (!packed)
		return oq_err_set(err, -ENOMEM, "no memory for a chunk");
	oq_grid_box(&c->grid, number, first, count);
	oq_errand_send(c->env->errands, read_by_h5, &ask);
	if (ask.status == 0)
		spread(&c->grid, count, packed, data);
	return ask.status;
}

/* Bytes of the file, out of a stretch of it if that is there. */
static int fetch(const struct oq_chunks *c, void *out, size_t n, uint64_t off,
		 struct oq_err *err)
{
	return oq_stretch_fetch(c->env->stretches, c->env->fd, out, n, off,
				err);
}

static int fill_by_us(const struct oq_chunks *c, const struct oq_place *p,
		      uint8_t *data, struct oq_err *err)
{
	OQ_FREE uint8_t *raw = NULL;
	int r;

	if (c->pipeline.nfilters == 0) {
		if (p->nbytes < c->chunk_bytes)
			return oq_err_set(err, -EIO, "a chunk is cut off");
		return fetch(c, data, c->chunk_bytes, p->file_off, err);
	}
	raw = malloc(p->nbytes ? p->nbytes : 1);
	if (!raw)
		return oq_err_set(err, -ENOMEM, "no memory for a chunk");
	r = fetch(c, raw, p->nbytes, p->file_off, err);
	if (r < 0)
		return r;
	return oq_pipeline_undo(&c->pipeline, p->mask, raw, p->nbytes, data,
				c->chunk_bytes, err);
}

/* Memory for a chunk.  One call has the kernel make its pages, which is cheaper
 * than a fault for each; a kernel that does not know the call makes them so. */
static uint8_t *room(const struct oq_chunks *c)
{
	uint8_t *p = malloc(c->chunk_bytes);

#ifdef MADV_POPULATE_WRITE
	if (p && c->chunk_bytes >= MIN_POPULATE &&
	    c->chunk_bytes <= MAX_POPULATE) {
		size_t page = (size_t)sysconf(_SC_PAGESIZE);
		size_t skip = -(uintptr_t)p % page;

		(void)madvise(p + skip, (c->chunk_bytes - skip) / page * page,
			      MADV_POPULATE_WRITE);
	}
#endif
	return p;
}

static int fill(const struct oq_filler *f, uint64_t number, uint8_t **out,
		size_t *len, struct oq_err *err)
{
	/* The filler is the first member of its chunks, which are not const. */
	struct oq_chunks *c = (struct oq_chunks *)(uintptr_t)f;
	const struct oq_place *p = oq_places_find(&c->places, number);
	OQ_FREE uint8_t *data = room(c);
	int r;

	if (!data)
		return oq_err_set(err, -ENOMEM, "no memory for a chunk");
	if (!c->ours)
		r = fill_by_h5(c, number, data, err);
	else
		r = fill_by_us(c, p, data, err);
	if (r < 0)
		return r;
	*out = oq_steal(&data);
	*len = c->chunk_bytes;
	return 0;
}

/* ---- open, close ---- */

/* Bytes of a row of chunks, if reading by rows returns to it; 0 where each
 * chunk has one row only, or chunks lie along one axis. */
static size_t row_bytes(const struct oq_grid *g, size_t chunk_bytes)
{
	uint64_t n, bytes;

	if (g->chunk[0] == 1 || g->rank == 1 ||
	    oq_product_overflows(g->nchunks + 1, g->rank - 1, &n) ||
	    oq_mul_overflows(n + 1, chunk_bytes, &bytes))
		return 0;
	return oq_min_u64(bytes, MAX_ROW_BYTES);
}

/* Whether the chunk index in the file may be behind the extent.  Not with a
 * SWMR writer, which keeps to an order. */
static bool may_lag(const struct oq_chunks *c)
{
	const struct oq_dataset *i = c->info;

	return memcmp(i->dims, i->maxdims, sizeof(i->dims)) != 0 &&
	       !oq_h5_is_swmr(c->env->h5);
}

static void init_near(struct oq_chunks *c)
{
	struct oq_neighbours *n = &c->near;

	n->env = c->env;
	n->stretches = c->ours ? c->env->stretches : NULL;
	n->filler = &c->filler;
	n->chunk_bytes = c->chunk_bytes;
	n->is_plain = c->ours && !c->pipeline.nfilters;
	n->is_far = oq_h5_is_far(c->env->h5);
	n->places = &c->places;
}

static int init(struct oq_chunks *c, struct oq_err *err)
{
	const struct oq_dataset *info = c->info;
	size_t size = info->type->size;
	int r;

	if (oq_grid_init(&c->grid, info->rank, info->dims, info->chunk, size))
		return oq_err_set(err, -EIO, "the chunks make no sense");
	c->chunk_bytes = c->grid.chunk_elems * size;
	if (c->chunk_bytes > OQ_MAX_CHUNK_BYTES)
		return oq_err_set(err, -EIO,
				  "chunks of %zu bytes are too large",
				  c->chunk_bytes);
	c->row_bytes = row_bytes(&c->grid, c->chunk_bytes);
	c->blank = calloc(1, size);
	if (!c->blank)
		return oq_err_set(err, -ENOMEM, "no memory");
	if (info->fill)
		memcpy(c->blank, info->fill, size);
	oq_h5_pipeline(info, &c->pipeline);
	c->ours = !oq_dtype_has_refs(info->type) &&
		  oq_pipeline_is_ours(&c->pipeline, c->chunk_bytes);
	atomic_init(&c->restless, may_lag(c));
	r = oq_places_read(c->env, c->dset, &c->grid, &c->places, err);
	if (c->places.blind)
		c->ours = false;
	init_near(c);
	return r;
}

static void release(struct oq_chunks *c)
{
	oq_places_free(&c->places);
	free(c->blank);
	free(c);
}

int oq_chunks_open(const struct oq_env *env, struct oq_h5_dset *d,
		   struct oq_chunks **out, struct oq_err *err)
{
	struct oq_chunks *c = calloc(1, sizeof(*c));
	int r;

	if (!c)
		return oq_err_set(err, -ENOMEM, "no memory");
	c->env = env;
	c->dset = d;
	c->info = oq_h5_dset_info(d);
	c->filler.owner = oq_cache_owner(env->cache);
	c->filler.fill = fill;
	r = init(c, err);
	if (r < 0) {
		release(c);
		return r;
	}
	*out = c;
	return 0;
}

void oq_chunks_close(struct oq_chunks *c)
{
	if (!c)
		return;
	oq_cache_forget(c->env->cache, &c->filler);
	release(c);
}

size_t oq_chunks_bytes(const struct oq_chunks *c)
{
	return oq_max_u64(c->chunk_bytes,
			  oq_min_u64(c->row_bytes, MAX_AHEAD_BYTES));
}

/* ---- reading ---- */

static void copy_blank(const struct oq_chunks *c, const struct oq_part *part,
		       uint8_t *out)
{
	struct oq_copy copy = part->copy;

	memset(copy.src_stride, 0, sizeof(copy.src_stride));
	oq_copy_run(&copy, c->blank, out + part->dst_off);
}

/* The state of reading a box: what was decided of the current stretch, and a
 * run of bytes of the file that is still to be read to its place. */
struct reading {
	struct oq_chunks *chunks;
	bool once;
	uint64_t stretch;
	uint8_t *to;
	size_t n;
	uint64_t off;
};

/* Read the run. */
static int flush(struct reading *rd, struct oq_err *err)
{
	struct oq_chunks *c = rd->chunks;
	size_t n = rd->n;

	rd->n = 0;
	if (!n)
		return 0;
	if (rd->stretch != OQ_NO_STRETCH)
		return fetch(c, rd->to, n, rd->off, err);
	return oq_stretch_follow(c->env->stretches, &c->within, c->env->fd,
				 rd->to, n, rd->off, err);
}

/* Add bytes of the file to the run if they follow it both in the file and in
 * memory; else read the run and begin another. */
static int read_direct(struct reading *rd, uint8_t *to, size_t n, uint64_t off,
		       struct oq_err *err)
{
	int r = 0;

	if (rd->n && rd->to + rd->n == to && rd->off + rd->n == off) {
		rd->n += n;
		return 0;
	}
	r = flush(rd, err);
	rd->to = to;
	rd->n = n;
	rd->off = off;
	return r;
}

/* How many bytes are copied; no more than a chunk has. */
static size_t bytes_of(const struct oq_copy *copy)
{
	size_t n = copy->elem_bytes;

	for (unsigned i = 0; i < copy->rank; i++)
		n *= copy->n[i];
	return n;
}

static int read_part(struct reading *rd, const struct oq_part *part,
		     const struct oq_parts *rest, uint8_t *out,
		     struct oq_err *err)
{
	struct oq_chunks *c = rd->chunks;
	const struct oq_place *p = oq_places_find(&c->places, part->chunk);
	struct oq_block block;
	size_t n;
	int r;

	if (!p) {
		if (atomic_load(&c->restless))
			oq_quiesce_wait(c->env->fd, OQ_QUIESCE_LONG_MS);
		atomic_store(&c->restless, false);
		copy_blank(c, part, out);
		return 0;
	}
	oq_neighbours_read(&c->near, p, part, rest, &rd->stretch);
	if (oq_neighbours_direct(&c->near, part, &n) &&
	    p->nbytes >= c->chunk_bytes)
		return read_direct(rd, out + part->dst_off, n,
				   p->file_off + part->src_off, err);
	r = oq_cache_get(c->env->cache, &c->filler, part->chunk, &block, err);
	if (r < 0)
		return r;
	oq_copy_run(&part->copy, block.data + part->src_off,
		    out + part->dst_off);
	oq_cache_put_used(c->env->cache, &block,
			  rd->once ? bytes_of(&part->copy) : 0);
	return 0;
}

void oq_chunks_ahead(struct oq_chunks *c, const struct oq_sel *sel,
		     const struct oq_box *box)
{
	oq_neighbours_ahead(&c->near, oq_parts_of(&c->grid, sel, box));
}

int oq_chunks_read(struct oq_chunks *c, const struct oq_sel *sel,
		   const struct oq_box *box, bool once, uint8_t *out,
		   struct oq_err *err)
{
	struct oq_parts parts = oq_parts_of(&c->grid, sel, box);
	struct reading rd = { .chunks = c,
			      .once = once,
			      .stretch = OQ_NO_STRETCH };
	struct oq_part part;
	int r = 0;

	if (c->row_bytes)
		oq_cache_need(c->env->cache, c->row_bytes);
	if (c->near.is_far)
		oq_neighbours_fetch(&c->near, parts);
	while (r == 0 && oq_parts_next(&parts, &part))
		r = read_part(&rd, &part, &parts, out, err);
	return r == 0 ? flush(&rd, err) : r;
}
