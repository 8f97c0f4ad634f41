/* SPDX-License-Identifier: MIT */
/* roots.c - where the mount's files are: the only way into the source */

#include "fs/source/roots.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "fs/source/identity.h"
#include "fs/source/rights.h"
#include "fs/source/rootsint.h"
#include "lib/base/cleanup.h"

#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
#define PATH_FLAGS (O_PATH | O_CLOEXEC)
#define OPEN_TRIES 8

/* ---- opening --------------------------------------------------------------*/

static int open_at(const struct oqfs_roots *r, int fd, const char *path,
		   int flags)
{
	struct open_how how = { 0 };
	long got = -1;

	/* openat2(2) refuses flags that have no use with O_PATH. */
	how.flags = (uint64_t)(flags & O_PATH ? PATH_FLAGS : OPEN_FLAGS);
	how.flags |= (uint64_t)flags;
	how.resolve = r->shared ? RESOLVE_NO_SYMLINKS : RESOLVE_NO_MAGICLINKS;
	if (r->shared && fd != AT_FDCWD)
		how.resolve |= RESOLVE_BENEATH;
	/* EAGAIN: something was renamed while the kernel walked the path. */
	for (int i = 0; i < OPEN_TRIES; i++) {
		got = syscall(SYS_openat2, fd, path, &how, sizeof(how));
		if (got >= 0 || errno != EAGAIN)
			break;
	}
	/* A kernel before 5.6, or a container that knows of none later. */
	if (got < 0 && (errno == ENOSYS || errno == EPERM) && !r->shared)
		got = openat(fd, path, (int)how.flags);
	return got < 0 ? -errno : (int)got;
}

static bool is_absent(int rc)
{
	return rc == -ENOENT || rc == -ENOTDIR || rc == -ELOOP;
}

int oqfs_roots_place(const struct oqfs_roots *r, const char *name, size_t n,
		     char dir[PATH_MAX])
{
	int fd = -ENOENT;

	for (size_t i = 0; i < r->nplaces; i++) {
		if (oqfs_pattern_path(&r->places[i], name, n, dir))
			continue;
		fd = open_at(r, AT_FDCWD, dir, O_PATH | O_DIRECTORY);
		if (!is_absent(fd) || r->places[i].name)
			break;
	}
	return is_absent(fd) ? -ENOENT : fd;
}

/* The directory that a path begins in; the rest of the path is '*rest'.  The
 * caller closes '*opened'. */
static int enter(const struct oqfs_roots *r, const char *path,
		 const char **rest, int *opened)
{
	char dir[PATH_MAX];
	size_t n;

	*rest = path;
	if (!r->nplaces)
		return r->fd;
	n = strcspn(path, "/");
	*rest = path + n + (path[n] == '/');
	if (n == 0)
		return -EISDIR;
	*opened = oqfs_roots_place(r, path, n, dir);
	return *opened;
}

int oqfs_roots_open(const struct oqfs_roots *r, const char *path, int flags)
{
	OQ_CLOSE int opened = -1;
	int fd = enter(r, path, &path, &opened);

	return fd < 0 ? fd : open_at(r, fd, *path ? path : ".", flags);
}

int oqfs_roots_open_file(const struct oqfs_roots *r, const char *path)
{
	OQ_CLOSE int fd = oqfs_roots_open(r, path, 0);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st))
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -ESTALE;
	return oq_steal_fd(&fd);
}

/* ---- looking --------------------------------------------------------------*/

static void stat_top(const struct oqfs_roots *r, struct stat *st)
{
	*st = (struct stat){
		.st_mode = S_IFDIR | 0555,
		.st_nlink = 2,
		.st_uid = geteuid(),
		.st_gid = getegid(),
		.st_atim = r->born,
		.st_mtim = r->born,
		.st_ctim = r->born,
	};
}

/* Open a source, or a file in one.  '*at' is the absolute path of a source in a
 * shared mount, where the directories above it count; else NULL. */
static int open_found(const struct oqfs_roots *r, const char *path, int flags,
		      char dir[PATH_MAX], const char **at)
{
	bool is_source = oqfs_roots_has(r, path);

	*at = NULL;
	if (is_source && r->shared)
		*at = r->nplaces ? dir : r->path;
	return is_source && r->nplaces
		       ? oqfs_roots_place(r, path, strlen(path), dir)
		       : oqfs_roots_open(r, path, O_PATH | flags);
}

int oqfs_roots_look(const struct oqfs_roots *r, const char *path, int flags,
		    struct stat *st, struct oqfs_rights *may)
{
	char dir[PATH_MAX];
	const char *source;
	OQ_CLOSE int fd = -1;
	int rc;

	if (r->nplaces && !*path) {
		stat_top(r, st);
		oqfs_rights_parse(NULL, 0, st, may);
		return 0;
	}
	fd = open_found(r, path, flags, dir, &source);
	if (fd < 0)
		return fd;
	rc = oqfs_identity_stat(fd, st);
	if (rc)
		return rc;
	oqfs_rights_of(fd, st, may);
	if (source)
		oqfs_rights_pass(may, source);
	if (source || !oqfs_rights_are_plain(may))
		st->st_mode = (st->st_mode & ~(mode_t)077) |
			      (oqfs_rights_mode(may) & 077);
	return 0;
}

