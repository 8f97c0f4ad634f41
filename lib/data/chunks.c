/* SPDX-License-Identifier: MIT */
/* chunks.c - the chunks of one dataset: where they are, and their elements */

#include "lib/data/chunks.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/fetch.h"
#include "lib/base/grow.h"
#include "lib/base/num.h"
#include "lib/base/search.h"
#include "lib/base/size.h"
#include "lib/codec/filter.h"
#include "lib/work/quiesce.h"

/* Runs of a chunk that is stored as it is are read straight from the file,
 * without the cache, where they are at least this long. */
#define DIRECT_BYTES	512

/* Whoever reads row by row across chunks of many rows comes back to each of
 * a row of chunks for every row: they must all be at hand, up to this much. */
#define MAX_ROW_BYTES	((uint64_t)512 << 20)

/* Up to this much of the next row is decoded while this one is read. */
#define MAX_AHEAD_BYTES ((uint64_t)16 << 20)

struct place {
	uint64_t number; /* first: they are sorted by it */
	uint64_t file_off;
	uint64_t nbytes;
	uint32_t mask;
};

/* Constant once open, but for 'restless'. */
struct oq_chunks {
	struct oq_filler filler; /* first: the filler is the chunks */
	const struct oq_env *env;
	struct oq_h5_dset *dset; /* main thread only */
	const struct oq_dataset *info;
	struct oq_grid grid;
	size_t chunk_bytes;
	size_t row_bytes; /* of a row of chunks, where they are needed again */
	struct oq_pipeline pipeline;
	bool ours;  /* decoded here, else by libhdf5 */
	bool blind; /* nothing is known of where they are */
	/* The index may be behind the extent: see quiesce.h. */
	atomic_bool restless;
	uint8_t *blank; /* one element: the fill value */
	size_t nplaces;
	struct place *places; /* by number, ascending */
};

/* ---- the index ---- */

struct gather {
	const struct oq_grid *grid;
	uint64_t file_bytes;
	struct place *places;
	size_t n, room;
};

static bool chunk_is_sane(const struct gather *g, const struct oq_h5_chunk *c)
{
	for (unsigned i = 0; i < g->grid->rank; i++)
		if (c->offset[i] % g->grid->chunk[i])
			return false;
	return c->file_off <= INT64_MAX && c->nbytes <= g->file_bytes;
}

