/* SPDX-License-Identifier: MIT */
/* frame.c - the engine's data frames: columns of one length, joined */

#include "lib/data/frame.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array/slab.h"
#include "lib/base/cleanup.h"
#include "lib/base/num.h"

#define MAX_COLUMNS 4096

/* ---- what the group says ---- */

/* The value of `__pdcolumns__`, or NULL. */
static char *column_names(const struct oq_env *env, uint64_t group)
{
	if (!oq_h5_attr_exists(env->h5, group, "__pdcolumns__"))
		return NULL;
	return oq_h5_attr_text(env->h5, group, "__pdcolumns__");
}

static int add_column(struct oq_frame *f, const char *name)
{
	struct oq_frame_col *cols;

	if (f->ncols == MAX_COLUMNS)
		return -ENOENT;
	cols = reallocarray(f->cols, f->ncols + 1, sizeof(*cols));
	if (!cols)
		return -ENOMEM;
	f->cols = cols;
	cols[f->ncols] = (struct oq_frame_col){ strdup(name), NULL };
	return cols[f->ncols++].name ? 0 : -ENOMEM;
}

static int split_names(struct oq_frame *f, char *names)
{
	char *save, *name = strtok_r(names, " ", &save);

	for (; name; name = strtok_r(NULL, " ", &save)) {
		int r = add_column(f, name);

		if (r < 0)
			return r;
	}
	return f->ncols ? 0 : -ENOENT;
}

/* ---- its columns ---- */

static int open_datasets(const struct oq_env *env, uint64_t group,
			 struct oq_frame *f)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < f->ncols; i++) {
		struct oq_frame_col *c = &f->cols[i];
		uint64_t addr = oq_h5_find(env->h5, group, c->name);

		r = addr == OQ_NO_ADDR
			    ? -ENOENT
			    : oq_h5_dset_open(env->h5, addr, &c->dset, NULL);
	}
	return r;
}

static int describe(struct oq_frame *f)
{
	struct oq_dtype *t = &f->type;

	t->cls = OQ_COMPOUND;
	t->members = calloc(f->ncols, sizeof(*t->members));
	if (!t->members)
		return -ENOMEM;
	f->nrows = UINT64_MAX;
	for (size_t i = 0; i < f->ncols; i++) {
		const struct oq_dataset *info =
			oq_h5_dset_info(f->cols[i].dset);

		if (info->rank != 1)
			return -ENOENT;
		t->members[i] = (struct oq_member){ f->cols[i].name, t->size,
						    info->type };
		t->nmembers++;
		if (__builtin_add_overflow(t->size, info->type->size, &t->size))
			return -ENOENT;
		f->nrows = oq_min_u64(f->nrows, info->dims[0]);
		if (info->refused && !f->refused) {
			f->refused = info->refused;
			f->why = info->why;
		}
	}
	return 0;
}

void oq_frame_close(struct oq_frame *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->ncols; i++) {
		oq_h5_dset_close(f->cols[i].dset);
		free(f->cols[i].name);
	}
	free(f->cols);
	free(f->type.members);
	free(f);
}

int oq_frame_open(const struct oq_env *env, uint64_t group,
		  struct oq_frame **out, struct oq_err *err)
{
	OQ_FREE char *names = column_names(env, group);
	struct oq_frame *f = names ? calloc(1, sizeof(*f)) : NULL;
	int r;

	if (!f)
		return oq_err_set(err, names ? -ENOMEM : -ENOENT,
				  "not a data frame");
	f->addr = group;
	r = split_names(f, names);
	if (r == 0)
		r = open_datasets(env, group, f);
	if (r == 0)
		r = describe(f);
	if (r < 0) {
		oq_frame_close(f);
		return oq_err_set(err, r == -ENOMEM ? r : -ENOENT,
				  "not a data frame");
	}
	*out = f;
	return 0;
}

int oq_frame_skip_pointers(struct oq_frame *f, struct oq_err *err)
{
	int r = 0;

	for (size_t i = 0; i < f->ncols && !r; i++)
		r = oq_h5_dset_skip_pointers(f->cols[i].dset, err);
	return r;
}

/* ---- joined ---- */

struct joined {
	struct oq_source base; /* first: a source is its frame */
	struct oq_frame *frame;
	size_t nsources;
	struct oq_source **sources; /* owned, one a column */
};

/* Between a column's packed elements and their places in the rows. */
static void spread(const struct oq_dtype *row, size_t i, size_t n,
		   uint8_t *packed, uint8_t *rows, bool back)
{
	size_t size = row->members[i].type->size;
	struct oq_copy c = { .rank = 1, .elem_bytes = size, .n = { n } };
	uint8_t *at = rows + row->members[i].offset;

	c.src_stride[0] = (int64_t)(back ? row->size : size);
	c.dst_stride[0] = (int64_t)(back ? size : row->size);
	oq_copy_run(&c, back ? at : packed, back ? packed : at);
}

