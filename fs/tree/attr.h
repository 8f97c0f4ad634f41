/* SPDX-License-Identifier: MIT */
/* attr.h - what stat(2) says of a node, and for how long
 *
 * Times, owner and mode come from the datastore file.  Any thread.
 */
#ifndef OQFS_ATTR_H
#define OQFS_ATTR_H

#include "fs/tree/front.h"

/* Fill '*st'.  Where the size of a view is not known yet it is measured, if
 * 'measure'; else, and where that fails for a reason that is then in '*err', it
 * is 0 and '*exact' false.  Returns 0 or a negative errno. */
int oqfs_attr(struct oqfs_front *f, struct oqfs_node *n, bool measure,
	      struct oqfs_cancel *cancel, struct stat *st, bool *exact,
	      struct oq_err *err);

/* For how many seconds the kernel may keep a node's name, and what it says.
 * An hour inside a finished datastore: when that changes, its files get other
 * nodes.  A second for the link to a parent, which another file's coming and
 * going decides on. */
double oqfs_attr_name_timeout(const struct oqfs_node *n);
double oqfs_attr_timeout(const struct oqfs_node *n);
/* The same for a name that is not in a directory. */
double oqfs_attr_missing_timeout(const struct oqfs_node *dir, const char *name);

#endif
