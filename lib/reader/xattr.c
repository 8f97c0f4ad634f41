/* SPDX-License-Identifier: MIT */
/* xattr.c - an object's attributes as extended attributes */

#include "lib/reader/xattr.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/data/refs.h"
#include "lib/type/attrtext.h"
#include "lib/view/meta.h"

#define ERROR  "oqfs.error"
#define STATE  "oqfs.state" /* the front's, of a datastore */
/* What an attribute of HDF5's is called whose own name is one of ours. */
#define SECOND "~1"

/* ---- ours ---- */

static void put_shape(struct oq_h5_dset *dset, struct oq_buf *out)
{
	const struct oq_dataset *d = oq_h5_dset_info(dset);

	if (d->space == OQ_NULLSPACE)
		oq_buf_puts(out, "null");
	else
		oq_meta_put_dims(d->dims, d->rank, out);
}

static void put_dtype(struct oq_h5_dset *dset, struct oq_buf *out)
{
	const struct oq_dataset *d = oq_h5_dset_info(dset);

	oq_dtype_put_numpy(d->type, out);
}

static void put_chunks(struct oq_h5_dset *dset, struct oq_buf *out)
{
	const struct oq_dataset *d = oq_h5_dset_info(dset);

	if (d->layout == OQ_CHUNKED)
		oq_meta_put_dims(d->chunk, d->rank, out);
}

static void put_filters(struct oq_h5_dset *dset, struct oq_buf *out)
{
	const struct oq_dataset *d = oq_h5_dset_info(dset);

	for (size_t i = 0; i < d->nfilters; i++) {
		const struct oq_filter_info *f = &d->filters[i];

		oq_buf_puts(out, i ? "," : "");
		if (f->name[0])
			oq_buf_puts(out, f->name);
		else
			oq_buf_printf(out, "%d", f->id);
	}
}

static void put_layout(struct oq_h5_dset *dset, struct oq_buf *out)
{
	const struct oq_dataset *d = oq_h5_dset_info(dset);

	oq_buf_puts(out, oq_meta_layout(d));
}

static void put_storage(struct oq_h5_dset *dset, struct oq_buf *out)
{
	oq_buf_printf(out, "%" PRIu64, oq_h5_dset_storage(dset));
}

static void put_error(struct oq_h5_dset *dset, struct oq_buf *out)
{
	const struct oq_dataset *d = oq_h5_dset_info(dset);

	if (d->refused)
		oq_buf_puts(out, d->why.text);
}

/* An empty text means that the dataset has no such attribute. */
static const struct {
	const char *name;
	void (*put)(struct oq_h5_dset *dset, struct oq_buf *out);
} of_dataset[] = {
	{ "oqfs.chunks", put_chunks },
	{ "oqfs.dtype", put_dtype },
	{ ERROR, put_error },
	{ "oqfs.filters", put_filters },
	{ "oqfs.layout", put_layout },
	{ "oqfs.shape", put_shape },
	{ "oqfs.storage", put_storage },
};

#define NOF_DATASET (sizeof(of_dataset) / sizeof(of_dataset[0]))
#define NOF_CALC    4

static const char *calc_text(const struct oq_calc *c, size_t i,
			     const char **name)
{
	static const char *const names[NOF_CALC] = {
		"oqfs.calculation_mode",
		"oqfs.description",
		"oqfs.engine_version",
		"oqfs.parent",
	};
	const char *const texts[NOF_CALC] = {
		c->calculation_mode,
		c->description,
		c->engine_version,
		c->parent,
	};

	*name = names[i];
	return texts[i];
}

/* What ours are made of; opened once for all of them. */
struct ours {
	const struct oq_calc *calc;
	struct oq_h5_dset *d; /* owned; NULL: no dataset, or it is broken */
	struct oq_err why;
};

static void open_ours(const struct oq_env *env, uint64_t addr,
		      const struct oq_calc *calc, struct ours *o)
{
	enum oq_kind kind;

	*o = (struct ours){ .calc = calc };
	if (oq_h5_kind(env->h5, addr, &kind, &o->why) == 0 &&
	    kind == OQ_KIND_DATASET)
		(void)oq_h5_dset_open(env->h5, addr, &o->d, &o->why);
}

