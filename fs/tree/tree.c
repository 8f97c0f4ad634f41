/* SPDX-License-Identifier: MIT */
/* tree.c - the file names of a group's entries */

#include "fs/tree/tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fs/tree/index.h"
#include "lib/base/cleanup.h"
#include "lib/base/grow.h"
#include "lib/base/split.h"

#define BIT(v)	    (1U << (v))
#define BARE	    BIT(OQ_VIEW_FILE)

#define CLASH_BYTES 24 /* more than any "~N" */

/* An entry with "~number" in its names. */
struct clash {
	uint32_t i;
	uint32_t number;
};

struct oqfs_tree {
	struct oqfs_index *index;
	bool has_export; /* a name that no entry stands for */
	size_t nclashes, room;
	struct clash *clashes; /* by i, once it is built */
};

/* ---- finding --------------------------------------------------------------*/

static uint32_t clash_number(const struct oqfs_tree *t, size_t i)
{
	size_t lo = 0, hi = t->nclashes;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (t->clashes[mid].i < i)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < t->nclashes && t->clashes[lo].i == i ? t->clashes[lo].number
							 : 0;
}

static size_t spell_link(const char *link, size_t n, uint32_t number,
			 const char *suffix, char out[OQ_NAME_MAX + 1])
{
	char tail[CLASH_BYTES + OQ_NAME_MAX + 1];

	if (!number)
		return oq_name_file(link, n, suffix, out);
	snprintf(tail, sizeof(tail), "~%u%s", number, suffix);
	return oq_name_file(link, n, tail, out);
}

static size_t spell(const struct oqfs_tree *t, size_t i, uint32_t number,
		    const char *suffix, char out[OQ_NAME_MAX + 1])
{
	size_t n;
	const char *link = oqfs_index_link(t->index, i, &n);

	return spell_link(link, n, number, suffix, out);
}

/* Does entry 'i' really have that name, and not a number (or the one given)? */
static bool has_name(const struct oqfs_tree *t, size_t i,
		     const struct oq_split *p, const uint32_t *natural)
{
	char name[OQ_NAME_MAX + 1];
	struct oq_entry e;
	uint32_t names;

	oqfs_tree_entry(t, i, &e);
	if (p->is_maybe && !oqfs_entry_may_lead(&e) &&
	    !(oqfs_entry_may_be_table(&e) &&
	      oq_view_has(p->view, OQ_HAS_SLICES)))
		return false;
	names = p->is_maybe || *p->tail == '[' ? oqfs_entry_sliced(&e)
					       : oqfs_entry_names(&e);
	if (!(names & BIT(p->view)))
		return false;
	spell(t, i, natural ? *natural : clash_number(t, i), p->tail, name);
	return strcmp(name, p->name) == 0;
}

static bool try_link(const struct oqfs_tree *t, const struct oq_split *p,
		     size_t len, const uint32_t *natural, size_t *i)
{
	OQ_BUF struct oq_buf link = { 0 };

	return oq_name_unescape(p->name, len, &link) == 0 &&
	       oqfs_index_find(t->index, link.data ? link.data : "", link.len,
			       i) == 0 &&
	       has_name(t, *i, p, natural);
}

/* A stem "...%~0123456789abcdef", perhaps with "~N" behind it.  Of names with
 * the same hash, of which somebody may have made thousands, the k-th place has
 * the number k, as a rule: that one is looked at first, and of the others only
 * those with the right number. */
static bool try_cut(const struct oqfs_tree *t, const struct oq_split *p,
		    size_t len, const uint32_t *natural, size_t *i)
{
	uint64_t wanted, hash;
	uint32_t number = 0;
	char digits[17], *end;

	if (len < 18 || memcmp(p->name + len - 18, "%~", 2) != 0)
		return false;
	memcpy(digits, p->name + len - 16, 16);
	digits[16] = '\0';
	wanted = strtoull(digits, &end, 16);
	if (len < p->stem_len)
		number = (uint32_t)strtoul(p->name + len + 1, NULL, 10);
	if (number && oqfs_index_long(t->index, number, &hash, i) &&
	    hash == wanted && has_name(t, *i, p, natural))
		return true;
	for (size_t k = oqfs_index_find_long(t->index, wanted);
	     oqfs_index_long(t->index, k, &hash, i) && hash == wanted; k++)
		if ((natural || clash_number(t, *i) == number) &&
		    has_name(t, *i, p, natural))
			return true;
	return false;
}

/* Who has the name?  With 'natural' (pointing to 0) as if nothing clashed. */
static bool find_parts(const struct oqfs_tree *t, const struct oq_split *p,
		       const uint32_t *natural, size_t *i)
{
	/* Natural names have no number. */
	size_t base = natural ? 0 : oq_split_unnumbered(p->name, p->stem_len);

	return try_link(t, p, p->stem_len, natural, i) ||
	       try_cut(t, p, p->stem_len, natural, i) ||
	       (base && (try_link(t, p, base, natural, i) ||
			 try_cut(t, p, base, natural, i)));
}

