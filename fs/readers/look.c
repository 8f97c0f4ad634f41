/* SPDX-License-Identifier: MIT */
/* look.c - look at a process: time, memory, and what its threads do */

#include "fs/readers/look.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "fs/base/wait.h"
#include "lib/base/cleanup.h"

/* A fault fills one; of larger pages more, which is then too little. */
#define PAGE_BYTES 4096

static int64_t cpu_ms(pid_t pid)
{
	struct timespec ts;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &ts))
		return 0; /* it has ended */
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static enum oqfs_activity activity_of(char letter)
{
	switch (letter) {
	case 'R':
		return OQFS_ACTIVITY_RUNS;
	case 'D':
		return OQFS_ACTIVITY_READS;
	case 'T':
	case 't':
		return OQFS_ACTIVITY_STOPPED;
	default: /* S, or on its way out, or what later kernels think of */
		return OQFS_ACTIVITY_SLEEPS;
	}
}

/* What a process does, if one thread does 'a' and the others 'b'. */
static enum oqfs_activity both(enum oqfs_activity a, enum oqfs_activity b)
{
	static const enum oqfs_activity order[] = {
		OQFS_ACTIVITY_RUNS,
		OQFS_ACTIVITY_READS,
		OQFS_ACTIVITY_STOPPED,
		OQFS_ACTIVITY_SLEEPS,
	};

	for (size_t i = 0; i < sizeof(order) / sizeof(*order); i++)
		if (a == order[i] || b == order[i])
			return order[i];
	return OQFS_ACTIVITY_UNKNOWN;
}

void oqfs_look_add(struct oqfs_look *l, const char *line)
{
	/* After the name: the letter, six numbers, page faults without and,
	 * after the children's, with a look at the disk. */
	static const char form[] =
		") %c %*d %*d %*d %*d %*d %*u %" SCNu64 " %*u %" SCNu64;
	const char *end = strrchr(line, ')');
	uint64_t minor, major;
	char letter;

	if (!end || sscanf(end, form, &letter, &minor, &major) != 3)
		return;
	l->activity = both(l->activity, activity_of(letter));
	l->memory += (minor + major) * PAGE_BYTES;
}

static void add_thread(struct oqfs_look *l, int dir, const char *tid)
{
	char path[32], line[512];
	OQ_CLOSE int fd = -1;
	ssize_t n;

	snprintf(path, sizeof(path), "%.16s/stat", tid);
	fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, line, sizeof(line) - 1);
	if (n <= 0)
		return; /* it is gone */
	line[n] = '\0';
	oqfs_look_add(l, line);
}

static void add_threads(struct oqfs_look *l, pid_t pid)
{
	char path[32];
	DIR *d;

	snprintf(path, sizeof(path), "/proc/%d/task", pid);
	d = opendir(path);
	if (!d)
		return;
	for (const struct dirent *e; (e = readdir(d));)
		if (*e->d_name != '.')
			add_thread(l, dirfd(d), e->d_name);
	closedir(d);
}

struct oqfs_look oqfs_look_at(pid_t pid)
{
	struct oqfs_look l = { .activity = OQFS_ACTIVITY_UNKNOWN };

	add_threads(&l, pid);
	l.cpu_ms = cpu_ms(pid);
	l.wall_ms = oqfs_now_ms();
	return l;
}
