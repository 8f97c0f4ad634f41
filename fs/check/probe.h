/* SPDX-License-Identifier: MIT */
/* probe.h - whether an object of a datastore can be read
 *
 * Asks a reader as a mount would.  Any thread.
 */
#ifndef OQFS_PROBE_H
#define OQFS_PROBE_H

#include <stdint.h>

#include "fs/readers/super.h"
#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/ipc/wire.h"

/* Ask for a dataset's size and read bytes of it: all of a small one, the first
 * and the last of a large one, in the view that is nearest to what is stored.
 * Returns 0 or a negative errno with the reason. */
int oqfs_probe_dataset(struct oqfs_store *store, const struct oq_entry *e,
		       struct oq_err *err);

/* Whether it has a Parquet view.  No row is read.  Returns 0, or -EOPNOTSUPP
 * with a reason that names what Parquet cannot hold.  Failures that have
 * nothing to do with Parquet are 0. */
int oqfs_probe_parquet(struct oqfs_store *store, const struct oq_entry *e,
		       struct oq_err *err);

/* Append what a group that is a table leaves out of it, and why; nothing where
 * it leaves nothing out. */
void oqfs_probe_left_out(struct oqfs_store *store, const struct oq_entry *e,
			 struct oq_buf *out);

/* Read all attributes of an object.  Returns 0 or a negative errno with the
 * reason. */
int oqfs_probe_attrs(struct oqfs_store *store, uint64_t object,
		     struct oq_err *err);

#endif
