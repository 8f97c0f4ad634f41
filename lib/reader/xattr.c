/* SPDX-License-Identifier: MIT */
/* xattr.c - an object's attributes as extended attributes */

#include "lib/reader/xattr.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/convention/meaning.h"
#include "lib/data/frame.h"
#include "lib/data/refs.h"
#include "lib/type/attrtext.h"
#include "lib/view/meta.h"

#define ERROR	 "oqfs.error"
#define STATE	 "oqfs.state" /* the front's, of a datastore */
#define LEFT_OUT "oqfs.left_out"
/* What an attribute of HDF5's is called whose own name is one of ours. */
#define SECOND	 "~1"

/* ---- ours ---- */

/* What ours are made of; opened once for all of them. */
struct ours {
	const struct oq_calc *calc; /* NULL: not the root */
	struct oq_h5_dset *d;	/* owned; NULL: no dataset, or it is broken */
	struct oq_frame *frame; /* owned; NULL: no group that is a table, or
				   not asked for */
	struct oq_err why;	/* of that */
};

static void put_text(const char *text, struct oq_buf *out)
{
	if (text)
		oq_buf_puts(out, text);
}

static void put_mode(const struct ours *o, struct oq_buf *out)
{
	put_text(o->calc->calculation_mode, out);
}

static void put_description(const struct ours *o, struct oq_buf *out)
{
	put_text(o->calc->description, out);
}

static void put_version(const struct ours *o, struct oq_buf *out)
{
	put_text(o->calc->engine_version, out);
}

static void put_parent(const struct ours *o, struct oq_buf *out)
{
	put_text(o->calc->parent, out);
}

static void put_shape(const struct ours *o, struct oq_buf *out)
{
	const struct oq_dataset *d = oq_h5_dset_info(o->d);

	if (d->space == OQ_NULLSPACE)
		oq_buf_puts(out, "null");
	else
		oq_meta_put_dims(d->dims, d->rank, out);
}

static void put_dtype(const struct ours *o, struct oq_buf *out)
{
	const struct oq_dataset *d = oq_h5_dset_info(o->d);

	oq_dtype_put_numpy(d->type, out);
}

static void put_chunks(const struct ours *o, struct oq_buf *out)
{
	const struct oq_dataset *d = oq_h5_dset_info(o->d);

	if (d->layout == OQ_CHUNKED)
		oq_meta_put_dims(d->chunk, d->rank, out);
}

static void put_filters(const struct ours *o, struct oq_buf *out)
{
	const struct oq_dataset *d = oq_h5_dset_info(o->d);

	for (size_t i = 0; i < d->nfilters; i++) {
		const struct oq_filter_info *f = &d->filters[i];

		oq_buf_puts(out, i ? "," : "");
		if (f->name[0])
			oq_buf_puts(out, f->name);
		else
			oq_buf_printf(out, "%d", f->id);
	}
}

static void put_layout(const struct ours *o, struct oq_buf *out)
{
	const struct oq_dataset *d = oq_h5_dset_info(o->d);

	oq_buf_puts(out, oq_meta_layout(d));
}

static void put_storage(const struct ours *o, struct oq_buf *out)
{
	oq_buf_printf(out, "%" PRIu64, oq_h5_dset_storage(o->d));
}

static void put_left_out(const struct ours *o, struct oq_buf *out)
{
	const struct oq_buf *left;

	if (!o->frame)
		return;
	left = &o->frame->columns.left_out;
	if (!oq_buf_failed(left))
		oq_buf_put(out, left->data, left->len);
}

static void put_error(const struct ours *o, struct oq_buf *out)
{
	const struct oq_dataset *d = o->d ? oq_h5_dset_info(o->d) : NULL;

	if (!d)
		oq_buf_puts(out, o->why.text);
	else if (d->refused)
		oq_buf_puts(out, d->why.text);
}

/* Ours, by name, which is the order of the list.  An empty text means that the
 * object has no such attribute. */
