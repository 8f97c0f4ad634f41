/* SPDX-License-Identifier: MIT */
/* probe.h - can an object of a datastore be read
 *
 * Asks a reader as a mount would.  Any thread.
 */
#ifndef OQFS_PROBE_H
#define OQFS_PROBE_H

#include <stdint.h>

#include "fs/readers/super.h"
#include "lib/base/err.h"
#include "lib/ipc/wire.h"

/* Of a dataset its size is asked for, and bytes are read: all of a small one,
 * the first and the last of a large one, in the view that is nearest to what
 * is stored.  Returns 0 or a negative errno with the reason. */
int oqfs_probe_dataset(struct oqfs_store *store, const struct oq_entry *e,
		       struct oq_err *err);

/* Can it be had as Parquet?  No row of it is read.  Returns 0, or -EOPNOTSUPP
 * with what Parquet has not; other reasons are not its. */
int oqfs_probe_parquet(struct oqfs_store *store, const struct oq_entry *e,
		       struct oq_err *err);

/* All attributes of an object, as a dataset. */
int oqfs_probe_attrs(struct oqfs_store *store, uint64_t object,
		     struct oq_err *err);

#endif
