/* SPDX-License-Identifier: MIT */
/* pandasfixed.c - frames of pandas' to_hdf(format='fixed'), its default
 *
 * A group with `pandas_type` frame is a dataset for the index, and two for each
 * *block* of columns of one type:
 *
 *	axis0           the names of the columns, in their order
 *	axis1           the index; its attribute `kind` says what it is, `name`
 *	                its name.  Of several levels axis1_level0 ... are the
 *	                values of each, and axis1_label0 ... numbers of these
 *	block0_items    the names of the columns of the block
 *	block0_values   a row of each; its attribute `value_type` is
 *	                "datetime64" or "timedelta64" for what is counted in ns
 *
 * and `series` one with `index` and `values`.  What is bool is of HDF5's class
 * of bit fields.  Objects of Python, as are all columns of text, are pickles:
 * such are left out.  An empty array is one of one element and says so in its
 * attribute `shape`: a frame with such is none here.
 */

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/grow.h"
#include "lib/convention/convention.h"
#include "lib/convention/pandas.h"
#include "lib/type/number.h"

/* Each has a column, of which a table has no more. */
#define MAX_BLOCKS 4096

static const char pickled[] = "objects of Python";

struct fixed {
	struct oq_h5 *h5;
	uint64_t group;
	struct oq_columns *c;
};

/* The dataset PREFIXnumberSUFFIX; OQ_NO_ADDR where it is not there, or stands
 * for an empty one. */
static uint64_t find(const struct fixed *f, const char *prefix, uint64_t number,
		     const char *suffix)
{
	OQ_FREE char *name = NULL;
	uint64_t addr;

	if (asprintf(&name, "%s%" PRIu64 "%s", prefix, number, suffix) < 0) {
		name = NULL;
		return OQ_NO_ADDR;
	}
	addr = oq_h5_find(f->h5, f->group, name);
	return addr != OQ_NO_ADDR && oq_h5_attr_exists(f->h5, addr, "shape")
		       ? OQ_NO_ADDR
		       : addr;
}

/* A number in an attribute; 0 where it has none. */
static uint64_t number_of(const struct fixed *f, const char *attr)
{
	struct oq_attr *a = NULL;
	uint64_t v = 0;

	if (oq_h5_attr_read(f->h5, f->group, attr, &a, NULL) < 0)
		return 0;
	if (a->nelems == 1 && a->type->cls == OQ_INT &&
	    oq_dtype_is_plain(a->type))
		oq_scalar_of(a->type)->load(&v, a->data, a->type->size, 1);
	oq_h5_attr_free(a);
	return v <= INT32_MAX ? v : 0;
}

/* ---- columns ---- */

/* The column that was added last, as pandas has it. */
static void show(const struct fixed *f, uint64_t addr, const char *attr)
{
	OQ_FREE char *dtype = oq_h5_attr_text(f->h5, addr, attr);
	const struct oq_dtype *stored = f->c->v[f->c->n - 1].stored;
	struct oq_dtype *own;

	if (stored->cls == OQ_BITFIELD)
		own = oq_pandas_type("bool", stored);
	else
		own = oq_pandas_type(dtype, stored);
	if (own)
		oq_columns_show_as(f->c, own);
}

/* A dataset of one dimension as a column, or why not. */
static int add_vector(const struct fixed *f, uint64_t addr, const char *name,
		      const char *attr)
{
	size_t part;
	int r;

	if (addr != OQ_NO_ADDR &&
	    oq_h5_attr_exists(f->h5, addr, "PSEUDOATOM")) {
		oq_columns_leave_out(f->c, name, pickled);
		return 0;
	}
	r = oq_columns_add_part(f->c, f->h5, addr, &part);
	if (r == 0)
		r = oq_columns_add(f->c, name, part, 0, NULL);
	if (r == 0)
		show(f, addr, attr);
	return r;
}

/* ---- the index ---- */

