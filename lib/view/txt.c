/* SPDX-License-Identifier: MIT */
/* txt.c - the view for people: an aligned table, or text as it is */

#include <errno.h>
#include <stdlib.h>

#include "lib/base/cleanup.h"
#include "lib/convention/matlab.h"
#include "lib/view/view.h"

/* Whether the whole object is one string.  A field that is a string is a table
 * of one cell instead. */
static bool is_text(const struct oq_subject *s)
{
	return s->dset && s->space == OQ_SCALAR &&
	       oq_dtype_is_text(oq_h5_dset_info(s->dset)->type);
}

static bool is_matlab_text(const struct oq_subject *s)
{
	return s->dset && s->env->conventions &&
	       oq_matlab_is_text(s->env->h5, oq_h5_dset_info(s->dset));
}

static enum oq_offered offer(const struct oq_subject *s, uint64_t *size)
{
	(void)size;
	if (is_text(s) || is_matlab_text(s))
		return OQ_INSTEAD;
	return oq_subject_is_fixed(s) ? OQ_BY_NAME : OQ_NOT_OFFERED;
}

static int open_text(struct oq_opening *o, struct oq_file **out,
		     struct oq_err *err)
{
	struct oq_h5_dset *d = oq_content_dataset(o->content);
	const struct oq_dtype *type = oq_h5_dset_info(d)->type;
	struct oq_buf text = { 0 };
	OQ_FREE void *elem = calloc(1, type->size);
	const char *s;
	size_t n;
	int r;

	if (!elem)
		return oq_err_set(err, -ENOMEM, "no memory");
	r = oq_h5_read(d, NULL, NULL, NULL, elem, err);
	if (r < 0)
		return r;
	s = oq_value_str(type, elem, &n);
	if (s)
		oq_buf_put(&text, s, n);
	oq_h5_reclaim(d, elem, 1);
	return oq_document_open(&text, out, err);
}

static int open_matlab(struct oq_opening *o, struct oq_file **out,
		       struct oq_err *err)
{
	struct oq_buf text = { 0 };
	int r = oq_matlab_text(oq_content_dataset(o->content), &text, err);

	if (r == 0)
		return oq_document_open(&text, out, err);
	oq_buf_free(&text);
	return r;
}

static int open(struct oq_opening *o, struct oq_file **out, struct oq_err *err)
{
	struct oq_source *src;
	struct oq_table *table;
	int r;

	/* Of a scalar, so every slice is all of it. */
	if (is_text(o->subject))
		return open_text(o, out, err);
	if (!oq_content_is_sliced(o->content) && is_matlab_text(o->subject))
		return open_matlab(o, out, err);
	r = oq_content_open_table(o->content, o->name, &src, &table, err);
	return r < 0 ? r : oq_txtfile_open(src, table, out, err);
}

const struct oq_view_ops oq_view_txt = { offer, open };
