/* SPDX-License-Identifier: MIT */
/* status.h - how the mount is doing, as a short text for people
 *
 * The text is the file .oqfs/status.  On SIGUSR1 a thread writes the same text
 * to the log, since a mount that hangs does not show its files.
 */
#ifndef OQFS_STATUS_H
#define OQFS_STATUS_H

#include <pthread.h>
#include <stdatomic.h>

#include "fs/tree/front.h"
#include "lib/base/buf.h"

/* Append the text.  Any thread. */
void oqfs_status_put(struct oqfs_front *f, struct oq_buf *out);

/* I  set before the thread starts, never changed
 * A  atomic */
struct oqfs_status {
	struct oqfs_front *front; /* I */
	pthread_t thread;	  /* I */
	bool runs;		  /* I */
	atomic_bool over;	  /* A */
};

/* Block SIGUSR1 in the calling thread and all that it starts from now on. */
void oqfs_status_block(void);
/* Start and end the thread.  If it does not start, the signal does nothing. */
void oqfs_status_start(struct oqfs_status *s, struct oqfs_front *f);
void oqfs_status_end(struct oqfs_status *s);

#endif
