/* SPDX-License-Identifier: MIT */
/* meta.c - everything that HDF5 knows of an object, as JSON */

#include "lib/view/meta.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/data/labels.h"
#include "lib/data/refs.h"
#include "lib/engine/explain.h"
#include "lib/type/timeval.h"
#include "lib/type/value.h"
#include "lib/type/widen.h"
#include "lib/view/view.h"

static void put_str(const char *s, struct oq_buf *out)
{
	oq_json_put_str(s, strlen(s), false, out);
}

/* Begin the next member of an object that is not the first. */
static void put_key(const char *key, struct oq_buf *out)
{
	oq_buf_puts(out, ",\n \"");
	oq_buf_puts(out, key);
	oq_buf_puts(out, "\": ");
}

void oq_meta_put_dims(const uint64_t *dims, unsigned rank, struct oq_buf *out)
{
	oq_buf_putc(out, '[');
	for (unsigned i = 0; i < rank; i++) {
		if (i)
			oq_buf_putc(out, ',');
		if (dims[i] == OQ_UNLIMITED)
			oq_buf_puts(out, "null");
		else
			oq_buf_printf(out, "%" PRIu64, dims[i]);
	}
	oq_buf_putc(out, ']');
}

static void put_space(enum oq_space space, const uint64_t *dims, unsigned rank,
		      struct oq_buf *out)
{
	static const char *const names[] = { "scalar", "simple", "null" };

	put_key("space", out);
	put_str(names[space], out);
	put_key("shape", out);
	if (space == OQ_NULLSPACE)
		oq_buf_puts(out, "null");
	else
		oq_meta_put_dims(dims, rank, out);
}

const char *oq_meta_layout(const struct oq_dataset *d)
{
	switch (d->layout) {
	case OQ_COMPACT:
		return "compact";
	case OQ_CONTIGUOUS:
		return "contiguous";
	case OQ_CHUNKED:
		return "chunked";
	case OQ_VIRTUAL:
		return "virtual";
	}
	return "unknown";
}

static void put_filters(const struct oq_dataset *d, struct oq_buf *out)
{
	put_key("filters", out);
	oq_buf_putc(out, '[');
	for (size_t i = 0; i < d->nfilters; i++) {
		const struct oq_filter_info *f = &d->filters[i];

		oq_buf_printf(out, "%s{\"id\":%d,\"name\":", i ? "," : "",
			      f->id);
		put_str(f->name, out);
		oq_buf_printf(out, ",\"flags\":%u,\"params\":[", f->flags);
		for (size_t k = 0; k < f->nparams && k < 64; k++)
			oq_buf_printf(out, "%s%" PRIu32, k ? "," : "",
				      f->params[k]);
		oq_buf_puts(out, "]}");
	}
	oq_buf_putc(out, ']');
}

static void put_fill(const struct oq_dataset *d, const struct oq_refs *refs,
		     struct oq_buf *out)
{
	OQ_FREE void *elem = d->fill ? malloc(d->type->size) : NULL;

	out->failed |= d->fill && !elem;
	if (!elem) {
		oq_buf_puts(out, "null");
		return;
	}
	memcpy(elem, d->fill, d->type->size);
	oq_timeval_turn(d->type, elem, 1);
	oq_value_put_json(d->type, elem, refs, false, out);
}

static void put_numpy(const char *key, const struct oq_dtype *t,
		      struct oq_buf *out)
{
	OQ_BUF struct oq_buf numpy = { 0 };

	oq_dtype_put_numpy(t, &numpy);
	put_key(key, out);
	oq_json_put_str(numpy.data ? numpy.data : "", numpy.len, false, out);
}

/* What npy has, where that is something else. */
static void put_widened(const struct oq_dtype *t, struct oq_buf *out)
{
	const struct oq_dtype *w;

	if (oq_dtype_has_pointers(t) || oq_dtype_has_refs(t))
		return;
	w = oq_widen_type(t);
	if (!w)
		out->failed = true;
	else if (w != t)
		put_numpy("npy_dtype", w, out);
	oq_widen_free(w, t);
}

