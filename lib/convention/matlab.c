/* SPDX-License-Identifier: MIT */
/* matlab.c - what MATLAB 7.3 means by some of its datasets */

#include "lib/convention/matlab.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/type/number.h"

#define CLASS	  "MATLAB_class"
#define EMPTY	  "MATLAB_empty"
#define MAX_UNITS ((uint64_t)8 << 20) /* of a text */

static bool is_of_class(struct oq_h5 *h5, const struct oq_dataset *info,
			const char *name)
{
	OQ_FREE char *class = NULL;

	if (!info->has_attrs)
		return false;
	class = oq_h5_attr_text(h5, info->addr, CLASS);
	return class && strcmp(class, name) == 0;
}

static bool is_unsigned(const struct oq_dtype *t, size_t size)
{
	return t->cls == OQ_INT && !t->is_signed && t->size == size &&
	       oq_dtype_is_plain(t);
}

/* ---- char ---- */

/* Two dimensions; of an array without elements, those as numbers. */
static bool is_empty_text(struct oq_h5 *h5, const struct oq_dataset *info)
{
	return info->rank == 1 && is_unsigned(info->type, 8) &&
	       info->has_attrs && oq_h5_attr_exists(h5, info->addr, EMPTY);
}

bool oq_matlab_is_text(struct oq_h5 *h5, const struct oq_dataset *info)
{
	bool may_be =
		info->rank == 2 && info->nelems <= MAX_UNITS &&
		(is_unsigned(info->type, 2) || is_unsigned(info->type, 4));

	return (may_be || is_empty_text(h5, info)) &&
	       is_of_class(h5, info, "char");
}

static void put_utf8(uint32_t c, struct oq_buf *out)
{
	if (c < 0x80) {
		oq_buf_putc(out, (char)c);
		return;
	}
	if (c < 0x800) {
		oq_buf_putc(out, (char)(0xc0 | c >> 6));
	} else if (c < 0x10000) {
		oq_buf_putc(out, (char)(0xe0 | c >> 12));
		oq_buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
	} else {
		oq_buf_putc(out, (char)(0xf0 | c >> 18));
		oq_buf_putc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		oq_buf_putc(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	oq_buf_putc(out, (char)(0x80 | (c & 0x3f)));
}

/* The units of a text: column by column. */
struct units {
	const uint8_t *p;
	const struct oq_dtype *type;
	uint64_t ncols, nrows;
};

static uint32_t unit(const struct units *u, uint64_t row, uint64_t col)
{
	size_t size = u->type->size;
	const uint8_t *p = u->p + size * (col * u->nrows + row);
	uint64_t c;

	oq_scalar_of(u->type)->load(&c, p, size, 1);
	return c > 0x10ffff ? 0xfffd : (uint32_t)c;
}

static void put_row(const struct units *u, uint64_t row, struct oq_buf *out)
{
	for (uint64_t i = 0; i < u->ncols; i++) {
		uint32_t c = unit(u, row, i), low;

		if (c >= 0xd800 && c < 0xe000) {
			low = c < 0xdc00 && i + 1 < u->ncols
				      ? unit(u, row, i + 1)
				      : 0;
			if (low >= 0xdc00 && low < 0xe000) {
				c = 0x10000 + ((c - 0xd800) << 10) +
				    (low - 0xdc00);
				i++;
			} else {
				c = 0xfffd;
			}
		}
		put_utf8(c, out);
	}
}

int oq_matlab_text(struct oq_h5_dset *d, struct oq_buf *out, struct oq_err *err)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);
	const uint64_t start[2] = { 0, 0 }, step[2] = { 1, 1 };
	struct units u = { .type = info->type };
	OQ_FREE uint8_t *data = NULL;
	int r;

	if (info->rank != 2 || !info->nelems)
		return 0;
	data = calloc(info->nelems, info->type->size);
	if (!data)
		return oq_err_set(err, -ENOMEM, "no memory");
	r = oq_h5_read(d, start, step, info->dims, data, err);
	if (r < 0)
		return r;
	u.p = data;
	u.ncols = info->dims[0];
	u.nrows = info->dims[1];
	for (uint64_t row = 0; row < u.nrows; row++) {
		put_row(&u, row, out);
		if (u.nrows > 1)
			oq_buf_putc(out, '\n');
	}
	return oq_buf_failed(out) ? oq_err_set(err, -ENOMEM, "no memory") : 0;
}

/* ---- logical ---- */

struct oq_dtype *oq_matlab_type(struct oq_h5 *h5, const struct oq_dataset *info)
{
	return is_unsigned(info->type, 1) && is_of_class(h5, info, "logical")
		       ? oq_dtype_new_bool()
		       : NULL;
}
