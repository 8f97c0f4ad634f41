/* SPDX-License-Identifier: MIT */
/* cells.c - the contents of MATLAB's cells and fields, as text */

#include "lib/convention/cells.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/quote.h"
#include "lib/convention/matlab.h"
#include "lib/convention/meaning.h"
#include "lib/type/value.h"

#define MAX_BYTES  4096 /* of a value's text */
#define MAX_ELEMS  64
#define MAX_DEPTH  4
#define MAX_FIELDS 64

struct put {
	struct oq_h5 *h5;
	struct oq_buf *out;
	unsigned depth; /* 0: not inside of another value */
	unsigned nfields;
};

static bool put_object(struct put *p, uint64_t addr);

static bool has_room(const struct put *p)
{
	return p->out->len <= MAX_BYTES && p->depth < MAX_DEPTH;
}

/* ---- datasets ---- */

static bool put_text(struct put *p, struct oq_h5_dset *d)
{
	OQ_BUF struct oq_buf text = { 0 };

	if (oq_h5_dset_info(d)->nelems > MAX_BYTES ||
	    oq_matlab_text(d, &text, NULL) < 0)
		return false;
	if (text.len && text.data[text.len - 1] == '\n' &&
	    oq_h5_dset_info(d)->dims[1] > 1)
		text.len--;
	if (p->depth)
		oq_json_put_str(text.data ? text.data : "", text.len, false,
				p->out);
	else
		oq_buf_put(p->out, text.data ? text.data : "", text.len);
	return true;
}

/* A vector of MATLAB has two dimensions, one of which is 1. */
static unsigned shape_of(const struct oq_dataset *info,
			 uint64_t dims[OQ_MAX_RANK])
{
	unsigned rank = 0;

	for (unsigned i = 0; i < info->rank; i++)
		if (info->dims[i] != 1)
			dims[rank++] = info->dims[i];
	return rank;
}

/* The elements, to be freed; NULL where they cannot be had. */
static uint8_t *read_all(struct oq_h5_dset *d)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);
	uint64_t start[OQ_MAX_RANK] = { 0 }, step[OQ_MAX_RANK];
	OQ_FREE uint8_t *data = calloc(info->nelems, info->type->size);

	for (unsigned i = 0; i < OQ_MAX_RANK; i++)
		step[i] = 1;
	if (!data || oq_h5_read(d, start, step, info->dims, data, NULL) < 0)
		return NULL;
	return oq_steal(&data);
}

static bool put_numbers(struct put *p, struct oq_h5_dset *d)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);
	OQ_FREE uint8_t *data = read_all(d);
	uint64_t dims[OQ_MAX_RANK];
	unsigned rank = shape_of(info, dims);

	if (!data)
		return false;
	if (!rank && !p->depth)
		oq_value_put_csv(info->type, data, NULL, p->out);
	else
		oq_value_put_json_array(info->type, rank, dims, data, NULL,
					false, p->out);
	return true;
}

static bool put_cells(struct put *p, struct oq_h5_dset *d)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);
	OQ_FREE uint8_t *data = read_all(d);
	uint64_t dims[OQ_MAX_RANK];
	bool all = data && shape_of(info, dims) <= 1;

	oq_buf_putc(p->out, '[');
	p->depth++;
	for (uint64_t i = 0; all && i < info->nelems; i++) {
		uint64_t addr;

		memcpy(&addr, data + i * sizeof(addr), sizeof(addr));
		if (i)
			oq_buf_putc(p->out, ',');
		all = put_object(p, addr);
	}
	p->depth--;
	oq_buf_putc(p->out, ']');
	return all;
}

/* One element, as numbers are without pointers. */
static bool is_number(const struct oq_dtype *t)
{
	return t->cls == OQ_INT || t->cls == OQ_FLOAT || oq_dtype_is_bool(t) ||
	       oq_dtype_is_complex(t);
}

static bool put_dataset(struct put *p, uint64_t addr, const char *class)
{
	struct oq_h5_dset *d = NULL;
	const struct oq_dataset *info;
	bool done = false;

	if (oq_meaning_open(p->h5, true, addr, &d, NULL) < 0)
		return false;
	info = oq_h5_dset_info(d);
	if (info->refused || info->space != OQ_SIMPLE) {
		;
	} else if (oq_matlab_is_text(p->h5, info)) {
		done = put_text(p, d);
	} else if (oq_h5_attr_exists(p->h5, addr, "MATLAB_empty")) {
		oq_buf_puts(p->out, "[]");
		done = true;
	} else if (info->nelems && info->nelems <= MAX_ELEMS) {
		if (strcmp(class, "cell") == 0 &&
		    info->type->cls == OQ_OBJREF &&
		    info->type->size == sizeof(uint64_t))
			done = put_cells(p, d);
		else if (is_number(info->type) &&
			 !oq_h5_attr_exists(p->h5, addr,
					    "MATLAB_object_decode"))
			done = put_numbers(p, d);
	}
	oq_h5_dset_close(d);
	return done;
}

/* ---- structs ---- */

static int put_field(void *ctx, const struct oq_h5_link *l)
{
	struct put *p = ctx;

	if (l->link != OQ_LINK_HARD || p->nfields++ == MAX_FIELDS)
		return -ENOENT;
	if (p->out->data[p->out->len - 1] != '{')
		oq_buf_putc(p->out, ',');
	oq_json_put_str(l->name, l->name_len, false, p->out);
	oq_buf_putc(p->out, ':');
	return put_object(p, l->addr) ? 0 : -ENOENT;
}

static bool put_struct(struct put *p, uint64_t addr, const char *class)
{
	int r;

	if (strcmp(class, "struct") != 0 ||
	    oq_h5_attr_exists(p->h5, addr, "MATLAB_sparse"))
		return false;
	oq_buf_putc(p->out, '{');
	p->depth++;
	r = oq_buf_failed(p->out) ? -ENOMEM
				  : oq_h5_list(p->h5, addr, put_field, p, NULL);
	p->depth--;
	oq_buf_putc(p->out, '}');
	return r == 0;
}

static bool put_object(struct put *p, uint64_t addr)
{
	OQ_FREE char *class = NULL;
	enum oq_kind kind;

	if (!has_room(p) || !addr || addr == OQ_NO_ADDR ||
	    oq_h5_kind(p->h5, addr, &kind, NULL) < 0)
		return false;
	class = oq_h5_attr_text(p->h5, addr, "MATLAB_class");
	if (!class)
		return false;
	return kind == OQ_KIND_DATASET
		       ? put_dataset(p, addr, class)
		       : kind == OQ_KIND_GROUP && put_struct(p, addr, class);
}

bool oq_cells_put(struct oq_h5 *h5, uint64_t addr, struct oq_buf *out)
{
	OQ_BUF struct oq_buf text = { 0 };
	struct put p = { .h5 = h5, .out = &text };

	if (!put_object(&p, addr) || text.len > MAX_BYTES ||
	    oq_buf_failed(&text))
		return false;
	oq_buf_put(out, text.data ? text.data : "", text.len);
	return true;
}
