/* SPDX-License-Identifier: MIT */
/* opsmay.c - may a caller have what he opens, as the source is at this moment
 *
 * The kernel has asked the modes it was told, up to a second ago.
 */

#include "opsint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/own.h"

#define MAX_GROUPS 4096 /* of a caller that are looked at; Linux has 65,536 */

enum { SEARCH = 1, READ = 4 };
enum member { NO, YES, UNKNOWN };

/* The caller's groups are in /proc, which may be closed to us. */
static enum member is_member(fuse_req_t req, gid_t group)
{
	OQ_FREE gid_t *groups = malloc(MAX_GROUPS * sizeof(*groups));
	int n;

	if (fuse_req_ctx(req)->gid == group)
		return YES;
	n = groups ? fuse_req_getgroups(req, MAX_GROUPS, groups) : -ENOMEM;
	for (int i = 0; i < n && i < MAX_GROUPS; i++)
		if (groups[i] == group)
			return YES;
	return n < 0 || n > MAX_GROUPS ? UNKNOWN : NO;
}

static bool mode_lets(fuse_req_t req, const struct stat *st, mode_t bit)
{
	bool group = st->st_mode & bit << 3, others = st->st_mode & bit;

	if (fuse_req_ctx(req)->uid == st->st_uid)
		return st->st_mode & bit << 6;
	if (group == others)
		return others;
	switch (is_member(req, st->st_gid)) {
	case YES:
		return group;
	case NO:
		return others;
	case UNKNOWN:
		break;
	}
	return true; /* then what the kernel said has to do */
}

/* Where in the source that is what the node shows, if it is not ours. */
static int place_of(struct oqfs_op *op, char path[PATH_MAX], bool *is_ours)
{
	struct oqfs_gen *gen = oqfs_node_gen(op->front->nodes, op->node);
	int r = 0;

	*is_ours = op->node->is.kind == OQFS_NODE_CONTROL ||
		   op->node->is.kind == OQFS_NODE_STATUS;
	if (gen)
		snprintf(path, PATH_MAX, "%s", oqfs_store_path(gen->store));
	else if (!*is_ours)
		r = oqfs_where_path(op->node, path);
	oqfs_gen_put(gen);
	return r;
}

int oqfs_op_may(struct oqfs_op *op)
{
	const struct oqfs_roots *roots = op->front->roots;
	char path[PATH_MAX];
	struct stat st;
	bool is_ours;
	int r;

	if (!op->front->opts->allow_other || fuse_req_ctx(op->req)->uid == 0)
		return 0;
	r = place_of(op, path, &is_ours);
	if (r || is_ours)
		return r;
	/* The source, the directories below it, and what is there. */
	for (size_t n = 0;; n++) {
		char was = path[n];

		if (n && was && was != '/')
			continue;
		path[n] = '\0';
		r = oqfs_roots_stat(roots, path, 0, &st);
		path[n] = was;
		if (r)
			return r == -EACCES ? r : -ESTALE;
		if (!mode_lets(op->req, &st, was ? SEARCH : READ))
			return -EACCES;
		if (!was)
			return 0;
	}
}
