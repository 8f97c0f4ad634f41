/* SPDX-License-Identifier: MIT */
/* mount.h - the life of a mount
 *
 *	check  ->  source, mount point, /dev/fuse, fusermount3
 *	mount  ->  the kernel knows us
 *	daemonise, then start what has threads
 *	serve  ->  until unmounted or told to end
 *	unmount, end the readers
 */
#ifndef OQFS_MOUNT_H
#define OQFS_MOUNT_H

#include "fs/base/opts.h"
#include "lib/base/err.h"

/* The whole life.  Returns 0, or a negative errno with one sentence for the
 * user. Makes the paths in 'o' absolute. */
int oqfs_mount(struct oqfs_opts *o, struct oq_err *err);

/* The version of the libfuse that is in use, as "3.14.0". */
const char *oqfs_mount_libfuse(void);

#endif
