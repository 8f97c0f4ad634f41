/* SPDX-License-Identifier: MIT */
/* exports.h - the generation that the exports of a calculation belong to
 *
 * What a calculation would export depends on its datastore and on those that
 * it was made from:
 *
 *	calc_42.hdf5 -----> calc_23.hdf5 -----> calc_7.hdf5
 *	   |  its reader        says so             says so
 *	   v
 *	exports: a store of its own, with the files of all three
 *
 * so it has a generation of its own, over when any of them changes, comes or
 * goes, while that of the calculation itself lasts.  In a shared mount nobody
 * gets through a calculation what the rights of another deny him: one that not
 * all may read who may read the calculation counts as not there.
 */
#ifndef OQFS_EXPORTS_H
#define OQFS_EXPORTS_H

#include "fs/tree/front.h"

/* The directory of exports in 'store', the node of a calculation with the
 * generation 'g', as things are now; held.  Looks at the source each time, and
 * asks readers where something changed.  Returns 0, -EINTR, -EIO or
 * -ENOMEM. */
int oqfs_exports_node(struct oqfs_front *f, struct oqfs_generation *g,
		      struct oqfs_node *store, struct oqfs_cancel *cancel,
		      struct oqfs_node **out, struct oq_err *err);

#endif