/* What a dataset of an index is called; None is pickled. */
static char *index_name(const struct fixed *f, uint64_t addr,
			const char *otherwise)
{
	OQ_FREE char *name = addr == OQ_NO_ADDR
				     ? NULL
				     : oq_h5_attr_text(f->h5, addr, "name");

	return strdup(name && *name && strcmp(name, "N.") != 0 ? name
							       : otherwise);
}

static int add_level(const struct fixed *f, const char *index, uint64_t i)
{
	OQ_FREE char *level = NULL, *label = NULL, *nameless = NULL;
	OQ_FREE char *name = NULL;
	struct oq_h5_dset *d = NULL;
	uint64_t values;
	int r;

	if (asprintf(&level, "%s_level", index) < 0 ||
	    asprintf(&label, "%s_label", index) < 0 ||
	    asprintf(&nameless, "level_%" PRIu64, i) < 0)
		return -ENOMEM;
	values = find(f, level, i, "");
	name = index_name(f, values, nameless);
	if (!name)
		return -ENOMEM;
	r = add_vector(f, find(f, label, i, ""), name, "kind");
	if (r == 0)
		r = values == OQ_NO_ADDR
			    ? -ENOENT
			    : oq_h5_dset_open(f->h5, values, &d, NULL);
	if (r == 0) {
		OQ_FREE char *kind = oq_h5_attr_text(f->h5, values, "kind");
		const struct oq_dtype *stored = oq_h5_dset_info(d)->type;
		struct oq_dtype *own = oq_pandas_type(kind, stored);

		r = oq_columns_categories(f->c, d, 0, own);
		oq_dtype_free(own);
	}
	oq_h5_dset_close(d);
	return r;
}

static int add_index(const struct fixed *f, const char *index)
{
	OQ_FREE char *attr = NULL, *variety = NULL, *name = NULL;
	uint64_t addr = oq_h5_find(f->h5, f->group, index), n;
	int r = 0;

	if (asprintf(&attr, "%s_variety", index) < 0) {
		attr = NULL;
		return -ENOMEM;
	}
	variety = oq_h5_attr_text(f->h5, f->group, attr);
	if (!variety || strcmp(variety, "multi") != 0) {
		if (addr == OQ_NO_ADDR ||
		    oq_h5_attr_exists(f->h5, addr, "shape"))
			return -ENOENT;
		name = index_name(f, addr, "index");
		return name ? add_vector(f, addr, name, "kind") : -ENOMEM;
	}
	free(oq_steal(&attr));
	if (asprintf(&attr, "%s_nlevels", index) < 0) {
		attr = NULL;
		return -ENOMEM;
	}
	n = number_of(f, attr);
	for (uint64_t i = 0; r == 0 && i < n; i++)
		r = add_level(f, index, i);
	return n ? r : -ENOENT;
}

/* ---- blocks ---- */

/* A column of a block. */
struct slot {
	const char *name;
	uint64_t block, item;
	bool used;
};

struct blocks {
	uint64_t n;
	struct {
		uint64_t values; /* its dataset */
		char **names;	 /* owned */
		uint64_t nnames;
		size_t part; /* OQ_NO_PART: pickles */
	} * v;		     /* owned */
	size_t nslots, room;
	struct slot *slots; /* owned */
};

static void drop(struct blocks *b)
{
	for (uint64_t i = 0; b->v && i < b->n; i++)
		free(b->v[i].names);
	free(b->v);
	free(b->slots);
}

static int open_block(const struct fixed *f, struct blocks *b, uint64_t i)
{
	const struct oq_dataset *info;
	uint64_t values = find(f, "block", i, "_values");
	int r;

	b->v[i].values = values;
	b->v[i].part = OQ_NO_PART;
	r = oq_columns_names(f->h5, find(f, "block", i, "_items"),
			     &b->v[i].names, &b->v[i].nnames);
	if (r || (values != OQ_NO_ADDR &&
		  oq_h5_attr_exists(f->h5, values, "PSEUDOATOM")))
		return r;
	r = oq_columns_add_wide(f->c, f->h5, values, &b->v[i].part);
	if (r < 0)
		return r;
	info = oq_h5_dset_info(f->c->parts[b->v[i].part]);
	return info->rank <= 2 && oq_columns_width(info) == b->v[i].nnames
		       ? 0
		       : -ENOENT;
}

