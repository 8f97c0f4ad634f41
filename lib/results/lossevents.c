/* SPDX-License-Identifier: MIT */
/* lossevents.c - losses by event: the totals, each with its rupture and year
 */

#include "lib/results/lossevents.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/engine/losstypes.h"
#include "lib/sheet/axes.h"
#include "lib/sheet/frames.h"
#include "lib/sheet/sheetrows.h"

/* Rows that are looked at before the file is listed. */
#define MAX_LOOK ((uint64_t)1 << 20)
/* Events read at once. */
#define BATCH	 4096
#define NO_EVENT INT64_MIN

/* What is joined: of each event number. */
struct events {
	struct oq_source *source; /* of the events; a part of the sheet */
	struct oq_load id, rup, year, rlz;
	size_t id_at, rup_at, year_at, rlz_at;
	bool has_year, by_row, one_rlz;
	uint64_t n;		   /* numbers there can be */
	int64_t *rup_id, *year_of; /* after prepare(); NO_EVENT: no such */
	uint16_t *rlz_of;
	/* Columns of the sheet. */
	size_t event, agg, loss_id, loss;
	bool has_loss;
	int64_t total;	      /* the agg_id that is shown */
	const uint64_t *rank; /* of each loss type's name */
	uint64_t nlosses;
};

/* ---- the events ---- */

static int find_member(const struct events *v, const char *name,
		       struct oq_load *l, size_t *at, struct oq_err *err)
{
	if (oq_load_field(l, v->source->type, name, at, NULL) < 0 ||
	    l->type != OQ_VAL_I64)
		return oq_err_set(err, -EIO, "events without '%s'", name);
	return 0;
}

static int look_at_events(struct events *v, struct oq_err *err)
{
	int e = find_member(v, "id", &v->id, &v->id_at, err);

	if (!e)
		e = find_member(v, "rup_id", &v->rup, &v->rup_at, err);
	if (!e)
		e = find_member(v, "rlz_id", &v->rlz, &v->rlz_at, err);
	if (!e && find_member(v, "year", &v->year, &v->year_at, NULL) == 0)
		v->has_year = true;
	return e;
}

static int take_events(struct events *v, uint64_t first, size_t n,
		       const uint8_t *raw, struct oq_err *err)
{
	size_t size = v->source->type->size;
	int64_t id[BATCH], rup[BATCH], year[BATCH], rlz[BATCH];
	int e = oq_load_run(&v->id, raw + v->id_at, size, n, id, err);

	if (!e)
		e = oq_load_run(&v->rup, raw + v->rup_at, size, n, rup, err);
	if (!e)
		e = oq_load_run(&v->rlz, raw + v->rlz_at, size, n, rlz, err);
	if (!e && v->has_year)
		e = oq_load_run(&v->year, raw + v->year_at, size, n, year, err);
	for (size_t i = 0; !e && i < n; i++) {
		uint64_t at = v->by_row ? first + i : (uint64_t)id[i];

		if (at >= v->n)
			return oq_err_set(err, -EIO, "event %lld of %llu",
					  (long long)id[i],
					  (unsigned long long)v->n);
		v->rup_id[at] = rup[i];
		v->year_of[at] = v->has_year ? year[i] : 0;
		v->rlz_of[at] = v->one_rlz ? 0 : (uint16_t)rlz[i];
	}
	return e;
}

static int read_events(struct oq_sheet *s, struct oq_err *err)
{
	struct events *v = s->state;
	OQ_FREE uint8_t *raw = calloc(BATCH, v->source->type->size);
	int e = 0;

	v->rup_id = oq_sheet_alloc(s, v->n, sizeof(*v->rup_id));
	v->year_of = oq_sheet_alloc(s, v->n, sizeof(*v->year_of));
	v->rlz_of = oq_sheet_alloc(s, v->n, sizeof(*v->rlz_of));
	if (!raw || !v->rup_id || !v->year_of || !v->rlz_of)
		return oq_err_set(err, -ENOMEM, "no memory");
	for (uint64_t i = 0; i < v->n; i++)
		v->rup_id[i] = v->year_of[i] = NO_EVENT;
	for (uint64_t at = 0; !e && at < v->source->nelems; at += BATCH) {
		size_t n = v->source->nelems - at < BATCH
				   ? (size_t)(v->source->nelems - at)
				   : BATCH;

		e = oq_source_read(v->source, at, n, raw, err);
		if (!e)
			e = take_events(v, at, n, raw, err);
	}
	return e;
}

