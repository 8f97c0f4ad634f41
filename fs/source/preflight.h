/* SPDX-License-Identifier: MIT */
/* preflight.h - can we mount here
 *
 * What commonly goes wrong, found before it is tried, with a hint what to do
 * about it.
 */
#ifndef OQFS_PREFLIGHT_H
#define OQFS_PREFLIGHT_H

#include "fs/base/opts.h"
#include "fs/source/roots.h"
#include "lib/base/err.h"

/* Find the source, or several.  What is missing of several may come later:
 * that is said on stderr, and no error. */
int oqfs_preflight_source(const struct oqfs_opts *o, struct oqfs_roots **out,
			  struct oq_err *err);

/* Returns 0, or a negative errno with one sentence.  Makes the mount point
 * absolute; "/dev/fd/N" is left as it is.  */
int oqfs_preflight(struct oqfs_opts *o, const struct oqfs_roots *roots,
		   struct oq_err *err);

#endif
