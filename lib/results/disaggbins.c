/* SPDX-License-Identifier: MIT */
/* disaggbins.c - what the axes of a disaggregation stand for */

#include "lib/results/disaggbins.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/engine/pytext.h"
#include "lib/results/sites.h"
#include "lib/sheet/sums.h"

/* ---- bins ---- */

/* The part of an array of bins that is a site's. */
int oq_disagg_read_bins(const struct oq_calculation *c, const char *axis,
			uint64_t site, struct oq_values *v, uint64_t *first,
			uint64_t *n, struct oq_err *err)
{
	char path[256];
	int e;

	(void)snprintf(path, sizeof(path), "disagg-bins/%s", axis);
	e = oq_calculation_values(c, path, NULL, v, err);
	if (e < 0)
		return e;
	*first = 0;
	*n = v->n;
	if (v->rank == 2 && site < v->dims[0]) {
		*n = v->dims[1];
		*first = site * *n;
	} else if (v->rank != 1) {
		return oq_err_set(err, -EIO, "'%s' is of another shape", path);
	}
	return v->i ? oq_err_set(err, -EIO, "'%s' has integers", path) : 0;
}

int oq_disagg_put_bins(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_sheet *s,
		       struct oq_err *err)
{
	static const char *const bins[][2] = {
		{ "Mag", "mag_bin_edges" }, { "Dist", "dist_bin_edges" },
		{ "Lon", "lon_bin_edges" }, { "Lat", "lat_bin_edges" },
		{ "Eps", "eps_bin_edges" }, { "TRT", "tectonic_region_types" },
	};
	int e = 0;

	for (size_t i = 0; !e && i < sizeof(bins) / sizeof(*bins); i++) {
		OQ_VALUES struct oq_values v = { 0 };
		uint64_t first, n;

		e = oq_disagg_read_bins(c, bins[i][0], f->site, &v, &first, &n,
					err);
		if (e < 0)
			break;
		oq_comment_key(&s->comment, bins[i][1]);
		oq_py_put_values(&v, first, n, &s->comment);
	}
	return e;
}

/* ---- probabilities ---- */

/* Without poes: where the mean curve has the level that was asked for. */
static int find_poe(const struct oq_calculation *c,
		    const struct oq_exportfile *f, double *out,
		    struct oq_err *err)
{
	OQ_VALUES struct oq_values curve = { 0 };
	struct json_object *levels, *level = NULL;
	double x, *at;
	size_t mean = 0, n;
	uint64_t first;
	int e = oq_calculation_values(c, "hcurves-stats", NULL, &curve, err);

	if (e < 0)
		return e;
	while (mean < c->stats.n && strcmp(c->stats.name[mean], "mean") != 0)
		mean++;
	levels = c->imts.n ? c->levels[0] : NULL;
	n = json_object_is_type(levels, json_type_array)
		    ? json_object_array_length(levels)
		    : 0;
	if (!json_object_object_get_ex(oq_param(c, "iml_disagg"),
				       c->imts.n ? c->imts.name[0] : "",
				       &level) ||
	    curve.rank != 4 || !curve.f || mean >= curve.dims[1] || n < 2 ||
	    curve.dims[3] != n || f->site >= curve.dims[0])
		return oq_err_set(err, -EIO, "no curve to find the poe on");
	x = log(json_object_get_double(level));
	first = ((f->site * curve.dims[1] + mean) * curve.dims[2]) * n;
	at = curve.f + first;
	for (size_t i = 0; i + 1 < n; i++) {
		double x0 = log(json_object_get_double(
			json_object_array_get_idx(levels, i)));
		double x1 = log(json_object_get_double(
			json_object_array_get_idx(levels, i + 1)));

		if (x < x0 && i == 0)
			return *out = at[0], 0;
		if (x < x1) {
			double slope =
				(log(at[i + 1]) - log(at[i])) / (x1 - x0);

			*out = exp(slope * (x - x0) + log(at[i]));
			return 0;
		}
	}
	*out = at[n - 1];
	return 0;
}

