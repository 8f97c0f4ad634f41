/* SPDX-License-Identifier: MIT */
/* h5tree.c - the links of a group, and what they lead to
 *
 * A group's links are gathered and sorted first, and the objects looked at
 * afterwards: so an object for which libhdf5 fails does not end the iteration.
 */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/grow.h"
#include "lib/base/num.h"
#include "lib/hdf5/h5int.h"

/* A link's value is stored in a message of 64 KiB at most. */
#define MAX_TARGET   65536

/* The kind of message that a group of the old kind has. */
#define SYMBOL_TABLE 0x11

struct entry {
	char *name;
	H5L_info2_t info;
};

struct gathered {
	struct entry *v;
	size_t n, room;
	bool no_memory;
};

/* What a walk hands from link to link. */
struct walk {
	struct oq_h5 *h;
	hid_t group;
	bool soft;
	int (*each)(void *ctx, const struct oq_h5_link *l);
	void *ctx;
};

static void gathered_free(struct gathered *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->v[i].name);
	free(g->v);
	*g = (struct gathered){ 0 };
}

static herr_t gather_one(hid_t group, const char *name, const H5L_info2_t *info,
			 void *ctx)
{
	struct gathered *g = ctx;
	char *copy;

	(void)group;
	copy = strdup(name ? name : "");
	if (!copy || oq_grow(&g->v, &g->room, g->n, sizeof(*g->v))) {
		free(copy);
		g->no_memory = true;
		return -1;
	}
	g->v[g->n++] = (struct entry){ .name = copy, .info = *info };
	return 0;
}

