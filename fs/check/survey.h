/* SPDX-License-Identifier: MIT */
/* survey.h - oqfs --check: what of a source can be read, and why not
 *
 * Goes through all datastores without mounting, by the same readers that
 * serve a mount.  Of each dataset its size is asked for, and bytes are read:
 * all of a small one, the first and the last of a large one.  Of each object
 * the attributes are read.
 */
#ifndef OQFS_SURVEY_H
#define OQFS_SURVEY_H

#include "fs/base/opts.h"
#include "lib/base/err.h"

/* Prints its report to stdout.  Returns 0 (all can be read), 1 (something
 * cannot) or a negative errno with the reason: it could not be done.  Where
 * there is none of several sources, that has been said and 'err' is empty. */
int oqfs_survey(const struct oqfs_opts *o, struct oq_err *err);

#endif
