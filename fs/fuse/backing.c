/* SPDX-License-Identifier: MIT */
/* backing.c - files that the kernel reads by itself */

#include "fs/fuse/backing.h"

#if FUSE_VERSION >= FUSE_MAKE_VERSION(3, 17)

#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>

#ifndef FUSE_DEV_IOC_BACKING_OPEN
/* Headers of the kernel may be older than libfuse. */
struct fuse_backing_map {
	int32_t fd;
	uint32_t flags;
	uint64_t padding;
};
#define FUSE_DEV_IOC_BACKING_OPEN  _IOW(229, 1, struct fuse_backing_map)
#define FUSE_DEV_IOC_BACKING_CLOSE _IOW(229, 2, uint32_t)
#endif

/* Whether the file is on one of the filesystems that keep files in memory, let
 * them be mapped, and tell all open files apart by device and inode number.  A
 * network filesystem or another daemon may not, and there our own cached pages
 * are worth more. */
static bool is_local(int fd)
{
	static const uint32_t local[] = {
		BTRFS_SUPER_MAGIC, EXT4_SUPER_MAGIC, F2FS_SUPER_MAGIC,
		TMPFS_MAGIC,	   XFS_SUPER_MAGIC,
	};
	struct statfs s;

	if (fstatfs(fd, &s))
		return false;
	for (size_t i = 0; i < sizeof(local) / sizeof(local[0]); i++)
		if ((uint32_t)s.f_type == local[i])
			return true;
	return false;
}

/* libfuse has calls for these two ioctls.  We do not use them: they log each
 * refusal, and need a request, which an interrupted open no longer has. */
static int give(struct oqfs_front *f, int fd)
{
	struct fuse_backing_map map = { .fd = fd };
	int id = ioctl(fuse_session_fd(f->session), FUSE_DEV_IOC_BACKING_OPEN,
		       &map);

	if (id < 0 && errno == EPERM)
		atomic_store(&f->passes, false);
	return id > 0 ? id : 0;
}

static void take_back(struct oqfs_front *f, int id)
{
	uint32_t n = (uint32_t)id;

	(void)ioctl(fuse_session_fd(f->session), FUSE_DEV_IOC_BACKING_CLOSE,
		    &n);
}

void oqfs_backing_ask(struct oqfs_front *f, struct fuse_conn_info *conn)
{
	if (!f->opts->passthrough || !(conn->capable & FUSE_CAP_PASSTHROUGH))
		return;
	conn->want |= (unsigned)FUSE_CAP_PASSTHROUGH;
	/* Files that lie on an overlay are not taken; but an overlay may lie
	 * on us. */
	conn->max_backing_stack_depth = FUSE_BACKING_STACKED_UNDER;
	atomic_store(&f->passes, true);
}

bool oqfs_backing_begin(struct oqfs_front *f, struct oqfs_node *n, int fd,
			struct fuse_file_info *fi)
{
	/* Not every filesystem knows O_DIRECT, as ours does. */
	bool may = atomic_load(&f->passes) && !(fi->flags & O_DIRECT) &&
		   is_local(fd);

	pthread_mutex_lock(&f->handles);
	if (n->nhandles++ == 0 && may)
		n->backing = give(f, fd);
	fi->backing_id = n->backing;
	pthread_mutex_unlock(&f->handles);
	if (fi->backing_id)
		atomic_fetch_add(&f->nbacked, 1);
	return fi->backing_id != 0;
}

void oqfs_backing_end(struct oqfs_front *f, struct oqfs_node *n)
{
	pthread_mutex_lock(&f->handles);
	if (n->backing)
		atomic_fetch_sub(&f->nbacked, 1);
	if (--n->nhandles == 0 && n->backing) {
		take_back(f, n->backing);
		n->backing = 0;
	}
	pthread_mutex_unlock(&f->handles);
}

#else

void oqfs_backing_ask(struct oqfs_front *f, struct fuse_conn_info *conn)
{
	(void)f, (void)conn;
}

bool oqfs_backing_begin(struct oqfs_front *f, struct oqfs_node *n, int fd,
			struct fuse_file_info *fi)
{
	(void)f, (void)n, (void)fd, (void)fi;
	return false;
}

void oqfs_backing_end(struct oqfs_front *f, struct oqfs_node *n)
{
	(void)f, (void)n;
}

#endif
