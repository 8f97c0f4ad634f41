/* SPDX-License-Identifier: MIT */
/* kinds_hazard.c - curves, maps and spectra of sites */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/engine/intensities.h"
#include "lib/engine/pytext.h"
#include "lib/results/sites.h"
#include "lib/sheet/axes.h"
#include "lib/sheet/kinds.h"

/* Realizations are exported one by one where they are asked for, or where
 * there is no statistic. */
static bool has_single_rlzs(const struct oq_calculation *c)
{
	bool individual = oq_param_is_set(c, "individual_rlzs") ||
			  oq_param_is_set(c, "individual_curves");

	return !c->stats.n || (c->nrlzs > 1 && individual);
}

static bool has_maps(const struct oq_calculation *c)
{
	return oq_param_is_set(c, "poes") && oq_param_is_set(c, "hazard_maps");
}

static bool has_single_maps(const struct oq_calculation *c)
{
	return has_maps(c) && has_single_rlzs(c);
}

static bool has_spectra(const struct oq_calculation *c)
{
	return oq_param_is_set(c, "poes") &&
	       oq_param_is_set(c, "uniform_hazard_spectra");
}

static bool has_single_spectra(const struct oq_calculation *c)
{
	return has_spectra(c) && has_single_rlzs(c);
}

/* ---- curves ---- */

static int open_curve(const struct oq_calculation *c,
		      const struct oq_exportfile *f, struct oq_sheet *s,
		      struct oq_err *err)
{
	const int64_t fixed[] = { OQ_AXIS_ALL, (int64_t)f->which,
				  (int64_t)f->imt, OQ_AXIS_ALL };
	OQ_SITES struct oq_sites sites = { 0 };
	uint64_t nlevels = 0;
	unsigned part = 0;
	char name[OQ_FIGURE_MAX + 8];
	double level;
	int e = oq_axes_add_part(s, c, f->kind->data, 4, fixed, &part, &nlevels,
				 err);

	if (!e)
		e = oq_sites_open(c, false, &sites, err);
	if (e < 0)
		return e;
	oq_sheet_set_comment(s, c, f, "md kind inv imt");
	oq_sites_add_curve(&sites, s);
	for (uint64_t i = 0; !e && i < nlevels; i++) {
		struct oq_column *col = NULL;

		e = oq_intensities_level(c, f->imt, i, &level, err);
		if (e < 0)
			break;
		(void)snprintf(name, sizeof(name), "poe-%.7f", level);
		col = oq_sheet_add_field(s, name, part, i, NULL, err);
		if (!col)
			return -EIO;
		oq_column_set_figure(col, OQ_FIGURE_E6);
	}
	return e;
}

/* ---- maps ---- */

static int add_value(struct oq_sheet *s, const struct oq_buf *name,
		     unsigned part, uint64_t at, struct oq_err *err)
{
	struct oq_column *col;

	if (oq_buf_failed(name))
		return -ENOMEM;
	col = oq_sheet_add_field(s, name->data, part, at, NULL, err);
	if (!col)
		return -EIO;
	oq_column_set_figure(col, OQ_FIGURE_E6);
	return 0;
}

/* "PGA-0.1" */
static int add_map_value(const struct oq_calculation *c, struct oq_sheet *s,
			 unsigned part, size_t imt, size_t poe,
			 struct oq_err *err)
{
	struct json_object *poes = oq_param(c, "poes");
	OQ_BUF struct oq_buf name = { 0 };

	oq_buf_printf(&name, "%s-", c->imts.name[imt]);
	oq_py_put_json(json_object_array_get_idx(poes, poe), &name);
	oq_buf_putc(&name, '\0');
	return add_value(s, &name, part,
			 imt * json_object_array_length(poes) + poe, err);
}

