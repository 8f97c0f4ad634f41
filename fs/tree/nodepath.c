/* SPDX-License-Identifier: MIT */
/* nodepath.c - the path of a node: in the source, its datastore, the log */

#include "fs/tree/nodepath.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/printable.h"

/* Written from the end, since the way leads up. */
static bool prepend(char *buf, size_t *at, const char *s, size_t n)
{
	if (n + 1 > *at)
		return false;
	*at -= n;
	memcpy(buf + *at, s, n);
	buf[--*at] = '/';
	return true;
}

int oqfs_nodepath_path(const struct oqfs_node *n, char path[PATH_MAX])
{
	size_t at = PATH_MAX - 1;

	path[at] = '\0';
	for (; n->parent; n = n->parent)
		if (!prepend(path, &at, n->name, strlen(n->name)))
			return -ENAMETOOLONG;
	at += path[at] == '/';
	memmove(path, path + at, PATH_MAX - at);
	return 0;
}

int oqfs_nodepath_source(struct oqfs_nodes *t, const struct oqfs_node *n,
			 char path[PATH_MAX])
{
	struct oqfs_generation *gen = oqfs_node_gen(t, n);
	int r = 0;

	if (gen)
		snprintf(path, PATH_MAX, "%s", oqfs_store_path(gen->store));
	else if (n->is.kind == OQFS_NODE_CONTROL ||
		 n->is.kind == OQFS_NODE_STATUS)
		r = -ENOENT;
	else
		r = oqfs_nodepath_path(n, path);
	oqfs_generation_put(gen);
	return r;
}

unsigned oqfs_nodepath_depth(const struct oqfs_node *group)
{
	unsigned depth = 0;

	for (; group->is.kind == OQFS_NODE_GROUP; group = group->parent)
		depth++;
	return depth;
}

int oqfs_nodepath_above(const struct oqfs_node *group, uint64_t object)
{
	for (int steps = 0;; steps++, group = group->parent) {
		if (group->is.object == object)
			return steps;
		if (group->is.kind != OQFS_NODE_GROUP)
			return -1;
	}
}

void oqfs_nodepath_label(struct oqfs_nodes *t, const struct oqfs_node *n,
			 char out[OQFS_LABEL_BYTES])
{
	struct oqfs_generation *gen = oqfs_node_gen(t, n);
	char path[PATH_MAX];
	size_t at = PATH_MAX - 1;
	const char *more = "";

	path[at] = '\0';
	for (; gen && n->is.kind != OQFS_NODE_STORE && n->parent;
	     n = n->parent) {
		bool doubled = n->parent->is.kind == OQFS_NODE_PARTS;

		if (!doubled &&
		    !prepend(path, &at, n->is.link ? n->is.link : n->name,
			     n->is.link ? n->is.link_len : strlen(n->name))) {
			more = "...";
			break;
		}
	}
	if (gen)
		snprintf(out, OQFS_LABEL_BYTES, "%.500s: %s%.500s",
			 oqfs_store_path(gen->store), more,
			 path[at] ? path + at : "/");
	else if (oqfs_nodepath_path(n, path))
		snprintf(out, OQFS_LABEL_BYTES, "%s", n->name);
	else
		snprintf(out, OQFS_LABEL_BYTES, "%.1000s", *path ? path : ".");
	oq_printable(out);
	oqfs_generation_put(gen);
}
