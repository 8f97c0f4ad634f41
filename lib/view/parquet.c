/* SPDX-License-Identifier: MIT */
/* parquet.c - the view that analytic engines read: which objects, what of */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/columns/pqtype.h"
#include "lib/data/refs.h"
#include "lib/file/pqfile.h"
#include "lib/view/meta.h"
#include "lib/view/open.h"
#include "lib/view/view.h"

/* ---- the size of a whole object ---- */

static uint64_t bytes_of(const struct oq_subject *s, const struct oq_table *t,
			 const char *attributes)
{
	const struct oq_pqcolumns_spec spec = { t, s->type, s->frame != NULL,
						attributes };
	uint64_t size;

	return oq_pqfile_bytes(&spec, &size) < 0 ? OQ_WIRE_UNKNOWN : size;
}

static uint64_t bytes_of_frame(const struct oq_subject *s,
			       const char *attributes)
{
	const struct oq_table_spec spec = {
		.name = s->name ? s->name : "",
		.type = s->type,
		.form = OQ_ROWS,
		.rank = s->rank,
		.dims = s->dims,
	};
	uint64_t size = OQ_WIRE_UNKNOWN;
	struct oq_table *t = NULL;

	if (oq_table_new(&spec, &t, NULL) == 0)
		size = bytes_of(s, t, attributes);
	oq_table_free(t);
	return size;
}

static char *read_attributes(const struct oq_subject *s)
{
	const struct oq_dataset *info;

	if (s->frame)
		return oq_meta_attributes(s->env, s->frame->addr, NULL);
	info = oq_h5_dset_info(s->dset);
	return info->has_attrs ? oq_meta_attributes(s->env, info->addr, NULL)
			       : strdup("{}");
}

/* The size, where it is known without measuring. */
static uint64_t size_of(const struct oq_subject *s)
{
	OQ_FREE char *attributes = read_attributes(s);
	const struct oq_table *t;

	if (!attributes)
		return OQ_WIRE_UNKNOWN;
	if (s->frame)
		return bytes_of_frame(s, attributes);
	return oq_subject_sketch(s, &t) ? OQ_WIRE_UNKNOWN
					: bytes_of(s, t, attributes);
}

/* ---- the view ---- */

/* Whether the listing shows the view by itself: for tables.  Other objects have
 * it when asked. */
static bool is_natural(const struct oq_subject *s)
{
	return s->frame ||
	       (s->type->cls == OQ_COMPOUND && !oq_dtype_is_complex(s->type));
}

/* Types that Parquet cannot hold have the view too, so that opening can say
 * why. */
static enum oq_offered offer(const struct oq_subject *s, uint64_t *size)
{
	if (!is_natural(s) || oq_pqtype_hold(s->type, NULL) < 0)
		return OQ_BY_NAME;
	if (size && !s->refused)
		*size = size_of(s);
	return OQ_LISTED;
}

static int open(struct oq_opening *o, struct oq_file **out, struct oq_err *err)
{
	struct oq_pqfile_spec spec = { .env = o->env,
				       .refs = oq_refs_by_value(o->env) };
	uint64_t addr = oq_subject_address(o->env, o->key->object);
	int r;

	r = oq_pqtype_hold(oq_content_type(o->content), err);
	if (r < 0)
		return r;
	spec.attributes = oq_meta_attributes(o->env, addr, err);
	if (!spec.attributes)
		return -ENOMEM;
	r = oq_content_open_table(o->content, o->name, &spec.src, &spec.table,
				  err);
	if (r < 0) {
		free(spec.attributes);
		return r;
	}
	return oq_pqfile_open(&spec, out, err);
}

const struct oq_view_ops oq_view_parquet = { offer, open };
