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

/* Start one.  The calling thread (or the one that started the zygote) must
 * outlive the reader, which has the death of that thread as its own
 * (PR_SET_PDEATHSIG); the caller must reap it.  '*line'
 * (lifeline.h) is the caller's to close. */
int oqfs_launch_reader(const struct oqfs_spawn *s,
		       const struct oqfs_spawn_fds *fds, pid_t *pid, int *line,
		       struct oq_err *err);

#endif
