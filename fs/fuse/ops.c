/* SPDX-License-Identifier: MIT */
/* ops.c - the table of FUSE callbacks, and those that need nothing else */

#include "fs/fuse/ops.h"

#include <errno.h>
#include <unistd.h>

#include "fs/fuse/backing.h"
#include "fs/fuse/opsint.h"

/* ---- the session's start --------------------------------------------------*/

static void op_init(void *userdata, struct fuse_conn_info *conn)
{
	struct oqfs_front *f = userdata;

	conn->want |= conn->capable &
		      (FUSE_CAP_CACHE_SYMLINKS | FUSE_CAP_PARALLEL_DIROPS |
		       FUSE_CAP_READDIRPLUS | FUSE_CAP_READDIRPLUS_AUTO |
		       FUSE_CAP_ASYNC_READ | FUSE_CAP_AUTO_INVAL_DATA |
		       FUSE_CAP_EXPORT_SUPPORT);
	/* A kernel with openat2(2), which a shared mount needs, has this. */
	if (f->acl)
		conn->want |= conn->capable & FUSE_CAP_POSIX_ACL;
	/* Splicing was slower than copying. */
	conn->want &= ~(unsigned)(FUSE_CAP_SPLICE_READ | FUSE_CAP_SPLICE_WRITE |
				  FUSE_CAP_SPLICE_MOVE);
	oqfs_backing_ask(f, conn);
	conn->max_background = 64;
	conn->congestion_threshold = 48;
}

static void op_access(fuse_req_t req, fuse_ino_t ino, int mask)
{
	(void)ino;
	/* The kernel checks the other rights (default_permissions). */
	fuse_reply_err(req, mask & W_OK ? EROFS : 0);
}

/* ---- writing --------------------------------------------------------------*/

static void op_setattr(fuse_req_t req, fuse_ino_t ino, struct stat *attr,
		       int to_set, struct fuse_file_info *fi)
{
	(void)ino, (void)attr, (void)to_set, (void)fi;
	fuse_reply_err(req, EROFS);
}

static void op_mknod(fuse_req_t req, fuse_ino_t parent, const char *name,
		     mode_t mode, dev_t rdev)
{
	(void)parent, (void)name, (void)mode, (void)rdev;
	fuse_reply_err(req, EROFS);
}

static void op_mkdir(fuse_req_t req, fuse_ino_t parent, const char *name,
		     mode_t mode)
{
	(void)parent, (void)name, (void)mode;
	fuse_reply_err(req, EROFS);
}

static void op_unlink(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	(void)parent, (void)name;
	fuse_reply_err(req, EROFS);
}

static void op_symlink(fuse_req_t req, const char *link, fuse_ino_t parent,
		       const char *name)
{
	(void)link, (void)parent, (void)name;
	fuse_reply_err(req, EROFS);
}

static void op_rename(fuse_req_t req, fuse_ino_t parent, const char *name,
		      fuse_ino_t newparent, const char *newname,
		      unsigned int flags)
{
	(void)parent, (void)name, (void)newparent, (void)newname, (void)flags;
	fuse_reply_err(req, EROFS);
}

static void op_link(fuse_req_t req, fuse_ino_t ino, fuse_ino_t newparent,
		    const char *newname)
{
	(void)ino, (void)newparent, (void)newname;
	fuse_reply_err(req, EROFS);
}

static void op_write(fuse_req_t req, fuse_ino_t ino, const char *buf,
		     size_t size, off_t off, struct fuse_file_info *fi)
{
	(void)ino, (void)buf, (void)size, (void)off, (void)fi;
	fuse_reply_err(req, EROFS);
}

static void op_setxattr(fuse_req_t req, fuse_ino_t ino, const char *name,
			const char *value, size_t size, int flags)
{
	(void)ino, (void)name, (void)value, (void)size, (void)flags;
	fuse_reply_err(req, EROFS);
}

static void op_removexattr(fuse_req_t req, fuse_ino_t ino, const char *name)
{
	(void)ino, (void)name;
	fuse_reply_err(req, EROFS);
}

static void op_create(fuse_req_t req, fuse_ino_t parent, const char *name,
		      mode_t mode, struct fuse_file_info *fi)
{
	(void)parent, (void)name, (void)mode, (void)fi;
	fuse_reply_err(req, EROFS);
}

static void op_fallocate(fuse_req_t req, fuse_ino_t ino, int mode, off_t off,
			 off_t length, struct fuse_file_info *fi)
{
	(void)ino, (void)mode, (void)off, (void)length, (void)fi;
	fuse_reply_err(req, EROFS);
}

/* lseek is left out: the kernel then does it itself, and nothing here has
 * holes.  So is flush, of which the kernel then never sends a second. */
static const struct fuse_lowlevel_ops ops = {
	.init = op_init,
	.lookup = oqfs_queued_lookup,
	.forget = oqfs_op_forget,
	.forget_multi = oqfs_op_forget_multi,
	.getattr = oqfs_queued_getattr,
	.readlink = oqfs_op_readlink,
	.open = oqfs_queued_open,
	.read = oqfs_queued_read,
	.release = oqfs_op_release,
	.opendir = oqfs_queued_opendir,
	.readdir = oqfs_queued_readdir,
	.readdirplus = oqfs_queued_readdirplus,
	.releasedir = oqfs_op_releasedir,
	.statfs = oqfs_op_statfs,
	.getxattr = oqfs_queued_getxattr,
	.listxattr = oqfs_queued_listxattr,
	.access = op_access,
	.setattr = op_setattr,
	.mknod = op_mknod,
	.mkdir = op_mkdir,
	.unlink = op_unlink,
	.rmdir = op_unlink,
	.symlink = op_symlink,
	.rename = op_rename,
	.link = op_link,
	.write = op_write,
	.setxattr = op_setxattr,
	.removexattr = op_removexattr,
	.create = op_create,
	.fallocate = op_fallocate,
};

const struct fuse_lowlevel_ops *oqfs_ops(void)
{
	return &ops;
}
