/* SPDX-License-Identifier: MIT */
/* tree.h - the file names of a group's entries
 *
 * Made of what a reader says a group holds; pure from then on.  An entry has
 * a *name* for each view it can be opened as, and OQ_VIEW_FILE is the bare
 * one: that of a group, of a stored file, of a link that leads to no dataset.
 *
 *	group "gmf_data"     gmf_data  (gmf_data.csv ... where it is a table)
 *	dataset "lon"        lon.bin  lon.csv  lon.npy  lon.meta.json
 *	soft link to it      the same names, as symbolic links
 *
 * Two entries clash when they would share a name, which takes a bare one that
 * ends as a view does: a group "lon.csv" beside the dataset "lon".  Bare ones
 * go first, then datasets, each by link name; who comes second has "~N" put
 * behind its link's name in all its names, with the smallest N from 1 that
 * clashes with nothing.
 *
 * Finding a name takes O(log n) and no table of names: the name is taken
 * apart, and what it could have come from is looked up.  A tree is never
 * changed; any number of threads may look.
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

/* Take over 'bytes' (entries one behind the other, from a reader) in any
 * case.  Returns 0, -EPROTO or -ENOMEM. */
int oqfs_tree_new(struct oq_buf *bytes, struct oqfs_tree **out);
/* The same of a datastore's root.  If that is a calculation of the engine,
 * which has parameters, the name "export" is taken: an entry that would have
 * it gets a number. */
int oqfs_tree_new_root(struct oq_buf *bytes, struct oqfs_tree **out);
bool oqfs_tree_has_export(const struct oqfs_tree *t);
#define OQFS_EXPORT "export"
void oqfs_tree_free(struct oqfs_tree *t);

size_t oqfs_tree_count(const struct oqfs_tree *t);
/* Memory it takes. */
size_t oqfs_tree_bytes(const struct oqfs_tree *t);

/* Entry 'i' in order of link names; i < count.  Its strings live as long as
 * the tree. */
void oqfs_tree_entry(const struct oqfs_tree *t, size_t i, struct oq_entry *e);

/* The file name of entry 'i' as view 'v', with 'slice' ("" or "[...]", as it
 * stands in names) before the suffix.  Returns its length. */
size_t oqfs_tree_name(const struct oqfs_tree *t, size_t i, const char *slice,
		      enum oq_view_kind v, char out[OQ_NAME_MAX + 1]);

struct oqfs_found {
	size_t i;
	enum oq_view_kind view;
	char slice[OQ_NAME_MAX + 1]; /* unescaped; "" where it is the whole */
};

/* Which entry has this file name?  Returns 0 or -ENOENT. */
int oqfs_tree_find(const struct oqfs_tree *t, const char *name,
		   struct oqfs_found *out);

/* The same for a name with a slice.  There may be several ways to take it
 * apart: '*at' (0 at first) remembers which come next; the longest dataset's
 * name comes first.  Returns 0 or -ENOENT (no more). */
int oqfs_tree_find_slice(const struct oqfs_tree *t, const char *name,
			 size_t *at, struct oqfs_found *out);

/* Which group, that may be a table, has this name as one?  Only its reader can
 * tell whether it is.  Returns 0 or -ENOENT. */
int oqfs_tree_find_table(const struct oqfs_tree *t, const char *name,
			 struct oqfs_found *out);

/* Which entry is of the link with this name?  Returns 0 or -ENOENT. */
int oqfs_tree_find_link(const struct oqfs_tree *t, const char *link, size_t n,
			size_t *i);

#endif
