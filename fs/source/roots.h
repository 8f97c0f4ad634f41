/* SPDX-License-Identifier: MIT */
/* roots.h - where the mount's files are: the only way into the source
 *
 *	oqfs SOURCE ...                     the mount's root is SOURCE
 *	oqfs -o source=a:DIR,source=b:DIR   the root has the directories a, b
 *
 * Paths are relative to the mount's root, so with several sources the first
 * component is the name of one; "" is the root itself.  One source is held
 * open.  Several are looked for anew each time, so that they may come and go.
 *
 * In a shared mount we may go where a caller may not: there no symbolic link
 * is followed, nothing outside the source is opened, and the rights to a source
 * are cut to what the directories above it leave to a caller.
 *
 * Any thread may call anything here.
 */
#ifndef OQFS_ROOTS_H
#define OQFS_ROOTS_H

#include <limits.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "fs/source/rights.h"
#include "lib/base/buf.h"
#include "lib/base/err.h"

struct oqfs_roots;

/* What the command line says. */
struct oqfs_roots_opts {
	/* A directory, or one file, whose directory then is the source
	 * directory; or one with a star: see pattern.h.  Beside 'named' it may
	 * be a mere word for the table of mounts. */
	const char *source;
	char *const *named; /* see oqfs_pattern_parse() */
	size_t nnamed;
	bool shared;
};

/* Errors are one sentence for the user. */
int oqfs_roots_new(const struct oqfs_roots_opts *o, struct oqfs_roots **out,
		   struct oq_err *err);
void oqfs_roots_free(struct oqfs_roots *r);

/* The absolute path of one source, and of its directory; NULL where there are
 * several. */
const char *oqfs_roots_path(const struct oqfs_roots *r);
const char *oqfs_roots_dir(const struct oqfs_roots *r);
/* Where the source is one file: its name in the directory; else NULL. */
const char *oqfs_roots_file(const struct oqfs_roots *r);
bool oqfs_roots_are_several(const struct oqfs_roots *r);
/* Is it one directory, and ours? */
bool oqfs_roots_are_own(const struct oqfs_roots *r);
/* Is 'path' a directory that calculations are numbered in: the source, or one
 * of several? */
bool oqfs_roots_has(const struct oqfs_roots *r, const char *path);
/* The part of 'path' that is below its source. */
const char *oqfs_roots_below(const struct oqfs_roots *r, const char *path);
/* The absolute path of a directory of the mount: 0, or -ENOENT (the root above
 * several has none), -ENAMETOOLONG. */
int oqfs_roots_where(const struct oqfs_roots *r, const char *dir,
		     char out[PATH_MAX]);
/* Where what is at this absolute path ('n' bytes) is in the mount; false where
 * it is not.  A source that is a link may be in it as it was named. */
bool oqfs_roots_find(const struct oqfs_roots *r, const char *path, size_t n,
		     char out[PATH_MAX]);
/* Would a mount at this absolute path be inside the source, or hide it? */
bool oqfs_roots_meet(const struct oqfs_roots *r, const char *path);
/* The names of several sources that are there, each with its NUL. */
int oqfs_roots_names(const struct oqfs_roots *r, struct oq_buf *names);
/* A line for each of several sources: how many directories it has now; and a
 * complaint for each that has none. */
void oqfs_roots_put_status(const struct oqfs_roots *r, struct oq_buf *out);
void oqfs_roots_put_missing(const struct oqfs_roots *r, struct oq_buf *out);

/* open(2) for reading, without waiting: a FIFO must not hold us up.  'flags'
 * are more of it, as O_PATH.  Returns a descriptor or a negative errno. */
int oqfs_roots_open(const struct oqfs_roots *r, const char *path, int flags);
/* The same, of a regular file, else -ESTALE. */
int oqfs_roots_open_file(const struct oqfs_roots *r, const char *path);
/* stat(2); 'flags' may be O_NOFOLLOW or O_DIRECTORY.  The mode says what the
 * rights do; without the list, where there is one, it is not enough. */
int oqfs_roots_stat(const struct oqfs_roots *r, const char *path, int flags,
		    struct stat *st);
/* And who may do what with it: of a source in a shared mount, only who can pass
 * the directories above. */
int oqfs_roots_look(const struct oqfs_roots *r, const char *path, int flags,
		    struct stat *st, struct oqfs_rights *may);
/* Of the source that 'path' is in; the root above several has none. */
int oqfs_roots_statvfs(const struct oqfs_roots *r, const char *path,
		       struct statvfs *st);

#endif
