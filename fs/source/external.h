/* SPDX-License-Identifier: MIT */
/* external.h - finds the file that an external link names, in the mount
 *
 * A relative name begins at the directory of the datastore that holds the link.
 * An absolute name is found if it is below one of the sources.  No name leads
 * out of the source that it begins in.  Paths are compared as they are written:
 * symbolic links are not resolved.  Any thread.
 */
#ifndef OQFS_EXTERNAL_H
#define OQFS_EXTERNAL_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "fs/source/catalog.h"
#include "fs/source/roots.h"

struct oqfs_external {
	bool is_absolute;
	/* As written in the link: relative to the root of the mount if
	 * 'is_absolute', otherwise to the directory of the datastore. */
	char path[PATH_MAX];
	/* Always relative to the root of the mount, without "." and "..". */
	char plain[PATH_MAX];
};

/* Tell where the mount would have the file 'file' (a name of 'n' bytes), for a
 * link in a datastore in directory 'dir'.  Does not look whether it exists.
 * Returns 0, or -ENOENT if the place is outside of the mount, or the name is
 * not that of a file. */
int oqfs_external_place(const struct oqfs_roots *r, const char *dir,
			const char *file, size_t n, struct oqfs_external *out);

/* Look up the datastore at 'path', relative to the root of the mount.  Returns
 * 0, or -ENOENT if there is none.  Unless 'own' is NULL, also -ENOENT if
 * somebody who may read the file 'own' may not read the datastore. */
int oqfs_external_look(struct oqfs_catalog *c, const struct oqfs_roots *r,
		       const char *path, const char *own,
		       struct oqfs_source *out);

#endif
