/* SPDX-License-Identifier: MIT */
/* machine.c - the processors and the memory that we may use */

#include "fs/base/machine.h"

#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/cleanup.h"

/* The numbers of a file, of which "max" is none; returns how many. */
static int read_numbers(const char *dir, const char *name, long long v[2])
{
	char path[PATH_MAX], text[64] = "";
	FILE *f;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir, name) >=
	    sizeof(path))
		return 0;
	f = fopen(path, "re");
	if (!f)
		return 0;
	if (!fgets(text, sizeof(text), f))
		text[0] = '\0';
	fclose(f);
	return sscanf(text, "%lld %lld", &v[0], &v[1]);
}

static void cut_memory(struct oqfs_machine *m, long long most)
{
	if (most > 0 && (uint64_t)most < m->memory)
		m->memory = (uint64_t)most;
}

/* A part of a processor counts as one. */
static void cut_processors(struct oqfs_machine *m, long long quota,
			   long long period)
{
	long long most;

	if (quota <= 0 || period <= 0)
		return;
	most = quota / period + (quota % period != 0);
	if (most < m->processors)
		m->processors = (unsigned)most;
}

/* A group has the files of its version and of its controllers only. */
static void look_at_group(const char *dir, struct oqfs_machine *m)
{
	long long v[2], period[2];

	if (read_numbers(dir, "memory.max", v) >= 1)
		cut_memory(m, v[0]);
	if (read_numbers(dir, "memory.limit_in_bytes", v) >= 1)
		cut_memory(m, v[0]);
	if (read_numbers(dir, "cpu.max", v) == 2)
		cut_processors(m, v[0], v[1]);
	if (read_numbers(dir, "cpu.cfs_quota_us", v) >= 1 &&
	    read_numbers(dir, "cpu.cfs_period_us", period) >= 1)
		cut_processors(m, v[0], period[0]);
}

/* A group and those that it is in.  Inside a container the group's own path
 * may be one of the host; what is mounted at the top is then its own. */
static void look_up(const char *hierarchy, const char *group,
		    struct oqfs_machine *m)
{
	char dir[PATH_MAX];
	size_t top = strlen(hierarchy);

	if ((size_t)snprintf(dir, sizeof(dir), "%s%s", hierarchy, group) >=
	    sizeof(dir))
		return;
	for (;;) {
		char *slash;

		look_at_group(dir, m);
		slash = strrchr(dir, '/');
		if (!slash || slash < dir + top)
			return;
		*slash = '\0';
	}
}

/* "5:cpu,cpuacct:/group"; in version 2 there are no names. */
static void look_at_line(char *line, const char *root, struct oqfs_machine *m)
{
	char *names = strchr(line, ':'), *group, hierarchy[PATH_MAX];

	group = names ? strchr(++names, ':') : NULL;
	if (!group)
		return;
	*group++ = '\0';
	group[strcspn(group, "\n")] = '\0';
	if ((size_t)snprintf(hierarchy, sizeof(hierarchy), "%s%s%s", root,
			     *names ? "/" : "", names) < sizeof(hierarchy))
		look_up(hierarchy, group, m);
}

static void look_at_machine(struct oqfs_machine *m)
{
	long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
	cpu_set_t set;
	long n;

	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		n = CPU_COUNT(&set);
	else /* more than fit into a set */
		n = sysconf(_SC_NPROCESSORS_ONLN);
	m->processors = n > 0 ? (unsigned)n : 1;
	m->memory = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page
					  : UINT64_MAX;
}

struct oqfs_machine oqfs_machine_look(const struct oqfs_cgroups *where)
{
	const struct oqfs_cgroups usual = { "/proc/self/cgroup",
					    "/sys/fs/cgroup" };
	struct oqfs_machine m;
	OQ_FREE char *line = NULL;
	size_t room = 0;
	FILE *f;

	if (!where)
		where = &usual;
	look_at_machine(&m);
	f = fopen(where->self, "re");
	while (f && getline(&line, &room, f) > 0)
		look_at_line(line, where->root, &m);
	if (f)
		fclose(f);
	return m;
}
