/* SPDX-License-Identifier: MIT */
/* watch.h - hears of writes to the files that are open
 *
 * A file's times, size and number tell nearly every change, but not that a
 * write(2) ended which was under way when we looked, nor the second of two
 * changes within one tick of the clock.  The kernel (inotify) tells of each
 * write once it is done.  Where it cannot (another machine's write on NFS, no
 * more watches to be had), looking has to do.
 *
 * Any thread may call anything here; the lock is a leaf.
 */
#ifndef OQFS_WATCH_H
#define OQFS_WATCH_H

#include <stdbool.h>

struct oqfs_watch;

/* A file that is watched, part of its owner's; all under the watch's lock. */
struct oqfs_watched {
	struct oqfs_watched *next, **link;
	int wd; /* the kernel's number, or one of those in watch.c */
	bool written;
};

/* NULL where the kernel has no inotify to give; the others accept that. */
struct oqfs_watch *oqfs_watch_new(void);
void oqfs_watch_free(struct oqfs_watch *w);

/* From now on until the end; 'fd' may be closed sooner. */
void oqfs_watch_begin(struct oqfs_watch *w, struct oqfs_watched *m, int fd);
void oqfs_watch_end(struct oqfs_watch *w, struct oqfs_watched *m);

/* Has a write ended, or was one missed, since it began?  Does not wait. */
bool oqfs_watch_saw(struct oqfs_watch *w, struct oqfs_watched *m);

#endif
