/* SPDX-License-Identifier: MIT */
/* nodepath.h - the path of a node: in the source, its datastore, the log
 *
 * All of it follows the parents up, which never change: any thread.
 */
#ifndef OQFS_NODEPATH_H
#define OQFS_NODEPATH_H

#include "fs/tree/node.h"

/* The path of a DIR or PLAIN below the source.  0 or -ENAMETOOLONG. */
int oqfs_nodepath_path(const struct oqfs_node *n, char path[PATH_MAX]);

/* The path below the source of the file, or directory, that a node shows or is
 * inside of.  The same, or -ENOENT: it is only in the mount. */
int oqfs_nodepath_source(struct oqfs_nodes *t, const struct oqfs_node *n,
			 char path[PATH_MAX]);

/* How many groups lie between a group and its datastore's root; 0 for that. */
unsigned oqfs_nodepath_depth(const struct oqfs_node *group);

/* How many steps up from 'group' (0: itself) the group 'object' is, or -1
 * where it is none of those above. */
int oqfs_nodepath_above(const struct oqfs_node *group, uint64_t object);

#define OQFS_LABEL_BYTES 1024

/* What to call a node in the log: "calc_42.hdf5: /hcurves/mean"; control
 * characters replaced, cut to fit. */
void oqfs_nodepath_label(struct oqfs_nodes *t, const struct oqfs_node *n,
			 char out[OQFS_LABEL_BYTES]);

#endif
