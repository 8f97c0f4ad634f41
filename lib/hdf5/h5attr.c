/* SPDX-License-Identifier: MIT */
/* h5attr.c - the attributes of an object, and its comment */

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/grow.h"
#include "lib/base/num.h"
#include "lib/hdf5/h5int.h"
#include "lib/type/timeval.h"
#include "lib/type/value.h"

#define MAX_VALUE_BYTES	  ((uint64_t)64 << 20)
#define MAX_COMMENT_BYTES 65536

#define ATTRIBUTE_MESSAGE 12 /* in an object header */

/* Where an object's attributes are asked for: at the object, or, where that
 * does not open (a dataset of a type that this HDF5 does not know), at a path
 * to it, which needs no open. */
struct place {
	struct oq_h5 *h;
	uint64_t addr;
	hid_t id;
	hid_t owned; /* 'id' if it is to be closed; -1 where it is the file's */
	const char *path;
};

static void leave(const struct place *p)
{
	oq_h5_drop(&p->owned);
}

#define OQ_PLACE __attribute__((cleanup(leave)))
#define NOWHERE                       \
	{                             \
		.id = -1, .owned = -1 \
	}

static int go_to(struct oq_h5 *h, uint64_t addr, struct place *p,
		 struct oq_err *err)
{
	int r;

	p->h = h;
	p->addr = addr;
	p->id = p->owned = oq_h5_object(h, addr);
	p->path = ".";
	if (p->id >= 0)
		return 0;
	r = oq_h5_fail(err, NULL);
	p->id = h->file;
	p->path = oq_h5_path(h, addr);
	return p->path ? 0 : r;
}

/* Count the attributes.  False, with '*n' 0, where they cannot be counted. */
static bool count_attrs(const struct place *p, hsize_t *n)
{
	H5O_info2_t info = { .num_attrs = 0 };
	herr_t r =
		p->owned >= 0
			? H5Oget_info3(p->id, &info, H5O_INFO_NUM_ATTRS)
			: H5Oget_info_by_name3(p->id, p->path, &info,
					       H5O_INFO_NUM_ATTRS, p->h->lapl);

	*n = r < 0 ? 0 : info.num_attrs;
	return r >= 0;
}

/* Asked first: most objects have none, and a count costs less than a search. */
static bool has_none(const struct place *p)
{
	hsize_t n;
	bool is_told = count_attrs(p, &n);

	oq_h5_forget();
	return is_told && n == 0;
}

/* ---- names ---- */

struct names {
	char **v;
	size_t n, room;
	bool no_memory;
};

static bool add_name(struct names *g, char *name)
{
	if (oq_grow(&g->v, &g->room, g->n, sizeof(*g->v))) {
		free(name);
		return false;
	}
	g->v[g->n++] = name;
	return true;
}

static herr_t gather_name(hid_t object, const char *name,
			  const H5A_info_t *info, void *ctx)
{
	struct names *g = ctx;
	char *copy = strdup(name);

	(void)object;
	(void)info;
	if (copy && add_name(g, copy))
		return 0;
	g->no_memory = true;
	return -1;
}

static void names_free(struct names *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->v[i]);
	free(g->v);
	*g = (struct names){ 0 };
}

static char *name_at(const struct place *p, hsize_t i)
{
	ssize_t n = H5Aget_name_by_idx(p->id, p->path, H5_INDEX_NAME,
				       H5_ITER_INC, i, NULL, 0, p->h->lapl);
	char *name;

	if (n < 0)
		return NULL;
	name = calloc(1, (size_t)n + 1);
	if (name &&
	    H5Aget_name_by_idx(p->id, p->path, H5_INDEX_NAME, H5_ITER_INC, i,
			       name, (size_t)n + 1, p->h->lapl) < 0) {
		free(name);
		return NULL;
	}
	return name;
}

/* Ask for one name after the other.  An iteration opens the object first; this
 * does not, so it works where the object does not open. */
static bool gather_singly(const struct place *p, struct names *g)
{
	hsize_t n;

	(void)count_attrs(p, &n);
	while (g->n < n) {
		char *name = name_at(p, g->n);

		if (!name || !add_name(g, name))
			return false;
	}
	return n > 0;
}

/* Gather all names but those of attributes that cannot be decoded.  In dense
 * storage an iteration in native order does not decode the attributes before
 * its start: so after each failure it is started again behind the attribute
 * that failed. */
static void gather_around(const struct place *p, struct names *g)
{
	hsize_t n, at, from = 0;

	(void)count_attrs(p, &n);
	while (from < n && !g->no_memory) {
		size_t before = g->n;

		at = from;
		if (H5Aiterate_by_name(p->id, p->path, H5_INDEX_NAME,
				       H5_ITER_NATIVE, &at, gather_name, g,
				       p->h->lapl) >= 0)
			return;
		from += g->n - before + 1;
	}
}

static int gather_plainly(const struct place *p, struct names *g,
			  struct oq_err *err)
{
	hsize_t at = 0;
	int r;

