/* SPDX-License-Identifier: MIT */
/* rupture.c - the first rupture of a calculation, with its mesh */

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/engine/pytext.h"
#include "lib/results/ruptures.h"

/* Numbers of a mesh that becomes text. */
#define MAX_MESH ((size_t)1 << 20)

/* What the engine calls ruptures and their surfaces, of those whose mesh it
 * writes as it is stored. */
static const char *const classes[] = {
	"BaseRupture",
	"ParametricProbabilisticRupture",
	"NonParametricProbabilisticRupture",
};
static const char *const surface_classes[] = {
	"PlanarSurface",
	"SimpleFaultSurface",
	"ComplexFaultSurface",
	"GriddedSurface",
};
#define COUNT(a) (sizeof(a) / sizeof(*(a)))

static unsigned sum_of(const char *s)
{
	unsigned sum = 0;

	for (; *s; s++)
		sum += (unsigned char)*s;
	return sum;
}

/* A rupture is stored with a code: the sum of the bytes of both names with a
 * comma between, by 256.  No two have the same.  Append "class surface"; false
 * where no class has the code. */
static bool put_kind(int64_t code, struct oq_buf *out)
{
	for (size_t i = 0; i < COUNT(classes); i++)
		for (size_t j = 0; j < COUNT(surface_classes); j++)
			if ((sum_of(classes[i]) + ',' +
			     sum_of(surface_classes[j])) %
				    256 ==
			    code) {
				oq_buf_printf(out, "%s %s", classes[i],
					      surface_classes[j]);
				return true;
			}
	return false;
}

struct one {
	const struct oq_calculation *c;
	struct oq_sheet *s;
	struct oq_err *err;
	int e;
};

static int read_first(const struct oq_calculation *c, const char *field,
		      struct oq_values *v, struct oq_err *err)
{
	int e = oq_calculation_values(c, "ruptures", field, v, err);

	if (!e && !v->n)
		e = oq_err_set(err, -ENOENT, "there is no rupture");
	return e;
}

int oq_ruptures_check_one(const struct oq_calculation *c,
			  const struct oq_exportfile *f, struct oq_err *err)
{
	OQ_VALUES struct oq_values code = { 0 };
	OQ_BUF struct oq_buf kind = { 0 };
	int e = read_first(c, "code", &code, err);

	(void)f;
	if (e < 0)
		return e;
	if (!code.i || !put_kind(code.i[0], &kind))
		return oq_err_set(err, -ENOENT,
				  "a rupture of a class whose name is not "
				  "known");
	return 0;
}

/* A column of one number, of the first rupture. */
static void add_number(struct one *o, const char *name, const char *field)
{
	OQ_VALUES struct oq_values v = { 0 };

	if (!o->e)
		o->e = read_first(o->c, field, &v, o->err);
	if (o->e)
		return;
	v.n = 1;
	if (v.t)
		o->e = oq_err_set(o->err, -EIO, "'%s' is no number", field);
	else
		(void)oq_sheet_add_values(o->s, name, &v);
}

static void add_hypocentre(struct one *o)
{
	static const char *const names[] = { "lon", "lat", "dep" };
	double x[3];
	struct oq_place at;
	struct oq_h5_dset *d = NULL;
	const struct oq_dataset *info;
	const uint64_t start[1] = { 0 }, step[1] = { 1 }, count[1] = { 1 };
	OQ_FREE uint8_t *elem = NULL;
	const struct oq_dtype *t;
	struct oq_load l;
	size_t offset = 0;

	if (o->e || !oq_calculation_find(o->c, "ruptures", &at))
		return;
	o->e = oq_h5_dset_open(at.env->h5, at.addr, &d, o->err);
	if (o->e)
		return;
	info = oq_h5_dset_info(d);
	t = oq_load_member(info->type, "hypo", &offset);
	elem = calloc(1, info->type->size);
	if (!t || t->cls != OQ_ARRAY || t->size != 3 * t->base->size || !elem ||
	    info->rank != 1 || !info->nelems ||
	    oq_dtype_has_pointers(info->type) ||
	    oq_load_init(&l, t->base, o->err) < 0 || l.type != OQ_VAL_F64)
		o->e = oq_err_set(o->err, -EIO,
				  "a rupture without "
				  "hypocentre");
	if (!o->e)
		o->e = oq_h5_read(d, start, step, count, elem, o->err);
	if (!o->e)
		o->e = oq_load_run(&l, elem + offset, l.bytes, 3, x, o->err);
	oq_h5_dset_close(d);
	for (int i = 0; !o->e && i < 3; i++) {
		double *v = oq_sheet_alloc(o->s, 1, sizeof(*v));

		if (v)
			*v = x[i];
		(void)oq_sheet_add_f64(o->s, names[i], v);
	}
}

