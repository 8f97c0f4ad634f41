/* SPDX-License-Identifier: MIT */
/* entry.h - the names that an entry of a group has, as views */
#ifndef OQFS_ENTRY_H
#define OQFS_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/ipc/wire.h"

/* Is it a symbolic link in the mount, whatever it leads to? */
static inline bool oqfs_entry_is_link(const struct oq_entry *e)
{
	return e->link != OQ_ENTRY_HARD;
}

/* Are there elements that can be had?  Which views a slice of them has is for
 * its reader to say: what it leaves out may be all that has no fixed size. */
static inline bool oqfs_entry_has_elements(const struct oq_entry *e)
{
	return (e->views >> OQ_VIEW_CSV & 1) && !e->refused;
}

/* A group of which nobody says that it is a table, or that it is none: its
 * reader is asked when somebody asks for it. */
static inline bool oqfs_entry_may_be_table(const struct oq_entry *e)
{
	return e->kind == OQ_ENTRY_GROUP && !oqfs_entry_is_link(e) &&
	       !(e->views >> OQ_VIEW_CSV & 1);
}

/* A bit per oq_view_kind: the names it has; those of them that are listed,
 * where the user asked for 'views' (0: for none in particular).  Never none. */
uint32_t oqfs_entry_names(const struct oq_entry *e);
/* The names it may have with a slice before the suffix, or, of what may be a
 * table, without. */
uint32_t oqfs_entry_sliced(const struct oq_entry *e);
uint32_t oqfs_entry_listed(const struct oq_entry *e, uint32_t views);

#endif