/* ---- columns ---- */

/* c->at: the year, and not the rupture. */
static int fill_joined(const struct oq_column *c, const struct oq_rows *r,
		       void *out, struct oq_err *err)
{
	const struct events *v = c->arg;
	const int64_t *from = c->number != 0 ? v->year_of : v->rup_id;
	int64_t *to = out;
	int e = oq_column_load(c, r, out, err);

	for (size_t i = 0; !e && i < r->n; i++) {
		if (to[i] < 0 || (uint64_t)to[i] >= v->n ||
		    from[to[i]] == NO_EVENT)
			return oq_err_set(err, -EIO, "there is no event %lld",
					  (long long)to[i]);
		to[i] = from[to[i]];
	}
	return e;
}

static int add_joined(struct oq_sheet *s, unsigned part, const char *name,
		      bool year, struct events *v, struct oq_err *err)
{
	struct oq_column *c =
		oq_sheet_add_field(s, name, part, 0, "event_id", err);

	if (!c || c->type != OQ_VAL_I64)
		return oq_err_set(err, -EIO, "losses without event");
	c->fill = fill_joined;
	c->arg = v;
	c->number = year;
	return 0;
}

static int hide(struct oq_sheet *s, const char *name, size_t *at,
		struct oq_err *err)
{
	struct oq_column *c = oq_frames_column(s, name);

	if (!c || c->type != OQ_VAL_I64)
		return oq_err_set(err, -EIO, "losses without '%s'", name);
	c->hidden = true;
	*at = (size_t)(c - s->columns);
	return 0;
}

static int add_loss_type(const struct oq_calculation *c, struct oq_sheet *s,
			 unsigned part, struct oq_err *err)
{
	uint64_t n = oq_losstype_count(c);
	const char **names = oq_sheet_alloc(s, n, sizeof(*names));
	struct oq_column *col =
		oq_sheet_add_field(s, "loss_type", part, 0, "loss_id", err);

	if (!names || !col)
		return -EIO;
	for (uint64_t i = 0; i < n; i++)
		names[i] = oq_sheet_text(s, oq_losstype_name(c, i));
	oq_column_look_up(col, names, n, 0);
	return 0;
}

/* "dmg_1" is the first limit state. */
static int rename_damage(const struct oq_calculation *c, struct oq_sheet *s)
{
	struct oq_place at;
	OQ_FREE char *states = NULL;
	char name[32];
	unsigned i = 1;

	if (oq_calculation_find(c, "risk_by_event", &at))
		states = oq_h5_attr_text(at.env->h5, at.addr, "limit_states");
	for (char *save = NULL,
		  *w = states ? strtok_r(states, " ", &save) : NULL;
	     w; w = strtok_r(NULL, " ", &save)) {
		struct oq_column *col;

		(void)snprintf(name, sizeof(name), "dmg_%u", i++);
		col = oq_frames_column(s, name);
		if (col)
			oq_frames_rename(s, col, w);
	}
	return 0;
}

/* ---- order ---- */

static int keys_of(void *sheet, uint64_t first, size_t n, struct oq_key *out,
		   struct oq_err *err)
{
	struct oq_sheet *s = sheet;
	struct events *v = s->state;
	OQ_FREE int64_t *agg = calloc(n + 1, 8), *id = calloc(n + 1, 8);
	OQ_FREE int64_t *event = calloc(n + 1, 8);
	OQ_FREE double *loss = calloc(n + 1, 8);
	int e = agg && id && event && loss ? 0 : -ENOMEM;