static int find_name(const struct oqfs_tree *t, const char *name,
		     const uint32_t *natural, struct oqfs_found *out)
{
	struct oq_split p;
	unsigned v = 0;

	while (oq_split_suffix(name, &v, &p)) {
		if (!find_parts(t, &p, natural, &out->i))
			continue;
		out->view = p.view;
		out->slice[0] = '\0';
		return 0;
	}
	return -ENOENT;
}

int oqfs_tree_find(const struct oqfs_tree *t, const char *name,
		   struct oqfs_found *out)
{
	return strlen(name) > OQ_NAME_MAX ? -ENOENT
					  : find_name(t, name, NULL, out);
}

int oqfs_tree_find_maybe(const struct oqfs_tree *t, const char *name,
			 struct oqfs_found *out)
{
	struct oq_split p;
	unsigned v = 0;

	if (strlen(name) > OQ_NAME_MAX)
		return -ENOENT;
	while (oq_split_suffix(name, &v, &p)) {
		p.is_maybe = true;
		if (p.view == OQ_VIEW_FILE || !find_parts(t, &p, NULL, &out->i))
			continue;
		out->view = p.view;
		out->slice[0] = '\0';
		return 0;
	}
	return -ENOENT;
}

int oqfs_tree_find_slice(const struct oqfs_tree *t, const char *name,
			 size_t *at, struct oqfs_found *out)
{
	OQ_BUF struct oq_buf slice = { 0 };
	struct oq_split p;
	size_t end, open;

	if (strlen(name) > OQ_NAME_MAX || !oq_split_bracket(name, &p))
		return -ENOENT;
	end = p.stem_len;
	do
		if (!oq_split_slice(&p, end, at))
			return -ENOENT;
	while (!find_parts(t, &p, NULL, &out->i));
	open = p.stem_len;
	if (oq_name_unescape(name + open, end - open, &slice) ||
	    slice.len > OQ_NAME_MAX || memchr(slice.data, '\0', slice.len))
		return -ENOENT;
	out->view = p.view;
	memcpy(out->slice, slice.data, slice.len);
	out->slice[slice.len] = '\0';
	return 0;
}

/* ---- clashes --------------------------------------------------------------*/

/* Is one of the names that 'i' has with this number somebody else's natural
 * name? */
static bool number_is_taken(const struct oqfs_tree *t, size_t i, uint32_t names,
			    uint32_t number)
{
	const uint32_t natural = 0;

	for (unsigned v = 0; v < OQ_NVIEWS; v++) {
		char name[OQ_NAME_MAX + 1];
		struct oqfs_found f;

		if (!(names & BIT(v)))
			continue;
		spell(t, i, number, oq_views[v].suffix, name);
		if (find_name(t, name, &natural, &f) == 0 && f.i != i)
			return true;
	}
	return false;
}

/* Give 'i' a number. */
static int add_clash(struct oqfs_tree *t, size_t i, uint32_t number)
{
	struct oq_entry e;

	oqfs_tree_entry(t, i, &e);
	while (number_is_taken(t, i, oqfs_entry_names(&e), number))
		number++;
	if (oq_grow(&t->clashes, &t->room, t->nclashes, sizeof(*t->clashes)))
		return -ENOMEM;
	t->clashes[t->nclashes++] = (struct clash){ (uint32_t)i, number };
	return 0;
}

static int by_entry(const void *a, const void *b)
{
	const struct clash *x = a, *y = b;

	if (x->i != y->i)
		return x->i < y->i ? -1 : 1;
	return (x->number > y->number) - (x->number < y->number);
}

/* An entry may have been given a number twice: the first one is it. */
static void sort_clashes(struct oqfs_tree *t)
{
	size_t kept = 0;

	if (t->nclashes)
		qsort(t->clashes, t->nclashes, sizeof(*t->clashes), by_entry);
	for (size_t k = 0; k < t->nclashes; k++)
		if (!kept || t->clashes[kept - 1].i != t->clashes[k].i)
			t->clashes[kept++] = t->clashes[k];
	t->nclashes = kept;
}

/* Bare names first: those of groups, stored files and links. */
static bool goes_first(const struct oqfs_tree *t, size_t a, size_t b)
{
	struct oq_entry x, y;
	bool x_bare, y_bare;

	oqfs_tree_entry(t, a, &x);
	oqfs_tree_entry(t, b, &y);
	x_bare = oqfs_entry_is_link(&x) || (oqfs_entry_names(&x) & BARE);
	y_bare = oqfs_entry_is_link(&y) || (oqfs_entry_names(&y) & BARE);
	return x_bare != y_bare ? x_bare : a < b;
}

/* A bare name that ends as a view does: is there an entry with that view?  A
 * clash of two needs such a one, so that nothing else has to be looked at. */
static int settle_bare(struct oqfs_tree *t, size_t i)
{
	const uint32_t natural = 0;
	char name[OQ_NAME_MAX + 1];
	struct oq_split p;
	unsigned v = 0;
	size_t other;

	spell(t, i, 0, "", name);
	while (oq_split_suffix(name, &v, &p)) {
		int r;

		if (p.view == OQ_VIEW_FILE ||
		    !find_parts(t, &p, &natural, &other) || other == i)
			continue;
		r = add_clash(t, goes_first(t, i, other) ? other : i, 1);
		if (r)
			return r;
	}
	return 0;
}

