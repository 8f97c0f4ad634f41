/* SPDX-License-Identifier: MIT */
/* machine.h - the processors and the memory that we may use
 *
 * What the machine has, the processors this process may run on, and what its
 * control groups (version 1 or 2) and all above them allow.  Stateless.
 */
#ifndef OQFS_MACHINE_H
#define OQFS_MACHINE_H

#include <stdint.h>

struct oqfs_machine {
	unsigned processors; /* > 0 */
	uint64_t memory;     /* bytes; > 0 */
};

/* Where the kernel tells of control groups; NULL: the usual places. */
struct oqfs_cgroups {
	const char *self; /* /proc/self/cgroup */
	const char *root; /* /sys/fs/cgroup */
};

struct oqfs_machine oqfs_machine_look(const struct oqfs_cgroups *where);

#endif
