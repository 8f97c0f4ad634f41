/* SPDX-License-Identifier: MIT */
/* disagg.c - disaggregation: an array [site, axes ..., imt, poe, z] as rows
 *
 * The rows are imt (by name), poe (by value), then the axes, the last
 * fastest; for each of the realizations z there is a column.
 */

#include "lib/results/disagg.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/results/disaggbins.h"
#include "lib/sheet/axes.h"

/* Axes of a kind, as "TRT_Mag_Dist_Eps" has four. */
#define MAX_AXES   8
/* What of a site is looked at before its file is listed. */
#define MAX_LOOK   ((uint64_t)1 << 22)
#define MAX_DISAGG ((uint64_t)1 << 27)

/* One kind of one site. */
struct matrix {
	unsigned naxes;
	char *axis[MAX_AXES];	/* "Mag"; owned */
	uint64_t dim[MAX_AXES]; /* of each */
	uint64_t nimts, npoes, nz, nrows, ncells;
	uint64_t *imt; /* in their order of rows; kept by the sheet */
	uint64_t *poe;
	double *value; /* after prepare(); kept */
	bool *zero;    /* for each z: it has nothing but zeros */
	unsigned part;
	struct oq_load load;
};

static void path_of(const struct oq_exportfile *f, char *out, size_t n)
{
	(void)snprintf(out, n, "%s/%s", f->kind->data, f->member);
}

/* ---- whether there is anything ---- */

int oq_disagg_check(const struct oq_calculation *c,
		    const struct oq_exportfile *f, struct oq_err *err)
{
	uint64_t start[OQ_MAX_RANK] = { 0 }, step[OQ_MAX_RANK];
	uint64_t count[OQ_MAX_RANK], n = 1;
	OQ_VALUES struct oq_values v = { 0 };
	OQ_FREE uint8_t *data = NULL;
	struct oq_h5_dset *d = NULL;
	const struct oq_dataset *info;
	struct oq_place at;
	char path[256];
	double sum = 0;
	int e;

	path_of(f, path, sizeof(path));
	if (!oq_calculation_find(c, path, &at))
		return oq_calculation_absent(c, path, err);
	e = oq_h5_dset_open(at.env->h5, at.addr, &d, err);
	if (e < 0)
		return e;
	info = oq_h5_dset_info(d);
	for (unsigned i = 0; i < OQ_MAX_RANK; i++)
		step[i] = 1;
	memcpy(count, info->dims, sizeof(count));
	if (info->rank && count[0])
		n = info->nelems / count[0];
	start[0] = f->site;
	count[0] = 1;
	if (info->rank < 4 || f->site >= info->dims[0] || info->refused) {
		e = oq_err_set(err, -EIO, "'%s' has not all sites", path);
	} else if (n && n <= MAX_LOOK) {
		data = calloc(n, info->type->size);
		e = data ? oq_h5_read(d, start, step, count, data, err)
			 : -ENOMEM;
		if (!e)
			e = oq_values_load(info->type, data, NULL, n, &v, err);
		for (uint64_t i = 0; !e && v.f && i < n; i++)
			sum += v.f[i];
		if (!e && (!v.f || sum == 0))
			e = -ENOENT;
	}
	oq_h5_dset_close(d);
	return e;
}

/* ---- the rows ---- */

/* The cell of column z in a row. */
static uint64_t cell_of(const struct matrix *m, uint64_t row, uint64_t z)
{
	uint64_t inner = m->nrows / (m->nimts * m->npoes);
	uint64_t index = row % inner, block = row / inner;
	uint64_t poe = m->poe[block % m->npoes];
	uint64_t imt = m->imt[block / m->npoes];

	return ((index * m->nimts + imt) * m->npoes + poe) * m->nz + z;
}

static int fill_value(const struct oq_column *c, const struct oq_rows *r,
		      void *out, struct oq_err *err)
{
	const struct matrix *m = c->arg;
	double *to = out;

	(void)err;
	for (size_t i = 0; i < r->n; i++)
		to[i] = m->value[cell_of(m, r->row[i], c->at)] + 0.0;
	return 0;
}

/* One of a list by which block of rows it is: of c->n rows, c->number of them
 * in a cycle. */
static uint64_t turn(const struct oq_column *c, uint64_t row)
{
	return row / c->n % (uint64_t)c->number;
}

