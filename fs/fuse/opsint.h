/* SPDX-License-Identifier: MIT */
/* opsint.h - private to ops*.c: the callbacks that several files name */
#ifndef OQFS_OPSINT_H
#define OQFS_OPSINT_H

#include <fuse_lowlevel.h>

#include "fs/fuse/op.h"

/* opsaccess.c: may the caller of a shared mount read what the node shows?
 * Returns 0, -EACCES, or -ESTALE where the file behind the node is gone. */
int oqfs_op_access(struct oqfs_op *op);
/* The same, as the source was a moment ago (recent.h). */
int oqfs_op_access_lately(struct oqfs_op *op);

/* opsfile.c: open files. */
int oqfs_op_fstat(struct oqfs_op *op, const struct fuse_file_info *fi,
		  struct stat *st);
void oqfs_op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void oqfs_op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		  struct fuse_file_info *fi);
void oqfs_op_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);

/* opsdir.c: open directories. */
void oqfs_op_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void oqfs_op_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		     struct fuse_file_info *fi);
void oqfs_op_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
			 struct fuse_file_info *fi);
void oqfs_op_releasedir(fuse_req_t req, fuse_ino_t ino,
			struct fuse_file_info *fi);

/* opsname.c: names and attributes. */
void oqfs_op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name);
void oqfs_op_forget(fuse_req_t req, fuse_ino_t ino, uint64_t nlookup);
void oqfs_op_forget_multi(fuse_req_t req, size_t count,
			  struct fuse_forget_data *forgets);
void oqfs_op_readlink(fuse_req_t req, fuse_ino_t ino);
void oqfs_op_statfs(fuse_req_t req, fuse_ino_t ino);
void oqfs_op_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void oqfs_op_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name,
		      size_t size);
void oqfs_op_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size);

/* opsqueue.c: the same callbacks, each run when the gate of its store lets it
 * in. */
void oqfs_queued_lookup(fuse_req_t req, fuse_ino_t parent, const char *name);
void oqfs_queued_getattr(fuse_req_t req, fuse_ino_t ino,
			 struct fuse_file_info *fi);
void oqfs_queued_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name,
			  size_t size);
void oqfs_queued_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size);
void oqfs_queued_open(fuse_req_t req, fuse_ino_t ino,
		      struct fuse_file_info *fi);
void oqfs_queued_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		      struct fuse_file_info *fi);
void oqfs_queued_opendir(fuse_req_t req, fuse_ino_t ino,
			 struct fuse_file_info *fi);
void oqfs_queued_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
			 struct fuse_file_info *fi);
void oqfs_queued_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size,
			     off_t off, struct fuse_file_info *fi);

#endif
