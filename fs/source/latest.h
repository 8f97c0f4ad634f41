/* SPDX-License-Identifier: MIT */
/* latest.h - the calculation with the highest number
 *
 * Any thread.
 */
#ifndef OQFS_LATEST_H
#define OQFS_LATEST_H

#include <limits.h>

#include "fs/source/catalog.h"
#include "fs/source/roots.h"

/* Fill in the name that the calculation with the highest number in a source has
 * in the mount.  Returns 0; -ENOENT where there is none, or 'dir' is not a
 * source (but a directory inside one, or the root above several); or another
 * negative errno. */
int oqfs_latest(struct oqfs_catalog *c, const struct oqfs_roots *roots,
		const char *dir, char name[NAME_MAX + 1]);

#endif
