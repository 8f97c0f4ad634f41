/* SPDX-License-Identifier: MIT */
/* aggstats.c - statistics of aggregated losses over the realizations
 *
 * The engine computes them when they are exported.  A mean is the sum of
 * weight times value, as NumPy adds, over the sum of the weights, all in the
 * type of the weights; a quantile is interpolated among the sums of weights.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/engine/aggids.h"
#include "lib/engine/losstypes.h"
#include "lib/results/aggtables.h"
#include "lib/results/quantile.h"
#include "lib/sheet/frames.h"
#include "lib/sheet/sums.h"

/* Since when, at the latest, the weights of quantiles are added as they are
 * here. */
#define QUANTILES_SINCE OQ_VERSION(3, 25)

struct stats {
	const struct oq_calculation *c;
	struct oq_table_values table;
	struct oq_aggids ids;
	struct oq_values weights;
	const int64_t *agg, *loss, *rlz, *period; /* period may be NULL */
	uint64_t *row; /* of the aggregation, by group */
	uint64_t n;
	uint64_t *group; /* where each group begins, and the last ends */
	uint64_t ngroups;
	double *of_rlz; /* room for the values of a group */
};

static void stats_free(struct stats *t)
{
	oq_frames_free(&t->table);
	oq_aggids_close(&t->ids);
	oq_values_free(&t->weights);
	free(t->row);
	free(t->group);
	free(t->of_rlz);
}

static const char *loss_of(const struct stats *t, uint64_t row)
{
	return t->loss[row] < 0
		       ? NULL
		       : oq_losstype_name(t->c, (uint64_t)t->loss[row]);
}

/* agg_id, return period, and the name of the loss type. */
static int compare(const struct stats *t, uint64_t x, uint64_t y)
{
	if (t->agg[x] != t->agg[y])
		return t->agg[x] < t->agg[y] ? -1 : 1;
	if (t->period && t->period[x] != t->period[y])
		return t->period[x] < t->period[y] ? -1 : 1;
	return strcmp(loss_of(t, x), loss_of(t, y));
}

static int by_group(const void *a, const void *b, void *ctx)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	int c = compare(ctx, x, y);

	return c ? c : x < y ? -1 : x > y;
}

static int make_groups(struct stats *t, struct oq_err *err)
{
	t->row = calloc(t->table.nrows + 1, sizeof(*t->row));
	t->group = calloc(t->table.nrows + 2, sizeof(*t->group));
	t->of_rlz = calloc(t->weights.n + 1, sizeof(*t->of_rlz));
	if (!t->row || !t->group || !t->of_rlz)
		return -ENOMEM;
	for (uint64_t i = 0; i < t->table.nrows; i++) {
		if (!oq_aggids_has(&t->ids, t->agg[i]))
			continue;
		if (!loss_of(t, i) || t->rlz[i] < 0 ||
		    (uint64_t)t->rlz[i] >= t->weights.n)
			return oq_err_set(err, -EIO,
					  "loss type %lld, realization %lld",
					  (long long)t->loss[i],
					  (long long)t->rlz[i]);
		t->row[t->n++] = i;
	}
	qsort_r(t->row, t->n, sizeof(*t->row), by_group, t);
	for (uint64_t i = 0; i < t->n; i++)
		if (!i || compare(t, t->row[i - 1], t->row[i]))
			t->group[t->ngroups++] = i;
	t->group[t->ngroups] = t->n;
	return t->n ? 0 : oq_err_set(err, -ENOENT, "a table without rows");
}

