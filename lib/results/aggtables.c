/* SPDX-License-Identifier: MIT */
/* aggtables.c - losses aggregated by tags, and their curves */

#include "lib/results/aggtables.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/engine/aggids.h"
#include "lib/engine/losstypes.h"
#include "lib/engine/pytext.h"
#include "lib/sheet/axes.h"
#include "lib/sheet/frames.h"

/* Rows that are tried out before a file of them is listed. */
#define MAX_TRIED      ((uint64_t)1 << 18)

/* The engine leaves these out. */
#define CLAIM	       "claim"
#define SUFFIXES_SINCE OQ_VERSION(3, 18)

/* The rows of a file: those of its aggregation, sorted by some columns. */
struct choice {
	const struct oq_calculation *c;
	struct oq_table_values table;
	struct oq_aggids ids;
	struct oq_aggvalues values;
	const int64_t *agg, *loss, *rlz; /* rlz may be NULL */
	bool by_rlz; /* sorted by realization before the loss type */
	uint64_t *row;
	uint64_t n;
};

static void choice_free(struct choice *h)
{
	oq_frames_free(&h->table);
	oq_aggids_close(&h->ids);
	oq_aggvalues_close(&h->values);
	free(h->row);
}

static int by_group(const void *a, const void *b, void *ctx)
{
	const struct choice *h = ctx;
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	if (h->agg[x] != h->agg[y])
		return h->agg[x] < h->agg[y] ? -1 : 1;
	if (h->by_rlz && h->rlz[x] != h->rlz[y])
		return h->rlz[x] < h->rlz[y] ? -1 : 1;
	if (h->loss[x] != h->loss[y])
		return h->loss[x] < h->loss[y] ? -1 : 1;
	return x < y ? -1 : x > y;
}

static int choose_rows(struct choice *h, struct oq_err *err)
{
	h->row = calloc(h->table.nrows + 1, sizeof(*h->row));
	if (!h->row)
		return -ENOMEM;
	for (uint64_t i = 0; i < h->table.nrows; i++) {
		const char *loss;

		if (!oq_aggids_has(&h->ids, h->agg[i]))
			continue;
		loss = h->loss[i] < 0
			       ? NULL
			       : oq_losstype_name(h->c, (uint64_t)h->loss[i]);
		if (!loss)
			return oq_err_set(err, -EIO, "loss type %lld",
					  (long long)h->loss[i]);
		if (strcmp(loss, CLAIM) != 0)
			h->row[h->n++] = i;
	}
	qsort_r(h->row, h->n, sizeof(*h->row), by_group, h);
	return h->n ? 0 : oq_err_set(err, -ENOENT, "a table without rows");
}

static int open_choice(struct choice *h, const struct oq_calculation *c,
		       const char *table, size_t agg, bool by_rlz,
		       struct oq_err *err)
{
	int e;

	*h = (struct choice){ .c = c, .by_rlz = by_rlz };
	e = oq_frames_read(c, table, &h->table, err);
	if (!e)
		e = oq_aggids_open(c, agg, &h->ids, err);
	if (!e)
		e = oq_aggvalues_open(c, &h->values, err);
	if (e < 0)
		return e;
	h->agg = oq_frames_ints(&h->table, "agg_id");
	h->loss = oq_frames_ints(&h->table, "loss_id");
	h->rlz = oq_frames_ints(&h->table, "rlz_id");
	if (!h->agg || !h->loss || (by_rlz && !h->rlz))
		return oq_err_set(err, -EIO, "'%s' has not its columns", table);
	return choose_rows(h, err);
}

/* ---- columns ---- */

static const char *loss_of(const struct choice *h, uint64_t i)
{
	return oq_losstype_name(h->c, (uint64_t)h->loss[h->row[i]]);
}

