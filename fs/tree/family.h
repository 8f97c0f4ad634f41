/* SPDX-License-Identifier: MIT */
/* family.h - what one file name may stand for, without a group's listing
 *
 * A listing opens all that a group holds: too much for one name where there
 * are a million, or where each read is a round trip.  The links that a name
 * may come from are few, and so are those whose names those might clash with:
 *
 *	gmf_data.csv    gmf_data.csv   gmf_data            the name taken apart
 *	                gmf_data.bin   gmf_data.npy ...    who may clash
 *
 * Their entries are asked for by name, and make a tree in which the file name
 * is found as in the whole one.  Where that is not certain, and wherever
 * nothing is found, the listing has to tell: a damaged group may list links
 * that are not found by name.
 */
#ifndef OQFS_FAMILY_H
#define OQFS_FAMILY_H

#include "fs/readers/super.h"
#include "fs/tree/tree.h"
#include "lib/base/buf.h"

/* Append the links that a file name may come from, and those that they might
 * clash with, each with a NUL; the views of those that there are, a reader
 * adds (OQ_OP_FAMILY).  Returns 0, -ENOMEM, or -EAGAIN where only the listing
 * can tell: of names that were cut, that have very many forms, or that are
 * ours in a datastore's root ('is_root').  Pure. */
int oqfs_family_links(const char *name, bool is_root, struct oq_buf *links);

/* The tree of those entries of the group 'object', to be freed; what is found
 * in it is what the listing has.  '*nlinks', which may be NULL, is how many
 * links the group has.  Returns 0, -EINTR, or -EAGAIN: see the listing. */
int oqfs_family_get(struct oqfs_store *store, uint64_t object, const char *name,
		    struct oqfs_cancel *cancel, struct oqfs_tree **out,
		    uint64_t *nlinks);

#endif
