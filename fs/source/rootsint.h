/* SPDX-License-Identifier: MIT */
/* rootsint.h - private to roots*.c: the source, or several */
#ifndef OQFS_ROOTSINT_H
#define OQFS_ROOTSINT_H

#include <time.h>

#include "fs/source/pattern.h"
#include "fs/source/roots.h"

/* All fields are set before sharing and never change. */
struct oqfs_roots {
	bool shared;

	/* One source. */
	int fd;	     /* O_PATH of the directory; or -1 */
	char *path;  /* of the source: absolute, without links */
	char *dir;   /* the same of its directory */
	char *named; /* the directory as the user named it, links and all; or
			NULL */
	char *file;  /* NULL unless the source is one file */

	/* Several: those without a star first. */
	struct oqfs_pattern *places;
	size_t nplaces;
	struct timespec born; /* the times of the root above them */
};

/* Open the directory with this name ('n' bytes), one of several.  Returns an
 * O_PATH descriptor, which the caller closes, or a negative errno; 'dir' is its
 * path. */
int oqfs_roots_place(const struct oqfs_roots *r, const char *name, size_t n,
		     char dir[PATH_MAX]);

#endif