static void put_dataset(const struct oq_dataset *d, const struct oq_refs *refs,
			struct oq_buf *out)
{
	put_key("type", out);
	oq_dtype_put_json(d->type, out);
	put_numpy("dtype", d->type, out);
	put_widened(d->type, out);
	put_space(d->space, d->dims, d->rank, out);
	put_key("maxshape", out);
	if (d->space == OQ_NULLSPACE)
		oq_buf_puts(out, "null");
	else
		oq_meta_put_dims(d->maxdims, d->rank, out);
	put_key("layout", out);
	put_str(oq_meta_layout(d), out);
	put_key("chunks", out);
	if (d->layout == OQ_CHUNKED)
		oq_meta_put_dims(d->chunk, d->rank, out);
	else
		oq_buf_puts(out, "null");
	put_filters(d, out);
	put_key("fill", out);
	put_fill(d, refs, out);
	put_key("fill_defined", out);
	oq_buf_puts(out, d->has_fill ? "true" : "false");
	if (d->file_off != OQ_NO_ADDR && d->layout == OQ_CONTIGUOUS) {
		put_key("offset", out);
		oq_buf_printf(out, "%" PRIu64, d->file_off);
	}
	if (d->refused) {
		put_key("error", out);
		put_str(d->why.text, out);
	}
}

/* ---- attributes ---- */

struct attrs {
	const struct oq_env *env;
	uint64_t addr;
	struct oq_refs refs;
	struct oq_buf *out;
	bool more;
};

static void put_attr_value(struct attrs *a, const struct oq_attr *attr)
{
	oq_buf_puts(a->out, "{\"type\":");
	oq_dtype_put_json(attr->type, a->out);
	oq_buf_puts(a->out, ",\"shape\":");
	if (attr->space == OQ_NULLSPACE) {
		oq_buf_puts(a->out, "null,\"value\":null}");
		return;
	}
	oq_meta_put_dims(attr->dims, attr->rank, a->out);
	oq_buf_puts(a->out, ",\"value\":");
	oq_value_put_json_array(attr->type, attr->rank, attr->dims, attr->data,
				&a->refs, false, a->out);
	oq_buf_putc(a->out, '}');
}

static int put_attr(void *ctx, const char *name)
{
	struct attrs *a = ctx;
	struct oq_attr *attr = NULL;
	struct oq_err why = { "" };

	oq_buf_puts(a->out, a->more ? ",\n  " : "\n  ");
	a->more = true;
	put_str(name, a->out);
	oq_buf_puts(a->out, ": ");
	if (oq_h5_attr_read(a->env->h5, a->addr, name, &attr, &why) == 0) {
		put_attr_value(a, attr);
	} else {
		oq_buf_puts(a->out, "{\"error\":");
		put_str(why.text, a->out);
		oq_buf_putc(a->out, '}');
	}
	oq_h5_attr_free(attr);
	return 0;
}

static void put_attrs(const struct oq_env *env, uint64_t addr,
		      struct oq_buf *out)
{
	struct attrs a = { env, addr, oq_refs_of(env), out, false };
	struct oq_err why = { "" };
	int r;

	put_key("attributes", out);
	oq_buf_putc(out, '{');
	r = oq_h5_attr_names(env->h5, addr, put_attr, &a, &why);
	oq_buf_puts(out, a.more ? "\n }" : "}");
	if (r < 0) {
		put_key("attributes_error", out);
		put_str(why.text, out);
	}
}

/* ---- their values alone ---- */

#define MAX_VALUE 65536

static int put_value(void *ctx, const char *name)
{
	struct attrs *a = ctx;
	struct oq_attr *attr = NULL;
	size_t start = a->out->len;

	if (oq_h5_attr_read(a->env->h5, a->addr, name, &attr, NULL) < 0)
		return 0;
	if (a->more)
		oq_buf_puts(a->out, ", ");
	put_str(name, a->out);
	oq_buf_puts(a->out, ": ");
	if (attr->space == OQ_NULLSPACE)
		oq_buf_puts(a->out, "null");
	else
		oq_value_put_json_array(attr->type, attr->rank, attr->dims,
					attr->data, &a->refs, false, a->out);
	if (a->out->len - start > MAX_VALUE)
		a->out->len = start;
	else
		a->more = true;
	oq_h5_attr_free(attr);
	return 0;
}

char *oq_meta_attributes(const struct oq_env *env, uint64_t addr,
			 struct oq_err *err)
{
	OQ_BUF struct oq_buf out = { 0 };
	struct attrs a = { env, addr, oq_refs_of(env), &out, false };

