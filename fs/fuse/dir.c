/* SPDX-License-Identifier: MIT */
/* dir.c - an open directory */

#include "fs/fuse/dir.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/source/latest.h"
#include "fs/tree/leads.h"
#include "fs/tree/nodepath.h"
#include "fs/tree/parts.h"
#include "fs/tree/step.h"
#include "fs/tree/virtual.h"
#include "fs/tree/walk.h"

/* Offsets 0 and 1 are "." and ".."; then come those of the kind:
 *
 *	source	byte of the name among the names; behind the last: "latest"
 *	group	STEP * entry + 0 for the bare name, 1 + view for the others;
 *		behind the last: "export", "parent"
 *	parts	the number of the part
 */
#define FIRST	   2
#define STEP	   (1 + OQ_NVIEWS)
#define MOST_BYTES ((size_t)256 << 20) /* of names in all source directories */

/* Never changed once it is open. */
struct oqfs_dir {
	struct oqfs_node *node;	     /* held */
	struct oqfs_generation *gen; /* held; groups and parts */
	struct oqfs_generation *in;  /* held: that the listing is of */
	struct oqfs_listing *listing;
	struct oq_buf names; /* of a source directory; and its path */
	char *path;
	size_t counted; /* of 'names', for all directories together */
	/* "latest"; "export", "parent" */
	const char *extras[2];
	unsigned nextras;
	bool varies; /* "parent", or names of links, may come and go */
	/* Why a group that is open has no listing. */
	int trouble;
	struct oq_err why;
};

/* Bounded, since a user may open a directory as often as he has descriptors. */
static int count_names(struct oqfs_front *f, struct oqfs_dir *d)
{
	d->counted = d->names.len;
	if (atomic_fetch_add(&f->dir_bytes, d->counted) > MOST_BYTES)
		return -ENFILE;
	return 0;
}

static int open_source(struct oqfs_front *f, struct oqfs_dir *d)
{
	char latest[NAME_MAX + 1], path[PATH_MAX];
	int r = oqfs_nodepath_path(d->node, path);

	d->path = r ? NULL : strdup(path);
	if (!d->path)
		return r ? r : -ENOMEM;
	r = oqfs_catalog_list(f->catalog, d->path, &d->names);
	if (!r)
		r = count_names(f, d);
	if (!r && !oq_words_have(d->names.data, d->names.len, "latest") &&
	    oqfs_latest(f->catalog, f->roots, d->path, latest) == 0)
		d->extras[d->nextras++] = "latest";
	return r;
}

static int open_group(struct oqfs_front *f, struct oqfs_dir *d,
		      struct oqfs_cancel *cancel, struct oq_err *err)
{
	char parent[NAME_MAX + 1];
	struct oqfs_found found;
	int r = 0;

	if (!d->node->parent)
		r = oqfs_walk_refresh(f, d->node);
	d->gen = oqfs_node_gen(f->nodes, d->node);
	if (!r && oqfs_store_is_retired(d->gen->store))
		r = -ESTALE;
	if (!r)
		r = oqfs_virtual_list(f, d->gen, d->node->is.object, cancel,
				      &d->in, &d->listing, err);
	if (r)
		return r;
	d->varies = oqfs_tree_has_leads(oqfs_listing_tree(d->listing)) ||
		    oqfs_tree_needs_files(oqfs_listing_tree(d->listing));
	if (d->node->is.kind != OQFS_NODE_STORE)
		return 0;
	if (oqfs_tree_has_export(oqfs_listing_tree(d->listing)))
		d->extras[d->nextras++] = OQFS_EXPORT;
	if (!d->node->parent ||
	    !oqfs_tree_find(oqfs_listing_tree(d->listing), "parent", &found))
		return 0;
	oqfs_generation_parent(d->gen, f->catalog, cancel, parent);
	d->varies |= oqfs_generation_parent_varies(d->gen);
	if (parent[0])
		d->extras[d->nextras++] = "parent";
	return 0;
}

/* An NFS server opens what a directory holds while it lists that, and ends the
 * list at an entry that does not open.  So the entry opens, and reading it
 * gives the error. */
static int put_off(const struct oqfs_front *f, struct oqfs_dir *d, int r,
		   const struct oq_err *err)
{
	if (!f->opts->nfs || !d->gen || r == -EINTR || r == -ESTALE ||
	    r == -ENOMEM)
		return r;
	d->trouble = r;
	d->why = *err;
	return 0;
}

