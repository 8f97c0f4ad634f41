/* SPDX-License-Identifier: MIT */
/* pattern.c - one of several sources: a name and where that directory is */

#include "fs/source/pattern.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/cleanup.h"

/* ---- the word -------------------------------------------------------------*/

bool oqfs_pattern_has_star(const char *word)
{
	return strchr(word, '*') != NULL;
}

static bool is_name(const char *name, size_t n)
{
	if (n == 0 || n > NAME_MAX || (n == 1 && *name == '.') ||
	    (n == 2 && memcmp(name, "..", 2) == 0) ||
	    (n == 5 && memcmp(name, ".oqfs", 5) == 0))
		return false;
	for (size_t i = 0; i < n; i++)
		if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f ||
		    name[i] == '/')
			return false;
	return true;
}

static char *absolute(const char *dir, size_t n)
{
	OQ_FREE char *cwd = *dir == '/' ? NULL : getcwd(NULL, 0);
	char *path;

	if (*dir != '/' && !cwd)
		return NULL; /* the working directory was deleted */
	while (n > 1 && dir[n - 1] == '/')
		n--;
	if (asprintf(&path, "%s%s%.*s", cwd ? cwd : "", cwd ? "/" : "", (int)n,
		     dir) < 0)
		return NULL;
	return path;
}

/* The absolute path of 'n' bytes of 'dir', without symbolic links as far as it
 * exists.  NULL, with errno set. */
static char *settle(const char *dir, size_t n)
{
	OQ_FREE char *whole = absolute(dir, n), *real = NULL;
	OQ_FREE char *part = whole ? strdup(whole) : NULL;
	const char *rest;
	char *out;

	if (!part)
		return NULL;
	while (!(real = realpath(*part ? part : "/", NULL)) && *part)
		*strrchr(part, '/') = '\0';
	if (!real)
		return NULL;
	rest = whole + strlen(part);
	rest += strspn(rest, "/");
	if (asprintf(&out, "%s%s%s", real[1] ? real : "",
		     *rest || !real[1] ? "/" : "", rest) < 0)
		return NULL;
	return out;
}

static int not_settled(const char *word, struct oq_err *err)
{
	if (errno == ENOMEM)
		return oq_err_set(err, -ENOMEM, "there is not enough memory");
	return oq_err_set(err, -EINVAL,
			  "'%s' is relative to a working directory that cannot "
			  "be found: %s",
			  word, strerror(errno));
}

/* A directory for each name: cut it at the star. */
static int parse_star(const char *dir, struct oqfs_pattern *p,
		      struct oq_err *err)
{
	const char *star = strchr(dir, '*');
	const char *base = star;
	OQ_FREE char *above = NULL;
	size_t n = strlen(star + 1);

	if (strchr(star + 1, '*'))
		return oq_err_set(err, -EINVAL,
				  "there is more than one * in the source '%s'",
				  dir);
	while (base > dir && base[-1] != '/')
		base--;
	above = base > dir ? settle(dir, (size_t)(base - dir)) : settle(".", 1);
	if (!above)
		return not_settled(dir, err);
	while (n && star[n] == '/')
		n--;
	p->tail = strndup(star + 1, n);
	if (asprintf(&p->head, "%s/%.*s", above[1] ? above : "",
		     (int)(star - base), base) < 0)
		p->head = NULL;
	return p->head && p->tail
		       ? 0
		       : oq_err_set(err, -ENOMEM, "there is not enough memory");
}

static int parse_named(const char *word, const char *dir,
		       struct oqfs_pattern *p, struct oq_err *err)
{
	size_t n = (size_t)(dir - word) - 1;

	if (!is_name(word, n))
		return oq_err_set(err, -EINVAL,
				  "'%.*s' cannot be the name of a source",
				  (int)n, word);
	if (!*dir)
		return oq_err_set(err, -EINVAL,
				  "the source '%s' has no directory", word);
	p->head = settle(dir, strlen(dir));
	if (!p->head)
		return not_settled(dir, err);
	p->name = strndup(word, n);
	p->tail = strdup("");
	return p->name && p->tail
		       ? 0
		       : oq_err_set(err, -ENOMEM, "there is not enough memory");
}

int oqfs_pattern_parse(const char *word, struct oqfs_pattern *p,
		       struct oq_err *err)
{
	/* A path may have a colon of its own. */
	const char *colon = strchr("/.", *word) ? NULL : strchr(word, ':');
	const char *dir = colon ? colon + 1 : NULL;

	*p = (struct oqfs_pattern){ 0 };
	if (dir && dir == word + 2 && *word == '*' &&
	    oqfs_pattern_has_star(dir))
		return parse_star(dir, p, err);
	if (dir && !oqfs_pattern_has_star(word))
		return parse_named(word, dir, p, err);
	if (dir)
		return oq_err_set(err, -EINVAL,
				  "the source '%s' has a * for many "
				  "directories, but one name",
				  word);
	if (oqfs_pattern_has_star(word))
		return parse_star(word, p, err);
	return oq_err_set(err, -EINVAL,
			  "the source '%s' needs a name: source=NAME:%s", word,
			  word);
}

