/* SPDX-License-Identifier: MIT */
/* srcrates.c - how often a level is exceeded because of each source
 *
 * `mean_rates_by_src` is a group: an array, the names of its axes in
 * `shape_descr`, and the labels of each axis under its name.
 */

#include "lib/results/srcrates.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/engine/pytext.h"
#include "lib/results/sites.h"

enum axis { SITE, SOURCE, IMT, LEVEL };
#define NAXES 4

static const char *const axis_names[NAXES] = { "site_id", "src_id", "imt",
					       "lvl" };

struct rates {
	const char *group;
	struct oq_values array, labels[NAXES];
	uint64_t stride[NAXES];	    /* of each axis, in elements */
	struct json_object **level; /* of each imt: the parameter's; owned */
};

static void rates_free(struct rates *r)
{
	oq_values_free(&r->array);
	for (int i = 0; i < NAXES; i++)
		oq_values_free(&r->labels[i]);
	free(r->level);
}
#define OQ_RATES __attribute__((cleanup(rates_free)))

/* A row; its texts belong to the labels. */
struct rate {
	const char *source, *imt;
	double level, value;
};

/* ---- reading ---- */

static int read_member(const struct oq_calculation *c, const struct rates *r,
		       const char *name, struct oq_values *out,
		       struct oq_err *err)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", r->group, name);
	return oq_calculation_values(c, path, NULL, out, err);
}

static int place_axes(const struct oq_values *names, struct rates *r,
		      struct oq_err *err)
{
	bool fits = names->t && names->n == NAXES && r->array.rank == NAXES;

	for (int i = 0; fits && i < NAXES; i++) {
		uint64_t at = oq_values_find(names, axis_names[i]);

		fits = at < NAXES && r->labels[i].n == r->array.dims[at];
		r->stride[i] = 1;
		for (uint64_t k = at + 1; k < NAXES; k++)
			r->stride[i] *= r->array.dims[k];
	}
	if (!fits || !r->array.f || !r->labels[SITE].i || !r->labels[LEVEL].i ||
	    !r->labels[SOURCE].t || !r->labels[IMT].t)
		return oq_err_set(err, -EIO, "'%s' is not by source", r->group);
	return 0;
}

/* The levels of each intensity that the array has. */
static int find_levels(const struct oq_calculation *c, struct rates *r)
{
	r->level = calloc(r->labels[IMT].n + 1, sizeof(struct json_object *));
	if (!r->level)
		return -ENOMEM;
	for (uint64_t i = 0; i < r->labels[IMT].n; i++)
		for (size_t k = 0; k < c->imts.n; k++)
			if (oq_values_is(&r->labels[IMT], i, c->imts.name[k]))
				r->level[i] = c->levels[k];
	return 0;
}

static int read_rates(const struct oq_calculation *c, const char *group,
		      struct rates *r, struct oq_err *err)
{
	OQ_VALUES struct oq_values names = { 0 };
	int e;

	r->group = group;
	e = read_member(c, r, "array", &r->array, err);
	if (!e)
		e = read_member(c, r, "shape_descr", &names, err);
	for (int i = 0; !e && i < NAXES; i++)
		e = read_member(c, r, axis_names[i], &r->labels[i], err);
	if (!e)
		e = place_axes(&names, r, err);
	return e ? e : find_levels(c, r);
}

/* ---- rows ---- */

static int by_columns(const void *a, const void *b)
{
	const struct rate *x = a, *y = b;
	int c = strcmp(x->source, y->source);

	if (!c)
		c = strcmp(x->imt, y->imt);
	if (!c && x->level != y->level)
		c = x->level < y->level ? -1 : 1;
	return c ? c : (x->value > y->value) - (x->value < y->value);
}

static int level_of(const struct rates *r, uint64_t imt, uint64_t at,
		    double *out, struct oq_err *err)
{
	int64_t number = r->labels[LEVEL].i[at];
	struct json_object *list = r->level[imt];

	if (number < 0 || !json_object_is_type(list, json_type_array) ||
	    (uint64_t)number >= json_object_array_length(list))
		return oq_err_set(err, -EIO, "%s has no level %lld",
				  r->labels[IMT].t[imt], (long long)number);
	*out = json_object_get_double(
		json_object_array_get_idx(list, (size_t)number));
	return 0;
}

/* Collect the rates of a site that are not zero.  Intensities that the
 * calculation has no levels of are left out. */
