/* SPDX-License-Identifier: MIT */
/* opsint.h - private to ops*.c: a request under way
 *
 *	oqfs_op_begin
 *	    ... work; at most one of:
 *	oqfs_op_fail			or	oqfs_op_settle, fuse_reply_...
 *	oqfs_op_end
 */
#ifndef OQFS_OPSINT_H
#define OQFS_OPSINT_H

#include <fuse_lowlevel.h>

#include "fs/tree/front.h"
#include "fs/tree/nodepath.h"

struct oqfs_op {
	fuse_req_t req;
	struct oqfs_front *front;
	struct oqfs_node *node; /* held */
	struct oqfs_cancel *cancel;
	struct oq_err err;
};

/* False where there is no such node; the request is then answered. */
bool oqfs_op_begin(struct oqfs_op *op, fuse_req_t req, fuse_ino_t ino);
/* To be called right before a reply. */
void oqfs_op_settle(struct oqfs_op *op);
/* Reply with an errno, and log what is worth it. */
void oqfs_op_fail(struct oqfs_op *op, int r);
void oqfs_op_end(struct oqfs_op *op);

/* All but the remembering of an answer to a lookup of 'n'. */
int oqfs_op_entry(struct oqfs_op *op, struct oqfs_node *n,
		  struct fuse_entry_param *e);

/* opsaccess.c: 0; -EACCES where the caller of a shared mount may not read what
 * the node shows; -ESTALE where that is gone. */
int oqfs_op_access(struct oqfs_op *op);

/* opsfile.c: open files and directories, and the session's start. */
int oqfs_op_fstat(struct oqfs_op *op, const struct fuse_file_info *fi,
		  struct stat *st);
void oqfs_op_init(void *userdata, struct fuse_conn_info *conn);
void oqfs_op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void oqfs_op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		  struct fuse_file_info *fi);
void oqfs_op_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void oqfs_op_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void oqfs_op_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		     struct fuse_file_info *fi);
void oqfs_op_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
			 struct fuse_file_info *fi);
void oqfs_op_releasedir(fuse_req_t req, fuse_ino_t ino,
			struct fuse_file_info *fi);

/* ops.c */
void oqfs_op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name);
void oqfs_op_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi);
void oqfs_op_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name,
		      size_t size);
void oqfs_op_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size);

/* opsqueue.c: the same as those without _turn, each when it is its turn. */
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

/* Let the kernel read ahead by whole requests, if we may: once, when the
 * mount is up.  Best effort. */
void oqfs_tune(struct oqfs_front *f);

#endif
