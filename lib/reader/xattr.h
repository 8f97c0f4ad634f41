/* SPDX-License-Identifier: MIT */
/* xattr.h - an object's attributes as extended attributes
 *
 * HDF5's attributes have their own names; ours begin with "oqfs.": what HDF5
 * knows of a dataset, what a calculation says of itself, and why something
 * cannot be read.  An HDF5 attribute with one of our names gets "~1" behind it
 * ("oqfs.shape~1").  What cannot be read is not listed.  Names here are without
 * "user.".
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

/* Main thread.  Append the names, each with its NUL; an attribute whose value
 * is too large, or cannot be read, is left out, and then an empty name ends the
 * list.  'calc' is what the root group says of the
 * calculation; NULL for other objects. */
int oq_xattr_list(const struct oq_env *env, uint64_t addr,
		  const struct oq_calc *calc, struct oq_buf *out,
		  struct oq_err *err);

/* Main thread.  Append the value of one.  Returns 0, -ENODATA, -E2BIG (too
 * large for Linux), -EIO, -EOPNOTSUPP or -ENOMEM. */
int oq_xattr_get(const struct oq_env *env, uint64_t addr,
		 const struct oq_calc *calc, const char *name,
		 struct oq_buf *out, struct oq_err *err);

/* Main thread.  Returns 0 if all of the object's HDF5 attributes can be read,
 * else a negative errno with the reason. */
int oq_xattr_check(const struct oq_env *env, uint64_t addr, struct oq_err *err);

#endif
