/* SPDX-License-Identifier: MIT */
/* opsname.c - the FUSE callbacks: names and attributes */

#include "fs/fuse/opsint.h"

#include <errno.h>
#include <string.h>

#include "fs/fuse/tune.h"
#include "fs/tree/attr.h"
#include "fs/tree/nodepath.h"
#include "fs/tree/walk.h"
#include "fs/tree/xattr.h"

/* ---- names ----------------------------------------------------------------*/

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

void oqfs_op_forget(fuse_req_t req, fuse_ino_t ino, uint64_t nlookup)
{
	struct oqfs_front *f = fuse_req_userdata(req);

	oqfs_nodes_forget(f->nodes, ino, nlookup);
	fuse_reply_none(req);
}

void oqfs_op_forget_multi(fuse_req_t req, size_t count,
			  struct fuse_forget_data *forgets)
{
	struct oqfs_front *f = fuse_req_userdata(req);

	for (size_t i = 0; i < count; i++)
		oqfs_nodes_forget(f->nodes, forgets[i].ino, forgets[i].nlookup);
	fuse_reply_none(req);
}

void oqfs_op_readlink(fuse_req_t req, fuse_ino_t ino)
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
		oqfs_op_log(&op, EIO);
	if (r) {
		oqfs_op_fail(&op, r);
	} else {
		oqfs_op_settle(&op);
		/* A view that cannot be measured now may be measured the next
		 * time. */
		fuse_reply_attr(req, &st,
				exact ? oqfs_attr_timeout(op.node) : 0);
	}
	oqfs_op_end(&op);
}

void oqfs_op_statfs(fuse_req_t req, fuse_ino_t ino)
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
	/* The kernel checks no rights to list names; these names tell what is
	 * in a datastore. */
	r = oqfs_op_access_lately(&op);
	if (!r)
		r = oqfs_xattr_list(op.front, op.node, op.cancel, &names,
				    &op.err);
	else if (r == -EACCES)
		r = 0;
	reply_xattr(&op, r, &names, size);
	oqfs_op_end(&op);
}
