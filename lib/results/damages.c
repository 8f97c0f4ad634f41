/* SPDX-License-Identifier: MIT */
/* damages.c - damage and its consequences, by asset
 *
 * Since 3.22 (or so) a record with a field for each state, "structural-slight";
 * before, an array [asset, which, loss type, state] whose labels say the
 * states.
 */

#include "lib/results/damages.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/results/assets.h"
#include "lib/sheet/axes.h"
#include "lib/sheet/frames.h"

struct states {
	struct oq_names all; /* no_damage, the limit states, consequences */
	size_t nlimits;	     /* of them damage states */
};

static void states_free(struct states *v)
{
	oq_names_free(&v->all);
}

static int add_texts(struct oq_names *to, const struct oq_values *v)
{
	int e = 0;

	for (uint64_t i = 0; !e && v->t && i < v->n; i++)
		e = oq_names_add(to, v->t[i], strlen(v->t[i]));
	return e;
}

/* The labels of the array where it has them. */
static int add_labels(const struct oq_calculation *c, const char *path,
		      struct oq_names *to)
{
	struct json_object *o = oq_calculation_json(c, path, "json"),
			   *list = NULL;
	int e = 0;

	if (json_object_object_get_ex(o, "dmg_state", &list) &&
	    json_object_is_type(list, json_type_array))
		for (size_t i = 0; !e && i < json_object_array_length(list);
		     i++) {
			const char *s = json_object_get_string(
				json_object_array_get_idx(list, i));

			e = oq_names_add(to, s ? s : "", s ? strlen(s) : 0);
		}
	json_object_put(o);
	return e;
}

static int list_states(const struct oq_calculation *c, const char *path,
		       struct states *out, struct oq_err *err)
{
	OQ_VALUES struct oq_values limits = { 0 }, csq = { 0 };
	int e = oq_calculation_attr(c, "crm", "limit_states", &limits, err);

	if (e < 0)
		return e;
	out->nlimits = limits.n + 1;
	e = add_labels(c, path, &out->all);
	if (e < 0 || out->all.n)
		return e;
	e = oq_names_add(&out->all, "no_damage", 9);
	if (!e)
		e = add_texts(&out->all, &limits);
	if (!e &&
	    oq_calculation_attr(c, "crm", "consequences", &csq, NULL) == 0)
		e = add_texts(&out->all, &csq);
	return e;
}

int oq_damages_check_consequences(const struct oq_calculation *c,
				  const struct oq_exportfile *f,
				  struct oq_err *err)
{
	OQ_VALUES struct oq_values csq = { 0 };

	(void)f;
	if (oq_calculation_attr(c, "crm", "consequences", &csq, NULL) == 0 &&
	    csq.n)
		return 0;
	return oq_err_set(err, -ENOENT,
			  "the engine exports consequences, of "
			  "which there are none");
}

/* ---- event based: how many in the time of the risk ---- */

static int fill_rate(const struct oq_column *c, const struct oq_rows *r,
		     void *out, struct oq_err *err)
{
	double *v = out;
	int e = oq_column_load(c, r, out, err);

	/* Single precision times a double of Python's stays single. */
	for (size_t i = 0; !e && i < r->n; i++)
		v[i] = (double)((float)v[i] * (float)c->number);
	return e;
}

static int find_rate(const struct oq_calculation *c, double *rate,
		     struct oq_err *err)
{
	double years = oq_param_f64(c, "investigation_time", 0);
	double risk = oq_param_f64(c, "risk_investigation_time", 0);
	struct oq_place at;
	struct oq_axes events;
	int e = oq_axes_read(c, "events", &at, &events, err);

	if (e < 0)
		return e;
	if (!(years > 0) || !c->nrlzs || events.rank != 1)
		return oq_err_set(err, -EIO, "events without a time");
	if (!(risk > 0))
		risk = years;
	*rate = (double)events.dims[0] *
		(risk /
		 (years * oq_param_f64(c, "ses_per_logic_tree_path", 1))) /
		(double)c->nrlzs;
	return 0;
}

