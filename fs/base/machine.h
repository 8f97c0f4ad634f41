/* SPDX-License-Identifier: MIT */
/* machine.h - the processors and the memory that we may use
 *
 * The least of what the machine has, what this process may run on, and what its
 * control groups (version 1 or 2) and those above them allow.  Any thread.
 */
#ifndef OQFS_MACHINE_H
#define OQFS_MACHINE_H

#include <stdint.h>

struct oqfs_machine {
	unsigned processors; /* > 0 */
	uint64_t memory;     /* bytes; > 0 */
};

/* The files in which the kernel describes control groups. */
struct oqfs_cgroups {
	const char *self; /* /proc/self/cgroup */
	const char *root; /* /sys/fs/cgroup */
};

/* 'where' NULL: the usual files. */
struct oqfs_machine oqfs_machine_look(const struct oqfs_cgroups *where);

#endif
