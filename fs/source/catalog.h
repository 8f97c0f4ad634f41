/* SPDX-License-Identifier: MIT */
/* catalog.h - what the source directory holds, and under which names
 *
 *	in the source                    in the mount
 *	calc_42.hdf5  (HDF5)             calc_42/        and, not listed,
 *	                                 calc_42.hdf5    the plain file
 *	weather.nc    (HDF5)             weather.nc/
 *	db.sqlite3, a directory, ...     as they are
 *
 * A file is HDF5 by its signature, not by its name.  If a directory has both
 * calc_42.hdf5 and calc_42, both keep their whole names.  A symbolic link to an
 * HDF5 file is shown as that file, but not in a shared mount (allow_other):
 * there the mount shows the link, which the kernel follows with the caller's
 * rights, and nothing outside the source is ever opened.
 *
 * Paths are as in roots.h: relative to the source directory, or to the root
 * above several sources.  Any thread.  The only state is a table of files that
 * were found to be HDF5 or not, by their identity.
 */
#ifndef OQFS_CATALOG_H
#define OQFS_CATALOG_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>

#include "fs/source/roots.h"
#include "lib/base/buf.h"
#include "lib/base/err.h"

struct oqfs_catalog;

enum oqfs_source_kind {
	OQFS_SOURCE_DIR,
	OQFS_SOURCE_PLAIN, /* a file that passes through */
	OQFS_SOURCE_LINK,  /* a symbolic link that passes through */
	OQFS_SOURCE_STORE, /* an HDF5 file, to be shown as a directory */
};

/* An entry of a source directory. */
struct oqfs_source {
	enum oqfs_source_kind kind;
	char path[PATH_MAX];	  /* relative to the source */
	char shown[NAME_MAX + 1]; /* its name in the mount */
	struct stat st;		  /* of the file; see oqfs_roots_stat() */
	bool is_plain;		  /* no access list beside the mode */
	bool is_live;		  /* STORE: being written, or never closed */
	bool is_swmr;		  /* STORE: is_live, written in SWMR mode */
};

/* Open the catalogue of 'roots', which it borrows; a source that is one file
 * must be HDF5.  0, or a negative errno with one sentence for the user. */
int oqfs_catalog_open(const struct oqfs_roots *roots, struct oqfs_catalog **out,
		      struct oq_err *err);
void oqfs_catalog_close(struct oqfs_catalog *c);

/* Find the entry that the mount shows as 'name' in directory 'dir'.  Returns 0
 * or a negative errno, -ENOENT where there is none. */
int oqfs_catalog_find(struct oqfs_catalog *c, const char *dir, const char *name,
		      struct oqfs_source *out);
/* Find the entry that is called 'name' in the source; 'shown' is its name in
 * the mount.  Errors as above. */
int oqfs_catalog_look(struct oqfs_catalog *c, const char *dir, const char *name,
		      struct oqfs_source *out);
/* The attributes of a source directory.  0 or a negative errno. */
int oqfs_catalog_stat(struct oqfs_catalog *c, const char *dir, struct stat *st);

/* Append the names that a directory has in the source, each with its NUL,
 * without "." and "..".  0 or a negative errno. */
int oqfs_catalog_list(struct oqfs_catalog *c, const char *dir,
		      struct oq_buf *names);
/* The text of a symbolic link as it stands in the source: see target.h. */
int oqfs_catalog_readlink(struct oqfs_catalog *c, const char *path,
			  char text[PATH_MAX]);

/* 42 for the name "calc_42" of 'n' bytes; -1 for a name of another form. */
int64_t oqfs_calc_number(const char *name, size_t n);
/* "calc_42.hdf5" gives "calc_42" and true; any other name is copied, and the
 * result is false. */
bool oqfs_calc_name(const char *file, char shown[NAME_MAX + 1]);

#endif
