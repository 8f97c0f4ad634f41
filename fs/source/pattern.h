/* SPDX-License-Identifier: MIT */
/* pattern.h - one of several sources: a name and where that directory is
 *
 *	alice:/srv/alice/oqdata     one directory, under the name "alice"
 *	/data/oq-*                  each directory of that form, under the
 *	                            name that the star stands for
 *
 * No directory is kept open, so they may come and go.  A parsed pattern never
 * changes; any thread.
 */
#ifndef OQFS_PATTERN_H
#define OQFS_PATTERN_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

#include "lib/base/buf.h"
#include "lib/base/err.h"

struct oqfs_pattern {
	char *name; /* owned; NULL: a pattern with a star */
	char *head; /* owned: the path, up to the star */
	char *tail; /* owned: the path behind the star, or "" */
};

/* Whether this word has a star. */
bool oqfs_pattern_has_star(const char *word);

/* Parse "NAME:DIR", "DIR-WITH-A-STAR" or "*:DIR-WITH-A-STAR".  Symbolic links
 * in the directories before the star are followed now, once, as far as these
 * exist.  Returns 0, or -EINVAL or -ENOMEM with one sentence for the user; the
 * caller frees 'p' in any case. */
int oqfs_pattern_parse(const char *word, struct oqfs_pattern *p,
		       struct oq_err *err);
void oqfs_pattern_free(struct oqfs_pattern *p);

/* The path of the directory with this name ('n' bytes), whether or not it
 * exists.  Returns 0, or -ENOENT where the pattern has no such name. */
int oqfs_pattern_path(const struct oqfs_pattern *p, const char *name, size_t n,
		      char path[PATH_MAX]);

/* Append the names that the pattern has now, each with its NUL: its own, or
 * those that match the star.  Whether each is a directory is not looked at.
 * Returns 0 or a negative errno. */
int oqfs_pattern_names(const struct oqfs_pattern *p, struct oq_buf *names);

/* If an absolute path ('n' bytes) leads into a directory of the pattern, set
 * '*name' to that directory's name, of '*len' bytes, and return the rest of the
 * path, without a '/' in front.  Else return NULL. */
const char *oqfs_pattern_find(const struct oqfs_pattern *p, const char *path,
			      size_t n, const char **name, size_t *len);

/* Whether a mount at this absolute path would hide directories of the pattern,
 * or lie inside one. */
bool oqfs_pattern_meets(const struct oqfs_pattern *p, const char *path);

#endif
