/* SPDX-License-Identifier: MIT */
/* identity.c - what tells two generations of a datastore apart */

#include "identity.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/own.h"

/* O_NONBLOCK: a FIFO that took the file's place must not hold us up. */
#define OPEN_FLAGS (O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
#define OPEN_TRIES 8

static int64_t ns_of(struct timespec t)
{
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct oqfs_identity oqfs_identity_of(const struct stat *st)
{
	return (struct oqfs_identity){
		.dev = st->st_dev,
		.ino = st->st_ino,
		.size = (uint64_t)st->st_size,
		.mtime_ns = ns_of(st->st_mtim),
		.ctime_ns = ns_of(st->st_ctim),
	};
}

bool oqfs_identity_same(const struct oqfs_identity *a,
			const struct oqfs_identity *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	       a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns;
}

bool oqfs_identity_holds(const struct oqfs_identity *id, bool live,
			 const struct stat *now)
{
	const struct oqfs_identity is = oqfs_identity_of(now);

	if (now->st_nlink == 0)
		return false;
	if (!live)
		return oqfs_identity_same(id, &is);
	return is.dev == id->dev && is.ino == id->ino && is.size >= id->size;
}

static int open_beneath(int source_fd, const char *path, uint64_t resolve)
{
	struct open_how how = { .flags = OPEN_FLAGS, .resolve = resolve };
	long fd = -1;

	/* EAGAIN: something was renamed while the kernel walked the path. */
	for (int i = 0; i < OPEN_TRIES; i++) {
		fd = syscall(SYS_openat2, source_fd, path, &how, sizeof(how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return (int)fd;
}

static int open_path(int source_fd, const char *path, bool outside)
{
	char self[32];
	int fd;

	if (!*path) {
		snprintf(self, sizeof(self), "/proc/self/fd/%d", source_fd);
		return open(self, OPEN_FLAGS);
	}
	fd = open_beneath(source_fd, path,
			  outside ? RESOLVE_NO_MAGICLINKS
				  : RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
	/* A kernel before 5.6: the link's text is not looked at, so no link. */
	if (fd < 0 && errno == ENOSYS)
		fd = openat(source_fd, path,
			    OPEN_FLAGS | (outside ? 0 : O_NOFOLLOW));
	return fd;
}

int oqfs_identity_open(int source_fd, const char *path, bool outside,
		       struct oq_err *err)
{
	OQ_CLOSE int fd = open_path(source_fd, path, outside);
	struct stat st;

	if (fd < 0) {
		int rc = -errno;

		if (rc == -ENOENT || rc == -ENOTDIR || rc == -ELOOP ||
		    rc == -EXDEV || rc == -ENXIO)
			rc = -ESTALE;
		return oq_err_set(err, rc, "open: %s", strerror(errno));
	}
	if (fstat(fd, &st))
		return oq_err_set(err, -errno, "fstat: %s", strerror(errno));
	if (!S_ISREG(st.st_mode))
		return oq_err_set(err, -ESTALE, "no regular file any more");
	return oq_steal_fd(&fd);
}

int oqfs_identity_stat(int source_fd, const char *path, struct stat *st)
{
	return fstatat(source_fd, path, st, *path ? 0 : AT_EMPTY_PATH) ? -errno
								       : 0;
}
