/* SPDX-License-Identifier: MIT */
/* leads.h - what a link leads to that its own reader cannot follow
 *
 * An external link, and a soft link on whose way there is one:
 *
 *	master.h5                            data_000001.h5
 *	/entry/data/data_000001  --------->  /entry/data/data
 *	/entry/latest -> data/data_000001
 *
 * As that leads to a dataset of a datastore in the mount, the link has the
 * names of the dataset's views.  The other datastore is opened for this, and
 * what it said is kept with the generation that holds the link, as long as the
 * other file is the same.  What leads nowhere, round in circles or out of the
 * mount is not found.
 *
 * In a shared mount nobody hears of a file what its rights deny him: one that
 * not all may read who may read the datastore with the link counts as not
 * there.  Any thread; may wait for readers.
 */
#ifndef OQFS_LEADS_H
#define OQFS_LEADS_H

#include "fs/tree/front.h"

/* Where 'link', an entry of the group of 'gen' for which
 * oqfs_entry_may_lead() is true, leads.  To be freed in any case.  Returns 0,
 * also where that is not found, -EINTR or -ENOMEM. */
int oqfs_leads_find(struct oqfs_front *f, struct oqfs_generation *gen,
		    uint64_t group, const struct oq_entry *link,
		    struct oqfs_cancel *cancel, struct oqfs_lead *out);

/* What an entry says of itself is from now on said of what it leads to, if that
 * was found, as of a soft link. */
void oqfs_lead_put(const struct oqfs_lead *l, struct oq_entry *e);

/* As oqfs_tree_entry(), with that. */
int oqfs_leads_entry(struct oqfs_front *f, struct oqfs_generation *gen,
		     uint64_t group, const struct oqfs_tree *t, size_t i,
		     struct oqfs_cancel *cancel, struct oq_entry *e);

#endif
