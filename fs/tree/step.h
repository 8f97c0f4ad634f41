/* SPDX-License-Identifier: MIT */
/* step.h - from an entry of a group to what a file name of it stands for
 *
 * Any thread; may wait for a reader.
 */
#ifndef OQFS_STEP_H
#define OQFS_STEP_H

#include "fs/tree/front.h"

/* One file name of an entry of a group, and what oqfs_step_spec() needs. */
struct oqfs_step {
	const struct oqfs_node *dir;  /* the group that holds the entry */
	struct oqfs_generation *gen;  /* that the tree is of */
	struct oqfs_generation *base; /* that of the group: see virtual.h */
	const struct oqfs_tree *tree;
	size_t i;
	enum oq_view_kind view;
	const char *slice; /* "" if none */
	struct oqfs_cancel *cancel;
};
/* Fill in the spec of the node that the name stands for.  The text of a
 * symbolic link is only made when 'text' is not NULL.  Strings of '*is' point
 * into the tree, 'slice' and 'text'.  Returns 0 or a negative errno. */
int oqfs_step_spec(struct oqfs_front *f, const struct oqfs_step *s,
		   struct oq_buf *text, struct oqfs_spec *is);

#endif
