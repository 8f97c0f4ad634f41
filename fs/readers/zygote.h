/* SPDX-License-Identifier: MIT */
/* zygote.h - the front's end of the process that readers are forked from
 *
 * See lib/reader/zygote.h.  It only saves time: without it readers are executed
 * one by one.  Any thread.
 */
#ifndef OQFS_ZYGOTE_H
#define OQFS_ZYGOTE_H

#include <pthread.h>

#include "fs/readers/spawn.h"

/* L under 'lock' */
struct oqfs_zygote {
	pthread_mutex_t lock;
	int sock;  /* L: -1: there is no zygote */
	pid_t pid; /* L */
};

void oqfs_zygote_init(struct oqfs_zygote *n);
/* Start it, if that is possible.  Its readers are killed when the calling
 * thread ends. */
void oqfs_zygote_start(struct oqfs_zygote *n, const struct oqfs_spawn *s);
/* End it; its readers stay. */
void oqfs_zygote_end(struct oqfs_zygote *n);

/* Fork a reader, which is a child of ours.  Returns its process id or a
 * negative errno. */
pid_t oqfs_zygote_fork(struct oqfs_zygote *n, const struct oqfs_spawn_fds *fds);

#endif