int oqfs_roots_stat(const struct oqfs_roots *r, const char *path, int flags,
		    struct stat *st)
{
	struct oqfs_rights may;

	return oqfs_roots_look(r, path, flags, st, &may);
}

/* Who may read 'path' must pass the directories to it, but for those that are
 * above 'own' as well. */
static int pass(const struct oqfs_roots *r, const char *path, const char *own,
		struct oqfs_rights *may)
{
	struct oqfs_rights above;
	char dir[PATH_MAX];
	struct stat st;

	for (size_t n = 1; path[n]; n++) {
		int rc;

		if (path[n] != '/' || strncmp(own, path, n + 1) == 0)
			continue;
		snprintf(dir, sizeof(dir), "%.*s", (int)n, path);
		rc = oqfs_roots_look(r, dir, 0, &st, &above);
		if (rc)
			return rc;
		oqfs_rights_below(may, &above);
	}
	return 0;
}

bool oqfs_roots_cover(const struct oqfs_roots *r, const char *path,
		      const char *own)
{
	struct oqfs_rights by, may;
	struct stat st;

	return *path && oqfs_roots_look(r, own, 0, &st, &by) == 0 &&
	       oqfs_roots_look(r, path, 0, &st, &may) == 0 &&
	       pass(r, path, own, &may) == 0 && oqfs_rights_cover(&may, &by);
}

int oqfs_roots_statvfs(const struct oqfs_roots *r, const char *path,
		       struct statvfs *st)
{
	OQ_CLOSE int opened = -1;
	int fd;

	if (r->nplaces && !*path) {
		*st = (struct statvfs){ .f_bsize = 4096, .f_frsize = 4096 };
		return 0;
	}
	fd = enter(r, path, &path, &opened);
	if (fd < 0)
		return fd;
	return fstatvfs(fd, st) ? -errno : 0;
}

/* ---- names and paths ------------------------------------------------------*/

const char *oqfs_roots_path(const struct oqfs_roots *r)
{
	return r->path;
}

const char *oqfs_roots_dir(const struct oqfs_roots *r)
{
	return r->dir;
}

const char *oqfs_roots_file(const struct oqfs_roots *r)
{
	return r->file;
}

bool oqfs_roots_are_several(const struct oqfs_roots *r)
{
	return r->nplaces > 0;
}

bool oqfs_roots_are_own(const struct oqfs_roots *r)
{
	struct stat st;

	return r->fd >= 0 && fstat(r->fd, &st) == 0 && st.st_uid == geteuid();
}

bool oqfs_roots_has(const struct oqfs_roots *r, const char *path)
{
	if (r->nplaces)
		return *path && !strchr(path, '/');
	return r->file ? strcmp(path, r->file) == 0 : !*path;
}

const char *oqfs_roots_below(const struct oqfs_roots *r, const char *path)
{
	size_t n = r->nplaces ? strcspn(path, "/") : 0;

	return path + n + (n && path[n] == '/');
}

/* A named source is listed even if it cannot be entered.  A star, like that of
 * the shell, finds only directories that can. */
static bool is_listed(const struct oqfs_roots *r, const struct oqfs_pattern *p,
		      const char *name)
{
	char dir[PATH_MAX];
	OQ_CLOSE int fd = oqfs_roots_place(r, name, strlen(name), dir);

	return fd >= 0 || (p->name && fd != -ENOENT);
}

/* Append the names of one source that no source before it has. */
static int put_names(const struct oqfs_roots *r, const struct oqfs_pattern *p,
		     struct oq_buf *names)
{
	OQ_BUF struct oq_buf own = { 0 };
	size_t end = names->len, n;
	int rc = oqfs_pattern_names(p, &own);

	for (size_t at = 0; !rc && at < own.len; at += n) {
		const char *name = own.data + at;

		n = strlen(name) + 1;
		if (is_listed(r, p, name) &&
		    !oq_words_have(names->data, end, name))
			oq_buf_put(names, name, n);
	}
	return is_absent(rc) ? 0 : rc;
}

int oqfs_roots_names(const struct oqfs_roots *r, struct oq_buf *names)
{
	int rc = 0;

	for (size_t i = 0; i < r->nplaces && !rc; i++)
		rc = put_names(r, &r->places[i], names);
	return rc ? rc : oq_buf_failed(names) ? -ENOMEM : 0;
}

static size_t count(const struct oqfs_roots *r, const struct oqfs_pattern *p)
{
	OQ_BUF struct oq_buf names = { 0 };
	size_t n = 0;

	(void)put_names(r, p, &names);
	for (size_t at = 0; at < names.len; at++)
		n += names.data[at] == '\0';
	return n;
}

void oqfs_roots_put_status(const struct oqfs_roots *r, struct oq_buf *out)
{
	for (size_t i = 0; i < r->nplaces; i++) {
		const struct oqfs_pattern *p = &r->places[i];

		oq_buf_printf(out, "source %s: %s%s%s: %zu there\n",
			      p->name ? p->name : "*", p->head,
			      p->name ? "" : "*", p->tail, count(r, p));
	}
}

