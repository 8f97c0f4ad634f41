/* SPDX-License-Identifier: MIT */
/* nursery.h - our end of the process that readers are forked from
 *
 * See lib/nursery.h.  It saves time, and nothing depends on it: where there is
 * none, or no more, readers are started one by one.
 */
#ifndef OQFS_NURSERY_H
#define OQFS_NURSERY_H

#include <pthread.h>

#include "fs/readers/spawn.h"

/* L under 'lock' */
struct oqfs_nursery {
	pthread_mutex_t lock;
	int sock;  /* L: -1: there is none */
	pid_t pid; /* L */
};

void oqfs_nursery_init(struct oqfs_nursery *n);
/* Readers have the death of the calling thread as their own. */
void oqfs_nursery_start(struct oqfs_nursery *n, const struct oqfs_spawn *s);
/* It ends; its readers stay. */
void oqfs_nursery_end(struct oqfs_nursery *n);

/* A reader, our child; its number, or a negative errno. */
pid_t oqfs_nursery_fork(struct oqfs_nursery *n,
			const struct oqfs_spawn_fds *fds);

#endif
