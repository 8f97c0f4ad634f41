/* SPDX-License-Identifier: MIT */
/* columns.c - the columns of a table that a group is */

#include "lib/convention/columns.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/convention/meaning.h"
#include "lib/type/texts.h"
#include "lib/type/timeval.h"

#define MAX_COLUMNS	   4096
#define MAX_WIDTH	   1024 /* elements of a row */
/* What the categories of a column may take, and the longest of them. */
#define MAX_CATEGORY_BYTES ((uint64_t)64 << 20)
#define MAX_CATEGORY	   4096

void oq_columns_drop(struct oq_columns *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct oq_frame_column *col = &c->v[i];

		free(col->name);
		free(col->texts);
		free(col->starts);
		if (col->own &&
		    (col->own->cls == OQ_MASKED || col->own->cls == OQ_ARRAY))
			col->own->base = NULL; /* borrowed */
		oq_dtype_free(col->own);
	}
	for (size_t i = 0; i < c->nparts; i++)
		oq_h5_dset_close(c->parts[i]);
	free(c->v);
	free(c->parts);
	oq_buf_free(&c->left_out);
	*c = (struct oq_columns){ 0 };
}

uint64_t oq_columns_width(const struct oq_dataset *info)
{
	uint64_t width;

	if (info->rank == 0 ||
	    oq_product_overflows(info->dims + 1, info->rank - 1, &width))
		return 0;
	return width <= MAX_WIDTH ? width : 0;
}

static int add_part(struct oq_columns *c, struct oq_h5 *h5, uint64_t addr,
		    uint64_t max_rank, size_t *part)
{
	struct oq_h5_dset **parts = NULL, *d = NULL;
	const struct oq_dataset *info;
	int r = addr == OQ_NO_ADDR ? -ENOENT
				   : oq_meaning_open(h5, true, addr, &d, NULL);

	if (r < 0)
		return r;
	info = oq_h5_dset_info(d);
	if (info->rank > max_rank || !oq_columns_width(info))
		r = -ENOENT;
	else
		parts = reallocarray(c->parts, c->nparts + 1,
				     sizeof(struct oq_h5_dset *));
	if (!parts) {
		oq_h5_dset_close(d);
		return r ? r : -ENOMEM;
	}
	if (info->refused && !c->refused) {
		c->refused = info->refused;
		c->why = info->why;
	}
	c->parts = parts;
	parts[c->nparts] = d;
	*part = c->nparts++;
	return 0;
}

int oq_columns_add_part(struct oq_columns *c, struct oq_h5 *h5, uint64_t addr,
			size_t *part)
{
	return add_part(c, h5, addr, 1, part);
}

int oq_columns_add_wide(struct oq_columns *c, struct oq_h5 *h5, uint64_t addr,
			size_t *part)
{
	return add_part(c, h5, addr, OQ_MAX_RANK, part);
}

/* All of a row of several elements. */
static struct oq_dtype *row_type(const struct oq_dataset *info)
{
	struct oq_dtype *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->cls = OQ_ARRAY;
	t->rank = info->rank - 1;
	memcpy(t->dims, info->dims + 1, t->rank * sizeof(*t->dims));
	t->size = oq_columns_width(info) * info->type->size;
	t->base = info->type;
	return t;
}

int oq_columns_add(struct oq_columns *c, const char *name, size_t part,
		   size_t offset, const struct oq_dtype *stored)
{
	const struct oq_dataset *info = oq_h5_dset_info(c->parts[part]);
	struct oq_frame_column *v;
	struct oq_dtype *own = NULL;

	if (c->n == MAX_COLUMNS)
		return -ENOENT;
	v = reallocarray(c->v, c->n + 1, sizeof(*v));
	if (!v)
		return -ENOMEM;
	c->v = v;
	if (!stored && info->rank > 1) {
		own = row_type(info);
		if (!own)
			return -ENOMEM;
	}
	if (!stored)
		stored = own ? own : info->type;
	v[c->n] = (struct oq_frame_column){
		.name = strdup(name),
		.part = part,
		.offset = offset,
		.stored = stored,
		.type = stored,
		.own = own,
		.mask = OQ_NO_PART,
	};
	return v[c->n++].name ? 0 : -ENOMEM;
}

void oq_columns_leave_out(struct oq_columns *c, const char *name,
			  const char *why)
{
	oq_buf_printf(&c->left_out, "%s%s: %s", c->left_out.len ? "; " : "",
		      name, why);
}

void oq_columns_show_as(struct oq_columns *c, struct oq_dtype *own)
{
	struct oq_frame_column *col = &c->v[c->n - 1];

	col->own = own;
	col->type = own;
}

void oq_columns_set_index(struct oq_frame_column *col, bool is_nameless)
{
	col->role = is_nameless ? OQ_ROLE_NAMELESS : OQ_ROLE_INDEX;
}

