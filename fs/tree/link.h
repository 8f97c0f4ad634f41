/* SPDX-License-Identifier: MIT */
/* link.h - where the links of a datastore lead, as text of symbolic links
 *
 * A soft link becomes a relative path.  Each component becomes the file name
 * that its object has (with a view's suffix, a "~N"); from the first component
 * that is not found on, they are escaped as they are.  An external link leads
 * to the place that its file has in the same mount.  A link to a file outside,
 * or of a kind that only a program knows, gets a text that leads nowhere.  Any
 * thread; may wait for a reader.
 */
#ifndef OQFS_LINK_H
#define OQFS_LINK_H

#include "fs/tree/front.h"
#include "fs/tree/leadset.h"

/* One name of an entry that is a symbolic link. */
struct oqfs_link {
	const struct oqfs_node *dir; /* the group that holds it */
	struct oqfs_generation *gen;
	const struct oq_entry *entry;
	enum oq_view_kind view;
	const char *slice;	    /* "" if none */
	struct oqfs_cancel *cancel; /* may be NULL */
};

/* Append the text, from 1 to PATH_MAX - 1 bytes, to an empty buffer.  'lead' is
 * what is known of where an external link leads.  Returns 0, -ENOMEM, or
 * -EINVAL for a hard link. */
int oqfs_link_text(struct oqfs_front *f, const struct oqfs_link *l,
		   const struct oqfs_lead *lead, struct oq_buf *text);

/* The next component of an HDF5 path, from '*p' on: empty ones and "." mean
 * nothing there, and ".." is a name like any other.  False at its end. */
bool oqfs_link_next(const char **p, const char *end, const char **c, size_t *n);

/* Append "..", "../..": the text of a link to the group so many steps up; "."
 * for 0. */
void oqfs_link_up(unsigned steps, struct oq_buf *text);

#endif
