/* SPDX-License-Identifier: MIT */
/* ops.h - the FUSE callbacks
 *
 * Decode, ask, reply.  Each runs on a thread of libfuse and may wait for a
 * reader; an interrupted system call ends the wait.
 */
#ifndef OQFS_OPS_H
#define OQFS_OPS_H

#include <fuse_lowlevel.h>

/* The userdata of the session is a 'struct oqfs_front *'. */
const struct fuse_lowlevel_ops *oqfs_ops(void);

#endif