int oq_columns_mask(struct oq_columns *c, size_t part)
{
	const struct oq_frame_column *col = &c->v[c->n - 1];
	struct oq_dtype *own;

	if (oq_h5_dset_info(c->parts[part])->type->size != 1)
		return -ENOENT;
	own = calloc(1, sizeof(*own));
	if (!own)
		return -ENOMEM;
	own->cls = OQ_MASKED;
	own->size = col->stored->size + 1;
	own->base = oq_h5_dset_info(c->parts[col->part])->type;
	oq_columns_show_as(c, own);
	c->v[c->n - 1].mask = part;
	return 0;
}

int oq_columns_add_runs(struct oq_columns *c, const char *name, size_t part,
			uint64_t *starts, uint64_t nruns)
{
	struct oq_dtype *own = calloc(1, sizeof(*own));
	int r = own ? oq_columns_add(c, name, part, 0, own) : -ENOMEM;

	if (r < 0) {
		oq_dtype_free(own);
		free(starts);
		return r;
	}
	*own = (struct oq_dtype){ .cls = OQ_INT, .size = 8, .precision = 64 };
	oq_columns_show_as(c, own);
	c->v[c->n - 1].starts = starts;
	c->v[c->n - 1].nruns = nruns;
	return 0;
}

/* ---- categories ---- */

static void refuse(struct oq_columns *c, const char *what)
{
	if (!c->refused)
		c->refused = oq_err_set(&c->why, -EOPNOTSUPP, "column %s: %s",
					c->v[c->n - 1].name, what);
}

static char **read_texts(struct oq_h5_dset *d, size_t offset,
			 const struct oq_dtype *type)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);
	const uint64_t start = 0, step = 1;
	struct oq_texts t = { .left = MAX_CATEGORY_BYTES };
	OQ_FREE uint8_t *data = NULL;

	if (info->nbytes <= MAX_CATEGORY_BYTES)
		data = calloc(1, info->nbytes + 1);
	if (!data || oq_h5_read(d, &start, &step, info->dims, data, NULL) < 0)
		return NULL;
	oq_timeval_turn(info->type, data, info->nelems);
	for (uint64_t i = 0; i < info->nelems; i++)
		oq_texts_put_value(&t, type,
				   data + i * info->type->size + offset);
	oq_h5_reclaim(d, data, info->nelems);
	return oq_texts_take(&t);
}

int oq_columns_names(struct oq_h5 *h5, uint64_t addr, char ***names,
		     uint64_t *n)
{
	struct oq_h5_dset *d = NULL;
	const struct oq_dataset *info;
	int r = addr == OQ_NO_ADDR ? -ENOENT
				   : oq_h5_dset_open(h5, addr, &d, NULL);

	if (r < 0)
		return r;
	info = oq_h5_dset_info(d);
	*n = info->nelems;
	if (info->rank == 1 && *n && *n <= MAX_COLUMNS && !info->refused)
		*names = read_texts(d, 0, info->type);
	oq_h5_dset_close(d);
	return *names ? 0 : -ENOENT;
}

static struct oq_dtype *text_type(char *const *texts, uint64_t n)
{
	struct oq_dtype *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->cls = OQ_STRING;
	t->pad = OQ_NULLPAD;
	t->is_utf8 = true;
	t->size = 1;
	for (uint64_t i = 0; i < n; i++)
		t->size = oq_max_u64(t->size, strlen(texts[i]));
	return t;
}

int oq_columns_categories(struct oq_columns *c, struct oq_h5_dset *d,
			  size_t offset, const struct oq_dtype *type)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);
	struct oq_frame_column *col = &c->v[c->n - 1];
	struct oq_dtype *own;

	if (info->rank != 1 || col->stored->cls != OQ_INT ||
	    !oq_dtype_is_plain(col->stored))
		return -ENOENT;
	if (info->nelems)
		col->texts = read_texts(d, offset, type ? type : info->type);
	if (info->nelems && !col->texts)
		refuse(c, "its categories cannot be read as text");
	col->ntexts = col->texts ? info->nelems : 0;
	if (!col->texts)
		col->texts = calloc(1, sizeof(char *));
	own = text_type(col->texts, col->ntexts);
	if (!own || !col->texts) {
		oq_dtype_free(own);
		return -ENOMEM;
	}
	if (own->size > MAX_CATEGORY)
		refuse(c, "a category of more than 4096 bytes");
	oq_columns_show_as(c, own);
	return 0;
}

/* ---- names ---- */

static bool is_taken(const struct oq_columns *c, size_t before,
		     const char *name)
{
	for (size_t i = 0; i < before; i++)
		if (strcmp(c->v[i].name, name) == 0)
			return true;
	return false;
}

int oq_columns_tell_apart(struct oq_columns *c)
{
	for (size_t i = 0; i < c->n; i++) {
		OQ_FREE char *given = NULL;

		for (unsigned k = 1; is_taken(c, i, c->v[i].name); k++) {
			char *name;

			if (!given)
				given = oq_steal(&c->v[i].name);
			else
				free(oq_steal(&c->v[i].name));
			if (asprintf(&name, "%s_%u", given, k) < 0)
				name = NULL;
			c->v[i].name = name;
			if (!name)
				return -ENOMEM;
		}
	}
	return 0;
}
