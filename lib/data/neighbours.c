/* SPDX-License-Identifier: MIT */
/* neighbours.c - which chunks of a box are read at once */

#include "lib/data/neighbours.h"

#include <stdatomic.h>

/* Runs of a chunk that is stored as it is are read straight from the file,
 * without the cache, where they are at least this long. */
#define DIRECT_BYTES 512

/* Such a run of bytes, read to where they belong, is as good as a stretch. */
#define LONG_RUN     ((size_t)64 << 10)

/* So many chunks are looked at, at most, to find the stretch before or after a
 * chunk's own. */
#define MAX_STEPS    8192

/* Reads are counted up to this many. */
#define SOME_READS   8

/* Who goes on by so many stretches still goes from front to back. */
#define MAX_STRIDE   4

#define NO_CHUNK     UINT64_MAX

bool oq_neighbours_direct(const struct oq_neighbours *n,
			  const struct oq_part *part, size_t *nbytes)
{
	int64_t run = (int64_t)part->copy.elem_bytes;

	if (!n->is_plain)
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

/* The stretch that holds a chunk, if it may be read whole. */
static uint64_t stretch_of(const struct oq_neighbours *n,
			   const struct oq_place *p)
{
	if (!p->has_peers || !n->stretches)
		return OQ_NO_STRETCH;
	return oq_stretch_of(p->file_off);
}

/* Bytes that follow each other in the file and are read at once. */
struct run {
	uint64_t end;
	size_t n;
};

/* Whether 'n' bytes at 'off' are one more read, -1 where the run that they end
 * is so long that a stretch would save nothing. */
static int extend(struct run *run, uint64_t off, size_t n)
{
	bool begins = off != run->end;
	size_t before = begins ? 0 : run->n;

	run->end = off + n;
	run->n = before + n;
	if (before < LONG_RUN && run->n >= LONG_RUN)
		return begins ? 0 : -1;
	return begins;
}

/* How many reads it would take to read each part in one stretch alone: 'first'
 * and those that follow it.  Counts up to SOME_READS. */
static int count_reads(const struct oq_neighbours *n,
		       const struct oq_part *first, struct oq_parts rest,
		       uint64_t stretch)
{
	struct oq_part part = *first;
	struct run run = { .end = UINT64_MAX };
	int nreads = 0;

	do {
		const struct oq_place *p =
			oq_places_find(n->places, part.chunk);
		size_t len;

		if (!p)
			continue;
		if (stretch_of(n, p) != stretch)
			break;
		if (oq_neighbours_direct(n, &part, &len))
			nreads += extend(&run, p->file_off + part.src_off, len);
		else
			nreads += !oq_cache_has(n->env->cache, n->filler,
						part.chunk);
	} while (nreads < SOME_READS && oq_parts_next(&rest, &part));
	return nreads;
}

/* The stretch of the chunks before a chunk's own; OQ_NO_STRETCH: it is the
 * first. */
static uint64_t stretch_before(const struct oq_neighbours *n,
			       const struct oq_place *p)
{
	uint64_t here = oq_stretch_of(p->file_off);

	for (unsigned i = 0; p > n->places->v && i < MAX_STEPS; i++)
		if (oq_stretch_of((--p)->file_off) != here)
			return oq_stretch_of(p->file_off);
	return OQ_NO_STRETCH;
}

/* Read ahead the stretches of the chunks after this one. */
static void want_next(const struct oq_neighbours *n, const struct oq_place *p)
{
	const struct oq_place *end = n->places->v + n->places->n;
	unsigned left = oq_stretches_depth(n->stretches);
	uint64_t last = oq_stretch_of(p->file_off);

	for (unsigned i = 0; left && ++p < end && i < MAX_STEPS; i++) {
		uint64_t s = stretch_of(n, p);

		if (s == last || s == OQ_NO_STRETCH)
			continue;
		oq_stretch_want(n->stretches, s);
		last = s;
		left--;
	}
}

void oq_neighbours_read(struct oq_neighbours *n, const struct oq_place *p,
			const struct oq_part *part, const struct oq_parts *rest,
			uint64_t *stretch)
{
	uint64_t s = stretch_of(n, p);

	if (s == *stretch)
		return;
	*stretch = s;
	if (s == OQ_NO_STRETCH || oq_stretch_is_there(n->stretches, s) ||
	    !oq_stretch_is_worth(n->stretches, &n->trail, s,
				 stretch_before(n, p),
				 count_reads(n, part, *rest, s)))
		return;
	want_next(n, p);
	oq_stretch_need(n->stretches, s);
}

static void prefetch(struct oq_neighbours *n, uint64_t chunk)
{
	if (chunk != NO_CHUNK)
		oq_cache_prefetch(n->env->cache, n->filler, chunk,
				  n->chunk_bytes);
}

/* Boxes that follow each other need one stretch after the other: when the first
 * box comes to one, have those after it read. */
static void follow_front(struct oq_neighbours *n, const struct oq_place *p,
			 uint64_t stretch)
{
	uint64_t front = stretch + 1;
	uint64_t before = atomic_exchange(&n->frontier, front);

	if (before > front &&
	    before - front <= oq_stretches_depth(n->stretches))
		atomic_store(&n->frontier, before); /* one that came late */
	else if (before && front - before - 1 < MAX_STRIDE)
		want_next(n, p);
}

void oq_neighbours_fetch(struct oq_neighbours *n, struct oq_parts parts)
{
	const struct oq_place *latest = NULL;
	uint64_t last = OQ_NO_STRETCH, held = NO_CHUNK;
	struct oq_part part;
	size_t len;

	while (oq_parts_next(&parts, &part)) {
		const struct oq_place *p =
			oq_places_find(n->places, part.chunk);
		uint64_t s = p ? stretch_of(n, p) : OQ_NO_STRETCH;

		if (!p)
			continue;
		if (s != OQ_NO_STRETCH && s == last) {
			oq_stretch_want(n->stretches, s);
			held = NO_CHUNK;
			continue;
		}
		prefetch(n, held);
		held = oq_neighbours_direct(n, &part, &len) ? NO_CHUNK
							    : part.chunk;
		last = s;
		latest = p;
	}
	prefetch(n, held);
	if (last != OQ_NO_STRETCH)
		follow_front(n, latest, last);
}

void oq_neighbours_ahead(struct oq_neighbours *n, struct oq_parts parts)
{
	uint64_t last = OQ_NO_STRETCH;
	struct oq_part part;
	size_t len;

	while (oq_parts_next(&parts, &part)) {
		const struct oq_place *p =
			oq_places_find(n->places, part.chunk);
		bool direct = oq_neighbours_direct(n, &part, &len);
		uint64_t s;

		if (!p || (direct && !n->is_far) ||
		    oq_cache_has(n->env->cache, n->filler, part.chunk))
			continue;
		s = stretch_of(n, p);
		if (s != last && s != OQ_NO_STRETCH)
			oq_stretch_want(n->stretches, s);
		last = s;
		if (!direct)
			prefetch(n, part.chunk);
	}
}