static int take_rates(const struct oq_calculation *c, struct oq_sheet *s,
		      size_t first, struct oq_err *err)
{
	double rate = 0;
	int e = find_rate(c, &rate, err);

	for (size_t i = first; !e && i < s->ncolumns; i++) {
		if (s->columns[i].type != OQ_VAL_F64)
			return oq_err_set(err, -EIO, "damage is no number");
		s->columns[i].fill = fill_rate;
		s->columns[i].number = rate;
	}
	return e;
}

/* ---- columns ---- */

static bool ends_in_consequence(const char *name, const struct states *v)
{
	size_t n = strlen(name);

	for (size_t i = v->nlimits; i < v->all.n; i++) {
		size_t k = strlen(v->all.name[i]);

		if (k <= n && strcmp(name + n - k, v->all.name[i]) == 0)
			return true;
	}
	return false;
}

static int add_fields(struct oq_sheet *s, unsigned part, bool csq_only,
		      const struct states *v, struct oq_err *err)
{
	const struct oq_dtype *t = oq_frames_type(s, part);

	for (size_t i = 0; i < t->nmembers; i++) {
		const char *name = t->members[i].name;

		if ((!csq_only || ends_in_consequence(name, v)) &&
		    !oq_sheet_add_field(s, name, part, 0, name, err))
			return -EIO;
	}
	return 0;
}

static int add_states(const struct oq_calculation *c, struct oq_sheet *s,
		      unsigned part, uint64_t width, bool csq_only,
		      const struct states *v, struct oq_err *err)
{
	uint64_t nstates = c->losses.n ? width / c->losses.n : 0;

	if (!nstates || nstates * c->losses.n != width || nstates > v->all.n)
		return oq_err_set(err, -EIO, "damage of %llu states",
				  (unsigned long long)nstates);
	for (size_t l = 0; l < c->losses.n; l++)
		for (uint64_t i = csq_only ? v->nlimits : 0; i < nstates; i++) {
			char name[256];

			(void)snprintf(name, sizeof(name), "%s~%s",
				       c->losses.name[l], v->all.name[i]);
			if (!oq_sheet_add_field(s, name, part, l * nstates + i,
						NULL, err))
				return -EIO;
		}
	return 0;
}

static int add_part(const struct oq_calculation *c,
		    const struct oq_exportfile *f, struct oq_sheet *s,
		    unsigned *part, uint64_t *width, struct oq_err *err)
{
	const int64_t fixed[] = { OQ_AXIS_ALL, (int64_t)f->which, OQ_AXIS_ALL,
				  OQ_AXIS_ALL };
	struct oq_place at;
	struct oq_axes a;
	int e = oq_axes_read(c, f->kind->data, &at, &a, err);

	if (e < 0)
		return e;
	return oq_axes_add_part(s, c, f->kind->data, a.rank == 2 ? 2 : 4, fixed,
				part, width, err);
}

static int add_damages(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_sheet *s,
		       const struct states *v, struct oq_err *err)
{
	bool event_based = strcmp(c->mode, "event_based_damage") == 0;
	size_t first = s->ncolumns;
	uint64_t width = 0;
	unsigned part = 0;
	int e = add_part(c, f, s, &part, &width, err);

	if (e < 0)
		return e;
	if (oq_frames_type(s, part)->cls == OQ_COMPOUND)
		e = add_fields(s, part, event_based, v, err);
	else
		e = add_states(c, s, part, width, event_based, v, err);
	if (!e && event_based)
		e = take_rates(c, s, first, err);
	oq_sheet_set_figure(s, first, OQ_FIGURE_E6);
	return e;
}

int oq_damages_open(const struct oq_calculation *c,
		    const struct oq_exportfile *f, struct oq_sheet *s,
		    struct oq_err *err)
{
	struct states v = { 0 };
	int e = oq_assets_add(s, c, err);

	if (!e)
		e = list_states(c, f->kind->data, &v, err);
	if (!e)
		e = add_damages(c, f, s, &v, err);
	states_free(&v);
	oq_sheet_set_comment(s, c, f,
			     oq_param_is_set(c, "investigation_time")
				     ? "md inv rinv"
				     : "md");
	return e;
}