static int fill_turn(const struct oq_column *c, const struct oq_rows *r,
		     void *out, struct oq_err *err)
{
	const double *v = c->arg;
	double *to = out;

	(void)err;
	for (size_t i = 0; i < r->n; i++)
		to[i] = v[turn(c, r->row[i])];
	return 0;
}

static int fill_turn_text(const struct oq_column *c, const struct oq_rows *r,
			  void *out, struct oq_err *err)
{
	const char *const *v = c->arg;
	struct oq_span_text *to = out;

	(void)err;
	for (size_t i = 0; i < r->n; i++) {
		const char *s = v[turn(c, r->row[i])];

		to[i] = (struct oq_span_text){ s, strlen(s) };
	}
	return 0;
}

static void add_turn(struct oq_sheet *s, const char *name, const void *list,
		     enum oq_valtype type, uint64_t each, uint64_t n)
{
	struct oq_column *c = oq_sheet_add(s, name);

	s->failed |= !list;
	c->type = type;
	c->fill = type == OQ_VAL_TEXT ? fill_turn_text : fill_turn;
	c->arg = list;
	c->n = each;
	c->number = (double)n;
}

/* ---- the shape ---- */

static int split_kind(struct matrix *m, const char *kind)
{
	for (const char *p = kind; *p;) {
		size_t n = strcspn(p, "_");

		if (m->naxes == MAX_AXES)
			return -EIO;
		m->axis[m->naxes] = strndup(p, n);
		if (!m->axis[m->naxes++])
			return -ENOMEM;
		p += n + (p[n] == '_');
	}
	return 0;
}

static int measure(const struct oq_calculation *c,
		   const struct oq_exportfile *f, struct matrix *m,
		   struct oq_axes *a, struct oq_err *err)
{
	struct oq_place at;
	char path[256];
	int e;

	path_of(f, path, sizeof(path));
	e = oq_axes_read(c, path, &at, a, err);
	if (!e)
		e = split_kind(m, f->member);
	if (!e && (a->rank != m->naxes + 4 || a->rank > OQ_MAX_RANK))
		e = oq_err_set(err, -EIO, "'%s' has not the axes of its name",
			       path);
	if (e < 0)
		return e;
	m->nimts = a->dims[a->rank - 3];
	m->npoes = a->dims[a->rank - 2];
	m->nz = a->dims[a->rank - 1];
	m->ncells = 1;
	for (unsigned i = 1; i < a->rank; i++)
		if (!a->dims[i] || a->dims[i] > MAX_DISAGG / m->ncells)
			return oq_err_set(err, -EFBIG,
					  "'%s' is empty, or too "
					  "large for its rows to be sorted",
					  path);
		else
			m->ncells *= a->dims[i];
	for (unsigned i = 0; i < m->naxes; i++)
		m->dim[i] = a->dims[i + 1];
	m->nrows = m->ncells / m->nz;
	return 0;
}

/* ---- imt and poe ---- */

static void sort_texts(const struct oq_names *names, uint64_t *order,
		       uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		uint64_t j = i;

		for (; j > 0 &&
		       strcmp(names->name[order[j - 1]], names->name[i]) > 0;
		     j--)
			order[j] = order[j - 1];
		order[j] = i;
	}
}

static void sort_numbers(const double *v, uint64_t *order, uint64_t n)
{
	for (uint64_t i = 0; i < n; i++) {
		uint64_t j = i;

		for (; j > 0 && v[order[j - 1]] > v[i]; j--)
			order[j] = order[j - 1];
		order[j] = i;
	}
}

/* imt, iml and poe: by the block of rows. */
static int add_blocks(const struct oq_calculation *c,
		      const struct oq_exportfile *f, struct oq_sheet *s,
		      struct matrix *m, struct oq_err *err)
{
	uint64_t n = m->nimts * m->npoes, inner = m->nrows / n;
	OQ_VALUES struct oq_values iml = { 0 };
	OQ_FREE double *poes = calloc(m->npoes, sizeof(*poes));
	const char **imt = oq_sheet_alloc(s, n, sizeof(*imt));
	double *level = oq_sheet_alloc(s, n, sizeof(*level));
	double *poe = oq_sheet_alloc(s, n, sizeof(*poe));
	int e = oq_calculation_values(c, "hmap3", NULL, &iml, err);

