/* SPDX-License-Identifier: MIT */
/* walk.c - from a directory and a name to a node */

#include "fs/tree/walk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/source/latest.h"
#include "fs/source/target.h"
#include "fs/tree/exports.h"
#include "fs/tree/family.h"
#include "fs/tree/nodepath.h"
#include "fs/tree/parts.h"
#include "fs/tree/step.h"
#include "fs/tree/view.h"
#include "fs/tree/virtual.h"

/* ---- directories of the source --------------------------------------------*/

void oqfs_walk_source(const struct oqfs_source *s, struct oqfs_spec *is)
{
	static const enum oqfs_node_kind kinds[] = {
		[OQFS_SOURCE_DIR] = OQFS_NODE_DIR,
		[OQFS_SOURCE_PLAIN] = OQFS_NODE_PLAIN,
		[OQFS_SOURCE_LINK] = OQFS_NODE_LINK,
		[OQFS_SOURCE_STORE] = OQFS_NODE_STORE,
	};

	*is = (struct oqfs_spec){
		.kind = kinds[s->kind],
		.part = OQ_WIRE_NO_PART,
	};
	is->dev = s->st.st_dev;
	is->ino = s->st.st_ino;
	if (s->kind == OQFS_SOURCE_STORE) {
		struct oqfs_identity id = oqfs_identity_of(&s->st);

		is->object = OQ_WIRE_ROOT;
		is->ino = oqfs_node_salt(&id);
	}
}

static int special(struct oqfs_front *f, struct oqfs_node *dir,
		   const char *name, struct oqfs_node **out)
{
	struct oqfs_spec is = { .part = OQ_WIRE_NO_PART };
	char path[PATH_MAX], latest[NAME_MAX + 1];

	if (!dir->parent && strcmp(name, ".oqfs") == 0) {
		is.kind = OQFS_NODE_CONTROL;
	} else if (strcmp(name, "latest") == 0 &&
		   dir->is.kind == OQFS_NODE_DIR &&
		   oqfs_nodepath_path(dir, path) == 0 &&
		   oqfs_latest(f->catalog, f->roots, path, latest) == 0) {
		is.kind = OQFS_NODE_LINK;
		is.text = latest;
	} else {
		return -ENOENT;
	}
	return oqfs_nodes_get(f->nodes, dir, name, &is, out);
}

/* The generation of a datastore: the one its node has, if the file is still
 * the same; else that one is over. */
static struct oqfs_generation *generation(struct oqfs_front *f,
					  struct oqfs_node *dir,
					  const struct oqfs_source *s)
{
	struct oqfs_node *old = oqfs_nodes_child(f->nodes, dir, s->shown);
	struct oqfs_generation *gen = NULL;

	if (old && old->is.kind == OQFS_NODE_STORE) {
		gen = oqfs_generation_get(old->is.gen);
		if (!oqfs_generation_is(gen, &s->st)) {
			oqfs_generation_end(gen, &s->st);
			oqfs_generation_put(gen);
			gen = NULL;
		}
	}
	oqfs_nodes_put(f->nodes, old);
	return gen ? gen : oqfs_generation_new(f->super, f->listings, s);
}

/* The name is gone: so is a datastore that had it. */
static void retire_child(struct oqfs_front *f, struct oqfs_node *dir,
			 const char *name)
{
	struct oqfs_node *old = oqfs_nodes_child(f->nodes, dir, name);

	if (old && old->is.kind == OQFS_NODE_STORE)
		oqfs_generation_retire(old->is.gen);
	oqfs_nodes_put(f->nodes, old);
}

