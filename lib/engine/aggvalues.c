/* SPDX-License-Identifier: MIT */
/* aggvalues.c - the value of what is at risk, by aggregation */

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/engine/aggids.h"

static int list_fields(const struct oq_place *at, struct oq_names *out,
		       struct oq_err *err)
{
	struct oq_h5_dset *d = NULL;
	const struct oq_dtype *t;
	int e = oq_h5_dset_open(at->env->h5, at->addr, &d, err);

	if (e < 0)
		return e;
	t = oq_h5_dset_info(d)->type;
	for (size_t i = 0; !e && t->cls == OQ_COMPOUND && i < t->nmembers; i++)
		e = oq_names_add(out, t->members[i].name,
				 strlen(t->members[i].name));
	oq_h5_dset_close(d);
	return e;
}

int oq_aggvalues_open(const struct oq_calculation *c, struct oq_aggvalues *out,
		      struct oq_err *err)
{
	struct oq_place at;
	int e;

	*out = (struct oq_aggvalues){ 0 };
	if (!oq_calculation_find(c, "agg_values", &at))
		return oq_calculation_absent(c, "agg_values", err);
	e = list_fields(&at, &out->fields, err);
	if (!e && !out->fields.n)
		e = oq_err_set(err, -EIO, "'agg_values' has no fields");
	out->values = e ? NULL : calloc(out->fields.n, sizeof(*out->values));
	if (!e && !out->values)
		e = -ENOMEM;
	for (size_t i = 0; !e && i < out->fields.n; i++) {
		e = oq_values_read(at.env, at.addr, out->fields.name[i],
				   &out->values[i], err);
		if (!e && (!out->values[i].f || !out->values[i].n))
			e = oq_err_set(err, -EIO, "'agg_values' has no values");
	}
	if (!e)
		out->n = out->values[0].n;
	out->time_event = oq_param_time_event(c);
	if (e < 0)
		oq_aggvalues_close(out);
	return e;
}

void oq_aggvalues_close(struct oq_aggvalues *v)
{
	for (size_t i = 0; v->values && i < v->fields.n; i++)
		oq_values_free(&v->values[i]);
	free(v->values);
	oq_names_free(&v->fields);
	*v = (struct oq_aggvalues){ 0 };
}

static int add_field(const struct oq_aggvalues *v, const char *name, size_t n,
		     int64_t id, double *sum, struct oq_err *err)
{
	for (size_t i = 0; i < v->fields.n; i++) {
		if (strlen(v->fields.name[i]) != n ||
		    memcmp(v->fields.name[i], name, n) != 0)
			continue;
		*sum += v->values[i].f[id];
		return 0;
	}
	return oq_err_set(err, -EIO, "'agg_values' has no '%.*s'", (int)n,
			  name);
}

static int add_occupants(const struct oq_aggvalues *v, int64_t id, double *sum,
			 struct oq_err *err)
{
	char name[64];

	(void)snprintf(name, sizeof(name), "occupants_%s", v->time_event);
	return add_field(v, name, strlen(name), id, sum, err);
}

/* "structural+contents_ins": both, without the insurance. */
static int add_loss(const struct oq_aggvalues *v, const char *loss, int64_t id,
		    double *sum, float *single, struct oq_err *err)
{
	size_t n = strlen(loss);
	struct oq_err none;
	int e = 0;

	if (strcmp(loss, "occupants") == 0)
		return add_occupants(v, id, sum, err);
	if (n > 4 && strcmp(loss + n - 4, "_ins") == 0)
		n -= 4;
	/* Of what has no value the engine takes a part of 0. */
	if (!memchr(loss, '+', n)) {
		(void)add_field(v, loss, n, id, sum, &none);
		return 0;
	}
	for (const char *end = loss + n; !e && loss < end;) {
		const char *plus = memchr(loss, '+', (size_t)(end - loss));
		size_t part = (size_t)((plus ? plus : end) - loss);
		double value = 0;

		e = add_field(v, loss, part, id, &value, err);
		*sum += value;
		*single += (float)value;
		loss += part + 1;
	}
	return e;
}

static bool is_one_of(const char *s, const char *a, const char *b)
{
	return strcmp(s, a) == 0 || strcmp(s, b) == 0;
}

int oq_aggvalues_get(const struct oq_aggvalues *v, const char *column,
		     const char *loss, int64_t id, float *out, float *single,
		     struct oq_err *err)
{
	double sum = 0;
	int e;

	*single = 0;
	if (id < 0 || (uint64_t)id >= v->n)
		return oq_err_set(err, -EIO, "agg_id %lld of %llu",
				  (long long)id, (unsigned long long)v->n);
	if (is_one_of(column, "collapsed", "non_operational"))
		e = add_field(v, "number", 6, id, &sum, err);
	else if (is_one_of(column, "injured", "fatalities"))
		e = add_occupants(v, id, &sum, err);
	else if (strcmp(column, "homeless") == 0)
		e = add_field(v, "residents", 9, id, &sum, err);
	else
		e = add_loss(v, loss, id, &sum, single, err);
	*out = (float)sum;
	if (*single == 0)
		*single = *out;
	return e;
}