/* "0.100000~PGA" */
static int add_spectrum_value(const struct oq_calculation *c,
			      struct oq_sheet *s, unsigned part, size_t imt,
			      size_t poe, struct oq_err *err)
{
	struct json_object *poes = oq_param(c, "poes");
	struct json_object *p = json_object_array_get_idx(poes, poe);
	OQ_BUF struct oq_buf name = { 0 };

	if (strncmp(c->imts.name[imt], "PGA", 3) != 0 &&
	    strncmp(c->imts.name[imt], "SA", 2) != 0)
		return 0;
	if (c->version < OQ_VERSION_MIDDLE)
		oq_py_put_json(p, &name);
	else
		oq_buf_printf(&name, "%.6f", json_object_get_double(p));
	oq_buf_printf(&name, "~%s", c->imts.name[imt]);
	oq_buf_putc(&name, '\0');
	return add_value(s, &name, part,
			 imt * json_object_array_length(poes) + poe, err);
}

/* Sites, and the elements [imt, poe] of each. */
static int start_map(const struct oq_calculation *c,
		     const struct oq_exportfile *f, struct oq_sheet *s,
		     unsigned *part, struct oq_err *err)
{
	const int64_t fixed[] = { OQ_AXIS_ALL, (int64_t)f->which, OQ_AXIS_ALL,
				  OQ_AXIS_ALL };
	struct json_object *poes = oq_param(c, "poes");
	OQ_SITES struct oq_sites sites = { 0 };
	uint64_t width = 0;
	int e = oq_axes_add_part(s, c, f->kind->data, 4, fixed, part, &width,
				 err);

	if (!e)
		e = oq_sites_open(c, false, &sites, err);
	if (e < 0)
		return e;
	if (!json_object_is_type(poes, json_type_array) ||
	    json_object_array_length(poes) * c->imts.n != width)
		return oq_err_set(err, -EIO,
				  "'%s' is not of the intensities and 'poes' "
				  "of the parameters",
				  f->kind->data);
	oq_sheet_set_comment(s, c, f, "md kind inv");
	oq_sites_add_mesh(&sites, s);
	return 0;
}

static int open_map(const struct oq_calculation *c,
		    const struct oq_exportfile *f, struct oq_sheet *s,
		    struct oq_err *err)
{
	unsigned part = 0;
	int e = start_map(c, f, s, &part, err);
	size_t npoes = e ? 0 : json_object_array_length(oq_param(c, "poes"));

	for (size_t imt = 0; !e && imt < c->imts.n; imt++)
		for (size_t p = 0; !e && p < npoes; p++)
			e = add_map_value(c, s, part, imt, p, err);
	return e;
}

static int open_spectrum(const struct oq_calculation *c,
			 const struct oq_exportfile *f, struct oq_sheet *s,
			 struct oq_err *err)
{
	unsigned part = 0;
	int e = start_map(c, f, s, &part, err);
	size_t npoes = e ? 0 : json_object_array_length(oq_param(c, "poes"));

	for (size_t p = 0; !e && p < npoes; p++)
		for (size_t imt = 0; !e && imt < c->imts.n; imt++)
			e = add_spectrum_value(c, s, part, imt, p, err);
	return e;
}

#define ALL OQ_VERSION_FIRST, OQ_VERSION_LAST

static const struct oq_exportkind kinds[] = {
	{ "hcurves", ALL, "hcurves-stats", "sitecol", NULL,
	  "{hazard}_curve-{stat}-{imt}", "hcurves-stats", NULL, NULL,
	  open_curve },
	{ "hcurves", ALL, "hcurves-rlzs", "sitecol weights", has_single_rlzs,
	  "hazard_curve-{rlz}-{imt}", "hcurves-rlzs", NULL, NULL, open_curve },
	{ "hmaps", ALL, "hmaps-stats", "sitecol", has_maps,
	  "{hazard}_map-{stat}", "hmaps-stats", NULL, NULL, open_map },
	{ "hmaps", ALL, "hmaps-rlzs", "sitecol weights", has_single_maps,
	  "hazard_map-{rlz}", "hmaps-rlzs", NULL, NULL, open_map },
	{ "uhs", ALL, "hmaps-stats", "sitecol", has_spectra,
	  "{hazard}_uhs-{stat}", "hmaps-stats", NULL, NULL, open_spectrum },
	{ "uhs", ALL, "hmaps-rlzs", "sitecol weights", has_single_spectra,
	  "hazard_uhs-{rlz}", "hmaps-rlzs", NULL, NULL, open_spectrum },
};

const struct oq_kindtable oq_kinds_hazard = { kinds,
					      sizeof(kinds) / sizeof(*kinds) };
