/* SPDX-License-Identifier: MIT */
/* aggarrays.c - labelled arrays of losses as tables of what is not zero */

#include "lib/results/aggarrays.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/engine/aggids.h"
#include "lib/engine/pytext.h"
#include "lib/results/assets.h"

/* The cells of one statistic or realization that are not zero, each by its
 * indices on the other axes. */
struct cells {
	struct oq_values array;
	uint64_t n;
	uint64_t *at;		      /* in the array */
	uint64_t stride[OQ_MAX_RANK]; /* of each axis */
};

static void cells_free(struct cells *x)
{
	oq_values_free(&x->array);
	free(x->at);
}

static uint64_t index_of(const struct cells *x, uint64_t cell, unsigned axis)
{
	return x->at[cell] / x->stride[axis] % x->array.dims[axis];
}

/* 'fixed': the axis on which only 'which' is taken; or the rank. */
static int find_cells(struct cells *x, unsigned fixed, uint64_t which,
		      struct oq_err *err)
{
	const struct oq_values *v = &x->array;

	if (!v->f)
		return oq_err_set(err, -EIO, "an array of no floats");
	if (fixed < v->rank && which >= v->dims[fixed])
		return oq_err_set(err, -EIO, "an array without number %llu",
				  (unsigned long long)which);
	x->at = calloc(v->n + 1, sizeof(*x->at));
	if (!x->at)
		return -ENOMEM;
	for (unsigned i = v->rank; i-- > 0;)
		x->stride[i] =
			i + 1 < v->rank ? x->stride[i + 1] * v->dims[i + 1] : 1;
	for (uint64_t i = 0; i < v->n; i++)
		if (v->f[i] != 0 &&
		    (fixed >= v->rank ||
		     i / x->stride[fixed] % v->dims[fixed] == which))
			x->at[x->n++] = i;
	return 0;
}

static int read_cells(const struct oq_calculation *c,
		      const struct oq_exportfile *f, const char *path,
		      unsigned rank, struct cells *x, struct oq_err *err)
{
	int e = oq_calculation_values(c, path, NULL, &x->array, err);

	if (!e && x->array.rank != rank)
		e = oq_err_set(err, -EIO, "'%s' is of another shape", path);
	return e ? e : find_cells(x, 1, f->which, err);
}

static void add_value(const struct cells *x, const char *name,
		      struct oq_sheet *s)
{
	double *out = oq_sheet_alloc(s, x->n, sizeof(*out));

	for (uint64_t i = 0; out && i < x->n; i++)
		out[i] = x->array.f[x->at[i]];
	oq_sheet_add_f64(s, name, out)->single = x->array.single;
}

/* ---- labels ---- */

static bool are_all(struct json_object *list, enum json_type type)
{
	for (size_t i = 0; i < json_object_array_length(list); i++)
		if (!json_object_is_type(json_object_array_get_idx(list, i),
					 type))
			return false;
	return true;
}

/* A column of an axis' labels; an integer stands for its range. */
static int add_axis(const struct cells *x, unsigned axis, const char *name,
		    struct json_object *labels, struct oq_sheet *s,
		    struct oq_err *err)
{
	const char **text = oq_sheet_alloc(s, x->n, sizeof(*text));
	int64_t *number = oq_sheet_alloc(s, x->n, sizeof(*number));
	double *real = oq_sheet_alloc(s, x->n, sizeof(*real));
	bool range = json_object_is_type(labels, json_type_int);

	if (!text || !number || !real)
		return -ENOMEM;
	if (!range && (!json_object_is_type(labels, json_type_array) ||
		       json_object_array_length(labels) != x->array.dims[axis]))
		return oq_err_set(err, -EIO, "the labels of '%s' do not fit",
				  name);
	for (uint64_t i = 0; i < x->n; i++) {
		uint64_t at = index_of(x, i, axis);
		struct json_object *v =
			range ? NULL : json_object_array_get_idx(labels, at);

		number[i] = range ? (int64_t)at : json_object_get_int64(v);
		real[i] = json_object_get_double(v);
		text[i] = "";
		if (json_object_is_type(v, json_type_string))
			text[i] = oq_sheet_text(s, json_object_get_string(v));
		if (!text[i])
			return -ENOMEM;
	}
	if (range || are_all(labels, json_type_int))
		(void)oq_sheet_add_i64(s, name, number);
	else if (are_all(labels, json_type_string))
		(void)oq_sheet_add_texts(s, name, text);
	else if (are_all(labels, json_type_double))
		(void)oq_sheet_add_f64(s, name, real);
	else
		return oq_err_set(err, -EIO, "labels of several types");
	return 0;
}