static void add_type(struct one *o)
{
	OQ_VALUES struct oq_values trts = { 0 }, v = { 0 };

	if (!o->e)
		o->e = read_first(o->c, "trt_smr", &v, o->err);
	if (!o->e)
		o->e = oq_calculation_attr(o->c, "full_lt", "trts", &trts,
					   o->err);
	if (o->e)
		return;
	if (!v.i || !trts.t || v.i[0] < 0 || (uint64_t)v.i[0] >> 24 >= trts.n) {
		o->e = oq_err_set(o->err, -EIO, "a rupture without type");
		return;
	}
	(void)oq_sheet_add_constant(o->s, "trt", trts.t[v.i[0] >> 24]);
	oq_comment_key(&o->s->comment, "trts");
	oq_py_put_values(&trts, 0, trts.n, &o->s->comment);
}

static void add_kind(struct one *o)
{
	OQ_VALUES struct oq_values code = { 0 };
	OQ_BUF struct oq_buf kind = { 0 };

	if (!o->e)
		o->e = read_first(o->c, "code", &code, o->err);
	if (o->e)
		return;
	if (!code.i || !put_kind(code.i[0], &kind)) {
		o->e = oq_err_set(o->err, -EIO, "a rupture of no known class");
		return;
	}
	oq_buf_putc(&kind, '\0');
	if (!oq_buf_failed(&kind))
		(void)oq_sheet_add_constant(o->s, "kind", kind.data);
}

/* ---- mesh ---- */

/* Rounded to five places, as Python rounds: by its decimal digits. */
static void put_rounded(double v, struct oq_buf *out)
{
	char text[OQ_FIGURE_MAX + 1];
	size_t n = oq_figure_put(text, OQ_FIGURE_F5, v);

	text[n] = '\0';
	oq_py_put_f64(strtod(text, NULL), out);
}

static void put_rows(const double *v, size_t rows, size_t columns,
		     struct oq_buf *out)
{
	for (size_t i = 0; i < rows; i++) {
		oq_buf_puts(out, i ? ", [" : "[");
		for (size_t j = 0; j < columns; j++) {
			if (j)
				oq_buf_puts(out, ", ");
			put_rounded(v[i * columns + j], out);
		}
		oq_buf_putc(out, ']');
	}
}

/* list[surface][lon, lat, depth][row][column].  'v' is: how many surfaces,
 * their rows and columns, their coordinates. */
static bool put_mesh(const double *v, size_t n, struct oq_buf *out)
{
	double surfaces = n ? v[0] : 0;
	size_t at;

	if (!(surfaces >= 1) || surfaces > 1000 || 2 * surfaces + 1 > (double)n)
		return false;
	at = 2 * (size_t)surfaces + 1;
	oq_buf_putc(out, '[');
	for (size_t i = 0; i < (size_t)surfaces; i++) {
		double rows = v[1 + 2 * i], columns = v[2 + 2 * i];

		if (!(rows >= 1 && columns >= 1) ||
		    rows * columns * 3 > (double)(n - at))
			return false;
		oq_buf_puts(out, i ? ", [" : "[");
		for (int k = 0; k < 3; k++) {
			oq_buf_puts(out, k ? ", [" : "[");
			put_rows(v + at, (size_t)rows, (size_t)columns, out);
			oq_buf_putc(out, ']');
			at += (size_t)rows * (size_t)columns;
		}
		oq_buf_putc(out, ']');
	}
	oq_buf_putc(out, ']');
	return true;
}

