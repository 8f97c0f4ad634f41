/* SPDX-License-Identifier: MIT */
/* xattr.h - the extended attributes of a node
 *
 * Those of the object, from the reader, with "user." before their names; and
 * of a datastore our own "user.oqfs.state" and "user.oqfs.error".  Links and
 * files that pass through have none.  And of all but links the source's access
 * list, if it has one, for the kernel to check.  Any thread.
 */
#ifndef OQFS_XATTR_H
#define OQFS_XATTR_H

#include "fs/tree/front.h"

/* A longer value or list cannot be had on Linux. */
#define OQFS_XATTR_MAX 65536

/* The names, each with its NUL; those that do not fit are left out. */
int oqfs_xattr_list(struct oqfs_front *f, struct oqfs_node *n,
		    struct oqfs_cancel *cancel, struct oq_buf *names,
		    struct oq_err *err);

/* The value of "user.NAME" or of the access list.  Returns 0, -ENODATA,
 * -E2BIG, ... */
int oqfs_xattr_get(struct oqfs_front *f, struct oqfs_node *n, const char *name,
		   struct oqfs_cancel *cancel, struct oq_buf *value,
		   struct oq_err *err);

#endif
