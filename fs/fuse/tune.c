/* SPDX-License-Identifier: MIT */
/* tune.c - let the kernel read ahead by whole requests */

#include "fs/fuse/tune.h"

#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/cleanup.h"

#define READ_AHEAD_KB "1024"

static bool is_octal(const char *s)
{
	return s[0] == '\\' && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' &&
	       s[2] <= '7' && s[3] >= '0' && s[3] <= '7';
}

/* In mountinfo blanks and some others are written "\040". */
static void unescape(char *s)
{
	char *to = s;

	while (*s) {
		if (is_octal(s)) {
			*to++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 |
				       (s[3] - '0'));
			s += 4;
		} else {
			*to++ = *s++;
		}
	}
	*to = '\0';
}

/* The device of the topmost mount at that place.  stat(2) would be a request to
 * this mount itself. */
static bool find_device(const char *mountpoint, unsigned *major,
			unsigned *minor)
{
	FILE *info = fopen("/proc/self/mountinfo", "re");
	OQ_FREE char *line = NULL;
	bool found = false;
	size_t room = 0;

	while (info && getline(&line, &room, info) > 0) {
		unsigned ma, mi;
		int at = 0;
		char *end;

		if (sscanf(line, "%*u %*u %u:%u %*s %n", &ma, &mi, &at) != 2 ||
		    !at)
			continue;
		end = strchr(line + at, ' ');
		if (!end)
			continue;
		*end = '\0';
		unescape(line + at);
		if (strcmp(line + at, mountpoint) != 0)
			continue;
		*major = ma;
		*minor = mi;
		found = true;
	}
	if (info)
		fclose(info);
	return found;
}

static void tune_readahead(const char *mountpoint)
{
	char path[64];
	unsigned major, minor;
	OQ_CLOSE int fd = -1;

	if (geteuid() != 0 || !find_device(mountpoint, &major, &minor))
		return;
	snprintf(path, sizeof(path), "/sys/class/bdi/%u:%u/read_ahead_kb",
		 major, minor);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0 && write(fd, READ_AHEAD_KB, strlen(READ_AHEAD_KB)) < 0)
		return; /* it stays as it was */
}

void oqfs_tune(struct oqfs_front *f)
{
	if (!atomic_exchange(&f->is_tuned, true))
		tune_readahead(f->opts->mountpoint);
}
