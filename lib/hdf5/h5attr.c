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

/* Where an object's attributes are asked for: at the object, or, where that
 * does not open (a dataset of a type that this HDF5 does not know), at a path
 * to it, which needs no open. */
struct place {
	hid_t id;
	hid_t owned; /* the same, or -1 where it is the file's */
	const char *path;
};

static void leave(const struct place *p)
{
	oq_h5_drop(&p->owned);
}

#define OQ_PLACE __attribute__((cleanup(leave)))

static int go_to(struct oq_h5 *h, uint64_t addr, struct place *p,
		 struct oq_err *err)
{
	int r;

	p->id = p->owned = oq_h5_object(h, addr);
	p->path = ".";
	if (p->id >= 0)
		return 0;
	r = oq_h5_fail(err, NULL);
	p->id = h->file;
	p->path = oq_h5_path(h, addr);
	return p->path ? 0 : r;
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

static char *name_at(const struct oq_h5 *h, const struct place *p, hsize_t i)
{
	ssize_t n = H5Aget_name_by_idx(p->id, p->path, H5_INDEX_NAME,
				       H5_ITER_INC, i, NULL, 0, h->lapl);
	char *name;

	if (n < 0)
		return NULL;
	name = calloc(1, (size_t)n + 1);
	if (name &&
	    H5Aget_name_by_idx(p->id, p->path, H5_INDEX_NAME, H5_ITER_INC, i,
			       name, (size_t)n + 1, h->lapl) < 0) {
		free(name);
		return NULL;
	}
	return name;
}

/* An iteration opens the object first; asking for one name after the other
 * does not, so this works on an object that will not open. */
static bool gather_singly(const struct oq_h5 *h, const struct place *p,
			  struct names *g)
{
	H5O_info2_t info;

	if (H5Oget_info_by_name3(p->id, p->path, &info, H5O_INFO_NUM_ATTRS,
				 h->lapl) < 0)
		return false;
	while (g->n < info.num_attrs) {
		char *name = name_at(h, p, g->n);

		if (!name || !add_name(g, name))
			return false;
	}
	return true;
}

static int gather_names(const struct oq_h5 *h, const struct place *p,
			struct names *g, struct oq_err *err)
{
	hsize_t at = 0;
	int r;

	if (H5Aiterate_by_name(p->id, p->path, H5_INDEX_NAME, H5_ITER_INC, &at,
			       gather_name, g, h->lapl) >= 0)
		return 0;
	r = oq_h5_fail(err, NULL);
	if (g->no_memory)
		return oq_err_set(err, -ENOMEM, "out of memory");
	if (g->n == 0 && gather_singly(h, p, g))
		r = 0;
	oq_h5_forget();
	return r;
}

int oq_h5_attr_names(struct oq_h5 *h, uint64_t addr,
		     int (*each)(void *ctx, const char *name), void *ctx,
		     struct oq_err *err)
{
	OQ_PLACE struct place p = { -1, -1, NULL };
	struct names g = { 0 };
	int r = go_to(h, addr, &p, err), ended = 0;

	if (r)
		return r;
	r = gather_names(h, &p, &g, err);
	for (size_t i = 0; i < g.n && !ended; i++)
		ended = each(ctx, g.v[i]);
	names_free(&g);
	return ended ? ended : r;
}

size_t oq_h5_attr_first(struct oq_h5 *h, uint64_t addr,
			const char *const *names, size_t n)
{
	OQ_PLACE struct place p = { -1, -1, NULL };
	size_t i = go_to(h, addr, &p, NULL) ? n : 0;

	for (; i < n; i++)
		if ((i == 0 || strcmp(names[i], names[i - 1])) &&
		    H5Aexists_by_name(p.id, p.path, names[i], h->lapl) > 0)
			break;
	oq_h5_forget();
	return i;
}

bool oq_h5_attr_exists(struct oq_h5 *h, uint64_t addr, const char *name)
{
	OQ_PLACE struct place p = { -1, -1, NULL };
	htri_t is;

	if (go_to(h, addr, &p, NULL))
		return false;
	is = H5Aexists_by_name(p.id, p.path, name, h->lapl);
	oq_h5_forget();
	return is > 0;
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
	/* Which of its pointers were filled in is not known: lose them. */
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

/* Open by name; where that finds nothing, by the place among all names: some
 * writers sort names whose hashes collide in an order of their own. */
static hid_t open_attr(const struct oq_h5 *h, const struct place *p,
		       const char *name, struct oq_err *err, int *r)
{
	hid_t id = H5Aopen_by_name(p->id, p->path, name, H5P_DEFAULT, h->lapl);
	struct names g = { 0 };

	if (id >= 0)
		return id;
	*r = oq_h5_fail(err, NULL);
	if (H5Aexists_by_name(p->id, p->path, name, h->lapl) == 0 &&
	    !gather_names(h, p, &g, NULL)) {
		*r = oq_err_set(err, -ENOENT, "no such attribute");
		for (size_t i = 0; i < g.n && id < 0; i++)
			if (!strcmp(g.v[i], name))
				id = H5Aopen_by_idx(p->id, p->path,
						    H5_INDEX_NAME, H5_ITER_INC,
						    i, H5P_DEFAULT, h->lapl);
	}
	oq_h5_forget();
	names_free(&g);
	return id;
}

int oq_h5_attr_read(struct oq_h5 *h, uint64_t addr, const char *name,
		    struct oq_attr **out, struct oq_err *err)
{
	OQ_PLACE struct place p = { -1, -1, NULL };
	struct oq_attr *a;
	int r = go_to(h, addr, &p, err);

	if (r)
		return r;

	OQ_HID hid_t id = open_attr(h, &p, name, err, &r);

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
	OQ_PLACE struct place p = { -1, -1, NULL };
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
