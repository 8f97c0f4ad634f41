/* SPDX-License-Identifier: MIT */
/* slab.c - runs, boxes, chunks and copies against the plainest of models */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array/slab.h"
#include "lib/base/num.h"
#include "tests/unit/test.h"

/* Numbers that look random and are the same every time. */
static uint64_t draw(uint64_t *seed, uint64_t n)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (*seed >> 33) % n;
}

/* ---- an odometer over an n-d array, row-major ---- */

static bool advance(uint64_t *at, const uint64_t *n, unsigned rank)
{
	for (unsigned i = rank; i-- > 0;) {
		if (++at[i] < n[i])
			return true;
		at[i] = 0;
	}
	return false;
}

static uint64_t place(const uint64_t *at, const uint64_t *dims, unsigned rank)
{
	uint64_t k = 0;

	for (unsigned i = 0; i < rank; i++)
		k = k * dims[i] + at[i];
	return k;
}

/* Dimensions 0 to 'base' - 1 of the shape with number 'code'. */
static void shape_of(unsigned code, unsigned base, unsigned rank,
		     uint64_t *dims)
{
	for (unsigned i = 0; i < rank; i++, code /= base)
		dims[i] = code % base;
}

static unsigned power(unsigned base, unsigned rank)
{
	return rank ? base * power(base, rank - 1) : 1;
}

/* ---- runs ---- */

/* The box holds the elements from 'next' on, in order. */
static uint64_t check_box(const struct oq_box *b, const uint64_t *dims,
			  unsigned rank, uint64_t next)
{
	uint64_t in[OQ_MAX_RANK] = { 0 }, at[OQ_MAX_RANK];
	uint64_t n = 0;

	for (unsigned i = 0; i < rank; i++)
		if (!b->count[i] || b->first[i] + b->count[i] > dims[i])
			fail_msg("a box sticks out");
	do {
		for (unsigned i = 0; i < rank; i++)
			at[i] = b->first[i] + in[i];
		if (place(at, dims, rank) != next + n++)
			fail_msg("a box is out of order");
	} while (advance(in, b->count, rank));
	assert_int_equal(b->nelems, n);
	return next + n;
}

static void check_run(const struct oq_sel *s, const uint64_t *dims,
		      uint64_t first, uint64_t n)
{
	struct oq_run run = oq_run_of(s, first, n);
	uint64_t next = first;
	unsigned nboxes = 0;
	struct oq_box box;

	while (oq_run_next(&run, &box)) {
		next = check_box(&box, dims, s->rank, next);
		nboxes++;
	}
	assert_int_equal(next, first + n);
	assert_true(nboxes <= (s->rank ? 2 * s->rank - 1 : 1));
	assert_false(oq_run_next(&run, &box));
}

static void runs_are_boxes(void **state)
{
	(void)state;
	for (unsigned rank = 0; rank <= 4; rank++)
		for (unsigned code = 0; code < power(5, rank); code++) {
			uint64_t dims[4];
			struct oq_sel s;

			shape_of(code, 5, rank, dims);
			assert_int_equal(oq_sel_init_all(&s, rank, dims), 0);
			for (uint64_t i = 0; i <= s.nelems; i++)
				for (uint64_t n = 0; n <= s.nelems - i; n++)
					check_run(&s, dims, i, n);
		}
}

static void runs_of_high_rank(void **state)
{
	uint64_t dims[OQ_MAX_RANK];
	struct oq_sel s;

	(void)state;
	for (unsigned i = 0; i < OQ_MAX_RANK; i++)
		dims[i] = i % 3 == 0 ? 2 : 1;
	assert_int_equal(oq_sel_init_all(&s, OQ_MAX_RANK, dims), 0);
	for (uint64_t i = 0; i < s.nelems; i += 37)
		for (uint64_t n = 0; n <= s.nelems - i; n += 101)
			check_run(&s, dims, i, n);
}

/* ---- selections ---- */

static void selection_of_all(void **state)
{
	uint64_t dims[OQ_MAX_RANK + 1] = { 3, 4 };
	struct oq_sel s;

	(void)state;
	assert_int_equal(oq_sel_init_all(&s, 2, dims), 0);
	assert_int_equal(s.nelems, 12);
	assert_true(oq_sel_is_all(&s, dims));
	s.axis[1].start = 1;
	assert_false(oq_sel_is_all(&s, dims));
	s.axis[1] = (struct oq_sel_axis){ .step = -1, .count = 4 };
	assert_false(oq_sel_is_all(&s, dims));
	s.axis[1] = (struct oq_sel_axis){ .step = 1, .count = 3 };
	assert_false(oq_sel_is_all(&s, dims));
	assert_int_equal(oq_sel_init_all(&s, 0, dims), 0);
	assert_int_equal(s.nelems, 1);
	assert_true(oq_sel_is_all(&s, dims));
}

