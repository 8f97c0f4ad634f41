/* SPDX-License-Identifier: MIT */
/* exports.c - the generation that the exports of a calculation belong to */

#include "fs/tree/exports.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fs/source/identity.h"
#include "fs/source/signature.h"
#include "lib/base/cleanup.h"

/* What became of one that was looked for. */
enum found { THERE, NONE, CLOSED, BUSY };

/* A calculation that another says it was made from. */
struct origin {
	char name[NAME_MAX + 1]; /* "calc_23" */
	enum found found;
	struct oqfs_identity id; /* THERE */
	bool is_young;		 /* THERE */
};

/* Nearest first; only the last may be one that is not there. */
struct oqfs_origins {
	unsigned n;
	struct origin of[OQ_MAX_PARENTS];
};

/* ---- one of them ---- */

static bool may_all(struct oqfs_front *f, const char *own, const char *path)
{
	return !f->opts->allow_other || oqfs_roots_cover(f->roots, path, own);
}

static bool opens(const struct oqfs_front *f, const char *path)
{
	OQ_CLOSE int fd = oqfs_roots_open_file(f->roots, path);

	return fd >= 0;
}

/* Look for 'o->name' in the directory of 'g'. */
static void find(struct oqfs_front *f, const struct oqfs_generation *g,
		 struct origin *o, struct oqfs_source *s)
{
	char dir[PATH_MAX];

	oqfs_generation_dir(g, dir);
	if (oqfs_catalog_find(f->catalog, dir, o->name, s) ||
	    s->kind != OQFS_SOURCE_STORE)
		o->found = NONE;
	else if (!may_all(f, oqfs_store_path(g->store), s->path) ||
		 !opens(f, s->path))
		o->found = CLOSED;
	else if (s->is_swmr && oqfs_signature_is_fresh(&s->st))
		o->found = BUSY;
	else
		o->found = THERE;
	if (o->found != THERE)
		return;
	o->id = oqfs_identity_of(&s->st);
	o->is_young = oqfs_identity_is_young(&s->st);
}

static void put_absent(const struct origin *o, unsigned i, struct oq_err *out)
{
	static const char *const why[] = {
		[NONE] = "is not in its directory",
		[CLOSED] = "may not be read by all who may read this one",
		[BUSY] = "is being written",
	};

	oq_err_set(out, 0, "calculation %s, which %s was made from, %s",
		   o->name + strlen("calc_"), i ? "its parent" : "this one",
		   why[o->found]);
}

/* ---- all of them ---- */

/* Is it as it was when they were found? */
static bool still_holds(struct oqfs_front *f, const struct oqfs_generation *g,
			const struct oqfs_generation *x)
{
	const struct oqfs_origins *all = x->origins;
	struct oqfs_source s;

	if (oqfs_store_is_retired(x->store))
		return false;
	for (unsigned i = 0; i < all->n; i++) {
		const struct origin *was = &all->of[i];
		struct origin now = *was;

		find(f, g, &now, &s);
		if (now.found != was->found ||
		    !oqfs_identity_same(&now.id, &was->id) ||
		    now.is_young != was->is_young)
			return false;
	}
	return true;
}

/* The name of what a generation was made from; "" for nothing. */
static int ask_name(struct oqfs_generation *g, struct oqfs_cancel *cancel,
		    char name[NAME_MAX + 1])
{
	if (oqfs_generation_origin(g, cancel, name))
		return 0;
	name[0] = '\0';
	return oqfs_cancel_fired(cancel) ? -EINTR : -EIO;
}

/* The same of a datastore that was found; one that cannot say is of no more
 * use than one that has nothing to say. */
static int ask_name_of(struct oqfs_front *f, const struct oqfs_source *s,
		       struct oqfs_cancel *cancel, char name[NAME_MAX + 1])
{
	struct oqfs_generation *g =
		oqfs_generation_new(f->super, f->listings, s);
	int r = g ? ask_name(g, cancel, name) : -ENOMEM;

	oqfs_generation_put(g);
	return r == -EIO ? 0 : r;
}

/* One that is its own parent is none. */
static bool is_known(const struct oqfs_generation *g,
		     const struct oqfs_origins *all,
		     const struct oqfs_identity *id)
{
	bool known = oqfs_identity_same(id, oqfs_store_identity(g->store));

	for (unsigned i = 0; !known && i < all->n; i++)
		known = oqfs_identity_same(id, &all->of[i].id);
	return known;
}

/* Find them, with a store for each that is there. */
static int trace(struct oqfs_front *f, struct oqfs_generation *g,
		 struct oqfs_cancel *cancel, struct oqfs_origins *all,
		 struct oqfs_store *stores[OQ_MAX_PARENTS])
{
	struct origin *o = NULL;
	struct oqfs_source s;
	int r = 0;

