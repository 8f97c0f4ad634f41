/* SPDX-License-Identifier: MIT */
/* losscurves.c - the maps that are read off loss curves by asset */

#include "lib/results/losscurves.h"

#include <errno.h>
#include <math.h>

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