static int open_stats(struct stats *t, const struct oq_calculation *c,
		      const struct oq_exportfile *f, struct oq_err *err)
{
	int e;

	*t = (struct stats){ .c = c };
	for (size_t i = 0; i < c->stats.n; i++)
		if (strcmp(c->stats.name[i], "std") == 0)
			return oq_err_set(err, -ENOENT,
					  "the last digits of deviations that "
					  "the engine computes when it exports "
					  "are not known");
	e = oq_frames_read(c, f->kind->data, &t->table, err);
	if (!e)
		e = oq_aggids_open(c, f->agg, &t->ids, err);
	if (!e)
		e = oq_calculation_values(c, "weights", NULL, &t->weights, err);
	if (e < 0)
		return e;
	t->agg = oq_frames_ints(&t->table, "agg_id");
	t->loss = oq_frames_ints(&t->table, "loss_id");
	t->rlz = oq_frames_ints(&t->table, "rlz_id");
	t->period = oq_frames_ints(&t->table, "return_period");
	if (!t->agg || !t->loss || !t->rlz || !t->weights.f)
		return oq_err_set(err, -EIO, "'%s' has not its columns",
				  f->kind->data);
	if (!t->period && oq_frames_find(&t->table, "return_period"))
		return oq_err_set(err, -ENOENT,
				  "return periods that are no "
				  "integers");
	return make_groups(t, err);
}

/* ---- a number ---- */

static double mean_f32(const struct stats *t, int *e)
{
	uint64_t n = t->weights.n;
	OQ_FREE float *product = calloc(n + 1, sizeof(*product));
	OQ_FREE float *weight = calloc(n + 1, sizeof(*weight));

	if (!product || !weight) {
		*e = -ENOMEM;
		return 0;
	}
	for (uint64_t i = 0; i < n; i++) {
		weight[i] = (float)t->weights.f[i];
		product[i] = (float)t->of_rlz[i] * weight[i];
	}
	return (double)(oq_sum_f32(product, n) / oq_sum_f32(weight, n));
}

static double mean_f64(const struct stats *t, int *e)
{
	uint64_t n = t->weights.n;
	OQ_FREE double *product = calloc(n + 1, sizeof(*product));

	if (!product) {
		*e = -ENOMEM;
		return 0;
	}
	for (uint64_t i = 0; i < n; i++)
		product[i] = t->of_rlz[i] * t->weights.f[i];
	return oq_sum_f64(product, n) / oq_sum_f64(t->weights.f, n);
}

static double maximum(const struct stats *t)
{
	double most = t->of_rlz[0];

	for (uint64_t i = 1; i < t->weights.n; i++)
		if (t->of_rlz[i] > most || t->of_rlz[i] != t->of_rlz[i])
			most = t->of_rlz[i];
	return most;
}

static double quantile(const struct stats *t, double q, int *e)
{
	int found = 0;
	double x = oq_quantile(q, t->of_rlz, &t->weights,
			       t->c->version < QUANTILES_SINCE, &found);

	if (found < 0)
		*e = found;
	return x;
}

static bool is_quantile(const char *stat)
{
	return strncmp(stat, "quantile-", 9) == 0;
}

static double number_of(struct stats *t, const struct oq_values *v,
			uint64_t group, const char *stat, int *e)
{
	memset(t->of_rlz, 0, t->weights.n * sizeof(*t->of_rlz));
	for (uint64_t i = t->group[group]; i < t->group[group + 1]; i++) {
		uint64_t row = t->row[i];
		double x = v->f ? v->f[row] : (double)v->i[row];

		t->of_rlz[t->rlz[row]] =
			t->weights.single ? (double)(float)x : x;
	}
	if (is_quantile(stat))
		return quantile(t, strtod(stat + 9, NULL), e);
	if (strcmp(stat, "max") == 0)
		return maximum(t);
	return t->weights.single ? mean_f32(t, e) : mean_f64(t, e);
}

/* ---- columns: a row is a group and a statistic ---- */

/* A column with a quantile, which is an array of no axes, is one of objects to
 * pandas, and not formatted. */
static void add_objects(const struct stats *t, struct oq_sheet *s,
			const char *name, const double *v)
{
	size_t nstats = t->c->stats.n;
	uint64_t n = t->ngroups * nstats;
	const char **out = oq_sheet_alloc(s, n, sizeof(*out));
	char text[OQ_FIGURE_MAX + 1];

	for (uint64_t i = 0; out && i < n; i++) {
		bool single = t->weights.single &&
			      !is_quantile(t->c->stats.name[i % nstats]);

		text[oq_figure_put_cell(
			text, single ? OQ_FIGURE_REPR32 : OQ_FIGURE_REPR, true,
			v[i])] = '\0';
		out[i] = oq_sheet_text(s, text);
		if (!out[i])
			return;
	}
	(void)oq_sheet_add_texts(s, name, out);
}

