/* SPDX-License-Identifier: MIT */
/* step.c - from an entry of a group to what a file name of it stands for */

#include "fs/tree/step.h"

#include <errno.h>

#include "fs/tree/leads.h"
#include "fs/tree/link.h"
#include "fs/tree/nodepath.h"
#include "fs/tree/parts.h"

/* So many parts, 4 TiB of raw bytes at least, a csv may have: who lists a
 * directory must get to its end, whatever a datastore declares. */
#define MAX_PARTS (UINT64_C(1) << 17)

static uint64_t known_size(const struct oqfs_step *s, const struct oq_entry *e)
{
	/* Its writer may change values without changing the size. */
	if (s->gen->is_live && oq_view_has(s->view, OQ_HAS_VALUES))
		return OQ_WIRE_UNKNOWN;
	return e->bytes[s->view];
}

/* Why a view will not open.  What describes an object can be had even where
 * its data cannot. */
static int refusal(const struct oqfs_step *s, const struct oq_entry *e)
{
	if ((*s->slice && oqfs_entry_has_elements(e)) ||
	    (s->view != OQ_VIEW_META && oqfs_entry_may_be_table(e)))
		return 0; /* its reader is asked */
	if (!(e->views & 1U << s->view) ||
	    (e->refused && s->view != OQ_VIEW_META))
		return e->refused ? e->refused : -EIO;
	if (oq_view_has(s->view, OQ_HAS_PARTS) && !*s->slice &&
	    oqfs_parts_count(e->rows, e->part_rows) > MAX_PARTS)
		return -EFBIG;
	return 0;
}

/* Find out where a link leads, and whether that is what it is asked for as. */
static int has_view(struct oqfs_front *f, const struct oqfs_step *s,
		    const struct oq_entry *e, struct oqfs_lead *lead)
{
	struct oq_entry as = *e;
	uint32_t names;
	int r = oqfs_leads_find(f, s->base, s->dir->is.object, e, s->cancel,
				lead);

	if (r)
		return r;
	if (*s->slice && (!lead->found || !oq_view_has(s->view, OQ_HAS_SLICES)))
		return -ENOENT;
	oqfs_lead_put(lead, &as);
	names = *s->slice ? oqfs_entry_sliced(&as) : oqfs_entry_names(&as);
	return names & 1U << s->view ? 0 : -ENOENT;
}

static int step_link(struct oqfs_front *f, const struct oqfs_step *s,
		     const struct oq_entry *e, struct oq_buf *text,
		     struct oqfs_spec *is)
{
	struct oqfs_link l = {
		s->dir, s->base, e, s->view, s->slice, s->cancel,
	};
	OQFS_LEAD struct oqfs_lead lead = { 0 };
	int r = 0;

	is->kind = OQFS_NODE_LINK;
	is->varies = oqfs_entry_may_lead(e);
	if (!text)
		return 0;
	if (is->varies)
		r = has_view(f, s, e, &lead);
	if (!r)
		r = oqfs_link_text(f, &l, &lead, text);
	oq_buf_putc(text, '\0');
	is->text = text->data;
	return r ? r : oq_buf_failed(text) ? -ENOMEM : 0;
}

static int step_group(const struct oqfs_step *s, const struct oq_entry *e,
		      struct oq_buf *text, struct oqfs_spec *is)
{
	int up = oqfs_nodepath_above(s->dir, e->object);

	if (up < 0) {
		is->kind = OQFS_NODE_GROUP;
		is->object = e->object;
		return 0;
	}
	/* A group that holds itself: the tree must end here. */
	is->kind = OQFS_NODE_LINK;
	if (text) {
		oqfs_link_up((unsigned)up, text);
		oq_buf_putc(text, '\0');
		is->text = text->data;
	}
	return text && oq_buf_failed(text) ? -ENOMEM : 0;
}

int oqfs_step_spec(struct oqfs_front *f, const struct oqfs_step *s,
		   struct oq_buf *text, struct oqfs_spec *is)
{
	struct oq_entry e;

	oqfs_tree_entry(s->tree, s->i, &e);
	*is = (struct oqfs_spec){
		.gen = oqfs_entry_needs_files(&e) ? s->gen : s->base,
		.part = OQ_WIRE_NO_PART,
		.link = e.name,
		.link_len = e.name_len,
	};
	if (oqfs_entry_is_link(&e))
		return step_link(f, s, &e, text, is);
	if (e.kind == OQ_ENTRY_GROUP && s->view == OQ_VIEW_FILE)
		return step_group(s, &e, text, is);

	is->varies = oqfs_entry_needs_files(&e);
	is->object = e.object;
	is->view = s->view;
	is->refused = refusal(s, &e);
	if (oq_view_has(s->view, OQ_HAS_PARTS) && e.part_rows && !*s->slice &&
	    !is->refused) {
		is->kind = OQFS_NODE_PARTS;
		is->rows = e.rows;
		is->part_rows = e.part_rows;
		return 0;
	}
	is->kind = OQFS_NODE_VIEW;
	is->size = *s->slice ? OQ_WIRE_UNKNOWN : known_size(s, &e);
	is->slice = *s->slice ? s->slice : NULL;
	return 0;
}