static void release_columns(struct joined *j, size_t ncols, uint8_t *rows,
			    size_t n)
{
	const struct oq_dtype *t = j->base.type;

	for (size_t i = 0; i < ncols; i++) {
		OQ_FREE uint8_t *packed = NULL;

		if (!j->sources[i]->has_pointers)
			continue;
		packed = malloc(n * t->members[i].type->size);
		if (!packed) /* a leak, in a process that is out of memory */
			continue;
		spread(t, i, n, packed, rows, true);
		oq_source_release(j->sources[i], packed, n);
	}
}

static int read_rows(struct oq_source *s, uint64_t first, size_t n, void *out,
		     struct oq_err *err)
{
	struct joined *j = (struct joined *)s;

	for (size_t i = 0; i < j->nsources; i++) {
		OQ_FREE uint8_t *packed =
			malloc(n * s->type->members[i].type->size);
		int r = packed ? oq_source_read(j->sources[i], first, n, packed,
						err)
			       : oq_err_set(err, -ENOMEM, "no memory");

		if (r < 0) {
			release_columns(j, i, out, n);
			return r;
		}
		spread(s->type, i, n, packed, out, false);
	}
	return 0;
}

static void release_rows(struct oq_source *s, void *elems, size_t n)
{
	struct joined *j = (struct joined *)s;

	release_columns(j, j->nsources, elems, n);
}

static void ahead_rows(struct oq_source *s, uint64_t first, uint64_t n)
{
	struct joined *j = (struct joined *)s;

	for (size_t i = 0; i < j->nsources; i++)
		oq_source_ahead(j->sources[i], first, n);
}

/* ---- one column ---- */

static int read_column(struct oq_source *s, size_t i, uint64_t first, size_t n,
		       void *out, struct oq_err *err)
{
	return oq_source_read(((struct joined *)s)->sources[i], first, n, out,
			      err);
}

static void release_column(struct oq_source *s, size_t i, void *elems, size_t n)
{
	oq_source_release(((struct joined *)s)->sources[i], elems, n);
}

static void ahead_column(struct oq_source *s, size_t i, uint64_t first,
			 uint64_t n)
{
	oq_source_ahead(((struct joined *)s)->sources[i], first, n);
}

/* ---- open, close ---- */

static void close_rows(struct oq_source *s)
{
	struct joined *j = (struct joined *)s;

	for (size_t i = 0; i < j->nsources; i++)
		oq_source_close(j->sources[i]);
	oq_frame_close(j->frame); /* its datasets are the sources' by now */
	free(j->sources);
	free(j);
}

/* Columns longer than the frame are cut to its rows. */
static int open_columns(const struct oq_env *env, struct joined *j,
			const struct oq_sel *sel, struct oq_err *err)
{
	struct oq_frame *f = j->frame;

	for (size_t i = 0; i < f->ncols; i++) {
		int r = oq_source_open(env, f->cols[i].dset, sel,
				       &j->sources[i], err);

		if (r < 0)
			return r;
		f->cols[i].dset = NULL;
		j->nsources++;
		j->base.has_pointers |= j->sources[i]->has_pointers;
		j->base.block_bytes += j->sources[i]->block_bytes;
	}
	return 0;
}

int oq_frame_join(const struct oq_env *env, struct oq_frame *f,
		  const struct oq_sel *sel, struct oq_source **out,
		  struct oq_err *err)
{
	struct joined *j = calloc(1, sizeof(*j));
	struct oq_sel all;
	int r;

	if (j)
		j->sources = calloc(f->ncols, sizeof(struct oq_source *));
	if (!j || !j->sources) {
		free(j);
		oq_frame_close(f);
		return oq_err_set(err, -ENOMEM, "no memory");
	}
	if (!sel) {
		(void)oq_sel_init_all(&all, 1, &f->nrows);
		sel = &all;
	}
	j->frame = f;
	j->base = (struct oq_source){
		.type = &f->type,
		.nelems = sel->nelems,
		.file_off = OQ_NO_ADDR,
		.read = read_rows,
		.release = release_rows,
		.ahead = ahead_rows,
		.close = close_rows,
		.read_member = read_column,
		.release_member = release_column,
		.ahead_member = ahead_column,
	};
	r = f->refused ? oq_err_set(err, f->refused, "%s", f->why.text)
		       : open_columns(env, j, sel, err);
	if (r < 0) {
		close_rows(&j->base);
		return r;
	}
	*out = &j->base;
	return 0;
}
