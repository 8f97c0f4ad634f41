/* SPDX-License-Identifier: MIT */
/* virtual.h - datastores whose virtual datasets take data from others
 *
 *	master.h5                       data_000001.h5, data_000002.h5
 *	/entry/data (virtual)  ------>  /entry/data/data
 *
 * A reader sees one file only, and refuses such a dataset, saying which files
 * it would need.  Where these are in the mount, its group has a generation of
 * its own: a store of the same file, whose readers are given the others too.
 * It is over when any of them changes, comes or goes.  What is not there, is
 * being written, or in a shared mount may not be read by all who may read the
 * datastore, is not given, and what needs it stays refused.
 */
#ifndef OQFS_VIRTUAL_H
#define OQFS_VIRTUAL_H

#include "fs/tree/front.h"

/* As oqfs_generation_list().  '*in' is the generation that the listing, and
 * what is in it, is of; to be put: that of a group with such datasets, or
 * 'gen'. */
int oqfs_virtual_list(struct oqfs_front *f, struct oqfs_generation *gen,
		      uint64_t group, struct oqfs_cancel *cancel,
		      struct oqfs_generation **in, struct oqfs_listing **out,
		      struct oq_err *err);

#endif
