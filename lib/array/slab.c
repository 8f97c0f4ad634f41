/* SPDX-License-Identifier: MIT */
/* slab.c - a run of elements of an n-d array as boxes, and boxes as chunks */

#include "lib/array/slab.h"

#include <errno.h>
#include <string.h>

#include "lib/base/num.h"

int oq_sel_init_all(struct oq_sel *s, unsigned rank, const uint64_t *dims)
{
	uint64_t n;

	if (rank > OQ_MAX_RANK || oq_product_overflows(dims, rank, &n) ||
	    n > INT64_MAX)
		return -EOVERFLOW;
	s->rank = rank;
	s->nelems = n;
	for (unsigned i = 0; i < rank; i++)
		s->axis[i] =
			(struct oq_sel_axis){ .step = 1, .count = dims[i] };
	return 0;
}

bool oq_sel_is_all(const struct oq_sel *s, const uint64_t *dims)
{
	for (unsigned i = 0; i < s->rank; i++)
		if (s->axis[i].start || s->axis[i].step != 1 ||
		    s->axis[i].count != dims[i])
			return false;
	return true;
}

struct oq_run oq_run_of(const struct oq_sel *s, uint64_t first, uint64_t n)
{
	return (struct oq_run){ .sel = s, .next = first, .left = n };
}

/* The largest box that starts at 'next': find the outermost axis of which at
 * least one whole step fits, all axes inside it standing at their start. */
bool oq_run_next(struct oq_run *r, struct oq_box *box)
{
	unsigned rank = r->sel->rank, wide = 0;
	uint64_t inner[OQ_MAX_RANK]; /* elements of one step along the axis */
	uint64_t stride = 1, rest = r->next, n;

	if (!r->left)
		return false;
	for (unsigned i = rank; i-- > 0;) {
		inner[i] = stride;
		stride *= r->sel->axis[i].count;
	}
	for (unsigned i = 0; i < rank; i++) {
		box->first[i] = rest / inner[i];
		rest %= inner[i];
		box->count[i] = 1;
	}
	/* The run starts on a whole step of axis 'wide' or of a later one. */
	while (wide + 1 < rank &&
	       (r->next % inner[wide] || inner[wide] > r->left))
		wide++;
	box->nelems = 1;
	if (rank) {
		n = oq_min_u64(r->sel->axis[wide].count - box->first[wide],
			       r->left / inner[wide]);
		for (unsigned i = wide + 1; i < rank; i++)
			box->count[i] = r->sel->axis[i].count;
		box->count[wide] = n;
		box->nelems = n * inner[wide];
	}
	r->next += box->nelems;
	r->left -= box->nelems;
	return true;
}

/* Join axes that lie in one stride on both sides, innermost first, so that
 * the inner loop is as long as it can be. */
static void join_axes(const struct oq_copy *c, struct oq_copy *j)
{
	j->rank = 0;
	j->elem_bytes = c->elem_bytes;
	for (unsigned i = c->rank; i-- > 0;) {
		unsigned k = j->rank;

		if (c->n[i] == 1)
			continue;
		if (k &&
		    c->src_stride[i] ==
			    j->src_stride[k - 1] * (int64_t)j->n[k - 1] &&
		    c->dst_stride[i] ==
			    j->dst_stride[k - 1] * (int64_t)j->n[k - 1]) {
			j->n[k - 1] *= c->n[i];
			continue;
		}
		j->n[k] = c->n[i];
		j->src_stride[k] = c->src_stride[i];
		j->dst_stride[k] = c->dst_stride[i];
		j->rank++;
	}
}

/* One line of a copy.  The common widths get a loop of their own, because a
 * memcpy() of a size known to the compiler is a load and a store. */
static void copy_line(const struct oq_copy *c, const uint8_t *src, uint8_t *dst)
{
	int64_t ss = c->src_stride[0], ds = c->dst_stride[0];
	uint64_t n = c->n[0];
	size_t size = c->elem_bytes;

	if (ss == (int64_t)size && ds == (int64_t)size) {
		memcpy(dst, src, n * size);
	} else if (size == 4) {
		for (; n; n--, src += ss, dst += ds)
			memcpy(dst, src, 4);
	} else if (size == 8) {
		for (; n; n--, src += ss, dst += ds)
			memcpy(dst, src, 8);
	} else {
		for (; n; n--, src += ss, dst += ds)
			memcpy(dst, src, size);
	}
}