static int open_blocks(const struct fixed *f, struct blocks *b)
{
	int r = 0;

	b->n = number_of(f, "nblocks");
	if (b->n > MAX_BLOCKS) {
		b->n = 0;
		return -ENOENT;
	}
	b->v = calloc(b->n + 1, sizeof(*b->v));
	if (!b->v) {
		b->n = 0;
		return -ENOMEM;
	}
	for (uint64_t i = 0; r == 0 && i < b->n; i++) {
		r = open_block(f, b, i);
		for (uint64_t k = 0; r == 0 && k < b->v[i].nnames; k++) {
			if (oq_grow(&b->slots, &b->room, b->nslots,
				    sizeof(*b->slots)))
				return -ENOMEM;
			b->slots[b->nslots++] =
				(struct slot){ b->v[i].names[k], i, k, false };
		}
	}
	return r;
}

static int add_slot(const struct fixed *f, const struct blocks *b,
		    struct slot *s)
{
	size_t part = b->v[s->block].part;
	const struct oq_dtype *type;
	int r;

	s->used = true;
	if (part == OQ_NO_PART) {
		oq_columns_leave_out(f->c, s->name, pickled);
		return 0;
	}
	type = oq_h5_dset_info(f->c->parts[part])->type;
	r = oq_columns_add(f->c, s->name, part, s->item * type->size, type);
	if (r == 0)
		show(f, b->v[s->block].values, "value_type");
	return r;
}

/* In the order of the frame's names, most of which follow each other. */
static int add_in_order(const struct fixed *f, struct blocks *b)
{
	OQ_FREE char **names = NULL;
	uint64_t n = 0;
	size_t at = 0;
	int r = oq_columns_names(f->h5, find(f, "axis", 0, ""), &names, &n);

	for (uint64_t i = 0; r == 0 && i < n; i++) {
		for (size_t k = 0; k < b->nslots; k++, at++) {
			struct slot *s = &b->slots[at % b->nslots];

			if (s->used || strcmp(s->name, names[i]) != 0)
				continue;
			r = add_slot(f, b, s);
			break;
		}
	}
	for (size_t k = 0; r == 0 && k < b->nslots; k++)
		if (!b->slots[k].used)
			r = add_slot(f, b, &b->slots[k]);
	return r;
}

/* ---- both ---- */

int oq_pandas_frame(struct oq_h5 *h5, uint64_t group, struct oq_columns *c)
{
	struct fixed f = { h5, group, c };
	struct blocks b = { 0 };
	int r = number_of(&f, "ndim") == 2 ? add_index(&f, "axis1") : -ENOENT;

	c->is_even = true;
	if (r == 0)
		r = open_blocks(&f, &b);
	if (r == 0)
		r = add_in_order(&f, &b);
	drop(&b);
	return r ? r : oq_columns_tell_apart(c);
}

int oq_pandas_series(struct oq_h5 *h5, uint64_t group, struct oq_columns *c)
{
	struct fixed f = { h5, group, c };
	OQ_FREE char *name = index_name(&f, group, "values");
	uint64_t values = oq_h5_find(h5, group, "values");
	int r = name ? add_index(&f, "index") : -ENOMEM;

	c->is_even = true;
	if (r == 0 &&
	    (values == OQ_NO_ADDR || oq_h5_attr_exists(h5, values, "shape")))
		r = -ENOENT;
	if (r == 0)
		r = add_vector(&f, values, name, "value_type");
	return r ? r : oq_columns_tell_apart(c);
}
