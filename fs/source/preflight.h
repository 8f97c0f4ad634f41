/* SPDX-License-Identifier: MIT */
/* preflight.h - can we mount here
 *
 * Looks for the common reasons why a mount fails before it is tried, and says
 * what to do about them.  Main thread, before any other starts.
 */
#ifndef OQFS_PREFLIGHT_H
#define OQFS_PREFLIGHT_H

#include "fs/base/opts.h"
#include "fs/source/roots.h"
#include "lib/base/err.h"

/* Open the source, or several; the caller frees '*out'.  Of several, those that
 * do not exist yet are named on stderr; that is no error.  0, or a negative
 * errno with one sentence for the user. */
int oqfs_preflight_source(const struct oqfs_opts *o, struct oqfs_roots **out,
			  struct oq_err *err);

/* Check mount point, device and rights.  Replaces the mount point by its
 * absolute path, except "/dev/fd/N".  Returns 0, or a negative errno with one
 * sentence for the user. */
int oqfs_preflight(struct oqfs_opts *o, const struct oqfs_roots *roots,
		   struct oq_err *err);

#endif
