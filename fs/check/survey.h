/* SPDX-License-Identifier: MIT */
/* survey.h - oqfs --check: what of a source can be read, and why not
 *
 * Goes through all datastores without mounting, with the same readers that
 * serve a mount.  Datasets and attributes are read as probe.h describes.
 */
#ifndef OQFS_SURVEY_H
#define OQFS_SURVEY_H

#include "fs/base/opts.h"
#include "lib/base/err.h"

/* Print the report to stdout.  Returns 0 (all can be read), 1 (something
 * cannot) or a negative errno with the reason (the survey could not be made).
 * 'err' is empty where several sources were named and none exists: the report
 * says so. */
int oqfs_survey(const struct oqfs_opts *o, struct oq_err *err);

#endif
