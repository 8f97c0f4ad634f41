/* SPDX-License-Identifier: MIT */
/* nodepath.h - the path of a node: in the source, its datastore, the log
 *
 * These functions follow the parents of a node, which never change: any thread.
 */
#ifndef OQFS_NODEPATH_H
#define OQFS_NODEPATH_H

#include "fs/tree/node.h"

/* The path of a DIR or PLAIN below the source.  0 or -ENAMETOOLONG. */
int oqfs_nodepath_path(const struct oqfs_node *n, char path[PATH_MAX]);

/* The path below the source of the file or directory that a node shows or lies
 * in.  0, -ENAMETOOLONG, or -ENOENT where the node exists only in the mount. */
int oqfs_nodepath_source(struct oqfs_nodes *t, const struct oqfs_node *n,
			 char path[PATH_MAX]);

/* How many steps a group is below its datastore's root; 0 for the root. */
unsigned oqfs_nodepath_depth(const struct oqfs_node *group);

/* How many steps up from 'group' the group 'object' is (0: 'group' itself); -1
 * where it is not above. */
int oqfs_nodepath_above(const struct oqfs_node *group, uint64_t object);

#define OQFS_LABEL_BYTES 1024

/* The name of a node in the log: "calc_42.hdf5: /hcurves/mean"; control
 * characters are replaced, and a long name is cut. */
void oqfs_nodepath_label(struct oqfs_nodes *t, const struct oqfs_node *n,
			 char out[OQFS_LABEL_BYTES]);

#endif