	m->imt = oq_sheet_alloc(s, m->nimts, sizeof(*m->imt));
	m->poe = oq_sheet_alloc(s, m->npoes, sizeof(*m->poe));
	if (e < 0 || !poes || !imt || !level || !poe || !m->imt || !m->poe)
		return e ? e : -ENOMEM;
	if (iml.rank != 3 || !iml.f || iml.dims[0] <= f->site ||
	    iml.dims[1] != m->nimts || iml.dims[2] != m->npoes ||
	    c->imts.n != m->nimts)
		return oq_err_set(err, -EIO, "'hmap3' is of another shape");
	e = oq_disagg_read_poes(c, f, m->npoes, poes, err);
	if (e < 0)
		return e;
	sort_texts(&c->imts, m->imt, m->nimts);
	sort_numbers(poes, m->poe, m->npoes);
	for (uint64_t i = 0; i < n; i++) {
		uint64_t im = m->imt[i / m->npoes], p = m->poe[i % m->npoes];

		imt[i] = oq_sheet_text(s, c->imts.name[im]);
		level[i] = iml.f[(f->site * m->nimts + im) * m->npoes + p];
		poe[i] = poes[p];
		if (!imt[i])
			return -ENOMEM;
	}
	add_turn(s, "imt", imt, OQ_VAL_TEXT, inner, n);
	add_turn(s, "iml", level, OQ_VAL_F64, inner, n);
	add_turn(s, "poe", poe, OQ_VAL_F64, inner, n);
	return 0;
}

/* ---- the axes ---- */

static void *copy_texts(struct oq_sheet *s, const struct oq_values *v,
			uint64_t n)
{
	const char **out = oq_sheet_alloc(s, n, sizeof(*out));

	for (uint64_t i = 0; out && i < n; i++) {
		out[i] = oq_sheet_text(s, v->t[i]);
		if (!out[i])
			return NULL;
	}
	return out;
}

static void *middles(struct oq_sheet *s, const double *edge, uint64_t n)
{
	double *out = oq_sheet_alloc(s, n, sizeof(*out));

	for (uint64_t i = 0; out && i < n; i++)
		out[i] = (edge[i] + edge[i + 1]) / 2.0;
	return out;
}

static int add_axis(const struct oq_calculation *c,
		    const struct oq_exportfile *f, struct oq_sheet *s,
		    const struct matrix *m, unsigned axis, uint64_t each,
		    struct oq_err *err)
{
	OQ_VALUES struct oq_values bins = { 0 };
	uint64_t first, n, dim = m->dim[axis];
	char name[64] = "";
	int e = oq_disagg_read_bins(c, m->axis[axis], f->site, &bins, &first,
				    &n, err);

	if (e < 0)
		return e;
	if (bins.t ? n != dim : n != dim + 1)
		return oq_err_set(err, -EIO, "bins of '%s' are %llu",
				  m->axis[axis], (unsigned long long)n);
	for (size_t i = 0; m->axis[axis][i] && i + 1 < sizeof(name); i++)
		name[i] = (char)tolower((unsigned char)m->axis[axis][i]);
	add_turn(s, name,
		 bins.t ? copy_texts(s, &bins, dim)
			: middles(s, bins.f + first, dim),
		 bins.t ? OQ_VAL_TEXT : OQ_VAL_F64, each, dim);
	return 0;
}

/* ---- the values ---- */

static int add_values(const struct oq_calculation *c,
		      const struct oq_exportfile *f, struct oq_sheet *s,
		      const struct matrix *m, struct oq_err *err)
{
	bool stats = strstr(f->kind->key, "stats") != NULL;
	OQ_VALUES struct oq_values best = { 0 };
	uint64_t first;
	char name[64] = "mean";
	int e = oq_calculation_values(c, "best_rlzs", NULL, &best, err);

	if (e < 0)
		return e;
	if (best.rank != 2 || !best.i || f->site >= best.dims[0] ||
	    m->nz != (stats ? 1 : best.dims[1]))
		return oq_err_set(err, -EIO, "'best_rlzs' is of another shape");
	first = f->site * best.dims[1];
	for (uint64_t z = 0; z < m->nz; z++) {
		struct oq_column *col;

		if (!stats)
			(void)snprintf(name, sizeof(name), "rlz%lld",
				       (long long)best.i[first + z]);
		col = oq_sheet_add(s, name);
		col->type = OQ_VAL_F64;
		col->fill = fill_value;
		col->arg = m;
		col->at = z;
	}
	if (!stats || oq_param_is_set(c, "iml_disagg"))
		e = oq_disagg_put_rlzs(c, s, &best, first, err);
	return e;
}

