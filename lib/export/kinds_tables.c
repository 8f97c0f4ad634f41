/* SPDX-License-Identifier: MIT */
/* kinds_tables.c - tables that are exported as they are stored, or nearly */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/results/assets.h"
#include "lib/results/sites.h"
#include "lib/results/srcrates.h"
#include "lib/sheet/frames.h"
#include "lib/sheet/kinds.h"

/* ---- data frames ---- */

static int open_frame(const struct oq_calculation *c,
		      const struct oq_exportfile *f, struct oq_sheet *s,
		      struct oq_err *err)
{
	unsigned part = 0;
	int e = oq_frames_add_part(s, c, f->kind->data, &part, err);

	if (!e)
		e = oq_frames_add_fields(s, part, "", err);
	s->frame = true;
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
	oq_sheet_set_comment(s, c, f, "md");
	return e;
}

/* The inputs of a calculation are exported again where it has ruptures and all
 * its functions are of vulnerability; else the engine stops half way. */
static bool is_of_vulnerability(const struct oq_calculation *c)
{
	OQ_VALUES struct oq_values v = { 0 };

	if (oq_calculation_mode_has(c, "classical") ||
	    oq_calculation_values(c, "crm/riskfunc", NULL, &v, NULL) < 0 ||
	    !v.t)
		return false;
	for (uint64_t i = 0; i < v.n; i++)
		if (!strstr(v.t[i], "scientific.VulnerabilityFunction"))
			return false;
	return true;
}

static int open_taxonomy_mapping(const struct oq_calculation *c,
				 const struct oq_exportfile *f,
				 struct oq_sheet *s, struct oq_err *err)
{
	OQ_VALUES struct oq_values names = { 0 };
	struct oq_column *col;
	unsigned part = 0;
	int e = oq_frames_add_part(s, c, f->kind->data, &part, err);

	if (!e)
		e = oq_frames_add_fields(s, part, "taxi", err);
	if (!e)
		e = oq_assets_tag_values(c, "taxonomy", &names, err);
	if (e < 0)
		return e;
	col = oq_sheet_add_field(s, "taxonomy", part, 0, "taxi", err);
	if (!col)
		return -EIO;
	oq_column_look_up(col, oq_sheet_keep(s, oq_steal(&names.t)), names.n,
			  0);
	s->frame = true;
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
	return 0;
}

/* ---- reinsurance ---- */

/* The year of each event; all are of the first where there are no years. */
static int add_year(const struct oq_calculation *c, struct oq_sheet *s,
		    unsigned part, struct oq_err *err)
{
	OQ_VALUES struct oq_values years = { 0 };
	struct oq_column *col;
	int e = oq_calculation_values(c, "events", "year", &years, err);

	if (e == -ENOENT) {
		int64_t *ones =
			oq_sheet_alloc(s, s->export.nrows, sizeof(*ones));

		for (uint64_t i = 0; ones && i < s->export.nrows; i++)
			ones[i] = 1;
		(void)oq_sheet_add_i64(s, "year", ones);
		return 0;
	}
	if (e < 0)
		return e;
	col = oq_sheet_add_field(s, "year", part, 0, "event_id", err);
	if (!col || !years.i)
		return oq_err_set(err, -EIO, "events of no year");
	oq_column_look_up_i64(col, oq_sheet_keep(s, oq_steal(&years.i)),
			      years.n);
	return 0;
}

/* Policies are numbered from 1. */
static int name_policies(const struct oq_calculation *c, struct oq_sheet *s,
			 struct oq_column *col, struct oq_err *err)
{
	OQ_VALUES struct oq_values names = { 0 };
	int e = oq_calculation_values(c, "agg_keys", NULL, &names, err);

	if (!e && !names.t)
		e = oq_err_set(err, -EIO, "'agg_keys' are no texts");
	if (!e)
		oq_column_look_up(col, oq_sheet_keep(s, oq_steal(&names.t)),
				  names.n, -1);
	return e;
}

/* What a field is called: as the insurer calls it. */
static int rename_by_map(const struct oq_calculation *c, struct oq_sheet *s,
			 struct oq_err *err)
{
	struct json_object *map, *to = NULL;

	map = oq_calculation_json(c, "treaty_df", "field_map");
	if (!json_object_is_type(map, json_type_object)) {
		json_object_put(map);
		return oq_err_set(err, -EIO, "treaties without 'field_map'");
	}
	for (size_t i = 0; i < s->ncolumns; i++)
		if (json_object_object_get_ex(map, s->columns[i].name, &to) &&
		    json_object_get_string(to))
			oq_frames_rename(s, &s->columns[i],
					 json_object_get_string(to));
	json_object_put(map);
	return 0;
}

