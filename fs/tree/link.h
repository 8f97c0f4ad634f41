/* SPDX-License-Identifier: MIT */
/* link.h - where the links of a datastore lead, as text of symbolic links
 *
 * A soft link is made relative, and each of its components takes the file
 * name that its object has (its view's suffix, a "~N"), as far as it can be
 * followed; what cannot is escaped as it stands.  An external link leads to
 * where that file would be in the same mount.  What lies outside of that, and
 * what nobody can know, gets a text that dangles.
 */
#ifndef OQFS_LINK_H
#define OQFS_LINK_H

#include "fs/tree/front.h"

/* One name of an entry that is a symbolic link. */
struct oqfs_link {
	const struct oqfs_node *dir; /* the group that holds it */
	struct oqfs_generation *gen;
	const struct oq_entry *entry;
	enum oq_view_kind view;
	const char *slice; /* "" if none */
	struct oqfs_cancel *cancel;
};

/* Append the text; at most PATH_MAX - 1 bytes, never none.  0 or -ENOMEM. */
int oqfs_link_text(struct oqfs_front *f, const struct oqfs_link *l,
		   struct oq_buf *text);

/* "..", "../..": the text of a link to the group so many steps up. */
void oqfs_link_up(unsigned steps, struct oq_buf *text);

#endif