int oq_disagg_read_poes(const struct oq_calculation *c,
			const struct oq_exportfile *f, uint64_t npoes,
			double *poes, struct oq_err *err)
{
	struct json_object *list = oq_param(c, "poes");
	size_t n = json_object_is_type(list, json_type_array)
			   ? json_object_array_length(list)
			   : 0;

	if (!n && npoes == 1)
		return find_poe(c, f, poes, err);
	if (n != npoes)
		return oq_err_set(err, -EIO, "%zu poes, not %llu", n,
				  (unsigned long long)npoes);
	for (size_t i = 0; i < n; i++)
		poes[i] = json_object_get_double(
			json_object_array_get_idx(list, i));
	return 0;
}

/* ---- weights ---- */

/* The weights of the realizations shown, in the type that they are kept in. */
static int pick_weights(const struct oq_calculation *c, const int64_t *rlz,
			uint64_t n, double *out, bool *single,
			struct oq_err *err)
{
	OQ_VALUES struct oq_values w = { 0 };
	int e = oq_calculation_values(c, "weights", NULL, &w, err);

	if (!e && !w.f)
		e = oq_err_set(err, -EIO, "'weights' are no floats");
	for (uint64_t i = 0; !e && i < n; i++)
		if (rlz[i] < 0 || (uint64_t)rlz[i] >= w.n)
			e = oq_err_set(err, -EIO, "realization %lld of %llu",
				       (long long)rlz[i],
				       (unsigned long long)w.n);
		else
			out[i] = w.f[rlz[i]];
	*single = w.single;
	return e;
}

/* So that their sum is 1. */
static int scale_weights(double *v, uint64_t n, bool single)
{
	OQ_FREE float *f = calloc(n + 1, sizeof(*f));
	double sum;

	if (!f)
		return -ENOMEM;
	for (uint64_t i = 0; i < n; i++)
		f[i] = (float)v[i];
	sum = single ? (double)oq_sum_f32(f, n) : oq_sum_f64(v, n);
	for (uint64_t i = 0; i < n; i++)
		v[i] = single ? (double)(f[i] / (float)sum) : v[i] / sum;
	return 0;
}

static int read_weights(const struct oq_calculation *c, const int64_t *rlz,
			uint64_t n, double *out, struct oq_err *err)
{
	bool single = false;
	int e = pick_weights(c, rlz, n, out, &single, err);

	return e ? e : scale_weights(out, n, single);
}

/* ---- the comment ---- */

int oq_disagg_put_place(const struct oq_calculation *c,
			const struct oq_exportfile *f, struct oq_sheet *s,
			struct oq_err *err)
{
	OQ_SITES struct oq_sites sites = { 0 };
	int e = oq_sites_open(c, false, &sites, err);

	if (!e && f->site >= sites.n)
		e = oq_err_set(err, -EIO, "site %zu of %llu", f->site,
			       (unsigned long long)sites.n);
	if (e < 0)
		return e;
	oq_comment_key(&s->comment, "lon");
	oq_py_put_f64(sites.lon.f[f->site], &s->comment);
	oq_comment_key(&s->comment, "lat");
	oq_py_put_f64(sites.lat.f[f->site], &s->comment);
	return 0;
}

int oq_disagg_put_rlzs(const struct oq_calculation *c, struct oq_sheet *s,
		       const struct oq_values *best, uint64_t first,
		       struct oq_err *err)
{
	uint64_t n = best->dims[1];
	struct oq_values w = { .type = OQ_VAL_F64, .n = n };
	int e;

	w.f = calloc(n + 1, sizeof(*w.f));
	e = w.f ? read_weights(c, best->i + first, n, w.f, err) : -ENOMEM;
	if (!e) {
		oq_comment_key(&s->comment, "weights");
		oq_py_put_values(&w, 0, n, &s->comment);
		oq_comment_key(&s->comment, "rlz_ids");
		oq_py_put_values(best, first, n, &s->comment);
	}
	free(w.f);
	return e;
}
