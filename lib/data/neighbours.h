/* SPDX-License-Identifier: MIT */
/* neighbours.h - which chunks of a box are read at once
 *
 * Chunks that lie in one stretch of the file (stretch.h) come with one read,
 * where so many of them are wanted that this saves some; and those of the
 * stretches after it are on their way, where one reads on.
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

/* The chunks of a dataset.  All is set before sharing but the trail. */
struct oq_neighbours {
	const struct oq_env *env;
	struct oq_stretches *stretches; /* NULL: each is read alone */
	const struct oq_filler *filler; /* of the decoded ones */
	size_t chunk_bytes;
	bool is_plain; /* chunks are stored as they are */
	bool is_far;   /* each read of the file is a round trip */
	const struct oq_places *places;
	struct oq_trail trail;
};

/* Whether a part is one run of bytes in its chunk and in the box, and the
 * chunk is stored as it is: then it is read where it belongs. */
bool oq_neighbours_direct(const struct oq_neighbours *n,
			  const struct oq_part *part, size_t *nbytes);

/* 'part', which is at 'p', is about to be read, and then the 'rest'. Reads the
 * stretch if that saves reads; '*stretch' is the one that was looked at last,
 * OQ_NO_STRETCH at the start of a box. */
void oq_neighbours_read(struct oq_neighbours *n, const struct oq_place *p,
			const struct oq_part *part, const struct oq_parts *rest,
			uint64_t *stretch);

/* Have all of a box fetched, since one after the other each would be a round
 * trip: a stretch of which several chunks are needed whole, else the chunk. */
void oq_neighbours_fetch(struct oq_neighbours *n, struct oq_parts parts);

/* Have what is likely to be read next fetched and decoded. */
void oq_neighbours_ahead(struct oq_neighbours *n, struct oq_parts parts);

#endif