	oq_buf_putc(&out, '{');
	(void)oq_h5_attr_names(env->h5, addr, put_value, &a, NULL);
	oq_buf_puts(&out, "}");
	oq_buf_putc(&out, '\0');
	if (oq_buf_failed(&out)) {
		oq_err_set(err, -ENOMEM, "no memory");
		return NULL;
	}
	return oq_steal(&out.data);
}

/* ---- what explains it ---- */

static void put_explained(const struct oq_buf *text, struct oq_buf *out)
{
	out->failed |= oq_buf_failed(text);
	if (!text->len)
		return;
	put_key("explained", out);
	oq_buf_put(out, text->data, text->len);
}

static void explain_axes(const struct oq_env *env, uint64_t addr,
			 const struct oq_dataset *d, struct oq_buf *out)
{
	const char *path = oq_h5_path(env->h5, addr);
	const char *name = path ? strrchr(path, '/') : NULL;
	struct oq_labels *l = oq_labels_read(env, d, name ? name + 1 : NULL);
	OQ_BUF struct oq_buf text = { 0 };

	if (l)
		oq_explain_axes(env, l, &text);
	oq_labels_put(l);
	put_explained(&text, out);
}

static void explain_columns(const struct oq_env *env, uint64_t addr,
			    struct oq_buf *out)
{
	OQ_FREE char *columns = oq_h5_attr_text(env->h5, addr, "__pdcolumns__");
	OQ_BUF struct oq_buf text = { 0 };

	if (columns)
		oq_explain_columns(env, columns, &text);
	put_explained(&text, out);
}

static void put_object(const struct oq_env *env, uint64_t addr,
		       enum oq_kind kind, struct oq_buf *out)
{
	struct oq_refs refs = oq_refs_of(env);
	struct oq_h5_dset *d = NULL;
	struct oq_dtype *t = NULL;
	struct oq_err why = { "" };
	int r = 0;

	if (kind == OQ_KIND_DATASET) {
		r = oq_h5_dset_open(env->h5, addr, &d, &why);
		if (r == 0)
			r = oq_h5_dset_fill(d, &why);
		if (r == 0) {
			put_dataset(oq_h5_dset_info(d), &refs, out);
			put_key("storage", out);
			oq_buf_printf(out, "%" PRIu64, oq_h5_dset_storage(d));
			explain_axes(env, addr, oq_h5_dset_info(d), out);
		}
		oq_h5_dset_close(d);
	} else if (kind == OQ_KIND_GROUP) {
		explain_columns(env, addr, out);
	} else if (kind == OQ_KIND_DATATYPE) {
		r = oq_h5_datatype(env->h5, addr, &t, &why);
		if (r == 0) {
			put_key("type", out);
			oq_dtype_put_json(t, out);
		}
		oq_dtype_free(t);
	}
	if (r < 0) {
		put_key("error", out);
		put_str(why.text, out);
	}
}

int oq_meta_put(const struct oq_env *env, uint64_t addr, struct oq_buf *out,
		struct oq_err *err)
{
	static const char *const names[] = { "none", "group", "dataset",
					     "datatype", "broken" };
	OQ_BUF struct oq_buf comment = { 0 };
	enum oq_kind kind = OQ_KIND_BROKEN;
	struct oq_err why = { "" };
	const char *path;
	int r = oq_h5_kind(env->h5, addr, &kind, &why);

	oq_buf_puts(out, "{\"kind\": ");
	put_str(names[kind], out);
	path = oq_h5_path(env->h5, addr);
	if (path) {
		put_key("path", out);
		put_str(path, out);
	}
	if (r < 0) {
		put_key("error", out);
		put_str(why.text, out);
	} else {
		put_object(env, addr, kind, out);
		put_attrs(env, addr, out);
		oq_h5_put_comment(env->h5, addr, &comment);
	}
	if (comment.len) {
		put_key("comment", out);
		oq_json_put_str(comment.data, comment.len, false, out);
	}
	oq_buf_puts(out, "\n}\n");
	if (oq_buf_failed(out))
		return oq_err_set(err, -ENOMEM, "no memory");
	return 0;
}

/* ---- the view ---- */

static int open_meta(struct oq_opening *o, struct oq_file **out,
		     struct oq_err *err)
{
	struct oq_buf text = { 0 };
	int r = oq_meta_put(o->env, oq_subject_address(o->env, o->key->object),
			    &text, err);

	if (r < 0) {
		oq_buf_free(&text);
		return r;
	}
	return oq_document_open(&text, out, err);
}

const struct oq_view_ops oq_view_meta = { NULL, open_meta };
