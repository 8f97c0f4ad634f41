/* SPDX-License-Identifier: MIT */
/* log.h - one line to stderr or to syslog
 *
 * A line is lower case, has no full stop and names the datastore and object.
 * A line that repeats within ten seconds is counted instead of printed, and the
 * count is printed with the next line, or at the end.  Errors and warnings
 * beyond two hundred in ten seconds are counted too, so that a datastore with a
 * million damaged objects does not give a million lines.  Any thread may log.
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

/* A log, to syslog or else to stderr, that drops levels above 'most'.  NULL: no
 * memory. */
struct oqfs_log *oqfs_log_new(bool to_syslog, enum oqfs_level most);
void oqfs_log_free(struct oqfs_log *log);

/* Append the latest errors and warnings, each with its time, as text for
 * people. */
void oqfs_log_put_recent(struct oqfs_log *log, struct oq_buf *out);

void oqfs_log(struct oqfs_log *log, enum oqfs_level level, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