static int note_chunk(void *ctx, const struct oq_h5_chunk *c)
{
	struct gather *g = ctx;

	/* A dataset that was shrunk may keep chunks beyond its edge. */
	for (unsigned i = 0; i < g->grid->rank; i++)
		if (c->offset[i] >= g->grid->dims[i])
			return 0;
	if (!chunk_is_sane(g, c))
		return -EIO;
	if (oq_grow(&g->places, &g->room, g->n, sizeof(*g->places)))
		return -ENOMEM;
	g->places[g->n++] = (struct place){
		.number = oq_grid_number(g->grid, c->offset),
		.file_off = c->file_off,
		.nbytes = c->nbytes,
		.mask = c->filter_mask,
	};
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const struct place *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

static int read_index(struct oq_chunks *c, struct oq_err *err)
{
	struct gather g = { .grid = &c->grid };
	int r;

	g.file_bytes = oq_size_of(c->env->fd);
	r = oq_h5_chunks(c->dset, note_chunk, &g, err);
	if (r == -EOPNOTSUPP) {
		/* Then libhdf5 reads each, allocated or not. */
		c->blind = true;
		c->ours = false;
		return 0;
	}
	c->places = g.places;
	c->nplaces = g.n;
	if (r < 0 && err && !err->text[0])
		oq_err_set(err, r, "the chunk index makes no sense");
	if (r < 0)
		return r;
	if (g.n)
		qsort(g.places, g.n, sizeof(*g.places), by_number);
	return 0;
}

static const struct place *find_place(const struct oq_chunks *c,
				      uint64_t number)
{
	static const struct place somewhere;
	size_t i;

	if (c->blind)
		return &somewhere;
	/* Chunks of a whole dataset stand where their number says. */
	if (number < c->nplaces && c->places[number].number == number)
		return &c->places[number];
	i = oq_lower_bound(c->places, c->nplaces, sizeof(*c->places), number);
	if (i < c->nplaces && c->places[i].number == number)
		return &c->places[i];
	return NULL;
}

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

static int fill_by_us(const struct oq_chunks *c, const struct place *p,
		      uint8_t *data, struct oq_err *err)
{
	OQ_FREE uint8_t *raw = NULL;
	int r;

	if (c->pipeline.nfilters == 0) {
		if (p->nbytes < c->chunk_bytes)
			return oq_err_set(err, -EIO, "a chunk is cut off");
		return oq_fetch(c->env->fd, data, c->chunk_bytes, p->file_off,
				err);
	}
	raw = malloc(p->nbytes ? p->nbytes : 1);
	if (!raw)
		return oq_err_set(err, -ENOMEM, "no memory for a chunk");
	r = oq_fetch(c->env->fd, raw, p->nbytes, p->file_off, err);
	if (r < 0)
		return r;
	return oq_pipeline_undo(&c->pipeline, p->mask, raw, p->nbytes, data,
				c->chunk_bytes, err);
}

static int fill(const struct oq_filler *f, uint64_t number, uint8_t **out,
		size_t *len, struct oq_err *err)
{
	/* The filler is the first member of its chunks, which are ours to
	 * pass on. */
	struct oq_chunks *c = (struct oq_chunks *)(uintptr_t)f;
	const struct place *p = find_place(c, number);
	OQ_FREE uint8_t *data = malloc(c->chunk_bytes);
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

/* Chunks of one index of the first axis are done with one after the other. */
static size_t row_bytes(const struct oq_grid *g, size_t chunk_bytes)
{
	uint64_t n, bytes;

	if (g->chunk[0] == 1 || g->rank == 1 ||
	    oq_product_overflows(g->nchunks + 1, g->rank - 1, &n) ||
	    oq_mul_overflows(n + 1, chunk_bytes, &bytes))
		return 0;
	return oq_min_u64(bytes, MAX_ROW_BYTES);
}

/* A writer that lets others read (SWMR) keeps to an order. */
static bool may_lag(const struct oq_chunks *c)
{
	const struct oq_dataset *i = c->info;

	return memcmp(i->dims, i->maxdims, sizeof(i->dims)) != 0 &&
	       !oq_h5_is_swmr(c->env->h5);
}

static int init(struct oq_chunks *c, struct oq_err *err)
{
	const struct oq_dataset *info = c->info;
	size_t size = info->type->size;

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
	return read_index(c, err);
}

static void release(struct oq_chunks *c)
{
	free(c->places);
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

/* Whether a part is one run of bytes in its chunk and in the box, and the
 * chunk is stored as it is: then it is read where it belongs. */
static bool part_is_direct(const struct oq_chunks *c,
			   const struct oq_part *part, size_t *nbytes)
{
	int64_t run = (int64_t)c->grid.elem_bytes;

	if (c->pipeline.nfilters || !c->ours)
		return false;
	for (unsigned i = part->copy.rank; i-- > 0;) {
		if (part->copy.n[i] == 1)
			continue;
		if (part->copy.src_stride[i] != run ||
		    part->copy.dst_stride[i] != run)
			return false;
		run *= (int64_t)part->copy.n[i];
	}
	*nbytes = (size_t)run;
	return run >= DIRECT_BYTES;
}

static int read_part(struct oq_chunks *c, const struct oq_part *part,
		     uint8_t *out, struct oq_err *err)
{
	const struct place *p = find_place(c, part->chunk);
	struct oq_block block;
	size_t n;
	int r;

	if (!p) {
		if (atomic_load(&c->restless))
			oq_quiesce_wait(c->env->fd, OQ_CALM_LONG_MS);
		atomic_store(&c->restless, false);
		copy_blank(c, part, out);
		return 0;
	}
	if (part_is_direct(c, part, &n) && p->nbytes >= c->chunk_bytes)
		return oq_fetch(c->env->fd, out + part->dst_off, n,
				p->file_off + part->src_off, err);
	r = oq_cache_get(c->env->cache, &c->filler, part->chunk, &block, err);
	if (r < 0)
		return r;
	oq_copy_run(&part->copy, block.data + part->src_off,
		    out + part->dst_off);
	oq_cache_put(c->env->cache, &block);
	return 0;
}

void oq_chunks_ahead(struct oq_chunks *c, const struct oq_sel *sel,
		     const struct oq_box *box)
{
	struct oq_parts parts = oq_parts_of(&c->grid, sel, box);
	struct oq_part part;
	size_t n;

	while (oq_parts_next(&parts, &part))
		if (find_place(c, part.chunk) && !part_is_direct(c, &part, &n))
			oq_cache_prefetch(c->env->cache, &c->filler, part.chunk,
					  c->chunk_bytes);
}

int oq_chunks_read(struct oq_chunks *c, const struct oq_sel *sel,
		   const struct oq_box *box, uint8_t *out, struct oq_err *err)
{
	struct oq_parts parts = oq_parts_of(&c->grid, sel, box);
	struct oq_part part;
	int r = 0;

	if (c->row_bytes)
		oq_cache_need(c->env->cache, c->row_bytes);
	while (r == 0 && oq_parts_next(&parts, &part))
		r = read_part(c, &part, out, err);
	return r;
}
