/* SPDX-License-Identifier: MIT */
/* opsfile.c - the FUSE callbacks: open files */

#include "fs/fuse/opsint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fs/fuse/backing.h"
#include "fs/fuse/status.h"
#include "fs/tree/nodepath.h"
#include "fs/tree/view.h"
#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/base/preadn.h"

/* What a handle stands for; a view needs none. */
struct file {
	int fd;			/* a file that passes through; -1 */
	struct oqfs_node *node; /* held, and the handle is counted; NULL */
	struct oq_buf text;	/* the status, as it was when opened */
};

/* ---- opening --------------------------------------------------------------*/

static struct file *new_file(void)
{
	struct file *file = calloc(1, sizeof(*file));

	if (file)
		file->fd = -1;
	return file;
}

static void free_file(struct oqfs_front *f, struct file *file)
{
	if (!file)
		return;
	if (file->node) {
		oqfs_backing_end(f, file->node);
		oqfs_nodes_put(f->nodes, file->node);
	}
	if (file->fd >= 0) {
		close(file->fd);
		atomic_fetch_sub(&f->nplain, 1);
	}
	oq_buf_free(&file->text);
	free(file);
}

/* Callers may have many files open, but not all descriptors, which everybody
 * needs. */
static int open_counted(struct oqfs_front *f, const char *path)
{
	int fd = -ENFILE;

	if (atomic_fetch_add(&f->nplain, 1) < f->most_plain)
		fd = oqfs_roots_open_file(f->roots, path);
	if (fd < 0)
		atomic_fetch_sub(&f->nplain, 1);
	return fd;
}

/* Whether a file is as it was when it was last opened, and was no longer young
 * then.  If so, what the kernel keeps of it is right. */
static bool is_as_opened(struct oqfs_node *n, const struct stat *now)
{
	struct oqfs_identity id = oqfs_identity_of(now);
	uint64_t salt = oqfs_identity_is_young(now) ? 0 : oqfs_node_salt(&id);

	return atomic_exchange(&n->opened, salt) == salt && salt;
}

static int open_plain(struct oqfs_op *op, struct file *file,
		      struct fuse_file_info *fi)
{
	const struct oqfs_spec *is = &op->node->is;
	char path[PATH_MAX];
	struct stat st;
	int r = oqfs_nodepath_path(op->node, path);

	if (r)
		return r;
	file->fd = open_counted(op->front, path);
	if (file->fd < 0)
		return file->fd;
	r = oqfs_identity_stat(file->fd, &st);
	if (r)
		return r;
	if (st.st_dev != is->dev || st.st_ino != is->ino)
		return -ESTALE;
	file->node = op->node;
	oqfs_nodes_hold(op->front->nodes, file->node);
	/* What is read past the kernel's pages may outdate them. */
	if (oqfs_backing_begin(op->front, file->node, file->fd, fi))
		atomic_store(&op->node->opened, 0);
	else
		fi->keep_cache = is_as_opened(op->node, &st);
	return 0;
}

static int open_status(struct oqfs_op *op, struct file *file)
{
	oqfs_status_put(op->front, &file->text);
	return oq_buf_failed(&file->text) ? -ENOMEM : 0;
}

static int open_view(struct oqfs_op *op)
{
	struct oqfs_generation *gen = oqfs_node_gen(op->front->nodes, op->node);
	int r = oqfs_store_is_retired(gen->store) ? -ESTALE : 0;
	struct oqfs_extent e;
	uint64_t size;

	if (!r && op->node->is.refused)
		r = oqfs_view_refusal(op->front, op->node, op->cancel,
				      &op->err);
	/* The kernel has the size 0 of a view that cannot be measured, and
	 * would not even read it: so opening it fails. */
	else if (!r && !oqfs_view_size(op->front, op->node, &size))
		r = oqfs_view_measure(op->front, op->node, op->cancel, &e,
				      &op->err);
	oqfs_generation_put(gen);
	return r;
}

