/* SPDX-License-Identifier: MIT */
/* kinds_events.c - events, ruptures and ground motion fields */

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/engine/pytext.h"
#include "lib/results/realizations.h"
#include "lib/results/ruptures.h"
#include "lib/results/sites.h"
#include "lib/sheet/axes.h"
#include "lib/sheet/frames.h"
#include "lib/sheet/kinds.h"
#include "lib/sheet/sheetrows.h"

/* Before 3.13 some files have no comment line. */
static const char *metadata_since_middle(const struct oq_calculation *c)
{
	return c->version < OQ_VERSION_MIDDLE ? "" : "md";
}

static int open_events(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_sheet *s,
		       struct oq_err *err)
{
	struct oq_column *id;
	unsigned part = 0;
	int e = oq_frames_add_part(s, c, "events", &part, err);

	if (!e)
		e = oq_frames_add_fields(s, part, "", err);
	if (e < 0)
		return e;
	for (size_t i = 0; i < s->ncolumns; i++)
		oq_column_set_figure(&s->columns[i], s->columns[i].single
							     ? OQ_FIGURE_REPR32
							     : OQ_FIGURE_REPR);
	id = oq_frames_column(s, "id");
	if (id)
		oq_frames_rename(s, id, "event_id");
	oq_sheet_set_comment(s, c, f, metadata_since_middle(c));
	return 0;
}

static int open_sitemesh(const struct oq_calculation *c,
			 const struct oq_exportfile *f, struct oq_sheet *s,
			 struct oq_err *err)
{
	OQ_SITES struct oq_sites sites = { 0 };
	int e = oq_sites_open(c, true, &sites, err);

	if (e < 0)
		return e;
	s->export.nrows = sites.n;
	oq_sheet_set_comment(s, c, f, metadata_since_middle(c));
	oq_sites_add_id(&sites, c, s);
	(void)oq_sheet_add_values(s, "lon", &sites.lon);
	(void)oq_sheet_add_values(s, "lat", &sites.lat);
	oq_sheet_set_figure(s, 0, OQ_FIGURE_F5);
	return 0;
}

/* ---- ground motion fields ---- */

/* The intensity that a column of fields has: "gmv_0" is the first, "PGA" that
 * of its name.  How many there are where it has none. */
static size_t find_intensity(const struct oq_calculation *c, const char *name)
{
	size_t n = 0;

	if (strncmp(name, "gmv_", 4) == 0)
		n = strspn(name + 4, "0123456789");
	if (n && n < 6 && !name[4 + n]) {
		size_t imt = strtoul(name + 4, NULL, 10);

		return imt < c->imts.n ? imt : c->imts.n;
	}
	for (size_t i = 0; i < c->imts.n; i++)
		if (strcmp(c->imts.name[i], name) == 0)
			return i;
	return c->imts.n;
}

/* "gmv_PGA"; a secondary peril is "sep_...". */
static void name_intensity(const struct oq_calculation *c, struct oq_sheet *s,
			   struct oq_column *col)
{
	OQ_BUF struct oq_buf name = { 0 };
	size_t imt = find_intensity(c, col->name);

	if (imt < c->imts.n)
		oq_buf_printf(&name, "gmv_%s", c->imts.name[imt]);
	else
		oq_buf_printf(&name, "sep_%s", col->name);
	oq_buf_putc(&name, '\0');
	if (oq_buf_failed(&name))
		s->failed = true;
	else
		oq_frames_rename(s, col, name.data);
}

/* Whether all columns are known: since fields are stored by the names of their
 * intensities, how other columns are called has not been seen. */
static int check_gmf(const struct oq_calculation *c,
		     const struct oq_exportfile *f, struct oq_err *err)
{
	bool perils = c->version < OQ_VERSION_LATE &&
		      oq_param_is_set(c, "secondary_perils");
	OQ_FREE char *columns = NULL;
	struct oq_place at;
	char *save = NULL;

	(void)f;
	if (oq_calculation_find(c, "gmf_data", &at))
		columns = oq_h5_attr_text(at.env->h5, at.addr, "__pdcolumns__");
	for (char *w = columns ? strtok_r(columns, " ", &save) : NULL; w;
	     w = strtok_r(NULL, " ", &save))
		if (!oq_frames_word("sid eid", w) && !perils &&
		    find_intensity(c, w) == c->imts.n)
			return oq_err_set(err, -ENOENT,
					  "how this version calls '%s', which "
					  "is none of %zu intensities, is not "
					  "known",
					  w, c->imts.n);
	return 0;
}

