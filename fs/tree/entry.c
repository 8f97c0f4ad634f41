/* SPDX-License-Identifier: MIT */
/* entry.c - the names that an entry of a group has, as views */

#include "fs/tree/entry.h"

#define BIT(v) (1U << (v))
#define BARE   BIT(OQ_VIEW_FILE)
#define USUAL  oq_views_listed(OQ_LIST_USUAL)

uint32_t oqfs_entry_names(const struct oq_entry *e)
{
	if (e->link == OQ_ENTRY_EXTERNAL || e->link == OQ_ENTRY_USER)
		return BARE;
	switch (e->kind) {
	case OQ_ENTRY_GROUP:
		return e->views | BARE;
	case OQ_ENTRY_DATASET:
	case OQ_ENTRY_DATATYPE:
		return e->views | e->listed ? e->views | e->listed : USUAL;
	case OQ_ENTRY_DANGLING:
		if (e->link == OQ_ENTRY_SOFT)
			return BARE;
		break;
	case OQ_ENTRY_BROKEN:
	case OQ_NENTRY_KINDS:
		break;
	}
	return e->views | USUAL;
}

uint32_t oqfs_entry_sliced(const struct oq_entry *e)
{
	uint32_t names = oqfs_entry_names(e);

	if (oqfs_entry_may_lead(e))
		return BIT(OQ_NVIEWS) - 1;
	if (((names & BIT(OQ_VIEW_CSV)) && oqfs_entry_has_elements(e)) ||
	    oqfs_entry_may_be_table(e))
		names |= oq_views_with(OQ_HAS_SLICES);
	return names;
}

/* What -o views= makes of what an entry shows by itself. */
static uint32_t choose(uint32_t natural, uint32_t names, uint32_t views)
{
	uint32_t suits = oq_views_listed(OQ_LIST_NATURAL);
	uint32_t asked = suits | oq_views_listed(OQ_LIST_ASKED);
	uint32_t wanted = (natural | (names & asked)) &
			  (views | oq_views_listed(OQ_LIST_ALWAYS));

	return wanted ? wanted : natural & ~suits;
}

uint32_t oqfs_entry_listed(const struct oq_entry *e, uint32_t views)
{
	uint32_t names = oqfs_entry_names(e);
	uint32_t natural = e->listed & names;

	if (names == BARE)
		return BARE;
	if (e->kind == OQ_ENTRY_GROUP && !natural)
		return BARE;
	/* What cannot be opened is seen as it would be by default, so that it
	 * is missed by nobody. */
	if (e->kind != OQ_ENTRY_GROUP && !natural)
		return names & USUAL ? names & USUAL : names;
	if (views && (natural & USUAL) && e->refused == 0 &&
	    e->kind != OQ_ENTRY_BROKEN)
		natural = choose(natural, names, views);
	return e->kind == OQ_ENTRY_GROUP ? natural | BARE : natural;
}
