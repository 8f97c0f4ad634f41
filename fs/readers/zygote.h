/* SPDX-License-Identifier: MIT */
/* zygote.h - our end of the process that readers are forked from
 *
 * See lib/zygote.h.  It saves time, and nothing depends on it: where there is
 * none, or no more, readers are started one by one.
 */
#ifndef OQFS_ZYGOTE_H
#define OQFS_ZYGOTE_H

#include <pthread.h>

#include "fs/readers/spawn.h"

/* L under 'lock' */
struct oqfs_zygote {
	pthread_mutex_t lock;
	int sock;  /* L: -1: there is none */
	pid_t pid; /* L */
};

void oqfs_zygote_init(struct oqfs_zygote *n);
/* Readers have the death of the calling thread as their own. */
void oqfs_zygote_start(struct oqfs_zygote *n, const struct oqfs_spawn *s);
/* It ends; its readers stay. */
void oqfs_zygote_end(struct oqfs_zygote *n);

/* A reader, our child; its number, or a negative errno. */
pid_t oqfs_zygote_fork(struct oqfs_zygote *n, const struct oqfs_spawn_fds *fds);

#endif
