/* SPDX-License-Identifier: MIT */
/* virtual.c - datastores whose virtual datasets take data from others */

#include "fs/tree/virtual.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fs/source/external.h"
#include "fs/source/others.h"
#include "fs/source/signature.h"

#define MAX_KEPT 64 /* groups of a datastore */

/* ---- which files ---- */

static int look(struct oqfs_front *f, const struct oqfs_generation *gen,
		const char *name, struct oqfs_source *s)
{
	const char *own = oqfs_store_path(gen->store);
	struct oqfs_external x;
	char dir[PATH_MAX];
	int r;

	oqfs_generation_dir(gen, dir);
	r = oqfs_external_place(f->roots, dir, name, strlen(name), &x);
	if (!r)
		r = oqfs_external_look(f->catalog, f->roots, x.plain,
				       f->opts->allow_other ? own : NULL, s);
	return r;
}

static int add(struct oqfs_front *f, const struct oqfs_generation *gen,
	       const char *name, struct oqfs_others *all)
{
	struct oqfs_other *to = &all->of[all->n];
	struct oqfs_source s;

	if (all->n == OQ_MAX_SOURCES ||
	    oq_words_have(all->names.data, all->names.len, name) ||
	    look(f, gen, name, &s) ||
	    (s.is_swmr && oqfs_signature_is_fresh(&s.st)))
		return 0;
	to->path = strdup(s.path);
	if (!to->path)
		return -ENOMEM;
	to->id = oqfs_identity_of(&s.st);
	to->is_young = oqfs_identity_is_young(&s.st);
	all->n++;
	oq_buf_put(&all->names, name, strlen(name) + 1);
	return oq_buf_failed(&all->names) ? -ENOMEM : 0;
}

/* Those that the entries of a group name; a reader's word is checked. */
static int add_all(struct oqfs_front *f, const struct oqfs_generation *gen,
		   const struct oqfs_tree *t, struct oqfs_others *all)
{
	int r = 0;

	for (size_t i = 0; !r && i < oqfs_tree_count(t); i++) {
		struct oq_entry e;
		size_t at = 0;

		oqfs_tree_entry(t, i, &e);
		if (!oqfs_entry_needs_files(&e) || e.file[e.file_len - 1])
			continue;
		for (; !r && at < e.file_len; at += strlen(e.file + at) + 1)
			r = add(f, gen, e.file + at, all);
	}
	return r;
}

/* ---- the generation ---- */

/* The place of a group's in the list of 'g', or the end. */
static struct oqfs_generation **find_locked(struct oqfs_generation *g,
					    uint64_t group)
{
	struct oqfs_generation **at = &g->virtuals;

	while (*at && (*at)->others->group != group)
		at = &(*at)->virtuals;
	return at;
}

/* The one there is, if it is still right; held. */
static struct oqfs_generation *current(struct oqfs_generation *g,
				       const struct oqfs_others *all)
{
	struct oqfs_generation *x;

	pthread_mutex_lock(&g->lock);
	x = *find_locked(g, all->group);
	if (x && oqfs_others_same(x->others, all) &&
	    !oqfs_store_is_retired(x->store))
		oqfs_generation_get(x);
	else
		x = NULL;
	pthread_mutex_unlock(&g->lock);
	return x;
}

/* Put 'x' where another was, which what is open on it still holds; or in place
 * of all, where these are too many. */
static void keep(struct oqfs_generation *g, struct oqfs_generation *x)
{
	struct oqfs_generation **at, *was;
	unsigned n = 0;

	pthread_mutex_lock(&g->lock);
	for (was = g->virtuals; was; was = was->virtuals)
		n++;
	at = n < MAX_KEPT ? find_locked(g, x->others->group) : &g->virtuals;
	was = *at;
	if (was && n < MAX_KEPT) {
		x->virtuals = was->virtuals;
		was->virtuals = NULL;
	}
	*at = oqfs_generation_get(x);
	pthread_mutex_unlock(&g->lock);
	oqfs_generation_put(was);
}

static int tell(struct oqfs_front *f, struct oqfs_generation *x)
{
	const struct oqfs_others *all = x->others;
	struct oqfs_store *stores[OQ_MAX_SOURCES] = { NULL };
	int r = 0;

	for (unsigned i = 0; !r && i < all->n; i++) {
		stores[i] = oqfs_store_new(f->super, all->of[i].path,
					   &all->of[i].id);
		r = stores[i] ? 0 : -ENOMEM;
		x->salt = x->salt * 31 + oqfs_node_salt(&all->of[i].id);
	}
	if (!r)
		r = oqfs_store_set_sources(x->store, all->names.data,
					   all->names.len, stores, all->n);
	for (unsigned i = 0; i < all->n; i++)
		oqfs_store_put(stores[i]);
	return r;
}

/* Takes 'all' over in any case. */
static int make(struct oqfs_front *f, struct oqfs_generation *g,
		struct oqfs_others *all, struct oqfs_generation **out)
{
	struct oqfs_generation *x = oqfs_generation_beside(f->super, g);
	int r;

	if (!x) {
		oqfs_others_free(all);
		return -ENOMEM;
	}
	x->others = all;
	r = tell(f, x);
	if (r) {
		oqfs_generation_put(x);
		return r;
	}
	keep(g, x);
	*out = x;
	return 0;
}

/* '*out' is NULL where there is nothing to give. */
static int get(struct oqfs_front *f, struct oqfs_generation *g, uint64_t group,
	       const struct oqfs_tree *t, struct oqfs_generation **out)
{
	struct oqfs_others *all = calloc(1, sizeof(*all));
	int r;

	*out = NULL;
	if (!all)
		return -ENOMEM;
	all->group = group;
	r = add_all(f, g, t, all);
	if (!r && all->n)
		*out = current(g, all);
	if (r || !all->n || *out) {
		oqfs_others_free(all);
		return r;
	}
	return make(f, g, all, out);
}

int oqfs_virtual_list(struct oqfs_front *f, struct oqfs_generation *gen,
		      uint64_t group, struct oqfs_cancel *cancel,
		      struct oqfs_generation **in, struct oqfs_listing **out,
		      struct oq_err *err)
{
	struct oqfs_listing *own, *more;
	struct oqfs_generation *x = NULL;
	int r = oqfs_generation_list(gen, group, cancel, &own, err);

	*in = oqfs_generation_get(gen);
	if (r)
		return r;
	*out = own;
	if (oqfs_roots_file(f->roots) ||
	    !oqfs_tree_needs_files(oqfs_listing_tree(own)))
		return 0;
	r = get(f, gen, group, oqfs_listing_tree(own), &x);
	if (!r && x)
		r = oqfs_generation_list(x, group, cancel, &more, NULL);
	if (r || !x) {
		/* It is as it is without them, unless nobody waits for it. */
		oqfs_generation_put(x);
		if (r == -EINTR || r == -ENOMEM) {
			oqfs_listing_put(f->listings, own);
			return r;
		}
		return 0;
	}
	oqfs_listing_put(f->listings, own);
	*out = more;
	oqfs_generation_put(*in);
	*in = x;
	return 0;
}
