/* SPDX-License-Identifier: MIT */
/* walk.h - from a directory and a name to a node
 *
 * The one place that decides what a name means.  Any thread; may wait for a
 * reader.
 */
#ifndef OQFS_WALK_H
#define OQFS_WALK_H

#include "fs/tree/front.h"

/* The node with this name in 'dir'; the caller puts it.  Returns 0 or, with
 * '*out' NULL as it was before, -ENOENT, -ENAMETOOLONG, -ENOTDIR, -ESTALE,
 * -ENOMEM, or the errno of the reader. */
int oqfs_walk(struct oqfs_front *f, struct oqfs_node *dir, const char *name,
	      struct oqfs_cancel *cancel, struct oqfs_node **out,
	      struct oq_err *err);

/* Fill in the spec of an entry of a source directory, without the text of a
 * link and without the generation of a datastore.  Pure. */
void oqfs_walk_source(const struct oqfs_source *s, struct oqfs_spec *is);

/* For the root of a mount of one file: look whether the file was replaced, and
 * if so give the root a new generation.  Returns 0, -ESTALE where the file is
 * gone, or another negative errno. */
int oqfs_walk_refresh(struct oqfs_front *f, struct oqfs_node *root);

#endif
