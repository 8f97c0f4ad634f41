/* SPDX-License-Identifier: MIT */
/* exportparquet.h - an export of the engine's as a Parquet file */
#ifndef OQ_EXPORTPARQUET_H
#define OQ_EXPORTPARQUET_H

#include "lib/base/err.h"
#include "lib/data/env.h"
#include "lib/engine/export.h"
#include "lib/file/file.h"

/* Main thread.  Takes over 'e', also on failure.  Returns 0 or -ENOMEM. */
int oq_exportparquet_open(const struct oq_env *env, struct oq_export *e,
			  struct oq_file **out, struct oq_err *err);

#endif
