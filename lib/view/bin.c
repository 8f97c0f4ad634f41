/* SPDX-License-Identifier: MIT */
/* bin.c - the view of the elements' bytes, as they are stored */

#include "lib/view/view.h"

static enum oq_offered offer(const struct oq_subject *s, uint64_t *size)
{
	if (!oq_subject_is_fixed(s))
		return OQ_NOT_OFFERED;
	if (size)
		*size = s->nbytes;
	return s->frame ? OQ_BY_NAME : OQ_LISTED;
}

static int open(struct oq_opening *o, struct oq_file **out, struct oq_err *err)
{
	struct oq_buf head = { 0 };
	struct oq_source *src;
	int r;

	oq_content_as_stored(o->content);
	r = oq_content_source(o->content, &src, err);
	return r < 0 ? r : oq_fixed_open(o->env, src, &head, out, err);
}

const struct oq_view_ops oq_view_bin = { offer, open };
