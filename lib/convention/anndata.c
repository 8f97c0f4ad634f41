/* SPDX-License-Identifier: MIT */
/* anndata.c - the data frames, categories and nullable arrays of AnnData
 *
 * As its on-disk format says, in the attribute `encoding-type` of groups:
 *
 *	dataframe     `_index` names the dataset of row names, `column-order`
 *	              the columns: 1-D datasets, or one of the next two
 *	categorical   datasets `codes` and `categories`; -1 is missing
 *	nullable-*    datasets `values` and `mask`; true is missing
 *
 * In its version 0.1.0 categorical columns are datasets of codes, with a
 * reference to their categories in the attribute `categories`.
 */

#include <errno.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/convention/convention.h"
#include "lib/convention/listed.h"

/* ---- one column ---- */

static int add_codes(struct oq_h5 *h5, uint64_t codes, uint64_t categories,
		     const char *name, struct oq_columns *c)
{
	struct oq_h5_dset *d = NULL;
	size_t part;
	int r = oq_columns_add_part(c, h5, codes, &part);

	if (r == 0)
		r = oq_columns_add(c, name, part, 0, NULL);
	if (r == 0)
		r = categories == OQ_NO_ADDR
			    ? -ENOENT
			    : oq_h5_dset_open(h5, categories, &d, NULL);
	if (r == 0)
		r = oq_columns_categories(c, d, 0, NULL);
	oq_h5_dset_close(d);
	return r;
}

static int add_nullable(struct oq_h5 *h5, uint64_t group, const char *name,
			struct oq_columns *c)
{
	size_t values, mask;
	int r = oq_columns_add_part(c, h5, oq_h5_find(h5, group, "values"),
				    &values);

	if (r == 0)
		r = oq_columns_add_part(c, h5, oq_h5_find(h5, group, "mask"),
					&mask);
	if (r == 0)
		r = oq_columns_add(c, name, values, 0, NULL);
	return r ? r : oq_columns_mask(c, mask);
}

/* The address in a reference; OQ_NO_ADDR: there is none such. */
static uint64_t referred(struct oq_h5 *h5, uint64_t addr, const char *attr)
{
	uint64_t to = OQ_NO_ADDR;
	struct oq_attr *a = NULL;

	if (oq_h5_attr_read(h5, addr, attr, &a, NULL) < 0)
		return to;
	if (a->nelems == 1 && a->type->cls == OQ_OBJREF &&
	    a->type->size == sizeof(to))
		memcpy(&to, a->data, sizeof(to));
	oq_h5_attr_free(a);
	return to ? to : OQ_NO_ADDR;
}

static int add_dataset(struct oq_h5 *h5, uint64_t addr, const char *name,
		       struct oq_columns *c)
{
	size_t part;
	int r;

	if (oq_h5_attr_exists(h5, addr, "categories"))
		return add_codes(h5, addr, referred(h5, addr, "categories"),
				 name, c);
	r = oq_columns_add_part(c, h5, addr, &part);
	return r ? r : oq_columns_add(c, name, part, 0, NULL);
}

static int add_group(struct oq_h5 *h5, uint64_t addr, const char *name,
		     struct oq_columns *c)
{
	OQ_FREE char *type = oq_h5_attr_text(h5, addr, "encoding-type");

	if (type && strcmp(type, "categorical") == 0)
		return add_codes(h5, oq_h5_find(h5, addr, "codes"),
				 oq_h5_find(h5, addr, "categories"), name, c);
	if (type && strncmp(type, "nullable-", 9) == 0)
		return add_nullable(h5, addr, name, c);
	return -ENOENT;
}

static int add_column(struct oq_h5 *h5, uint64_t group, const char *name,
		      struct oq_columns *c)
{
	uint64_t addr = oq_h5_find(h5, group, name);
	enum oq_kind kind;
	int r = addr == OQ_NO_ADDR ? -ENOENT
				   : oq_h5_kind(h5, addr, &kind, NULL);

	if (r < 0)
		return r;
	if (kind == OQ_KIND_GROUP)
		return add_group(h5, addr, name, c);
	return kind == OQ_KIND_DATASET ? add_dataset(h5, addr, name, c)
				       : -ENOENT;
}

/* ---- groups ---- */

int oq_anndata_categorical(struct oq_h5 *h5, uint64_t group,
			   struct oq_columns *c)
{
	c->is_single = true;
	return add_group(h5, group, "value", c);
}

int oq_anndata_nullable(struct oq_h5 *h5, uint64_t group, struct oq_columns *c)
{
	c->is_even = c->is_single = true;
	return add_nullable(h5, group, "value", c);
}

static int add_named(void *ctx, const char *name)
{
	const struct oq_listed *f = ctx;

	return add_column(f->h5, f->group, name, f->c);
}

int oq_anndata_frame(struct oq_h5 *h5, uint64_t group, struct oq_columns *c)
{
	struct oq_listed f = { h5, group, c };
	OQ_FREE char *index = oq_h5_attr_text(h5, group, "_index");
	int r = index ? add_column(h5, group, index, c) : -ENOENT;

	c->is_even = true;
	if (r == 0) {
		/* A group of codes and categories is one column, too. */
		oq_columns_set_index(&c->v[c->n - 1],
				     strcmp(index, "_index") == 0);
		r = oq_listed_names(h5, group, "column-order", add_named, &f);
	}
	return r ? r : oq_columns_tell_apart(c);
}