/* "over_A" is what spills over the treaty of that code. */
static int rename_overspill(const struct oq_calculation *c, struct oq_sheet *s,
			    struct oq_err *err)
{
	OQ_TABLE_VALUES struct oq_table_values t = { 0 };
	const struct oq_values *code, *id;
	int e = oq_frames_read(c, "treaty_df", &t, err);

	if (e < 0)
		return e;
	code = oq_frames_find(&t, "code");
	id = oq_frames_find(&t, "id");
	if (!code || !id || !code->t || !id->t)
		return oq_err_set(err, -EIO, "treaties without codes");
	for (uint64_t i = 0; i < t.nrows; i++) {
		OQ_FREE char *from = NULL, *to = NULL;
		struct oq_column *col;

		if (asprintf(&from, "over_%s", code->t[i]) < 0 ||
		    asprintf(&to, "overspill_%s", id->t[i]) < 0)
			return -ENOMEM;
		col = oq_frames_column(s, from);
		if (col)
			oq_frames_rename(s, col, to);
	}
	return 0;
}

static int open_reinsurance(const struct oq_calculation *c,
			    const struct oq_exportfile *f, struct oq_sheet *s,
			    struct oq_err *err)
{
	struct oq_column *policy;
	unsigned part = 0;
	int e = oq_frames_add_part(s, c, f->kind->data, &part, err);

	if (!e)
		e = oq_frames_add_fields(s, part, "", err);
	if (e < 0)
		return e;
	policy = oq_frames_column(s, "policy_id");
	if (policy)
		e = name_policies(c, s, policy, err);
	if (!e && oq_frames_column(s, "event_id"))
		e = add_year(c, s, part, err);
	/* The codes come after the map, and in place of it. */
	if (!e)
		e = rename_overspill(c, s, err);
	if (!e)
		e = rename_by_map(c, s, err);
	s->frame = true;
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
	oq_sheet_set_comment(s, c, f, "md");
	return e;
}

/* ---- several perils ---- */

static bool is_loss(const char *name)
{
	return strstr(name, "loss") != NULL;
}

static int add_tags(const struct oq_calculation *c, struct oq_sheet *s,
		    unsigned part, const struct oq_names *tags,
		    struct oq_err *err)
{
	int e = 0;

	for (size_t i = 0; !e && i < tags->n; i++) {
		OQ_VALUES struct oq_values v = { 0 };
		struct oq_column *col;

		if (strcmp(tags->name[i], "id") == 0)
			continue;
		e = oq_assets_tag_values(c, tags->name[i], &v, err);
		if (e < 0)
			break;
		col = oq_sheet_add_field(s, tags->name[i], part, 0,
					 tags->name[i], err);
		if (!col)
			return -EIO;
		oq_column_look_up(col, oq_sheet_keep(s, oq_steal(&v.t)), v.n,
				  0);
	}
	return e;
}

static bool is_among(const struct oq_names *names, const char *name)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->name[i], name) == 0)
			return true;
	return false;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What is exposed, as stored, and then the losses by name. */
static int add_results(struct oq_sheet *s, unsigned part,
		       const struct oq_names *tags, struct oq_err *err)
{
	const struct oq_dtype *t = oq_frames_type(s, part);
	struct oq_names losses = { 0 };
	int e = 0;

	for (size_t i = 0; !e && i < t->nmembers; i++) {
		const char *name = t->members[i].name;

		if (is_among(tags, name) || oq_frames_word("lon lat", name))
			continue;
		if (is_loss(name))
			e = oq_names_add(&losses, name, strlen(name));
		else if (!oq_sheet_add_field(
				 s, strcmp(name, "id") ? name : "asset_id",
				 part, 0, name, err))
			e = -EIO;
	}
	if (losses.n)
		qsort(losses.name, losses.n, sizeof(*losses.name), by_text);
	for (size_t i = 0; !e && i < losses.n; i++)
		if (!oq_sheet_add_field(s, losses.name[i], part, 0,
					losses.name[i], err))
			e = -EIO;
	oq_names_free(&losses);
	return e;
}

static int open_asset_risk(const struct oq_calculation *c,
			   const struct oq_exportfile *f, struct oq_sheet *s,
			   struct oq_err *err)
{
	struct oq_names tags = { 0 };
	unsigned part = 0;
	int e = oq_frames_add_part(s, c, f->kind->data, &part, err);

