/* SPDX-License-Identifier: MIT */
/* log.c - one line to stderr or to syslog */

#include "fs/base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/printable.h"

#define LINE_BYTES     1024
#define REPEAT_SECONDS 10
#define FLOOD_SECONDS  10
#define FLOOD_LINES    200
#define RECENT	       8

/* I  set before the log is shared, never changed
 * L  under 'lock'
 * The line itself is written with no lock held: a full pipe behind stderr
 * must not stop those who have nothing to say. */
struct oqfs_log {
	pthread_mutex_t lock;
	bool to_syslog;	       /* I */
	enum oqfs_level most;  /* I */
	char last[LINE_BYTES]; /* L: the last line printed */
	enum oqfs_level level; /* L: its level */
	time_t printed;	       /* L: when */
	unsigned repeats;      /* L: how often it came again since */
	time_t window;	       /* L: when the last few seconds began */
	unsigned printed_in;   /* L: lines printed in them */
	unsigned left_out;     /* L: lines that were not, since one was */
	struct {
		time_t when;
		char line[LINE_BYTES];
	} recent[RECENT]; /* L: errors and warnings, in a ring */
	unsigned nrecent; /* L: of all time */
};

static time_t now_s(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec;
}

static int priority(enum oqfs_level level)
{
	switch (level) {
	case OQFS_ERROR:
		return LOG_ERR;
	case OQFS_WARN:
		return LOG_WARNING;
	case OQFS_INFO:
		return LOG_INFO;
	case OQFS_DEBUG:
		return LOG_DEBUG;
	}
	return LOG_ERR;
}

static void emit(const struct oqfs_log *log, enum oqfs_level level,
		 const char *line)
{
	char out[LINE_BYTES + 16];
	int n;

	if (log->to_syslog) {
		syslog(priority(level), "%s", line);
		return;
	}
	/* One write, so that lines of several threads do not mix. */
	n = snprintf(out, sizeof(out), "oqfs: %s\n", line);
	if (n > 0 && write(STDERR_FILENO, out, (size_t)n) < 0)
		return; /* there is nobody left to tell */
}

static void emit_left_out(const struct oqfs_log *log, unsigned lines)
{
	char line[64];

	if (lines == 0)
		return;
	snprintf(line, sizeof(line), "(%u more line%s left out)", lines,
		 lines == 1 ? " was" : "s were");
	emit(log, OQFS_WARN, line);
}

static void emit_repeats(const struct oqfs_log *log, enum oqfs_level level,
			 unsigned repeats)
{
	char line[64];

	if (repeats == 0)
		return;
	snprintf(line, sizeof(line), "(the same %u more time%s)", repeats,
		 repeats == 1 ? "" : "s");
	emit(log, level, line);
}

struct oqfs_log *oqfs_log_new(bool to_syslog, enum oqfs_level most)
{
	struct oqfs_log *log = calloc(1, sizeof(*log));

	if (!log)
		return NULL;
	pthread_mutex_init(&log->lock, NULL);
	log->to_syslog = to_syslog;
	log->most = most;
	if (to_syslog)
		openlog("oqfs", LOG_PID, LOG_DAEMON);
	return log;
}

void oqfs_log_free(struct oqfs_log *log)
{
	if (!log)
		return;
	emit_repeats(log, log->level, log->repeats);
	emit_left_out(log, log->left_out);
	if (log->to_syslog)
		closelog();
	pthread_mutex_destroy(&log->lock);
	free(log);
}

static void keep_locked(struct oqfs_log *log, const char *line)
{
	unsigned i = log->nrecent++ % RECENT;

	log->recent[i].when = time(NULL);
	memcpy(log->recent[i].line, line, strlen(line) + 1);
}

void oqfs_log_put_recent(struct oqfs_log *log, struct oq_buf *out)
{
	char when[32] = "";
	struct tm tm;

	pthread_mutex_lock(&log->lock);
	for (unsigned i = 0; i < RECENT; i++) {
		unsigned k = (log->nrecent + i) % RECENT;

		if (!*log->recent[k].line)
			continue;
		if (localtime_r(&log->recent[k].when, &tm))
			strftime(when, sizeof(when), "%F %T", &tm);
		oq_buf_printf(out, "%s %s\n", when, log->recent[k].line);
	}
	pthread_mutex_unlock(&log->lock);
}

/* Whether this is one line too many. */
static bool is_flood_locked(struct oqfs_log *log, enum oqfs_level level)
{
	if (level > OQFS_WARN)
		return false;
	if (now_s() - log->window >= FLOOD_SECONDS) {
		log->window = now_s();
		log->printed_in = 0;
	}
	return ++log->printed_in > FLOOD_LINES;
}

void oqfs_log(struct oqfs_log *log, enum oqfs_level level, const char *fmt, ...)
{
	char line[LINE_BYTES];
	unsigned repeats, left_out = 0;
	bool again, flood = false;
	enum oqfs_level before;
	va_list ap;

	if (!log || level > log->most)
		return;
	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	oq_printable(line);

	pthread_mutex_lock(&log->lock);
	again = level == log->level && strcmp(line, log->last) == 0 &&
		now_s() - log->printed < REPEAT_SECONDS;
	repeats = log->repeats;
	before = log->level;
	if (!again && level <= OQFS_WARN)
		keep_locked(log, line);
	if (again) {
		log->repeats++;
	} else if ((flood = is_flood_locked(log, level))) {
		log->left_out++;
	} else {
		left_out = log->left_out;
		log->left_out = 0;
		snprintf(log->last, sizeof(log->last), "%s", line);
		log->level = level;
		log->printed = now_s();
		log->repeats = 0;
	}
	pthread_mutex_unlock(&log->lock);

	if (again || flood)
		return;
	emit_repeats(log, before, repeats);
	emit_left_out(log, left_out);
	emit(log, level, line);
}
