/* SPDX-License-Identifier: MIT */
/* runs.h - a source whose elements are so many of another's */
#ifndef OQ_RUNS_H
#define OQ_RUNS_H

#include "lib/base/err.h"
#include "lib/data/source.h"

/* The elements of 'src', which have no pointers, as elements of 'type', each of
 * which is as long as some of them.  Takes over both, also on failure.  0 or
 * -ENOMEM. */
int oq_runs_open(struct oq_source *src, struct oq_dtype *type,
		 struct oq_source **out, struct oq_err *err);

#endif
