/* SPDX-License-Identifier: MIT */
/* png.c - the view of an array that is a picture */

#include <errno.h>

#include "lib/file/picture.h"
#include "lib/view/view.h"

static enum oq_offered offer(const struct oq_subject *s, uint64_t *size)
{
	struct oq_picture p;

	(void)size;
	return s->dset && oq_picture_of(s->env, s->dset, &p) ? OQ_LISTED
							     : OQ_NOT_OFFERED;
}

static int open(struct oq_opening *o, struct oq_file **out, struct oq_err *err)
{
	struct oq_picture p;
	struct oq_source *src;
	int r = oq_picture_of(o->env, oq_content_dataset(o->content), &p)
			? 0
			: oq_err_set(err, -ENOENT, "no picture");

	if (r == 0)
		r = oq_content_source(o->content, &src, err);
	return r < 0 ? r : oq_picture_open(src, &p, out, err);
}

const struct oq_view_ops oq_view_png = { offer, open };
