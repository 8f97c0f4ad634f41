/* SPDX-License-Identifier: MIT */
/* look.h - look at a process: time, memory, and what its threads do
 *
 * The kernel is asked, not the process.  The process must be a child of ours
 * that was not reaped, since only then its number is still its own.  Any
 * thread; does not block.
 */
#ifndef OQFS_LOOK_H
#define OQFS_LOOK_H

#include <sys/types.h>

#include "fs/readers/judge.h"

/* Look at a process now.  Its activity is OQFS_ACTIVITY_UNKNOWN where there is
 * no /proc, or where /proc hides it; its processor time is known in any case.
 */
struct oqfs_look oqfs_look_at(pid_t pid);

/* Add what one thread does, from its line of /proc/PID/task/TID/stat.  The name
 * in parentheses is the process's own choice and may hold anything. */
void oqfs_look_add(struct oqfs_look *l, const char *line);

#endif