void oqfs_pattern_free(struct oqfs_pattern *p)
{
	free(p->name);
	free(p->head);
	free(p->tail);
}

/* ---- names ----------------------------------------------------------------*/

/* Like the shell, the star stands for no name that begins with a dot. */
static bool may_be(const struct oqfs_pattern *p, const char *name, size_t n)
{
	size_t head = strlen(p->head);

	return is_name(name, n) && (*name != '.' || p->head[head - 1] != '/');
}

int oqfs_pattern_path(const struct oqfs_pattern *p, const char *name, size_t n,
		      char path[PATH_MAX])
{
	int len;

	if (p->name ? strlen(p->name) != n || memcmp(p->name, name, n) != 0
		    : !may_be(p, name, n))
		return -ENOENT;
	len = snprintf(path, PATH_MAX, "%s%.*s%s", p->head,
		       p->name ? 0 : (int)n, name, p->tail);
	return len < PATH_MAX ? 0 : -ENOENT;
}

/* What the star is in a component of a path; NULL where it does not match. */
static const char *match(const struct oqfs_pattern *p, const char *c, size_t n,
			 size_t *len)
{
	const char *before = strrchr(p->head, '/') + 1;
	size_t nbefore = strlen(before), nbehind = strcspn(p->tail, "/");

	if (n <= nbefore + nbehind || memcmp(c, before, nbefore) != 0 ||
	    memcmp(c + n - nbehind, p->tail, nbehind) != 0)
		return NULL;
	*len = n - nbefore - nbehind;
	return may_be(p, c + nbefore, *len) ? c + nbefore : NULL;
}

int oqfs_pattern_names(const struct oqfs_pattern *p, struct oq_buf *names)
{
	OQ_FREE char *above = strdup(p->head);
	struct dirent *d;
	const char *name;
	size_t n;
	DIR *dp;
	int r;

	if (p->name) {
		oq_buf_put(names, p->name, strlen(p->name) + 1);
		return oq_buf_failed(names) ? -ENOMEM : 0;
	}
	if (!above)
		return -ENOMEM;
	strrchr(above, '/')[1] = '\0';
	dp = opendir(above);
	if (!dp)
		return -errno;
	for (errno = 0; (d = readdir(dp)); errno = 0) {
		name = match(p, d->d_name, strlen(d->d_name), &n);
		if (!name)
			continue;
		oq_buf_put(names, name, n);
		oq_buf_putc(names, '\0');
	}
	r = -errno;
	closedir(dp);
	return oq_buf_failed(names) ? -ENOMEM : r;
}

/* ---- paths ----------------------------------------------------------------*/

/* What follows 'dir' in a path; NULL where the path does not begin with it. */
static const char *below(const char *path, const char *end, const char *dir)
{
	size_t n = strlen(dir);

	if ((size_t)(end - path) < n || memcmp(path, dir, n) != 0)
		return NULL;
	path += n;
	if (path < end && *path != '/' && (!n || dir[n - 1] != '/'))
		return NULL;
	while (path < end && *path == '/')
		path++;
	return path;
}

const char *oqfs_pattern_find(const struct oqfs_pattern *p, const char *path,
			      size_t n, const char **name, size_t *len)
{
	const char *end = path + n, *c, *slash;

	if (p->name) {
		*name = p->name;
		*len = strlen(p->name);
		return below(path, end, p->head);
	}
	n = (size_t)(strrchr(p->head, '/') + 1 - p->head);
	if ((size_t)(end - path) < n || memcmp(path, p->head, n) != 0)
		return NULL;
	c = path + n;
	slash = memchr(c, '/', (size_t)(end - c));
	*name = match(p, c, (size_t)((slash ? slash : end) - c), len);
	if (!*name)
		return NULL;
	/* What stands behind the star may be more components. */
	return below(*name + *len, end, p->tail);
}

bool oqfs_pattern_meets(const struct oqfs_pattern *p, const char *path)
{
	const char *end = path + strlen(path), *base, *rest, *behind;
	OQ_FREE char *above = strdup(p->head);
	size_t n;

	if (!above)
		return true;
	if (below(above, above + strlen(above), path))
		return true; /* at the directory or above it */
	if (p->name)
		return below(path, end, above) != NULL;
	base = strrchr(above, '/') + 1;
	n = (size_t)(base - above);
	if (strncmp(path, above, n) != 0)
		return false;
	rest = strchr(path + n, '/');
	if (!rest)
		rest = end;
	if (!match(p, path + n, (size_t)(rest - path) - n, &n))
		return false;
	behind = p->tail + strcspn(p->tail, "/");
	return below(rest, end, behind) ||
	       below(behind, behind + strlen(behind), rest);
}
