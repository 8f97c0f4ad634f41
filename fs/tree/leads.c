/* SPDX-License-Identifier: MIT */
/* leads.c - where links lead that their own reader cannot follow */

#include "fs/tree/leads.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/source/external.h"
#include "fs/tree/link.h"

#define MAX_HOPS 16 /* links that we follow on the way of one link */

/* ---- the way --------------------------------------------------------------*/

struct way {
	struct oqfs_front *f;
	struct oqfs_cancel *cancel;
	const struct oqfs_generation *own; /* has the link */
	/* Where we are; 'lead' describes 'object'. */
	struct oqfs_generation *gen; /* held */
	uint64_t object;
	struct oqfs_lead *lead;
	unsigned nhops;
	unsigned nfiles;	     /* other files that we looked for */
	struct oqfs_leadfile *first; /* the first of them, if it exists */
};

static int follow(struct way *w, const struct oq_entry *link, bool tell);

static void tell_name(struct way *w, const struct oqfs_tree *t, size_t i,
		      const struct oq_entry *e, bool last)
{
	char name[OQ_NAME_MAX + 1];

	if (last) {
		oq_buf_put(&w->lead->name, e->name, e->name_len);
		w->lead->number = oqfs_tree_number(t, i);
	} else {
		oqfs_tree_name(t, i, "", OQ_VIEW_FILE, name);
		oq_buf_puts(&w->lead->groups, name);
		oq_buf_putc(&w->lead->groups, '/');
	}
}

static int arrive(struct way *w, const struct oq_entry *e)
{
	w->object = e->object;
	w->lead->kind = e->kind;
	w->lead->views = e->views;
	w->lead->listed = e->listed;
	w->lead->refused = e->refused;
	return e->kind == OQ_ENTRY_DANGLING ? -ENOENT : 0;
}

/* Go from a group to the object that a link in it leads to. */
static int step(struct way *w, const char *c, size_t n, bool last, bool tell)
{
	struct oqfs_listing *listing;
	const struct oqfs_tree *tree;
	struct oq_entry e;
	size_t i;
	int r;

	if (w->lead->kind != OQ_ENTRY_GROUP)
		return -ENOENT;
	r = oqfs_listings_get(w->f->listings, w->gen->store, w->object,
			      w->cancel, &listing, NULL);
	if (r)
		return r;
	tree = oqfs_listing_tree(listing);
	r = oqfs_tree_find_link(tree, c, n, &i);
	if (r) {
		int trouble = oqfs_listing_trouble(listing, NULL);

		r = trouble ? trouble : r;
	} else {
		oqfs_tree_entry(tree, i, &e);
		if (tell)
			tell_name(w, tree, i, &e, last);
		r = oqfs_entry_may_lead(&e) ? follow(w, &e, false)
					    : arrive(w, &e);
	}
	oqfs_listing_put(w->f->listings, listing);
	return r;
}

static int walk(struct way *w, const char *p, const char *end, bool tell)
{
	const char *c;
	size_t n;
	bool more = oqfs_link_next(&p, end, &c, &n);
	int r = 0;

	while (more && !r) {
		const char *this = c;
		size_t len = n;

		more = oqfs_link_next(&p, end, &c, &n);
		r = step(w, this, len, !more, tell);
	}
	return r;
}

static void at_root(struct way *w)
{
	w->object = OQ_WIRE_ROOT;
	w->lead->kind = OQ_ENTRY_GROUP;
	w->lead->views = 1U << OQ_VIEW_META;
	w->lead->listed = 0;
	w->lead->refused = 0;
}

/* The kernel keeps what we tell one caller, and tells it to the others.  So in
 * a shared mount we look only at files that everybody who sees the link may
 * read. */
static int look(struct oqfs_front *f, const struct oqfs_generation *own,
		const char *path, struct oqfs_source *s)
{
	return oqfs_external_look(
		f->catalog, f->roots, path,
		f->opts->allow_other ? oqfs_store_path(own->store) : NULL, s);
}

static struct oqfs_leadfile file_of(const struct oqfs_external *x,
				    const struct oqfs_source *s)
{
	return (struct oqfs_leadfile){
		.path = strdup(x->plain),
		.id = oqfs_identity_of(&s->st),
		.is_young = oqfs_identity_is_young(&s->st),
	};
}

/* Go to the root of the file that an external link names, which may be the
 * link's own file. */