static bool has_quantiles(const struct stats *t)
{
	for (size_t i = 0; i < t->c->stats.n; i++)
		if (is_quantile(t->c->stats.name[i]))
			return true;
	return false;
}

static int add_value(struct stats *t, struct oq_sheet *s, size_t column,
		     struct oq_err *err)
{
	const struct oq_values *v = &t->table.values[column];
	size_t nstats = t->c->stats.n;
	double *out = oq_sheet_alloc(s, t->ngroups * nstats, sizeof(*out));
	int e = 0;

	if (!out)
		return -ENOMEM;
	if (v->t)
		return oq_err_set(err, -EIO, "'%s' is no number",
				  t->table.names.name[column]);
	for (uint64_t i = 0; !e && i < t->ngroups * nstats; i++)
		out[i] = number_of(t, v, i / nstats,
				   t->c->stats.name[i % nstats], &e);
	if (e == -ENOENT)
		return oq_err_set(err, e,
				  "how this version adds the weights for "
				  "quantiles is not known");
	if (has_quantiles(t))
		add_objects(t, s, t->table.names.name[column], out);
	else
		(void)oq_sheet_add_f64(s, t->table.names.name[column], out);
	return e;
}

static void add_texts(const struct stats *t, struct oq_sheet *s,
		      const char *name,
		      const char *(*text)(const struct stats *, uint64_t row,
					  uint64_t i, size_t which),
		      size_t which)
{
	size_t nstats = t->c->stats.n;
	uint64_t n = t->ngroups * nstats;
	const char **out = oq_sheet_alloc(s, n, sizeof(*out));

	for (uint64_t i = 0; out && i < n; i++) {
		uint64_t row = t->row[t->group[i / nstats]];

		out[i] = oq_sheet_text(s, text(t, row, i, which));
		if (!out[i])
			return;
	}
	(void)oq_sheet_add_texts(s, name, out);
}

static const char *loss_text(const struct stats *t, uint64_t row, uint64_t i,
			     size_t which)
{
	(void)i;
	(void)which;
	return loss_of(t, row);
}

static const char *stat_text(const struct stats *t, uint64_t row, uint64_t i,
			     size_t which)
{
	(void)row;
	(void)which;
	return t->c->stats.name[i % t->c->stats.n];
}

static const char *tag_text(const struct stats *t, uint64_t row, uint64_t i,
			    size_t which)
{
	(void)i;
	return oq_aggids_text(&t->ids, t->agg[row], which);
}

static void add_period(const struct stats *t, struct oq_sheet *s)
{
	size_t nstats = t->c->stats.n;
	uint64_t n = t->ngroups * nstats;
	int64_t *out = oq_sheet_alloc(s, n, sizeof(*out));

	for (uint64_t i = 0; out && i < n; i++)
		out[i] = t->period[t->row[t->group[i / nstats]]];
	(void)oq_sheet_add_i64(s, "return_period", out);
}

static int add_columns(struct stats *t, struct oq_sheet *s, struct oq_err *err)
{
	int e = 0;

	if (t->period)
		add_period(t, s);
	add_texts(t, s, "loss_type", loss_text, 0);
	for (size_t i = 0; !e && i < t->table.names.n; i++)
		if (!oq_frames_word("agg_id rlz_id loss_id return_period",
				    t->table.names.name[i]))
			e = add_value(t, s, i, err);
	add_texts(t, s, "stat", stat_text, 0);
	for (size_t i = 0; i < t->ids.tags.n; i++)
		add_texts(t, s, t->ids.tags.name[i], tag_text, i);
	return e;
}

int oq_aggtables_open_stats(const struct oq_calculation *c,
			    const struct oq_exportfile *f, struct oq_sheet *s,
			    struct oq_err *err)
{
	struct stats t;
	int e = open_stats(&t, c, f, err);

	if (!e) {
		s->export.nrows = t.ngroups * c->stats.n;
		e = add_columns(&t, s, err);
		s->frame = true;
		oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
		oq_sheet_set_comment(s, c, f, "md");
	}
	stats_free(&t);
	return e;
}
