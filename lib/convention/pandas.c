/* SPDX-License-Identifier: MIT */
/* pandas.c - tables of pandas' to_hdf(format='table')
 *
 * A group with `pandas_type` frame_table or series_table has a compound
 * dataset `table`.  Its member `index` is the frame's index; each other one is
 * a *block* of columns of one type, an array with an item a column
 * (values_block_0), or a column that can be queried, by its own name.
 * Attributes tell the rest, lists and dictionaries as pickles:
 *
 *	of the table  values_block_0_kind   the names of its columns
 *	              values_block_0_dtype  "datetime64[ns]", "bool", "float64"
 *	              values_block_0_meta   "category": the values are codes
 *	              index_kind            as _dtype
 *	of the group  non_index_axes        [(1, names in the frame's order)]
 *	              info                  {"index": {"index_name": ..}, ..}
 *	              levels                of a MultiIndex the names, which are
 *	                                    columns then; 1 else
 *
 * Categories are such a table again, in the group meta/values_block_0/meta.
 * Where an attribute cannot be read the names are those of HDF5.
 */

#include "lib/convention/pandas.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/grow.h"
#include "lib/convention/convention.h"
#include "lib/convention/pickle.h"
#include "lib/type/datetime.h"

/* One column as it is stored. */
struct slot {
	char *name;  /* owned */
	char *dtype; /* owned, or NULL */
	const struct oq_member *member;
	size_t item; /* which of the member's array */
	bool is_category, used;
};

struct table {
	struct oq_h5 *h5;
	uint64_t group, addr; /* of the dataset */
	size_t n, room;
	struct slot *slots; /* owned */
};

static void drop_table(struct table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		free(t->slots[i].name);
		free(t->slots[i].dtype);
	}
	free(t->slots);
}

/* ---- attributes ---- */

static char *member_attr(const struct table *t, const char *member,
			 const char *what)
{
	OQ_FREE char *name = NULL;

	if (asprintf(&name, "%s_%s", member, what) < 0) {
		name = NULL;
		return NULL;
	}
	return oq_h5_attr_text(t->h5, t->addr, name);
}

static const struct oq_pickled *unpickle(const char *text,
					 struct oq_pickled **all)
{
	return text ? oq_pickle_read(text, strlen(text), all) : NULL;
}

/* The name that a pickled value is; NULL where it is none. */
static const char *name_of(const struct oq_pickled *v)
{
	return v && (v->kind == OQ_PICKLED_TEXT || v->kind == OQ_PICKLED_INT)
		       ? v->text
		       : NULL;
}

/* ---- the table's members ---- */

static size_t count_items(const struct oq_dtype *t)
{
	return t->cls == OQ_ARRAY ? t->size / t->base->size : 1;
}

static const struct oq_dtype *item_type(const struct oq_dtype *t)
{
	return t->cls == OQ_ARRAY ? t->base : t;
}

static struct slot *new_slot(struct table *t)
{
	if (oq_grow(&t->slots, &t->room, t->n, sizeof(*t->slots)))
		return NULL;
	t->slots[t->n] = (struct slot){ 0 };
	return &t->slots[t->n++];
}

/* 'names' is NULL where there are none that fit. */
static char *slot_name(const struct oq_member *m, size_t item,
		       const struct oq_pickled *names)
{
	const char *given = names ? name_of(names->items[item]) : NULL;
	char *name = NULL;

	if (given)
		return strdup(given);
	if (m->type->cls != OQ_ARRAY)
		return strdup(m->name);
	return asprintf(&name, "%s[%zu]", m->name, item) < 0 ? NULL : name;
}

static int add_member(struct table *t, const struct oq_member *m)
{
	OQ_FREE char *kind = member_attr(t, m->name, "kind");
	OQ_FREE char *dtype = member_attr(t, m->name, "dtype");
	OQ_FREE char *meta = member_attr(t, m->name, "meta");
	struct oq_pickled *all = NULL;
	const struct oq_pickled *names = unpickle(kind, &all);
	size_t n = count_items(m->type);
	int r = 0;

	if (names && (names->kind != OQ_PICKLED_LIST || names->n != n))
		names = NULL;
	for (size_t i = 0; r == 0 && i < n; i++) {
		struct slot *s = new_slot(t);

		if (!s) {
			r = -ENOMEM;
			break;
		}
		s->member = m;
		s->item = i;
		s->name = slot_name(m, i, names);
		s->dtype = dtype ? strdup(dtype) : NULL;
		s->is_category = meta && strcmp(meta, "category") == 0;
		r = s->name && (s->dtype || !dtype) ? 0 : -ENOMEM;
	}
	oq_pickle_free(all);
	return r;
}