static int in_source(struct oqfs_front *f, struct oqfs_node *dir,
		     const char *name, struct oqfs_node **out)
{
	char path[PATH_MAX], text[PATH_MAX];
	struct oqfs_source s;
	struct oqfs_spec is;
	int r = oqfs_nodepath_path(dir, path);

	if (!r)
		r = oqfs_catalog_find(f->catalog, path, name, &s);
	if (r == -ENOENT) {
		retire_child(f, dir, name);
		return special(f, dir, name, out);
	}
	if (r)
		return r;
	oqfs_walk_source(&s, &is);
	if (is.kind == OQFS_NODE_LINK) {
		r = oqfs_target_text(f->catalog, f->roots, s.path, text);
		if (r)
			return r;
		is.text = text;
	}
	if (is.kind == OQFS_NODE_STORE) {
		is.gen = generation(f, dir, &s);
		if (!is.gen)
			return -ENOMEM;
	}
	r = oqfs_nodes_get(f->nodes, dir, name, &is, out);
	oqfs_generation_put(is.gen);
	return r;
}

int oqfs_walk_refresh(struct oqfs_front *f, struct oqfs_node *root)
{
	struct oqfs_generation *gen = oqfs_node_gen(f->nodes, root), *fresh;
	struct oqfs_source s;
	int r = oqfs_catalog_look(f->catalog, "", oqfs_roots_file(f->roots),
				  &s);

	if (r == -ENOENT || (r == 0 && s.kind != OQFS_SOURCE_STORE))
		r = -ESTALE;
	if (r == 0 && !oqfs_generation_is(gen, &s.st)) {
		oqfs_generation_end(gen, &s.st);
		fresh = oqfs_generation_new(f->super, f->listings, &s);
		if (fresh)
			oqfs_nodes_turn_root(f->nodes, fresh);
		else
			r = -ENOMEM;
		oqfs_generation_put(fresh);
	}
	oqfs_generation_put(gen);
	return r;
}

/* ---- groups ---------------------------------------------------------------*/

static int take_step(struct oqfs_front *f, const struct oqfs_step *s,
		     struct oqfs_node *dir, const char *name,
		     struct oqfs_node **out)
{
	OQ_BUF struct oq_buf text = { 0 };
	struct oqfs_spec is;
	int r = oqfs_step_spec(f, s, &text, &is);

	return r ? r : oqfs_nodes_get(f->nodes, dir, name, &is, out);
}

/* The caller learns only that there is no such file; the log says why. */
static void log_slice(struct oqfs_front *f, const struct oqfs_node *dir,
		      const char *name, const struct oq_err *why)
{
	char label[OQFS_LABEL_BYTES];
	size_t n;

	if (!f->opts->debug || !why->text[0])
		return;
	oqfs_nodepath_label(f->nodes, dir, label);
	n = strlen(label);
	oqfs_log(f->log, OQFS_DEBUG, "%.500s%s%s: %s", label,
		 label[n - 1] == '/' ? "" : "/", name, why->text);
}

/* What stands for a file only where the reader agrees. */
static int take_asked(struct oqfs_front *f, struct oqfs_step *s,
		      struct oqfs_node *dir, const char *name,
		      struct oqfs_node **out, struct oq_err *why)
{
	struct oqfs_extent e;
	int r = take_step(f, s, dir, name, out);

	if (r)
		return r;
	if ((*out)->is.kind == OQFS_NODE_VIEW && !(*out)->is.refused)
		r = oqfs_view_measure(f, *out, s->cancel, &e, why);
	/* One that cannot be read is there, like what it is of. */
	if (r == 0 || oqfs_view_is_troubled(r))
		return 0;
	oqfs_nodes_put(f->nodes, *out);
	*out = NULL;
	return r == -EINVAL ? -ENOENT : r;
}

/* A name with a slice, of a group that may be a table, or of a link that may
 * lead to what has it. */
static int take_slice(struct oqfs_front *f, struct oqfs_step *s,
		      struct oqfs_node *dir, const char *name,
		      struct oqfs_node **out, struct oq_err *err)
{
	struct oq_err why = { 0 };
	struct oqfs_found found;
	size_t at = 0;
	int r = oqfs_tree_find_maybe(s->tree, name, &found);

	if (r)
		r = oqfs_tree_find_slice(s->tree, name, &at, &found);
	for (; !r; r = oqfs_tree_find_slice(s->tree, name, &at, &found)) {
		if (found.view == OQ_VIEW_FILE)
			continue;
		s->i = found.i;
		s->view = found.view;
		s->slice = found.slice;
		r = take_asked(f, s, dir, name, out, &why);
		if (r != -ENOENT)
			return r ? oq_err_set(err, r, "%s", why.text) : 0;
	}
	log_slice(f, dir, name, &why);
	return -ENOENT;
}