/* Append one of ours, if the object has it. */
static void put_ours(const struct ours *o, const char *name, struct oq_buf *out)
{
	const char *text, *is;

	for (size_t i = 0; o->calc && i < NOF_CALC; i++) {
		text = calc_text(o->calc, i, &is);
		if (text && strcmp(is, name) == 0)
			oq_buf_puts(out, text);
	}
	for (size_t i = 0; o->d && i < NOF_DATASET; i++)
		if (strcmp(of_dataset[i].name, name) == 0)
			of_dataset[i].put(o->d, out);
	if (!o->d && strcmp(name, ERROR) == 0)
		oq_buf_puts(out, o->why.text);
}

/* Does the object have one of ours with this name, or may it come to have? */
static bool is_ours(const struct ours *o, const char *name)
{
	OQ_BUF struct oq_buf value = { 0 };

	if (strncmp(name, "oqfs.", 5) != 0)
		return false;
	put_ours(o, name, &value);
	return value.len || strcmp(name, ERROR) == 0 ||
	       (o->calc && strcmp(name, STATE) == 0);
}

/* ---- HDF5's ---- */

static int get_theirs(const struct oq_env *env, uint64_t addr, const char *name,
		      struct oq_buf *out, struct oq_err *err)
{
	struct oq_refs refs = oq_refs_of(env);
	struct oq_attr *a = NULL;
	int r = oq_h5_attr_read(env->h5, addr, name, &a, err);

	if (r == 0)
		oq_attr_put_text(a->type, a->rank, a->dims,
				 a->space == OQ_NULLSPACE ? NULL : a->data,
				 &refs, out);
	oq_h5_attr_free(a);
	return r == -ENOENT ? -ENODATA : r;
}

/* "oqfs.shape~1" is HDF5's own "oqfs.shape", where that is one of ours. */
static int get_second(const struct oq_env *env, uint64_t addr,
		      const struct ours *o, const char *name,
		      struct oq_buf *out, struct oq_err *err)
{
	size_t n = strlen(name), tail = strlen(SECOND);
	OQ_FREE char *first = NULL;

	if (n <= tail || strcmp(name + n - tail, SECOND) != 0)
		return -ENODATA;
	first = strndup(name, n - tail);
	if (!first)
		return oq_err_set(err, -ENOMEM, "no memory");
	return is_ours(o, first) ? get_theirs(env, addr, first, out, err)
				 : -ENODATA;
}

static int get_either(const struct oq_env *env, uint64_t addr,
		      const struct ours *o, const char *name,
		      struct oq_buf *out, struct oq_err *err)
{
	int r;

	put_ours(o, name, out);
	if (out->len)
		return 0;
	if (is_ours(o, name))
		return -ENODATA;
	r = get_theirs(env, addr, name, out, err);
	return r == -ENODATA ? get_second(env, addr, o, name, out, err) : r;
}

struct trial {
	const struct oq_env *env;
	uint64_t addr;
	struct oq_err *err;
};

/* Ends at the first that cannot be read. */
static int try_theirs(void *ctx, const char *name)
{
	const struct trial *t = ctx;
	struct oq_attr *a = NULL;
	struct oq_err why = { "" };
	int r = oq_h5_attr_read(t->env->h5, t->addr, name, &a, &why);

	oq_h5_attr_free(a);
	return r ? oq_err_set(t->err, r, "attribute %.80s: %s", name, why.text)
		 : 0;
}

int oq_xattr_check(const struct oq_env *env, uint64_t addr, struct oq_err *err)
{
	struct oq_err told = { "" }, why = { "" };
	struct trial t = { env, addr, &told };
	int r = oq_h5_attr_names(env->h5, addr, try_theirs, &t, &why);

	if (r && told.text[0])
		return oq_err_set(err, r, "%s", told.text);
	return r ? oq_err_set(err, r, "attributes: %s", why.text) : 0;
}

int oq_xattr_get(const struct oq_env *env, uint64_t addr,
		 const struct oq_calc *calc, const char *name,
		 struct oq_buf *out, struct oq_err *err)
{
	struct oq_err why = { "" };
	int r;

