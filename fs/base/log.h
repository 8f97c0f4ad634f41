/* SPDX-License-Identifier: MIT */
/* log.h - one line to stderr or to syslog
 *
 * A line is lower case, has no full stop and names the datastore and object.
 * The same line again within ten seconds is counted, not printed; the count
 * follows with the next line that is, or at the end.  So are errors and
 * warnings beyond two hundred in ten seconds: a datastore with a million
 * damaged objects is not a million lines.  Any thread may log.
 */
#ifndef OQFS_LOG_H
#define OQFS_LOG_H

#include <stdbool.h>

#include "lib/base/buf.h"

enum oqfs_level {
	OQFS_ERROR, /* a user got EIO */
	OQFS_WARN,  /* we coped: a reader was restarted */
	OQFS_INFO,  /* mounted, unmounted */
	OQFS_DEBUG, /* each request; only with -d */
};

struct oqfs_log;

/* Levels above 'most' are dropped.  Returns NULL for no memory. */
struct oqfs_log *oqfs_log_new(bool to_syslog, enum oqfs_level most);
void oqfs_log_free(struct oqfs_log *log);

/* The latest errors and warnings, each with its time, for people. */
void oqfs_log_put_recent(struct oqfs_log *log, struct oq_buf *out);

void oqfs_log(struct oqfs_log *log, enum oqfs_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