/* ---- before 3.13 ---- */

static int add_losses(const struct oq_calculation *c, const struct cells *x,
		      unsigned axis, struct oq_sheet *s, struct oq_err *err)
{
	const char **text = oq_sheet_alloc(s, x->n, sizeof(*text));

	for (uint64_t i = 0; text && i < x->n; i++) {
		uint64_t at = index_of(x, i, axis);

		if (at >= c->losses.n)
			return oq_err_set(err, -EIO, "loss type %llu of %zu",
					  (unsigned long long)at, c->losses.n);
		text[i] = oq_sheet_text(s, c->losses.name[at]);
		if (!text[i])
			return -ENOMEM;
	}
	(void)oq_sheet_add_texts(s, "loss_type", text);
	return 0;
}

static int read_exposed(const struct oq_calculation *c, const struct cells *x,
			struct oq_values *v, struct oq_err *err)
{
	int e = oq_calculation_values(c, "agg_values", NULL, v, err);

	if (!e && (!v->f || v->rank != 2 || v->dims[0] != x->array.dims[0] ||
		   v->dims[1] != x->array.dims[2]))
		e = oq_err_set(err, -EIO, "'agg_values' is of another shape");
	return e;
}

/* The exposed value, or the loss as a part of it: a double either way. */
static void add_exposed(const struct cells *x, const struct oq_values *v,
			bool ratio, const char *name, struct oq_sheet *s)
{
	double *out = oq_sheet_alloc(s, x->n, sizeof(*out));

	for (uint64_t i = 0; out && i < x->n; i++) {
		uint64_t at =
			index_of(x, i, 0) * v->dims[1] + index_of(x, i, 2);

		out[i] = ratio ? x->array.f[x->at[i]] / v->f[at] : v->f[at];
	}
	(void)oq_sheet_add_f64(s, name, out);
}

static int add_periods(const struct oq_calculation *c, const char *path,
		       const struct cells *x, bool inverse, struct oq_sheet *s,
		       struct oq_err *err)
{
	struct json_object *o = oq_calculation_json(c, path, "json"),
			   *list = NULL;
	double *out = oq_sheet_alloc(s, x->n, sizeof(*out));
	int e = 0;

	(void)json_object_object_get_ex(o, "return_period", &list);
	if (!out)
		e = -ENOMEM;
	else if (!json_object_is_type(list, json_type_array) ||
		 json_object_array_length(list) != x->array.dims[3])
		e = oq_err_set(err, -EIO, "curves without return periods");
	else if (!inverse)
		e = add_axis(x, 3, "return_period", list, s, err);
	for (uint64_t i = 0; !e && inverse && i < x->n; i++)
		out[i] = 1.0 / json_object_get_double(json_object_array_get_idx(
				       list, index_of(x, i, 3)));
	if (!e && inverse)
		(void)oq_sheet_add_f64(s, "annual_frequency_of_exceedence",
				       out);
	json_object_put(o);
	return e;
}

/* ---- the tags of curves ---- */

static int read_tag(const struct oq_calculation *c, const char *tag,
		    struct oq_values *v, struct oq_err *err)
{
	int e = oq_calculation_values(c, "agg_keys", tag, v, err);

	if (e == -ENOENT || (!e && !v->t))
		return oq_err_set(err, -ENOENT,
				  "how this version wrote tag '%s' in them is "
				  "not known",
				  tag);
	return e;
}

