/* SPDX-License-Identifier: MIT */
/* backing.h - files that the kernel reads by itself
 *
 * Some files of the source are shown as they are.  We can give the kernel the
 * open descriptor of such a file; it then reads the file without asking us
 * (FUSE passthrough: Linux 6.9, libfuse 3.17).  The kernel allows this only to
 * processes with CAP_SYS_ADMIN.
 *
 * All open handles of a node must be read in the same way: the kernel fails an
 * open that differs from those before, or names another file, with EIO.  So the
 * first handle decides, and those that are opened while it is open follow.
 *
 * Any thread; the front's lock of handles is a leaf.
 */
#ifndef OQFS_BACKING_H
#define OQFS_BACKING_H

#include <fuse_lowlevel.h>
#include <stdbool.h>

#include "fs/tree/front.h"

/* Called at the session's start: ask the kernel for passthrough, unless the
 * options forbid it. */
void oqfs_backing_ask(struct oqfs_front *f, struct fuse_conn_info *conn);

/* Called when a handle of the PLAIN node 'n' is opened on the file 'fd', with
 * 'fi->flags'.  True if the kernel will read the file by itself; '*fi' then
 * says so.  The caller calls oqfs_backing_end() once when the handle is closed,
 * also after false. */
bool oqfs_backing_begin(struct oqfs_front *f, struct oqfs_node *n, int fd,
			struct fuse_file_info *fi);
void oqfs_backing_end(struct oqfs_front *f, struct oqfs_node *n);

#endif
