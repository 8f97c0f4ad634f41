/* SPDX-License-Identifier: MIT */
/* xattr.h - an object's attributes as extended attributes
 *
 * HDF5's own under their names, and ours under "oqfs.": what HDF5 knows of a
 * dataset, what a calculation says of itself, and why something cannot be
 * read.  Ours win over attributes of the same name, which then have "~1" behind
 * it ("oqfs.shape~1").  What cannot be had is not listed.  Names here are
 * without "user.".
 */
#ifndef OQ_XATTR_H
#define OQ_XATTR_H

#include <stdint.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/data/env.h"
#include "lib/engine/calc.h"

/* Linux's limits; what does not fit is whole in meta.json. */
#define OQ_XATTR_MAX_VALUE 65536
#define OQ_XATTR_MAX_LIST  65536
#define OQ_XATTR_MAX_NAME  255 /* "user." included */

/* Main thread. 'calc' is what the root says, NULL for other objects.  Names
 * with a NUL after each; those whose value is too large are left out. */
int oq_xattr_list(const struct oq_env *env, uint64_t addr,
		  const struct oq_calc *calc, struct oq_buf *out,
		  struct oq_err *err);

/* Returns 0, -ENODATA, -E2BIG, -EIO, -EOPNOTSUPP or -ENOMEM. */
int oq_xattr_get(const struct oq_env *env, uint64_t addr,
		 const struct oq_calc *calc, const char *name,
		 struct oq_buf *out, struct oq_err *err);

/* Returns 0, or why not all of the object's own attributes can be read. */
int oq_xattr_check(const struct oq_env *env, uint64_t addr, struct oq_err *err);

#endif
