/* SPDX-License-Identifier: MIT */
/* walk.h - from a directory and a name to a node
 *
 * The one place that decides what a name means.  Any thread; may wait for a
 * reader.
 */
#ifndef OQFS_WALK_H
#define OQFS_WALK_H

#include "fs/tree/front.h"

/* The node with this name, held.  Returns 0 or a negative errno: -ENOENT,
 * -ENOTDIR, -ESTALE, or what the reader gave. */
int oqfs_walk(struct oqfs_front *f, struct oqfs_node *dir, const char *name,
	      struct oqfs_cancel *cancel, struct oqfs_node **out,
	      struct oq_err *err);

/* What a name of an entry is: everything but the text of a link, which is
 * only asked for when 'text' is not NULL.  Strings point into the entry's
 * tree, 'slice' and 'text'. */
struct oqfs_step {
	const struct oqfs_node *dir; /* the group that holds the entry */
	struct oqfs_generation *gen;
	const struct oqfs_tree *tree;
	size_t i;
	enum oq_view_kind view;
	const char *slice; /* "" if none */
	struct oqfs_cancel *cancel;
};
int oqfs_walk_step(struct oqfs_front *f, const struct oqfs_step *s,
		   struct oq_buf *text, struct oqfs_spec *is);

/* What an entry of a source directory is, but for the text of a link; of a
 * datastore also without its generation. */
void oqfs_walk_source(const struct oqfs_source *s, struct oqfs_spec *is);

/* How many files a csv of 'rows' rows is in parts of 'part_rows', the last of
 * which may be shorter; 0 where it is one file ('part_rows' is 0).  Pure. */
uint64_t oqfs_walk_parts(uint64_t rows, uint64_t part_rows);

/* Name and number of part 'i' of a csv; false past the last. */
bool oqfs_walk_part(const struct oqfs_node *parts, uint64_t i,
		    char name[OQ_NAME_MAX + 1], struct oqfs_spec *is);

/* Where the mount is of one file: see whether that is still the same one. */
int oqfs_walk_refresh(struct oqfs_front *f, struct oqfs_node *root);

#endif
