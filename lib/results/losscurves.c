/* SPDX-License-Identifier: MIT */
/* losscurves.c - loss curves by asset, and the maps that are read off them */

#include "lib/results/losscurves.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/engine/pytext.h"
#include "lib/results/assets.h"
#include "lib/sheet/axes.h"
#include "lib/sheet/frames.h"

/* Points of a curve. */
#define MAX_POINTS 4096

/* ---- one loss ---- */

/* How many of the poes, from the last on, are not above 'poe'. */
static size_t count_from_end(const float *poes, size_t n, float poe)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (poe < poes[n - 1 - middle])
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static bool find_equal(const float *losses, const float *poes, size_t n,
		       float poe, float *out)
{
	bool found = false;

	for (size_t i = 0; i < n; i++)
		if (poes[i] == poe && (!found || losses[i] > *out)) {
			*out = losses[i];
			found = true;
		}
	return found;
}

float oq_conditional_loss(const float *losses, const float *poes, size_t n,
			  float poe)
{
	float found = 0;
	size_t i, k;

	if (n < 2 || poe > poes[0])
		return n < 2 ? NAN : 0;
	if (poe < poes[n - 1])
		return losses[n - 1];
	if (find_equal(losses, poes, n, poe, &found))
		return found;
	i = count_from_end(poes, n, poe);
	if (i == n)
		return NAN;
	k = i > 1 ? n - 1 - i : n - 2;
	return (losses[k + 1] - losses[k]) / (poes[k + 1] - poes[k]) *
		       (poe - poes[k]) +
	       losses[k];
}

/* ---- where curves are ---- */

/* The curve of a loss type: arrays 'losses' and 'poes' in a record. */
struct curve {
	size_t losses, poes; /* where in the element */
	size_t n;
	struct oq_load load;
};

static const struct oq_dtype *array_of(const struct oq_dtype *t,
				       const char *name, size_t *offset)
{
	const struct oq_dtype *m = oq_load_member(t, name, offset);

	return m && m->cls == OQ_ARRAY && m->rank == 1 ? m : NULL;
}

static int find_curve(const struct oq_member *m, struct curve *out,
		      struct oq_err *err)
{
	const struct oq_dtype *l, *p;

	*out = (struct curve){ .losses = m->offset, .poes = m->offset };
	l = array_of(m->type, "losses", &out->losses);
	p = array_of(m->type, "poes", &out->poes);
	if (!l || !p || l->dims[0] != p->dims[0] || l->dims[0] > MAX_POINTS ||
	    l->dims[0] < 1 || oq_load_init(&out->load, l->base, err) < 0 ||
	    !out->load.single || p->base->size != l->base->size ||
	    p->base->cls != OQ_FLOAT)
		return oq_err_set(err, -EIO, "loss curves of another kind");
	out->n = (size_t)l->dims[0];
	return 0;
}

static int load_points(const struct curve *v, const uint8_t *from, float *to,
		       struct oq_err *err)
{
	double points[MAX_POINTS];
	int e = oq_load_run(&v->load, from, v->load.bytes, v->n, points, err);

	for (size_t i = 0; !e && i < v->n; i++)
		to[i] = (float)points[i];
	return e;
}

/* ---- maps ---- */

static int fill_map(const struct oq_column *c, const struct oq_rows *r,
		    void *out, struct oq_err *err)
{
	const struct curve *v = c->arg;
	float losses[MAX_POINTS], poes[MAX_POINTS];
	double *to = out;
	int e = 0;

	for (size_t i = 0; !e && i < r->n; i++) {
		const uint8_t *elem = r->part[c->part] + i * c->row_bytes;

		e = load_points(v, elem + v->losses, losses, err);
		if (!e)
			e = load_points(v, elem + v->poes, poes, err);
		if (!e)
			to[i] = (double)oq_conditional_loss(losses, poes, v->n,
							    (float)c->number);
	}
	return e;
}

