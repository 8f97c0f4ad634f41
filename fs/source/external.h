/* SPDX-License-Identifier: MIT */
/* external.h - the file that an external link names, as the mount has it
 *
 * A relative name begins at the directory of the datastore that holds the
 * link, an absolute one is looked for among the sources.  No name leads out of
 * the source that it begins in.  Paths are compared as they are written.  Any
 * thread.
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
	/* Relative to the root of the mount if so, else to the directory of the
	 * datastore; as it is written. */
	char path[PATH_MAX];
	/* The same relative to the root in any case, with no "." nor "..". */
	char plain[PATH_MAX];
};

/* Where the file of that name ('n' bytes), of a link in a datastore in the
 * directory 'dir', would be.  Returns 0, or -ENOENT where that is not in the
 * mount, or no name of a file. */
int oqfs_external_place(const struct oqfs_roots *r, const char *dir,
			const char *file, size_t n, struct oqfs_external *out);

/* The datastore at 'path' below the root: 0, or -ENOENT where there is none, or
 * not one that everybody may read who may read the file 'own' (NULL: that does
 * not matter). */
int oqfs_external_look(struct oqfs_catalog *c, const struct oqfs_roots *r,
		       const char *path, const char *own,
		       struct oqfs_source *out);

#endif
