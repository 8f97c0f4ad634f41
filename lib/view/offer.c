/* SPDX-License-Identifier: MIT */
/* offer.c - which views an object has, and what is known of them beforehand */

#include "lib/view/offer.h"

#include "lib/view/view.h"

#define BIT(view)		   (1u << (view))

#define OQ_VIEW_ROW(ID, NAME, ...) [OQ_VIEW_##ID] = &oq_view_##NAME,

static const struct oq_view_ops *const ops[OQ_NVIEWS] = { OQ_VIEWS(
	OQ_VIEW_ROW) };

const struct oq_view_ops *oq_view_ops(enum oq_view_kind v)
{
	return ops[v];
}

static void clear(int refused, struct oq_offer *o)
{
	*o = (struct oq_offer){ .views = BIT(OQ_VIEW_META),
				.refused = refused };
	for (unsigned v = 0; v < OQ_NVIEWS; v++)
		o->bytes[v] = OQ_WIRE_UNKNOWN;
}

void oq_offer_of_refused(int why, struct oq_offer *o)
{
	clear(why, o);
	o->listed = oq_views_listed(OQ_LIST_USUAL);
	o->views |= o->listed | oq_views_listed(OQ_LIST_NATURAL);
}

void oq_offer_make(const struct oq_subject *subject, struct oq_offer *o)
{
	struct oq_sketch sketch = { .is_made = false };
	struct oq_subject with = *subject;
	const struct oq_subject *s = &with;
	uint32_t instead = 0;

	with.sketch = &sketch;
	clear(s->refused, o);
	for (unsigned v = 0; v < OQ_NVIEWS; v++) {
		enum oq_offered offered =
			ops[v]->offer ? ops[v]->offer(s, &o->bytes[v])
				      : OQ_NOT_OFFERED;

		if (offered != OQ_NOT_OFFERED)
			o->views |= BIT(v);
		if (offered == OQ_LISTED)
			o->listed |= BIT(v);
		if (offered == OQ_INSTEAD)
			instead |= BIT(v);
	}
	if (instead)
		o->listed = instead;
	oq_subject_rows(s, &o->rows, &o->part_rows);
	oq_sketch_drop(&sketch);
}