static int add_map(struct oq_sheet *s, unsigned part, const char *loss,
		   const struct curve *v, struct json_object *poe,
		   struct oq_err *err)
{
	OQ_BUF struct oq_buf name = { 0 };
	struct oq_column *col;

	oq_buf_printf(&name, "%s~poe-", loss);
	oq_py_put_json(poe, &name);
	oq_buf_putc(&name, '\0');
	if (oq_buf_failed(&name))
		return oq_err_set(err, -ENOMEM, "no memory");
	col = oq_sheet_add(s, name.data);
	col->type = OQ_VAL_F64;
	col->single = true;
	col->fill = fill_map;
	col->part = part;
	col->row_bytes = oq_frames_type(s, part)->size;
	col->arg = v;
	col->number = json_object_get_double(poe);
	oq_column_set_figure(col, OQ_FIGURE_E5);
	return 0;
}

int oq_losscurves_open_maps(const struct oq_calculation *c,
			    const struct oq_exportfile *f, struct oq_sheet *s,
			    struct oq_err *err)
{
	const int64_t fixed[] = { OQ_AXIS_ALL, (int64_t)f->which };
	struct json_object *poes = oq_param(c, "conditional_loss_poes");
	const struct oq_dtype *t;
	unsigned part = 0;
	int e = oq_assets_add(s, c, err);

	if (!e)
		e = oq_axes_add_part(s, c, f->kind->data, 2, fixed, &part, NULL,
				     err);
	if (e < 0)
		return e;
	t = oq_frames_type(s, part);
	if (t->cls != OQ_COMPOUND ||
	    !json_object_is_type(poes, json_type_array))
		return oq_err_set(err, -EIO, "loss curves of another kind");
	for (size_t i = 0; !e && i < t->nmembers; i++) {
		struct curve *v = oq_sheet_alloc(s, 1, sizeof(*v));

		e = v ? find_curve(&t->members[i], v, err) : -ENOMEM;
		for (size_t p = 0; !e && p < json_object_array_length(poes);
		     p++)
			e = add_map(s, part, t->members[i].name, v,
				    json_object_array_get_idx(poes, p), err);
	}
	oq_sheet_set_comment(s, c, f, "md kind rinv");
	return e;
}

/* ---- curves ---- */

/* A row is a point: of a loss type, of an asset (by name), of its curve. */
struct points {
	uint64_t nassets, nlosses, npoints;
	struct curve *curve;  /* of each loss type */
	const char **loss;    /* its name */
	const double **value; /* of each loss type: of each asset */
	uint64_t *order;      /* of the assets */
	char **name;	      /* of each asset */
	uint8_t *raw;	      /* all curves, after prepare() */
	size_t bytes;	      /* of an asset's */
};

enum what { ASSET, LOSS, VALUE, RATIO, POE };

struct point {
	uint64_t loss, asset, at;
};

static struct point point_of(const struct points *p, uint64_t row)
{
	uint64_t each = p->nassets * p->npoints;

	return (struct point){
		.loss = row / each,
		.asset = p->order[row % each / p->npoints],
		.at = row % p->npoints,
	};
}

static int fill_text(const struct oq_column *c, const struct oq_rows *r,
		     void *out, struct oq_err *err)
{
	const struct points *p = c->arg;
	struct oq_span_text *to = out;

	(void)err;
	for (size_t i = 0; i < r->n; i++) {
		struct point x = point_of(p, r->row[i]);
		const char *s =
			c->at == ASSET ? p->name[x.asset] : p->loss[x.loss];

		to[i] = (struct oq_span_text){ s, strlen(s) };
	}
	return 0;
}

static int fill_point(const struct oq_column *c, const struct oq_rows *r,
		      void *out, struct oq_err *err)
{
	const struct points *p = c->arg;
	double *to = out;
	int e = 0;

	for (size_t i = 0; !e && i < r->n; i++) {
		struct point x = point_of(p, r->row[i]);
		const struct curve *v = &p->curve[x.loss];
		size_t field = c->at == POE ? v->poes : v->losses;

		e = oq_load_run(&v->load,
				p->raw + x.asset * p->bytes + field +
					x.at * v->load.bytes,
				0, 1, &to[i], err);
		if (!e && c->at == RATIO)
			to[i] = (double)((float)to[i] /
					 (float)p->value[x.loss][x.asset]);
	}
	return e;
}