	if (!e)
		e = oq_sheet_stored(s, v->agg, first, n, agg, err);
	if (!e)
		e = oq_sheet_stored(s, v->loss_id, first, n, id, err);
	if (!e)
		e = oq_sheet_stored(s, v->event, first, n, event, err);
	if (!e && v->has_loss)
		e = oq_sheet_stored(s, v->loss, first, n, loss, err);
	for (size_t i = 0; !e && i < n; i++) {
		out[i].dropped = agg[i] != v->total;
		if (out[i].dropped)
			continue;
		if (id[i] < 0 || (uint64_t)id[i] >= v->nlosses ||
		    event[i] < 0 || (uint64_t)event[i] >= v->n)
			return oq_err_set(err, -EIO, "loss %lld of event %lld",
					  (long long)id[i],
					  (long long)event[i]);
		if (v->rank) {
			out[i].k[0] = (uint64_t)event[i];
			out[i].k[1] = v->rank[id[i]];
			continue;
		}
		out[i].k[0] = (uint64_t)id[i];
		out[i].k[1] =
			v->has_loss ? v->rlz_of[event[i]] : (uint64_t)event[i];
		out[i].k[2] = v->has_loss ? oq_key_of_f64(loss[i]) : 0;
	}
	return e;
}

/* Where each loss type stands among their names. */
static uint64_t *rank_losses(const struct oq_calculation *c, struct oq_sheet *s)
{
	uint64_t *rank = oq_sheet_alloc(s, c->losses.n, sizeof(*rank));

	for (size_t i = 0; rank && i < c->losses.n; i++)
		for (size_t j = 0; j < c->losses.n; j++)
			rank[i] += strcmp(c->losses.name[j],
					  c->losses.name[i]) < 0;
	return rank;
}

static int find_total(const struct oq_calculation *c, struct events *v,
		      struct oq_err *err)
{
	OQ_VALUES struct oq_values k = { 0 };
	int e = oq_calculation_attr(c, "risk_by_event", "K", &k, err);

	if (e == -ENOENT)
		return 0;
	if (!e && (!k.i || k.n != 1))
		e = oq_err_set(err, -EIO, "'K' is no number");
	v->total = e ? 0 : k.i[0];
	return e;
}

/* ---- the sheet ---- */

static int add_events(const struct oq_calculation *c, struct oq_sheet *s,
		      struct events *v, struct oq_err *err)
{
	struct oq_h5_dset *d = NULL;
	struct oq_place at;
	unsigned part = 0;
	int e;

	if (!oq_calculation_find(c, "events", &at))
		return oq_calculation_absent(c, "events", err);
	e = oq_h5_dset_open(at.env->h5, at.addr, &d, err);
	if (!e)
		e = oq_source_open(at.env, d, NULL, &v->source, err);
	if (e < 0) {
		oq_h5_dset_close(d);
		return e;
	}
	e = oq_sheet_add_part(s, v->source, 0, &part, err);
	if (e < 0)
		return e;
	/* Numbers are given in a row; a few may be missing. */
	v->n = v->source->nelems * 2 + 1024;
	v->by_row = c->version < OQ_VERSION_MIDDLE;
	v->one_rlz = oq_param_is_set(c, "collect_rlzs");
	if (v->n * 18 > oq_cache_budget(s->env->cache))
		return oq_err_set(err, -EFBIG,
				  "joining %llu events takes more "
				  "than the memory there is for it",
				  (unsigned long long)v->source->nelems);
	return look_at_events(v, err);
}

static int add_columns(const struct oq_calculation *c, struct oq_sheet *s,
		       unsigned part, struct events *v, struct oq_err *err)
{
	bool scenario = oq_calculation_mode_has(c, "scenario");
	struct oq_column *loss;
	int e = oq_frames_add_fields(s, part, "variance", err);

	if (!e)
		e = hide(s, "agg_id", &v->agg, err);
	if (!e)
		e = hide(s, "loss_id", &v->loss_id, err);
	if (!e)
		e = hide(s, "event_id", &v->event, err);
	if (e < 0)
		return e;
	s->columns[v->event].hidden = false;
	loss = oq_frames_column(s, "loss");
	v->has_loss = loss && c->version >= OQ_VERSION_MIDDLE;
	v->loss = loss ? (size_t)(loss - s->columns) : 0;
	if (v->has_loss && loss->type != OQ_VAL_F64)
		return oq_err_set(err, -EIO, "losses are no floats");
	e = rename_damage(c, s);
	if (!e)
		e = add_loss_type(c, s, part, err);
	if (!e && !scenario)
		e = add_joined(s, part, "rup_id", false, v, err);
	if (!e && !scenario && v->has_year)
		e = add_joined(s, part, "year", true, v, err);
	return e;
}

