/* SPDX-License-Identifier: MIT */
/* backing.h - files that the kernel reads by itself
 *
 * A file of the source that is shown as it is need not come through us: the
 * kernel is given the open descriptor and reads from that, as from the file
 * itself (FUSE passthrough: Linux 6.9, libfuse 3.17).  Who may not administer
 * the machine (CAP_SYS_ADMIN) may not ask for it.
 *
 * All handles of a node that are open at the same time are read in one way: the
 * kernel fails an open that differs, or names another file, with EIO.  So the
 * first one decides, and those that come while it is open follow.
 *
 * Any thread; the front's lock of handles is a leaf.
 */
#ifndef OQFS_BACKING_H
#define OQFS_BACKING_H

#include <fuse_lowlevel.h>
#include <stdbool.h>

#include "fs/tree/front.h"

/* At the session's start: ask the kernel, unless the options forbid it. */
void oqfs_backing_ask(struct oqfs_front *f, struct fuse_conn_info *conn);

/* A handle of the PLAIN node 'n' is opened, with 'fi->flags', on its file 'fd'.
 * True where the kernel will read it by itself, as is then said in '*fi'.  Each
 * is to be ended, once. */
bool oqfs_backing_begin(struct oqfs_front *f, struct oqfs_node *n, int fd,
			struct fuse_file_info *fi);
void oqfs_backing_end(struct oqfs_front *f, struct oqfs_node *n);

#endif
