/* SPDX-License-Identifier: MIT */
/* roots.h - where the mount's files are: the only way into the source
 *
 *	oqfs SOURCE ...                     the mount's root is SOURCE
 *	oqfs -o source=a:DIR,source=b:DIR   the root has the directories a, b
 *
 * Paths are relative to the mount's root, so with several sources the first
 * component is the name of one; "" is the root itself.  A single source is held
 * open.  Several are looked for anew each time, so they may come and go.
 *
 * In a shared mount (allow_other) oqfs may have rights that a caller has not.
 * There no symbolic link is followed, nothing outside the source is opened, and
 * nobody gets a right to a source without the right to pass the directories
 * above it.
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
	/* A directory; one file; or a pattern with a star (pattern.h).  If
	 * there are 'named' ones, it may also be a word without a slash, which
	 * is only a name for the table of mounts. */
	const char *source;
	char *const *named; /* see oqfs_pattern_parse() */
	size_t nnamed;
	bool shared;
};

/* Returns 0, or a negative errno with one sentence for the user. */
int oqfs_roots_new(const struct oqfs_roots_opts *o, struct oqfs_roots **out,
		   struct oq_err *err);
void oqfs_roots_free(struct oqfs_roots *r);

/* The absolute path of a single source, and of the directory that it is or lies
 * in; NULL where there are several. */
const char *oqfs_roots_path(const struct oqfs_roots *r);
const char *oqfs_roots_dir(const struct oqfs_roots *r);
/* If the source is one file: its name in the directory; else NULL. */
const char *oqfs_roots_file(const struct oqfs_roots *r);
bool oqfs_roots_are_several(const struct oqfs_roots *r);
/* Whether there is a single source, in a directory of the user who runs oqfs.
 */
bool oqfs_roots_are_own(const struct oqfs_roots *r);
/* Whether 'path' is a source itself: the single one, or one of several. */
bool oqfs_roots_has(const struct oqfs_roots *r, const char *path);
/* The part of 'path' that is below its source. */
const char *oqfs_roots_below(const struct oqfs_roots *r, const char *path);
/* The absolute path, in the source, of a directory of the mount.  0; -ENOENT,
 * also for the root above several, which has none; -ENAMETOOLONG; or another
 * negative errno. */
int oqfs_roots_where(const struct oqfs_roots *r, const char *dir,
		     char out[PATH_MAX]);
/* The path in the mount of the file at an absolute path ('n' bytes) of the
 * source; false where the mount does not show it.  If the source was named by a
 * path with symbolic links, 'path' may begin with that or with the real one. */
bool oqfs_roots_find(const struct oqfs_roots *r, const char *path, size_t n,
		     char out[PATH_MAX]);
/* Whether a mount at this absolute path would lie inside a source, or hide it.
 */
bool oqfs_roots_meet(const struct oqfs_roots *r, const char *path);
/* Append the names of those of several sources that exist, each with its NUL.
 */
int oqfs_roots_names(const struct oqfs_roots *r, struct oq_buf *names);
/* Append a line for each of several sources: how many directories it has now;
 * or only a complaint for each that has none. */
void oqfs_roots_put_status(const struct oqfs_roots *r, struct oq_buf *out);
void oqfs_roots_put_missing(const struct oqfs_roots *r, struct oq_buf *out);

/* Open a file for reading, without waiting (for the writer of a FIFO).  'flags'
 * are further flags of open(2), as O_PATH.  Returns a descriptor, which the
 * caller closes, or a negative errno. */
int oqfs_roots_open(const struct oqfs_roots *r, const char *path, int flags);
/* The same; -ESTALE where it is not a regular file. */
int oqfs_roots_open_file(const struct oqfs_roots *r, const char *path);
/* Do stat(2); 'flags' may be O_NOFOLLOW or O_DIRECTORY.  The mode is that of
 * the rights below, which may have an access list besides.  0 or a negative
 * errno.
 */
int oqfs_roots_stat(const struct oqfs_roots *r, const char *path, int flags,
		    struct stat *st);
/* The same, and the rights to the file.  Those to a source in a shared mount
 * are cut to users who may pass the directories above it. */
int oqfs_roots_look(const struct oqfs_roots *r, const char *path, int flags,
		    struct stat *st, struct oqfs_rights *may);
/* Whether all who may read the file 'own' may read the file 'path' too.  False
 * also where that depends on who is in which groups. */
bool oqfs_roots_cover(const struct oqfs_roots *r, const char *path,
		      const char *own);
/* Do statvfs(2) of the source that has 'path'; for the root above several all
 * numbers are 0 but the block size.  0 or a negative errno. */
int oqfs_roots_statvfs(const struct oqfs_roots *r, const char *path,
		       struct statvfs *st);

#endif
