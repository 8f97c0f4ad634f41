/* SPDX-License-Identifier: MIT */
/* kinds_disagg.c - disaggregation */

#include "lib/results/disagg.h"
#include "lib/sheet/kinds.h"

#define OLD   OQ_VERSION_FIRST, OQ_VERSION_MIDDLE
#define SINCE OQ_VERSION_MIDDLE, OQ_VERSION_LAST
#define NEED  "disagg-bins best_rlzs hmap3 weights sitecol"

static const struct oq_exportkind kinds[] = {
	{ "disagg", OLD, "disagg-bins", NULL, NULL, NULL, NULL,
	  "the names and order of files before 3.13 are not known for sure",
	  NULL, NULL },
	{ "disagg-rlzs", SINCE, "disagg-rlzs", NEED, NULL, "{member}-{site}",
	  "disagg-rlzs", NULL, oq_disagg_check, oq_disagg_open },
	{ "disagg-stats", SINCE, "disagg-stats", NEED, NULL,
	  "{member}-mean-{site}", "disagg-stats", NULL, oq_disagg_check,
	  oq_disagg_open },
};

const struct oq_kindtable oq_kinds_disagg = { kinds,
					      sizeof(kinds) / sizeof(*kinds) };
