/* SPDX-License-Identifier: MIT */
/* columns.c - the ways in which the columns of a sheet get their values */

#include <errno.h>
#include <string.h>

#include "lib/sheet/sheet.h"

/* ---- elements ---- */

int oq_column_load(const struct oq_column *c, const struct oq_rows *r,
		   void *out, struct oq_err *err)
{
	return oq_load_run(&c->load,
			   r->part[c->part] + c->at * c->stride + c->offset,
			   c->row_bytes, r->n, out, err);
}

bool oq_column_is_field(const struct oq_column *c)
{
	return c->fill == oq_column_load;
}

struct oq_column *oq_sheet_add_field(struct oq_sheet *s, const char *name,
				     unsigned part, uint64_t at,
				     const char *field, struct oq_err *err)
{
	const struct oq_sheetpart *p = &s->parts[part];
	struct oq_column *c;
	struct oq_load load;
	size_t offset = 0;

	if (at >= p->width) {
		oq_err_set(err, -EIO, "no element for '%s'", name);
		return NULL;
	}
	if (oq_load_field(&load, p->source->type, field, &offset, err) < 0)
		return NULL;
	c = oq_sheet_add(s, name);
	c->fill = oq_column_load;
	c->type = load.type;
	c->single = load.single;
	c->part = part;
	c->at = at;
	c->offset = offset;
	c->stride = p->source->type->size;
	c->row_bytes = c->stride * p->width;
	c->load = load;
	return c;
}

/* ---- lookups ---- */

/* The index of each row, within the list. */
static int fill_index(const struct oq_column *c, const struct oq_rows *r,
		      int64_t *out, struct oq_err *err)
{
	int e;

	if (!c->n)
		return oq_err_set(err, -EIO, "column '%s': a number of none",
				  c->name);
	e = oq_column_load(c, r, out, err);
	for (size_t i = 0; !e && i < r->n; i++) {
		out[i] = (int64_t)((uint64_t)out[i] + (uint64_t)c->add);
		if (out[i] < 0 || (uint64_t)out[i] >= c->n)
			e = oq_err_set(err, -EIO,
				       "column '%s': number %lld of %llu",
				       c->name, (long long)out[i],
				       (unsigned long long)c->n);
	}
	return e;
}

static int fill_looked_up_text(const struct oq_column *c,
			       const struct oq_rows *r, void *out,
			       struct oq_err *err)
{
	const char *const *texts = c->arg;
	struct oq_span_text *to = out;
	int64_t index[OQ_SHEET_BLOCK];
	int e = fill_index(c, r, index, err);

	for (size_t i = 0; !e && i < r->n; i++) {
		const char *s = texts[index[i]];

		if (!s)
			return oq_err_set(err, -EIO,
					  "column '%s': nothing is number %lld",
					  c->name, (long long)index[i]);
		to[i] = (struct oq_span_text){ s, strlen(s) };
	}
	return e;
}

static int fill_looked_up_number(const struct oq_column *c,
				 const struct oq_rows *r, void *out,
				 struct oq_err *err)
{
	const uint64_t *from = c->arg;
	uint64_t *to = out;
	int64_t index[OQ_SHEET_BLOCK];
	int e = fill_index(c, r, index, err);

	for (size_t i = 0; !e && i < r->n; i++)
		to[i] = from[index[i]];
	return e;
}

/* What is no integer is no number of anything. */
static void look_up(struct oq_column *c, const void *list, uint64_t n,
		    int (*fill)(const struct oq_column *,
				const struct oq_rows *, void *,
				struct oq_err *))
{
	c->n = c->type == OQ_VAL_I64 ? n : 0;
	c->arg = list;
	c->fill = fill;
}

void oq_column_look_up(struct oq_column *c, const char *const *texts,
		       uint64_t n, int64_t add)
{
	look_up(c, texts, n, fill_looked_up_text);
	c->type = OQ_VAL_TEXT;
	c->add = add;
}

void oq_column_look_up_f64(struct oq_column *c, const double *v, uint64_t n)
{
	look_up(c, v, n, fill_looked_up_number);
	c->type = OQ_VAL_F64;
}

void oq_column_look_up_i64(struct oq_column *c, const int64_t *v, uint64_t n)
{
	look_up(c, v, n, fill_looked_up_number);
	c->type = OQ_VAL_I64;
}

/* ---- memory ---- */

static int fill_numbers(const struct oq_column *c, const struct oq_rows *r,
			void *out, struct oq_err *err)
{
	const uint64_t *from = c->arg;
	uint64_t *to = out;

	(void)err;
	for (size_t i = 0; i < r->n; i++)
		to[i] = from[r->row[i]];
	return 0;
}

static int fill_texts(const struct oq_column *c, const struct oq_rows *r,
		      void *out, struct oq_err *err)
{
	const char *const *from = c->arg;
	struct oq_span_text *to = out;

	(void)err;
	for (size_t i = 0; i < r->n; i++)
		to[i] = (struct oq_span_text){ from[r->row[i]],
					       strlen(from[r->row[i]]) };
	return 0;
}

static struct oq_column *add(struct oq_sheet *s, const char *name,
			     enum oq_valtype type, const void *values)
{
	struct oq_column *c = oq_sheet_add(s, name);

	c->type = type;
	c->arg = values;
	c->fill = type == OQ_VAL_TEXT ? fill_texts : fill_numbers;
	s->failed |= !values;
	return c;
}

struct oq_column *oq_sheet_add_f64(struct oq_sheet *s, const char *name,
				   double *v)
{
	return add(s, name, OQ_VAL_F64, v);
}

struct oq_column *oq_sheet_add_i64(struct oq_sheet *s, const char *name,
				   int64_t *v)
{
	return add(s, name, OQ_VAL_I64, v);
}

struct oq_column *oq_sheet_add_texts(struct oq_sheet *s, const char *name,
				     const char **v)
{
	return add(s, name, OQ_VAL_TEXT, v);
}

struct oq_column *oq_sheet_add_values(struct oq_sheet *s, const char *name,
				      struct oq_values *v)
{
	struct oq_column *c;
	void *p = v->type == OQ_VAL_F64	  ? (void *)v->f
		  : v->type == OQ_VAL_I64 ? (void *)v->i
					  : (void *)v->t;

	s->is_short |= v->n != s->export.nrows;
	v->f = NULL;
	v->i = NULL;
	v->t = NULL;
	c = add(s, name, v->type, oq_sheet_keep(s, p));
	c->single = v->single;
	return c;
}

static int fill_constant(const struct oq_column *c, const struct oq_rows *r,
			 void *out, struct oq_err *err)
{
	struct oq_span_text *to = out;

	(void)err;
	for (size_t i = 0; i < r->n; i++)
		to[i] = (struct oq_span_text){ c->arg, c->n };
	return 0;
}

struct oq_column *oq_sheet_add_constant(struct oq_sheet *s, const char *name,
					const char *text)
{
	struct oq_column *c = add(s, name, OQ_VAL_TEXT, oq_sheet_text(s, text));

	c->fill = fill_constant;
	c->n = strlen(text);
	return c;
}

/* ---- form ---- */

void oq_column_set_figure(struct oq_column *c, enum oq_figure f)
{
	c->form = OQ_FORM_FIGURE;
	c->figure = f;
}

void oq_sheet_set_figure(struct oq_sheet *s, size_t first, enum oq_figure f)
{
	for (size_t i = first; i < s->ncolumns; i++)
		if (s->columns[i].type == OQ_VAL_F64)
			oq_column_set_figure(&s->columns[i], f);
}