int oq_lossevents_open(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_sheet *s,
		       struct oq_err *err)
{
	bool scenario = oq_calculation_mode_has(c, "scenario");
	struct events *v = oq_sheet_alloc(s, 1, sizeof(*v));
	unsigned part = 0;
	int e = v ? oq_frames_add_part(s, c, "risk_by_event", &part, err)
		  : -ENOMEM;

	if (!e)
		e = add_events(c, s, v, err);
	if (!e)
		e = add_columns(c, s, part, v, err);
	if (!e)
		e = find_total(c, v, err);
	if (e < 0)
		return e;
	v->nlosses = oq_losstype_count(c);
	if (c->version < OQ_VERSION_MIDDLE)
		v->rank = rank_losses(c, s);
	s->state = v;
	s->prepare = read_events;
	s->keys = keys_of;
	s->unique = v->has_loss;
	s->frame = true;
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
	oq_sheet_set_comment(s, c, f, scenario ? "md" : "md inv rinv");
	return 0;
}

/* ---- equal losses ---- */

struct look {
	const int64_t *agg, *loss_id, *event;
	const double *loss;
	int64_t total;
	const struct oq_values *rlz;
};

static int look_keys(void *ctx, uint64_t first, size_t n, struct oq_key *out,
		     struct oq_err *err)
{
	const struct look *l = ctx;

	for (size_t i = 0; i < n; i++) {
		uint64_t row = first + i;
		int64_t event = l->event[row];

		out[i].dropped = l->agg[row] != l->total;
		if (out[i].dropped)
			continue;
		if (l->rlz && (event < 0 || (uint64_t)event >= l->rlz->n))
			return oq_err_set(err, -EIO, "there is no event %lld",
					  (long long)event);
		out[i].k[0] = (uint64_t)l->loss_id[row];
		out[i].k[1] = l->rlz ? (uint64_t)l->rlz->i[event] : 0;
		out[i].k[2] = oq_key_of_f64(l->loss[row]);
	}
	return 0;
}

static int look_for_ties(const struct oq_calculation *c,
			 const struct oq_table_values *t, struct oq_err *err)
{
	const struct oq_values *loss = oq_frames_find(t, "loss");
	OQ_VALUES struct oq_values rlz = { 0 };
	struct events v = { 0 };
	struct look l = {
		.agg = oq_frames_ints(t, "agg_id"),
		.loss_id = oq_frames_ints(t, "loss_id"),
		.event = oq_frames_ints(t, "event_id"),
		.loss = loss ? loss->f : NULL,
	};
	struct oq_sorting_spec spec = {
		.nrows = t->nrows,
		.bytes = SIZE_MAX,
		.unique = true,
		.keys = look_keys,
		.ctx = &l,
	};
	struct oq_sorting order = { 0 };
	int e = find_total(c, &v, err);

	if (e < 0 || !loss)
		return e;
	if (!l.agg || !l.loss_id || !l.event || !l.loss)
		return oq_err_set(err, -EIO, "losses of another kind");
	l.total = v.total;
	if (!oq_param_is_set(c, "collect_rlzs"))
		e = oq_calculation_values(c, "events", "rlz_id", &rlz, err);
	l.rlz = rlz.i ? &rlz : NULL;
	if (!e)
		e = oq_sorting_make(&spec, &order, err);
	oq_sorting_free(&order);
	return e;
}

int oq_lossevents_check(const struct oq_calculation *c,
			const struct oq_exportfile *f, struct oq_err *err)
{
	OQ_TABLE_VALUES struct oq_table_values t = { 0 };
	struct oq_place at;
	struct oq_axes a;
	int e;

	(void)f;
	if (oq_calculation_has(c, "post_loss_amplification"))
		return oq_err_set(err, -ENOENT,
				  "amplified losses are "
				  "interpolated, and not stored");
	if (c->version < OQ_VERSION_MIDDLE)
		return 0;
	e = oq_axes_read(c, "risk_by_event/event_id", &at, &a, err);
	if (e < 0 || a.dims[0] > MAX_LOOK)
		return e;
	e = oq_frames_read(c, "risk_by_event", &t, err);
	return e ? e : look_for_ties(c, &t, err);
}
