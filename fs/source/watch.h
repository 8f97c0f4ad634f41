/* SPDX-License-Identifier: MIT */
/* watch.h - learns of writes to the files that are open
 *
 * A file's times, size and number show nearly every change.  They do not show
 * the end of a write(2) that was under way when we looked, nor the second of
 * two changes within one tick of the clock.  The kernel (inotify) reports each
 * write when it is done.  Where it cannot (another machine writes on NFS, all
 * watches are in use), only times and size are left.
 *
 * Any thread may call anything here; the lock is a leaf.
 */
#ifndef OQFS_WATCH_H
#define OQFS_WATCH_H

#include <stdbool.h>

struct oqfs_watch;

/* A file that is watched; its owner has the memory.  All fields are under the
 * watch's lock. */
struct oqfs_watched {
	struct oqfs_watched *next, **link;
	int wd;	      /* the kernel's number, or < 0 as in watch.c */
	bool written; /* since it began */
};

/* NULL where there is no memory or no inotify; the other functions accept NULL.
 */
struct oqfs_watch *oqfs_watch_new(void);
void oqfs_watch_free(struct oqfs_watch *w);

/* Watch the file that 'fd' has open, until the end; 'fd' may be closed before
 * that. */
void oqfs_watch_begin(struct oqfs_watch *w, struct oqfs_watched *m, int fd);
void oqfs_watch_end(struct oqfs_watch *w, struct oqfs_watched *m);

/* Whether a write has ended since the watch began, or may have been missed.
 * Does not wait. */
bool oqfs_watch_saw(struct oqfs_watch *w, struct oqfs_watched *m);

#endif