	if (strncmp(name, "oqfs.", 5) == 0) {
		struct ours o;

		open_ours(env, addr, calc, &o);
		r = get_either(env, addr, &o, name, out, err);
		oq_h5_dset_close(o.d);
	} else {
		r = get_theirs(env, addr, name, out, err);
	}
	if (r == -ENODATA && strcmp(name, ERROR) == 0 &&
	    oq_xattr_check(env, addr, &why)) {
		oq_buf_puts(out, why.text);
		r = 0;
	}
	if (r < 0)
		return r;
	if (oq_buf_failed(out))
		return oq_err_set(err, -ENOMEM, "no memory");
	if (out->len > OQ_XATTR_MAX_VALUE)
		return oq_err_set(err, -E2BIG,
				  "longer than an extended attribute can be");
	return 0;
}

/* ---- the list ---- */

struct list {
	const struct oq_env *env;
	uint64_t addr;
	struct oq_buf *out;
	struct ours ours;
	size_t total; /* bytes of the list as the front gives it */
	bool spoilt;  /* one of the values could not be read */
};

/* Five bytes a name are for "user.", which the front adds. */
static void note_name(struct list *l, const char *name)
{
	size_t n = strlen(name) + 1;

	if (n - 1 + 5 > OQ_XATTR_MAX_NAME ||
	    l->total + n + 5 > OQ_XATTR_MAX_LIST)
		return;
	l->total += n + 5;
	oq_buf_put(l->out, name, n);
}

static int list_theirs(void *ctx, const char *name)
{
	struct list *l = ctx;
	OQ_BUF struct oq_buf value = { 0 }, second = { 0 };
	int r;

	if (!name[0])
		return 0;
	/* Who copies attributes gives up at one that is listed and cannot be
	 * had: ours says why it is missing. */
	r = get_theirs(l->env, l->addr, name, &value, NULL);
	l->spoilt |= r < 0;
	if (r < 0 || oq_buf_failed(&value) || value.len > OQ_XATTR_MAX_VALUE)
		return 0;
	if (is_ours(&l->ours, name)) {
		oq_buf_printf(&second, "%s" SECOND, name);
		oq_buf_putc(&second, '\0');
		name = oq_buf_failed(&second) ? "" : second.data;
		/* That may be the name of another. */
		if (!*name || oq_h5_attr_exists(l->env->h5, l->addr, name))
			return 0;
	}
	note_name(l, name);
	return 0;
}

static void list_ours(struct list *l)
{
	static const char *const names[NOF_DATASET + NOF_CALC] = {
		"oqfs.calculation_mode", "oqfs.chunks",
		"oqfs.description",	 "oqfs.dtype",
		"oqfs.engine_version",	 ERROR,
		"oqfs.filters",		 "oqfs.layout",
		"oqfs.parent",		 "oqfs.shape",
		"oqfs.storage",
	};
	for (size_t i = 0; i < NOF_DATASET + NOF_CALC; i++) {
		OQ_BUF struct oq_buf value = { 0 };

		put_ours(&l->ours, names[i], &value);
		if (value.len && value.len <= OQ_XATTR_MAX_VALUE)
			note_name(l, names[i]);
	}
}

int oq_xattr_list(const struct oq_env *env, uint64_t addr,
		  const struct oq_calc *calc, struct oq_buf *out,
		  struct oq_err *err)
{
	struct list l = { .env = env, .addr = addr, .out = out };

	open_ours(env, addr, calc, &l.ours);
	list_ours(&l);
	/* One undecodable attribute may hide the others: that is no reason to
	 * hide ours, one of which says what is wrong. */
	if (oq_h5_attr_names(env->h5, addr, list_theirs, &l, NULL) < 0)
		l.spoilt = true;
	oq_h5_dset_close(l.ours.d);
	if (l.spoilt && !oq_words_have(out->data, out->len, ERROR))
		note_name(&l, ERROR);
	if (oq_buf_failed(out))
		return oq_err_set(err, -ENOMEM, "no memory");
	return 0;
}
