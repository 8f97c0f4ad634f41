/* SPDX-License-Identifier: MIT */
/* roots.c - where the mount's files are: the only way into the source */

#include "roots.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "lib/own.h"

#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
#define PATH_FLAGS (O_PATH | O_CLOEXEC)
#define OPEN_TRIES 8

/* All set before sharing, never changed. */
struct oqfs_roots {
	int fd; /* O_PATH of the source directory */
	bool shared;
	mode_t mask; /* what the directories above leave of its mode */
	char *dir;
	char *file; /* NULL unless the source is one file */
};

/* ---- opening --------------------------------------------------------------*/

int oqfs_roots_open(const struct oqfs_roots *r, const char *path, int flags)
{
	struct open_how how = { 0 };
	long fd = -1;

	/* The kernel refuses what O_PATH has no use for. */
	how.flags = (uint64_t)(flags & O_PATH ? PATH_FLAGS : OPEN_FLAGS);
	how.flags |= (uint64_t)flags;
	how.resolve = r->shared ? RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS
				: RESOLVE_NO_MAGICLINKS;
	if (!*path)
		path = ".";
	/* EAGAIN: something was renamed while the kernel walked the path. */
	for (int i = 0; i < OPEN_TRIES; i++) {
		fd = syscall(SYS_openat2, r->fd, path, &how, sizeof(how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	/* A kernel before 5.6. */
	if (fd < 0 && errno == ENOSYS && !r->shared)
		fd = openat(r->fd, path, (int)how.flags);
	return fd < 0 ? -errno : (int)fd;
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

/* An access list says less or more than the mode: its group bits are the
 * list's mask.  Those of the owner hold in any case. */
static mode_t drop_listed(int fd, mode_t mode)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (getxattr(path, "system.posix_acl_access", NULL, 0) > 0)
		mode &= ~(mode_t)077;
	return mode;
}

int oqfs_roots_stat(const struct oqfs_roots *r, const char *path, int flags,
		    struct stat *st)
{
	OQ_CLOSE int fd = oqfs_roots_open(r, path, O_PATH | flags);

	if (fd < 0)
		return fd;
	if (fstat(fd, st))
		return -errno;
	if (r->shared)
		st->st_mode = drop_listed(fd, st->st_mode);
	if (!*path || (r->file && strcmp(path, r->file) == 0))
		st->st_mode &= r->mask | (mode_t)~0777;
	return 0;
}

int oqfs_roots_statvfs(const struct oqfs_roots *r, struct statvfs *st)
{
	return fstatvfs(r->fd, st) ? -errno : 0;
}

/* ---- making ---------------------------------------------------------------*/

/* What a caller may have of the root: who cannot pass the directories above
 * the source must not get in by the mount. */
static mode_t mask_above(const char *dir, const struct stat *source)
{
	OQ_FREE char *path = strdup(dir);
	mode_t mask = 0777;
	char *slash;
	struct stat st;

	while (path && (slash = strrchr(path, '/')) && path[1]) {
		slash[slash == path] = '\0';
		if (stat(path, &st))
			return 0700;
		if (!(st.st_mode & S_IXOTH))
			mask &= ~(mode_t)07;
		if (!(st.st_mode & S_IXOTH) &&
		    (!(st.st_mode & S_IXGRP) || st.st_gid != source->st_gid))
			mask &= ~(mode_t)070;
	}
	return path ? mask : 0700;
}

/* Where the source is a file: split its name off its path. */
static int open_source(struct oqfs_roots *r, const char *source,
		       struct oq_err *err)
{
	OQ_FREE char *real = realpath(source, NULL);
	struct stat st;
	char *slash;

	if (!real || stat(real, &st))
		return oq_err_set(err, -errno,
				  "cannot open the source '%s': %s%s", source,
				  strerror(errno),
				  errno == ENOENT
					  ? "; name it: oqfs SOURCE MOUNTPOINT"
					  : "");
	if (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode))
		return oq_err_set(
			err, -ENOTDIR,
			"the source '%s' is neither a directory nor a "
			"file",
			source);
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
	if (r->shared)
		r->mask = mask_above(real, &st);
	if (r->shared && r->file && (fstat(r->fd, &st) == 0))
		r->mask &= (st.st_mode & S_IXOTH) ? 0777 : 0770;
	r->dir = oq_steal(&real);
	return 0;
}

int oqfs_roots_new(const char *source, bool shared, struct oqfs_roots **out,
		   struct oq_err *err)
{
	struct oqfs_roots *r = calloc(1, sizeof(*r));
	int rc;

	if (!r)
		return oq_err_set(err, -ENOMEM, "there is not enough memory");
	r->fd = -1;
	r->shared = shared;
	r->mask = 0777;
	rc = open_source(r, source, err);
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
	if (r->fd >= 0)
		close(r->fd);
	free(r->dir);
	free(r->file);
	free(r);
}

const char *oqfs_roots_dir(const struct oqfs_roots *r)
{
	return r->dir;
}

const char *oqfs_roots_file(const struct oqfs_roots *r)
{
	return r->file;
}