int oq_aggarrays_check_tags(const struct oq_calculation *c,
			    const struct oq_exportfile *f, struct oq_err *err)
{
	struct oq_names tags = { 0 };
	int e = oq_aggids_list_tags(c, 1, &tags);

	(void)f;
	for (size_t i = 0; !e && i < tags.n; i++) {
		OQ_VALUES struct oq_values v = { 0 };

		e = read_tag(c, tags.name[i], &v, err);
	}
	oq_names_free(&tags);
	return e;
}

/* The texts by `agg_id`; the last is the total. */
static int add_key(const struct oq_calculation *c, const struct cells *x,
		   const char *tag, struct oq_sheet *s, struct oq_err *err)
{
	OQ_VALUES struct oq_values v = { 0 };
	const char **text = oq_sheet_alloc(s, x->n, sizeof(*text));
	int e = text ? read_tag(c, tag, &v, err) : -ENOMEM;

	if (!e && v.n + 1 != x->array.dims[0])
		e = oq_err_set(err, -EIO, "curves of other tags");
	for (uint64_t i = 0; !e && i < x->n; i++) {
		uint64_t at = index_of(x, i, 0);

		text[i] = oq_sheet_text(s, at < v.n ? v.t[at] : "*total*");
		e = text[i] ? 0 : -ENOMEM;
	}
	if (!e)
		(void)oq_sheet_add_texts(s, tag, text);
	return e;
}

static int add_keys(const struct oq_calculation *c, const struct cells *x,
		    struct oq_sheet *s, struct oq_err *err)
{
	struct oq_names tags = { 0 };
	int e = oq_aggids_list_tags(c, 1, &tags);

	for (size_t i = 0; !e && i < tags.n; i++)
		e = add_key(c, x, tags.name[i], s, err);
	oq_names_free(&tags);
	return e;
}

/* ---- curves ---- */

static void put_curve_kind(const struct oq_exportfile *f, struct oq_sheet *s)
{
	OQ_BUF struct oq_buf kind = { 0 };

	oq_buf_printf(&kind, "agg_curves-%s", f->label);
	oq_buf_putc(&kind, '\0');
	oq_comment_key(&s->comment, "kind");
	if (!oq_buf_failed(&kind))
		oq_py_put_text(kind.data, &s->comment);
}

int oq_aggarrays_open_curves(const struct oq_calculation *c,
			     const struct oq_exportfile *f, struct oq_sheet *s,
			     struct oq_err *err)
{
	const char *path = f->kind->data;
	OQ_VALUES struct oq_values exposed = { 0 };
	struct cells x = { 0 };
	int e = read_cells(c, f, path, 4, &x, err);

	s->export.nrows = x.n;
	if (!e)
		e = read_exposed(c, &x, &exposed, err);
	if (!e)
		e = add_periods(c, path, &x, false, s, err);
	if (!e) {
		add_value(&x, "loss_value", s);
		e = add_losses(c, &x, 2, s, err);
	}
	if (!e)
		e = add_keys(c, &x, s, err);
	if (!e) {
		add_exposed(&x, &exposed, true, "loss_ratio", s);
		e = add_periods(c, path, &x, true, s, err);
	}
	cells_free(&x);
	s->frame = true;
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
	oq_sheet_set_comment(s, c, f, "md rinv");
	put_curve_kind(f, s);
	return e;
}

/* All combinations of the tags, the last fastest, and then the total. */
struct product {
	struct oq_names tags;
	struct oq_values *values; /* of each tag; the first stands for none */
};

static void product_free(struct product *p)
{
	for (size_t i = 0; p->values && i < p->tags.n; i++)
		oq_values_free(&p->values[i]);
	free(p->values);
	oq_names_free(&p->tags);
}

static int read_product(const struct oq_calculation *c, uint64_t ncells,
			struct product *p, struct oq_err *err)
{
	uint64_t n = 1;
	int e = oq_aggids_list_tags(c, 1, &p->tags);