/* 'timed': occupants with the time of the day. */
static void add_loss_type(const struct choice *h, struct oq_sheet *s,
			  bool timed)
{
	const char **text = oq_sheet_alloc(s, h->n, sizeof(*text));
	char name[128];

	for (uint64_t i = 0; text && i < h->n; i++) {
		const char *loss = loss_of(h, i);

		if (timed && strcmp(loss, "occupants") == 0)
			(void)snprintf(name, sizeof(name), "%s_%s", loss,
				       h->values.time_event);
		else
			(void)snprintf(name, sizeof(name), "%s", loss);
		text[i] = oq_sheet_text(s, name);
		if (!text[i])
			return;
	}
	(void)oq_sheet_add_texts(s, "loss_type", text);
}

static void add_tags(const struct oq_aggids *ids, const int64_t *agg,
		     const uint64_t *row, uint64_t n, struct oq_sheet *s)
{
	for (size_t t = 0; t < ids->tags.n; t++) {
		const char **text = oq_sheet_alloc(s, n, sizeof(*text));

		for (uint64_t i = 0; text && i < n; i++) {
			text[i] = oq_sheet_text(
				s, oq_aggids_text(ids, agg[row[i]], t));
			if (!text[i])
				return;
		}
		(void)oq_sheet_add_texts(s, ids->tags.name[t], text);
	}
}

static int add_stored(const struct oq_values *v, const char *name,
		      const uint64_t *row, uint64_t n, struct oq_sheet *s,
		      struct oq_err *err)
{
	double *f = oq_sheet_alloc(s, n, sizeof(*f));
	int64_t *k = (void *)f;

	if (!f)
		return -ENOMEM;
	if (v->t)
		return oq_err_set(err, -EIO, "'%s' is no number", name);
	for (uint64_t i = 0; i < n; i++)
		if (v->f)
			f[i] = v->f[row[i]];
		else
			k[i] = v->i[row[i]];
	if (v->f)
		oq_sheet_add_f64(s, name, f)->single = v->single;
	else
		(void)oq_sheet_add_i64(s, name, k);
	return 0;
}

/* "loss_aep" is of the value that "loss" is of. */
static void without_suffix(const char *column, char *out, size_t n)
{
	size_t len;

	(void)snprintf(out, n, "%s", column);
	len = strlen(out);
	if (len > 4 && (strcmp(out + len - 4, "_aep") == 0 ||
			strcmp(out + len - 4, "_oep") == 0))
		out[len - 4] = '\0';
}

/* Up to 3.25 the engine ran on NumPy 1; of later versions it is not known. */
static bool is_in_doubt(const struct choice *h, double x, float total,
			float single)
{
	char text[2][OQ_FIGURE_MAX];
	size_t n[2];

	if (h->c->version <= OQ_VERSION_LATE || total == single)
		return false;
	n[0] = oq_figure_put_cell(text[0], OQ_FIGURE_E5, true,
				  (double)((float)x / total));
	n[1] = oq_figure_put_cell(text[1], OQ_FIGURE_E5, true,
				  (double)((float)x / single));
	return n[0] != n[1] || memcmp(text[0], text[1], n[0]) != 0;
}

static int add_ratio(const struct choice *h, const struct oq_values *v,
		     const char *column, struct oq_sheet *s, struct oq_err *err)
{
	double *f = oq_sheet_alloc(s, h->n, sizeof(*f));
	char of[128], name[160];
	int e = 0;

	if (!f)
		return -ENOMEM;
	if (!v->f)
		return oq_err_set(err, -EIO, "'%s' has no floats", column);
	without_suffix(column, of, sizeof(of));
	for (uint64_t i = 0; !e && i < h->n; i++) {
		double x = v->f[h->row[i]];
		float total = 0, single = 0;

		e = oq_aggvalues_get(&h->values, of, loss_of(h, i),
				     h->agg[h->row[i]], &total, &single, err);
		if (!e && is_in_doubt(h, x, total, single))
			return oq_err_set(err, -ENOENT,
					  "in which precision this version "
					  "adds values is not known");
		f[i] = v->single ? (double)((float)x / total)
				 : x / (double)total;
	}
	(void)snprintf(name, sizeof(name), "%s_ratio", column);
	oq_sheet_add_f64(s, name, f)->single = v->single;
	return e;
}

