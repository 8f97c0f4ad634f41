/* SPDX-License-Identifier: MIT */
/* family.h - finds one file name without the listing of its group
 *
 * A listing opens every object of a group.  That is too much for one name if
 * there are a million of them, or if each read is a round trip.  Only a few
 * links may have given a file its name, and only a few others may clash with
 * those:
 *
 *	gmf_data.csv    gmf_data.csv   gmf_data            the name taken apart
 *	                gmf_data.bin   gmf_data.npy ...    who may clash
 *
 * We ask a reader for the entries of these links by name, and make a small tree
 * of them.  Finding the file name in this tree gives what the whole listing
 * would give.  The caller reads the listing if it is not certain that it would,
 * and if the name is not in the tree: a damaged group may list links that are
 * not found by name.
 */
#ifndef OQFS_FAMILY_H
#define OQFS_FAMILY_H

#include "fs/readers/super.h"
#include "fs/tree/tree.h"
#include "lib/base/buf.h"

/* Append the names of the links that may have given a file its name, and of
 * those that may clash with them, each with a NUL behind it.  (The reader adds
 * the links that clash with views of these: OQ_OP_FAMILY.)  Returns 0, -ENOMEM,
 * or -EAGAIN if only the listing can tell: the name was cut, it can be taken
 * apart in too many ways, or it is one of our own in a datastore's root
 * ('is_root').  Pure. */
int oqfs_family_links(const char *name, bool is_root, struct oq_buf *links);

/* Make the small tree for a file name in group 'object'.  The caller frees it
 * with oqfs_tree_free().  '*nlinks' (may be NULL) is set to the number of links
 * in the group.  Returns 0, -EINTR, or -EAGAIN, also after an error of the
 * reader: the caller then reads the listing.  Waits for a reader. */
int oqfs_family_get(struct oqfs_store *store, uint64_t object, const char *name,
		    struct oqfs_cancel *cancel, struct oqfs_tree **out,
		    uint64_t *nlinks);

#endif
