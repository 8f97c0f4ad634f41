/* SPDX-License-Identifier: MIT */
/* look.h - look at a process: time, memory, and what its threads do
 *
 * Nothing that a process says of itself: the kernel tells.  A child of ours
 * that was not reaped yet keeps its number.  Any thread; it does not block.
 */
#ifndef OQFS_LOOK_H
#define OQFS_LOOK_H

#include <sys/types.h>

#include "fs/readers/judge.h"

/* Now.  What it does is unknown where /proc is not there or hides others'
 * processes; the time is known in either case. */
struct oqfs_look oqfs_look_at(pid_t pid);

/* Take one thread's line of /proc/PID/task/TID/stat into account.  The name of
 * the process, in parentheses, may hold anything. */
void oqfs_look_add(struct oqfs_look *l, const char *line);

#endif
