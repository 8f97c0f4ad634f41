/* SPDX-License-Identifier: MIT */
/* status.h - how the mount is doing, as a short text for people
 *
 * What .oqfs/status holds.  The same goes to the log on SIGUSR1, for which a
 * thread waits: where the mount itself hangs, no file of it can be read.
 */
#ifndef OQFS_STATUS_H
#define OQFS_STATUS_H

#include <pthread.h>
#include <stdatomic.h>

#include "fs/tree/front.h"
#include "lib/base/buf.h"

void oqfs_status_put(struct oqfs_front *f, struct oq_buf *out);

/* I  set before the thread starts, never changed
 * A  atomic */
struct oqfs_status {
	struct oqfs_front *front; /* I */
	pthread_t thread;	  /* I */
	bool runs;		  /* I */
	atomic_bool over;	  /* A */
};

/* From now on no thread that is started by the caller gets SIGUSR1. */
void oqfs_status_block(void);
/* Best effort: without it the signal is ignored. */
void oqfs_status_start(struct oqfs_status *s, struct oqfs_front *f);
void oqfs_status_end(struct oqfs_status *s);

#endif
