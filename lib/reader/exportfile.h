/* SPDX-License-Identifier: MIT */
/* exportfile.h - an opened export as a file */
#ifndef OQ_EXPORTFILE_H
#define OQ_EXPORTFILE_H

#include "lib/base/err.h"
#include "lib/data/env.h"
#include "lib/engine/export.h"
#include "lib/file/file.h"

/* Main thread.  Takes over 'e', also on failure.  Returns 0 or a negative errno
 * with the reason. */
int oq_exportfile_open(const struct oq_env *env, struct oq_export *e,
		       struct oq_file **out, struct oq_err *err);

#endif
