/* SPDX-License-Identifier: MIT */
/* generation.c - one generation of a datastore, as the mount shows it */

#include "fs/tree/generation.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/source/signature.h"
#include "lib/ipc/shm.h"

static void start(struct oqfs_generation *g, struct oqfs_listings *kept)
{
	atomic_init(&g->refs, 1);
	pthread_mutex_init(&g->lock, NULL);
	oqfs_reasons_init(&g->reasons);
	g->leads = oqfs_leadset_new();
	oqfs_names_init(&g->names);
	g->kept = kept;
}

struct oqfs_generation *oqfs_generation_new(struct oqfs_super *super,
					    struct oqfs_listings *kept,
					    const struct oqfs_source *s)
{
	struct oqfs_identity id = oqfs_identity_of(&s->st);
	struct oqfs_generation *g = calloc(1, sizeof(*g));

	if (!g)
		return NULL;
	g->store = oqfs_store_new(super, s->path, &id);
	if (!g->store) {
		free(g);
		return NULL;
	}
	start(g, kept);
	g->st = s->st;
	g->is_live = s->is_live;
	/* A new list is a new generation, but while somebody writes. */
	g->is_plain = s->is_plain && !s->is_live;
	g->is_young = oqfs_identity_is_young(&s->st);
	/* What a killed writer left does not grow: what changes is another. */
	g->is_swmr = s->is_swmr && oqfs_signature_is_fresh(&s->st);
	if (g->is_swmr)
		oqfs_store_set_live(g->store);
	return g;
}

struct oqfs_generation *oqfs_generation_beside(struct oqfs_super *super,
					       const struct oqfs_generation *g)
{
	struct oqfs_generation *more = calloc(1, sizeof(*more));

	if (!more)
		return NULL;
	more->store = oqfs_store_new(super, oqfs_store_path(g->store),
				     oqfs_store_identity(g->store));
	if (!more->store) {
		free(more);
		return NULL;
	}
	start(more, g->kept);
	more->st = g->st;
	more->is_live = g->is_live;
	more->is_plain = g->is_plain;
	more->is_young = g->is_young;
	more->is_swmr = g->is_swmr;
	if (more->is_swmr)
		oqfs_store_set_live(more->store);
	return more;
}

struct oqfs_generation *oqfs_generation_get(struct oqfs_generation *g)
{
	if (g)
		atomic_fetch_add(&g->refs, 1);
	return g;
}

void oqfs_generation_put(struct oqfs_generation *g)
{
	if (!g || atomic_fetch_sub(&g->refs, 1) > 1)
		return;
	oqfs_generation_put(g->exports);
	oqfs_generation_put(g->virtuals);
	oqfs_others_free(g->others);
	free(g->origins);
	oqfs_leadset_free(g->leads);
	oqfs_listings_drop(g->kept, g->store);
	oqfs_store_put(g->store);
	pthread_mutex_destroy(&g->lock);
	oqfs_reasons_done(&g->reasons);
	oqfs_names_done(&g->names);
	free(g);
}

bool oqfs_generation_is(const struct oqfs_generation *g, const struct stat *st)
{
	struct oqfs_identity id = oqfs_identity_of(st);

	return !oqfs_store_is_retired(g->store) &&
	       oqfs_identity_same(oqfs_store_identity(g->store), &id) &&
	       (!g->is_young || oqfs_identity_is_young(st));
}

static struct oqfs_generation *exports_of(struct oqfs_generation *g)
{
	struct oqfs_generation *x;

	pthread_mutex_lock(&g->lock);
	x = oqfs_generation_get(g->exports);
	pthread_mutex_unlock(&g->lock);
	return x;
}

void oqfs_generation_end(struct oqfs_generation *g, const struct stat *now)
{
	struct oqfs_generation *x = exports_of(g);

	if (!oqfs_store_may_be(g->store, now))
		oqfs_store_retire(g->store);
	if (x)
		oqfs_generation_end(x, now);
	oqfs_generation_put(x);
}

