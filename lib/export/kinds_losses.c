/* SPDX-License-Identifier: MIT */
/* kinds_losses.c - losses by event, aggregated, and their curves */

#include "lib/results/aggarrays.h"
#include "lib/results/aggtables.h"
#include "lib/results/lossevents.h"
#include "lib/sheet/kinds.h"

/* Statistics over realizations, where these are kept apart. */
static bool has_many_rlzs(const struct oq_calculation *c)
{
	return c->nrlzs > 1 && !oq_param_is_set(c, "collect_rlzs");
}

/* An array by loss type is a group. */
static bool has_sources_by_loss(const struct oq_calculation *c)
{
	enum oq_kind kind = OQ_KIND_NONE;
	struct oq_place at;

	return oq_calculation_find(c, "src_loss_table", &at) &&
	       oq_h5_kind(at.env->h5, at.addr, &kind, NULL) == 0 &&
	       kind == OQ_KIND_GROUP;
}

static bool has_sources(const struct oq_calculation *c)
{
	return !has_sources_by_loss(c);
}

#define ALL   OQ_VERSION_FIRST, OQ_VERSION_LAST
#define OLD   OQ_VERSION_FIRST, OQ_VERSION_MIDDLE
#define SINCE OQ_VERSION_MIDDLE, OQ_VERSION_LAST

static const struct oq_exportkind kinds[] = {
	{ "risk_by_event", OLD, "risk_by_event", "events", NULL,
	  "risk_by_event", "risk_by_event", NULL, oq_lossevents_check,
	  oq_lossevents_open },
	{ "risk_by_event", OQ_VERSION_MIDDLE, OQ_VERSION_BY_LOSS,
	  "risk_by_event", NULL, NULL, NULL, NULL,
	  "which version began to sort them by loss is not known", NULL, NULL },
	{ "risk_by_event", OQ_VERSION_BY_LOSS, OQ_VERSION_LAST, "risk_by_event",
	  "events", NULL, "risk_by_event", "risk_by_event", NULL,
	  oq_lossevents_check, oq_lossevents_open },
	{ "aggrisk", SINCE, "aggrisk", "agg_values", NULL, "aggrisk-{tags}",
	  "aggrisk", NULL, oq_aggtables_check, oq_aggtables_open_risk },
	{ "aggrisk-stats", SINCE, "aggrisk", "agg_values weights",
	  has_many_rlzs, "aggrisk-stats-{tags}", "aggrisk", NULL,
	  oq_aggtables_check, oq_aggtables_open_stats },
	{ "aggcurves", SINCE, "aggcurves", "agg_values events weights", NULL,
	  "aggcurves-{tags}", "aggcurves", NULL, oq_aggtables_check,
	  oq_aggtables_open_curves },
	{ "aggcurves-stats", SINCE, "aggcurves", "agg_values weights",
	  has_many_rlzs, "aggcurves-stats-{tags}", "aggcurves", NULL,
	  oq_aggtables_check, oq_aggtables_open_stats },
	{ "aggcurves", OLD, "aggcurves", NULL, NULL, NULL, NULL,
	  "the rows of curves of damage before 3.13 are not known for sure",
	  NULL, NULL },
	{ "agg_curves-rlzs", OLD, "agg_curves-rlzs", "agg_values weights", NULL,
	  "agg_curves-{rlz}", "agg_curves-rlzs", NULL, oq_aggarrays_check_tags,
	  oq_aggarrays_open_curves },
	{ "agg_curves-stats", OLD, "agg_curves-stats", "agg_values", NULL,
	  "agg_curves-{stat}", "agg_curves-stats", NULL,
	  oq_aggarrays_check_tags, oq_aggarrays_open_curves },
	{ "agg_losses-rlzs", OLD, "agg_losses-rlzs",
	  "agg_values weights assetcol", NULL, "agg_losses-{rlz}",
	  "agg_losses-rlzs", NULL, NULL, oq_aggarrays_open_losses },
	{ "agg_losses-stats", OLD, "agg_losses-stats", "agg_values assetcol",
	  NULL, "agg_losses-{stat}", "agg_losses-stats", NULL, NULL,
	  oq_aggarrays_open_losses },
	{ "src_loss_table", ALL, "src_loss_table", NULL, has_sources,
	  "src_loss_table", "src_loss_table", NULL, NULL,
	  oq_aggarrays_open_sources },
	{ "src_loss_table", ALL, "src_loss_table", NULL, has_sources_by_loss,
	  "src_loss_{member}", "src_loss_table", NULL, NULL,
	  oq_aggarrays_open_sources },
};

const struct oq_kindtable oq_kinds_losses = { kinds,
					      sizeof(kinds) / sizeof(*kinds) };