static int by_name(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static bool is_sorted(const struct gathered *g)
{
	for (size_t i = 1; i < g->n; i++)
		if (by_name(&g->v[i - 1], &g->v[i]) > 0)
			return false;
	return true;
}

/* Gather links in native order; we sort them.  For any other order libhdf5
 * makes a table of all links first, fails when one is damaged, and then
 * frees memory that the table never held (seen in 1.14.5). */
static int iterate(hid_t group, H5_index_t index, struct gathered *g,
		   struct oq_err *err)
{
	hsize_t at = 0;
	int r;

	if (H5Literate2(group, index, H5_ITER_NATIVE, &at, gather_one, g) >= 0)
		return 0;
	r = oq_h5_fail(err, NULL);
	return g->no_memory ? oq_err_set(err, -ENOMEM, "out of memory") : r;
}

/* Gather the links by the index by name; where that breaks off, by the index by
 * creation order, if that has more. */
static int gather(hid_t group, struct gathered *g, struct oq_err *err)
{
	int r = iterate(group, H5_INDEX_NAME, g, err);

	if (r && !g->no_memory) {
		struct gathered other = { 0 };

		if (!iterate(group, H5_INDEX_CRT_ORDER, &other, NULL))
			r = 0;
		if (!r || other.n > g->n) {
			gathered_free(g);
			*g = other;
		} else {
			gathered_free(&other);
		}
	}
	if (g->n && !is_sorted(g))
		qsort(g->v, g->n, sizeof(*g->v), by_name);
	return r;
}

enum oq_kind oq_h5_kind_of(H5O_type_t type)
{
	if (type == H5O_TYPE_GROUP)
		return OQ_KIND_GROUP;
	if (type == H5O_TYPE_DATASET)
		return OQ_KIND_DATASET;
	if (type == H5O_TYPE_NAMED_DATATYPE)
		return OQ_KIND_DATATYPE;
	return OQ_KIND_BROKEN;
}

uint64_t oq_h5_addr(const struct oq_h5 *h, H5O_token_t token)
{
	haddr_t addr;

	if (H5VLnative_token_to_addr(h->file, token, &addr) < 0) {
		oq_h5_forget();
		return OQ_NO_ADDR;
	}
	return addr;
}

hid_t oq_h5_object(const struct oq_h5 *h, uint64_t addr)
{
	H5O_token_t token;

	if (H5VLnative_addr_to_token(h->file, addr, &token) < 0)
		return -1;
	return H5Oopen_by_token(h->file, token);
}

static enum oq_kind kind_of_id(hid_t id)
{
	switch (H5Iget_type(id)) {
	case H5I_GROUP:
		return OQ_KIND_GROUP;
	case H5I_DATASET:
		return OQ_KIND_DATASET;
	case H5I_DATATYPE:
		return OQ_KIND_DATATYPE;
	default:
		return OQ_KIND_BROKEN;
	}
}

/* Whether libhdf5 takes a name as it is.  Others it reads as a path or skips;
 * no writer makes such. */
static bool is_plain_name(const char *name)
{
	return *name && strcmp(name, ".") && !strchr(name, '/');
}

/* Returns the object if it can be opened, or -1.  As long as the object is
 * open, w->each() can open it again at little cost. */
static hid_t look_at_hard(const struct walk *w, const struct entry *e,
			  struct oq_h5_link *l)
{
	H5O_info2_t info;
	hid_t id = -1;

	l->kind = OQ_KIND_BROKEN;
	l->addr = oq_h5_addr(w->h, e->info.u.token);
	if (l->addr == OQ_NO_ADDR)
		return -1;
	id = oq_h5_object(w->h, l->addr);
	/* Asked by name, libhdf5 tells the kind of an object that it cannot
	 * open. */
	if (id >= 0)
		l->kind = kind_of_id(id);
	else if (is_plain_name(e->name) &&
		 H5Oget_info_by_name3(w->group, e->name, &info, H5O_INFO_BASIC,
				      w->h->lapl) >= 0 &&
		 oq_h5_addr(w->h, info.token) == l->addr)
		l->kind = oq_h5_kind_of(info.type);
	oq_h5_forget();
	return id;
}

static void look_at_soft(const struct walk *w, const struct entry *e,
			 struct oq_h5_link *l)
{
	H5O_info2_t info;

	if (!w->soft || !is_plain_name(e->name))
		return;
	if (H5Oget_info_by_name3(w->group, e->name, &info, H5O_INFO_BASIC,
				 w->h->lapl) < 0) {
		oq_h5_forget();
		return;
	}
	l->kind = oq_h5_kind_of(info.type);
	l->addr = oq_h5_addr(w->h, info.token);
}

/* The value of a soft or external link, with a NUL behind it; NULL where it
 * cannot be read.  The caller's. */
static char *link_value(const struct walk *w, const struct entry *e)
{
	size_t n = e->info.u.val_size;
	char *value;

	if (n > MAX_TARGET)
		return NULL;
	value = calloc(1, n + 1);
	if (value && H5Lget_val(w->group, e->name, value, n, w->h->lapl) < 0) {
		oq_h5_forget();
		free(value);
		return NULL;
	}
	return value;
}

static void look_at_external(const struct entry *e, const char *value,
			     struct oq_h5_link *l)
{
	unsigned flags;

	if (H5Lunpack_elink_val(value, e->info.u.val_size, &flags, &l->file,
				&l->target) < 0) {
		oq_h5_forget();
		l->kind = OQ_KIND_BROKEN;
	}
}

static int report(const struct walk *w, const struct entry *e)
{
	OQ_FREE char *value = NULL;
	OQ_HID hid_t id = -1;
	struct oq_h5_link l = {
		.name = e->name,
		.name_len = strlen(e->name),
		.link = OQ_LINK_USER,
		.kind = OQ_KIND_NONE,
		.addr = OQ_NO_ADDR,
		.has_corder = e->info.corder_valid,
		.corder = e->info.corder,
	};

	if (e->info.type == H5L_TYPE_HARD) {
		l.link = OQ_LINK_HARD;
		id = look_at_hard(w, e, &l);
	} else if (e->info.type == H5L_TYPE_SOFT) {
		l.link = OQ_LINK_SOFT;
		value = link_value(w, e);
		l.target = value;
		if (!value)
			l.kind = OQ_KIND_BROKEN;
		else
			look_at_soft(w, e, &l);
	} else if (e->info.type == H5L_TYPE_EXTERNAL) {
		l.link = OQ_LINK_EXTERNAL;
		value = link_value(w, e);
		if (!value)
			l.kind = OQ_KIND_BROKEN;
		else
			look_at_external(e, value, &l);
	}
	return w->each(w->ctx, &l);
}

int oq_h5_links(struct oq_h5 *h, uint64_t group, bool soft,
		int (*each)(void *ctx, const struct oq_h5_link *l), void *ctx,
		struct oq_err *err)
{
	struct gathered g = { 0 };
	OQ_HID hid_t id = oq_h5_object(h, group);
	struct walk w = { h, id, soft, each, ctx };
	int r, ended = 0;

	if (id < 0)
		return oq_h5_fail(err, NULL);
	if (H5Iget_type(id) != H5I_GROUP)
		return oq_err_set(err, -EIO, "not a group");
	r = gather(id, &g, err);
	for (size_t i = 0; i < g.n && !ended; i++)
		ended = report(&w, &g.v[i]);
	gathered_free(&g);
	return ended ? ended : r;
}

/* Returns what 'each' does, 0 where there is no such link, or -EIO. */
static int report_named(const struct walk *w, const char *text,
			struct oq_err *err)
{
	OQ_FREE char *name = strdup(text);
	struct entry e = { .name = name };
	htri_t found = -1;

	if (!name)
		return oq_err_set(err, -ENOMEM, "out of memory");
	if (!is_plain_name(name))
		return oq_err_set(err, -EIO, "not a name to look for");
	found = H5Lexists(w->group, name, w->h->lapl);
	if (found > 0 && H5Lget_info2(w->group, name, &e.info, w->h->lapl) < 0)
		found = -1;
	if (found < 0)
		return oq_h5_fail(err, NULL);
	return found ? report(w, &e) : 0;
}

/* Tell how many links a group has.  A group of the old kind does not say:
 * libhdf5 would count its links one by one. */
static herr_t count_links(hid_t group, uint64_t *nlinks)
{
	H5O_native_info_t header;
	H5G_info_t info;

	*nlinks = OQ_H5_NOT_COUNTED;
	if (H5Oget_native_info(group, &header, H5O_NATIVE_INFO_HDR) < 0)
		return -1;
	if (header.hdr.mesg.present & UINT64_C(1) << SYMBOL_TABLE)
		return 0;
	if (H5Gget_info(group, &info) < 0)
		return -1;
	*nlinks = oq_min_u64(info.nlinks, OQ_H5_NOT_COUNTED);
	return 0;
}

int oq_h5_links_named(struct oq_h5 *h, uint64_t group,
		      const struct oq_buf *names, uint64_t *nlinks,
		      int (*each)(void *ctx, const struct oq_h5_link *l),
		      void *ctx, struct oq_err *err)
{
	OQ_HID hid_t id = oq_h5_object(h, group);
	struct walk w = { h, id, true, each, ctx };
	int r = 0;

	if (id < 0 || count_links(id, nlinks) < 0)
		return oq_h5_fail(err, NULL);
	for (size_t at = 0; at < names->len && !r;) {
		r = report_named(&w, names->data + at, err);
		at += strlen(names->data + at) + 1;
	}
	return r;
}

int oq_h5_list(struct oq_h5 *h, uint64_t group,
	       int (*each)(void *ctx, const struct oq_h5_link *l), void *ctx,
	       struct oq_err *err)
{
	return oq_h5_links(h, group, true, each, ctx, err);
}

uint64_t oq_h5_find(struct oq_h5 *h, uint64_t group, const char *name)
{
	OQ_HID hid_t id = oq_h5_object(h, group);
	uint64_t addr = OQ_NO_ADDR;
	H5L_info2_t info;

	if (id >= 0 && is_plain_name(name) &&
	    H5Lget_info2(id, name, &info, h->lapl) >= 0 &&
	    info.type == H5L_TYPE_HARD)
		addr = oq_h5_addr(h, info.u.token);
	oq_h5_forget();
	return addr;
}
