/* SPDX-License-Identifier: MIT */
/* rootspath.c - absolute paths as paths of the mount, and back */

#include "fs/source/rootsint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What follows a directory in a path of 'n' bytes; NULL where the path is not
 * below it. */
static const char *behind(const char *dir, const char *path, size_t n)
{
	size_t len = dir && dir[1] ? strlen(dir) : 0;

	if (!dir || n < len || memcmp(path, dir, len) != 0)
		return NULL;
	if (n > len && path[len] != '/')
		return NULL;
	return path + len + (n > len);
}

int oqfs_roots_where(const struct oqfs_roots *r, const char *dir,
		     char out[PATH_MAX])
{
	const char *below = oqfs_roots_below(r, dir);
	char top[PATH_MAX];
	int fd, n;

	snprintf(top, sizeof(top), "%s", r->dir ? r->dir : "");
	if (r->nplaces) {
		fd = oqfs_roots_place(r, dir, strcspn(dir, "/"), top);
		if (fd < 0)
			return fd;
		close(fd);
	}
	n = snprintf(out, PATH_MAX, "%s%s%s", top, *below && top[1] ? "/" : "",
		     below);
	return n < PATH_MAX ? 0 : -ENAMETOOLONG;
}

bool oqfs_roots_find(const struct oqfs_roots *r, const char *path, size_t n,
		     char out[PATH_MAX])
{
	const char *end = path + n, *name, *rest = NULL;
	int put = PATH_MAX;
	size_t len;

	if (!r->nplaces)
		rest = behind(r->dir, path, n);
	if (!r->nplaces && !rest)
		rest = behind(r->named, path, n);
	if (rest)
		put = snprintf(out, PATH_MAX, "%.*s", (int)(end - rest), rest);
	for (size_t i = 0; i < r->nplaces; i++) {
		rest = oqfs_pattern_find(&r->places[i], path, n, &name, &len);
		if (!rest)
			continue;
		put = snprintf(out, PATH_MAX, "%.*s/%.*s", (int)len, name,
			       (int)(end - rest), rest);
		break;
	}
	return put < PATH_MAX;
}

bool oqfs_roots_meet(const struct oqfs_roots *r, const char *path)
{
	size_t n = r->dir && r->dir[1] ? strlen(r->dir) : 0;

	for (size_t i = 0; i < r->nplaces; i++)
		if (oqfs_pattern_meets(&r->places[i], path))
			return true;
	return r->dir && !r->file && strncmp(path, r->dir, n) == 0 &&
	       (path[n] == '/' || path[n] == '\0');
}