static int enter(struct way *w, const struct oq_entry *link, bool tell)
{
	struct oqfs_generation *gen;
	struct oqfs_external x;
	struct oqfs_source s;
	char dir[PATH_MAX];
	int r;

	w->nfiles++;
	oqfs_generation_dir(w->gen, dir);
	r = oqfs_external_place(w->f->roots, dir, link->file, link->file_len,
				&x);
	if (!r)
		r = look(w->f, w->own, x.plain, &s);
	if (r)
		return r;
	if (w->nfiles == 1)
		*w->first = file_of(&x, &s);
	if (tell)
		memcpy(w->lead->shown, s.shown, sizeof(s.shown));
	if (!oqfs_generation_is(w->gen, &s.st)) {
		gen = oqfs_generation_new(w->f->super, w->f->listings, &s);
		if (!gen)
			return -ENOMEM;
		oqfs_generation_put(w->gen);
		w->gen = gen;
	}
	at_root(w);
	return 0;
}

/* Follow a link.  'tell' is true for the link that was asked for: its way is
 * noted in the lead; that of links on the way is not. */
static int follow(struct way *w, const struct oq_entry *link, bool tell)
{
	const char *p = link->target, *end = p + link->target_len;
	int r = 0;

	if (w->nhops++ == MAX_HOPS)
		return -ELOOP;
	if (link->link == OQ_ENTRY_EXTERNAL)
		r = enter(w, link, tell);
	else if (p < end && *p == '/')
		at_root(w);
	return r ? r : walk(w, p, end, tell);
}

/* ---- asking ---------------------------------------------------------------*/

/* Whether the kept answer still holds: the other file may have changed, or its
 * writer may have closed it. */
static bool still_holds(struct oqfs_front *f, const struct oqfs_generation *gen,
			const struct oqfs_leadfile *file)
{
	struct oqfs_identity id;
	struct oqfs_source s;

	if (look(f, gen, file->path, &s))
		return false;
	id = oqfs_identity_of(&s.st);
	return oqfs_identity_same(&id, &file->id) &&
	       oqfs_identity_is_young(&s.st) == file->is_young;
}

/* Follow the link and keep the answer, also that it leads nowhere.  An answer
 * is not kept if it depends on more than one other file, or if something could
 * not be read. */
static int ask(struct oqfs_front *f, struct oqfs_generation *gen,
	       const struct oqfs_leadkey *key, const struct oq_entry *link,
	       struct oqfs_cancel *cancel, struct oqfs_lead *out)
{
	struct oqfs_leadfile first = { 0 };
	struct way w = {
		.f = f,
		.cancel = cancel,
		.own = gen,
		.gen = oqfs_generation_get(gen),
		.object = key->group,
		.lead = out,
		.first = &first,
	};
	int r;

	out->kind = OQ_ENTRY_GROUP;
	r = follow(&w, link, link->link == OQ_ENTRY_EXTERNAL);
	if (!r && (oq_buf_failed(&out->groups) || oq_buf_failed(&out->name)))
		r = -ENOMEM;
	out->found = r == 0;
	if ((r == 0 || r == -ENOENT) && w.nfiles == 1 && first.path)
		oqfs_leadset_put(gen->leads, key, &first, out);
	oqfs_generation_put(w.gen);
	free(first.path);
	return r == -EINTR || r == -ENOMEM ? r : 0;
}

int oqfs_leads_find(struct oqfs_front *f, struct oqfs_generation *gen,
		    uint64_t group, const struct oq_entry *link,
		    struct oqfs_cancel *cancel, struct oqfs_lead *out)
{
	const struct oqfs_leadkey key = { group, link->name, link->name_len };
	struct oqfs_leadfile file = { 0 };
	int r;

	*out = (struct oqfs_lead){ 0 };
	r = oqfs_leadset_get(gen->leads, &key, &file, out);
	if (r > 0 && still_holds(f, gen, &file)) {
		r = 0;
	} else if (r >= 0) {
		oqfs_lead_free(out);
		*out = (struct oqfs_lead){ 0 };
		r = ask(f, gen, &key, link, cancel, out);
	}
	free(file.path);
	return r;
}

void oqfs_lead_put(const struct oqfs_lead *l, struct oq_entry *e)
{
	if (!l->found)
		return;
	e->link = OQ_ENTRY_SOFT;
	e->kind = l->kind;
	e->views = l->views;
	e->listed = l->listed;
	e->refused = l->refused;
	e->hidden = false;
}

int oqfs_leads_entry(struct oqfs_front *f, struct oqfs_generation *gen,
		     uint64_t group, const struct oqfs_tree *t, size_t i,
		     struct oqfs_cancel *cancel, struct oq_entry *e)
{
	OQFS_LEAD struct oqfs_lead lead = { 0 };
	int r;

	oqfs_tree_entry(t, i, e);
	if (!oqfs_entry_may_lead(e))
		return 0;
	r = oqfs_leads_find(f, gen, group, e, cancel, &lead);
	if (r)
		return r;
	oqfs_lead_put(&lead, e);
	return 0;
}
