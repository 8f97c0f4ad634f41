/* SPDX-License-Identifier: MIT */
/* target.h - where a symbolic link of the source leads, as a text for the mount
 *
 *	in the source                      in the mount
 *	sub/link -> ../x                   ../x
 *	sub/link -> /source/x              ../x
 *	sub/link -> ../../source/x         ../x
 *	alice/link -> /home/bob/oqdata/x   ../bob/x          (several sources)
 *	link -> calc_42.hdf5 (shared)      calc_42           (as it is shown)
 *	link -> ../other                   /there/other
 *	link -> /other                     /other
 *
 * So a link to a file that the mount shows leads to it in the mount, and any
 * other link leads where it does in the source.  Paths are compared as they are
 * written: the file at the end of a link, which may be anywhere, is not opened.
 * Any thread.
 */
#ifndef OQFS_TARGET_H
#define OQFS_TARGET_H

#include <limits.h>
#include <stdbool.h>

#include "fs/source/catalog.h"
#include "fs/source/roots.h"

/* The text that the link at 'path' in the source has in the mount.  Returns 0
 * or a negative errno. */
int oqfs_target_text(struct oqfs_catalog *c, const struct oqfs_roots *r,
		     const char *path, char text[PATH_MAX]);

/* Whether the link leads, through 16 links at most, to a directory of the mount
 * or to a datastore. */
bool oqfs_target_is_dir(struct oqfs_catalog *c, const struct oqfs_roots *r,
			const char *path);

#endif
