/* SPDX-License-Identifier: MIT */
/* rootsint.h - private to roots*.c: the source, or several */
#ifndef OQFS_ROOTSINT_H
#define OQFS_ROOTSINT_H

#include <time.h>

#include "fs/source/pattern.h"
#include "fs/source/roots.h"

/* All set before sharing, never changed. */
struct oqfs_roots {
	bool shared;

	/* One source. */
	int fd;	    /* O_PATH of the directory; -1 */
	char *path; /* absolute, of what was named */
	char *dir;
	char *named; /* the directory as it was named, links and all; or NULL */
	char *file;  /* NULL unless the source is one file */

	/* Several: those with a name of their own first. */
	struct oqfs_pattern *places;
	size_t nplaces;
	struct timespec born;
};

/* The directory with this name, one of several, as an O_PATH descriptor or a
 * negative errno; 'dir' is then its path. */
int oqfs_roots_place(const struct oqfs_roots *r, const char *name, size_t n,
		     char dir[PATH_MAX]);

#endif
