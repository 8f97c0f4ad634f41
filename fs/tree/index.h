/* SPDX-License-Identifier: MIT */
/* index.h - a group's entries in order of their link names
 *
 * The entries stay encoded, as they came from the reader, and are decoded
 * when looked at: a group of a million links takes little more than its
 * listing.  An index is never changed; any number of threads may look.
 */
#ifndef OQFS_INDEX_H
#define OQFS_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/ipc/wire.h"

struct oqfs_index;

/* Take over 'bytes' (entries, one behind the other), also on failure.  Of
 * entries with the same name, which only a damaged group has, the first is
 * kept.  Returns 0, -EPROTO or -ENOMEM. */
int oqfs_index_new(struct oq_buf *bytes, struct oqfs_index **out);
void oqfs_index_free(struct oqfs_index *x);

size_t oqfs_index_count(const struct oqfs_index *x);
/* Whether oqfs_entry_may_lead() is true for any entry. */
bool oqfs_index_has_leads(const struct oqfs_index *x);
/* Whether oqfs_entry_needs_files() is. */
bool oqfs_index_needs_files(const struct oqfs_index *x);
/* How much memory it takes, in bytes. */
size_t oqfs_index_bytes(const struct oqfs_index *x);

/* Entry 'i' < count.  Its strings live as long as the index. */
void oqfs_index_entry(const struct oqfs_index *x, size_t i, struct oq_entry *e);
/* Its link's name alone, 'n' bytes. */
const char *oqfs_index_link(const struct oqfs_index *x, size_t i, size_t *n);

/* Find an entry by its link's name.  Returns 0 or -ENOENT. */
int oqfs_index_find(const struct oqfs_index *x, const char *link, size_t n,
		    size_t *i);

/* Entries whose file names may be too long, and then are cut and end in a hash,
 * are in a second list, ordered by that hash of their link's name.  Gives the
 * hash and the entry at place 'k' of the list; false past its end. */
bool oqfs_index_long(const struct oqfs_index *x, size_t k, uint64_t *hash,
		     size_t *i);
/* The first place in that list with this hash or a larger one. */
size_t oqfs_index_find_long(const struct oqfs_index *x, uint64_t hash);

#endif