static int fill_zero(const struct oq_column *c, const struct oq_rows *r,
		     void *out, struct oq_err *err)
{
	(void)c;
	(void)err;
	memset(out, 0, r->n * sizeof(int64_t));
	return 0;
}

/* A column without anything is one of integers to the exporter. */
static void mark_zeros(struct oq_sheet *s, const struct matrix *m)
{
	for (size_t i = 0; i < s->ncolumns; i++) {
		struct oq_column *c = &s->columns[i];
		bool zero = c->fill == fill_value;

		for (uint64_t k = 0; zero && k < m->nrows; k++)
			zero = m->value[k * m->nz + c->at] == 0;
		if (zero) {
			c->type = OQ_VAL_I64;
			c->fill = fill_zero;
		}
	}
}

static int prepare(struct oq_sheet *s, struct oq_err *err)
{
	struct matrix *m = s->state;
	struct oq_source *source = s->parts[0].source;
	OQ_FREE uint8_t *raw = calloc(m->ncells, source->type->size);
	int e;

	m->value = oq_sheet_alloc(s, m->ncells, sizeof(*m->value));
	if (!raw || !m->value)
		return oq_err_set(err, -ENOMEM, "no memory");
	e = oq_source_read(source, 0, m->ncells, raw, err);
	if (!e)
		e = oq_load_run(&m->load, raw, source->type->size, m->ncells,
				m->value, err);
	if (!e)
		mark_zeros(s, m);
	return e;
}

/* The matrix itself: all cells of the site, which no row needs as elements. */
static int add_source(const struct oq_calculation *c,
		      const struct oq_exportfile *f, struct oq_sheet *s,
		      struct matrix *m, const struct oq_axes *a,
		      struct oq_err *err)
{
	struct oq_place at;
	struct oq_sel sel;
	char path[256];
	int e = oq_sel_init_all(&sel, a->rank, a->dims);

	path_of(f, path, sizeof(path));
	if (e < 0 || !oq_calculation_find(c, path, &at))
		return e ? e : oq_calculation_absent(c, path, err);
	if (f->site >= a->dims[0])
		return oq_err_set(err, -EIO, "'%s' has not site %zu", path,
				  f->site);
	sel.axis[0].start = f->site;
	sel.axis[0].count = 1;
	sel.axis[0].dropped = true;
	sel.nelems = m->ncells;
	e = oq_sheet_add_dataset(s, &at, &sel, 0, &m->part, err);
	if (!e)
		e = oq_load_init(&m->load, s->parts[m->part].source->type, err);
	if (!e && m->load.type != OQ_VAL_F64)
		e = oq_err_set(err, -EIO, "'%s' has no floats", path);
	return e;
}

static int put_together(const struct oq_calculation *c,
			const struct oq_exportfile *f, struct oq_sheet *s,
			struct matrix *m, struct oq_err *err)
{
	struct oq_axes a = { 0 };
	uint64_t each;
	int e = measure(c, f, m, &a, err);

	if (!e)
		e = add_source(c, f, s, m, &a, err);
	if (e < 0)
		return e;
	s->export.nrows = m->nrows;
	each = m->nrows / (m->nimts * m->npoes);
	e = add_blocks(c, f, s, m, err);
	for (unsigned i = 0; !e && i < m->naxes; i++) {
		each /= m->dim[i];
		e = add_axis(c, f, s, m, i, each, err);
	}
	oq_sheet_set_comment(s, c, f, "md inv");
	if (!e)
		e = oq_disagg_put_bins(c, f, s, err);
	if (!e)
		e = oq_disagg_put_place(c, f, s, err);
	if (!e)
		e = add_values(c, f, s, m, err);
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
	s->frame = true;
	s->state = m;
	s->prepare = prepare;
	return e;
}

int oq_disagg_open(const struct oq_calculation *c,
		   const struct oq_exportfile *f, struct oq_sheet *s,
		   struct oq_err *err)
{
	struct matrix *m = oq_sheet_alloc(s, 1, sizeof(*m));
	int e = m ? put_together(c, f, s, m, err) : -ENOMEM;

	for (unsigned i = 0; m && i < m->naxes; i++) {
		free(m->axis[i]);
		m->axis[i] = NULL;
	}
	return e;
}