static int add_consequence(const struct choice *h, const struct oq_values *v,
			   const char *column, struct oq_sheet *s,
			   struct oq_err *err)
{
	char name[160];
	int e;

	(void)snprintf(name, sizeof(name), "%s_value", column);
	e = add_stored(v, name, h->row, h->n, s, err);
	return e ? e : add_ratio(h, v, column, s, err);
}

static void finish(struct oq_sheet *s)
{
	s->frame = true;
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
}

/* ---- aggregated risk ---- */

/* "dmg_2" is the second limit state of the parameters. */
static void name_state(const struct oq_calculation *c, const char *column,
		       char *out, size_t n)
{
	struct json_object *states = oq_param(c, "limit_states");
	unsigned long i = strtoul(column + 4, NULL, 10);
	const char *s = NULL;

	if (i == 0)
		s = "no_damage";
	else if (json_object_is_type(states, json_type_array) &&
		 i <= json_object_array_length(states))
		s = json_object_get_string(
			json_object_array_get_idx(states, i - 1));
	(void)snprintf(out, n, "%s", s ? s : column);
}

static bool has_many_rlzs(const struct choice *h)
{
	for (uint64_t i = 1; h->rlz && i < h->table.nrows; i++)
		if (h->rlz[i] != h->rlz[0])
			return true;
	return false;
}

static int add_risk_columns(const struct choice *h, struct oq_sheet *s,
			    struct oq_err *err)
{
	int e = 0;

	for (size_t i = 0; !e && i < h->table.names.n; i++) {
		const char *column = h->table.names.name[i];
		char name[160];

		if (oq_frames_word("agg_id rlz_id loss_id", column))
			continue;
		if (strncmp(column, "dmg_", 4) == 0) {
			name_state(h->c, column, name, sizeof(name));
			e = add_stored(&h->table.values[i], name, h->row, h->n,
				       s, err);
		} else if (oq_losstype_is_consequence(column)) {
			e = add_consequence(h, &h->table.values[i], column, s,
					    err);
		} else {
			e = oq_err_set(err, -EIO, "what is '%s' a part of?",
				       column);
		}
	}
	return e;
}

int oq_aggtables_open_risk(const struct oq_calculation *c,
			   const struct oq_exportfile *f, struct oq_sheet *s,
			   struct oq_err *err)
{
	struct choice h;
	int e = open_choice(&h, c, f->kind->data, f->agg, false, err);

	if (!e) {
		s->export.nrows = h.n;
		add_loss_type(&h, s, true);
		add_tags(&h.ids, h.agg, h.row, h.n, s);
		if (has_many_rlzs(&h)) {
			int64_t *rlz = oq_sheet_alloc(s, h.n, sizeof(*rlz));

			for (uint64_t i = 0; rlz && i < h.n; i++)
				rlz[i] = h.rlz[h.row[i]];
			(void)oq_sheet_add_i64(s, "rlz_id", rlz);
		}
		e = add_risk_columns(&h, s, err);
		oq_sheet_set_comment(s, c, f, "md inv rinv");
		finish(s);
	}
	choice_free(&h);
	return e;
}

/* ---- curves ---- */

static int put_curve_comment(const struct oq_calculation *c, struct oq_sheet *s,
			     struct oq_err *err)
{
	struct json_object *years = oq_param(c, "investigation_time");
	double ses = oq_param_f64(c, "ses_per_logic_tree_path", 1);
	OQ_FREE char *states = NULL;
	struct oq_place at;
	struct oq_axes events;
	int e = oq_axes_read(c, "events", &at, &events, err);

