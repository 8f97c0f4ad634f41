/* SPDX-License-Identifier: MIT */
/* tree.h - the file names of a group's entries
 *
 * A tree is made from the entries that a reader lists; after that it asks
 * nobody.  An entry has a *name* for each view that it can be opened as.  The
 * bare name is that of the view OQ_VIEW_FILE: of a group, of a stored file, of
 * a link that leads to no dataset.
 *
 *	group "gmf_data"     gmf_data  (gmf_data.csv ... where it is a table)
 *	dataset "lon"        lon.bin  lon.csv  lon.npy  lon.meta.json
 *	soft link to it      the same names, as symbolic links
 *
 * Two entries clash when they would share a name.  One of these is a bare name
 * that ends as a view does: a group "lon.csv" beside the dataset "lon".  Of the
 * two the entry with a bare name keeps it; between two bare ones, that with the
 * lesser link name.  The other gets "~N" behind its link's name in all its
 * names, with the smallest N from 1 that clashes with nothing.
 *
 * Finding a name takes O(log n) and no table of names: the name is taken apart
 * into link name, slice and suffix, and the link is looked up.  A tree never
 * changes; any number of threads may look.
 */
#ifndef OQFS_TREE_H
#define OQFS_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fs/tree/entry.h"
#include "lib/base/buf.h"
#include "lib/base/name.h"
#include "lib/ipc/wire.h"

struct oqfs_tree;

/* Take over 'bytes' (entries one behind the other, from a reader), also on
 * failure.  Returns 0, -EPROTO or -ENOMEM. */
int oqfs_tree_new(struct oq_buf *bytes, struct oqfs_tree **out);
/* The same for the root of a datastore.  In a calculation of the engine (it has
 * parameters) the name "export" is reserved: an entry of that name gets a
 * "~N". */
int oqfs_tree_new_root(struct oq_buf *bytes, struct oqfs_tree **out);
/* Whether that name is reserved. */
bool oqfs_tree_has_export(const struct oqfs_tree *t);
#define OQFS_EXPORT "export"
void oqfs_tree_free(struct oqfs_tree *t);

size_t oqfs_tree_count(const struct oqfs_tree *t);
/* How much memory it takes. */
size_t oqfs_tree_bytes(const struct oqfs_tree *t);

/* Entry 'i' in order of link names; i < count.  Its strings live as long as
 * the tree. */
void oqfs_tree_entry(const struct oqfs_tree *t, size_t i, struct oq_entry *e);

/* Does a link lead where only another file can tell: see leads.h? */
bool oqfs_tree_has_leads(const struct oqfs_tree *t);
/* Does a virtual dataset take data from other files: see virtual.h? */
bool oqfs_tree_needs_files(const struct oqfs_tree *t);

/* The file name of entry 'i' as view 'v', with 'slice' ("" or "[...]", as it
 * stands in names) before the suffix.  Returns its length. */
size_t oqfs_tree_name(const struct oqfs_tree *t, size_t i, const char *slice,
		      enum oq_view_kind v, char out[OQ_NAME_MAX + 1]);

/* The same of a link by its name, and the number that it has in all its names
 * (0: none). */
size_t oqfs_tree_spell(const char *link, size_t n, uint32_t number,
		       const char *slice, enum oq_view_kind v,
		       char out[OQ_NAME_MAX + 1]);
uint32_t oqfs_tree_number(const struct oqfs_tree *t, size_t i);

struct oqfs_found {
	size_t i;
	enum oq_view_kind view;
	char slice[OQ_NAME_MAX + 1]; /* unescaped; "" for the whole object */
};

/* The entry that has this file name.  Returns 0 or -ENOENT. */
int oqfs_tree_find(const struct oqfs_tree *t, const char *name,
		   struct oqfs_found *out);

/* The same for a name with a slice.  There may be several ways to take the name
 * apart; each call finds the next, that with the longest dataset's name first.
 * '*at' is 0 before the first call.  Returns 0 or -ENOENT (no more). */
int oqfs_tree_find_slice(const struct oqfs_tree *t, const char *name,
			 size_t *at, struct oqfs_found *out);

/* Of a tree that holds only some of a group's entries: whether their names are
 * the same in the whole one.  They are where, with an entry, all are here that
 * have its bare name without a view's suffix, or its link's name with one
 * (those are who may clash), if no two clash and none's name is so long that
 * it might be cut. */
bool oqfs_tree_is_certain(const struct oqfs_tree *t);

/* The group that has this file name if it is a table, or the link that has it
 * by where it leads, which the listing does not tell: see
 * oqfs_entry_may_be_table() and oqfs_entry_may_lead().  Returns 0 or -ENOENT.
 */
int oqfs_tree_find_maybe(const struct oqfs_tree *t, const char *name,
			 struct oqfs_found *out);

/* The entry of the link with this name.  Returns 0 or -ENOENT. */
int oqfs_tree_find_link(const struct oqfs_tree *t, const char *link, size_t n,
			size_t *i);

#endif
