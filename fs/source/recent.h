/* SPDX-License-Identifier: MIT */
/* recent.h - keeps the rights to a path for a moment
 *
 * Many requests in a row may depend on the rights to one path.  The kernel does
 * not keep the access list of a shared mount's root (seen with Linux 6.18,
 * while it keeps those of the directories below), so it asks us for it on each
 * path through the root, and we check the rights for every list of attributes.
 * A look costs an open, a stat, and the access lists of all directories above.
 * A quarter of a second is less than the second for which the kernel keeps its
 * own answers.
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

/* The rights that oqfs_roots_look() tells, or told at most OQFS_RECENT_MS ago.
 * 'now_ms' is oqfs_now_ms().  Returns as oqfs_roots_look(); errors are not
 * kept. */
int oqfs_recent_rights(struct oqfs_recent *r, const struct oqfs_roots *roots,
		       const char *path, int64_t now_ms,
		       struct oqfs_rights *may);

#endif
