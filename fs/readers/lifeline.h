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

/* For poll(2): it has events once the child has ended, and none before; nothing
 * else can be done with it.  The child is not reaped.  The caller closes it, at
 * any time.  Returns it or a negative errno.  Any thread. */
int oqfs_lifeline_open(pid_t child);

/* The one without pidfds, wherever we are. */
int oqfs_lifeline_open_old(pid_t child);

#endif
