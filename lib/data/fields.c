/* SPDX-License-Identifier: MIT */
/* fields.c - some fields of a compound's elements */

#include "lib/data/fields.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"

/* Elements read at once. */
#define RUN_BYTES ((size_t)1 << 20)

struct oq_fields {
	size_t n;
	/* Members' types are those of the type chosen from; their names, as
	 * they were asked for, are the packed type's. */
	struct oq_dtype packed, in_place;
	size_t *from; /* offsets in the whole element */
};

/* The member that a dotted name says, and its offset. */
static const struct oq_member *find(const struct oq_dtype *t, const char *name,
				    size_t *offset)
{
	for (size_t i = 0; t->cls == OQ_COMPOUND && i < t->nmembers; i++) {
		const struct oq_member *m = &t->members[i];
		size_t n = strlen(m->name), base = *offset;
		const struct oq_member *deeper = NULL;

		if (strncmp(m->name, name, n) != 0)
			continue;
		*offset = base + m->offset;
		if (!name[n])
			return m;
		if (name[n] == '.')
			deeper = find(m->type, name + n + 1, offset);
		if (deeper)
			return deeper;
		*offset = base;
	}
	return NULL;
}

static int not_found(const struct oq_dtype *t, const char *name,
		     struct oq_err *err)
{
	if (t->cls == OQ_COMPOUND)
		return oq_err_set(err, -ENOENT, "there is no member '%s'",
				  name);
	return oq_err_set(err, -ENOENT,
			  "'%s' is no index and no range, and there are no "
			  "members",
			  name);
}

static int choose(struct oq_fields *f, const struct oq_dtype *t,
		  const char *const *names, size_t n, struct oq_err *err)
{
	for (size_t i = 0; i < n; i++) {
		size_t offset = 0;
		const struct oq_member *m = find(t, names[i], &offset);
		char *name;

		if (!m)
			return not_found(t, names[i], err);
		for (size_t k = 0; k < i; k++)
			if (strcmp(names[k], names[i]) == 0)
				return oq_err_set(err, -ENOENT,
						  "member '%s' is given twice",
						  names[i]);
		name = strdup(names[i]);
		if (!name)
			return oq_err_set(err, -ENOMEM, "no memory");
		f->from[i] = offset;
		f->packed.members[i] = (struct oq_member){ name, f->packed.size,
							   m->type, m->role };
		f->in_place.members[i] =
			(struct oq_member){ name, offset, m->type, m->role };
		/* There are few, so this does not overflow. */
		f->packed.size += m->type->size;
		f->packed.nmembers = f->in_place.nmembers = f->n = i + 1;
	}
	f->in_place.size = t->size;
	return 0;
}

int oq_fields_new(const struct oq_dtype *t, const char *const *names, size_t n,
		  struct oq_fields **out, struct oq_err *err)
{
	struct oq_fields *f = calloc(1, sizeof(*f));
	int r = oq_err_set(err, -ENOMEM, "no memory");

	if (f) {
		f->from = calloc(n, sizeof(*f->from));
		f->packed.cls = f->in_place.cls = OQ_COMPOUND;
		f->packed.members = calloc(n, sizeof(*f->packed.members));
		f->in_place.members = calloc(n, sizeof(*f->packed.members));
		if (f->from && f->packed.members && f->in_place.members)
			r = choose(f, t, names, n, err);
	}
	if (r < 0) {
		oq_fields_free(f);
		return r;
	}
	*out = f;
	return 0;
}

void oq_fields_free(struct oq_fields *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++)
		free(f->packed.members[i].name);
	free(f->from);
	free(f->packed.members);
	free(f->in_place.members);
	free(f);
}

const struct oq_dtype *oq_fields_packed(const struct oq_fields *f)
{
	return f->n == 1 ? f->packed.members[0].type : &f->packed;
}

/* ---- as a source ---- */

struct picked {
	struct oq_source base; /* first: a source is its fields */
	struct oq_fields *fields;
	struct oq_source *src;
	size_t *members; /* owned: which ones of 'src' they are; or NULL */
};

static void pick(const struct oq_fields *f, size_t n, const uint8_t *whole,
		 uint8_t *out)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct oq_member *m = &f->packed.members[i];
		struct oq_copy c = {
			.rank = 1,
			.elem_bytes = m->type->size,
			.n = { n },
			.src_stride = { (int64_t)f->in_place.size },
			.dst_stride = { (int64_t)f->packed.size },
		};

		oq_copy_run(&c, whole + f->from[i], out + m->offset);
	}
}

