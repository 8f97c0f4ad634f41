/* SPDX-License-Identifier: MIT */
/* slab.h - a run of elements of an n-d array as boxes, and boxes as chunks
 *
 * A view is read as a run of elements in row-major order.  A run is at most
 * 2 * rank - 1 boxes:
 *
 *	. . . # # #      the rest of a row,
 *	# # # # # #      whole rows,
 *	# # # # # #
 *	# # . . . .      the start of a row
 *
 * What a view shows may be a *selection* of the dataset: along each axis a
 * start, a step (which may be negative) and a count.  Runs and boxes are
 * counted in the selection; a chunk's part of a box is found through it.
 *
 * Pure arithmetic: nothing allocates, locks or fails after oq_sel_init_all()
 * and oq_grid_init().
 */
#ifndef OQ_SLAB_H
#define OQ_SLAB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/type/dtype.h"

struct oq_sel_axis {
	uint64_t start; /* < the dataset's dimension, if count > 0 */
	int64_t step;	/* != 0; start + k * step is in range for k < count */
	uint64_t count;
	bool dropped; /* an integer index: count 1, no axis of the result */
};

struct oq_sel {
	unsigned rank; /* the dataset's */
	struct oq_sel_axis axis[OQ_MAX_RANK];
	uint64_t nelems;
};

/* Select the whole array.  Returns 0 or -EOVERFLOW. */
int oq_sel_init_all(struct oq_sel *s, unsigned rank, const uint64_t *dims);

/* Whether the selection is the whole array in its own order. */
bool oq_sel_is_all(const struct oq_sel *s, const uint64_t *dims);

/* A box of the selection: counted in selected elements along each axis. */
struct oq_box {
	uint64_t first[OQ_MAX_RANK];
	uint64_t count[OQ_MAX_RANK];
	uint64_t nelems;
};

/* The boxes of a run, one after the other. */
struct oq_run {
	const struct oq_sel *sel;
	uint64_t next, left;
};

/* Start a run of the elements [first, first + n), which must lie within the
 * selection.  Borrows 's'. */
struct oq_run oq_run_of(const struct oq_sel *s, uint64_t first, uint64_t n);

/* The next box, or false at the end. */
bool oq_run_next(struct oq_run *r, struct oq_box *box);

/* An n-d copy.  Strides are in bytes and may be 0 (a fill value) or negative;
 * 'n' counts elements along each axis. */
struct oq_copy {
	unsigned rank;
	size_t elem_bytes;
	uint64_t n[OQ_MAX_RANK];
	int64_t src_stride[OQ_MAX_RANK];
	int64_t dst_stride[OQ_MAX_RANK];
};

void oq_copy_run(const struct oq_copy *c, const uint8_t *src, uint8_t *dst);

/* The grid of chunks over a dataset. Chunks are numbered row-major. */
struct oq_grid {
	unsigned rank; /* > 0 */
	uint64_t dims[OQ_MAX_RANK];
	uint64_t chunk[OQ_MAX_RANK];   /* > 0 */
	uint64_t nchunks[OQ_MAX_RANK]; /* along each axis */
	uint64_t chunk_elems;
	size_t elem_bytes;
};

/* Returns 0, -EINVAL (a chunk of nothing) or -EOVERFLOW. */
int oq_grid_init(struct oq_grid *g, unsigned rank, const uint64_t *dims,
		 const uint64_t *chunk, size_t elem_bytes);

/* The number of the chunk that holds the element at 'coord'. */
uint64_t oq_grid_number(const struct oq_grid *g, const uint64_t *coord);

/* Where chunk 'number' starts along each axis, and how many elements of it lie
 * within the dataset. */
void oq_grid_box(const struct oq_grid *g, uint64_t number, uint64_t *first,
		 uint64_t *count);

/* The part of a box that one chunk holds: which chunk, the copy from it to
 * the packed box, and where the copy starts in each. */
struct oq_part {
	uint64_t chunk;
	struct oq_copy copy;
	size_t src_off, dst_off;
};

/* The parts of a box, chunk by chunk. */
struct oq_parts {
	const struct oq_grid *grid;
	const struct oq_sel *sel;
	const struct oq_box *box;
	uint64_t at[OQ_MAX_RANK]; /* where the next part starts, in the box */
	bool done;
};

/* Start at the first part; borrows all three. */
struct oq_parts oq_parts_of(const struct oq_grid *g, const struct oq_sel *s,
			    const struct oq_box *b);
/* The next part, or false at the end. */
bool oq_parts_next(struct oq_parts *p, struct oq_part *part);

#endif
