/* SPDX-License-Identifier: MIT */
/* sites.c - the sites of a calculation */

#include "lib/results/sites.h"

#include <errno.h>
#include <string.h>

#include "lib/sheet/frames.h"

void oq_sites_close(struct oq_sites *s)
{
	oq_values_free(&s->lon);
	oq_values_free(&s->lat);
	oq_values_free(&s->depth);
	oq_values_free(&s->sids);
	oq_values_free(&s->custom);
}

static int read_column(const struct oq_place *group, const char *name,
		       enum oq_valtype type, struct oq_values *out,
		       struct oq_err *err)
{
	uint64_t addr = oq_h5_find(group->env->h5, group->addr, name);
	int e;

	if (addr == OQ_NO_ADDR)
		return oq_err_set(err, -ENOENT, "the sites have no '%s'", name);
	e = oq_values_read(group->env, addr, NULL, out, err);
	if (!e && out->type != type)
		e = oq_err_set(err, -EIO,
			       "'%s' of the sites is of another "
			       "type",
			       name);
	return e;
}

static int read_sites(const struct oq_calculation *c, const struct oq_place *at,
		      struct oq_sites *s, struct oq_err *err)
{
	int e = read_column(at, "lon", OQ_VAL_F64, &s->lon, err);

	if (!e)
		e = read_column(at, "lat", OQ_VAL_F64, &s->lat, err);
	if (!e)
		e = read_column(at, "depth", OQ_VAL_F64, &s->depth, err);
	if (!e)
		e = read_column(at, "sids", OQ_VAL_I64, &s->sids, err);
	if (!e && c->version >= OQ_VERSION_MIDDLE &&
	    oq_h5_find(at->env->h5, at->addr, "custom_site_id") != OQ_NO_ADDR)
		e = read_column(at, "custom_site_id", OQ_VAL_TEXT, &s->custom,
				err);
	s->n = s->lon.n;
	if (!e && (s->lat.n != s->n || s->depth.n != s->n ||
		   s->sids.n != s->n || (s->custom.t && s->custom.n != s->n)))
		e = oq_err_set(err, -EIO,
			       "the sites' columns differ in length");
	return e;
}

int oq_sites_open(const struct oq_calculation *c, bool complete,
		  struct oq_sites *out, struct oq_err *err)
{
	struct oq_place at;
	int e;

	*out = (struct oq_sites){ 0 };
	if (!(complete && oq_calculation_find(c, "complete", &at)) &&
	    !oq_calculation_find(c, "sitecol", &at))
		return oq_calculation_absent(c, "sitecol", err);
	e = read_sites(c, &at, out, err);
	if (e < 0)
		oq_sites_close(out);
	return e;
}

static void add_coordinate(struct oq_sheet *sheet, const char *name,
			   struct oq_values *v)
{
	oq_column_set_figure(oq_sheet_add_values(sheet, name, v), OQ_FIGURE_F5);
}

static void add_custom(struct oq_sites *s, struct oq_sheet *sheet)
{
	if (s->custom.t)
		(void)oq_sheet_add_values(sheet, "custom_site_id", &s->custom);
}

static void to_single(struct oq_values *v)
{
	for (uint64_t i = 0; i < v->n; i++)
		v->f[i] = (double)(float)v->f[i];
}

void oq_sites_add_curve(struct oq_sites *s, struct oq_sheet *sheet)
{
	to_single(&s->lon);
	to_single(&s->lat);
	to_single(&s->depth);
	add_custom(s, sheet);
	add_coordinate(sheet, "lon", &s->lon);
	add_coordinate(sheet, "lat", &s->lat);
	add_coordinate(sheet, "depth", &s->depth);
}

void oq_sites_add_mesh(struct oq_sites *s, struct oq_sheet *sheet)
{
	bool deep = false;

	for (uint64_t i = 0; i < s->n; i++)
		deep |= s->depth.f[i] != 0;
	add_custom(s, sheet);
	add_coordinate(sheet, "lon", &s->lon);
	add_coordinate(sheet, "lat", &s->lat);
	if (deep)
		add_coordinate(sheet, "depth", &s->depth);
}

void oq_sites_add_id(struct oq_sites *s, const struct oq_calculation *c,
		     struct oq_sheet *sheet)
{
	if (s->custom.t) {
		add_custom(s, sheet);
		return;
	}
	/* Before 3.13 they are counted. */
	for (uint64_t i = 0; c->version < OQ_VERSION_MIDDLE && i < s->n; i++)
		s->sids.i[i] = (int64_t)i;
	(void)oq_sheet_add_values(sheet, "site_id", &s->sids);
}

/* ---- all that is known of them ---- */

static int fill_number(const struct oq_column *c, const struct oq_rows *r,
		       void *out, struct oq_err *err)
{
	int64_t *to = out;

	(void)c;
	(void)err;
	for (size_t i = 0; i < r->n; i++)
		to[i] = (int64_t)r->row[i];
	return 0;
}

int oq_sites_open_all(const struct oq_calculation *c,
		      const struct oq_exportfile *f, struct oq_sheet *s,
		      struct oq_err *err)
{
	unsigned part = 0;
	int e = oq_frames_add_part(s, c, "sitecol", &part, err);

	(void)f;
	if (!e)
		e = oq_frames_add_fields(s, part, "", err);
	if (e < 0)
		return e;
	oq_sheet_set_figure(s, 0, OQ_FIGURE_E5);
	for (size_t i = 0; i < s->ncolumns; i++) {
		struct oq_column *col = &s->columns[i];

		if (oq_frames_word("lon lat depth", col->name))
			oq_column_set_figure(col, OQ_FIGURE_F5);
		if (oq_frames_word("sids", col->name))
			col->fill = fill_number;
	}
	return 0;
}
