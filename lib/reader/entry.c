/* SPDX-License-Identifier: MIT */
/* entry.c - a group's entries in the form that crosses the wire */

#include "lib/reader/entry.h"

#include <errno.h>
#include <string.h>

#include "lib/convention/hidden.h"
#include "lib/convention/meaning.h"
#include "lib/hdf5/h5.h"
#include "lib/ipc/wire.h"
#include "lib/view/offer.h"

struct reading {
	const struct oq_env *env;
	const struct oq_progress *progress; /* may be NULL */
	struct oq_listing *l;
};

static void put_offer(const struct oq_offer *o, struct oq_entry *e)
{
	e->views = o->views;
	e->listed = o->listed;
	e->refused = o->refused;
	memcpy(e->bytes, o->bytes, sizeof(e->bytes));
	e->rows = o->rows;
	e->part_rows = o->part_rows;
}

/* Of a virtual dataset the other files that it takes data from: whoever asked
 * may have them. */
static void name_sources(struct oq_h5_dset *d, struct oq_buf *names,
			 struct oq_entry *e)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);

	if (info->layout != OQ_VIRTUAL || e->link != OQ_ENTRY_HARD ||
	    (info->refused && info->refused != -EOPNOTSUPP))
		return;
	oq_h5_foreign_files(d, OQ_MAX_SOURCES, names);
	if (!names->len || names->len > OQ_WIRE_MAX_NAME)
		return;
	e->file = names->data;
	e->file_len = names->len;
}

static void describe_dataset(const struct oq_env *env, uint64_t addr,
			     const char *name, struct oq_buf *names,
			     struct oq_entry *e)
{
	struct oq_h5_dset *d = NULL;
	struct oq_subject s;
	struct oq_offer o;
	int r = oq_meaning_open(env->h5, env->conventions, addr, &d, NULL);

	if (r < 0) {
		oq_offer_of_refused(r, &o);
	} else {
		oq_subject_of_dataset(env, d, name, &s);
		oq_offer_make(&s, &o);
		e->hidden = env->conventions &&
			    oq_hidden_dataset(env->h5, oq_h5_dset_info(d));
		name_sources(d, names, e);
	}
	e->kind = OQ_ENTRY_DATASET;
	put_offer(&o, e);
	oq_h5_dset_close(d);
}

/* A group may have a joined table beside it. */
static void describe_group(const struct oq_env *env, uint64_t addr,
			   struct oq_entry *e)
{
	struct oq_frame *f = NULL;
	struct oq_subject s;
	struct oq_offer o;

	e->kind = OQ_ENTRY_GROUP;
	e->views = 1u << OQ_VIEW_META;
	if (oq_frame_open(env, addr, false, &f, NULL) < 0)
		return;
	oq_subject_of_frame(env, f, &s);
	oq_offer_make(&s, &o);
	oq_frame_close(f);
	put_offer(&o, e);
}

static void describe(const struct oq_env *env, const struct oq_h5_link *l,
		     struct oq_buf *names, struct oq_entry *e)
{
	e->object = l->addr;
	switch (l->kind) {
	case OQ_KIND_NONE:
		e->kind = OQ_ENTRY_DANGLING;
		break;
	case OQ_KIND_GROUP:
		describe_group(env, l->addr, e);
		if (l->addr == oq_h5_root(env->h5))
			e->object = OQ_WIRE_ROOT;
		break;
	case OQ_KIND_DATATYPE:
		e->kind = OQ_ENTRY_DATATYPE;
		e->views = e->listed = 1u << OQ_VIEW_META;
		break;
	case OQ_KIND_DATASET:
		describe_dataset(env, l->addr, l->name, names, e);
		break;
	case OQ_KIND_BROKEN:
		e->kind = OQ_ENTRY_BROKEN;
		e->refused = -EIO;
		break;
	}
}

static enum oq_entry_link link_of(enum oq_link link)
{
	switch (link) {
	case OQ_LINK_HARD:
		return OQ_ENTRY_HARD;
	case OQ_LINK_SOFT:
		return OQ_ENTRY_SOFT;
	case OQ_LINK_EXTERNAL:
		return OQ_ENTRY_EXTERNAL;
	case OQ_LINK_USER:
		break;
	}
	return OQ_ENTRY_USER;
}

void oq_listing_free(struct oq_listing *l)
{
	oq_buf_free(&l->data);
	oq_buf_free(&l->ends);
}

void oq_listing_begin(struct oq_listing *l, uint64_t group)
{
	oq_listing_free(l);
	l->group = group;
	l->status = 0;
	l->err.text[0] = 0;
}

void oq_listing_add(struct oq_listing *l, const struct oq_entry *e)
{
	oq_wire_put_entry(e, &l->data);
	oq_buf_put(&l->ends, &l->data.len, sizeof(l->data.len));
}

int oq_listing_end(struct oq_listing *l, struct oq_err *err)
{
	if (!oq_buf_failed(&l->data) && !oq_buf_failed(&l->ends))
		return 0;
	oq_listing_free(l);
	return oq_err_set(err, -ENOMEM, "no memory for a listing");
}