int oqfs_dir_open(struct oqfs_front *f, struct oqfs_node *n,
		  struct oqfs_cancel *cancel, struct oqfs_dir **out,
		  struct oq_err *err)
{
	struct oqfs_dir *d = calloc(1, sizeof(*d));
	int r = 0;

	if (!d)
		return -ENOMEM;
	oqfs_nodes_hold(f->nodes, n);
	d->node = n;
	switch (n->is.kind) {
	case OQFS_NODE_DIR:
		r = open_source(f, d);
		break;
	case OQFS_NODE_STORE:
	case OQFS_NODE_GROUP:
		r = open_group(f, d, cancel, err);
		if (r)
			r = put_off(f, d, r, err);
		break;
	case OQFS_NODE_PARTS:
	case OQFS_NODE_CONTROL:
		d->gen = oqfs_node_gen(f->nodes, n);
		break;
	case OQFS_NODE_PLAIN:
	case OQFS_NODE_LINK:
	case OQFS_NODE_VIEW:
	case OQFS_NODE_STATUS:
		r = -ENOTDIR;
		break;
	}
	if (r) {
		oqfs_dir_close(f, d);
		return r;
	}
	*out = d;
	return 0;
}

void oqfs_dir_close(struct oqfs_front *f, struct oqfs_dir *d)
{
	if (!d)
		return;
	oqfs_listing_put(f->listings, d->listing);
	atomic_fetch_sub(&f->dir_bytes, d->counted);
	free(d->path);
	oqfs_generation_put(d->in);
	oqfs_generation_put(d->gen);
	oqfs_nodes_put(f->nodes, d->node);
	oq_buf_free(&d->names);
	free(d);
}

int oqfs_dir_trouble(const struct oqfs_dir *d, struct oq_err *err)
{
	if (d->listing)
		return oqfs_listing_trouble(d->listing, err);
	if (d->trouble && err)
		*err = d->why;
	return d->trouble;
}

bool oqfs_dir_varies(const struct oqfs_dir *d)
{
	return d->varies;
}

static mode_t type_of(enum oqfs_node_kind kind)
{
	switch (kind) {
	case OQFS_NODE_DIR:
	case OQFS_NODE_STORE:
	case OQFS_NODE_GROUP:
	case OQFS_NODE_PARTS:
	case OQFS_NODE_CONTROL:
		return S_IFDIR;
	case OQFS_NODE_LINK:
		return S_IFLNK;
	case OQFS_NODE_PLAIN:
	case OQFS_NODE_VIEW:
	case OQFS_NODE_STATUS:
		break;
	}
	return S_IFREG;
}

static void fill(const struct oqfs_dir *d, struct oqfs_dirent *e,
		 const struct oqfs_spec *is, uint64_t next)
{
	e->ino = oqfs_node_ino(d->node, e->name, is);
	e->type = type_of(is->kind);
	e->next = next;
	e->is_dots = false;
	/* A link's text may have to be looked up, a csv to be measured. */
	e->is_cheap = is->kind != OQFS_NODE_LINK &&
		      (is->kind != OQFS_NODE_VIEW ||
		       is->size != OQ_WIRE_UNKNOWN || is->refused);
}

/* Entries that are neither a name of the source nor a link of the datastore.
 * The exports may have to be asked for, before it is known what they are. */
static bool next_extra(const struct oqfs_dir *d, uint64_t at, uint64_t end,
		       struct oqfs_dirent *e)
{
	struct oqfs_spec is = { .kind = OQFS_NODE_LINK, .gen = d->gen };

	if (at < end || at - end >= d->nextras)
		return false;
	snprintf(e->name, sizeof(e->name), "%s", d->extras[at - end]);
	if (strcmp(e->name, OQFS_EXPORT) == 0)
		is.kind = OQFS_NODE_GROUP;
	fill(d, e, &is, FIRST + at + 1);
	e->is_cheap = false;
	return true;
}

