/* SPDX-License-Identifier: MIT */
/* open.c - how a view of an object is opened */

#include "lib/view/open.h"

#include <errno.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/view/offer.h"
#include "lib/view/view.h"

/* Describe the elements: of the whole object, but with the fields that the
 * slice chooses. */
static void describe(const struct oq_opening *o, struct oq_subject *s)
{
	const struct oq_frame *frame = oq_content_frame(o->content);

	if (frame)
		oq_subject_of_frame(o->env, frame, s);
	else
		oq_subject_of_dataset(o->env, oq_content_dataset(o->content),
				      o->name, s);
	oq_subject_set_type(s, oq_content_type(o->content));
}

static int open_elements(struct oq_opening *o, struct oq_file **out,
			 struct oq_err *err)
{
	enum oq_view_kind v = o->key->view;
	const struct oq_view_ops *view = oq_view_ops(v);
	struct oq_subject subject;

	describe(o, &subject);
	o->subject = &subject;
	if (!view->offer || view->offer(&subject, NULL) == OQ_NOT_OFFERED)
		return oq_err_set(err, -ENOENT, "no such view");
	if (oq_content_is_sliced(o->content) && !oq_view_has(v, OQ_HAS_SLICES))
		return oq_err_set(err, -ENOENT, "such a view has no slices");
	return view->open(o, out, err);
}

int oq_open_view(const struct oq_env *env, const struct oq_request *key,
		 struct oq_labels *known, struct oq_file **out,
		 struct oq_err *err)
{
	OQ_FREE char *name = strndup(key->name, key->name_len);
	struct oq_opening o = { .env = env, .key = key, .name = name };
	struct oq_content_spec spec = {
		.env = env,
		.addr = oq_subject_address(env, key->object),
		.name = name,
		.slice = key->slice,
		.slice_len = key->slice_len,
		.labels = known,
	};
	int r;

	/* Every object has it, whether or not its elements can be read. */
	if (key->view == OQ_VIEW_META && !key->slice_len)
		return oq_view_meta.open(&o, out, err);
	r = oq_content_open(&spec, &o.content, err);
	if (r == 0)
		r = open_elements(&o, out, err);
	if (r == 0 && oq_view_has(key->view, OQ_HAS_HEADING))
		(*out)->labels = oq_labels_get(oq_content_labels(o.content));
	oq_content_close(o.content);
	return r;
}