	if (!e)
		e = oq_assets_tags(c, &tags, err);
	if (!e)
		e = add_tags(c, s, part, &tags, err);
	if (!e && (!oq_sheet_add_field(s, "lon", part, 0, "lon", err) ||
		   !oq_sheet_add_field(s, "lat", part, 0, "lat", err)))
		e = -EIO;
	if (!e)
		e = add_results(s, part, &tags, err);
	oq_names_free(&tags);
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
	return e;
}

static int open_agg_risk(const struct oq_calculation *c,
			 const struct oq_exportfile *f, struct oq_sheet *s,
			 struct oq_err *err)
{
	unsigned part = 0;
	int e = oq_frames_add_part(s, c, f->kind->data, &part, err);

	if (!e)
		e = oq_frames_add_fields(s, part, "", err);
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
	(void)f;
	return e;
}

#define ALL	      OQ_VERSION_FIRST, OQ_VERSION_LAST
#define SINCE	      OQ_VERSION_MIDDLE, OQ_VERSION_LAST
#define NEW	      OQ_VERSION_NEW, OQ_VERSION_LAST

#define ALL_BEFORE_25 OQ_VERSION_FIRST, OQ_VERSION_LATE
#define INPUTS	      "assetcol sitecol ruptures rupgeoms full_lt"

#define REINSURANCE(key)                                                  \
	{                                                                 \
		key, SINCE, key, "treaty_df", NULL, key, key, NULL, NULL, \
			open_reinsurance                                  \
	}
#define FRAME(key)                                                            \
	{                                                                     \
		key, SINCE, key, NULL, NULL, key, key, NULL, NULL, open_frame \
	}

/* The engine exports these, in ways that nothing was there to compare with. */
#define UNSEEN(key)                                                      \
	{                                                                \
		key, ALL, key, NULL, NULL, NULL, NULL,                   \
			"no export of them was seen that this could be " \
			"checked against",                               \
			NULL, NULL                                       \
	}

static const struct oq_exportkind kinds[] = {
	REINSURANCE("reinsurance-risk_by_event"),
	REINSURANCE("reinsurance-aggcurves"),
	REINSURANCE("reinsurance-avg_portfolio"),
	REINSURANCE("reinsurance-avg_policy"),
	FRAME("infra-avg_loss"),
	FRAME("infra-node_el"),
	FRAME("infra-taz_cl"),
	FRAME("infra-dem_cl"),
	FRAME("infra-event_ccl"),
	FRAME("infra-event_pcl"),
	FRAME("infra-event_wcl"),
	FRAME("infra-event_efl"),
	FRAME("rtgm"),
	FRAME("mce"),
	{ "mean_rates_by_src", ALL_BEFORE_25, "mean_rates_by_src", NULL, NULL,
	  NULL, NULL, "how versions before 3.25 wrote them is not known", NULL,
	  NULL },
	{ "mean_rates_by_src", OQ_VERSION_LATE, OQ_VERSION_LAST,
	  "mean_rates_by_src", "sitecol", NULL, "mean_rates_by_src-{site}",
	  "mean_rates_by_src", NULL, oq_srcrates_check, oq_srcrates_open },
	UNSEEN("mean_disagg_by_src"),
	UNSEEN("cs-stats"),
	UNSEEN("median_spectra"),
	UNSEEN("median_spectrum_disagg"),
	UNSEEN("asce07"),
	UNSEEN("asce41"),
	UNSEEN("mag_dst_eps_sig"),
	UNSEEN("agglosses"),
	UNSEEN("disagg_by_src"),
	{ "sites", OQ_VERSION_LATE, OQ_VERSION_LAST, "crm", INPUTS,
	  is_of_vulnerability, "sites", "sitecol", NULL, NULL,
	  oq_sites_open_all },
	{ "taxonomy_mapping", NEW, "crm taxmap", INPUTS, is_of_vulnerability,
	  "taxonomy_mapping", "taxmap", NULL, NULL, open_taxonomy_mapping },
	{ "asset_risk", ALL, "asset_risk", "assetcol", NULL, "asset_risk",
	  "asset_risk", NULL, NULL, open_asset_risk },
	{ "agg_risk", ALL, "agg_risk", NULL, NULL, "agg_risk", "agg_risk", NULL,
	  NULL, open_agg_risk },
};

const struct oq_kindtable oq_kinds_tables = { kinds,
					      sizeof(kinds) / sizeof(*kinds) };