static void selection_too_large(void **state)
{
	uint64_t dims[OQ_MAX_RANK + 1] = { (uint64_t)1 << 32,
					   (uint64_t)1 << 31 };
	struct oq_sel s;

	(void)state;
	assert_int_equal(oq_sel_init_all(&s, 2, dims), -EOVERFLOW);
	dims[1]--;
	assert_int_equal(oq_sel_init_all(&s, 2, dims), 0);
	dims[1] = (uint64_t)1 << 33;
	assert_int_equal(oq_sel_init_all(&s, 2, dims), -EOVERFLOW);
	dims[2] = 0;
	assert_int_equal(oq_sel_init_all(&s, 3, dims), 0);
	assert_int_equal(s.nelems, 0);
	memset(dims, 0, sizeof(dims));
	assert_int_equal(oq_sel_init_all(&s, OQ_MAX_RANK, dims), 0);
	assert_int_equal(oq_sel_init_all(&s, OQ_MAX_RANK + 1, dims),
			 -EOVERFLOW);
}

/* ---- copies ---- */

static void model_copy(const struct oq_copy *c, const uint8_t *src,
		       uint8_t *dst)
{
	uint64_t at[OQ_MAX_RANK] = { 0 };

	for (unsigned i = 0; i < c->rank; i++)
		if (!c->n[i])
			return;
	do {
		int64_t s = 0, d = 0;

		for (unsigned i = 0; i < c->rank; i++) {
			s += (int64_t)at[i] * c->src_stride[i];
			d += (int64_t)at[i] * c->dst_stride[i];
		}
		memcpy(dst + d, src + s, c->elem_bytes);
	} while (advance(at, c->n, c->rank));
}

/* Strides of an array with its axes in any order, some of them reversed or,
 * where 'flat' allows it, without extent, some with a gap after them.  Returns
 * the bytes it reaches below and above its first element. */
static void draw_strides(uint64_t *seed, struct oq_copy *c, int64_t *strides,
			 bool flat, int64_t *below, int64_t *above)
{
	unsigned order[OQ_MAX_RANK];
	int64_t next = (int64_t)c->elem_bytes;
	bool plain = draw(seed, 2);

	*below = 0;
	*above = next;
	for (unsigned i = 0; i < c->rank; i++)
		order[i] = c->rank - 1 - i;
	for (unsigned i = 0; !plain && i < c->rank; i++) {
		unsigned k = (unsigned)draw(seed, c->rank), t = order[i];

		order[i] = order[k];
		order[k] = t;
	}
	for (unsigned i = 0; i < c->rank; i++) {
		unsigned axis = order[i];
		uint64_t n = c->n[axis] ? c->n[axis] : 1;
		int64_t reach = next * (int64_t)(n - 1);

		if (flat && draw(seed, 4) == 0) {
			strides[axis] = 0;
			continue;
		}
		strides[axis] = next;
		if (draw(seed, 4) == 0) {
			strides[axis] = -next;
			*below += reach;
		} else {
			*above += reach;
		}
		next *= (int64_t)n;
		if (draw(seed, 4) == 0)
			next += (int64_t)draw(seed, 9);
	}
}

static void check_copy(uint64_t *seed)
{
	static const size_t sizes[] = { 1, 2, 3, 4, 8, 13 };
	struct oq_copy c = { .rank = (unsigned)draw(seed, 6),
			     .elem_bytes = sizes[draw(seed, 6)] };
	int64_t src_below, src_above, dst_below, dst_above;
	uint8_t *src, *got, *want;
	size_t nsrc, ndst;

	for (unsigned i = 0; i < c.rank; i++)
		c.n[i] = draw(seed, 16) ? 1 + draw(seed, 3) : 0;
	draw_strides(seed, &c, c.src_stride, true, &src_below, &src_above);
	draw_strides(seed, &c, c.dst_stride, false, &dst_below, &dst_above);
	/* Exactly what is reached, so that a sanitizer sees more. */
	nsrc = (size_t)(src_below + src_above);
	ndst = (size_t)(dst_below + dst_above);
	src = malloc(nsrc);
	got = calloc(1, ndst);
	want = calloc(1, ndst);
	assert_true(src && got && want);
	for (size_t i = 0; i < nsrc; i++)
		src[i] = (uint8_t)draw(seed, 256);
	model_copy(&c, src + src_below, want + dst_below);
	oq_copy_run(&c, src + src_below, got + dst_below);
	assert_memory_equal(got, want, ndst);
	free(src);
	free(got);
	free(want);
}

