/* SPDX-License-Identifier: MIT */
/* neighbours.h - which chunks of a box are read at once
 *
 * If enough chunks that are wanted lie in one stretch of the file (stretch.h),
 * the stretch comes with one read.  A reader that goes on has the following
 * stretches fetched ahead.
 *
 * Any thread.
 */
#ifndef OQ_NEIGHBOURS_H
#define OQ_NEIGHBOURS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/array/slab.h"
#include "lib/data/env.h"
#include "lib/data/places.h"
#include "lib/data/stretch.h"

/* What is needed of a dataset.  Everything except the trail is set before it is
 * shared. */
struct oq_neighbours {
	const struct oq_env *env;
	struct oq_stretches *stretches; /* NULL: each is read alone */
	const struct oq_filler *filler; /* makes decoded chunks */
	size_t chunk_bytes;
	bool is_plain; /* chunks are stored as they are */
	bool is_far;   /* each read of the file is a round trip */
	const struct oq_places *places;
	struct oq_trail trail;
	/* The furthest stretch that a box of a far file needed, plus one; 0
	 * before the first.  A hint only. */
	atomic_uint_least64_t frontier;
};

/* Whether a part can be read straight into the box: it is one run of '*nbytes'
 * bytes both in its chunk and in the box, and the chunk is stored unfiltered.
 */
bool oq_neighbours_direct(const struct oq_neighbours *n,
			  const struct oq_part *part, size_t *nbytes);

/* To be called before 'part', whose chunk is at 'p', is read; the parts in
 * 'rest' are read after it.  Reads the chunk's stretch if that saves reads.
 * '*stretch' is OQ_NO_STRETCH before the first part of a box, and kept by this
 * function. */
void oq_neighbours_read(struct oq_neighbours *n, const struct oq_place *p,
			const struct oq_part *part, const struct oq_parts *rest,
			uint64_t *stretch);

/* For a far file: have everything that a box needs fetched at the same time,
 * since one after the other each would cost a round trip.  A stretch is read
 * whole where several of its chunks are needed. */
void oq_neighbours_fetch(struct oq_neighbours *n, struct oq_parts parts);

/* Hint: these parts are likely to be read next; have them fetched and decoded.
 */
void oq_neighbours_ahead(struct oq_neighbours *n, struct oq_parts parts);

#endif
