/* SPDX-License-Identifier: MIT */
/* lifeline.h - a descriptor that tells of a child's end
 *
 * A pidfd where the kernel has them.  Before Linux 5.3, or in a container that
 * does not let them through, it is the reading end of a pipe whose other end a
 * thread holds that waits for the child.
 */
#ifndef OQFS_LIFELINE_H
#define OQFS_LIFELINE_H

#include <sys/types.h>

/* Returns a descriptor for poll(2), which reports events once the child has
 * ended; or a negative errno.  Nothing else can be done with it, and the child
 * is not reaped.  The caller may close it at any time.  Any thread. */
int oqfs_lifeline_open(pid_t child);

/* The way without pidfds, on any kernel. */
int oqfs_lifeline_open_old(pid_t child);

#endif
