/* SPDX-License-Identifier: MIT */
/* kinds_assets.c - results by asset */

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lib/results/assets.h"
#include "lib/results/damages.h"
#include "lib/results/losscurves.h"
#include "lib/sheet/axes.h"
#include "lib/sheet/frames.h"
#include "lib/sheet/kinds.h"

/* ---- average losses ---- */

/* Since 3.13 (or so) an array by loss type, each [asset, which]. */
static int add_loss_arrays(const struct oq_calculation *c,
			   const struct oq_exportfile *f, struct oq_sheet *s,
			   struct oq_err *err)
{
	const int64_t fixed[] = { OQ_AXIS_ALL, (int64_t)f->which };
	int e = 0;

	for (size_t i = 0; !e && i < c->losses.n; i++) {
		struct oq_column *col;
		char path[256];
		unsigned part = 0;

		(void)snprintf(path, sizeof(path), "%s/%s", f->kind->data,
			       c->losses.name[i]);
		e = oq_axes_add_part(s, c, path, 2, fixed, &part, NULL, err);
		if (e < 0)
			break;
		col = oq_sheet_add_field(s, c->losses.name[i], part, 0, NULL,
					 err);
		e = col ? 0 : -EIO;
	}
	return e;
}

/* Before, one of [asset, which, loss type]. */
static int add_loss_columns(const struct oq_calculation *c,
			    const struct oq_exportfile *f, struct oq_sheet *s,
			    struct oq_err *err)
{
	const int64_t fixed[] = { OQ_AXIS_ALL, (int64_t)f->which, OQ_AXIS_ALL };
	uint64_t width = 0;
	unsigned part = 0;
	int e = oq_axes_add_part(s, c, f->kind->data, 3, fixed, &part, &width,
				 err);

	if (!e && width != c->losses.n)
		e = oq_err_set(err, -EIO, "%llu loss types, not %zu",
			       (unsigned long long)width, c->losses.n);
	for (size_t i = 0; !e && i < c->losses.n; i++)
		if (!oq_sheet_add_field(s, c->losses.name[i], part, i, NULL,
					err))
			e = -EIO;
	return e;
}

static int open_avg_losses(const struct oq_calculation *c,
			   const struct oq_exportfile *f, struct oq_sheet *s,
			   struct oq_err *err)
{
	struct oq_place at;
	enum oq_kind kind = OQ_KIND_NONE;
	size_t first;
	int e = oq_assets_add(s, c, err);

	if (e < 0)
		return e;
	if (!oq_calculation_find(c, f->kind->data, &at))
		return oq_calculation_absent(c, f->kind->data, err);
	e = oq_h5_kind(at.env->h5, at.addr, &kind, err);
	if (e < 0)
		return e;
	first = s->ncolumns;
	e = kind == OQ_KIND_GROUP ? add_loss_arrays(c, f, s, err)
				  : add_loss_columns(c, f, s, err);
	oq_sheet_set_figure(s, first, OQ_FIGURE_E5);
	for (size_t i = first; i < s->ncolumns; i++)
		s->columns[i].single = true;
	oq_sheet_set_comment(s, c, f, "md inv rinv");
	return e;
}

/* ---- benefit and cost ---- */

static int add_record(struct oq_sheet *s, unsigned part,
		      const struct oq_dtype *t, const char *inside,
		      struct oq_err *err)
{
	char name[256], field[256];
	int e = 0;

	if (t->cls != OQ_COMPOUND)
		return oq_err_set(err, -EIO, "results without fields");
	for (size_t i = 0; !e && i < t->nmembers; i++) {
		const struct oq_member *m = &t->members[i];

		(void)snprintf(name, sizeof(name), "%s%s%s", inside,
			       *inside ? "~" : "", m->name);
		(void)snprintf(field, sizeof(field), "%s%s%s", inside,
			       *inside ? "." : "", m->name);
		if (m->type->cls == OQ_COMPOUND && !*inside)
			e = add_record(s, part, m->type, m->name, err);
		else if (!oq_sheet_add_field(s, name, part, 0, field, err))
			e = -EIO;
	}
	return e;
}

static int open_bcr(const struct oq_calculation *c,
		    const struct oq_exportfile *f, struct oq_sheet *s,
		    struct oq_err *err)
{
	const int64_t fixed[] = { OQ_AXIS_ALL, (int64_t)f->which };
	unsigned part = 0;
	size_t first;
	int e = oq_assets_add(s, c, err);

	first = s->ncolumns;
	if (!e)
		e = oq_axes_add_part(s, c, f->kind->data, 2, fixed, &part, NULL,
				     err);
	if (!e)
		e = add_record(s, part, oq_frames_type(s, part), "", err);
	oq_sheet_set_figure(s, first, OQ_FIGURE_E5);
	return e;
}

/* ---- when ---- */

static bool has_loss_maps(const struct oq_calculation *c)
{
	return oq_param_is_set(c, "conditional_loss_poes");
}

/* With events curves are by return period. */
static bool has_no_events(const struct oq_calculation *c)
{
	struct oq_place at;

	return !oq_calculation_find(c, "events", &at);
}

/* The name of the likeliest state instead of all their probabilities. */
static bool shows_modes(const struct oq_calculation *c)
{
	return oq_param_is_set(c, "modal_damage_state") &&
	       strcmp(c->mode, "event_based_damage") != 0;
}