	if (e < 0)
		return e;
	oq_comment_key(&s->comment, "num_events");
	oq_py_put_i64((int64_t)events.dims[0], &s->comment);
	oq_comment_key(&s->comment, "effective_time");
	if (json_object_is_type(years, json_type_int))
		oq_py_put_i64((int64_t)(json_object_get_double(years) * ses) *
				      (int64_t)c->nrlzs,
			      &s->comment);
	else if (json_object_is_type(years, json_type_double))
		oq_py_put_f64(json_object_get_double(years) * ses *
				      (double)c->nrlzs,
			      &s->comment);
	else
		return oq_err_set(err, -EIO, "curves without a time");
	if (oq_calculation_find(c, "aggcurves", &at))
		states = oq_h5_attr_text(at.env->h5, at.addr, "limit_states");
	if (!states)
		return oq_err_set(err, -EIO, "curves without limit states");
	oq_comment_key(&s->comment, "limit_states");
	oq_py_put_text(states, &s->comment);
	return 0;
}

static bool is_consequence(const char *column)
{
	char of[128];

	without_suffix(column, of, sizeof(of));
	return oq_losstype_is_consequence(of);
}

/* Until then, curves of a year's sum and of its most were left out, or not. */
static bool is_of_unknown_kind(const struct choice *h, const char *column)
{
	char of[128];

	without_suffix(column, of, sizeof(of));
	return h->c->version < SUFFIXES_SINCE && strcmp(of, column) != 0;
}

static int add_curve_columns(const struct choice *h, struct oq_sheet *s,
			     bool consequences, struct oq_err *err)
{
	int e = 0;

	for (size_t i = 0; !e && i < h->table.names.n; i++) {
		const char *column = h->table.names.name[i];

		if (oq_frames_word("agg_id rlz_id loss_id", column) ||
		    is_consequence(column) != consequences)
			continue;
		if (is_of_unknown_kind(h, column))
			return oq_err_set(err, -ENOENT,
					  "whether this version shows '%s' is "
					  "not known",
					  column);
		e = consequences ? add_consequence(h, &h->table.values[i],
						   column, s, err)
				 : add_stored(&h->table.values[i], column,
					      h->row, h->n, s, err);
	}
	return e;
}

int oq_aggtables_open_curves(const struct oq_calculation *c,
			     const struct oq_exportfile *f, struct oq_sheet *s,
			     struct oq_err *err)
{
	struct choice h;
	int e = open_choice(&h, c, f->kind->data, f->agg, true, err);

	if (!e) {
		s->export.nrows = h.n;
		add_tags(&h.ids, h.agg, h.row, h.n, s);
		e = add_curve_columns(&h, s, false, err);
		add_loss_type(&h, s, false);
		if (!oq_param_is_set(c, "collect_rlzs") && c->nrlzs > 1) {
			int64_t *rlz = oq_sheet_alloc(s, h.n, sizeof(*rlz));

			for (uint64_t i = 0; rlz && i < h.n; i++)
				rlz[i] = h.rlz[h.row[i]];
			(void)oq_sheet_add_i64(s, "rlz_id", rlz);
		}
		if (!e)
			e = add_curve_columns(&h, s, true, err);
		oq_sheet_set_comment(s, c, f, "md rinv");
		if (!e)
			e = put_curve_comment(c, s, err);
		finish(s);
	}
	choice_free(&h);
	return e;
}

/* ---- whether there are any ---- */

int oq_aggtables_check(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_err *err)
{
	struct oq_sheet *s;
	struct oq_place at;
	struct oq_axes a;
	char path[128];
	int e;

	(void)snprintf(path, sizeof(path), "%s/agg_id", f->kind->data);
	e = oq_axes_read(c, path, &at, &a, err);
	if (e < 0 || (a.rank == 1 && a.dims[0] > MAX_TRIED))
		return e;
	s = oq_sheet_new(c->own, 0);
	e = s ? f->kind->open(c, f, s, err) : -ENOMEM;
	if (!e && s->failed)
		e = -ENOMEM;
	oq_sheet_close(s);
	return e;
}