static int collect(const struct rates *r, uint64_t site, struct rate *out,
		   uint64_t *n, struct oq_err *err)
{
	const struct oq_values *l = r->labels;
	int e = 0;

	for (uint64_t s = 0; s < l[SOURCE].n; s++)
		for (uint64_t m = 0; m < l[IMT].n; m++)
			for (uint64_t k = 0; r->level[m] && k < l[LEVEL].n;
			     k++) {
				double v = r->array.f[site * r->stride[SITE] +
						      s * r->stride[SOURCE] +
						      m * r->stride[IMT] +
						      k * r->stride[LEVEL]];
				struct rate *to = &out[*n];

				if (!(v > 0))
					continue;
				*to = (struct rate){ l[SOURCE].t[s],
						     l[IMT].t[m], 0, v };
				e = level_of(r, m, k, &to->level, err);
				if (e < 0)
					return e;
				++*n;
			}
	qsort(out, *n, sizeof(*out), by_columns);
	return 0;
}

static int add_columns(const struct rate *v, uint64_t n, struct oq_sheet *s)
{
	const char **source = oq_sheet_alloc(s, n, sizeof(*source));
	const char **imt = oq_sheet_alloc(s, n, sizeof(*imt));
	double *level = oq_sheet_alloc(s, n, sizeof(*level));
	double *value = oq_sheet_alloc(s, n, sizeof(*value));

	if (!source || !imt || !level || !value)
		return -ENOMEM;
	for (uint64_t i = 0; i < n; i++) {
		source[i] = oq_sheet_text(s, v[i].source);
		imt[i] = oq_sheet_text(s, v[i].imt);
		if (!source[i] || !imt[i])
			return -ENOMEM;
		level[i] = v[i].level;
		value[i] = v[i].value;
	}
	s->export.nrows = n;
	(void)oq_sheet_add_texts(s, "source_id", source);
	(void)oq_sheet_add_texts(s, "imt", imt);
	(void)oq_sheet_add_f64(s, "iml", level);
	(void)oq_sheet_add_f64(s, "afoe", value);
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
	s->frame = true;
	return 0;
}

/* ---- the file ---- */

int oq_srcrates_check(const struct oq_calculation *c,
		      const struct oq_exportfile *f, struct oq_err *err)
{
	OQ_SITES struct oq_sites sites = { 0 };
	int e = oq_sites_open(c, false, &sites, err);

	/* The files' names have the site's index, which must be its id. */
	if (!e &&
	    (f->site >= sites.n || sites.sids.i[f->site] != (int64_t)f->site))
		e = oq_err_set(err, -ENOENT, "sites are not numbered through");
	return e;
}

/* To five places, as NumPy rounds. */
static double rounded(double v)
{
	return rint(v * 1e5) / 1e5;
}

static int put_site(const struct oq_calculation *c, size_t site,
		    struct oq_sheet *s, struct oq_err *err)
{
	OQ_SITES struct oq_sites sites = { 0 };
	OQ_VALUES struct oq_values vs30 = { 0 };
	int e = oq_sites_open(c, false, &sites, err);

	if (!e)
		e = oq_calculation_values(c, "sitecol/vs30", NULL, &vs30, err);
	if (!e && (site >= sites.n || vs30.n != sites.n || !vs30.f))
		e = oq_err_set(err, -EIO, "site %zu has no vs30", site);
	if (e < 0)
		return e;
	oq_comment_key(&s->comment, "lon");
	oq_py_put_f64(rounded(sites.lon.f[site]), &s->comment);
	oq_comment_key(&s->comment, "lat");
	oq_py_put_f64(rounded(sites.lat.f[site]), &s->comment);
	oq_comment_key(&s->comment, "vs30");
	oq_py_put_f64(vs30.f[site], &s->comment);
	return 0;
}

int oq_srcrates_open(const struct oq_calculation *c,
		     const struct oq_exportfile *f, struct oq_sheet *s,
		     struct oq_err *err)
{
	OQ_RATES struct rates r = { 0 };
	OQ_FREE struct rate *rows = NULL;
	uint64_t n = 0, site = 0;
	int e = read_rates(c, f->kind->data, &r, err);

	if (e < 0)
		return e;
	while (site < r.labels[SITE].n &&
	       r.labels[SITE].i[site] != (int64_t)f->site)
		site++;
	rows = calloc(r.labels[SITE].n ? r.array.n / r.labels[SITE].n + 1 : 1,
		      sizeof(*rows));
	if (!rows)
		return oq_err_set(err, -ENOMEM, "no memory");
	if (site < r.labels[SITE].n)
		e = collect(&r, site, rows, &n, err);
	if (!e)
		e = add_columns(rows, n, s);
	oq_sheet_set_comment(s, c, f, "md");
	return e ? e : put_site(c, f->site, s, err);
}
