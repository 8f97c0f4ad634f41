/* SPDX-License-Identifier: MIT */
/* stretch.h - aligned stretches of the file, each read at once
 *
 * Small chunks that lie near each other are not read one by one.  A stretch of
 * the file that holds many chunks that are wanted is read whole, and kept while
 * there is room.  The chunks may be of different datasets: columns that were
 * written in turns share their stretches.
 *
 * Stretches only save reads.  Bytes that are in no kept stretch, or that lie
 * beyond the end of the file, are read from the file itself, and so errors come
 * from there.  While a SWMR writer is at work there must be no stretches.
 *
 * Any thread may call anything here but oq_stretches_free().
 */
#ifndef OQ_STRETCH_H
#define OQ_STRETCH_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"
#include "lib/work/cache.h"

#define OQ_STRETCH_BYTES   ((uint64_t)1 << 20)
#define OQ_NO_STRETCH	   UINT64_MAX

/* Enough for the stretches in use and those that are read ahead. */
#define OQ_STRETCHES_BYTES ((size_t)16 << 20)

struct oq_stretches;

/* In which stretch a dataset was read last, and how often.  A hint only: a race
 * costs a read too few or too many, never a byte. */
struct oq_trail {
	atomic_uint_least64_t last; /* plus one; 0 before the first read */
	atomic_int nreads;
};

/* Stretches of the file 'fd', which is borrowed; 'far': each read of it is a
 * round trip.  They have a cache of their own, of 'bytes', since a stretch is
 * of little use once all of it was used; 'pool' as in oq_cache_new().  NULL: no
 * memory. */
struct oq_stretches *oq_stretches_new(int fd, bool far, size_t bytes,
				      struct oq_pool *pool);
/* Free them.  The pool is freed before. */
void oq_stretches_free(struct oq_stretches *s);

/* Whether stretches are worth reading at all: the cache has room for several,
 * and none took long to read so far. */
bool oq_stretches_fit(struct oq_stretches *s);

/* The number of the stretch that the byte at 'off' is in. */
static inline uint64_t oq_stretch_of(uint64_t off)
{
	return off / OQ_STRETCH_BYTES;
}

/* How many following stretches to read ahead: up to eight in a far file. */
unsigned oq_stretches_depth(const struct oq_stretches *s);

/* Note that 'n' reads are needed in stretch 'number', and return whether to
 * read it whole instead.  It is, after enough reads in it; and at once if
 * 'before' (or OQ_NO_STRETCH) was the last stretch read, since then the file is
 * being read from front to back. */
bool oq_stretch_is_worth(const struct oq_stretches *s, struct oq_trail *t,
			 uint64_t number, uint64_t before, int n);

/* Have a stretch read in the background. */
void oq_stretch_want(struct oq_stretches *s, uint64_t number);
/* Have a stretch read now, or wait for the thread that is reading it. */
void oq_stretch_need(struct oq_stretches *s, uint64_t number);

/* Copy a stretch, and have those around it read meanwhile, as many as the link
 * takes at once: of what is read all over the file, nobody knows where the next
 * piece lies.  'out' has room for OQ_STRETCH_BYTES.  Returns how many bytes it
 * has, 0 where it cannot be had. */
size_t oq_stretch_spread(struct oq_stretches *s, void *out, uint64_t number);

/* Whether a stretch is kept or being read. */
bool oq_stretch_is_there(struct oq_stretches *s, uint64_t number);

/* As oq_fetch(), taking what it can from stretches that are kept or being read.
 * 's' may be NULL. */
int oq_stretch_fetch(struct oq_stretches *s, int fd, void *out, size_t n,
		     uint64_t off, struct oq_err *err);

/* The same, noting in 't' where was read: reads that follow each other come
 * from stretches that are read ahead. */
int oq_stretch_follow(struct oq_stretches *s, struct oq_trail *t, int fd,
		      void *out, size_t n, uint64_t off, struct oq_err *err);

#endif
