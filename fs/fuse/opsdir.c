/* SPDX-License-Identifier: MIT */
/* opsdir.c - the FUSE callbacks: open directories */

#include "fs/fuse/opsint.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fs/fuse/dir.h"
#include "fs/fuse/tune.h"
#include "fs/tree/attr.h"
#include "fs/tree/walk.h"

static struct oqfs_dir *dir_of(const struct fuse_file_info *fi)
{
	return (struct oqfs_dir *)(uintptr_t)fi->fh;
}

/* Whether the kernel may keep the entries of a directory.  Those of a finished
 * datastore never change, except the few that depend on other files.  The
 * root's change with its generation. */
static bool is_settled(const struct oqfs_node *n, const struct oqfs_dir *d)
{
	return n->parent && n->is.gen && !n->is.gen->is_live &&
	       !oqfs_dir_varies(d) && !oqfs_dir_trouble(d, NULL);
}

void oqfs_op_opendir(fuse_req_t req, fuse_ino_t ino, struct fuse_file_info *fi)
{
	struct oqfs_dir *d = NULL;
	struct oqfs_op op;
	int r;

	if (!oqfs_op_begin(&op, req, ino))
		return;
	oqfs_tune(op.front);
	r = oqfs_op_access(&op);
	if (!r)
		r = oqfs_dir_open(op.front, op.node, op.cancel, &d, &op.err);
	if (r) {
		oqfs_op_fail(&op, r);
	} else {
		fi->fh = (uint64_t)(uintptr_t)d;
		fi->cache_readdir = is_settled(op.node, d);
		fi->keep_cache = fi->cache_readdir;
		oqfs_op_settle(&op);
		if (fuse_reply_open(req, fi) == -ENOENT)
			oqfs_dir_close(op.front, d);
	}
	oqfs_op_end(&op);
}

void oqfs_op_releasedir(fuse_req_t req, fuse_ino_t ino,
			struct fuse_file_info *fi)
{
	struct oqfs_front *f = fuse_req_userdata(req);

	(void)ino;
	oqfs_dir_close(f, dir_of(fi));
	fuse_reply_err(req, 0);
}

static size_t fill(struct oqfs_op *op, const struct oqfs_dir *d, uint64_t at,
		   char *buf, size_t size)
{
	struct oqfs_dirent e;
	size_t len = 0;

	for (; oqfs_dir_next(op->front, d, at, op->cancel, &e); at = e.next) {
		struct stat st = { .st_ino = e.ino, .st_mode = e.type };
		size_t n = fuse_add_direntry(op->req, buf + len, size - len,
					     e.name, &st, (off_t)e.next);

		if (n > size - len)
			break;
		len += n;
	}
	return len;
}

/* Give the kernel the attributes of an entry if they cost nothing.  Else
 * (number 0) it looks the name up when a program wants them: so a csv is only
 * measured then. */
static struct oqfs_node *attributes(struct oqfs_op *op,
				    const struct oqfs_dirent *e,
				    struct fuse_entry_param *entry)
{
	struct oqfs_node *n = NULL;

	if (e->is_cheap &&
	    oqfs_walk(op->front, op->node, e->name, op->cancel, &n, NULL) ==
		    0 &&
	    oqfs_op_entry(op, n, entry) == 0 && entry->attr_timeout > 0)
		return n;
	oqfs_nodes_put(op->front->nodes, n);
	*entry = (struct fuse_entry_param){
		.attr = { .st_ino = e->ino, .st_mode = e->type },
	};
	return NULL;
}

static size_t fill_plus(struct oqfs_op *op, const struct oqfs_dir *d,
			uint64_t at, char *buf, size_t size)
{
	struct oqfs_dirent e;
	size_t len = 0;

	for (; oqfs_dir_next(op->front, d, at, op->cancel, &e); at = e.next) {
		struct fuse_entry_param entry;
		struct oqfs_node *n;

		if (fuse_add_direntry_plus(op->req, NULL, 0, e.name, NULL, 0) >
		    size - len)
			break;
		n = attributes(op, &e, &entry);
		len += fuse_add_direntry_plus(op->req, buf + len, size - len,
					      e.name, &entry, (off_t)e.next);
		if (!n)
			continue;
		oqfs_nodes_remember(op->front->nodes, n);
		oqfs_nodes_put(op->front->nodes, n);
	}
	return len;
}

/* A listing that breaks off ends with an error, after all entries that are
 * known: nobody shall take them for the whole. */
static void reply_entries(struct oqfs_op *op, const struct oqfs_dir *d,
			  const char *buf, size_t len)
{
	int trouble = len ? 0 : oqfs_dir_trouble(d, &op->err);

	if (trouble) {
		oqfs_op_fail(op, trouble);
		return;
	}
	oqfs_op_settle(op);
	fuse_reply_buf(op->req, buf, len);
}

static void read_entries(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
			 struct fuse_file_info *fi, bool plus)
{
	const struct oqfs_dir *d = dir_of(fi);
	struct oqfs_op op;
	size_t len;
	char *buf;

	if (!oqfs_op_begin(&op, req, ino))
		return;
	buf = malloc(size ? size : 1);
	if (buf) {
		len = plus ? fill_plus(&op, d, (uint64_t)off, buf, size)
			   : fill(&op, d, (uint64_t)off, buf, size);
		reply_entries(&op, d, buf, len);
	} else {
		oqfs_op_fail(&op, -ENOMEM);
	}
	free(buf);
	oqfs_op_end(&op);
}

void oqfs_op_readdir(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
		     struct fuse_file_info *fi)
{
	read_entries(req, ino, size, off, fi, false);
}

void oqfs_op_readdirplus(fuse_req_t req, fuse_ino_t ino, size_t size, off_t off,
			 struct fuse_file_info *fi)
{
	read_entries(req, ino, size, off, fi, true);
}
