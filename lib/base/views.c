/* SPDX-License-Identifier: MIT */
/* views.c - the table of views */

#include "lib/base/views.h"

#include <stddef.h>

#define OQ_VIEW_ROW(ID, NAME, WORD, SUFFIX, LISTED, FLAGS, PROBE)          \
	[OQ_VIEW_##ID] = { WORD, SUFFIX, OQ_LIST_##LISTED, OQ_HAS_##FLAGS, \
			   PROBE },

const struct oq_view_desc oq_views[OQ_NVIEWS] = { OQ_VIEWS(OQ_VIEW_ROW) };

uint32_t oq_views_listed(enum oq_view_listed when)
{
	uint32_t set = 0;

	for (unsigned v = 0; v < OQ_NVIEWS; v++)
		if (oq_views[v].listed == when)
			set |= 1U << v;
	return set;
}

uint32_t oq_views_with(enum oq_view_flag flag)
{
	uint32_t set = 0;

	for (unsigned v = 0; v < OQ_NVIEWS; v++)
		if (oq_views[v].flags & flag)
			set |= 1U << v;
	return set;
}
