/* SPDX-License-Identifier: MIT */
/* logictree.c - a logic tree as the datastore has it */

#include "lib/engine/logictree.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/grow.h"
#include "lib/base/num.h"
#include "lib/engine/twister.h"

/* More than any calculation can have: paths; branches; tectonic region types;
 * and branches that paths are chosen among. */
#define MAX_PATHS    ((uint64_t)1 << 18)
#define MAX_BRANCHES ((uint64_t)1 << 16)
#define MAX_SETS     256
#define MAX_CHOICES  ((uint64_t)1 << 26)

void oq_logictree_close(struct oq_logictree *t)
{
	oq_values_free(&t->sm_set);
	oq_values_free(&t->sm_branch);
	oq_values_free(&t->sm_path);
	oq_values_free(&t->sm_samples);
	oq_values_free(&t->sm_weight);
	oq_values_free(&t->trt);
	oq_values_free(&t->branch);
	oq_values_free(&t->text);
	oq_values_free(&t->weight);
	for (uint64_t i = 0; t->set && i < t->nsets; i++)
		free(t->set[i].row);
	free(t->set);
	free(t->method);
}

/* ---- reading ---- */

struct want {
	const char *path, *field;
	enum oq_valtype type;
	struct oq_values *to;
};

static int read_tables(const struct oq_calculation *c, struct oq_logictree *t,
		       struct oq_err *err)
{
	const struct want wants[] = {
		{ "full_lt/source_model_lt", "branchset", OQ_VAL_TEXT,
		  &t->sm_set },
		{ "full_lt/source_model_lt", "branch", OQ_VAL_TEXT,
		  &t->sm_branch },
		{ "full_lt/sm_data", "path", OQ_VAL_TEXT, &t->sm_path },
		{ "full_lt/sm_data", "samples", OQ_VAL_I64, &t->sm_samples },
		{ "full_lt/sm_data", "weight", OQ_VAL_F64, &t->sm_weight },
		{ "full_lt/gsim_lt", "trt", OQ_VAL_TEXT, &t->trt },
		{ "full_lt/gsim_lt", "branch", OQ_VAL_TEXT, &t->branch },
		{ "full_lt/gsim_lt", "uncertainty", OQ_VAL_TEXT, &t->text },
		{ "full_lt/gsim_lt", "weight", OQ_VAL_F64, &t->weight },
	};
	int e = 0;

	for (size_t i = 0; !e && i < sizeof(wants) / sizeof(*wants); i++) {
		e = oq_calculation_values(c, wants[i].path, wants[i].field,
					  wants[i].to, err);
		if (!e && wants[i].to->type != wants[i].type)
			e = oq_err_set(err, -EIO,
				       "'%s' of '%s' is of another "
				       "type",
				       wants[i].field, wants[i].path);
	}
	return e;
}

static int64_t number_attr(const struct oq_calculation *c, const char *path,
			   const char *name, int *e, struct oq_err *err)
{
	OQ_VALUES struct oq_values v = { 0 };

	if (!*e)
		*e = oq_calculation_attr(c, path, name, &v, err);
	if (!*e && (!v.i || v.n != 1))
		*e = oq_err_set(err, -EIO, "'%s' of '%s' is no number", name,
				path);
	return *e ? 0 : v.i[0];
}

static int read_attributes(const struct oq_calculation *c,
			   struct oq_logictree *t, struct oq_err *err)
{
	OQ_VALUES struct oq_values trts = { 0 };
	struct oq_place at;
	int e = 0;

	t->nsamples = number_attr(c, "full_lt", "num_samples", &e, err);
	t->seed = number_attr(c, "full_lt", "seed", &e, err);
	if (!e)
		e = oq_calculation_attr(c, "full_lt", "trts", &trts, err);
	t->ntrts = trts.n;
	if (!e && oq_calculation_find(c, "full_lt/source_model_lt", &at))
		t->method =
			oq_h5_attr_text(at.env->h5, at.addr, "sampling_method");
	return e;
}

static int add_row(struct oq_gsimset *set, uint64_t row)
{
	if (oq_grow(&set->row, &set->room, set->n, sizeof(*set->row)))
		return -ENOMEM;
	set->row[set->n++] = row;
	return 0;
}

static int too_large(const char *what, struct oq_err *err)
{
	return oq_err_set(err, -EFBIG, "a logic tree of too many %s", what);
}

/* Branches of one type may stand apart in the table. */
static int group(struct oq_logictree *t, struct oq_err *err)
{
	int e = 0;

	if (t->trt.n > MAX_BRANCHES || t->sm_set.n > MAX_BRANCHES)
		return too_large("branches", err);
	t->set = calloc(MAX_SETS + 1, sizeof(*t->set));
	if (!t->set)
		return -ENOMEM;
	for (uint64_t i = 0; !e && i < t->trt.n; i++) {
		uint64_t s = 0;

		while (s < t->nsets &&
		       strcmp(t->trt.t[t->set[s].row[0]], t->trt.t[i]) != 0)
			s++;
		if (s == MAX_SETS)
			return too_large("tectonic region types", err);
		e = add_row(&t->set[s], i);
		t->nsets += !e && s == t->nsets;
	}
	return e;
}

int oq_logictree_open(const struct oq_calculation *c, struct oq_logictree *out,
		      struct oq_err *err)
{
	int e = read_tables(c, out, err);

	if (!e)
		e = read_attributes(c, out, err);
	return e ? e : group(out, err);
}

/* ---- paths ---- */

