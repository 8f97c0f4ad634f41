/* SPDX-License-Identifier: MIT */
/* open.h - how a view of an object is opened */
#ifndef OQ_OPEN_H
#define OQ_OPEN_H

#include "lib/base/err.h"
#include "lib/data/env.h"
#include "lib/file/file.h"
#include "lib/ipc/wire.h"

/* Main thread.  Open the view that 'key' names by object, view, part, name and
 * slice.  'known' are the labels of another open view of the object, or NULL.
 * Returns 0; -ENOENT (no such view, part or slice), -EOPNOTSUPP, -EIO,
 * -EOVERFLOW or -ENOMEM with the reason. */
int oq_open_view(const struct oq_env *env, const struct oq_request *key,
		 struct oq_labels *known, struct oq_file **out,
		 struct oq_err *err);

#endif
