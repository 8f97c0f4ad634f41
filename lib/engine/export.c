/* SPDX-License-Identifier: MIT */
/* export.c - the files that the engine's own export would write
 *
 * Events, and the sites of ground motion fields.
 */

#include "lib/engine/export.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/data/content.h"
#include "lib/data/source.h"
#include "lib/table/csv.h"

#define BLOCK_ROWS 4096

/* One file: rows of a table of the own or of another datastore. */
struct kind {
	const char *name;
	const char *needs;  /* of the own datastore */
	const char *object; /* of any, the own one first */
	const char *slice;  /* the fields */
	const char *heading;
	bool (*may_be)(const struct oq_dtype *t);
	void (*put)(const struct oq_dtype *t, const uint8_t *elem,
		    struct oq_buf *out);
};

struct oq_exports {
	const struct oq_env *own;
	char *comment; /* owned: what metadata every file has */
	char *number;  /* owned */
	char *absent;  /* owned; or NULL */
	struct {
		const struct kind *kind;
		const struct oq_env *env;
		char name[64];
	} files[2];
	size_t n;
	struct oq_buf left_out;
};

/* ---- rows ---- */

static bool are_events(const struct oq_dtype *t)
{
	return t->cls == OQ_COMPOUND;
}

static void put_event(const struct oq_dtype *t, const uint8_t *elem,
		      struct oq_buf *out)
{
	for (size_t i = 0; i < t->nmembers; i++) {
		const struct oq_member *m = &t->members[i];

		if (i)
			oq_buf_putc(out, ',');
		oq_value_put_csv(m->type, elem + m->offset, NULL, out);
	}
}

static bool are_sites(const struct oq_dtype *t)
{
	return t->cls == OQ_COMPOUND && t->nmembers == 3 &&
	       t->members[0].type->size == 4 && t->members[1].type->size == 8 &&
	       t->members[2].type->size == 8;
}

static void put_site(const struct oq_dtype *t, const uint8_t *elem,
		     struct oq_buf *out)
{
	double lon, lat;
	uint32_t sid;

	memcpy(&sid, elem + t->members[0].offset, sizeof(sid));
	memcpy(&lon, elem + t->members[1].offset, sizeof(lon));
	memcpy(&lat, elem + t->members[2].offset, sizeof(lat));
	oq_buf_printf(out, "%" PRIu32 ",%.6E,%.6E", sid, lon, lat);
}

static const struct kind kinds[] = {
	{ "events", "events", "events", "", "event_id,rup_id,rlz_id",
	  are_events, put_event },
	{ "sitemesh", "gmf_data", "sitecol", "[sids,lon,lat]",
	  "site_id,lon,lat", are_sites, put_site },
};

/* ---- one file ---- */

struct table {
	struct oq_export e; /* first */
	const struct kind *kind;
	struct oq_source *src; /* owned */
};

static int render(struct oq_export *e, uint64_t first, size_t n,
		  struct oq_buf *out, struct oq_err *err)
{
	struct table *t = (struct table *)e;
	size_t size = t->src->type->size;
	OQ_FREE uint8_t *rows = malloc(n * size + 1);
	int r;

	if (!rows)
		return oq_err_set(err, -ENOMEM, "no memory");
	r = oq_source_read(t->src, first, n, rows, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < n; i++) {
		t->kind->put(t->src->type, rows + i * size, out);
		oq_buf_puts(out, "\r\n");
	}
	oq_source_release(t->src, rows, n);
	return 0;
}

static void close_table(struct oq_export *e)
{
	struct table *t = (struct table *)e;

	oq_source_close(t->src);
	free(t);
}

static int open_source(const struct oq_env *env, const struct kind *k,
		       struct oq_source **out, struct oq_err *err)
{
	struct oq_content_spec spec = {
		.env = env,
		.addr = oq_h5_find(env->h5, oq_h5_root(env->h5), k->object),
		.name = k->object,
		.slice = k->slice,
		.slice_len = strlen(k->slice),
	};
	struct oq_content *c;
	int r;

	if (spec.addr == OQ_NO_ADDR)
		return oq_err_set(err, -ENOENT, "there is no %s", k->object);
	r = oq_content_open(&spec, &c, err);
	if (r < 0)
		return r;
	r = oq_content_source(c, out, err);
	oq_content_close(c);
	if (r == 0 && !k->may_be((*out)->type)) {
		oq_source_close(*out);
		r = oq_err_set(err, -EIO, "%s is of another kind", k->object);
	}
	return r;
}