static bool is_classical_modal(const struct oq_calculation *c)
{
	return strcmp(c->mode, "classical_damage") == 0 && shows_modes(c);
}

static bool is_other_modal(const struct oq_calculation *c)
{
	return strcmp(c->mode, "classical_damage") != 0 && shows_modes(c);
}

static bool is_classical_damage(const struct oq_calculation *c)
{
	return strcmp(c->mode, "classical_damage") == 0 && !shows_modes(c);
}

static bool is_event_based_damage(const struct oq_calculation *c)
{
	return strcmp(c->mode, "event_based_damage") == 0;
}

static bool is_other_damage(const struct oq_calculation *c)
{
	return strcmp(c->mode, "classical_damage") != 0 &&
	       !is_event_based_damage(c) && !shows_modes(c);
}

static bool is_risk(const struct oq_calculation *c)
{
	struct oq_place at;

	return oq_calculation_find(c, "assetcol", &at) ||
	       (c->parent_number && oq_calculation_has(c, "crm"));
}

#define ALL	    OQ_VERSION_FIRST, OQ_VERSION_LAST
#define NEW	    OQ_VERSION_NEW, OQ_VERSION_LAST
#define NEED	    "assetcol"

#define BEFORE_LATE OQ_VERSION_FIRST, OQ_VERSION_LATE
#define MODAL(key, names, when)                                       \
	{                                                             \
		key, OQ_VERSION_LATE, OQ_VERSION_LAST, key,           \
			NEED " weights crm", when, names, key, NULL,  \
			oq_damages_check_modal, oq_damages_open_modal \
	}

static const struct oq_exportkind kinds[] = {
	{ "avg_losses-rlzs", ALL, "avg_losses-rlzs", NEED, NULL,
	  "avg_losses-{col}", "avg_losses-rlzs", NULL, NULL, open_avg_losses },
	{ "avg_losses-stats", ALL, "avg_losses-stats", NEED, NULL,
	  "avg_losses-{stat}", "avg_losses-stats", NULL, NULL,
	  open_avg_losses },
	{ "loss_maps-rlzs", ALL, "loss_curves-rlzs", NEED " weights",
	  has_loss_maps, "loss_maps-{rlz1}", "loss_curves-rlzs", NULL, NULL,
	  oq_losscurves_open_maps },
	{ "loss_maps-stats", ALL, "loss_curves-stats", NEED, has_loss_maps,
	  "loss_maps-{stat}", "loss_curves-stats", NULL, NULL,
	  oq_losscurves_open_maps },
	{ "loss_curves-rlzs", ALL, "loss_curves-rlzs loss_curves-stats",
	  NEED " weights crm", has_no_events, "loss_curves-{rlz}",
	  "loss_curves-rlzs", NULL, oq_losscurves_check, oq_losscurves_open },
	{ "loss_curves-stats", ALL, "loss_curves-stats", NEED " crm",
	  has_no_events, "loss_curves-{stat}", "loss_curves-stats", NULL,
	  oq_losscurves_check, oq_losscurves_open },
	{ "bcr-rlzs", ALL, "bcr-rlzs", NEED, NULL, "bcr-{col}", "bcr-rlzs",
	  NULL, NULL, open_bcr },
	{ "bcr-stats", ALL, "bcr-stats", NEED, NULL, "bcr-{stat}", "bcr-stats",
	  NULL, NULL, open_bcr },
	{ "damages-rlzs", BEFORE_LATE, "damages-rlzs", NULL, shows_modes, NULL,
	  NULL, "how this version named the likeliest state is not known", NULL,
	  NULL },
	MODAL("damages-rlzs", "damages-{rlz}", is_classical_modal),
	MODAL("damages-stats", "damages-{stat}", is_classical_modal),
	MODAL("damages-rlzs", "avg_damages-{rlz}", is_other_modal),
	MODAL("damages-stats", "avg_damages-{stat}", is_other_modal),
	{ "damages-rlzs", ALL, "damages-rlzs", NEED " weights crm",
	  is_classical_damage, "damages-{rlz}", "damages-rlzs", NULL, NULL,
	  oq_damages_open },
	{ "damages-stats", ALL, "damages-stats", NEED " crm",
	  is_classical_damage, "damages-{stat}", "damages-stats", NULL, NULL,
	  oq_damages_open },
	{ "damages-rlzs", ALL, "damages-rlzs", NEED " weights crm",
	  is_other_damage, "avg_damages-{rlz}", "damages-rlzs", NULL, NULL,
	  oq_damages_open },
	{ "damages-stats", ALL, "damages-stats", NEED " crm", is_other_damage,
	  "avg_damages-{stat}", "damages-stats", NULL, NULL, oq_damages_open },
	{ "damages-rlzs", ALL, "damages-rlzs", NEED " weights crm events",
	  is_event_based_damage, "avg_risk-{rlz}", "damages-rlzs", NULL,
	  oq_damages_check_consequences, oq_damages_open },
	{ "damages-stats", ALL, "damages-stats", NEED " weights crm events",
	  is_event_based_damage, "avg_risk-{stat}", "damages-stats", NULL,
	  oq_damages_check_consequences, oq_damages_open },
	{ "assetcol", NEW, NULL, NEED "/array", is_risk, "assetcol", "assetcol",
	  NULL, NULL, oq_assets_open_all },
};

const struct oq_kindtable oq_kinds_assets = { kinds,
					      sizeof(kinds) / sizeof(*kinds) };
