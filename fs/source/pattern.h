/* SPDX-License-Identifier: MIT */
/* pattern.h - one of several sources: a name and where that directory is
 *
 *	alice:/srv/alice/oqdata     one directory, under the name "alice"
 *	/data/oq-*                  each directory of that form, under the
 *	                            name that the star stands for
 *
 * Nothing here is kept open: directories may come and go.  Plain values; any
 * thread.
 */
#ifndef OQFS_PATTERN_H
#define OQFS_PATTERN_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

struct oqfs_pattern {
	char *name; /* owned; NULL: as many as there are */
	char *head; /* owned: the path, as far as the star */
	char *tail; /* owned: the path behind it, else "" */
};

/* Does this word stand for several directories? */
bool oqfs_pattern_has_star(const char *word);

/* Understand "NAME:DIR", "DIR-WITH-A-STAR" or "*:" and that.  Symbolic links
 * in the path are followed once, here, as far as it is there and up to the
 * star.  Returns 0, or -EINVAL or -ENOMEM with one sentence; 'p' is to be freed
 * in either case. */
int oqfs_pattern_parse(const char *word, struct oqfs_pattern *p,
		       struct oq_err *err);
void oqfs_pattern_free(struct oqfs_pattern *p);

/* The path of the directory with this name ('n' bytes).  Returns 0, or
 * -ENOENT where this place has no such name. */
int oqfs_pattern_path(const struct oqfs_pattern *p, const char *name, size_t n,
		      char path[PATH_MAX]);

/* Put the names it may have now, each with its NUL: whether the directories
 * are there is not looked at.  Returns 0 or a negative errno. */
int oqfs_pattern_names(const struct oqfs_pattern *p, struct oq_buf *names);

/* Does an absolute path ('n' bytes) lead into a directory of this place?  Then
 * '*name' is its name, of 'len' bytes, and the return value what follows of
 * the path, without a '/' in front; else NULL. */
const char *oqfs_pattern_find(const struct oqfs_pattern *p, const char *path,
			      size_t n, const char **name, size_t *len);

/* Would something mounted at this path hide directories of the place, or show
 * itself among them? */
bool oqfs_pattern_meets(const struct oqfs_pattern *p, const char *path);

#endif