	p->values = calloc(p->tags.n + 1, sizeof(*p->values));
	if (!p->values)
		return -ENOMEM;
	for (size_t i = 0; !e && i < p->tags.n; i++) {
		e = oq_assets_tag_values(c, p->tags.name[i], &p->values[i],
					 err);
		if (!e &&
		    (p->values[i].n < 2 || n > ncells / (p->values[i].n - 1)))
			e = oq_err_set(err, -EIO, "losses of other tags");
		if (!e)
			n *= p->values[i].n - 1;
	}
	if (!e && n + (p->tags.n > 0) != ncells)
		e = oq_err_set(err, -EIO, "losses of other tags");
	return e;
}

static const char *tag_of(const struct product *p, uint64_t agg, uint64_t total,
			  size_t tag)
{
	if (agg == total)
		return "*total*";
	for (size_t i = p->tags.n; i-- > tag + 1;)
		agg /= p->values[i].n - 1;
	return p->values[tag].t[1 + agg % (p->values[tag].n - 1)];
}

static void add_tags(const struct product *p, const struct cells *x,
		     struct oq_sheet *s)
{
	for (size_t t = 0; t < p->tags.n; t++) {
		const char **text = oq_sheet_alloc(s, x->n, sizeof(*text));

		for (uint64_t i = 0; text && i < x->n; i++) {
			text[i] = oq_sheet_text(s, tag_of(p, index_of(x, i, 0),
							  x->array.dims[0] - 1,
							  t));
			if (!text[i])
				return;
		}
		(void)oq_sheet_add_texts(s, p->tags.name[t], text);
	}
}

int oq_aggarrays_open_losses(const struct oq_calculation *c,
			     const struct oq_exportfile *f, struct oq_sheet *s,
			     struct oq_err *err)
{
	OQ_VALUES struct oq_values exposed = { 0 };
	struct product tags = { 0 };
	struct cells x = { 0 };
	int e = read_cells(c, f, f->kind->data, 3, &x, err);

	s->export.nrows = x.n;
	if (!e)
		e = read_exposed(c, &x, &exposed, err);
	if (!e)
		e = read_product(c, x.array.dims[0], &tags, err);
	if (!e)
		e = add_losses(c, &x, 2, s, err);
	if (!e) {
		add_tags(&tags, &x, s);
		add_value(&x, "loss_value", s);
		add_exposed(&x, &exposed, false, "exposed_value", s);
		add_exposed(&x, &exposed, true, "loss_ratio", s);
	}
	cells_free(&x);
	product_free(&tags);
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
	oq_sheet_set_comment(s, c, f, "md inv rinv");
	return e;
}

/* ---- by source ---- */

static int add_axes(const struct cells *x, struct json_object *labels,
		    struct oq_sheet *s, struct oq_err *err)
{
	struct json_object *names = NULL;
	int e = 0;

	if (!json_object_object_get_ex(labels, "shape_descr", &names) ||
	    !json_object_is_type(names, json_type_array) ||
	    json_object_array_length(names) != x->array.rank)
		return oq_err_set(err, -EIO, "an array without labels");
	for (unsigned i = 0; !e && i < x->array.rank; i++) {
		struct json_object *list = NULL;
		const char *name = json_object_get_string(
			json_object_array_get_idx(names, i));

		(void)json_object_object_get_ex(labels, name ? name : "",
						&list);
		e = add_axis(x, i, name ? name : "", list, s, err);
	}
	return e;
}

int oq_aggarrays_open_sources(const struct oq_calculation *c,
			      const struct oq_exportfile *f, struct oq_sheet *s,
			      struct oq_err *err)
{
	struct json_object *labels;
	struct cells x = { 0 };
	char path[256];
	int e;

	(void)snprintf(path, sizeof(path), "%s%s%s", f->kind->data,
		       f->member ? "/" : "", f->member ? f->member : "");
	e = oq_calculation_values(c, path, NULL, &x.array, err);
	if (!e)
		e = find_cells(&x, x.array.rank, 0, err);
	s->export.nrows = x.n;
	labels = oq_calculation_json(c, path, "json");
	if (!e)
		e = add_axes(&x, labels, s, err);
	if (!e)
		add_value(&x, f->member ? "value" : "loss_value", s);
	json_object_put(labels);
	cells_free(&x);
	s->frame = true;
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
	oq_sheet_set_comment(s, c, f, "md inv rinv");
	return e;
}
