/* SPDX-License-Identifier: MIT */
/* picture.c - which arrays are pictures */

#include "lib/file/picture.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"

#define MAX_SIDE 65535

static bool is_u8(const struct oq_dtype *t)
{
	return t->cls == OQ_INT && t->size == 1 && t->precision == 8 &&
	       !t->is_signed;
}

/* ---- attributes ---- */

/* Whether a text attribute has this value. */
static bool attr_is(const struct oq_env *env, uint64_t addr, const char *name,
		    const char *value)
{
	OQ_FREE char *text = NULL;

	if (oq_h5_attr_exists(env->h5, addr, name))
		text = oq_h5_attr_text(env->h5, addr, name);
	return text && strcmp(text, value) == 0;
}

static bool attr_is_nonzero(const struct oq_env *env, uint64_t addr,
			    const char *name)
{
	struct oq_attr *a = NULL;
	bool is = false;

	if (!oq_h5_attr_exists(env->h5, addr, name) ||
	    oq_h5_attr_read(env->h5, addr, name, &a, NULL) < 0)
		return false;
	for (size_t i = 0;
	     a->nelems == 1 && a->type->cls == OQ_INT && i < a->type->size; i++)
		is |= ((const uint8_t *)a->data)[i] != 0;
	oq_h5_attr_free(a);
	return is;
}

/* ---- the palette ---- */

static bool read_palette(const struct oq_env *env, uint64_t addr,
			 struct oq_picture *p)
{
	const uint64_t start[2] = { 0, 0 }, step[2] = { 1, 1 };
	struct oq_h5_dset *d = NULL;
	const struct oq_dataset *info;
	bool ok = false;

	if (oq_h5_dset_open(env->h5, addr, &d, NULL) < 0)
		return false;
	info = oq_h5_dset_info(d);
	if (!info->refused && is_u8(info->type) && info->rank == 2 &&
	    info->dims[0] >= 1 && info->dims[0] <= 256 && info->dims[1] == 3)
		ok = oq_h5_read(d, start, step, info->dims, p->palette, NULL) ==
		     0;
	if (ok)
		p->ncolours = (unsigned)info->dims[0];
	oq_h5_dset_close(d);
	return ok;
}

/* The first of the palettes that the picture refers to. */
static bool find_palette(const struct oq_env *env, uint64_t addr,
			 struct oq_picture *p)
{
	struct oq_attr *a = NULL;
	uint64_t at = OQ_NO_ADDR;

	if (oq_h5_attr_read(env->h5, addr, "PALETTE", &a, NULL) < 0)
		return false;
	if (a->nelems >= 1 && a->type->cls == OQ_OBJREF &&
	    a->type->size == sizeof(at))
		memcpy(&at, a->data, sizeof(at));
	oq_h5_attr_free(a);
	return at != OQ_NO_ADDR && read_palette(env, at, p);
}

/* ---- shapes ---- */

static bool set_sides(struct oq_picture *p, uint64_t height, uint64_t width,
		      uint64_t samples)
{
	if (height < 1 || height > MAX_SIDE || width < 1 || width > MAX_SIDE)
		return false;
	p->height = (uint32_t)height;
	p->width = (uint32_t)width;
	p->samples = (unsigned)samples;
	return height * width * samples <= OQ_PICTURE_MAX_BYTES;
}

static bool flat_picture(const struct oq_env *env,
			 const struct oq_dataset *info, struct oq_picture *p)
{
	if (!attr_is(env, info->addr, "CLASS", "IMAGE") ||
	    !set_sides(p, info->dims[0], info->dims[1], 1))
		return false;
	if (attr_is(env, info->addr, "IMAGE_SUBCLASS", "IMAGE_INDEXED"))
		return find_palette(env, info->addr, p);
	p->white_is_zero =
		attr_is_nonzero(env, info->addr, "IMAGE_WHITE_IS_ZERO");
	return attr_is(env, info->addr, "IMAGE_SUBCLASS", "IMAGE_GRAYSCALE");
}

static bool colour_picture(const struct oq_env *env,
			   const struct oq_dataset *info, struct oq_picture *p)
{
	const uint64_t *dims = info->dims;

	if (dims[0] == 3 &&
	    attr_is(env, info->addr, "INTERLACE_MODE", "INTERLACE_PLANE")) {
		p->planes = true;
		return attr_is(env, info->addr, "CLASS", "IMAGE") &&
		       set_sides(p, dims[1], dims[2], 3);
	}
	return (dims[2] == 3 || dims[2] == 4) &&
	       set_sides(p, dims[0], dims[1], dims[2]);
}

bool oq_picture_of(const struct oq_env *env, struct oq_h5_dset *d,
		   struct oq_picture *p)
{
	const struct oq_dataset *info = d ? oq_h5_dset_info(d) : NULL;

	*p = (struct oq_picture){ 0 };
	if (!info || info->refused || !is_u8(info->type))
		return false;
	if (info->rank == 2)
		return flat_picture(env, info, p);
	return info->rank == 3 && colour_picture(env, info, p);
}
