/* SPDX-License-Identifier: MIT */
/* opsaccess.c - may a caller have what he opens, as the source is now
 *
 * The kernel has asked the rights it was told, up to a second ago.
 */

#include "fs/fuse/opsint.h"

#include <errno.h>
#include <stdlib.h>

#include "fs/source/rights.h"
#include "fs/tree/nodepath.h"

#define MAX_GROUPS 65536 /* of a caller; Linux has no more */

/* The caller.  His groups are read from /proc, which costs something and may be
 * forbidden. */
struct caller {
	fuse_req_t req;
	uid_t uid;
	gid_t *groups; /* NULL until they are needed */
	int ngroups;   /* negative: they cannot be read */
};

static void find_groups(struct caller *c)
{
	c->groups = calloc(MAX_GROUPS + 1, sizeof(*c->groups));
	c->ngroups = c->groups
			     ? fuse_req_getgroups(c->req, MAX_GROUPS, c->groups)
			     : -ENOMEM;
	if (c->ngroups > MAX_GROUPS)
		c->ngroups = -EOVERFLOW;
	if (c->ngroups >= 0)
		c->groups[c->ngroups++] = fuse_req_ctx(c->req)->gid;
}

static bool lets(struct caller *c, const struct oqfs_rights *r, unsigned may)
{
	if (!oqfs_rights_hang_on_groups(r, c->uid))
		return oqfs_rights_let(r, c->uid, NULL, 0, may);
	if (!c->groups)
		find_groups(c);
	/* If the groups cannot be read, the kernel's own check must do. */
	return c->ngroups < 0 ||
	       oqfs_rights_let(r, c->uid, c->groups, (size_t)c->ngroups, may);
}

static int look(struct oqfs_front *f, const char *path, bool lately,
		struct oqfs_rights *rights)
{
	struct stat st;

	return lately ? oqfs_recent_rights(&f->recent, f->roots, path,
					   oqfs_now_ms(), rights)
		      : oqfs_roots_look(f->roots, path, 0, &st, rights);
}

/* Check the source, the directories below it, and the file itself. */
static int may_pass(struct oqfs_front *f, char *path, bool lately,
		    struct caller *c)
{
	struct oqfs_rights rights;

	for (size_t n = 0;; n++) {
		char was = path[n];
		int r;

		if (n && was && was != '/')
			continue;
		path[n] = '\0';
		r = look(f, path, lately, &rights);
		path[n] = was;
		if (r)
			return r == -EACCES ? r : -ESTALE;
		if (!lets(c, &rights, was ? OQFS_MAY_SEARCH : OQFS_MAY_READ))
			return -EACCES;
		if (!was)
			return 0;
	}
}

static int access_to(struct oqfs_op *op, bool lately)
{
	struct caller c = { .req = op->req, .uid = fuse_req_ctx(op->req)->uid };
	char path[PATH_MAX];
	int r;

	if (!op->front->opts->allow_other || c.uid == 0)
		return 0;
	r = oqfs_nodepath_source(op->front->nodes, op->node, path);
	if (!r)
		r = may_pass(op->front, path, lately, &c);
	else if (r == -ENOENT)
		r = 0; /* not of the source: the kernel checks its mode */
	free(c.groups);
	return r;
}

int oqfs_op_access(struct oqfs_op *op)
{
	return access_to(op, false);
}

int oqfs_op_access_lately(struct oqfs_op *op)
{
	return access_to(op, true);
}
