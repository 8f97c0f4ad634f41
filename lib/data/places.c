/* SPDX-License-Identifier: MIT */
/* places.c - where the chunks of a dataset are in the file */

#include "lib/data/places.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/base/cleanup.h"
#include "lib/base/grow.h"
#include "lib/base/num.h"
#include "lib/base/search.h"
#include "lib/base/size.h"
#include "lib/data/stretch.h"

/* A stretch is read whole if so many chunks begin in it and they fill this part
 * of it; if each read is a round trip, if fewer begin in it. */
#define MIN_PEERS     4
#define MIN_PART      16
#define MIN_PEERS_FAR 2

/* A dataset that is spread over more stretches is read chunk by chunk. */
#define MAX_STRETCHES ((uint64_t)1 << 20)

struct gather {
	const struct oq_grid *grid;
	uint64_t file_bytes;
	struct oq_place *places;
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
	g->places[g->n++] = (struct oq_place){
		.number = oq_grid_number(g->grid, c->offset),
		.file_off = c->file_off,
		.nbytes = c->nbytes,
		.mask = c->filter_mask,
	};
	return 0;
}

static int by_number(const void *a, const void *b)
{
	const struct oq_place *x = a, *y = b;

	return (x->number > y->number) - (x->number < y->number);
}

/* The chunks that begin in one stretch. */
struct count {
	uint32_t nchunks, nbytes;
};

/* The first and the last stretch that chunks begin in. */
static void find_ends(const struct oq_places *p, uint64_t *first,
		      uint64_t *last)
{
	*first = UINT64_MAX;
	*last = 0;
	for (size_t i = 0; i < p->n; i++) {
		uint64_t s = oq_stretch_of(p->v[i].file_off);

		*first = oq_min_u64(*first, s);
		*last = oq_max_u64(*last, s);
	}
}

static bool is_worth(const struct count *c, bool far)
{
	return far ? c->nchunks >= MIN_PEERS_FAR
		   : c->nchunks >= MIN_PEERS &&
			       c->nbytes >= OQ_STRETCH_BYTES / MIN_PART;
}

/* Best effort: without memory each is read alone. */
static void find_peers(struct oq_places *p, bool far)
{
	OQ_FREE struct count *counts = NULL;
	uint64_t first, last;

	find_ends(p, &first, &last);
	if (p->n < MIN_PEERS_FAR || last - first >= MAX_STRETCHES)
		return;
	counts = calloc(last - first + 1, sizeof(*counts));
	for (size_t i = 0; counts && i < p->n; i++) {
		struct count *c =
			&counts[oq_stretch_of(p->v[i].file_off) - first];

		c->nchunks += c->nchunks < UINT32_MAX;
		c->nbytes += (uint32_t)oq_min_u64(p->v[i].nbytes,
						  UINT32_MAX - c->nbytes);
	}
	for (size_t i = 0; counts && i < p->n; i++)
		p->v[i].has_peers = is_worth(
			&counts[oq_stretch_of(p->v[i].file_off) - first], far);
}

int oq_places_read(const struct oq_env *env, struct oq_h5_dset *d,
		   const struct oq_grid *grid, struct oq_places *p,
		   struct oq_err *err)
{
	struct gather g = { .grid = grid };
	int r;

	g.file_bytes = oq_size_of(env->fd);
	r = oq_h5_chunks(d, note_chunk, &g, err);
	*p = (struct oq_places){ .n = g.n, .v = g.places };
	if (r == -EOPNOTSUPP) {
		/* Which chunks exist is not known: libhdf5 reads each. */
		p->blind = true;
		return 0;
	}
	if (r < 0 && err && !err->text[0])
		oq_err_set(err, r, "the chunk index makes no sense");
	if (r < 0)
		return r;
	if (p->n)
		qsort(p->v, p->n, sizeof(*p->v), by_number);
	find_peers(p, oq_h5_is_far(env->h5));
	return 0;
}

void oq_places_free(struct oq_places *p)
{
	free(p->v);
	*p = (struct oq_places){ 0 };
}

const struct oq_place *oq_places_find(const struct oq_places *p,
				      uint64_t number)
{
	static const struct oq_place somewhere;
	size_t i;

	if (p->blind)
		return &somewhere;
	/* Chunks of a whole dataset stand where their number says. */
	if (number < p->n && p->v[number].number == number)
		return &p->v[number];
	i = oq_lower_bound(p->v, p->n, sizeof(*p->v), number);
	if (i < p->n && p->v[i].number == number)
		return &p->v[i];
	return NULL;
}
