/* SPDX-License-Identifier: MIT */
/* open.c - how a view of an object is opened */

#include "lib/view/open.h"

#include <errno.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/data/refs.h"
#include "lib/type/npy.h"
#include "lib/view/content.h"
#include "lib/view/meta.h"
#include "lib/view/picture.h"
#include "lib/view/stored.h"

/* What is at hand while a view is opened. */
struct opening {
	const struct oq_env *env;
	const struct oq_request *key;
	struct oq_content *content;
};

uint64_t oq_open_address(const struct oq_env *env, uint64_t object)
{
	return object == OQ_WIRE_ROOT ? oq_h5_root(env->h5) : object;
}

static int open_meta(const struct oq_env *env, uint64_t addr,
		     struct oq_file **out, struct oq_err *err)
{
	struct oq_buf text = { 0 };
	int r = oq_meta_put(env, addr, &text, err);

	if (r < 0) {
		oq_buf_free(&text);
		return r;
	}
	return oq_document_open(&text, out, err);
}

static int open_fixed(struct opening *o, struct oq_file **out,
		      struct oq_err *err)
{
	struct oq_buf head = { 0 };
	struct oq_source *src;
	const uint64_t *dims;
	unsigned rank = oq_content_shape(o->content, &dims);
	int r = oq_content_source(o->content, &src, err);

	if (r < 0)
		return r;
	if (o->key->view == OQ_VIEW_NPY)
		r = oq_npy_put_header(src->type, rank, dims, &head, err);
	if (r < 0) {
		oq_buf_free(&head);
		oq_source_close(src);
		return r;
	}
	return oq_fixed_open(o->env, src, &head, out, err);
}

/* Which elements of the table a csv has: all, or those of one part. */
static int choose_part(const struct opening *o, const struct oq_table *t,
		       struct oq_csv_spec *spec, struct oq_err *err)
{
	const struct oq_offer *menu = oq_content_offer(o->content);
	uint64_t rows = menu->part_rows, first;

	spec->first = 0;
	spec->n = t->nelems;
	if (o->key->part == OQ_WIRE_NO_PART)
		return 0;
	/* Both products are at most nelems once the first fits. */
	if (!rows || oq_content_is_sliced(o->content) ||
	    oq_mul_overflows(o->key->part, rows, &first) || first >= menu->rows)
		return oq_err_set(err, -ENOENT, "no such part");
	spec->first = first * t->ncols;
	spec->n = oq_min_u64(rows, menu->rows - first) * t->ncols;
	return 0;
}

/* A csv that is one file is measured as a whole: asking for one by a slice's
 * name must not make the mount work for hours. */
static int limit_csv(const struct opening *o, const struct oq_csv_spec *spec,
		     struct oq_err *err)
{
	uint64_t raw;

	if (o->env->csv_split == 0)
		return 0;
	if (!oq_mul_overflows(spec->n, spec->src->type->size, &raw) &&
	    raw <= oq_max_u64(o->env->csv_split, OQ_PART_BYTES))
		return 0;
	if (o->key->part != OQ_WIRE_NO_PART)
		return 0; /* one row of it, then */
	return oq_err_set(err, -EFBIG, "too large for a csv in one file");
}

static int open_csv(struct oq_csv_spec *spec, struct opening *o,
		    struct oq_file **out, struct oq_err *err)
{
	int r = choose_part(o, spec->table, spec, err);

	if (r == 0)
		r = limit_csv(o, spec, err);
	if (r < 0) {
		oq_source_close(spec->src);
		oq_table_free(spec->table);
		return r;
	}
	return oq_csvfile_open(spec, out, err);
}

static int open_table(struct opening *o, struct oq_file **out,
		      struct oq_err *err)
{
	struct oq_csv_spec spec = { .env = o->env, .refs = oq_refs_of(o->env) };
	OQ_FREE char *name = strndup(o->key->name, o->key->name_len);
	int r;

	if (!name)
		return oq_err_set(err, -ENOMEM, "no memory");
	r = oq_content_source(o->content, &spec.src, err);
	if (r < 0)
		return r;
	r = oq_content_table(o->content, spec.src, name, &spec.table, err);
	if (r < 0) {
		oq_source_close(spec.src);
		return r;
	}
	if (o->key->view == OQ_VIEW_TXT)
		return oq_txtfile_open(spec.src, spec.table, out, err);
	return open_csv(&spec, o, out, err);
}

static int open_stored(struct opening *o, struct oq_file **out,
		       struct oq_err *err)
{
	struct oq_source *src;
	int r = oq_content_source(o->content, &src, err);

	return r < 0 ? r : oq_stored_open(o->env, src, out, err);
}

static int open_picture(struct opening *o, struct oq_file **out,
			struct oq_err *err)
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

/* The text of a scalar string, as it is. */
static int open_text(struct opening *o, struct oq_file **out,
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

static int open_data(struct opening *o, struct oq_file **out,
		     struct oq_err *err)
{
	const struct oq_offer *menu = oq_content_offer(o->content);
	bool sliced = oq_content_is_sliced(o->content);

	if (!(menu->views >> o->key->view & 1))
		return oq_err_set(err, -ENOENT, "no such view");
	switch (o->key->view) {
	case OQ_VIEW_BIN:
	case OQ_VIEW_NPY:
		return open_fixed(o, out, err);
	case OQ_VIEW_TXT:
		/* Of a scalar, so every slice is all of it. */
		if (menu->listed >> OQ_VIEW_TXT & 1)
			return open_text(o, out, err);
		return open_table(o, out, err);
	case OQ_VIEW_CSV:
		return open_table(o, out, err);
	case OQ_VIEW_FILE:
		if (!sliced)
			return open_stored(o, out, err);
		break;
	case OQ_VIEW_PNG:
		if (!sliced)
			return open_picture(o, out, err);
		break;
	case OQ_VIEW_META:
	case OQ_NVIEWS:
		break;
	}
	return oq_err_set(err, -ENOENT, "such a view has no slices");
}

int oq_open_view(const struct oq_env *env, const struct oq_request *key,
		 struct oq_labels *known, struct oq_file **out,
		 struct oq_err *err)
{
	OQ_FREE char *name = strndup(key->name, key->name_len);
	struct opening o = { .env = env, .key = key };
	struct oq_content_spec spec = {
		.env = env,
		.addr = oq_open_address(env, key->object),
		.name = name,
		.slice = key->slice,
		.slice_len = key->slice_len,
		.labels = known,
	};
	int r;

	if (key->view == OQ_VIEW_META && !key->slice_len)
		return open_meta(env, spec.addr, out, err);
	r = oq_content_open(&spec, &o.content, err);
	if (r == 0)
		r = open_data(&o, out, err);
	if (r == 0 && (key->view == OQ_VIEW_CSV || key->view == OQ_VIEW_TXT))
		(*out)->labels = oq_labels_get(oq_content_labels(o.content));
	oq_content_close(o.content);
	return r;
}
