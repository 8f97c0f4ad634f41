/* SPDX-License-Identifier: MIT */
/* launch.h - a reader, forked from the zygote or spawned alone
 *
 * The zygote is the faster way and may be gone at any time; then a reader is
 * spawned (spawn.h).  Any thread.
 */
#ifndef OQFS_LAUNCH_H
#define OQFS_LAUNCH_H

#include <sys/types.h>

#include "fs/readers/spawn.h"
#include "lib/base/err.h"

/* Start a reader.  It is killed when the calling thread, or the thread that
 * started the zygote, ends (PR_SET_PDEATHSIG).  The caller must reap '*pid' and
 * close '*line' (lifeline.h).  Returns 0 or a negative errno. */
int oqfs_launch_reader(const struct oqfs_spawn *s,
		       const struct oqfs_spawn_fds *fds, pid_t *pid, int *line,
		       struct oq_err *err);

#endif