static void copies(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 30000; i++)
		check_copy(&seed);
}

/* ---- grids ---- */

static void check_grid(unsigned rank, const uint64_t *dims,
		       const uint64_t *chunk)
{
	uint64_t at[OQ_MAX_RANK] = { 0 }, first[OQ_MAX_RANK];
	uint64_t count[OQ_MAX_RANK], total = 1, number;
	struct oq_grid g;

	assert_int_equal(oq_grid_init(&g, rank, dims, chunk, 3), 0);
	for (unsigned i = 0; i < rank; i++)
		total *= dims[i];
	if (!total)
		return;
	do {
		number = oq_grid_number(&g, at);
		oq_grid_box(&g, number, first, count);
		for (unsigned i = 0; i < rank; i++) {
			assert_true(number < power(5, rank));
			assert_int_equal(first[i], at[i] / chunk[i] * chunk[i]);
			assert_int_equal(count[i],
					 oq_min_u64(chunk[i],
						    dims[i] - first[i]));
		}
	} while (advance(at, dims, rank));
	/* The last element is in the last chunk. */
	for (unsigned i = 0; i < rank; i++)
		at[i] = dims[i] - 1;
	assert_int_equal(oq_grid_number(&g, at) + 1,
			 g.nchunks[0] * (rank > 1 ? g.nchunks[1] : 1) *
				 (rank > 2 ? g.nchunks[2] : 1));
}

static void grids(void **state)
{
	(void)state;
	for (unsigned rank = 1; rank <= 3; rank++)
		for (unsigned d = 0; d < power(5, rank); d++)
			for (unsigned c = 0; c < power(5, rank); c++) {
				uint64_t dims[3], chunk[3];

				shape_of(d, 5, rank, dims);
				shape_of(c, 5, rank, chunk);
				for (unsigned i = 0; i < rank; i++)
					chunk[i]++;
				check_grid(rank, dims, chunk);
			}
}

static int try_grid(unsigned rank, uint64_t dim, uint64_t chunk, size_t size)
{
	uint64_t dims[OQ_MAX_RANK + 1], chunks[OQ_MAX_RANK + 1];
	struct oq_grid g;

	for (unsigned i = 0; i <= OQ_MAX_RANK; i++) {
		dims[i] = dim;
		chunks[i] = chunk;
	}
	return oq_grid_init(&g, rank, dims, chunks, size);
}

static void grids_refused(void **state)
{
	(void)state;
	assert_int_equal(try_grid(0, 1, 1, 1), -EINVAL);
	assert_int_equal(try_grid(OQ_MAX_RANK + 1, 1, 1, 1), -EINVAL);
	assert_int_equal(try_grid(OQ_MAX_RANK, 1, 1, 1), 0);
	assert_int_equal(try_grid(2, 9, 0, 1), -EINVAL);
	assert_int_equal(try_grid(2, 9, 3, 0), -EINVAL);
	/* Too many chunks, ... */
	assert_int_equal(try_grid(2, (uint64_t)1 << 32, 1, 1), -EOVERFLOW);
	assert_int_equal(try_grid(2, (uint64_t)1 << 32, 2, 1), 0);
	/* ... elements in one, ... */
	assert_int_equal(try_grid(2, 1, (uint64_t)1 << 32, 1), -EOVERFLOW);
	/* ... and bytes. */
	assert_int_equal(try_grid(2, 1, (uint64_t)1 << 31, 2), -EOVERFLOW);
	assert_int_equal(try_grid(2, 1, (uint64_t)1 << 31, 1), 0);
	assert_int_equal(try_grid(2, 1, (uint64_t)1 << 31, 16), -EOVERFLOW);
	assert_int_equal(try_grid(1, UINT64_MAX, INT64_MAX, 1), 0);
	assert_int_equal(try_grid(1, UINT64_MAX, (uint64_t)INT64_MAX + 1, 1),
			 -EOVERFLOW);
}

