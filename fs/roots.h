/* SPDX-License-Identifier: MIT */
/* roots.h - where the mount's files are: the only way into the source
 *
 * Paths are relative to the source directory; "" is that directory itself.
 * In a shared mount we may go where a caller may not: there no symbolic link
 * is followed, nothing outside the source is opened, and the mode of the
 * source is cut to what the directories above it leave to a caller.
 *
 * Any thread may call anything here.
 */
#ifndef OQFS_ROOTS_H
#define OQFS_ROOTS_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "lib/err.h"

struct oqfs_roots;

/* 'source' is a directory, or one file, whose directory then is the source
 * directory.  Errors are one sentence for the user. */
int oqfs_roots_new(const char *source, bool shared, struct oqfs_roots **out,
		   struct oq_err *err);
void oqfs_roots_free(struct oqfs_roots *r);

/* The absolute path of the source directory. */
const char *oqfs_roots_dir(const struct oqfs_roots *r);
/* Where the source is one file: its name in the directory; else NULL. */
const char *oqfs_roots_file(const struct oqfs_roots *r);

/* open(2) for reading, without waiting: a FIFO must not hold us up.  'flags'
 * are more of it, as O_PATH.  Returns a descriptor or a negative errno. */
int oqfs_roots_open(const struct oqfs_roots *r, const char *path, int flags);
/* The same, of a regular file, else -ESTALE. */
int oqfs_roots_open_file(const struct oqfs_roots *r, const char *path);
/* stat(2); 'flags' may be O_NOFOLLOW or O_DIRECTORY.  In a shared mount group
 * and others lose their bits where an access list could say less. */
int oqfs_roots_stat(const struct oqfs_roots *r, const char *path, int flags,
		    struct stat *st);
int oqfs_roots_statvfs(const struct oqfs_roots *r, struct statvfs *st);

#endif