static int open_node(struct oqfs_op *op, struct fuse_file_info *fi)
{
	struct file *file;
	int r;

	if ((fi->flags & O_ACCMODE) != O_RDONLY || fi->flags & O_TRUNC)
		return -EROFS;
	r = oqfs_op_access(op);
	if (r)
		return r;
	if (op->node->is.kind == OQFS_NODE_VIEW) {
		/* A node's bytes never change: the kernel keeps its pages. */
		fi->keep_cache = 1;
		fi->noflush = 1;
		return open_view(op);
	}
	if (op->node->is.kind != OQFS_NODE_PLAIN &&
	    op->node->is.kind != OQFS_NODE_STATUS)
		return -EISDIR;
	file = new_file();
	if (!file)
		return -ENOMEM;
	r = op->node->is.kind == OQFS_NODE_PLAIN ? open_plain(op, file, fi)
						 : open_status(op, file);
	if (r) {
		free_file(op->front, file);
		return r;
	}
	fi->noflush = 1;
	fi->direct_io = op->node->is.kind == OQFS_NODE_STATUS;
	fi->fh = (uint64_t)(uintptr_t)file;
	return 0;
}

static struct file *file_of(const struct fuse_file_info *fi)
{
	return (struct file *)(uintptr_t)fi->fh;
}

void oqfs_op_open(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct oqfs_op op;
	int r;

	if (!oqfs_op_begin(&op, req, ino))
		return;
	fi->fh = 0;
	r = open_node(&op, fi);
	if (r) {
		oqfs_op_fail(&op, r);
	} else {
		oqfs_op_settle(&op);
		/* The kernel does not release an open that was interrupted. */
		if (fuse_reply_open(req, fi) == -ENOENT)
			free_file(op.front, file_of(fi));
	}
	oqfs_op_end(&op);
}

void oqfs_op_release(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	(void)ino;
	free_file(fuse_req_userdata(req), file_of(fi));
	fuse_reply_err(req, 0);
}

int oqfs_op_fstat(struct oqfs_op *op, const struct fuse_file_info *fi,
		  struct stat *st)
{
	if (fstat(file_of(fi)->fd, st))
		return -errno;
	st->st_mode &= S_IFMT | 0555;
	st->st_ino = op->node->ino;
	return 0;
}

/* ---- reading --------------------------------------------------------------*/

static size_t copy_text(const struct oq_buf *text, void *to, size_t size,
			uint64_t off)
{
	size_t n = off < text->len ? oq_min_u64(size, text->len - off) : 0;

	if (n)
		memcpy(to, text->data + off, n);
	return n;
}

/* From a copy: as soon as the kernel has the reply, the file may be closed and
 * freed by another thread. */
static void reply_file(struct oqfs_op *op, const struct file *file, size_t size,
		       off_t off)
{
	struct oqfs_buffer *buf;
	ssize_t n = -ENOMEM;

	buf = oqfs_buffers_take(op->front->buffers, size);
	if (buf && file->fd < 0)
		n = (ssize_t)copy_text(&file->text, buf->data, size,
				       (uint64_t)off);
	else if (buf)
		n = oq_preadn(file->fd, buf->data, size, (uint64_t)off);
	if (n < 0) {
		oqfs_op_fail(op, (int)n);
	} else {
		oqfs_op_settle(op);
		fuse_reply_buf(op->req, buf->data, (size_t)n);
	}
	oqfs_buffers_give(op->front->buffers, buf);
}

void oqfs_op_read(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		  struct fuse_file_info *fi)
{
	struct oqfs_bytes bytes;
	struct oqfs_op op;
	int r;

	if (!oqfs_op_begin(&op, req, ino))
		return;
	if (fi->fh) {
		reply_file(&op, file_of(fi), size, off);
		oqfs_op_end(&op);
		return;
	}
	r = oqfs_view_read(op.front, op.node, (uint64_t)off, size, op.cancel,
			   &bytes, &op.err);
	if (r) {
		oqfs_op_fail(&op, r);
	} else {
		oqfs_op_settle(&op);
		fuse_reply_buf(req, bytes.data, bytes.len);
		oqfs_bytes_done(op.front, &bytes);
	}
	oqfs_op_end(&op);
}