/* ---- parts ---- */

/* A dataset of which each byte is a function of its element, chunk by
 * chunk. */
struct store {
	struct oq_grid grid;
	uint64_t nchunks;
	uint8_t **chunks;
};

static uint8_t byte_of(uint64_t elem, size_t k)
{
	return (uint8_t)(elem * 31 + k * 7 + 1);
}

static void write_chunk(const struct store *s, uint64_t number)
{
	const struct oq_grid *g = &s->grid;
	uint64_t in[OQ_MAX_RANK] = { 0 }, first[OQ_MAX_RANK];
	uint64_t count[OQ_MAX_RANK], at[OQ_MAX_RANK];

	oq_grid_box(g, number, first, count);
	do {
		uint64_t elem, to = place(in, g->chunk, g->rank);

		for (unsigned i = 0; i < g->rank; i++)
			at[i] = first[i] + in[i];
		elem = place(at, g->dims, g->rank);
		for (size_t k = 0; k < g->elem_bytes; k++)
			s->chunks[number][to * g->elem_bytes + k] =
				byte_of(elem, k);
	} while (advance(in, count, g->rank));
}

static void store_make(struct store *s)
{
	const struct oq_grid *g = &s->grid;

	s->nchunks = 1;
	for (unsigned i = 0; i < g->rank; i++)
		s->nchunks *= g->nchunks[i];
	s->chunks = calloc(s->nchunks, sizeof(*s->chunks));
	assert_non_null(s->chunks);
	for (uint64_t i = 0; i < s->nchunks; i++) {
		s->chunks[i] = calloc(g->chunk_elems, g->elem_bytes);
		assert_non_null(s->chunks[i]);
		write_chunk(s, i);
	}
}

static void store_free(struct store *s)
{
	for (uint64_t i = 0; i < s->nchunks; i++)
		free(s->chunks[i]);
	free(s->chunks);
}

/* Read the box part by part; each chunk is asked for once. */
static void read_parts(const struct store *s, const struct oq_sel *sel,
		       const struct oq_box *box, uint8_t *out)
{
	struct oq_parts parts = oq_parts_of(&s->grid, sel, box);
	uint8_t *seen = calloc(1, s->nchunks);
	struct oq_part part;

	assert_non_null(seen);
	while (oq_parts_next(&parts, &part)) {
		assert_true(part.chunk < s->nchunks);
		assert_int_equal(seen[part.chunk]++, 0);
		oq_copy_run(&part.copy, s->chunks[part.chunk] + part.src_off,
			    out + part.dst_off);
	}
	assert_false(oq_parts_next(&parts, &part));
	free(seen);
}

static void check_packed(const struct store *s, const struct oq_sel *sel,
			 const struct oq_box *box, const uint8_t *got)
{
	uint64_t in[OQ_MAX_RANK] = { 0 }, at[OQ_MAX_RANK];

	do {
		uint64_t elem;

		for (unsigned i = 0; i < sel->rank; i++)
			at[i] = sel->axis[i].start +
				(box->first[i] + in[i]) *
					(uint64_t)sel->axis[i].step;
		elem = place(at, s->grid.dims, sel->rank);
		for (size_t k = 0; k < s->grid.elem_bytes; k++)
			if (*got++ != byte_of(elem, k))
				fail_msg("an element is not what it was");
	} while (advance(in, box->count, sel->rank));
}

static void draw_sel(uint64_t *seed, const struct oq_grid *g, struct oq_sel *s)
{
	s->rank = g->rank;
	s->nelems = 1;
	for (unsigned i = 0; i < g->rank; i++) {
		struct oq_sel_axis *a = &s->axis[i];
		bool back = draw(seed, 3) == 0;
		uint64_t room;

		a->start = draw(seed, g->dims[i]);
		a->step = (int64_t)(1 + draw(seed, 3));
		room = back ? a->start : g->dims[i] - 1 - a->start;
		a->count = 1 + draw(seed, 1 + room / (uint64_t)a->step);
		if (back)
			a->step = -a->step;
		s->nelems *= a->count;
	}
}

static void check_parts(const struct store *s, const struct oq_sel *sel,
			uint64_t first, uint64_t n)
{
	struct oq_run run = oq_run_of(sel, first, n);
	struct oq_box box;

	while (oq_run_next(&run, &box)) {
		uint8_t *out = calloc(box.nelems, s->grid.elem_bytes);

		assert_non_null(out);
		read_parts(s, sel, &box, out);
		check_packed(s, sel, &box, out);
		free(out);
	}
}

