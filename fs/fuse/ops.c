/* SPDX-License-Identifier: MIT */
/* ops.c - the FUSE callbacks: names and attributes */

#include "fs/fuse/ops.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "fs/fuse/opsint.h"
#include "fs/tree/attr.h"
#include "fs/tree/walk.h"
#include "fs/tree/xattr.h"

/* ---- what every request begins and ends with ------------------------------*/

static void interrupted(fuse_req_t req, void *data)
{
	(void)req;
	oqfs_cancel_fire(data);
}

bool oqfs_op_begin(struct oqfs_op *op, fuse_req_t req, fuse_ino_t ino)
{
	*op = (struct oqfs_op){ .req = req, .front = fuse_req_userdata(req) };
	op->node = oqfs_nodes_find(op->front->nodes, ino);
	if (!op->node) {
		fuse_reply_err(req, ESTALE);
		return false;
	}
	op->cancel = oqfs_cancel_new();
	if (op->cancel)
		fuse_req_interrupt_func(req, interrupted, op->cancel);
	return true;
}

/* No interrupt may come once the reply is sent: 'req' is gone then. */
void oqfs_op_settle(struct oqfs_op *op)
{
	if (op->cancel)
		fuse_req_interrupt_func(op->req, NULL, NULL);
}

void oqfs_op_end(struct oqfs_op *op)
{
	oqfs_cancel_free(op->cancel);
	oqfs_nodes_put(op->front->nodes, op->node);
}

/* Damage, a dead reader and a silent one look the same to the user. */
static int for_user(int r)
{
	return r == -EPROTO || r == -ETIMEDOUT ? EIO : -r;
}

static void log_failure(struct oqfs_op *op, const struct oqfs_node *n, int code)
{
	char label[OQFS_LABEL_BYTES];

	oqfs_nodepath_label(op->front->nodes, n, label);
	oqfs_log(op->front->log, OQFS_ERROR, "%s: %s", label,
		 op->err.text[0] ? op->err.text : strerror(code));
}

void oqfs_op_fail(struct oqfs_op *op, int r)
{
	int code = for_user(r);

	if (code == EIO || code == EOPNOTSUPP)
		log_failure(op, op->node, code);
	oqfs_op_settle(op);
	fuse_reply_err(op->req, code);
}

/* ---- names ----------------------------------------------------------------*/

int oqfs_op_entry(struct oqfs_op *op, struct oqfs_node *n,
		  struct fuse_entry_param *e)
{
	bool exact;
	int r;

	memset(e, 0, sizeof(*e));
	r = oqfs_attr(op->front, n, false, op->cancel, &e->attr, &exact,
		      &op->err);
	if (r)
		return r;
	e->ino = n->id;
	e->generation = op->front->born;
	e->entry_timeout = oqfs_attr_name_timeout(n);
	e->attr_timeout = exact ? oqfs_attr_timeout(n) : 0;
	return 0;
}

static void reply_missing(struct oqfs_op *op, const char *name)
{
	double timeout = oqfs_attr_missing_timeout(op->node, name);
	struct fuse_entry_param e = { .entry_timeout = timeout };

	oqfs_op_settle(op);
	if (timeout > 0)
		fuse_reply_entry(op->req, &e);
	else
		fuse_reply_err(op->req, ENOENT);
}

void oqfs_op_lookup(fuse_req_t req, fuse_ino_t parent, const char *name)
{
	struct fuse_entry_param e;
	struct oqfs_node *n = NULL;
	struct oqfs_op op;
	int r;

	if (!oqfs_op_begin(&op, req, parent))
		return;
	oqfs_tune(op.front);
	r = oqfs_walk(op.front, op.node, name, op.cancel, &n, &op.err);
	if (r == 0)
		r = oqfs_op_entry(&op, n, &e);
	if (r == -ENOENT) {
		reply_missing(&op, name);
	} else if (r) {
		oqfs_op_fail(&op, r);
	} else {
		oqfs_op_settle(&op);
		oqfs_nodes_remember(op.front->nodes, n);
		if (fuse_reply_entry(req, &e))
			oqfs_nodes_forget(op.front->nodes, n->id, 1);
	}
	oqfs_nodes_put(op.front->nodes, n);
	oqfs_op_end(&op);
}

static void op_forget(fuse_req_t req, fuse_ino_t ino, uint64_t nlookup)
{
	struct oqfs_front *f = fuse_req_userdata(req);

	oqfs_nodes_forget(f->nodes, ino, nlookup);
	fuse_reply_none(req);
}

static void op_forget_multi(fuse_req_t req, size_t count,
			    struct fuse_forget_data *forgets)
{
	struct oqfs_front *f = fuse_req_userdata(req);

	for (size_t i = 0; i < count; i++)
		oqfs_nodes_forget(f->nodes, forgets[i].ino, forgets[i].nlookup);
	fuse_reply_none(req);
}

static void op_readlink(fuse_req_t req, fuse_ino_t ino)
{
	struct oqfs_op op;

	if (!oqfs_op_begin(&op, req, ino))
		return;
	oqfs_op_settle(&op);
	if (op.node->is.kind == OQFS_NODE_LINK)
		fuse_reply_readlink(req, op.node->is.text);
	else
		fuse_reply_err(req, EINVAL);
	oqfs_op_end(&op);
}

