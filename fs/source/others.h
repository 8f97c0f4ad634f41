/* SPDX-License-Identifier: MIT */
/* others.h - the other files that virtual datasets of a group take data from
 *
 * As they were when they were found.  Any thread, if nobody changes it.
 */
#ifndef OQFS_OTHERS_H
#define OQFS_OTHERS_H

#include <stdbool.h>
#include <stdint.h>

#include "fs/source/identity.h"
#include "lib/base/buf.h"
#include "lib/ipc/wire.h"

struct oqfs_other {
	char *path; /* owned; below the root of the mount */
	struct oqfs_identity id;
	bool is_young;
};

struct oqfs_others {
	uint64_t group;
	unsigned n;
	struct oq_buf names; /* as the datasets call them, each with a NUL */
	struct oqfs_other of[OQ_MAX_SOURCES];
};

/* NULL is accepted. */
void oqfs_others_free(struct oqfs_others *o);

/* Are they the same files in the same state, by the same names? */
bool oqfs_others_same(const struct oqfs_others *a, const struct oqfs_others *b);

#endif