static void check_store(unsigned rank, const uint64_t *dims,
			const uint64_t *chunk, uint64_t *seed)
{
	static const size_t sizes[] = { 1, 2, 3, 4, 8, 13 };
	struct store s;
	struct oq_sel sel;

	assert_int_equal(oq_grid_init(&s.grid, rank, dims, chunk,
				      sizes[draw(seed, 6)]),
			 0);
	store_make(&s);
	assert_int_equal(oq_sel_init_all(&sel, rank, dims), 0);
	check_parts(&s, &sel, 0, sel.nelems);
	for (int i = 0; i < 4; i++) {
		uint64_t first;

		if (i)
			draw_sel(seed, &s.grid, &sel);
		first = draw(seed, sel.nelems);
		check_parts(&s, &sel, first,
			    1 + draw(seed, sel.nelems - first));
	}
	store_free(&s);
}

static void parts(void **state)
{
	uint64_t seed = 2;

	(void)state;
	for (unsigned rank = 1; rank <= 3; rank++)
		for (unsigned d = 0; d < power(4, rank); d++)
			for (unsigned c = 0; c < power(5, rank); c++) {
				uint64_t dims[3], chunk[3];

				shape_of(d, 4, rank, dims);
				shape_of(c, 5, rank, chunk);
				for (unsigned i = 0; i < rank; i++) {
					dims[i]++;
					chunk[i]++;
				}
				check_store(rank, dims, chunk, &seed);
			}
}

static void parts_of_rank_4(void **state)
{
	uint64_t seed = 3;

	(void)state;
	for (int k = 0; k < 2000; k++) {
		uint64_t dims[4], chunk[4];

		for (unsigned i = 0; i < 4; i++) {
			dims[i] = 1 + draw(&seed, 7);
			chunk[i] = 1 + draw(&seed, 5);
		}
		check_store(4, dims, chunk, &seed);
	}
}

/* Two elements, the first and the last that the axis has. */
static void check_far(uint64_t start, int64_t step, uint64_t second)
{
	struct oq_sel sel = { .rank = 1, .nelems = 2 };
	struct oq_box box = { .count = { 2 }, .nelems = 2 };
	struct oq_parts p;
	struct oq_part part;
	struct oq_grid g;

	assert_int_equal(oq_grid_init(&g, 1, &(uint64_t){ INT64_MAX },
				      &(uint64_t){ 1024 }, 8),
			 0);
	sel.axis[0] = (struct oq_sel_axis){ start, step, 2, false };
	p = oq_parts_of(&g, &sel, &box);
	assert_true(oq_parts_next(&p, &part));
	assert_int_equal(part.chunk, start / 1024);
	assert_int_equal(part.src_off, start % 1024 * 8);
	assert_int_equal(part.copy.n[0], 1);
	assert_true(oq_parts_next(&p, &part));
	assert_int_equal(part.chunk, second / 1024);
	assert_int_equal(part.src_off, second % 1024 * 8);
	assert_int_equal(part.dst_off, 8);
	assert_int_equal(part.copy.n[0], 1);
	assert_false(oq_parts_next(&p, &part));
}

static void far_steps(void **state)
{
	(void)state;
	check_far(0, INT64_MAX - 1, INT64_MAX - 1);
	check_far(INT64_MAX - 1, -(INT64_MAX - 1), 0);
	check_far(5, 1024, 1029);
	check_far(1029, -1024, 5);
	check_far(7, (int64_t)1 << 60, 7 + ((uint64_t)1 << 60));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST("a run is a few boxes that hold its elements in order",
		     runs_are_boxes),
		TEST("runs of the highest rank are no different",
		     runs_of_high_rank),
		TEST("a selection of everything is known as such",
		     selection_of_all),
		TEST("a selection of too many elements is refused",
		     selection_too_large),
		TEST("a copy puts each element where the strides say", copies),
		TEST("a chunk's number and its box belong together", grids),
		TEST("a grid of nothing or too much is refused", grids_refused),
		TEST("the parts of a box are its elements, each chunk once",
		     parts),
		TEST("parts of rank four are no different", parts_of_rank_4),
		TEST("steps may be as long as the longest axis", far_steps),
	};

	return cmocka_run_group_tests_name("slab", tests, NULL, NULL);
}