void oq_copy_run(const struct oq_copy *c, const uint8_t *src, uint8_t *dst)
{
	uint64_t at[OQ_MAX_RANK] = { 0 };
	struct oq_copy j;

	for (unsigned i = 0; i < c->rank; i++)
		if (!c->n[i])
			return;
	join_axes(c, &j);
	if (!j.rank) {
		memcpy(dst, src, c->elem_bytes);
		return;
	}
	for (;;) {
		unsigned i = 1;

		copy_line(&j, src, dst);
		for (; i < j.rank; i++) {
			src += j.src_stride[i];
			dst += j.dst_stride[i];
			if (++at[i] < j.n[i])
				break;
			src -= j.src_stride[i] * (int64_t)j.n[i];
			dst -= j.dst_stride[i] * (int64_t)j.n[i];
			at[i] = 0;
		}
		if (i >= j.rank)
			return;
	}
}

int oq_grid_init(struct oq_grid *g, unsigned rank, const uint64_t *dims,
		 const uint64_t *chunk, size_t elem_bytes)
{
	uint64_t total, bytes;

	if (rank == 0 || rank > OQ_MAX_RANK || elem_bytes == 0)
		return -EINVAL;
	g->rank = rank;
	g->elem_bytes = elem_bytes;
	for (unsigned i = 0; i < rank; i++) {
		if (chunk[i] == 0)
			return -EINVAL;
		g->dims[i] = dims[i];
		g->chunk[i] = chunk[i];
		g->nchunks[i] = dims[i] / chunk[i] + (dims[i] % chunk[i] != 0);
	}
	if (oq_product_overflows(g->nchunks, rank, &total) ||
	    oq_product_overflows(g->chunk, rank, &g->chunk_elems) ||
	    oq_mul_overflows(g->chunk_elems, elem_bytes, &bytes) ||
	    bytes > INT64_MAX)
		return -EOVERFLOW;
	return 0;
}

uint64_t oq_grid_number(const struct oq_grid *g, const uint64_t *coord)
{
	uint64_t number = 0;

	for (unsigned i = 0; i < g->rank; i++)
		number = number * g->nchunks[i] + coord[i] / g->chunk[i];
	return number;
}

void oq_grid_box(const struct oq_grid *g, uint64_t number, uint64_t *first,
		 uint64_t *count)
{
	for (unsigned i = g->rank; i-- > 0;) {
		first[i] = number % g->nchunks[i] * g->chunk[i];
		number /= g->nchunks[i];
		count[i] = oq_min_u64(g->chunk[i], g->dims[i] - first[i]);
	}
}

struct oq_parts oq_parts_of(const struct oq_grid *g, const struct oq_sel *s,
			    const struct oq_box *b)
{
	return (struct oq_parts){ .grid = g, .sel = s, .box = b };
}

/* How many selected elements from index 'k' of an axis on lie in the chunk of
 * the first of them. */
static uint64_t within_chunk(const struct oq_sel_axis *a, uint64_t coord,
			     uint64_t chunk)
{
	uint64_t in = coord % chunk;

	if (a->step > 0)
		return (chunk - in - 1) / (uint64_t)a->step + 1;
	return in / (0 - (uint64_t)a->step) + 1;
}

bool oq_parts_next(struct oq_parts *p, struct oq_part *part)
{
	const struct oq_grid *g = p->grid;
	struct oq_copy *c = &part->copy;
	uint64_t coord[OQ_MAX_RANK];
	int64_t src = (int64_t)g->elem_bytes, dst = src, src_off = 0;
	int64_t dst_off = 0;

	if (p->done)
		return false;
	c->rank = g->rank;
	c->elem_bytes = g->elem_bytes;
	for (unsigned i = g->rank; i-- > 0;) {
		const struct oq_sel_axis *a = &p->sel->axis[i];
		uint64_t k = p->box->first[i] + p->at[i];

		coord[i] = a->start + k * (uint64_t)a->step;
		c->n[i] = oq_min_u64(p->box->count[i] - p->at[i],
				     within_chunk(a, coord[i], g->chunk[i]));
		/* With two or more elements in a chunk the step is shorter than
		 * the chunk, so the product fits; with one it may be anything,
		 * and is not used. */
		c->src_stride[i] = c->n[i] > 1 ? src * a->step : src;
		c->dst_stride[i] = dst;
		src_off += (int64_t)(coord[i] % g->chunk[i]) * src;
		dst_off += (int64_t)p->at[i] * dst;
		src *= (int64_t)g->chunk[i];
		dst *= (int64_t)p->box->count[i];
	}
	part->chunk = oq_grid_number(g, coord);
	part->src_off = (size_t)src_off;
	part->dst_off = (size_t)dst_off;

	p->done = true;
	for (unsigned i = g->rank; p->done && i-- > 0;) {
		p->at[i] += c->n[i];
		if (p->at[i] < p->box->count[i])
			p->done = false;
		else
			p->at[i] = 0;
	}
	return true;
}