static int read_picked(struct oq_source *s, uint64_t first, size_t n, void *out,
		       struct oq_err *err)
{
	struct picked *p = (struct picked *)s;
	size_t whole_bytes = p->src->type->size;
	size_t run = oq_max_u64(1, RUN_BYTES / whole_bytes);
	OQ_FREE uint8_t *whole = malloc(oq_min_u64(n, run) * whole_bytes);
	uint8_t *to = out;

	if (!whole)
		return oq_err_set(err, -ENOMEM, "no memory");
	while (n) {
		size_t now = oq_min_u64(n, run);
		int r = oq_source_read(p->src, first, now, whole, err);

		if (r < 0)
			return r;
		pick(p->fields, now, whole, to);
		to += now * s->type->size;
		first += now;
		n -= now;
	}
	return 0;
}

/* ---- members of 'src' that are stored apart ---- */

static int read_member(struct oq_source *s, size_t i, uint64_t first, size_t n,
		       void *out, struct oq_err *err)
{
	struct picked *p = (struct picked *)s;

	return p->src->read_member(p->src, p->members[i], first, n, out, err);
}

static void release_member(struct oq_source *s, size_t i, void *elems, size_t n)
{
	struct picked *p = (struct picked *)s;

	p->src->release_member(p->src, p->members[i], elems, n);
}

static void ahead_member(struct oq_source *s, size_t i, uint64_t first,
			 uint64_t n)
{
	struct picked *p = (struct picked *)s;

	p->src->ahead_member(p->src, p->members[i], first, n);
}

/* The elements are one member. */
static int read_lone(struct oq_source *s, uint64_t first, size_t n, void *out,
		     struct oq_err *err)
{
	return read_member(s, 0, first, n, out, err);
}

static void ahead_lone(struct oq_source *s, uint64_t first, uint64_t n)
{
	ahead_member(s, 0, first, n);
}

/* The number of the member of 't' that a field is; nmembers where it is only a
 * part of one. */
static size_t which_member(const struct oq_fields *f, size_t i,
			   const struct oq_dtype *t)
{
	size_t k = 0;

	while (k < t->nmembers &&
	       (t->members[k].offset != f->from[i] ||
		t->members[k].type != f->packed.members[i].type))
		k++;
	return k;
}

/* Find the member that each field is, unless one is none.  Returns 0 or
 * -ENOMEM. */
static int find_members(struct picked *p)
{
	const struct oq_fields *f = p->fields;
	const struct oq_dtype *t = p->src->type;
	OQ_FREE size_t *members = NULL;

	if (!p->src->read_member)
		return 0;
	members = calloc(f->n, sizeof(*members));
	if (!members)
		return -ENOMEM;
	for (size_t i = 0; i < f->n; i++) {
		members[i] = which_member(f, i, t);
		if (members[i] == t->nmembers)
			return 0;
	}
	p->members = oq_steal(&members);
	return 0;
}

/* Read these members alone, if there are any. */
static void use_members(struct picked *p)
{
	struct oq_source *s = &p->base;

	if (!p->members)
		return;
	if (p->fields->n == 1 && !s->has_pointers) {
		s->read = read_lone;
		s->ahead = ahead_lone;
		return;
	}
	s->read_member = read_member;
	s->release_member = release_member;
	s->ahead_member = ahead_member;
}

/* ---- open, close ---- */

static int read_in_place(struct oq_source *s, uint64_t first, size_t n,
			 void *out, struct oq_err *err)
{
	return oq_source_read(((struct picked *)s)->src, first, n, out, err);
}

static void release_in_place(struct oq_source *s, void *elems, size_t n)
{
	oq_source_release(((struct picked *)s)->src, elems, n);
}

static void ahead_picked(struct oq_source *s, uint64_t first, uint64_t n)
{
	oq_source_ahead(((struct picked *)s)->src, first, n);
}

static void close_picked(struct oq_source *s)
{
	struct picked *p = (struct picked *)s;

	oq_source_close(p->src);
	oq_fields_free(p->fields);
	free(p->members);
	free(p);
}

int oq_fields_open(struct oq_fields *f, struct oq_source *src,
		   struct oq_source **out, struct oq_err *err)
{
	struct picked *p = calloc(1, sizeof(*p));

	if (p) {
		p->fields = f;
		p->src = src;
	}
	if (!p || find_members(p) < 0) {
		free(p);
		oq_source_close(src);
		oq_fields_free(f);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	p->base = (struct oq_source){
		.type = src->has_pointers ? &f->in_place : oq_fields_packed(f),
		.nelems = src->nelems,
		.file_off = OQ_NO_ADDR,
		.block_bytes = src->block_bytes,
		.has_pointers = src->has_pointers,
		.read = src->has_pointers ? read_in_place : read_picked,
		.release = release_in_place,
		.ahead = ahead_picked,
		.close = close_picked,
	};
	use_members(p);
	*out = &p->base;
	return 0;
}