static const struct own {
	const char *name;
	enum { OF_ANY, OF_CALC, OF_DATASET } of; /* what must be there */
	void (*put)(const struct ours *o, struct oq_buf *out);
} table[] = {
	{ "oqfs.calculation_mode", OF_CALC, put_mode },
	{ "oqfs.chunks", OF_DATASET, put_chunks },
	{ "oqfs.description", OF_CALC, put_description },
	{ "oqfs.dtype", OF_DATASET, put_dtype },
	{ "oqfs.engine_version", OF_CALC, put_version },
	{ ERROR, OF_ANY, put_error },
	{ "oqfs.filters", OF_DATASET, put_filters },
	{ "oqfs.layout", OF_DATASET, put_layout },
	{ LEFT_OUT, OF_ANY, put_left_out },
	{ "oqfs.parent", OF_CALC, put_parent },
	{ "oqfs.shape", OF_DATASET, put_shape },
	{ "oqfs.storage", OF_DATASET, put_storage },
};

#define NOURS (sizeof(table) / sizeof(table[0]))

/* To open a group as a table is to open all its datasets. */
enum tables {
	NO_TABLES,
	BY_CONVENTION,
	ANY_TABLES, /* also what becomes one when it is asked for */
};

/* What it takes to tell one of ours, or whether there is one of this name. */
static enum tables tables_for(const char *name)
{
	if (strcmp(name, LEFT_OUT) == 0)
		return ANY_TABLES;
	return strcmp(name, LEFT_OUT SECOND) == 0 ? BY_CONVENTION : NO_TABLES;
}

static void open_ours(const struct oq_env *env, uint64_t addr,
		      const struct oq_calc *calc, enum tables tables,
		      struct ours *o)
{
	enum oq_kind kind;

	*o = (struct ours){ .calc = calc };
	if (oq_h5_kind(env->h5, addr, &kind, &o->why) < 0)
		return;
	if (kind == OQ_KIND_DATASET)
		(void)oq_meaning_open(env->h5, env->conventions, addr, &o->d,
				      &o->why);
	else if (kind == OQ_KIND_GROUP && tables != NO_TABLES)
		(void)oq_frame_open(env, addr, tables == ANY_TABLES, &o->frame,
				    NULL);
}

static void close_ours(struct ours *o)
{
	oq_h5_dset_close(o->d);
	oq_frame_close(o->frame);
}

/* Append one of ours, if the object has it. */
static void put_own(const struct ours *o, const struct own *is,
		    struct oq_buf *out)
{
	if ((is->of == OF_CALC && !o->calc) || (is->of == OF_DATASET && !o->d))
		return;
	is->put(o, out);
}

static void put_ours(const struct ours *o, const char *name, struct oq_buf *out)
{
	for (size_t i = 0; i < NOURS; i++)
		if (strcmp(table[i].name, name) == 0)
			put_own(o, &table[i], out);
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

		open_ours(env, addr, calc, tables_for(name), &o);
		r = get_either(env, addr, &o, name, out, err);
		close_ours(&o);
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
	bool more;    /* there is one that is not listed */
};

/* Five bytes a name are for "user.", which the front adds. */
static void note_name(struct list *l, const char *name)
{
	size_t n = strlen(name) + 1;

	if (n - 1 + 5 > OQ_XATTR_MAX_NAME ||
	    l->total + n + 5 > OQ_XATTR_MAX_LIST) {
		l->more = true;
		return;
	}
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
	if (r < 0 || oq_buf_failed(&value) || value.len > OQ_XATTR_MAX_VALUE) {
		l->more = true;
		return 0;
	}
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
	for (size_t i = 0; i < NOURS; i++) {
		OQ_BUF struct oq_buf value = { 0 };

		put_own(&l->ours, &table[i], &value);
		if (value.len && value.len <= OQ_XATTR_MAX_VALUE)
			note_name(l, table[i].name);
	}
}

int oq_xattr_list(const struct oq_env *env, uint64_t addr,
		  const struct oq_calc *calc, struct oq_buf *out,
		  struct oq_err *err)
{
	struct list l = { .env = env, .addr = addr, .out = out };

	open_ours(env, addr, calc, BY_CONVENTION, &l.ours);
	list_ours(&l);
	/* One undecodable attribute may hide the others: that is no reason to
	 * hide ours, one of which says what is wrong. */
	if (oq_h5_attr_names(env->h5, addr, list_theirs, &l, NULL) < 0)
		l.spoilt = true;
	close_ours(&l.ours);
	if (l.spoilt && !oq_words_have(out->data, out->len, ERROR))
		note_name(&l, ERROR);
	if (l.spoilt || l.more)
		oq_buf_putc(out, '\0');
	if (oq_buf_failed(out))
		return oq_err_set(err, -ENOMEM, "no memory");
	return 0;
}
