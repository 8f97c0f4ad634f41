/* SPDX-License-Identifier: MIT */
/* reasons.h - why objects of a datastore could not be read, the last of each
 *
 * Who hears EIO asks for the reason afterwards, maybe when the reader that gave
 * it has died.  What failed is kept until the same can be read, or others have
 * taken its place.  Any thread.
 */
#ifndef OQFS_REASONS_H
#define OQFS_REASONS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/err.h"

/* What was tried: bytes [off, off + len) of something of an object, or to open
 * or to list it, where 'len' is 0. */
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

void oqfs_reasons_init(struct oqfs_reasons *r);
void oqfs_reasons_done(struct oqfs_reasons *r);

/* It came to this: 0 or a negative errno with the reason, which may be empty.
 * An attempt that was broken off, or found nothing there, says nothing. */
void oqfs_reasons_note(struct oqfs_reasons *r, const struct oqfs_attempt *a,
		       int status, const struct oq_err *why);

/* The last reason of an object; false where there is none. */
bool oqfs_reasons_get(struct oqfs_reasons *r, uint64_t object,
		      struct oq_err *why);

#endif