/* All members but the index.  -ENOENT where they are not of fixed size. */
static int read_members(struct table *t, const struct oq_dtype *type)
{
	int r = 0;

	if (type->cls != OQ_COMPOUND || oq_dtype_has_pointers(type) ||
	    oq_dtype_has_refs(type))
		return -ENOENT;
	for (size_t i = 0; r == 0 && i < type->nmembers; i++)
		if (strcmp(type->members[i].name, "index") != 0)
			r = add_member(t, &type->members[i]);
	return r;
}

/* ---- types ---- */

static struct oq_dtype *new_datetime(const char *dtype,
				     const struct oq_dtype *stored)
{
	size_t n = strcspn(dtype, ",]");
	bool unit = strchr(dtype, '[');
	OQ_FREE char *notation = NULL;
	struct oq_dtype *t = calloc(1, sizeof(*t));

	/* "datetime64", "datetime64[ns]", "datetime64[us, UTC]" */
	if (!t || asprintf(&notation, "%.*s%s", (int)n, dtype,
			   unit ? "]" : "[ns]") < 0) {
		notation = NULL;
		free(t);
		return NULL;
	}
	t->size = stored->size;
	if (!oq_datetime_parse(notation, t)) {
		free(t);
		return NULL;
	}
	t->order = stored->order;
	return t;
}

struct oq_dtype *oq_pandas_type(const char *dtype,
				const struct oq_dtype *stored)
{
	if (!dtype || !oq_dtype_is_plain(stored))
		return NULL;
	if (stored->cls == OQ_INT && stored->size == 8 &&
	    (strncmp(dtype, "datetime64", 10) == 0 ||
	     strncmp(dtype, "timedelta64", 11) == 0))
		return new_datetime(dtype, stored);
	if (strcmp(dtype, "bool") == 0 && stored->size == 1)
		return oq_dtype_new_bool();
	return NULL;
}

/* ---- categories ---- */

/* The group that a path of hard links leads to from another. */
static uint64_t walk(struct oq_h5 *h5, uint64_t group, const char *const *names,
		     size_t n)
{
	for (size_t i = 0; i < n && group != OQ_NO_ADDR; i++)
		group = oq_h5_find(h5, group, names[i]);
	return group;
}

static int read_categories(const struct table *t, const char *member,
			   struct oq_columns *c)
{
	const char *const path[] = { "meta", member, "meta", "table" };
	struct table meta = { .h5 = t->h5 };
	struct oq_h5_dset *d = NULL;
	int r;

	meta.addr = walk(t->h5, t->group, path, 4);
	if (meta.addr == OQ_NO_ADDR ||
	    oq_h5_dset_open(t->h5, meta.addr, &d, NULL) < 0)
		return -ENOENT;
	r = read_members(&meta, oq_h5_dset_info(d)->type);
	if (r == 0 && meta.n == 1) {
		const struct slot *s = &meta.slots[0];
		const struct oq_dtype *stored = item_type(s->member->type);
		struct oq_dtype *own = oq_pandas_type(s->dtype, stored);

		r = oq_columns_categories(c, d, s->member->offset,
					  own ? own : stored);
		oq_dtype_free(own);
	} else if (r == 0) {
		r = -ENOENT;
	}
	drop_table(&meta);
	oq_h5_dset_close(d);
	return r;
}

/* ---- columns ---- */

static int add_column(const struct table *t, struct slot *s,
		      struct oq_columns *c)
{
	const struct oq_dtype *stored = item_type(s->member->type);
	size_t offset = s->member->offset + s->item * stored->size;
	struct oq_dtype *own;
	int r = oq_columns_add(c, s->name, 0, offset, stored);

	s->used = true;
	if (r == 0 && s->is_category)
		return read_categories(t, s->member->name, c);
	own = r == 0 ? oq_pandas_type(s->dtype, stored) : NULL;
	if (own)
		oq_columns_show_as(c, own);
	return r;
}

/* In the order of names, most of which follow each other. */
static int add_in_order(struct table *t, const struct oq_pickled *names,
			struct oq_columns *c)
{
	size_t at = 0;
	int r = 0;

