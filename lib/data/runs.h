/* SPDX-License-Identifier: MIT */
/* runs.h - a source each of whose elements is several of another source */
#ifndef OQ_RUNS_H
#define OQ_RUNS_H

#include "lib/base/err.h"
#include "lib/data/source.h"

/* Open a source that joins elements of 'src', which must have no pointers, to
 * elements of 'type', whose size is a multiple of theirs.  Takes over 'src' and
 * 'type', also on failure.  A 'type' of NULL counts as no memory.  Returns 0 or
 * -ENOMEM. */
int oq_runs_open(struct oq_source *src, struct oq_dtype *type,
		 struct oq_source **out, struct oq_err *err);

#endif