static int by_name(const void *a, const void *b, void *ctx)
{
	char *const *names = ctx;
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	int c = strcmp(names[x], names[y]);

	return c ? c : x < y ? -1 : x > y;
}

static int prepare_points(struct oq_sheet *s, struct oq_err *err)
{
	struct points *p = s->state;

	p->raw = oq_sheet_alloc(s, p->nassets, p->bytes);
	if (!p->raw)
		return oq_err_set(err, -ENOMEM, "no memory");
	return oq_source_read(s->parts[0].source, 0, p->nassets, p->raw, err);
}

/* ---- what the losses are a part of ---- */

static bool has_word(const char *words, const char *word)
{
	return words && oq_frames_word(words, word);
}

/* Of a loss type without a value of its own, as occupants have none, the
 * engine takes a part of something else, or of nothing. */
static int check_values(const struct oq_calculation *c,
			const struct oq_values *losses, struct oq_err *err)
{
	struct oq_place at;
	OQ_FREE char *fields = NULL;

	if (oq_calculation_find(c, "assetcol", &at))
		fields = oq_h5_attr_text(at.env->h5, at.addr, "fields");
	for (uint64_t i = 0; i < losses->n; i++)
		if (!has_word(fields, losses->t[i]))
			return oq_err_set(err, -ENOENT,
					  "what losses of '%s' are a part of "
					  "is not known",
					  losses->t[i]);
	return 0;
}

static int read_losses(const struct oq_calculation *c, struct oq_values *out,
		       struct oq_err *err)
{
	int e = oq_calculation_attr(c, "crm", "loss_types", out, err);

	if (!e && !out->t)
		e = oq_err_set(err, -EIO, "loss types that are no texts");
	return e;
}

int oq_losscurves_check(const struct oq_calculation *c,
			const struct oq_exportfile *f, struct oq_err *err)
{
	OQ_VALUES struct oq_values losses = { 0 };
	int e = read_losses(c, &losses, err);

	(void)f;
	return e ? e : check_values(c, &losses, err);
}

/* What the assets are worth, and their names. */
static int read_values(const struct oq_calculation *c, struct oq_sheet *s,
		       struct points *p, struct oq_err *err)
{
	OQ_VALUES struct oq_values names = { 0 };
	int e = oq_calculation_values(c, "assetcol/array", "id", &names, err);

	if (!e && (!names.t || names.n != p->nassets))
		e = oq_err_set(err, -EIO, "curves of %llu assets, not %llu",
			       (unsigned long long)p->nassets,
			       (unsigned long long)names.n);
	p->name = e ? NULL : oq_sheet_keep(s, oq_steal(&names.t));
	for (uint64_t i = 0; !e && i < p->nlosses; i++) {
		OQ_VALUES struct oq_values v = { 0 };
		char field[256];

		(void)snprintf(field, sizeof(field), "value-%s", p->loss[i]);
		e = oq_calculation_values(c, "assetcol/array", field, &v, err);
		if (!e && (!v.f || v.n != p->nassets))
			e = oq_err_set(err, -EIO, "assets without '%s'", field);
		if (!e)
			p->value[i] = oq_sheet_keep(s, oq_steal(&v.f));
	}
	return e;
}

static const struct oq_member *find_loss(const struct oq_dtype *t,
					 const char *name)
{
	for (size_t i = 0; i < t->nmembers; i++)
		if (strcmp(t->members[i].name, name) == 0)
			return &t->members[i];
	return NULL;
}

static int find_curves(struct oq_sheet *s, const struct oq_dtype *t,
		       const struct oq_values *losses, struct points *p,
		       struct oq_err *err)
{
	int e = 0;