static bool count_samples(const struct oq_logictree *t, uint64_t *n)
{
	*n = 0;
	for (uint64_t i = 0; i < t->sm_path.n; i++)
		if (t->sm_samples.i[i] < 0 ||
		    oq_add_overflows(*n, (uint64_t)t->sm_samples.i[i], n))
			return false;
	return true;
}

static bool count_paths(const struct oq_logictree *t, uint64_t *n)
{
	*n = t->sm_path.n;
	for (uint64_t s = 0; s < t->nsets; s++)
		if (oq_mul_overflows(*n, t->set[s].n, n))
			return false;
	return true;
}

int oq_logictree_count(const struct oq_logictree *t, uint64_t *n,
		       struct oq_err *err)
{
	bool fits = t->nsamples ? count_samples(t, n) : count_paths(t, n);

	if (!fits || *n > MAX_PATHS ||
	    *n * (t->nsamples ? t->trt.n : t->nsets) > MAX_CHOICES)
		return too_large("paths", err);
	return 0;
}

/* The last type varies fastest. */
static void enumerate(const struct oq_logictree *t, uint64_t n, uint64_t *sm,
		      uint64_t *gsim)
{
	uint64_t each = t->sm_path.n ? n / t->sm_path.n : 1;

	for (uint64_t i = 0; i < n; i++) {
		uint64_t rest = i % each;

		sm[i] = i / each;
		for (uint64_t s = t->nsets; s-- > 0; rest /= t->set[s].n)
			gsim[i * t->nsets + s] =
				t->set[s].row[rest % t->set[s].n];
	}
}

static int by_value(const void *a, const void *b, void *ctx)
{
	const double *x = ctx;
	uint64_t i = *(const uint64_t *)a, j = *(const uint64_t *)b;

	if (x[i] != x[j])
		return x[i] < x[j] ? -1 : 1;
	return i < j ? -1 : i > j;
}

/* One number in each of n intervals: a latin hypercube of one column. */
static int stratify(double *x, uint64_t n)
{
	uint64_t *order = calloc(n + 1, sizeof(*order));

	if (!order)
		return -ENOMEM;
	for (uint64_t i = 0; i < n; i++)
		order[i] = i;
	qsort_r(order, n, sizeof(*order), by_value, x);
	for (uint64_t i = 0; i < n; i++)
		x[i] = ((double)order[i] + x[i]) / (double)n;
	free(order);
	return 0;
}

/* Drawn by their weights, which then count no more. */
static bool is_early(const struct oq_logictree *t)
{
	return t->nsamples && t->method && strncmp(t->method, "early", 5) == 0;
}

/* The branch that 'x' falls on: by their weights, or all alike. */
static uint64_t choose(const struct oq_logictree *t,
		       const struct oq_gsimset *set, bool weighted, double x)
{
	double step = 1.0 / (double)set->n, sum = 0;
	uint64_t last = set->n - 1;

	for (uint64_t j = 0; j < last; j++) {
		sum = weighted ? sum + t->weight.f[set->row[j]]
			       : step + (double)j * step;
		if (sum >= x)
			return set->row[j];
	}
	return set->row[last];
}

static int draw(const struct oq_logictree *t, uint64_t n, double *x)
{
	bool latin = strstr(t->method, "latin") != NULL;
	struct oq_twister *random = malloc(sizeof(*random));
	double *column = calloc(n + 1, sizeof(*column));
	int e = random && column ? 0 : -ENOMEM;

	if (!e)
		oq_twister_seed(random, (uint32_t)(t->seed + 1));
	for (uint64_t i = 0; !e && i < n * t->nsets; i++)
		x[i] = oq_twister_uniform(random);
	for (uint64_t s = 0; !e && latin && s < t->nsets; s++) {
		for (uint64_t i = 0; i < n; i++)
			column[i] = x[i * t->nsets + s];
		e = stratify(column, n);
		for (uint64_t i = 0; i < n; i++)
			x[i * t->nsets + s] = column[i];
	}
	free(random);
	free(column);
	return e;
}

static int sample(const struct oq_logictree *t, uint64_t n, uint64_t *sm,
		  uint64_t *gsim, struct oq_err *err)
{
	OQ_FREE double *x = calloc(n * t->nsets + 1, sizeof(*x));
	bool weighted;
	uint64_t at = 0;
	int e;

	if (!t->method)
		return oq_err_set(err, -EIO, "how it was sampled is not said");
	if (!x)
		return -ENOMEM;
	weighted = is_early(t);
	e = draw(t, n, x);
	for (uint64_t i = 0; i < t->sm_path.n; i++)
		for (int64_t k = 0; k < t->sm_samples.i[i]; k++)
			sm[at++] = i;
	for (uint64_t i = 0; !e && i < n; i++)
		for (uint64_t s = 0; s < t->nsets; s++)
			gsim[i * t->nsets + s] = choose(t, &t->set[s], weighted,
							x[i * t->nsets + s]);
	return e;
}

int oq_logictree_walk(const struct oq_logictree *t, uint64_t n, uint64_t *sm,
		      uint64_t *gsim, struct oq_err *err)
{
	if (t->nsamples)
		return sample(t, n, sm, gsim, err);
	enumerate(t, n, sm, gsim);
	return 0;
}

/* ---- weights ---- */

void oq_logictree_weigh(const struct oq_logictree *t, uint64_t n,
			const uint64_t *sm, const uint64_t *gsim, double *out)
{
	for (uint64_t i = 0; i < n; i++) {
		double models = 1;

		for (uint64_t s = 0; s < t->nsets; s++)
			models *= t->weight.f[gsim[i * t->nsets + s]];
		out[i] = is_early(t) ? 1.0 / (double)n
				     : t->sm_weight.f[sm[i]] * models;
	}
}
