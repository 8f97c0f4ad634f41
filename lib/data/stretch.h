/* SPDX-License-Identifier: MIT */
/* stretch.h - aligned stretches of the file, each read at once
 *
 * Small chunks that lie near each other are not read one by one: a stretch of
 * the file that holds many of those that are wanted is read whole and kept for
 * as long as there is room.  Whose chunks they are does not
 * matter: columns that were written in turns share their stretches.
 *
 * A stretch is a kindness.  What is not in one that is there, or lies beyond
 * the end of the file, is read from the file itself, and so are errors.  With
 * a writer at work who lets others read there must be none.
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

/* So much is enough for those that are read ahead and those that are used. */
#define OQ_STRETCHES_BYTES ((size_t)16 << 20)

struct oq_stretches;

/* Where somebody reads: in which stretch last, and how often. A hint only: a
 * race costs a read too few or too many, never a byte. */
struct oq_trail {
	atomic_uint_least64_t last; /* plus one; 0 before the first read */
	atomic_int nreads;
};

/* Of a file, which is borrowed; 'far' where each read of it is a round trip.
 * They are in a cache of their own of so many bytes, since they are of little
 * use once they were gone through; 'pool' as there.  NULL for no memory. */
struct oq_stretches *oq_stretches_new(int fd, bool far, size_t bytes,
				      struct oq_pool *pool);
/* The pool is freed before. */
void oq_stretches_free(struct oq_stretches *s);

/* Whether the cache has room to keep several, and none took long to read; else
 * none is read. */
bool oq_stretches_fit(struct oq_stretches *s);

/* The number of the stretch that the byte at 'off' is in. */
static inline uint64_t oq_stretch_of(uint64_t off)
{
	return off / OQ_STRETCH_BYTES;
}

/* How many of what follows are to be read ahead: up to eight of a far file. */
unsigned oq_stretches_depth(const struct oq_stretches *s);

/* Note that 'n' reads of a stretch would be needed. Whether it is worth reading
 * whole: for enough reads, with those before; for any where the stretch
 * 'before' (or OQ_NO_STRETCH) was the last one, so that one goes from front to
 * back. */
bool oq_stretch_is_worth(const struct oq_stretches *s, struct oq_trail *t,
			 uint64_t number, uint64_t before, int n);

/* Have a stretch read in the background. */
void oq_stretch_want(struct oq_stretches *s, uint64_t number);
/* Have it read now, here or by who is at it. */
void oq_stretch_need(struct oq_stretches *s, uint64_t number);

/* Is it there, or on its way? */
bool oq_stretch_is_there(struct oq_stretches *s, uint64_t number);

/* As oq_fetch(), out of the stretches that are there or on their way. 's' may
 * be NULL. */
int oq_stretch_fetch(struct oq_stretches *s, int fd, void *out, size_t n,
		     uint64_t off, struct oq_err *err);

/* The same for who reads on from where he read last: then by stretches that
 * are read ahead. */
int oq_stretch_follow(struct oq_stretches *s, struct oq_trail *t, int fd,
		      void *out, size_t n, uint64_t off, struct oq_err *err);

#endif