static int keys_by_event(void *sheet, uint64_t first, size_t n,
			 struct oq_key *out, struct oq_err *err)
{
	struct oq_sheet *s = sheet;
	const size_t *column = s->state;
	OQ_FREE int64_t *v = calloc(n + 1, sizeof(*v));
	int e = v ? oq_sheet_stored(s, column[0], first, n, v, err) : -ENOMEM;

	for (size_t i = 0; !e && i < n; i++)
		out[i].k[0] = oq_key_of_i64(v[i]);
	if (!e)
		e = oq_sheet_stored(s, column[1], first, n, v, err);
	for (size_t i = 0; !e && i < n; i++)
		out[i].k[1] = oq_key_of_i64(v[i]);
	return e;
}

/* The site's own name, last, in place of its number. */
static int add_custom(struct oq_sheet *s, unsigned part, size_t site,
		      struct oq_sites *sites, struct oq_err *err)
{
	struct oq_column *col;
	uint64_t n = sites->n;

	if (!sites->custom.t)
		return 0;
	s->columns[site].hidden = true;
	col = oq_sheet_add_field(s, "custom_site_id", part, 0, "sid", err);
	if (!col)
		return -EIO;
	oq_column_look_up(col, oq_sheet_keep(s, oq_steal(&sites->custom.t)), n,
			  0);
	return 0;
}

/* A column of its own to sort by, so that the others are not read for it. */
static int add_key(const struct oq_calculation *c, struct oq_sheet *s,
		   const char *path, size_t *column, struct oq_err *err)
{
	struct oq_column *col;
	unsigned part = 0;
	int e = oq_frames_add_part(s, c, path, &part, err);

	if (e < 0)
		return e;
	s->parts[part].aside = true;
	*column = s->ncolumns;
	col = oq_sheet_add_field(s, path, part, 0, NULL, err);
	if (!col || col->type != OQ_VAL_I64)
		return oq_err_set(err, -EIO, "events and sites are no numbers");
	col->hidden = true;
	return 0;
}

static int sort_by_event(const struct oq_calculation *c, struct oq_sheet *s,
			 struct oq_err *err)
{
	size_t *columns = oq_sheet_alloc(s, 2, sizeof(*columns));
	int e = columns ? add_key(c, s, "gmf_data/eid", &columns[0], err)
			: -ENOMEM;

	if (!e)
		e = add_key(c, s, "gmf_data/sid", &columns[1], err);
	s->state = columns;
	s->keys = keys_by_event;
	return e;
}

static int open_gmf(const struct oq_calculation *c,
		    const struct oq_exportfile *f, struct oq_sheet *s,
		    struct oq_err *err)
{
	OQ_SITES struct oq_sites sites = { 0 };
	struct oq_column *sid, *eid;
	unsigned part = 0;
	size_t site, event;
	int e = oq_frames_add_part(s, c, "gmf_data", &part, err);

	if (!e)
		e = oq_frames_add_fields(s, part, "", err);
	if (!e)
		e = oq_sites_open(c, true, &sites, err);
	if (e < 0)
		return e;
	sid = oq_frames_column(s, "sid");
	eid = oq_frames_column(s, "eid");
	if (!sid || !eid)
		return oq_err_set(err, -EIO, "a field without sid or eid");
	site = (size_t)(sid - s->columns);
	event = (size_t)(eid - s->columns);
	for (size_t i = 0; !e && i < s->ncolumns; i++)
		if (i != site && i != event)
			name_intensity(c, s, &s->columns[i]);
	oq_frames_rename(s, sid, "site_id");
	oq_frames_rename(s, eid, "event_id");
	s->frame = true;
	oq_sheet_set_comment(s, c, f, "md");
	if (!e)
		e = sort_by_event(c, s, err);
	if (!e)
		e = add_custom(s, part, site, &sites, err);
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
	return e;
}

static int keys_by_first(void *sheet, uint64_t first, size_t n,
			 struct oq_key *out, struct oq_err *err)
{
	OQ_FREE int64_t *v = calloc(n + 1, sizeof(*v));
	int e = v ? oq_sheet_stored(sheet, 0, first, n, v, err) : -ENOMEM;

	for (size_t i = 0; !e && i < n; i++)
		out[i].k[0] = oq_key_of_i64(v[i]);
	return e;
}

