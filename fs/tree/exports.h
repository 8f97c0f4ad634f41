/* SPDX-License-Identifier: MIT */
/* exports.h - the generation that the exports of a calculation belong to
 *
 * What a calculation exports depends on its datastore and on those that it was
 * made from:
 *
 *	calc_42.hdf5 -----> calc_23.hdf5 -----> calc_7.hdf5
 *	   |  its reader        says so             says so
 *	   v
 *	exports: a store of its own, with the files of all three
 *
 * So the exports have a generation of their own.  It ends when any of these
 * files changes, appears or is removed, while the calculation's goes on.
 *
 * In a shared mount (allow_other) a calculation must not give its users what
 * the rights of its parent deny them: a parent counts as absent unless
 * everybody who may read the calculation may read the parent too.  Any thread.
 */
#ifndef OQFS_EXPORTS_H
#define OQFS_EXPORTS_H

#include "fs/tree/front.h"

/* Find the node of the directory of exports in 'store', the node of a
 * calculation with the generation 'g'; the caller puts it.  Looks at the source
 * each time, and asks readers where something changed.  Returns 0, -EINTR,
 * -EIO or -ENOMEM. */
int oqfs_exports_node(struct oqfs_front *f, struct oqfs_generation *g,
		      struct oqfs_node *store, struct oqfs_cancel *cancel,
		      struct oqfs_node **out, struct oq_err *err);

#endif
