/* SPDX-License-Identifier: MIT */
/* identity.c - what tells two generations of a datastore apart */

#include "fs/source/identity.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/sysmacros.h>
#include <time.h>

/* Longer than one write(2) of a gigabyte takes on a slow disk. */
#define YOUNG_NS (10 * INT64_C(1000000000))

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

static struct timespec time_of(struct statx_timestamp t)
{
	return (struct timespec){ .tv_sec = t.tv_sec,
				  .tv_nsec = (long)t.tv_nsec };
}

int oqfs_identity_stat(int fd, struct stat *st)
{
	struct statx x;

	if (statx(fd, "", AT_EMPTY_PATH | AT_STATX_FORCE_SYNC,
		  STATX_BASIC_STATS, &x))
		return -errno;
	*st = (struct stat){
		.st_dev = makedev(x.stx_dev_major, x.stx_dev_minor),
		.st_ino = x.stx_ino,
		.st_mode = x.stx_mode,
		.st_nlink = x.stx_nlink,
		.st_uid = x.stx_uid,
		.st_gid = x.stx_gid,
		.st_rdev = makedev(x.stx_rdev_major, x.stx_rdev_minor),
		.st_size = (off_t)x.stx_size,
		.st_blksize = (blksize_t)x.stx_blksize,
		.st_blocks = (blkcnt_t)x.stx_blocks,
		.st_atim = time_of(x.stx_atime),
		.st_mtim = time_of(x.stx_mtime),
		.st_ctim = time_of(x.stx_ctime),
	};
	return 0;
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

/* A time in the future is that of another clock: the file is young until it has
 * passed. */
bool oqfs_identity_is_young(const struct stat *st)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return ns_of(now) - ns_of(st->st_ctim) < YOUNG_NS;
}
