/* SPDX-License-Identifier: MIT */
/* ruptures.c - ruptures, of which the geometry is one plane */

#include "lib/results/ruptures.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/engine/pytext.h"
#include "lib/sheet/frames.h"
#include "lib/sheet/sheetrows.h"

/* Geometries that are looked at before a file of them is listed. */
#define MAX_RUPTURES  200000
/* 1 surface, of 1 row of 4 points, then their coordinates. */
#define PLANE_NUMBERS 15

/* ---- geometry ---- */

/* The numbers of one geometry, as doubles; NULL where it is no such. */
static bool numbers_of(const struct oq_dtype *t, const struct oq_vlen *v,
		       struct oq_load *l)
{
	return t->cls == OQ_VLEN && (v->p || !v->len) &&
	       oq_load_init(l, t->base, NULL) == 0 && l->type == OQ_VAL_F64;
}

static bool plane_of(const struct oq_dtype *t, const struct oq_vlen *v,
		     double out[PLANE_NUMBERS])
{
	struct oq_load l;

	if (!numbers_of(t, v, &l) || v->len != PLANE_NUMBERS ||
	    oq_load_run(&l, v->p, l.bytes, PLANE_NUMBERS, out, NULL) < 0)
		return false;
	return out[0] == 1 && out[1] == 1 && out[2] == 4;
}

static int read_geometries(const struct oq_calculation *c, uint64_t *n,
			   struct oq_h5_dset **d, struct oq_vlen **out,
			   struct oq_err *err)
{
	const uint64_t start[1] = { 0 }, step[1] = { 1 };
	const struct oq_dataset *info;
	struct oq_place at;
	int e;

	if (!oq_calculation_find(c, "rupgeoms", &at))
		return oq_calculation_absent(c, "rupgeoms", err);
	e = oq_h5_dset_open(at.env->h5, at.addr, d, err);
	if (e < 0)
		return e;
	info = oq_h5_dset_info(*d);
	if (info->rank != 1 || info->type->cls != OQ_VLEN || info->refused)
		return oq_err_set(err, -ENOENT, "geometries of another kind");
	if (info->dims[0] > MAX_RUPTURES)
		return oq_err_set(err, -EFBIG,
				  "more than %d ruptures, whose "
				  "geometry would have to be looked at",
				  MAX_RUPTURES);
	*n = *n && *n < info->dims[0] ? *n : info->dims[0];
	*out = calloc(*n + 1, sizeof(**out));
	if (!*out)
		return -ENOMEM;
	if (!*n)
		return 0;
	return oq_h5_read(*d, start, step, n, *out, err);
}

int oq_ruptures_check(const struct oq_calculation *c,
		      const struct oq_exportfile *f, struct oq_err *err)
{
	OQ_FREE struct oq_vlen *geoms = NULL;
	struct oq_h5_dset *d = NULL;
	double numbers[PLANE_NUMBERS];
	uint64_t n = 0;
	int e = read_geometries(c, &n, &d, &geoms, err);

	(void)f;
	if (!e && n) {
		const struct oq_dtype *t = oq_h5_dset_info(d)->type;

		for (uint64_t i = 0; !e && i < n; i++)
			if (!plane_of(t, &geoms[i], numbers))
				e = oq_err_set(err, -ENOENT,
					       "the engine computes the "
					       "geometry of surfaces that are "
					       "not planes");
		oq_h5_reclaim(d, geoms, n);
	}
	oq_h5_dset_close(d);
	return e;
}

/* ---- the columns ---- */

enum computed { LON, LAT, DEPTH, STRIKE, DIP };

static double pick(const struct oq_plane *p, enum computed what)
{
	switch (what) {
	case LON:
		return p->lon;
	case LAT:
		return p->lat;
	case DEPTH:
		return p->depth;
	case STRIKE:
		return p->strike;
	case DIP:
		return p->dip;
	}
	return NAN;
}

