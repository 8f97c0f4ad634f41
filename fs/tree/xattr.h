/* SPDX-License-Identifier: MIT */
/* xattr.h - the extended attributes of a node
 *
 * Attributes of an object come from its reader and get "user." before their
 * names.  The front adds "user.oqfs.state" to a datastore, and
 * "user.oqfs.error" to what could not be read.  Links and plain files have
 * none of these.  All but links have the source's access list, if there is one,
 * for the kernel to check.  Any thread; may wait for a reader.
 */
#ifndef OQFS_XATTR_H
#define OQFS_XATTR_H

#include "fs/tree/front.h"

/* Linux has no longer value or list. */
#define OQFS_XATTR_MAX 65536

/* Append the names, each with its NUL; those that do not fit are left out.
 * Returns 0 or a negative errno. */
int oqfs_xattr_list(struct oqfs_front *f, struct oqfs_node *n,
		    struct oqfs_cancel *cancel, struct oq_buf *names,
		    struct oq_err *err);

/* Append the value of "user.NAME" or of the access list.  Returns 0; -ENODATA
 * (no such attribute), -E2BIG, or another negative errno. */
int oqfs_xattr_get(struct oqfs_front *f, struct oqfs_node *n, const char *name,
		   struct oqfs_cancel *cancel, struct oq_buf *value,
		   struct oq_err *err);

#endif