static int open_sigma_epsilon(const struct oq_calculation *c,
			      const struct oq_exportfile *f, struct oq_sheet *s,
			      struct oq_err *err)
{
	OQ_VALUES struct oq_values ids = { 0 };
	unsigned part = 0;
	int e = oq_frames_add_part(s, c, "gmf_data/sigma_epsilon", &part, err);

	if (!e)
		e = oq_frames_add_fields(s, part, "", err);
	if (!e)
		e = oq_calculation_values(c, "events", "id", &ids, err);
	if (e < 0)
		return e;
	if (!ids.i || !s->ncolumns || strcmp(s->columns[0].name, "eid") != 0)
		return oq_err_set(err, -EIO, "events without numbers");
	oq_column_look_up_i64(&s->columns[0],
			      oq_sheet_keep(s, oq_steal(&ids.i)), ids.n);
	oq_frames_rename(s, &s->columns[0], "event_id");
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E6);
	oq_sheet_set_comment(s, c, f, metadata_since_middle(c));
	s->keys = keys_by_first;
	return 0;
}

static int add_average(const struct oq_calculation *c, struct oq_sheet *s,
		       size_t imt, unsigned mean, unsigned deviation,
		       struct oq_err *err)
{
	char name[256];

	(void)snprintf(name, sizeof(name), "gmv_%s", c->imts.name[imt]);
	if (!oq_sheet_add_field(s, name, mean, imt, NULL, err))
		return -EIO;
	(void)snprintf(name, sizeof(name), "gsd_%s", c->imts.name[imt]);
	if (!oq_sheet_add_field(s, name, deviation, imt, NULL, err))
		return -EIO;
	return 0;
}

/* The sites of all are those of the calculation that it was made from. */
static bool has_parents_sites(const struct oq_calculation *c)
{
	return c->parent_number && c->version >= OQ_VERSION_MIDDLE;
}

static int check_avg_gmf(const struct oq_calculation *c,
			 const struct oq_exportfile *f, struct oq_err *err)
{
	(void)f;
	return has_parents_sites(c) && !c->nparents
		       ? oq_calculation_absent(c, "sitecol", err)
		       : 0;
}

static int open_avg_gmf(const struct oq_calculation *c,
			const struct oq_exportfile *f, struct oq_sheet *s,
			struct oq_err *err)
{
	const int64_t first[] = { 0, OQ_AXIS_ALL, OQ_AXIS_ALL };
	const int64_t second[] = { 1, OQ_AXIS_ALL, OQ_AXIS_ALL };
	struct oq_calculation parent = *c;
	OQ_SITES struct oq_sites sites = { 0 };
	unsigned mean = 0, deviation = 0;
	int e = oq_axes_add_part(s, c, "avg_gmf", 3, first, &mean, NULL, err);

	if (!e)
		e = oq_axes_add_part(s, c, "avg_gmf", 3, second, &deviation,
				     NULL, err);
	if (has_parents_sites(c) && c->nparents)
		parent.own = c->parents[0];
	if (!e)
		e = oq_sites_open(&parent, true, &sites, err);
	if (e < 0)
		return e;
	oq_sites_add_id(&sites, c, s);
	(void)oq_sheet_add_values(s, "lon", &sites.lon);
	(void)oq_sheet_add_values(s, "lat", &sites.lat);
	for (size_t i = 0; !e && i < c->imts.n; i++)
		e = add_average(c, s, i, mean, deviation, err);
	s->frame = true;
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
	oq_sheet_set_comment(s, c, f, "md");
	return e;
}

/* ---- magnitudes ---- */

