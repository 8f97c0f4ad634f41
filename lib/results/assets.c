/* SPDX-License-Identifier: MIT */
/* assets.c - the assets of a calculation: names, tags and places */

#include "lib/results/assets.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/sheet/frames.h"

/* What is longer is cut. */
#define MAX_TAG 100

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int oq_assets_tags(const struct oq_calculation *c, struct oq_names *out,
		   struct oq_err *err)
{
	OQ_VALUES struct oq_values names = { 0 };
	int e = oq_calculation_attr(c, "assetcol", "tagnames", &names, err);

	if (e < 0)
		return e;
	if (!names.t)
		return oq_err_set(err, -EIO, "tags without names");
	for (uint64_t i = 0; !e && i < names.n; i++)
		e = oq_names_add(out, names.t[i], strlen(names.t[i]));
	if (out->n)
		qsort(out->name, out->n, sizeof(*out->name), by_text);
	return e;
}

int oq_assets_tag_values(const struct oq_calculation *c, const char *tag,
			 struct oq_values *out, struct oq_err *err)
{
	OQ_FREE char *path = NULL;
	int e;

	if (asprintf(&path, "assetcol/tagcol/%s", tag) < 0) {
		path = NULL;
		return -ENOMEM;
	}
	e = oq_calculation_values(c, path, NULL, out, err);
	if (!e && !out->t)
		e = oq_err_set(err, -EIO, "tag '%s' has no texts", tag);
	return e;
}

static int add_tag(struct oq_sheet *s, const struct oq_calculation *c,
		   unsigned part, const char *tag, struct oq_err *err)
{
	OQ_VALUES struct oq_values texts = { 0 };
	struct oq_column *col;
	int e = oq_assets_tag_values(c, tag, &texts, err);

	if (e < 0)
		return e;
	for (uint64_t i = 0; i < texts.n; i++)
		if (strlen(texts.t[i]) > MAX_TAG)
			texts.t[i][MAX_TAG] = '\0';
	col = oq_sheet_add_field(s, tag, part, 0, tag, err);
	if (!col)
		return -EIO;
	/* The sites are counted from 0, but the first text is for none. */
	oq_column_look_up(col, oq_sheet_keep(s, oq_steal(&texts.t)), texts.n,
			  strcmp(tag, "site_id") == 0);
	return 0;
}

/* NumPy's: to five places, in single precision. */
static int fill_rounded(const struct oq_column *c, const struct oq_rows *r,
			void *out, struct oq_err *err)
{
	double *v = out;
	int e = oq_column_load(c, r, out, err);

	for (size_t i = 0; !e && i < r->n; i++)
		v[i] = (double)(rintf((float)v[i] * 1e5F) / 1e5F);
	return e;
}

static int add_coordinate(struct oq_sheet *s, const struct oq_calculation *c,
			  unsigned part, const char *name, struct oq_err *err)
{
	struct oq_column *col = oq_sheet_add_field(s, name, part, 0, name, err);

	if (!col || col->type != OQ_VAL_F64)
		return oq_err_set(err, -EIO, "assets without '%s'", name);
	if (c->version >= OQ_VERSION_NEW && col->single)
		col->fill = fill_rounded;
	oq_column_set_figure(col, OQ_FIGURE_F5);
	return 0;
}

int oq_assets_add(struct oq_sheet *s, const struct oq_calculation *c,
		  struct oq_err *err)
{
	struct oq_names tags = { 0 };
	unsigned part = 0;
	int e = oq_frames_add_part(s, c, "assetcol/array", &part, err);

	if (!e && !oq_sheet_add_field(s, "asset_id", part, 0, "id", err))
		e = -EIO;
	if (!e)
		e = oq_assets_tags(c, &tags, err);
	for (size_t i = 0; !e && i < tags.n; i++)
		if (strcmp(tags.name[i], "id") != 0)
			e = add_tag(s, c, part, tags.name[i], err);
	oq_names_free(&tags);
	if (!e)
		e = add_coordinate(s, c, part, "lon", err);
	return e ? e : add_coordinate(s, c, part, "lat", err);
}

/* ---- the exposure ---- */

static bool is_tag(const struct oq_names *tags, const char *name)
{
	for (size_t i = 0; i < tags->n; i++)
		if (strcmp(tags->name[i], name) == 0)
			return true;
	return false;
}

static int add_plain_fields(struct oq_sheet *s, unsigned part,
			    const struct oq_names *tags, struct oq_err *err)
{
	const struct oq_dtype *t = oq_frames_type(s, part);

	if (t->cls != OQ_COMPOUND)
		return oq_err_set(err, -EIO, "assets without fields");
	for (size_t i = 0; i < t->nmembers; i++) {
		const char *name = t->members[i].name;

		if (!is_tag(tags, name) &&
		    !oq_frames_word("ordinal site_id", name) &&
		    !oq_sheet_add_field(s, name, part, 0, name, err))
			return -EIO;
	}
	return 0;
}

/* A value goes up to its first '='. */
static int add_exposure_tag(struct oq_sheet *s, const struct oq_calculation *c,
			    unsigned part, const char *tag, struct oq_err *err)
{
	OQ_VALUES struct oq_values texts = { 0 };
	struct oq_column *col;
	int e = oq_assets_tag_values(c, tag, &texts, err);

	if (e < 0)
		return e;
	for (uint64_t i = 0; i < texts.n; i++)
		texts.t[i][strcspn(texts.t[i], "=")] = '\0';
	col = oq_sheet_add_field(s, tag, part, 0, tag, err);
	if (!col)
		return -EIO;
	oq_column_look_up(col, oq_sheet_keep(s, oq_steal(&texts.t)), texts.n,
			  0);
	return 0;
}

int oq_assets_open_all(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_sheet *s,
		       struct oq_err *err)
{
	struct oq_names tags = { 0 };
	unsigned part = 0;
	int e = oq_frames_add_part(s, c, "assetcol/array", &part, err);

	(void)f;
	if (!e)
		e = oq_assets_tags(c, &tags, err);
	if (!e)
		e = add_plain_fields(s, part, &tags, err);
	for (size_t i = 0; !e && i < tags.n; i++)
		e = add_exposure_tag(s, c, part, tags.name[i], err);
	oq_names_free(&tags);
	s->frame = true;
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
	return e;
}