/* The geometry of the row that the rupture names, which must be its own. */
static int fill_computed(const struct oq_column *c, const struct oq_rows *r,
			 void *out, struct oq_err *err)
{
	const struct oq_plane *planes = c->arg;
	double *to = out;
	int64_t index[OQ_SHEET_BLOCK];
	int e = oq_column_load(c, r, index, err);

	for (size_t i = 0; !e && i < r->n; i++) {
		if (index[i] < 0 || (uint64_t)index[i] >= c->n)
			return oq_err_set(err, -EIO, "geometry %lld of %llu",
					  (long long)index[i],
					  (unsigned long long)c->n);
		to[i] = pick(&planes[index[i]], (enum computed)c->add);
	}
	return e;
}

static int add_computed(struct oq_sheet *s, unsigned part, const char *name,
			enum computed what, const struct oq_plane *planes,
			uint64_t n, struct oq_err *err)
{
	struct oq_column *c =
		oq_sheet_add_field(s, name, part, 0, "geom_id", err);

	if (!c || c->type != OQ_VAL_I64)
		return oq_err_set(err, -EIO, "ruptures without geometry");
	c->type = OQ_VAL_F64;
	c->single = true;
	c->fill = fill_computed;
	c->arg = planes;
	c->n = n;
	c->add = what;
	return 0;
}

static int compute_planes(const struct oq_calculation *c, struct oq_sheet *s,
			  struct oq_plane **out, uint64_t *n,
			  struct oq_err *err)
{
	OQ_FREE struct oq_vlen *geoms = NULL;
	struct oq_h5_dset *d = NULL;
	double v[PLANE_NUMBERS];
	int e = read_geometries(c, n, &d, &geoms, err);

	if (!e && *n) {
		const struct oq_dtype *t = oq_h5_dset_info(d)->type;

		*out = oq_sheet_alloc(s, *n, sizeof(**out));
		for (uint64_t i = 0; !e && i < *n; i++) {
			if (!*out || !plane_of(t, &geoms[i], v)) {
				e = oq_err_set(err, -EIO, "not a plane");
				break;
			}
			oq_plane_of(v + 3, &(*out)[i]);
			(*out)[i].lon = (double)(float)(*out)[i].lon;
			(*out)[i].lat = (double)(float)(*out)[i].lat;
			(*out)[i].depth = (double)(float)(*out)[i].depth;
			(*out)[i].strike = (double)(float)(*out)[i].strike;
			(*out)[i].dip = (double)(float)(*out)[i].dip;
		}
		oq_h5_reclaim(d, geoms, *n);
	}
	oq_h5_dset_close(d);
	return e;
}

/* The type is in the upper bits. */
static int fill_trt(const struct oq_column *c, const struct oq_rows *r,
		    void *out, struct oq_err *err)
{
	const char *const *trts = c->arg;
	struct oq_span_text *to = out;
	int64_t v[OQ_SHEET_BLOCK];
	int e = oq_column_load(c, r, v, err);

	for (size_t i = 0; !e && i < r->n; i++) {
		v[i] >>= 24;
		if (v[i] < 0 || (uint64_t)v[i] >= c->n)
			return oq_err_set(err, -EIO,
					  "tectonic region type %lld of %llu",
					  (long long)v[i],
					  (unsigned long long)c->n);
		to[i] = (struct oq_span_text){ trts[v[i]], strlen(trts[v[i]]) };
	}
	return e;
}

static int add_trt(const struct oq_calculation *c, struct oq_sheet *s,
		   unsigned part, struct oq_err *err)
{
	OQ_VALUES struct oq_values trts = { 0 };
	struct oq_column *col;
	int e = oq_calculation_attr(c, "full_lt", "trts", &trts, err);

	if (e < 0)
		return e;
	col = oq_sheet_add_field(s, "trt", part, 0, "trt_smr", err);
	if (!col || col->type != OQ_VAL_I64 || !trts.t)
		return oq_err_set(err, -EIO, "ruptures without type");
	col->type = OQ_VAL_TEXT;
	col->fill = fill_trt;
	col->n = trts.n;
	col->arg = oq_sheet_keep(s, oq_steal(&trts.t));
	return 0;
}