/* The parameters of a calculation, which the engine writes first. */
#define PARAMETERS "oqparam"

/* Of a root: is it a calculation's, and who must not be called as ours is? */
static int settle_root(struct oqfs_tree *t)
{
	struct oq_entry e;
	size_t i;

	if (oqfs_tree_find_link(t, PARAMETERS, strlen(PARAMETERS), &i))
		return 0;
	t->has_export = true;
	if (oqfs_tree_find_link(t, OQFS_EXPORT, strlen(OQFS_EXPORT), &i))
		return 0;
	oqfs_tree_entry(t, i, &e);
	return oqfs_entry_names(&e) & BARE ? add_clash(t, i, 1) : 0;
}

static int settle_clashes(struct oqfs_tree *t)
{
	uint64_t hash, last = 0;
	size_t i, n;

	for (i = 0; i < oqfs_index_count(t->index); i++) {
		const char *link = oqfs_index_link(t->index, i, &n);
		struct oq_entry e;
		int r;

		if (!n || !oq_split_ends(link[n - 1]))
			continue;
		oqfs_tree_entry(t, i, &e);
		r = oqfs_entry_names(&e) & BARE ? settle_bare(t, i) : 0;
		if (r)
			return r;
	}
	/* Long names that were made to have the same hash. */
	for (size_t k = 0; oqfs_index_long(t->index, k, &hash, &i); k++) {
		if (k && hash == last && add_clash(t, i, (uint32_t)k))
			return -ENOMEM;
		last = hash;
	}
	sort_clashes(t);
	return 0;
}

/* ---- the rest -------------------------------------------------------------*/

static int new_tree(struct oq_buf *bytes, bool is_root, struct oqfs_tree **out)
{
	struct oqfs_tree *t = calloc(1, sizeof(*t));
	int r;

	if (!t) {
		oq_buf_free(bytes);
		return -ENOMEM;
	}
	r = oqfs_index_new(bytes, &t->index);
	if (!r && is_root)
		r = settle_root(t);
	if (!r)
		r = settle_clashes(t);
	if (r) {
		oqfs_tree_free(t);
		return r;
	}
	*out = t;
	return 0;
}

int oqfs_tree_new(struct oq_buf *bytes, struct oqfs_tree **out)
{
	return new_tree(bytes, false, out);
}

int oqfs_tree_new_root(struct oq_buf *bytes, struct oqfs_tree **out)
{
	return new_tree(bytes, true, out);
}

bool oqfs_tree_has_export(const struct oqfs_tree *t)
{
	return t->has_export;
}

void oqfs_tree_free(struct oqfs_tree *t)
{
	if (!t)
		return;
	oqfs_index_free(t->index);
	free(t->clashes);
	free(t);
}

bool oqfs_tree_is_certain(const struct oqfs_tree *t)
{
	uint64_t hash;
	size_t i;

	return t->nclashes == 0 && !oqfs_index_long(t->index, 0, &hash, &i);
}

size_t oqfs_tree_count(const struct oqfs_tree *t)
{
	return oqfs_index_count(t->index);
}

size_t oqfs_tree_bytes(const struct oqfs_tree *t)
{
	return sizeof(*t) + oqfs_index_bytes(t->index) +
	       t->room * sizeof(*t->clashes);
}

void oqfs_tree_entry(const struct oqfs_tree *t, size_t i, struct oq_entry *e)
{
	oqfs_index_entry(t->index, i, e);
}

int oqfs_tree_find_link(const struct oqfs_tree *t, const char *link, size_t n,
			size_t *i)
{
	return oqfs_index_find(t->index, link, n, i);
}

bool oqfs_tree_has_leads(const struct oqfs_tree *t)
{
	return oqfs_index_has_leads(t->index);
}

bool oqfs_tree_needs_files(const struct oqfs_tree *t)
{
	return oqfs_index_needs_files(t->index);
}

size_t oqfs_tree_spell(const char *link, size_t n, uint32_t number,
		       const char *slice, enum oq_view_kind v,
		       char out[OQ_NAME_MAX + 1])
{
	char tail[OQ_NAME_MAX + 1];

	snprintf(tail, sizeof(tail), "%.*s%s", OQ_SPLIT_MAX_TAIL - 10, slice,
		 oq_views[v].suffix);
	return spell_link(link, n, number, tail, out);
}

uint32_t oqfs_tree_number(const struct oqfs_tree *t, size_t i)
{
	return clash_number(t, i);
}

size_t oqfs_tree_name(const struct oqfs_tree *t, size_t i, const char *slice,
		      enum oq_view_kind v, char out[OQ_NAME_MAX + 1])
{
	size_t n;
	const char *link = oqfs_index_link(t->index, i, &n);

	return oqfs_tree_spell(link, n, clash_number(t, i), slice, v, out);
}
