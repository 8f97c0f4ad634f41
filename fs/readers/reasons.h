/* SPDX-License-Identifier: MIT */
/* reasons.h - why objects of a datastore could not be read, the last of each
 *
 * A program that gets EIO asks for the reason afterwards (user.oqfs.error),
 * when the reader that gave it may be dead.  So each failure is kept until the
 * same bytes can be read, or 256 later ones have displaced it.  Any thread.
 */
#ifndef OQFS_REASONS_H
#define OQFS_REASONS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"

/* What was tried: to read the bytes [off, off + len) of a view of an object;
 * or, where 'len' is 0, to open the view or to list the object. */
struct oqfs_attempt {
	uint64_t object;
	uint64_t what; /* tells views, parts and slices of an object apart */
	uint64_t off, len;
};

/* L under 'lock'; A atomic */
struct oqfs_reasons {
	pthread_mutex_t lock;
	atomic_size_t n;	     /* A: how many there are */
	struct oqfs_reason *reasons; /* L: owned, the latest last */
};

/* Make an empty one; free what it holds. */
void oqfs_reasons_init(struct oqfs_reasons *r);
void oqfs_reasons_done(struct oqfs_reasons *r);

/* Note how an attempt ended: 0, which clears the reason, or a negative errno
 * with the reason, which may be empty.  Errors that say nothing of the object
 * (cancelled, stale, no such name, not allowed) change nothing. */
void oqfs_reasons_note(struct oqfs_reasons *r, const struct oqfs_attempt *a,
		       int status, const struct oq_err *why);

/* The last reason of an object; false where there is none. */
bool oqfs_reasons_get(struct oqfs_reasons *r, uint64_t object,
		      struct oq_err *why);

#endif
