/* SPDX-License-Identifier: MIT */
/* attr.h - what stat(2) says of a node, and for how long
 *
 * Times, owner and mode come from the datastore file.  Any thread.
 */
#ifndef OQFS_ATTR_H
#define OQFS_ATTR_H

#include "fs/tree/front.h"

/* Fill '*st'.  If the size of a view is not known yet, 'measure' has the reader
 * asked for it.  Without 'measure', or where the view cannot be read (the
 * reason is then in '*err'), the size is 0 and '*exact' false.  Returns 0 or a
 * negative errno: -ESTALE where the datastore was replaced. */
int oqfs_attr(struct oqfs_front *f, struct oqfs_node *n, bool measure,
	      struct oqfs_cancel *cancel, struct stat *st, bool *exact,
	      struct oq_err *err);

/* For how many seconds the kernel may keep a node's name, and its attributes:
 * an hour inside a finished datastore, whose files get other nodes when it
 * changes; else a second.  Also a second for what depends on another file that
 * comes and goes, as the link to a parent. */
double oqfs_attr_name_timeout(const struct oqfs_node *n);
double oqfs_attr_timeout(const struct oqfs_node *n);
/* The same for the answer that a directory does not have a name; 0: not kept.
 */
double oqfs_attr_missing_timeout(const struct oqfs_node *dir, const char *name);

#endif