static int note_link(void *ctx, const struct oq_h5_link *l)
{
	struct reading *r = ctx;
	struct oq_entry e = {
		.name = l->name,
		.name_len = l->name_len,
		.link = link_of(l->link),
		.target = l->target ? l->target : "",
		.target_len = l->target ? strlen(l->target) : 0,
		.file = l->file ? l->file : "",
		.file_len = l->file ? strlen(l->file) : 0,
	};

	OQ_BUF struct oq_buf names = { 0 };

	for (unsigned v = 0; v < OQ_NVIEWS; v++)
		e.bytes[v] = OQ_WIRE_UNKNOWN;

	/* Longer ones would not cross the wire, nor be of use to anybody. */
	if (l->name_len > OQ_WIRE_MAX_NAME)
		return 0;
	if (e.target_len > OQ_WIRE_MAX_NAME)
		e.target_len = OQ_WIRE_MAX_NAME;
	if (e.file_len > OQ_WIRE_MAX_NAME)
		e.file_len = OQ_WIRE_MAX_NAME;
	if (r->progress && !r->progress->tell(r->progress->ctx, 0, 0))
		return -EINTR;
	describe(r->env, l, &names, &e);
	if (e.kind == OQ_ENTRY_GROUP && r->env->conventions)
		e.hidden = oq_hidden_group(r->env->h5, r->l->group, l->name);
	oq_listing_add(r->l, &e);
	return 0;
}

int oq_listing_read(const struct oq_env *env, uint64_t group,
		    const struct oq_progress *p, struct oq_listing *l,
		    struct oq_err *err)
{
	struct reading reading = { env, p, l };

	oq_listing_begin(l, group);
	l->status = oq_h5_list(env->h5, group, note_link, &reading, &l->err);
	return oq_listing_end(l, err);
}

struct family {
	struct reading reading;
	const struct oq_buf *asked; /* each name with its NUL, as in 'more' */
	struct oq_buf more;	    /* to be looked for afterwards */
};

static bool is_among(const struct oq_buf *names, const char *name)
{
	for (size_t at = 0; at < names->len; at += strlen(names->data + at) + 1)
		if (strcmp(names->data + at, name) == 0)
			return true;
	return false;
}

static int note_relative(void *ctx, const struct oq_h5_link *l)
{
	struct family *f = ctx;

	return note_link(&f->reading, l);
}

/* One that was asked for: its relatives are links named as views of it. */
static int note_asked(void *ctx, const struct oq_h5_link *l)
{
	struct family *f = ctx;
	int r = note_relative(f, l);

	for (unsigned v = 0; v < OQ_NVIEWS && !r; v++) {
		OQ_BUF struct oq_buf name = { 0 };

		oq_buf_puts(&name, l->name);
		oq_buf_puts(&name, oq_views[v].suffix);
		oq_buf_putc(&name, '\0');
		if (oq_buf_failed(&name))
			r = -ENOMEM;
		else if (!is_among(f->asked, name.data) &&
			 !is_among(&f->more, name.data))
			oq_buf_put(&f->more, name.data, name.len);
	}
	return r;
}

int oq_listing_family(const struct oq_env *env, uint64_t group,
		      const struct oq_progress *p, const struct oq_buf *names,
		      struct oq_listing *l, uint64_t *nlinks,
		      struct oq_err *err)
{
	struct family f = { { env, p, l }, names, { 0 } };
	int r;

	oq_listing_begin(l, group);
	r = oq_h5_links_named(env->h5, group, names, nlinks, note_asked, &f,
			      err);
	if (!r && oq_buf_failed(&f.more))
		r = -ENOMEM;
	if (!r)
		r = oq_h5_links_named(env->h5, group, &f.more, nlinks,
				      note_relative, &f, err);
	oq_buf_free(&f.more);
	return r < 0 ? r : oq_listing_end(l, err);
}

static size_t end_of(const struct oq_listing *l, size_t i)
{
	size_t end;

	memcpy(&end, l->ends.data + i * sizeof(end), sizeof(end));
	return end;
}

int oq_listing_put(const struct oq_listing *l, uint64_t from, size_t room,
		   struct oq_buf *out, uint64_t *next, struct oq_err *err)
{
	size_t n = l->ends.len / sizeof(size_t);
	size_t start, i;

	*next = 0;
	if (from >= n)
		return l->status < 0
			       ? oq_err_set(err, l->status, "%s", l->err.text)
			       : 0;
	start = from ? end_of(l, from - 1) : 0;
	for (i = from; i < n && end_of(l, i) - start <= room; i++)
		;
	if (i == from)
		return oq_err_set(err, -EOVERFLOW, "an entry is too long");
	oq_buf_put(out, l->data.data + start, end_of(l, i - 1) - start);
	if (i < n || l->status < 0)
		*next = i;
	return oq_buf_failed(out) ? oq_err_set(err, -ENOMEM, "no memory") : 0;
}
