/* SPDX-License-Identifier: MIT */
/* frames.c - tables as parts of a sheet */

#include "lib/sheet/frames.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/data/frame.h"

const struct oq_dtype *oq_frames_type(const struct oq_sheet *s, unsigned part)
{
	return s->parts[part].source->type;
}

static int open_source(const struct oq_place *at, struct oq_source **out,
		       struct oq_err *err)
{
	struct oq_frame *frame = NULL;
	struct oq_h5_dset *d = NULL;
	enum oq_kind kind;
	int e = oq_h5_kind(at->env->h5, at->addr, &kind, err);

	if (e < 0)
		return e;
	if (kind == OQ_KIND_GROUP) {
		e = oq_frame_open(at->env, at->addr, false, &frame, err);
		return e ? e : oq_frame_join(at->env, frame, NULL, out, err);
	}
	e = oq_h5_dset_open(at->env->h5, at->addr, &d, err);
	if (e < 0)
		return e;
	if (oq_h5_dset_info(d)->rank != 1)
		e = oq_err_set(err, -EIO, "a table of more than one axis");
	else
		e = oq_source_open(at->env, d, NULL, out, err);
	if (e < 0)
		oq_h5_dset_close(d);
	return e;
}

int oq_frames_add_part(struct oq_sheet *s, const struct oq_calculation *c,
		       const char *path, unsigned *part, struct oq_err *err)
{
	struct oq_source *source = NULL;
	struct oq_place at;
	int e;

	if (!oq_calculation_find(c, path, &at))
		return oq_calculation_absent(c, path, err);
	e = open_source(&at, &source, err);
	if (e < 0)
		return e;
	if (!s->nparts && !s->ncolumns)
		s->export.nrows = source->nelems;
	if (source->nelems != s->export.nrows) {
		oq_source_close(source);
		return oq_err_set(err, -EIO,
				  "'%s' has not as many rows as "
				  "what goes with it",
				  path);
	}
	return oq_sheet_add_part(s, source, 1, part, err);
}

bool oq_frames_word(const char *words, const char *word)
{
	size_t len = strlen(word);

	while (*words) {
		size_t n = strcspn(words, " ");

		if (n == len && memcmp(words, word, n) == 0)
			return true;
		words += n + strspn(words + n, " ");
	}
	return false;
}

int oq_frames_add_fields(struct oq_sheet *s, unsigned part, const char *but,
			 struct oq_err *err)
{
	const struct oq_dtype *t = oq_frames_type(s, part);

	if (t->cls != OQ_COMPOUND)
		return oq_err_set(err, -EIO, "a table without columns");
	for (size_t i = 0; i < t->nmembers; i++) {
		const char *name = t->members[i].name;

		if (!oq_frames_word(but, name) &&
		    !oq_sheet_add_field(s, name, part, 0, name, err))
			return -EIO;
	}
	return 0;
}

struct oq_column *oq_frames_column(struct oq_sheet *s, const char *name)
{
	for (size_t i = 0; i < s->ncolumns; i++)
		if (s->columns[i].name && strcmp(s->columns[i].name, name) == 0)
			return &s->columns[i];
	return NULL;
}

void oq_frames_rename(struct oq_sheet *s, struct oq_column *c, const char *name)
{
	free(c->name);
	c->name = strdup(name);
	s->failed |= !c->name;
}

void oq_frames_move_last(struct oq_sheet *s, struct oq_column *c)
{
	struct oq_column moved = *c;
	size_t after = (size_t)(s->columns + s->ncolumns - (c + 1));

	memmove(c, c + 1, after * sizeof(*c));
	s->columns[s->ncolumns - 1] = moved;
}

/* ---- in memory ---- */

static int list_columns(const struct oq_place *at, struct oq_names *out,
			struct oq_err *err)
{
	OQ_FREE char *names =
		oq_h5_attr_text(at->env->h5, at->addr, "__pdcolumns__");
	int e = 0;

	if (!names)
		return oq_err_set(err, -EIO, "a table without columns");
	for (const char *p = names; !e && *p;) {
		size_t n = strcspn(p, " ");

		e = n ? oq_names_add(out, p, n) : 0;
		p += n + strspn(p + n, " ");
	}
	return e;
}

static int read_columns(const struct oq_place *at, struct oq_table_values *t,
			struct oq_err *err)
{
	int e = 0;

	for (size_t i = 0; !e && i < t->names.n; i++) {
		uint64_t addr =
			oq_h5_find(at->env->h5, at->addr, t->names.name[i]);

		if (addr == OQ_NO_ADDR)
			return oq_err_set(err, -EIO, "no column '%s'",
					  t->names.name[i]);
		e = oq_values_read(at->env, addr, NULL, &t->values[i], err);
		if (!e && i && t->values[i].n != t->nrows)
			e = oq_err_set(err, -EIO,
				       "columns that differ in length");
		t->nrows = t->values[i].n;
	}
	return e;
}

int oq_frames_read(const struct oq_calculation *c, const char *path,
		   struct oq_table_values *out, struct oq_err *err)
{
	struct oq_place at;
	int e;

	*out = (struct oq_table_values){ 0 };
	if (!oq_calculation_find(c, path, &at))
		return oq_calculation_absent(c, path, err);
	e = list_columns(&at, &out->names, err);
	if (!e) {
		out->values = calloc(out->names.n + 1, sizeof(*out->values));
		e = out->values ? read_columns(&at, out, err) : -ENOMEM;
	}
	if (e < 0)
		oq_frames_free(out);
	return e;
}

void oq_frames_free(struct oq_table_values *t)
{
	for (size_t i = 0; t->values && i < t->names.n; i++)
		oq_values_free(&t->values[i]);
	free(t->values);
	oq_names_free(&t->names);
	*t = (struct oq_table_values){ 0 };
}

const struct oq_values *oq_frames_find(const struct oq_table_values *t,
				       const char *name)
{
	for (size_t i = 0; i < t->names.n; i++)
		if (strcmp(t->names.name[i], name) == 0)
			return &t->values[i];
	return NULL;
}

const int64_t *oq_frames_ints(const struct oq_table_values *t, const char *name)
{
	const struct oq_values *v = oq_frames_find(t, name);

	return v ? v->i : NULL;
}