static int by_float(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

/* NumPy's: to one place, in single precision. */
static double round_magnitude(double mag)
{
	return (double)(rintf((float)mag * 10.0F) / 10.0F);
}

static uint64_t distinct(double *v, uint64_t n)
{
	uint64_t kept = 0;

	qsort(v, n, sizeof(*v), by_float);
	for (uint64_t i = 0; i < n; i++)
		if (!kept || v[i] != v[kept - 1])
			v[kept++] = v[i];
	return kept;
}

static bool has_duration(const struct oq_calculation *c)
{
	return oq_param_f64(c, "investigation_time", 0) > 0 && c->nrlzs;
}

static int open_mfd(const struct oq_calculation *c,
		    const struct oq_exportfile *f, struct oq_sheet *s,
		    struct oq_err *err)
{
	OQ_VALUES struct oq_values mag = { 0 }, occ = { 0 };
	double years = oq_param_f64(c, "investigation_time", 0) *
		       oq_param_f64(c, "ses_per_logic_tree_path", 1) *
		       (double)c->nrlzs;
	int e = oq_calculation_values(c, "ruptures", "mag", &mag, err);
	double *bin, *freq;

	if (!e)
		e = oq_calculation_values(c, "ruptures", "n_occ", &occ, err);
	if (e < 0)
		return e;
	if (!mag.f || !occ.i)
		return oq_err_set(err, -EIO, "ruptures without magnitudes");
	bin = oq_sheet_alloc(s, mag.n, sizeof(*bin));
	freq = oq_sheet_alloc(s, mag.n, sizeof(*freq));
	if (!bin || !freq)
		return -ENOMEM;
	for (uint64_t i = 0; i < mag.n; i++)
		bin[i] = mag.f[i] = round_magnitude(mag.f[i]);
	s->export.nrows = distinct(bin, mag.n);
	for (uint64_t i = 0; i < mag.n; i++) {
		double *at = bsearch(&mag.f[i], bin, s->export.nrows,
				     sizeof(*bin), by_float);

		if (at)
			freq[at - bin] += (double)occ.i[i];
	}
	for (uint64_t i = 0; i < s->export.nrows; i++) {
		freq[i] /= years;
		bin[i] = rint(bin[i] * 10.0) / 10.0;
	}
	(void)oq_sheet_add_f64(s, "mag", bin);
	(void)oq_sheet_add_f64(s, "freq", freq);
	oq_sheet_set_figure(s, 0, OQ_FIGURE_SMALL7);
	oq_sheet_set_comment(s, c, f, "md");
	return 0;
}

static bool is_no_scenario(const struct oq_calculation *c)
{
	return !oq_calculation_mode_has(c, "scenario");
}

static bool is_of_events(const struct oq_calculation *c)
{
	return !oq_calculation_mode_has(c, "classical");
}

#define ALL    OQ_VERSION_FIRST, OQ_VERSION_LAST
#define SINCE  OQ_VERSION_MIDDLE, OQ_VERSION_LAST
#define BEFORE OQ_VERSION_FIRST, OQ_VERSION_NEW
#define NEW    OQ_VERSION_NEW, OQ_VERSION_LAST

static const struct oq_exportkind kinds[] = {
	{ "realizations", ALL, NULL,
	  "full_lt/source_model_lt full_lt/sm_data full_lt/gsim_lt weights",
	  NULL, "realizations", "full_lt", NULL, oq_realizations_check,
	  oq_realizations_open },
	{ "events", ALL, "events", NULL, NULL, "events", "events", NULL, NULL,
	  open_events },
	{ "gmf_data", ALL, "gmf_data/eid", "sitecol", NULL, "sitemesh",
	  "sitecol", NULL, NULL, open_sitemesh },
	{ "gmf_data", ALL, "gmf_data/eid", "sitecol", NULL, "gmf-data",
	  "gmf_data", NULL, check_gmf, open_gmf },
	{ "gmf_data", ALL, "gmf_data/sigma_epsilon", "events", NULL,
	  "sigma_epsilon", "gmf_data/sigma_epsilon", NULL, NULL,
	  open_sigma_epsilon },
	{ "avg_gmf", ALL, "avg_gmf", "sitecol", NULL, "avg_gmf", "avg_gmf",
	  NULL, check_avg_gmf, open_avg_gmf },
	{ "event_based_mfd", SINCE, "ruptures", NULL, has_duration,
	  "event_based_mfd", "ruptures", NULL, NULL, open_mfd },
	{ "ruptures", BEFORE, "ruptures", NULL, is_no_scenario, NULL, NULL,
	  "before 3.22 the engine computed their geometry in single "
	  "precision, with the functions of a vector library",
	  NULL, NULL },
	{ "ruptures", NEW, "ruptures rupgeoms", "full_lt", is_no_scenario,
	  "ruptures", "ruptures", NULL, oq_ruptures_check, oq_ruptures_open },
	{ "rupture", NEW, "crm", "ruptures rupgeoms full_lt", is_of_events,
	  "rupture", "ruptures", NULL, oq_ruptures_check_one,
	  oq_ruptures_open_one },
};

const struct oq_kindtable oq_kinds_events = { kinds,
					      sizeof(kinds) / sizeof(*kinds) };