/* Names in a datastore's root that no link stands for. */
static int in_root_group(struct oqfs_front *f, const struct oqfs_step *s,
			 struct oqfs_node *dir, const char *name,
			 struct oqfs_node **out, struct oq_err *err)
{
	struct oqfs_spec is = { .gen = s->base, .part = OQ_WIRE_NO_PART };
	char calc[NAME_MAX + 1], text[NAME_MAX + 8];

	if (strcmp(name, ".meta.json") == 0) {
		is.kind = OQFS_NODE_VIEW;
		is.object = OQ_WIRE_ROOT;
		is.view = OQ_VIEW_META;
		is.size = OQ_WIRE_UNKNOWN;
		is.link = "";
	} else if (strcmp(name, OQFS_EXPORT) == 0 &&
		   oqfs_tree_has_export(s->tree)) {
		return oqfs_exports_node(f, s->base, dir, s->cancel, out, err);
	} else if (strcmp(name, "parent") == 0 && dir->parent) {
		oqfs_generation_parent(s->base, f->catalog, s->cancel, calc);
		if (!calc[0])
			return -ENOENT;
		snprintf(text, sizeof(text), "../%s", calc);
		is.kind = OQFS_NODE_LINK;
		is.varies = true;
		is.text = text;
	} else {
		return special(f, dir, name, out);
	}
	return oqfs_nodes_get(f->nodes, dir, name, &is, out);
}

/* An entry of the step's tree with this name. */
static int take_entry(struct oqfs_front *f, struct oqfs_step *s,
		      struct oqfs_node *dir, const char *name,
		      struct oqfs_node **out)
{
	struct oqfs_found found;
	int r = oqfs_tree_find(s->tree, name, &found);

	if (r)
		return r;
	s->i = found.i;
	s->view = found.view;
	return take_step(f, s, dir, name, out);
}

static int in_listing(struct oqfs_front *f, struct oqfs_step *s,
		      struct oqfs_node *dir, const char *name,
		      struct oqfs_node **out, struct oq_err *err)
{
	struct oqfs_listing *listing;
	int r = oqfs_virtual_list(f, s->base, dir->is.object, s->cancel,
				  &s->gen, &listing, err);

	/* What we look at is there even where its listing is not. */
	if (r) {
		oqfs_generation_put(s->gen);
		return dir->parent || special(f, dir, name, out) ? r : 0;
	}
	s->tree = oqfs_listing_tree(listing);
	if (oqfs_tree_has_leads(s->tree) || oqfs_tree_needs_files(s->tree))
		atomic_store(&dir->has_leads, true);
	r = take_entry(f, s, dir, name, out);
	if (r == -ENOENT && dir->is.kind == OQFS_NODE_STORE)
		r = in_root_group(f, s, dir, name, out, err);
	if (r == -ENOENT)
		r = take_slice(f, s, dir, name, out, err);
	/* It may be among those that could not be listed. */
	if (r == -ENOENT && oqfs_listing_trouble(listing, err))
		r = oqfs_listing_trouble(listing, err);
	oqfs_listing_put(f->listings, listing);
	oqfs_generation_put(s->gen);
	return r;
}

/* To look for one name takes four times as long as one more entry of a listing.
 * When as much time was spent as a listing takes, that is the better bet: who
 * goes on pays twice the least at the most. */
static bool is_worth_listing(const struct oqfs_node *dir)
{
	return atomic_load(&dir->nnamed) > 8 + atomic_load(&dir->nlinks) / 4;
}

/* Without a listing.  -EAGAIN: that has to tell. */
static int in_family(struct oqfs_front *f, struct oqfs_step *s,
		     struct oqfs_node *dir, const char *name,
		     struct oqfs_node **out, struct oq_err *err)
{
	struct oqfs_tree *family;
	uint64_t nlinks;
	int r;