/* ---- attributes -----------------------------------------------------------*/

void oqfs_op_getattr(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct oqfs_op op;
	struct stat st;
	bool exact = true;
	int r = 0;

	if (!oqfs_op_begin(&op, req, ino))
		return;
	if (!op.node->parent && op.node->is.kind == OQFS_NODE_STORE)
		r = oqfs_walk_refresh(op.front, op.node);
	/* A file that passes through may have lost its name meanwhile. */
	if (!r && fi && op.node->is.kind == OQFS_NODE_PLAIN)
		r = oqfs_op_fstat(&op, fi, &st);
	else if (!r)
		r = oqfs_attr(op.front, op.node, true, op.cancel, &st, &exact,
			      &op.err);
	if (!r && !exact)
		log_failure(&op, op.node, EIO);
	if (r) {
		oqfs_op_fail(&op, r);
	} else {
		oqfs_op_settle(&op);
		/* What cannot be measured now may be so the next time. */
		fuse_reply_attr(req, &st,
				exact ? oqfs_attr_timeout(op.node) : 0);
	}
	oqfs_op_end(&op);
}

static void op_access(fuse_req_t req, fuse_ino_t ino, int mask)
{
	(void)ino;
	/* The rest is for the kernel (default_permissions) to say. */
	fuse_reply_err(req, mask & W_OK ? EROFS : 0);
}

static void op_statfs(fuse_req_t req, fuse_ino_t ino)
{
	char path[PATH_MAX];
	struct oqfs_op op;
	struct statvfs st;
	int r;

	if (!oqfs_op_begin(&op, req, ino))
		return;
	r = oqfs_nodepath_path(op.node, path);
	if (!r)
		r = oqfs_roots_statvfs(op.front->roots, path, &st);
	if (r) {
		oqfs_op_fail(&op, r);
	} else {
		st.f_namemax = OQ_NAME_MAX;
		st.f_flag |= ST_RDONLY;
		oqfs_op_settle(&op);
		fuse_reply_statfs(req, &st);
	}
	oqfs_op_end(&op);
}

/* Both calls for extended attributes first ask how long the answer is. */
static void reply_xattr(struct oqfs_op *op, int r, const struct oq_buf *b,
			size_t room)
{
	if (r && r != -ENODATA && r != -E2BIG) {
		oqfs_op_fail(op, r);
		return;
	}
	oqfs_op_settle(op);
	if (r)
		fuse_reply_err(op->req, -r);
	else if (room == 0)
		fuse_reply_xattr(op->req, b->len);
	else if (b->len > room)
		fuse_reply_err(op->req, ERANGE);
	else
		fuse_reply_buf(op->req, b->data, b->len);
}

/* `ls -l` asks for these of every file, until it hears that the filesystem has
 * no such thing: one answer instead of one for each. */
static int error_of_foreign(const struct oqfs_front *f, const char *name)
{
	bool is_acl = strncmp(name, "system.posix_acl_", 17) == 0;

	return (is_acl && !f->acl) || strcmp(name, "security.selinux") == 0
		       ? EOPNOTSUPP
		       : ENODATA;
}

void oqfs_op_getxattr(fuse_req_t req, fuse_ino_t ino, const char *name,
		      size_t size)
{
	const struct oqfs_front *f = fuse_req_userdata(req);
	bool is_acl = f->acl && strcmp(name, OQFS_ACL_ACCESS) == 0;
	OQ_BUF struct oq_buf value = { 0 };
	struct oqfs_op op;
	int r;

	if (strncmp(name, "user.", 5) != 0 && !is_acl) {
		fuse_reply_err(req, error_of_foreign(f, name));
		return;
	}
	if (!oqfs_op_begin(&op, req, ino))
		return;
	r = oqfs_xattr_get(op.front, op.node, name, op.cancel, &value, &op.err);
	reply_xattr(&op, r, &value, size);
	oqfs_op_end(&op);
}

void oqfs_op_listxattr(fuse_req_t req, fuse_ino_t ino, size_t size)
{
	OQ_BUF struct oq_buf names = { 0 };
	struct oqfs_op op;
	int r;

	if (!oqfs_op_begin(&op, req, ino))
		return;
	/* The kernel asks nobody's rights for names; these say what is in a
	 * datastore. */
	r = oqfs_op_access(&op);
	if (!r)
		r = oqfs_xattr_list(op.front, op.node, op.cancel, &names,
				    &op.err);
	else if (r == -EACCES)
		r = 0;
	reply_xattr(&op, r, &names, size);
	oqfs_op_end(&op);
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
	.init = oqfs_op_init,
	.lookup = oqfs_queued_lookup,
	.forget = op_forget,
	.forget_multi = op_forget_multi,
	.getattr = oqfs_queued_getattr,
	.readlink = op_readlink,
	.open = oqfs_queued_open,
	.read = oqfs_queued_read,
	.release = oqfs_op_release,
	.opendir = oqfs_queued_opendir,
	.readdir = oqfs_queued_readdir,
	.readdirplus = oqfs_queued_readdirplus,
	.releasedir = oqfs_op_releasedir,
	.statfs = op_statfs,
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