void oqfs_generation_retire(struct oqfs_generation *g)
{
	struct oqfs_generation *x = exports_of(g);

	oqfs_store_retire(g->store);
	if (x)
		oqfs_generation_retire(x);
	oqfs_generation_put(x);
}

int oqfs_generation_list(struct oqfs_generation *g, uint64_t object,
			 struct oqfs_cancel *cancel, struct oqfs_listing **out,
			 struct oq_err *err)
{
	const struct oqfs_attempt a = { .object = object,
					.what = OQ_VIEW_FILE };
	struct oq_err why = { "" };
	int r = oqfs_listings_get(g->kept, g->store, object, cancel, out, &why);

	oqfs_reasons_note(&g->reasons, &a,
			  r ? r : oqfs_listing_trouble(*out, &why), &why);
	return r ? oq_err_set(err, r, "%s", why.text) : 0;
}

void oqfs_generation_dir(const struct oqfs_generation *g, char dir[PATH_MAX])
{
	const char *path = oqfs_store_path(g->store);
	const char *slash = strrchr(path, '/');

	snprintf(dir, PATH_MAX, "%.*s", slash ? (int)(slash - path) : 0, path);
}

/* Ask which calculation it was made from.  Returns false where asking failed
 * and may be tried again. */
static bool ask_parent(struct oqfs_generation *g, struct oqfs_cancel *cancel,
		       char name[NAME_MAX + 1])
{
	static const char attr[] = "oqfs.parent";
	struct oq_request req = {
		.op = OQ_OP_XGET,
		.object = OQ_WIRE_ROOT,
		.part = OQ_WIRE_NO_PART,
		.len = OQ_SHM_SLOT_BYTES,
		.name = attr,
		.name_len = sizeof(attr) - 1,
	};
	struct oqfs_answer a;
	char digits[20];
	size_t n;
	int r;

	name[0] = '\0';
	r = oqfs_store_ask(g->store, &req, cancel, &a, NULL);
	if (r)
		return r == -ENODATA || r == -ENOENT || r == -EOPNOTSUPP;
	n = a.reply.nbytes < sizeof(digits) ? a.reply.nbytes : 0;
	memcpy(digits, a.bytes, n);
	digits[n] = '\0';
	oqfs_answer_done(&a);
	if (n && strspn(digits, "0123456789") == n)
		snprintf(name, NAME_MAX + 1, "calc_%s", digits);
	return true;
}

bool oqfs_generation_origin(struct oqfs_generation *g,
			    struct oqfs_cancel *cancel, char name[NAME_MAX + 1])
{
	bool known;

	pthread_mutex_lock(&g->lock);
	known = g->parent_known;
	memcpy(name, g->parent, sizeof(g->parent));
	pthread_mutex_unlock(&g->lock);
	if (known)
		return true;
	if (!ask_parent(g, cancel, name))
		return false;
	pthread_mutex_lock(&g->lock);
	g->parent_known = true;
	memcpy(g->parent, name, sizeof(g->parent));
	pthread_mutex_unlock(&g->lock);
	return true;
}

void oqfs_generation_parent(struct oqfs_generation *g, struct oqfs_catalog *c,
			    struct oqfs_cancel *cancel, char name[NAME_MAX + 1])
{
	struct oqfs_source s;
	char dir[PATH_MAX];

	(void)oqfs_generation_origin(g, cancel, name);
	if (!name[0])
		return;
	oqfs_generation_dir(g, dir);
	if (oqfs_catalog_find(c, dir, name, &s) != 0)
		name[0] = '\0';
}

bool oqfs_generation_parent_varies(struct oqfs_generation *g)
{
	bool varies;

	pthread_mutex_lock(&g->lock);
	varies = !g->parent_known || g->parent[0];
	pthread_mutex_unlock(&g->lock);
	return varies;
}