	while (all->n < OQ_MAX_PARENTS && (!o || o->found == THERE)) {
		o = &all->of[all->n];
		r = all->n ? ask_name_of(f, &s, cancel, o->name)
			   : ask_name(g, cancel, o->name);
		if (r || !o->name[0])
			return r;
		find(f, g, o, &s);
		if (o->found == THERE && is_known(g, all, &o->id))
			return 0;
		if (o->found == THERE) {
			stores[all->n] =
				oqfs_store_new(f->super, s.path, &o->id);
			if (!stores[all->n])
				return -ENOMEM;
		}
		all->n++;
	}
	return 0;
}

static uint64_t salt_of(const struct oqfs_origins *all)
{
	uint64_t salt = 0;

	for (unsigned i = 0; i < all->n; i++)
		if (all->of[i].found == THERE)
			salt = salt * 31 + oqfs_node_salt(&all->of[i].id);
	return salt;
}

/* The number in ".../calc_42.hdf5". */
static uint64_t number_of(const struct oqfs_generation *g)
{
	const char *path = oqfs_store_path(g->store);
	const char *slash = strrchr(path, '/');
	char name[NAME_MAX + 1];

	if (!oqfs_calc_name(slash ? slash + 1 : path, name))
		return OQ_WIRE_UNKNOWN;
	return strtoull(name + strlen("calc_"), NULL, 10);
}

static int tell(struct oqfs_generation *x, const struct oqfs_generation *g,
		struct oqfs_store *const stores[OQ_MAX_PARENTS])
{
	const struct oqfs_origins *all = x->origins;
	struct oqfs_calc calc = { .number = number_of(g) };
	struct oq_err absent;

	for (unsigned i = 0; i < all->n; i++) {
		if (all->of[i].found == THERE) {
			calc.parents[calc.nparents++] = stores[i];
		} else {
			put_absent(&all->of[i], i, &absent);
			calc.absent = absent.text;
		}
	}
	return oqfs_store_set_calc(x->store, &calc);
}

static int make(struct oqfs_front *f, struct oqfs_generation *g,
		struct oqfs_cancel *cancel, struct oqfs_generation **out)
{
	struct oqfs_generation *x = oqfs_generation_beside(f->super, g);
	struct oqfs_store *stores[OQ_MAX_PARENTS] = { NULL };
	int r;

	if (!x)
		return -ENOMEM;
	x->origins = calloc(1, sizeof(*x->origins));
	r = x->origins ? trace(f, g, cancel, x->origins, stores) : -ENOMEM;
	if (!r) {
		x->salt = salt_of(x->origins);
		r = tell(x, g, stores);
	}
	for (unsigned i = 0; i < OQ_MAX_PARENTS; i++)
		oqfs_store_put(stores[i]);
	if (r)
		oqfs_generation_put(x);
	else
		*out = x;
	return r;
}

static struct oqfs_generation *current(struct oqfs_generation *g)
{
	struct oqfs_generation *x;

	pthread_mutex_lock(&g->lock);
	x = oqfs_generation_get(g->exports);
	pthread_mutex_unlock(&g->lock);
	return x;
}

/* Put 'x' where 'was' is, unless another was quicker. */
static bool replace(struct oqfs_generation *g, struct oqfs_generation *was,
		    struct oqfs_generation *x)
{
	bool mine;

	pthread_mutex_lock(&g->lock);
	mine = g->exports == was;
	if (mine)
		g->exports = oqfs_generation_get(x);
	pthread_mutex_unlock(&g->lock);
	/* What is open on that one is stale only where a file is another, which
	 * its store sees for itself. */
	if (mine)
		oqfs_generation_put(was);
	return mine;
}

/* The one of 'g' as things are now; held. */
static int get(struct oqfs_front *f, struct oqfs_generation *g,
	       struct oqfs_cancel *cancel, struct oqfs_generation **out)
{
	int r = 0;

	*out = NULL;
	while (!r && !*out) {
		struct oqfs_generation *was = current(g), *x = NULL;

		if (was && still_holds(f, g, was)) {
			*out = was;
			return 0;
		}
		r = make(f, g, cancel, &x);
		if (!r && replace(g, was, x))
			*out = oqfs_generation_get(x);
		oqfs_generation_put(x);
		oqfs_generation_put(was);
	}
	return r;
}

int oqfs_exports_node(struct oqfs_front *f, struct oqfs_generation *g,
		      struct oqfs_node *store, struct oqfs_cancel *cancel,
		      struct oqfs_node **out, struct oq_err *err)
{
	struct oqfs_spec is = {
		.kind = OQFS_NODE_GROUP,
		.object = OQ_WIRE_EXPORT,
		.part = OQ_WIRE_NO_PART,
	};
	int r = get(f, g, cancel, &is.gen);

	if (r == -EIO)
		oq_err_set(err, r,
			   "its reader does not say what it was made from");
	if (r)
		return r;
	is.varies = oqfs_generation_parent_varies(g);
	r = oqfs_nodes_get(f->nodes, store, OQFS_EXPORT, &is, out);
	oqfs_generation_put(is.gen);
	return r;
}
