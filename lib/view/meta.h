/* SPDX-License-Identifier: MIT */
/* meta.h - everything that HDF5 knows of an object, as JSON */
#ifndef OQ_META_H
#define OQ_META_H

#include "lib/base/buf.h"
#include "lib/base/err.h"
#include "lib/data/env.h"

/* Main thread.  Append the text of NAME.meta.json.  Where something cannot be
 * read the text says so ("error"), so the only failure is -ENOMEM. */
int oq_meta_put(const struct oq_env *env, uint64_t addr, struct oq_buf *out,
		struct oq_err *err);

/* Main thread.  The attributes of an object, from malloc(): {"name": value}.
 * Those that cannot be read, and those whose text is longer than 64 KiB, are
 * left out.  NULL: no memory. */
char *oq_meta_attributes(const struct oq_env *env, uint64_t addr,
			 struct oq_err *err);

/* Parts of the text that extended attributes have too: dimensions,
 * "[2,3,null]", and the name of a layout. */
void oq_meta_put_dims(const uint64_t *dims, unsigned rank, struct oq_buf *out);
const char *oq_meta_layout(const struct oq_dataset *d);

#endif
