/* SPDX-License-Identifier: MIT */
/* npy.c - the view that numpy.load() reads: a header, then what bin has, its
 * numbers widened where NumPy does not have them */

#include "lib/type/npy.h"
#include "lib/base/num.h"
#include "lib/data/widened.h"
#include "lib/type/widen.h"
#include "lib/view/view.h"

/* Unknown where no header can be made: opening says why. */
static uint64_t size_as(const struct oq_subject *s, const struct oq_dtype *type)
{
	OQ_BUF struct oq_buf head = { 0 };
	struct oq_subject as = *s;
	uint64_t size;

	oq_subject_set_type(&as, type);
	if (as.nbytes == OQ_WIRE_UNKNOWN ||
	    oq_npy_put_header(type, s->rank, s->dims, &head, NULL) < 0 ||
	    oq_add_overflows(head.len, as.nbytes, &size) || size > INT64_MAX)
		return OQ_WIRE_UNKNOWN;
	return size;
}

static uint64_t size_of(const struct oq_subject *s)
{
	const struct oq_dtype *type = oq_widen_type(s->type);
	uint64_t size = type ? size_as(s, type) : OQ_WIRE_UNKNOWN;

	oq_widen_free(type, s->type);
	return size;
}

static enum oq_offered offer(const struct oq_subject *s, uint64_t *size)
{
	if (!oq_subject_is_fixed(s))
		return OQ_NOT_OFFERED;
	if (size)
		*size = size_of(s);
	return OQ_LISTED;
}

static int open(struct oq_opening *o, struct oq_file **out, struct oq_err *err)
{
	struct oq_buf head = { 0 };
	struct oq_source *src;
	const uint64_t *dims;
	unsigned rank = oq_content_shape(o->content, &dims);
	int r;

	oq_content_as_stored(o->content);
	r = oq_content_source(o->content, &src, err);
	if (r == 0)
		r = oq_widened_open(src, &src, err);
	if (r < 0)
		return r;
	r = oq_npy_put_header(src->type, rank, dims, &head, err);
	if (r < 0) {
		oq_buf_free(&head);
		oq_source_close(src);
		return r;
	}
	return oq_fixed_open(o->env, src, &head, out, err);
}

const struct oq_view_ops oq_view_npy = { offer, open };
