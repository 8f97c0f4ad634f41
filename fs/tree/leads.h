/* SPDX-License-Identifier: MIT */
/* leads.h - where links lead that their own reader cannot follow
 *
 * A reader follows the links within its own datastore.  It leaves external
 * links to us, and soft links whose way goes through one:
 *
 *	master.h5                            data_000001.h5
 *	/entry/data/data_000001  --------->  /entry/data/data
 *	/entry/latest -> data/data_000001
 *
 * Where such a link ends at a dataset of a datastore in the mount, the link is
 * shown under the names of the dataset's views.  To learn which views those
 * are, we open the other datastore.  The generation that holds the link keeps
 * the answer until the other file changes.  A link that leads nowhere, in a
 * circle or out of the mount is not found.
 *
 * The kernel tells all users what one of them was told.  So in a shared mount
 * (allow_other) a datastore counts as absent unless everybody who may read the
 * link's own datastore may read it too.
 *
 * Any thread; may wait for readers.
 */
#ifndef OQFS_LEADS_H
#define OQFS_LEADS_H

#include "fs/tree/front.h"

/* Find where 'link' leads: an entry of group 'group' of 'gen', for which
 * oqfs_entry_may_lead() is true.  Returns 0 (where the link leads nowhere
 * 'out->found' is false), -EINTR or -ENOMEM.  The caller frees '*out' with
 * oqfs_lead_free(), after an error too. */
int oqfs_leads_find(struct oqfs_front *f, struct oqfs_generation *gen,
		    uint64_t group, const struct oq_entry *link,
		    struct oqfs_cancel *cancel, struct oqfs_lead *out);

/* Give entry 'e' the kind and the views of what it leads to, as a soft link
 * has.  Changes nothing if that was not found. */
void oqfs_lead_put(const struct oqfs_lead *l, struct oq_entry *e);

/* oqfs_tree_entry(), then oqfs_leads_find() and oqfs_lead_put() if the entry
 * may lead to another file.  Returns as oqfs_leads_find(). */
int oqfs_leads_entry(struct oqfs_front *f, struct oqfs_generation *gen,
		     uint64_t group, const struct oqfs_tree *t, size_t i,
		     struct oqfs_cancel *cancel, struct oq_entry *e);

#endif