static bool next_source(struct oqfs_front *f, const struct oqfs_dir *d,
			uint64_t at, struct oqfs_dirent *e)
{
	struct oqfs_spec is = { 0 };
	struct oqfs_source s;

	/* An NFS server opens the directory anew for each part of it, and it
	 * may have changed: go on with a whole name. */
	while (at > 0 && at < d->names.len && d->names.data[at - 1])
		at++;
	while (at < d->names.len) {
		const char *name = d->names.data + at;
		int r = oqfs_catalog_look(f->catalog, d->path, name, &s);

		at += strlen(name) + 1;
		if (r == -ENOENT)
			continue;
		snprintf(e->name, sizeof(e->name), "%s", r ? name : s.shown);
		if (r == 0)
			oqfs_walk_source(&s, &is);
		fill(d, e, &is, FIRST + at);
		e->is_cheap = r == 0 && s.kind != OQFS_SOURCE_LINK;
		if (r)
			e->type = 0;
		return true;
	}
	return next_extra(d, at, d->names.len, e);
}

/* A link that leads to a dataset of another file has names that its tree knows
 * nothing of: what others have goes first. */
static bool is_taken(const struct oqfs_step *s, const char *name)
{
	struct oqfs_found found;
	struct oq_entry own;

	oqfs_tree_entry(s->tree, s->i, &own);
	return oqfs_entry_may_lead(&own) &&
	       oqfs_tree_find(s->tree, name, &found) == 0 && found.i != s->i;
}

static bool next_group(struct oqfs_front *f, const struct oqfs_dir *d,
		       uint64_t at, struct oqfs_cancel *cancel,
		       struct oqfs_dirent *e)
{
	struct oqfs_step s = {
		.dir = d->node,
		.gen = d->in,
		.base = d->gen,
		.tree = oqfs_listing_tree(d->listing),
		.slice = "",
	};
	uint64_t end = oqfs_tree_count(s.tree) * (uint64_t)STEP;

	for (; at < end; at += STEP - at % STEP) {
		struct oq_entry entry;
		struct oqfs_spec is;
		uint32_t listed;

		s.i = at / STEP;
		/* Where that is not to be had: as if it led nowhere. */
		(void)oqfs_leads_entry(f, d->gen, d->node->is.object, s.tree,
				       s.i, cancel, &entry);
		listed = entry.hidden
				 ? 0
				 : oqfs_entry_listed(&entry, f->opts->views);
		for (unsigned slot = (unsigned)(at % STEP); slot < STEP;
		     slot++) {
			s.view = slot ? (enum oq_view_kind)(slot - 1)
				      : OQ_VIEW_FILE;
			if (slot == 1 + OQ_VIEW_FILE ||
			    !(listed & 1U << s.view))
				continue;
			oqfs_tree_name(s.tree, s.i, "", s.view, e->name);
			if (is_taken(&s, e->name))
				continue;
			oqfs_step_spec(f, &s, NULL, &is);
			fill(d, e, &is, FIRST + s.i * STEP + slot + 1);
			return true;
		}
	}
	return next_extra(d, at, end, e);
}

static bool next_dots(const struct oqfs_dir *d, uint64_t off,
		      struct oqfs_dirent *e)
{
	const struct oqfs_node *n = d->node;

	snprintf(e->name, sizeof(e->name), "%s", off ? ".." : ".");
	e->ino = off && n->parent ? n->parent->ino : n->ino;
	e->type = S_IFDIR;
	e->next = off + 1;
	e->is_dots = true;
	e->is_cheap = false;
	return true;
}

bool oqfs_dir_next(struct oqfs_front *f, const struct oqfs_dir *d, uint64_t off,
		   struct oqfs_cancel *cancel, struct oqfs_dirent *e)
{
	struct oqfs_spec is = { .kind = OQFS_NODE_STATUS };

	if (off < FIRST)
		return next_dots(d, off, e);
	off -= FIRST;
	switch (d->node->is.kind) {
	case OQFS_NODE_DIR:
		return next_source(f, d, off, e);
	case OQFS_NODE_STORE:
	case OQFS_NODE_GROUP:
		return d->listing && next_group(f, d, off, cancel, e);
	case OQFS_NODE_PARTS:
		if (!oqfs_parts_spec(d->node, off, e->name, &is))
			return false;
		fill(d, e, &is, FIRST + off + 1);
		return true;
	case OQFS_NODE_CONTROL:
		snprintf(e->name, sizeof(e->name), "status");
		fill(d, e, &is, FIRST + 1);
		return off == 0;
	case OQFS_NODE_PLAIN:
	case OQFS_NODE_LINK:
	case OQFS_NODE_VIEW:
	case OQFS_NODE_STATUS:
		break;
	}
	return false;
}