	if (is_worth_listing(dir) ||
	    oqfs_listings_have(f->listings, s->base->store, dir->is.object))
		return -EAGAIN;
	r = oqfs_family_get(s->base->store, dir->is.object, name, s->cancel,
			    &family, &nlinks);
	if (r)
		return r;
	atomic_store(&dir->nlinks, nlinks);
	atomic_fetch_add(&dir->nnamed, 1);
	s->gen = s->base;
	s->tree = family;
	r = oqfs_tree_needs_files(family) ? -EAGAIN
					  : take_entry(f, s, dir, name, out);
	if (r == -ENOENT)
		r = take_slice(f, s, dir, name, out, err);
	s->slice = "";
	oqfs_tree_free(family);
	return r == -ENOENT ? -EAGAIN : r;
}

static int in_group(struct oqfs_front *f, struct oqfs_node *dir,
		    const char *name, struct oqfs_cancel *cancel,
		    struct oqfs_node **out, struct oq_err *err)
{
	struct oqfs_generation *gen = oqfs_node_gen(f->nodes, dir);
	struct oqfs_step s = {
		.dir = dir, .base = gen, .slice = "", .cancel = cancel
	};
	int r = oqfs_store_is_retired(gen->store) ? -ESTALE : -EAGAIN;

	if (r == -EAGAIN)
		r = in_family(f, &s, dir, name, out, err);
	if (r == -EAGAIN)
		r = in_listing(f, &s, dir, name, out, err);
	else if (r && !dir->parent && !special(f, dir, name, out))
		r = 0;
	oqfs_generation_put(gen);
	return r;
}

/* ---- the rest -------------------------------------------------------------*/

static int in_parts(struct oqfs_front *f, struct oqfs_node *dir,
		    const char *name, struct oqfs_node **out)
{
	char right[OQ_NAME_MAX + 1];
	struct oqfs_spec is;
	uint64_t first;

	if (name[0] < '0' || name[0] > '9')
		return -ENOENT;
	errno = 0;
	first = strtoull(name, NULL, 10);
	if (errno ||
	    !oqfs_parts_spec(dir, first / dir->is.part_rows, right, &is) ||
	    strcmp(name, right) != 0)
		return -ENOENT;
	return oqfs_nodes_get(f->nodes, dir, name, &is, out);
}

static int in_control(struct oqfs_front *f, struct oqfs_node *dir,
		      const char *name, struct oqfs_node **out)
{
	struct oqfs_spec is = { .kind = OQFS_NODE_STATUS,
				.part = OQ_WIRE_NO_PART };

	if (strcmp(name, "status") != 0)
		return -ENOENT;
	return oqfs_nodes_get(f->nodes, dir, name, &is, out);
}

/* As an NFS server asks for what it has a handle of, be that a directory or
 * not, and for the directory it is in. */
static bool is_dots(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

int oqfs_walk(struct oqfs_front *f, struct oqfs_node *dir, const char *name,
	      struct oqfs_cancel *cancel, struct oqfs_node **out,
	      struct oq_err *err)
{
	int r;

	if (strlen(name) > OQ_NAME_MAX)
		return -ENAMETOOLONG;
	if (is_dots(name)) {
		*out = name[1] && dir->parent ? dir->parent : dir;
		oqfs_nodes_hold(f->nodes, *out);
		return 0;
	}
	switch (dir->is.kind) {
	case OQFS_NODE_DIR:
		return in_source(f, dir, name, out);
	case OQFS_NODE_STORE:
		r = dir->parent ? 0 : oqfs_walk_refresh(f, dir);
		return r ? r : in_group(f, dir, name, cancel, out, err);
	case OQFS_NODE_GROUP:
		return in_group(f, dir, name, cancel, out, err);
	case OQFS_NODE_PARTS:
		return in_parts(f, dir, name, out);
	case OQFS_NODE_CONTROL:
		return in_control(f, dir, name, out);
	case OQFS_NODE_PLAIN:
	case OQFS_NODE_LINK:
	case OQFS_NODE_VIEW:
	case OQFS_NODE_STATUS:
		break;
	}
	return -ENOTDIR;
}