	for (uint64_t i = 0; !e && i < p->nlosses; i++) {
		const struct oq_member *m = find_loss(t, losses->t[i]);

		e = m ? find_curve(m, &p->curve[i], err)
		      : oq_err_set(err, -EIO, "no curves of '%s'",
				   losses->t[i]);
		if (!e && p->curve[i].n != p->curve[0].n)
			e = oq_err_set(err, -EIO, "curves of several lengths");
		p->loss[i] = oq_sheet_text(s, losses->t[i]);
		if (!e && !p->loss[i])
			e = -ENOMEM;
	}
	return e;
}

static int collect(const struct oq_calculation *c, struct oq_sheet *s,
		   unsigned part, struct points *p, struct oq_err *err)
{
	const struct oq_dtype *t = oq_frames_type(s, part);
	OQ_VALUES struct oq_values losses = { 0 };
	int e = read_losses(c, &losses, err);

	if (e < 0)
		return e;
	if (t->cls != OQ_COMPOUND || !losses.n)
		return oq_err_set(err, -EIO, "loss curves of another kind");
	p->bytes = t->size;
	p->nassets = s->export.nrows;
	p->nlosses = losses.n;
	if (p->nassets * p->bytes > oq_cache_budget(s->env->cache))
		return oq_err_set(err, -EFBIG,
				  "sorting the curves takes more "
				  "than the memory there is for it");
	p->curve = oq_sheet_alloc(s, p->nlosses, sizeof(*p->curve));
	p->loss = oq_sheet_alloc(s, p->nlosses, sizeof(*p->loss));
	p->value = oq_sheet_alloc(s, p->nlosses, sizeof(*p->value));
	p->order = oq_sheet_alloc(s, p->nassets, sizeof(*p->order));
	if (!p->curve || !p->loss || !p->value || !p->order)
		return oq_err_set(err, -ENOMEM, "no memory");
	e = find_curves(s, t, &losses, p, err);
	if (!e)
		e = read_values(c, s, p, err);
	if (e < 0)
		return e;
	p->npoints = p->curve[0].n;
	for (uint64_t i = 0; i < p->nassets; i++)
		p->order[i] = i;
	qsort_r(p->order, p->nassets, sizeof(*p->order), by_name, p->name);
	return 0;
}

static void add_column(struct oq_sheet *s, const char *name, enum what what,
		       const struct points *p)
{
	struct oq_column *c = oq_sheet_add(s, name);
	bool text = what == ASSET || what == LOSS;

	c->type = text ? OQ_VAL_TEXT : OQ_VAL_F64;
	c->fill = text ? fill_text : fill_point;
	c->single = true;
	c->at = what;
	c->arg = p;
	if (!text)
		oq_column_set_figure(c, OQ_FIGURE_E5);
}

/* Of one realization the statistics are its curves. */
static const char *find_data(const struct oq_calculation *c,
			     const struct oq_exportfile *f)
{
	return c->nrlzs == 1 ? "loss_curves-stats" : f->kind->data;
}

int oq_losscurves_open(const struct oq_calculation *c,
		       const struct oq_exportfile *f, struct oq_sheet *s,
		       struct oq_err *err)
{
	const int64_t fixed[] = { OQ_AXIS_ALL, (int64_t)f->which };
	struct points *p = oq_sheet_alloc(s, 1, sizeof(*p));
	unsigned part = 0;
	int e = p ? oq_axes_add_part(s, c, find_data(c, f), 2, fixed, &part,
				     NULL, err)
		  : -ENOMEM;

	if (!e)
		e = collect(c, s, part, p, err);
	if (e < 0)
		return e;
	/* Its elements are read once, for no row. */
	s->parts[part].width = 0;
	s->export.nrows = p->nlosses * p->nassets * p->npoints;
	s->state = p;
	s->prepare = prepare_points;
	add_column(s, "asset_id", ASSET, p);
	add_column(s, "loss_type", LOSS, p);
	add_column(s, "loss_value", VALUE, p);
	add_column(s, "loss_ratio", RATIO, p);
	add_column(s, "poe", POE, p);
	oq_sheet_set_comment(s, c, f, "kind rinv");
	return 0;
}
