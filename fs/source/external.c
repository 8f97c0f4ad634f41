/* SPDX-License-Identifier: MIT */
/* external.c - finds the file that an external link names, in the mount */

#include "fs/source/external.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Append a path to 'plain' (PATH_MAX bytes) and resolve its "." and "..".
 * Fails where 'plain' would become shorter than 'least' bytes, and so leave the
 * source. */
static int put_plain(char *plain, size_t least, const char *p, size_t n)
{
	const char *end = p + n;
	size_t len = strlen(plain);

	while (p < end) {
		const char *slash = memchr(p, '/', (size_t)(end - p));
		size_t part = (size_t)((slash ? slash : end) - p);

		if (part == 2 && p[0] == '.' && p[1] == '.') {
			if (len <= least)
				return -ENOENT;
			while (len > least && plain[len - 1] != '/')
				len--;
			len -= len > least;
			plain[len] = '\0';
		} else if (part > 1 || (part == 1 && *p != '.')) {
			int put =
				snprintf(plain + len, PATH_MAX - len, "%s%.*s",
					 len ? "/" : "", (int)part, p);

			if (put < 0 || (size_t)put >= PATH_MAX - len)
				return -ENOENT;
			len += (size_t)put;
		}
		p = slash ? slash + 1 : end;
	}
	return 0;
}

/* The length of the part of a path that names the source: "" or "alice". */
static size_t source_len(const struct oqfs_roots *r, const char *path)
{
	size_t n = (size_t)(oqfs_roots_below(r, path) - path);

	return n && path[n - 1] == '/' ? n - 1 : n;
}

static int place_relative(const struct oqfs_roots *r, const char *dir,
			  const char *file, size_t n, struct oqfs_external *out)
{
	if (n >= sizeof(out->path))
		return -ENOENT;
	out->is_absolute = false;
	memcpy(out->path, file, n);
	out->path[n] = '\0';
	snprintf(out->plain, sizeof(out->plain), "%s", dir);
	return put_plain(out->plain, source_len(r, out->plain), file, n);
}

static int place_absolute(const struct oqfs_roots *r, const char *file,
			  size_t n, struct oqfs_external *out)
{
	size_t own;

	if (!oqfs_roots_find(r, file, n, out->path))
		return -ENOENT;
	out->is_absolute = true;
	own = source_len(r, out->path);
	snprintf(out->plain, sizeof(out->plain), "%.*s", (int)own, out->path);
	return put_plain(out->plain, own, out->path + own,
			 strlen(out->path + own));
}

int oqfs_external_place(const struct oqfs_roots *r, const char *dir,
			const char *file, size_t n, struct oqfs_external *out)
{
	if (oqfs_roots_file(r) || !n || memchr(file, '\0', n))
		return -ENOENT;
	return *file == '/' ? place_absolute(r, file, n, out)
			    : place_relative(r, dir, file, n, out);
}

int oqfs_external_look(struct oqfs_catalog *c, const struct oqfs_roots *r,
		       const char *path, const char *own,
		       struct oqfs_source *out)
{
	const char *slash = strrchr(path, '/');
	char dir[PATH_MAX];

	snprintf(dir, sizeof(dir), "%.*s", slash ? (int)(slash - path) : 0,
		 path);
	if (oqfs_catalog_look(c, dir, slash ? slash + 1 : path, out) ||
	    out->kind != OQFS_SOURCE_STORE ||
	    (own && !oqfs_roots_cover(r, out->path, own)))
		return -ENOENT;
	return 0;
}