	if (H5Aiterate_by_name(p->id, p->path, H5_INDEX_NAME, H5_ITER_INC, &at,
			       gather_name, g, p->h->lapl) >= 0)
		return 0;
	r = oq_h5_fail(err, NULL);
	if (g->n == 0 && gather_singly(p, g))
		r = 0;
	oq_h5_forget();
	return r;
}

static bool gather_hidden(const struct place *p, struct names *g)
{
	const char *name;
	size_t at = 0;

	while ((name = oq_h5_hidden_name(p->h, p->addr, &at))) {
		char *copy = strdup(name);

		if (!copy || !add_name(g, copy))
			return false;
	}
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Gather the names of all attributes, in order.  After an error 'g' has those
 * that could be read. */
static int gather_names(const struct place *p, struct names *g,
			struct oq_err *err)
{
	OQ_PLACE struct place q = NOWHERE;
	int r = gather_plainly(p, g, err);
	struct oq_h5 *masked;

	if (r == 0 || g->no_memory || g->n)
		goto out;
	masked = oq_h5_without_new(p->h, p->addr);
	if (masked && go_to(masked, p->addr, &q, NULL) == 0 &&
	    gather_plainly(&q, g, NULL) == 0 && gather_hidden(p, g))
		r = 0;
	else if (g->n == 0)
		gather_around(p, g);
	oq_h5_forget();
	if (g->n)
		qsort(g->v, g->n, sizeof(*g->v), by_name);
out:
	return g->no_memory ? oq_err_set(err, -ENOMEM, "out of memory") : r;
}

int oq_h5_attr_names(struct oq_h5 *h, uint64_t addr,
		     int (*each)(void *ctx, const char *name), void *ctx,
		     struct oq_err *err)
{
	OQ_PLACE struct place p = NOWHERE;
	struct names g = { 0 };
	int r = go_to(h, addr, &p, err), ended = 0;

	if (r || has_none(&p))
		return r;
	r = gather_names(&p, &g, err);
	for (size_t i = 0; i < g.n && !ended; i++)
		ended = each(ctx, g.v[i]);
	names_free(&g);
	return ended ? ended : r;
}

/* Move 'p' to the same object of the handle that hides attributes which this
 * HDF5 is too old for: there the object's other attributes can be read.  False,
 * and 'p' stays, where there is no such handle or 'name' is itself hidden. */
static bool pass_hidden(struct place *p, const char *name)
{
	struct oq_h5 *masked = oq_h5_without_new(p->h, p->addr);
	struct place q = NOWHERE;

	if (!masked || oq_h5_is_hidden(p->h, p->addr, name) ||
	    go_to(masked, p->addr, &q, NULL))
		return false;
	leave(p);
	*p = q;
	return true;
}

static htri_t look_for(const struct place *p, const char *name)
{
	return p->owned >= 0
		       ? H5Aexists(p->id, name)
		       : H5Aexists_by_name(p->id, p->path, name, p->h->lapl);
}

static bool exists(struct place *p, const char *name)
{
	htri_t is = look_for(p, name);

	if (is < 0 && pass_hidden(p, name))
		is = look_for(p, name);
	return is > 0;
}

bool oq_h5_attr_exists(struct oq_h5 *h, uint64_t addr, const char *name)
{
	OQ_PLACE struct place p = NOWHERE;
	bool is = go_to(h, addr, &p, NULL) == 0 && exists(&p, name);

	oq_h5_forget();
	return is;
}

size_t oq_h5_attr_first(struct oq_h5 *h, uint64_t addr,
			const char *const *names, size_t n)
{
	OQ_PLACE struct place p = NOWHERE;
	size_t i = go_to(h, addr, &p, NULL) || has_none(&p) ? n : 0;

	for (; i < n; i++)
		if ((i == 0 || strcmp(names[i], names[i - 1])) &&
		    exists(&p, names[i]))
			break;
	oq_h5_forget();
	return i;
}

/* ---- values ---- */

static int read_value(hid_t id, hid_t type, struct oq_attr *a,
		      struct oq_err *err)
{
	uint64_t nbytes;

	if (oq_mul_overflows(a->nelems, a->type->size, &nbytes) ||
	    nbytes > MAX_VALUE_BYTES)
		return oq_err_set(err, -EOVERFLOW,
				  "an attribute of more than 64 MiB");
	if (a->space == OQ_NULLSPACE)
		return 0;
	a->data = calloc(1, nbytes ? nbytes : 1);
	if (!a->data)
		return oq_err_set(err, -ENOMEM, "out of memory");
	if (nbytes == 0 || H5Aread(id, type, a->data) >= 0) {
		oq_timeval_turn(a->type, a->data, a->nelems);
		return 0;
	}
	/* What pointers lead to is leaked: nothing says which were set. */
	free(a->data);
	a->data = NULL;
	return oq_h5_fail(err, NULL);
}

static int describe(const struct oq_h5 *h, hid_t id, struct oq_attr *a,
		    struct oq_err *err)
{
	OQ_HID hid_t type = H5Aget_type(id);
	OQ_HID hid_t space = H5Aget_space(id);
	struct oq_h5_shape s;
	int r;

	if (type < 0 || space < 0)
		return oq_h5_fail(err, NULL);
	r = oq_h5_shape(space, &s, err);
	if (!r)
		r = oq_h5_type(h, type, &a->type, err);
	if (r)
		return r;
	a->space = s.space;
	a->rank = s.rank;
	memcpy(a->dims, s.dims, sizeof(a->dims));
	a->nelems = s.nelems;
	return read_value(id, type, a, err);
}

static hid_t open_named(const struct place *p, const char *name)
{
	return H5Aopen_by_name(p->id, p->path, name, H5P_DEFAULT, p->h->lapl);
}

/* Whether the attributes are in dense storage, where they are found by a hash
 * of their names: then the object's header has no attribute messages.  True
 * also where the header cannot be read. */
static bool is_dense(const struct place *p)
{
	H5O_native_info_t info;
	herr_t r =
		p->owned >= 0
			? H5Oget_native_info(p->id, &info, H5O_NATIVE_INFO_HDR)
			: H5Oget_native_info_by_name(p->id, p->path, &info,
						     H5O_NATIVE_INFO_HDR,
						     p->h->lapl);

	if (r >= 0 && info.hdr.mesg.present >> ATTRIBUTE_MESSAGE & 1)
		return false;
	return !has_none(p);
}

/* Open an attribute by its index among all names.  Some writers sort names
 * whose hashes collide otherwise than libhdf5 does, which then does not find
 * them by name. */
static hid_t open_placed(const struct place *p, const char *name,
			 struct oq_err *err, int *r)
{
	struct names g = { 0 };
	hid_t id = -1;

	*r = gather_names(p, &g, err);
	if (*r == 0)
		*r = oq_err_set(err, -ENOENT, "no such attribute");
	else
		names_free(&g);
	for (size_t i = 0; i < g.n && id < 0; i++)
		if (!strcmp(g.v[i], name))
			id = H5Aopen_by_idx(p->id, p->path, H5_INDEX_NAME,
					    H5_ITER_INC, i, H5P_DEFAULT,
					    p->h->lapl);
	names_free(&g);
	return id;
}

static hid_t open_attr(struct place *p, const char *name, struct oq_err *err,
		       int *r)
{
	htri_t is = look_for(p, name);
	hid_t id = is ? open_named(p, name) : -1;

	if (id >= 0)
		return id;
	if (is)
		*r = oq_h5_fail(err, NULL);
	else
		*r = oq_err_set(err, -ENOENT, "no such attribute");
	if (!is && is_dense(p)) {
		id = open_placed(p, name, err, r);
	} else if (is && pass_hidden(p, name)) {
		id = open_named(p, name);
		if (id < 0 && look_for(p, name) == 0)
			*r = oq_err_set(err, -ENOENT, "no such attribute");
	}
	oq_h5_forget();
	return id;
}

int oq_h5_attr_read(struct oq_h5 *h, uint64_t addr, const char *name,
		    struct oq_attr **out, struct oq_err *err)
{
	OQ_PLACE struct place p = NOWHERE;
	struct oq_attr *a;
	int r = go_to(h, addr, &p, err);

	if (r)
		return r;

	OQ_HID hid_t id = open_attr(&p, name, err, &r);

	if (id < 0)
		return r;
	a = calloc(1, sizeof(*a));
	if (!a)
		return oq_err_set(err, -ENOMEM, "out of memory");
	a->name = strdup(name);
	r = a->name ? describe(h, id, a, err)
		    : oq_err_set(err, -ENOMEM, "out of memory");
	if (r) {
		oq_h5_attr_free(a);
		return r;
	}
	*out = a;
	return 0;
}

void oq_h5_attr_free(struct oq_attr *a)
{
	if (!a)
		return;
	if (a->data)
		oq_h5_free_parts(a->type, a->data, a->nelems);
	free(a->data);
	oq_dtype_free(a->type);
	free(a->name);
	free(a);
}

char *oq_h5_attr_text(struct oq_h5 *h, uint64_t addr, const char *name)
{
	struct oq_attr *a = NULL;
	const char *s = NULL;
	char *text = NULL;
	size_t n;

	if (oq_h5_attr_read(h, addr, name, &a, NULL) < 0)
		return NULL;
	if (a->nelems == 1 && oq_dtype_is_text(a->type))
		s = oq_value_str(a->type, a->data, &n);
	if (s)
		text = strndup(s, n);
	oq_h5_attr_free(a);
	return text;
}

/* ---- comment ---- */

void oq_h5_put_comment(struct oq_h5 *h, uint64_t addr, struct oq_buf *out)
{
	OQ_PLACE struct place p = NOWHERE;
	OQ_FREE char *text = NULL;
	ssize_t n;

	if (go_to(h, addr, &p, NULL))
		return;
	n = H5Oget_comment_by_name(p.id, p.path, NULL, 0, h->lapl);
	if (n > 0 && n <= MAX_COMMENT_BYTES)
		text = calloc(1, (size_t)n + 1);
	if (text && H5Oget_comment_by_name(p.id, p.path, text, (size_t)n + 1,
					   h->lapl) >= 0)
		oq_buf_puts(out, text);
	oq_h5_forget();
}