	for (size_t i = 0; r == 0 && i < names->n; i++) {
		const char *name = name_of(names->items[i]);

		for (size_t k = 0; name && k < t->n; k++, at++) {
			struct slot *s = &t->slots[at % t->n];

			if (s->used || strcmp(s->name, name) != 0)
				continue;
			r = add_column(t, s, c);
			break;
		}
	}
	return r;
}

static int add_columns(struct table *t, struct oq_columns *c)
{
	OQ_FREE char *text = oq_h5_attr_text(t->h5, t->group, "non_index_axes");
	struct oq_pickled *all = NULL;
	const struct oq_pickled *axes = unpickle(text, &all), *names = NULL;
	int r = 0;

	if (axes && axes->kind == OQ_PICKLED_LIST && axes->n == 1 &&
	    axes->items[0]->kind == OQ_PICKLED_LIST && axes->items[0]->n == 2)
		names = axes->items[0]->items[1];
	if (names && names->kind == OQ_PICKLED_LIST)
		r = add_in_order(t, names, c);
	for (size_t i = 0; r == 0 && i < t->n; i++)
		if (!t->slots[i].used)
			r = add_column(t, &t->slots[i], c);
	oq_pickle_free(all);
	return r;
}

/* ---- the index ---- */

/* Levels without a name are kept by this and a number. */
static bool is_nameless_level(const char *name)
{
	const char *digits = name + strlen("level_");

	return strncmp(name, "level_", strlen("level_")) == 0 && *digits &&
	       strspn(digits, "0123456789") == strlen(digits);
}

/* Whether the index is in columns, and `index` just numbers rows; which are
 * then told, once they are there. */
static bool find_levels(const struct table *t, struct oq_columns *c)
{
	OQ_FREE char *text = oq_h5_attr_text(t->h5, t->group, "levels");
	struct oq_pickled *all = NULL;
	const struct oq_pickled *levels = unpickle(text, &all);
	bool has = levels && levels->kind == OQ_PICKLED_LIST;

	for (size_t i = 0; has && i < levels->n; i++) {
		const char *name = name_of(levels->items[i]);

		for (size_t k = 0; name && k < c->n; k++)
			if (strcmp(c->v[k].name, name) == 0)
				oq_columns_set_index(&c->v[k],
						     is_nameless_level(name));
	}
	oq_pickle_free(all);
	return has;
}

/* As users know it; NULL: it has none, or memory ran out. */
static char *index_name(const struct table *t)
{
	OQ_FREE char *text = oq_h5_attr_text(t->h5, t->group, "info");
	struct oq_pickled *all = NULL;
	const struct oq_pickled *info = unpickle(text, &all);
	const char *name = name_of(
		oq_pickled_get(oq_pickled_get(info, "index"), "index_name"));
	char *copy = name ? strdup(name) : NULL;

	oq_pickle_free(all);
	return copy;
}

static int add_index(const struct table *t, const struct oq_dtype *type,
		     struct oq_columns *c)
{
	const struct oq_member *m = NULL;
	OQ_FREE char *name = index_name(t), *kind = NULL;
	struct oq_dtype *own;
	int r;

	for (size_t i = 0; !m && i < type->nmembers; i++)
		if (strcmp(type->members[i].name, "index") == 0)
			m = &type->members[i];
	if (!m || find_levels(t, c))
		return 0;
	kind = oq_h5_attr_text(t->h5, t->addr, "index_kind");
	r = oq_columns_add(c, name ? name : "index", 0, m->offset, m->type);
	if (r == 0)
		oq_columns_set_index(&c->v[c->n - 1], !name);
	own = r == 0 ? oq_pandas_type(kind, m->type) : NULL;
	if (own)
		oq_columns_show_as(c, own);
	return r;
}

int oq_pandas_table(struct oq_h5 *h5, uint64_t group, struct oq_columns *c)
{
	struct table t = { .h5 = h5, .group = group };
	const struct oq_dtype *type;
	size_t part;
	int r;

	t.addr = oq_h5_find(h5, group, "table");
	r = oq_columns_add_part(c, h5, t.addr, &part);
	if (r < 0)
		return r;
	type = oq_h5_dset_info(c->parts[part])->type;
	r = read_members(&t, type);
	if (r == 0)
		r = add_index(&t, type, c);
	if (r == 0)
		r = add_columns(&t, c);
	if (r == 0)
		(void)find_levels(&t, c);
	drop_table(&t);
	return r ? r : oq_columns_tell_apart(c);
}