void oqfs_roots_put_missing(const struct oqfs_roots *r, struct oq_buf *out)
{
	for (size_t i = 0; i < r->nplaces; i++) {
		const struct oqfs_pattern *p = &r->places[i];

		if (count(r, p) == 0)
			oq_buf_printf(out,
				      "oqfs: there is no directory '%s%s%s' "
				      "yet\n",
				      p->head, p->name ? "" : "*", p->tail);
	}
}

/* ---- making ---------------------------------------------------------------*/

/* Symbolic links in the source may lead to it by the path that its owner uses.
 */
static int name_source(struct oqfs_roots *r, const char *source,
		       struct oq_err *err)
{
	OQ_FREE char *cwd = *source == '/' ? strdup("") : getcwd(NULL, 0);
	size_t n;

	if (!cwd || r->file)
		return 0;
	if (asprintf(&r->named, "%s%s%s", cwd, *source == '/' ? "" : "/",
		     source) < 0) {
		r->named = NULL;
		return oq_err_set(err, -ENOMEM, "there is not enough memory");
	}
	for (n = strlen(r->named); n > 1 && r->named[n - 1] == '/'; n--)
		r->named[n - 1] = '\0';
	return 0;
}

/* Open the source.  If it is a file, split its name off its path. */
static int open_source(struct oqfs_roots *r, const char *source,
		       struct oq_err *err)
{
	OQ_FREE char *real = realpath(source, NULL);
	struct stat st;
	char *slash;

	if (!real || stat(real, &st))
		return oq_err_set(err, -errno,
				  "cannot open the source '%s': %s", source,
				  strerror(errno));
	if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
		return oq_err_set(
			err, -ENOTDIR,
			"the source '%s' is neither a directory nor a "
			"file",
			source);
	r->path = strdup(real);
	if (!r->path)
		return oq_err_set(err, -ENOMEM, "there is not enough memory");
	if (S_ISREG(st.st_mode)) {
		slash = strrchr(real, '/');
		r->file = strdup(slash + 1);
		slash[slash == real] = '\0';
		if (!r->file)
			return oq_err_set(err, -ENOMEM,
					  "there is not enough memory");
	}
	r->fd = open(real, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (r->fd < 0)
		return oq_err_set(err, -errno, "cannot open '%s': %s", real,
				  strerror(errno));
	r->dir = oq_steal(&real);
	return name_source(r, source, err);
}

/* Those with a name go first: they win over what a star finds. */
static int add_place(struct oqfs_roots *r, const char *word, struct oq_err *err)
{
	struct oqfs_pattern p;
	int rc = oqfs_pattern_parse(word, &p, err);
	size_t at = r->nplaces;

	for (size_t i = 0; !rc && p.name && i < r->nplaces; i++) {
		if (!r->places[i].name)
			continue;
		if (strcmp(r->places[i].name, p.name) == 0)
			rc = oq_err_set(err, -EINVAL,
					"two sources have the name '%s'",
					p.name);
	}
	if (rc) {
		oqfs_pattern_free(&p);
		return rc;
	}
	while (p.name && at && !r->places[at - 1].name)
		at--;
	memmove(r->places + at + 1, r->places + at,
		(r->nplaces - at) * sizeof(p));
	r->places[at] = p;
	r->nplaces++;
	return 0;
}

static int add_places(struct oqfs_roots *r, const struct oqfs_roots_opts *o,
		      struct oq_err *err)
{
	int rc = 0;

	r->places = calloc(o->nnamed + 1, sizeof(*r->places));
	if (!r->places)
		return oq_err_set(err, -ENOMEM, "there is not enough memory");
	clock_gettime(CLOCK_REALTIME, &r->born);
	/* If there are named ones, a word without a slash is only the name of
	 * the mount. */
	if (oqfs_pattern_has_star(o->source) || strchr(o->source, '/'))
		rc = add_place(r, o->source, err);
	for (size_t i = 0; i < o->nnamed && !rc; i++)
		rc = add_place(r, o->named[i], err);
	return rc;
}

int oqfs_roots_new(const struct oqfs_roots_opts *o, struct oqfs_roots **out,
		   struct oq_err *err)
{
	struct oqfs_roots *r = calloc(1, sizeof(*r));
	int rc;

	if (!r)
		return oq_err_set(err, -ENOMEM, "there is not enough memory");
	r->fd = -1;
	r->shared = o->shared;
	if (o->nnamed || oqfs_pattern_has_star(o->source))
		rc = add_places(r, o, err);
	else
		rc = open_source(r, o->source, err);
	if (rc) {
		oqfs_roots_free(r);
		return rc;
	}
	*out = r;
	return 0;
}

void oqfs_roots_free(struct oqfs_roots *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->nplaces; i++)
		oqfs_pattern_free(&r->places[i]);
	if (r->fd >= 0)
		close(r->fd);
	free(r->places);
	free(r->path);
	free(r->dir);
	free(r->named);
	free(r->file);
	free(r);
}
