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

static void put_times(const struct oq_calculation *c,
		      const struct oq_exportfile *f, struct oq_sheet *s)
{
	oq_sheet_set_comment(s, c, f,
			     oq_param_is_set(c, "investigation_time")
				     ? "md inv rinv"
				     : "md");
}

/* ---- the likeliest state ---- */

/* Fields of one record that are states of one loss type, in order. */
struct modal {
	const char *const *state; /* names of states; kept */
	uint64_t n;
	size_t *offset; /* of each field in an element; kept */
	struct oq_load load;
};

/* The first of the largest; NaN counts as larger than all. */
static int fill_modal(const struct oq_column *c, const struct oq_rows *r,
		      void *out, struct oq_err *err)
{
	const struct modal *m = c->arg;
	struct oq_span_text *to = out;

	for (size_t i = 0; i < r->n; i++) {
		const uint8_t *elem = r->part[c->part] + i * c->row_bytes;
		double v, most = 0;
		uint64_t at = 0;

		for (uint64_t k = 0; k < m->n; k++) {
			int e = oq_load_run(&m->load, elem + m->offset[k],
					    m->load.bytes, 1, &v, err);

			if (e < 0)
				return e;
			if (!k || (most == most && !(v <= most))) {
				most = v;
				at = k;
			}
		}
		to[i] = (struct oq_span_text){ m->state[at],
					       strlen(m->state[at]) };
	}
	return 0;
}

/* "structural-slight" or "earthquake-structural-slight" without the state;
 * false where it is neither. */
static bool split_field(const char *field, char *out, size_t n)
{
	const char *last = strrchr(field, '-'), *first = strchr(field, '-');

	if (!last || (first != last && strchr(first + 1, '-') != last))
		return false;
	(void)snprintf(out, n, "modal-ds-%.*s", (int)(last - field), field);
	if (first != last)
		out[9 + (first - field)] = '~';
	return true;
}

/* A column of the fields from 'at' on that have the same prefix; '*n' of them.
 */
static int add_modal(struct oq_sheet *s, unsigned part, size_t at,
		     const char *const *state, uint64_t nstates, size_t *n,
		     struct oq_err *err)
{
	const struct oq_dtype *t = oq_frames_type(s, part);
	struct modal *m = oq_sheet_alloc(s, 1, sizeof(*m));
	char name[256], other[256];
	struct oq_column *col;

	if (!m)
		return -ENOMEM;
	m->offset = oq_sheet_alloc(s, nstates, sizeof(*m->offset));
	if (!m->offset)
		return -ENOMEM;
	if (!split_field(t->members[at].name, name, sizeof(name)))
		return oq_err_set(err, -EIO, "damage that is no state");
	for (size_t i = at; i < t->nmembers; i++) {
		struct oq_load l;

		if (!split_field(t->members[i].name, other, sizeof(other)) ||
		    strcmp(name, other) != 0)
			break;
		if (m->n == nstates ||
		    oq_load_init(&l, t->members[i].type, err) < 0 ||
		    l.type != OQ_VAL_F64 || (m->n && l.bytes != m->load.bytes))
			return oq_err_set(err, -EIO, "damage of other states");
		m->load = l;
		m->offset[m->n++] = t->members[i].offset;
	}
	if (m->n != nstates)
		return oq_err_set(err, -EIO, "damage of other states");
	m->state = state;
	*n = (size_t)m->n;
	col = oq_sheet_add(s, name);
	col->type = OQ_VAL_TEXT;
	col->fill = fill_modal;
	col->part = part;
	col->row_bytes = t->size;
	col->arg = m;
	return 0;
}

static int list_limits(const struct oq_calculation *c, struct oq_sheet *s,
		       const char *const **out, uint64_t *n, struct oq_err *err)
{
	OQ_VALUES struct oq_values limits = { 0 };
	const char **state;
	int e = oq_calculation_attr(c, "crm", "limit_states", &limits, err);

	if (!e && !limits.t)
		e = oq_err_set(err, -EIO, "limit states that are no texts");
	if (e < 0)
		return e;
	*n = limits.n + 1;
	state = oq_sheet_alloc(s, *n, sizeof(*state));
	for (uint64_t i = 0; state && i < *n; i++) {
		state[i] = oq_sheet_text(s, i ? limits.t[i - 1] : "no_damage");
		if (!state[i])
			return -ENOMEM;
	}
	*out = (const char *const *)state;
	return state ? 0 : -ENOMEM;
}

int oq_damages_open_modal(const struct oq_calculation *c,
			  const struct oq_exportfile *f, struct oq_sheet *s,
			  struct oq_err *err)
{
	const char *const *state = NULL;
	uint64_t nstates = 0;
	const struct oq_dtype *t;
	unsigned part = 0;
	int e = oq_assets_add(s, c, err);

	if (!e)
		e = list_limits(c, s, &state, &nstates, err);
	if (!e)
		e = add_part(c, f, s, &part, NULL, err);
	if (e < 0)
		return e;
	t = oq_frames_type(s, part);
	if (t->cls != OQ_COMPOUND)
		return oq_err_set(err, -EIO, "damage without states");
	for (size_t i = 0, n = 0; !e && i < t->nmembers; i += n)
		e = add_modal(s, part, i, state, nstates, &n, err);
	put_times(c, f, s);
	return e;
}

int oq_damages_check_modal(const struct oq_calculation *c,
			   const struct oq_exportfile *f, struct oq_err *err)
{
	OQ_VALUES struct oq_values csq = { 0 };

	(void)f;
	/* The engine takes them for states too. */
	if (oq_calculation_attr(c, "crm", "consequences", &csq, NULL) == 0 &&
	    csq.n)
		return oq_err_set(err, -ENOENT,
				  "the likeliest of states and consequences");
	return 0;
}

/* ---- all states ---- */

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
	put_times(c, f, s);
	return e;
}
