/* SPDX-License-Identifier: MIT */
/* entry.h - as which views an entry of a group has a name
 *
 * Pure.
 */
#ifndef OQFS_ENTRY_H
#define OQFS_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/ipc/wire.h"

/* Whether the mount shows it as a symbolic link. */
static inline bool oqfs_entry_is_link(const struct oq_entry *e)
{
	return e->link != OQ_ENTRY_HARD;
}

/* Whether it has elements that can be read.  Which views a slice of them has
 * only the reader knows: the fields that the slice leaves out may be all those
 * without a fixed size. */
static inline bool oqfs_entry_has_elements(const struct oq_entry *e)
{
	return (e->views >> OQ_VIEW_CSV & 1) && !e->refused;
}

/* Whether it is a link of which the reader does not know what it leads to, as
 * the way may go through another file: see leads.h. */
static inline bool oqfs_entry_may_lead(const struct oq_entry *e)
{
	return e->kind == OQ_ENTRY_DANGLING &&
	       (e->link == OQ_ENTRY_EXTERNAL || e->link == OQ_ENTRY_SOFT);
}

/* Whether it is a virtual dataset that takes data from other files: see
 * virtual.h. */
static inline bool oqfs_entry_needs_files(const struct oq_entry *e)
{
	return e->link == OQ_ENTRY_HARD && e->kind == OQ_ENTRY_DATASET &&
	       e->file_len;
}

/* Whether it is a group that the listing does not call a table.  It may be one
 * all the same: the reader is asked when somebody uses such a name. */
static inline bool oqfs_entry_may_be_table(const struct oq_entry *e)
{
	return e->kind == OQ_ENTRY_GROUP && !oqfs_entry_is_link(e) &&
	       !(e->views >> OQ_VIEW_CSV & 1);
}

/* The views as which it has a name, a bit for each oq_view_kind; never none. */
uint32_t oqfs_entry_names(const struct oq_entry *e);
/* The views as which it may have a name with a slice before the suffix; for a
 * group that may be a table, and a link that may lead somewhere, also without a
 * slice. */
uint32_t oqfs_entry_sliced(const struct oq_entry *e);
/* Those of oqfs_entry_names() that a listing shows when the user asks for
 * 'views' (0: for the usual ones); never none. */
uint32_t oqfs_entry_listed(const struct oq_entry *e, uint32_t views);

#endif