int oq_exports_open(const struct oq_exports *x, const char *name,
		    struct oq_export **out, struct oq_err *err)
{
	struct table *t;
	size_t i = 0;
	int r;

	while (i < x->n && strcmp(x->files[i].name, name) != 0)
		i++;
	if (i == x->n)
		return oq_err_set(err, -ENOENT, "no such export");
	t = calloc(1, sizeof(*t));
	if (!t)
		return oq_err_set(err, -ENOMEM, "no memory");
	t->kind = x->files[i].kind;
	r = open_source(x->files[i].env, t->kind, &t->src, err);
	if (r < 0) {
		free(t);
		return r;
	}
	t->e.nrows = t->src->nelems;
	t->e.block_rows = BLOCK_ROWS;
	t->e.render = render;
	t->e.close = close_table;
	oq_buf_printf(&t->e.head, "#,,\"%s\"\r\n%s\r\n", x->comment,
		      t->kind->heading);
	*out = &t->e;
	return 0;
}

/* ---- the list ---- */

static bool has(const struct oq_env *env, const char *name)
{
	return oq_h5_find(env->h5, oq_h5_root(env->h5), name) != OQ_NO_ADDR;
}

static void leave_out(struct oq_exports *x, const char *kind, const char *why)
{
	oq_buf_puts(&x->left_out, x->left_out.len ? ", " : "");
	oq_json_put_str(kind, strlen(kind), false, &x->left_out);
	oq_buf_puts(&x->left_out, ": ");
	oq_json_put_str(why, strlen(why), false, &x->left_out);
}

static void add(struct oq_exports *x, const struct oq_exports_spec *s,
		const struct kind *k)
{
	const struct oq_env *env = NULL;

	if (!has(s->own, k->needs))
		return;
	if (has(s->own, k->object))
		env = s->own;
	for (size_t i = 0; !env && i < s->nparents; i++)
		if (has(s->parents[i], k->object))
			env = s->parents[i];
	if (!env) {
		leave_out(x, k->name, x->absent ? x->absent : "no inputs");
		return;
	}
	x->files[x->n].kind = k;
	x->files[x->n].env = env;
	snprintf(x->files[x->n].name, sizeof(x->files[x->n].name), "%s%s%s",
		 k->name, x->number ? "_" : "", x->number ? x->number : "");
	x->n++;
}

int oq_exports_new(const struct oq_exports_spec *s, struct oq_exports **out,
		   struct oq_err *err)
{
	uint64_t root = oq_h5_root(s->own->h5);
	OQ_FREE char *version =
		oq_h5_attr_text(s->own->h5, root, "engine_version");
	struct oq_exports *x;

	if (!version)
		return oq_err_set(err, -ENOENT, "no engine's version is known");
	if (strncmp(version, "3.3.", 4) == 0)
		return oq_err_set(err, -ENOENT, "version 3.3 is not known");
	x = calloc(1, sizeof(*x));
	if (!x)
		return oq_err_set(err, -ENOMEM, "no memory");
	x->own = s->own;
	if (asprintf(&x->comment, "generated_by='OpenQuake engine %s'",
		     version) < 0)
		x->comment = NULL;
	x->number = s->number ? strdup(s->number) : NULL;
	x->absent = s->absent ? strdup(s->absent) : NULL;
	if (!x->comment || (s->number && !x->number) ||
	    (s->absent && !x->absent)) {
		oq_exports_free(x);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		add(x, s, &kinds[i]);
	*out = x;
	return 0;
}

void oq_exports_free(struct oq_exports *x)
{
	if (!x)
		return;
	free(x->comment);
	free(x->number);
	free(x->absent);
	oq_buf_free(&x->left_out);
	free(x);
}

size_t oq_exports_count(const struct oq_exports *x)
{
	return x->n;
}

const char *oq_exports_name(const struct oq_exports *x, size_t i)
{
	return x->files[i].name;
}

void oq_exports_put_left_out(const struct oq_exports *x, struct oq_buf *out)
{
	oq_buf_putc(out, '{');
	oq_buf_put(out, x->left_out.data, x->left_out.len);
	oq_buf_putc(out, '}');
}
