/* SPDX-License-Identifier: MIT */
/* catalog.h - what the source directory holds, and under which names
 *
 *	in the source                    in the mount
 *	calc_42.hdf5  (HDF5)             calc_42/        and, not listed,
 *	                                 calc_42.hdf5    the plain file
 *	weather.nc    (HDF5)             weather.nc/
 *	db.sqlite3, a directory, ...     as they are
 *
 * A file is HDF5 by its signature, not by its name.  Where calc_42.hdf5 and
 * an entry calc_42 stand side by side, both keep their whole names.  A
 * symbolic link to an HDF5 file counts as that file in a mount of one's own.
 * In a shared mount it passes through, for the kernel to follow with the
 * caller's rights, and nothing outside the source is ever opened.
 *
 * Paths are as in roots.h: relative to the source directory, or to the root
 * above several sources, whose directories those are.
 * Any thread may call anything here; nothing is kept but answers to "is this
 * HDF5", by identity.
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
	struct stat st;		  /* of what is shown; see oqfs_roots_stat() */
	bool is_plain;		  /* the mode says all of who may */
	bool is_live;		  /* STORE: being written, or never closed */
	bool is_swmr;		  /* STORE: by somebody who lets others read */
};

/* 'roots' is borrowed; where it is one file, that must be HDF5.  Errors are one
 * sentence for the user. */
int oqfs_catalog_open(const struct oqfs_roots *roots, struct oqfs_catalog **out,
		      struct oq_err *err);
void oqfs_catalog_close(struct oqfs_catalog *c);

/* What the mount shows as 'name' in directory 'dir'.  Returns 0 or a negative
 * errno. */
int oqfs_catalog_find(struct oqfs_catalog *c, const char *dir, const char *name,
		      struct oqfs_source *out);
/* What the entry with this real name is, and how it is shown. */
int oqfs_catalog_look(struct oqfs_catalog *c, const char *dir, const char *name,
		      struct oqfs_source *out);
/* The attributes of a source directory. */
int oqfs_catalog_stat(struct oqfs_catalog *c, const char *dir, struct stat *st);

/* The real names in a directory, each with its NUL, without "." and "..". */
int oqfs_catalog_list(struct oqfs_catalog *c, const char *dir,
		      struct oq_buf *names);
/* The calculation with the highest number in a source directory, by its name
 * in the mount.  Returns 0 or -ENOENT: there is none, or 'dir' is no source
 * but a directory inside one, or the one above several. */
int oqfs_catalog_latest(struct oqfs_catalog *c, const char *dir,
			char name[NAME_MAX + 1]);

/* The text of a symbolic link as it stands in the source: see target.h. */
int oqfs_catalog_readlink(struct oqfs_catalog *c, const char *path,
			  char text[PATH_MAX]);

/* "calc_42.hdf5" gives "calc_42"; any other name is copied.  True when it was
 * one of a calculation. */
bool oqfs_calc_name(const char *file, char shown[NAME_MAX + 1]);

#endif
