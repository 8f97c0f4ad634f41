/* SPDX-License-Identifier: MIT */
/* attr.c - what stat(2) says of a node, and for how long */

#include "fs/tree/attr.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "fs/tree/nodepath.h"
#include "fs/tree/view.h"

#define HOUR	    3600.0
/* cp, cat and others take it as the size of their buffers. */
#define BLOCK_BYTES (512 << 10)

static void set_size(struct stat *st, uint64_t size)
{
	st->st_size = (off_t)size;
	st->st_blocks = (blkcnt_t)(size / 512 + (size % 512 != 0));
}

/* A directory can be passed by whom the file can be read by. */
static mode_t dir_mode(mode_t file)
{
	mode_t r = file & 0444;

	return S_IFDIR | r | r >> 2;
}

static int source_attr(struct oqfs_front *f, const struct oqfs_node *n,
		       struct stat *st)
{
	char path[PATH_MAX];
	struct oqfs_source s;
	const char *name;
	int r = oqfs_nodepath_path(n, path);

	if (r)
		return r;
	if (n->is.kind == OQFS_NODE_DIR) {
		r = oqfs_catalog_stat(f->catalog, path, st);
	} else {
		name = strrchr(path, '/');
		path[name ? name - path : 0] = '\0';
		r = oqfs_catalog_look(f->catalog, path, n->name, &s);
		*st = s.st;
	}
	if (r)
		return r;
	/* The name may stand for something else now. */
	if (n->parent && (st->st_dev != n->is.dev || st->st_ino != n->is.ino))
		return -ESTALE;
	st->st_mode &= S_IFMT | 0555;
	if (n->is.kind == OQFS_NODE_LINK)
		set_size(st, strlen(n->is.text));
	return 0;
}

/* What is ours and of no file of the source: as old as its directory. */
static void own_attr(struct oqfs_front *f, const struct oqfs_node *n,
		     struct stat *st)
{
	char path[PATH_MAX];

	while (n->parent && n->is.kind != OQFS_NODE_DIR)
		n = n->parent;
	if (oqfs_nodepath_path(n, path) ||
	    oqfs_catalog_stat(f->catalog, path, st))
		*st = (struct stat){ .st_uid = getuid(), .st_gid = getgid() };
	set_size(st, 0);
}

/* GNU tar does not open a file of size 0 that everybody may read, and stores it
 * as empty.  It must try, and fail. */
static void close_to_others(struct stat *st)
{
	st->st_mode &= ~(mode_t)S_IROTH;
}

static int view_attr(struct oqfs_front *f, struct oqfs_node *n, bool measure,
		     struct oqfs_cancel *cancel, struct stat *st, bool *exact,
		     struct oq_err *err)
{
	struct oqfs_extent e;
	uint64_t size = 0;
	int r;

	st->st_mode = S_IFREG | (st->st_mode & 0444);
	if (n->is.refused)
		close_to_others(st);
	*exact = oqfs_view_size(f, n, &size) || n->is.refused;
	if (!*exact && measure) {
		r = oqfs_view_measure(f, n, cancel, &e, err);
		if (r && !oqfs_view_is_troubled(r))
			return r;
		if (r)
			close_to_others(st);
		else
			size = e.size;
		*exact = r == 0;
	}
	set_size(st, size);
	return 0;
}

static void link_attr(const struct oqfs_node *n, struct stat *st)
{
	st->st_mode = S_IFLNK | 0777;
	set_size(st, n->is.text ? strlen(n->is.text) : 0);
}

/* Everything inside a datastore, and what is only in the mount. */
static int shown_attr(struct oqfs_front *f, struct oqfs_node *n, bool measure,
		      struct oqfs_cancel *cancel, struct stat *st, bool *exact,
		      struct oq_err *err)
{
	struct oqfs_generation *gen = oqfs_node_gen(f->nodes, n);
	int r = 0;

	if (gen)
		*st = gen->st;
	else
		own_attr(f, n, st);
	if (gen && oqfs_store_is_retired(gen->store))
		r = -ESTALE;
	oqfs_generation_put(gen);
	st->st_nlink = 1;
	switch (n->is.kind) {
	case OQFS_NODE_STORE:
	case OQFS_NODE_GROUP:
	case OQFS_NODE_PARTS:
		st->st_mode = dir_mode(st->st_mode);
		break;
	case OQFS_NODE_CONTROL:
		st->st_mode = S_IFDIR | 0555;
		break;
	case OQFS_NODE_STATUS:
		/* It names datastores that others may not see. */
		st->st_mode = S_IFREG | 0400;
		st->st_uid = geteuid();
		break;
	case OQFS_NODE_LINK:
		link_attr(n, st);
		break;
	case OQFS_NODE_VIEW:
		return r ? r : view_attr(f, n, measure, cancel, st, exact, err);
	case OQFS_NODE_DIR:
	case OQFS_NODE_PLAIN:
		break;
	}
	if (S_ISDIR(st->st_mode))
		set_size(st, 0);
	return r;
}

int oqfs_attr(struct oqfs_front *f, struct oqfs_node *n, bool measure,
	      struct oqfs_cancel *cancel, struct stat *st, bool *exact,
	      struct oq_err *err)
{
	int r;

	*exact = true;
	if (n->is.kind == OQFS_NODE_DIR || n->is.kind == OQFS_NODE_PLAIN ||
	    (n->is.kind == OQFS_NODE_LINK && n->is.dev))
		r = source_attr(f, n, st);
	else
		r = shown_attr(f, n, measure, cancel, st, exact, err);
	/* Two more than a directory has subdirectories, or 1 for unknown: from
	 * another number fts(3) concludes how many there are to be looked for,
	 * and those of the source know nothing of datastores. */
	if (S_ISDIR(st->st_mode))
		st->st_nlink = 1;
	st->st_ino = n->ino;
	st->st_blksize = BLOCK_BYTES;
	return r;
}

static bool is_settled(const struct oqfs_node *n)
{
	return n->parent && n->is.gen && !n->is.gen->is_live &&
	       n->is.kind != OQFS_NODE_STORE && !n->is.varies;
}

double oqfs_attr_name_timeout(const struct oqfs_node *n)
{
	/* The root's generation may change under its names. */
	return is_settled(n) && (n->parent->parent ||
				 n->parent->is.kind != OQFS_NODE_STORE)
		       ? HOUR
		       : 1.0;
}

double oqfs_attr_timeout(const struct oqfs_node *n)
{
	return is_settled(n) ? HOUR : 1.0;
}

double oqfs_attr_missing_timeout(const struct oqfs_node *dir, const char *name)
{
	/* Another file, which comes and goes, may lend it to a link. */
	if (atomic_load(&dir->has_leads))
		return dir->parent && !dir->is.gen->is_live ? 1.0 : 0;
	if (dir->is.kind != OQFS_NODE_STORE || !dir->parent)
		return is_settled(dir) ? HOUR : 0;
	if (dir->is.gen->is_live)
		return 0;
	return strcmp(name, "parent") == 0 &&
			       oqfs_generation_parent_varies(dir->is.gen)
		       ? 1.0
		       : HOUR;
}
