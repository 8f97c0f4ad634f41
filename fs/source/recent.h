/* SPDX-License-Identifier: MIT */
/* recent.h - rights that were looked at a moment ago
 *
 * Where many requests in a row turn on the rights to one path: the kernel asks
 * for the access list of a shared mount's root on each path through it, for it
 * never keeps that one (its root is made before it hears that there are lists),
 * and for every list of attributes.  To look is an open, a stat, and the lists
 * of all directories above.  What the kernel keeps, it keeps for a second.
 *
 * Any thread; the lock is a leaf.
 */
#ifndef OQFS_RECENT_H
#define OQFS_RECENT_H

#include <pthread.h>
#include <stdint.h>

#include "fs/source/rights.h"
#include "fs/source/roots.h"

#define OQFS_RECENT_MS	  250
#define OQFS_RECENT_PATHS 8

/* L under 'lock' */
struct oqfs_recent {
	pthread_mutex_t lock;
	struct oqfs_recent_look {
		char *path; /* L: owned; NULL: none */
		int64_t at_ms;
		struct oqfs_rights rights;
	} looks[OQFS_RECENT_PATHS];
	unsigned next; /* L: that is replaced next */
};

void oqfs_recent_init(struct oqfs_recent *r);
void oqfs_recent_done(struct oqfs_recent *r);

/* The rights that oqfs_roots_look() tells, now or up to OQFS_RECENT_MS ago.
 * 'now_ms' is oqfs_now_ms().  Errors are those of now. */
int oqfs_recent_rights(struct oqfs_recent *r, const struct oqfs_roots *roots,
		       const char *path, int64_t now_ms,
		       struct oqfs_rights *may);

#endif