static int load_mesh(struct oq_h5_dset *d, uint64_t index, double **out,
		     size_t *n, struct oq_err *err)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);
	const uint64_t step[1] = { 1 }, count[1] = { 1 };
	struct oq_vlen geom = { 0 };
	struct oq_load l;
	int e;

	if (info->rank != 1 || info->type->cls != OQ_VLEN ||
	    index >= info->dims[0] ||
	    oq_load_init(&l, info->type->base, err) < 0 || l.type != OQ_VAL_F64)
		return oq_err_set(err, -EIO, "a rupture without geometry");
	e = oq_h5_read(d, &index, step, count, &geom, err);
	if (e < 0)
		return e;
	*n = geom.len;
	*out = geom.len <= MAX_MESH ? calloc(geom.len + 1, sizeof(**out))
				    : NULL;
	e = *out ? oq_load_run(&l, geom.p, l.bytes, geom.len, *out, err)
		 : oq_err_set(err, -EFBIG, "a mesh of too many points");
	oq_h5_reclaim(d, &geom, 1);
	return e;
}

static void add_mesh(struct one *o)
{
	OQ_VALUES struct oq_values id = { 0 };
	OQ_FREE double *v = NULL;
	OQ_BUF struct oq_buf text = { 0 };
	struct oq_h5_dset *d = NULL;
	struct oq_place at;
	size_t n = 0;

	if (!o->e)
		o->e = read_first(o->c, "geom_id", &id, o->err);
	if (!o->e && (!id.i || id.i[0] < 0 ||
		      !oq_calculation_find(o->c, "rupgeoms", &at)))
		o->e = oq_err_set(o->err, -EIO, "a rupture without geometry");
	if (o->e)
		return;
	o->e = oq_h5_dset_open(at.env->h5, at.addr, &d, o->err);
	if (!o->e)
		o->e = load_mesh(d, (uint64_t)id.i[0], &v, &n, o->err);
	oq_h5_dset_close(d);
	if (!o->e && !put_mesh(v, n, &text))
		o->e = oq_err_set(o->err, -EIO, "a mesh that makes no sense");
	oq_buf_putc(&text, '\0');
	if (!o->e && !oq_buf_failed(&text))
		(void)oq_sheet_add_constant(o->s, "mesh", text.data);
}

static void add_extra(struct one *o)
{
	OQ_VALUES struct oq_values rate = { 0 };
	OQ_BUF struct oq_buf text = { 0 };

	if (!o->e)
		o->e = read_first(o->c, "occurrence_rate", &rate, o->err);
	if (o->e)
		return;
	oq_buf_puts(&text, "{\"occurrence_rate\": ");
	if (rate.f && !isnan(rate.f[0]))
		put_rounded(rate.f[0], &text);
	else
		oq_buf_puts(&text, "NaN");
	oq_buf_putc(&text, '}');
	oq_buf_putc(&text, '\0');
	if (!oq_buf_failed(&text))
		(void)oq_sheet_add_constant(o->s, "extra", text.data);
}

int oq_ruptures_open_one(const struct oq_calculation *c,
			 const struct oq_exportfile *f, struct oq_sheet *s,
			 struct oq_err *err)
{
	struct one o = { c, s, err, 0 };

	(void)f;
	s->export.nrows = 1;
	add_number(&o, "seed", "seed");
	add_number(&o, "mag", "mag");
	add_number(&o, "rake", "rake");
	add_hypocentre(&o);
	add_number(&o, "multiplicity", "n_occ");
	add_type(&o);
	add_kind(&o);
	add_mesh(&o);
	add_extra(&o);
	oq_comment_key(&s->comment, "ses_seed");
	if (oq_param(c, "ses_seed"))
		oq_py_put_json(oq_param(c, "ses_seed"), &s->comment);
	else
		oq_buf_puts(&s->comment, "42");
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E6);
	/* The names that stand for coordinates. */
	for (size_t i = 0; i < s->ncolumns; i++)
		if (s->columns[i].name && (!strcmp(s->columns[i].name, "lon") ||
					   !strcmp(s->columns[i].name, "lat")))
			s->columns[i].figure = OQ_FIGURE_F5;
	return o.e;
}
