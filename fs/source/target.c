/* SPDX-License-Identifier: MIT */
/* target.c - where a symbolic link of the source leads, as a text for the
 * mount */

#include "fs/source/target.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define MAX_LINKS 16 /* one behind the other */

/* ---- paths as they are written --------------------------------------------*/

/* The length of a path without its last component and the slash before. */
static size_t parent_len(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? (size_t)(slash - path) : 0;
}

static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* Take "." and ".." out of an absolute path. */
static void normalise(char *path)
{
	char *from = path, *to = path;

	while (*from) {
		size_t n = strcspn(from + 1, "/");

		if (n == 2 && from[1] == '.' && from[2] == '.') {
			while (to > path && *--to != '/')
				;
		} else if (n && (n > 1 || from[1] != '.')) {
			memmove(to, from, n + 1);
			to += n + 1;
		}
		from += n + 1;
	}
	if (to == path)
		*to++ = '/';
	*to = '\0';
}

/* Whether a relative path, from a directory of this depth, leaves the top on
 * its way. */
static bool leaves(const char *p, int depth)
{
	for (; *p && depth >= 0; p += strcspn(p, "/"), p += *p == '/') {
		size_t n = strcspn(p, "/");

		if (n == 2 && p[0] == '.' && p[1] == '.')
			depth--;
		else if (n > 1 || (n == 1 && *p != '.'))
			depth++;
	}
	return depth < 0;
}

static int depth_of(const char *dir)
{
	int depth = *dir != '\0';

	for (; *dir; dir++)
		depth += *dir == '/';
	return depth;
}

/* ---- the link --------------------------------------------------------*/

struct link {
	struct oqfs_catalog *catalog;
	const struct oqfs_roots *roots;
	char raw[PATH_MAX];	 /* its text in the source */
	char dir[PATH_MAX];	 /* its directory, as a path of the mount */
	char to[PATH_MAX];	 /* absolute: what it leads to */
	char inside[PATH_MAX];	 /* the same as a path of the mount */
	char name[NAME_MAX + 1]; /* of what it leads to, in the mount */
	bool is_inside;
};

static void find_name(struct link *l)
{
	char dir[PATH_MAX];
	struct oqfs_source s;
	const char *base = base_of(l->inside);

	snprintf(dir, sizeof(dir), "%.*s", (int)parent_len(l->inside),
		 l->inside);
	snprintf(l->name, sizeof(l->name), "%.*s", NAME_MAX, base);
	if (*base && oqfs_catalog_look(l->catalog, dir, base, &s) == 0)
		snprintf(l->name, sizeof(l->name), "%s", s.shown);
}

static int read_link(struct link *l, const char *path)
{
	char from[PATH_MAX];
	int n, r = oqfs_catalog_readlink(l->catalog, path, l->raw);

	if (r)
		return r;
	snprintf(l->dir, sizeof(l->dir), "%.*s", (int)parent_len(path), path);
	r = oqfs_roots_where(l->roots, l->dir, from);
	if (r)
		return r;
	n = l->raw[0] == '/' ? snprintf(l->to, PATH_MAX, "%s", l->raw)
			     : snprintf(l->to, PATH_MAX, "%s/%s",
					strcmp(from, "/") ? from : "", l->raw);
	if (n >= PATH_MAX)
		return -ENAMETOOLONG;
	normalise(l->to);
	l->is_inside =
		oqfs_roots_find(l->roots, l->to, strlen(l->to), l->inside);
	n = l->is_inside ? (int)strlen(l->inside) : 0;
	if (n && l->inside[n - 1] == '/')
		l->inside[n - 1] = '\0';
	if (l->is_inside)
		find_name(l);
	return 0;
}

/* Use the link's own text, if that stays in its source. */
static bool keep_text(const struct link *l, char text[PATH_MAX])
{
	const char *base = base_of(l->raw);
	int n;

	if (l->raw[0] == '/' ||
	    leaves(l->raw, depth_of(oqfs_roots_below(l->roots, l->dir))))
		return false;
	/* A slash at its end, or dots, are names of directories. */
	if (strcmp(base, base_of(l->inside)) != 0)
		base += strlen(base);
	n = snprintf(text, PATH_MAX, "%.*s%s", (int)(base - l->raw), l->raw,
		     *base ? l->name : "");
	return n < PATH_MAX;
}

/* From one directory of the mount to a path in it. */
static int make_relative(const struct link *l, char text[PATH_MAX])
{
	const char *from = l->dir, *to = l->inside;
	char up[PATH_MAX] = "";
	size_t n, put = 0;

	for (;;) {
		n = strcspn(from, "/");
		if (!n || strncmp(from, to, n) != 0 || (to[n] && to[n] != '/'))
			break;
		from += n + (from[n] == '/');
		to += n + (to[n] == '/');
	}
	for (int i = depth_of(from); i > 0 && put + 4 < sizeof(up); i--)
		put += (size_t)sprintf(up + put, "../");
	n = *to ? parent_len(to) : 0;
	if (snprintf(text, PATH_MAX, "%s%.*s%s%s", up, (int)n, to, n ? "/" : "",
		     *to ? l->name : "") >= PATH_MAX)
		return -ENAMETOOLONG;
	put = strlen(text);
	if (!put)
		strcpy(text, ".");
	else if (text[put - 1] == '/')
		text[put - 1] = '\0';
	return 0;
}

int oqfs_target_text(struct oqfs_catalog *c, const struct oqfs_roots *r,
		     const char *path, char text[PATH_MAX])
{
	struct link l = { .catalog = c, .roots = r };
	int rc = read_link(&l, path);

	if (rc == -ENAMETOOLONG)
		return oqfs_catalog_readlink(c, path, text);
	if (rc)
		return rc;
	if (!l.is_inside)
		strcpy(text, l.raw[0] == '/' ? l.raw : l.to);
	else if (!keep_text(&l, text))
		rc = make_relative(&l, text);
	return rc;
}

bool oqfs_target_is_dir(struct oqfs_catalog *c, const struct oqfs_roots *r,
			const char *path)
{
	struct link l = { .catalog = c, .roots = r };
	struct oqfs_source s;
	char dir[PATH_MAX];

	for (int i = 0; i < MAX_LINKS; i++) {
		if (read_link(&l, i ? s.path : path) || !l.is_inside)
			return false;
		if (!*l.inside)
			return true;
		snprintf(dir, sizeof(dir), "%.*s", (int)parent_len(l.inside),
			 l.inside);
		if (oqfs_catalog_look(c, dir, base_of(l.inside), &s))
			return false;
		if (s.kind != OQFS_SOURCE_LINK)
			return s.kind != OQFS_SOURCE_PLAIN;
	}
	return false;
}