static int add_source(const struct oq_calculation *c, struct oq_sheet *s,
		      unsigned part, struct oq_err *err)
{
	OQ_VALUES struct oq_values ids = { 0 };
	struct oq_column *col;
	struct oq_place at;
	int e;

	if (!oq_calculation_find(c, "source_info", &at)) {
		(void)oq_sheet_add_constant(s, "source_id", "no-source");
		return 0;
	}
	e = oq_values_read(at.env, at.addr, "source_id", &ids, err);
	if (e < 0)
		return e;
	col = oq_sheet_add_field(s, "source_id", part, 0, "source_id", err);
	if (!col || !ids.t)
		return oq_err_set(err, -EIO, "ruptures without source");
	oq_column_look_up(col, oq_sheet_keep(s, oq_steal(&ids.t)), ids.n, 0);
	return 0;
}

static int add_columns(const struct oq_calculation *c, struct oq_sheet *s,
		       unsigned part, struct oq_err *err)
{
	struct oq_plane *planes = NULL;
	uint64_t n = 0;
	int e = compute_planes(c, s, &planes, &n, err);

	if (!e && !oq_sheet_add_field(s, "rup_id", part, 0, "id", err))
		e = -EIO;
	if (!e)
		e = add_source(c, s, part, err);
	if (!e &&
	    (!oq_sheet_add_field(s, "multiplicity", part, 0, "n_occ", err) ||
	     !oq_sheet_add_field(s, "mag", part, 0, "mag", err)))
		e = -EIO;
	if (!e)
		e = add_computed(s, part, "centroid_lon", LON, planes, n, err);
	if (!e)
		e = add_computed(s, part, "centroid_lat", LAT, planes, n, err);
	if (!e)
		e = add_computed(s, part, "centroid_depth", DEPTH, planes, n,
				 err);
	if (!e)
		e = add_trt(c, s, part, err);
	if (!e)
		e = add_computed(s, part, "strike", STRIKE, planes, n, err);
	if (!e)
		e = add_computed(s, part, "dip", DIP, planes, n, err);
	if (!e && !oq_sheet_add_field(s, "rake", part, 0, "rake", err))
		e = -EIO;
	return e;
}

static int keys_by_id(void *sheet, uint64_t first, size_t n, struct oq_key *out,
		      struct oq_err *err)
{
	OQ_FREE int64_t *id = calloc(n + 1, sizeof(*id));
	int e = id ? oq_sheet_stored(sheet, 0, first, n, id, err) : -ENOMEM;

	for (size_t i = 0; !e && i < n; i++)
		out[i].k[0] = oq_key_of_i64(id[i]);
	return e;
}

int oq_ruptures_open(const struct oq_calculation *c,
		     const struct oq_exportfile *f, struct oq_sheet *s,
		     struct oq_err *err)
{
	unsigned part = 0;
	int e = oq_frames_add_part(s, c, "ruptures", &part, err);

	if (!e)
		e = add_columns(c, s, part, err);
	if (e < 0)
		return e;
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E6);
	oq_sheet_set_comment(s, c, f, "md inv");
	oq_comment_key(&s->comment, "ses_per_logic_tree_path");
	if (oq_param(c, "ses_per_logic_tree_path"))
		oq_py_put_json(oq_param(c, "ses_per_logic_tree_path"),
			       &s->comment);
	else
		oq_buf_putc(&s->comment, '1');
	if (s->columns[0].type != OQ_VAL_I64)
		return oq_err_set(err, -EIO, "ruptures without numbers");
	s->keys = keys_by_id;
	return 0;
}
