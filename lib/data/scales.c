/* SPDX-License-Identifier: MIT */
/* scales.c - labels from HDF5 dimension scales, as netCDF-4 has them */

#include "lib/data/scales.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/type/timeval.h"
#include "lib/type/value.h"

/* The NAME that netCDF-4 gives to the scale of a dimension that has no
 * coordinates; its data means nothing. */
static const char no_variable[] =
	"This is a netCDF dimension but not a netCDF variable";

/* Read whole: more than the texts of its values could take. */
#define MAX_SCALE_BYTES ((uint64_t)128 << 20)

/* ---- one scale ---- */

static char *last_component(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return path ? strdup(slash ? slash + 1 : path) : NULL;
}

static char **texts_of(struct oq_h5_dset *d, struct oq_texts *t)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);
	const uint64_t start = 0, step = 1;
	OQ_FREE uint8_t *data = calloc(1, info->nbytes);

	if (!data || oq_h5_read(d, &start, &step, info->dims, data, NULL) < 0)
		return NULL;
	oq_timeval_turn(info->type, data, info->nelems);
	for (uint64_t i = 0; i < info->nelems; i++)
		oq_texts_put_value(t, info->type, data + i * info->type->size);
	oq_h5_reclaim(d, data, info->nelems);
	return oq_texts_take(t);
}

char **oq_scales_values(const struct oq_env *env, uint64_t addr, uint64_t n,
			struct oq_texts *t)
{
	const struct oq_dataset *info;
	struct oq_h5_dset *d = NULL;
	char **texts = NULL;

	if (oq_h5_dset_open(env->h5, addr, &d, NULL) < 0)
		return NULL;
	info = oq_h5_dset_info(d);
	if (info->rank == 1 && n && info->dims[0] == n && !info->refused &&
	    info->nbytes <= MAX_SCALE_BYTES)
		texts = texts_of(d, t);
	oq_h5_dset_close(d);
	return texts;
}

static void read_scale(const struct oq_env *env, uint64_t addr, bool itself,
		       struct oq_labels *l, unsigned axis, struct oq_texts *t)
{
	OQ_FREE char *name = oq_h5_attr_text(env->h5, addr, "NAME");
	bool bare = name &&
		    strncmp(name, no_variable, sizeof(no_variable) - 1) == 0;

	if (!itself && !bare)
		l->labels[axis] = oq_scales_values(env, addr, l->n[axis], t);
	if (name && *name && !bare)
		l->names[axis] = oq_steal(&name);
	else
		l->names[axis] = last_component(oq_h5_path(env->h5, addr));
}

/* ---- all axes ---- */

/* The first reference in an axis' list; there can be several scales. */
static uint64_t first_scale(const struct oq_attr *list, unsigned axis)
{
	const struct oq_vlen *refs = list->data;
	uint64_t addr = OQ_NO_ADDR;

	if (refs[axis].len && refs[axis].p)
		memcpy(&addr, refs[axis].p, sizeof(addr));
	return addr ? addr : OQ_NO_ADDR;
}

static bool is_scale_list(const struct oq_attr *a, unsigned rank)
{
	return a->nelems == rank && a->type->cls == OQ_VLEN &&
	       a->type->base->cls == OQ_OBJREF &&
	       a->type->base->size == sizeof(uint64_t);
}

static void read_list(const struct oq_env *env, const struct oq_dataset *info,
		      struct oq_labels *l, struct oq_texts *t)
{
	struct oq_attr *a = NULL;

	if (oq_h5_attr_read(env->h5, info->addr, "DIMENSION_LIST", &a, NULL) <
	    0)
		return;
	for (unsigned i = 0; is_scale_list(a, l->rank) && i < l->rank; i++) {
		uint64_t addr = first_scale(a, i);
		bool itself = addr == info->addr;

		/* A coordinate variable is not labelled by itself. */
		if (addr != OQ_NO_ADDR && !(itself && l->rank == 1))
			read_scale(env, addr, itself, l, i, t);
	}
	oq_h5_attr_free(a);
}

static void read_plain_names(const struct oq_env *env, uint64_t addr,
			     struct oq_labels *l)
{
	struct oq_attr *a = NULL;

	if (oq_h5_attr_read(env->h5, addr, "DIMENSION_LABELS", &a, NULL) < 0)
		return;
	if (a->nelems == l->rank && oq_dtype_is_text(a->type))
		for (unsigned i = 0; i < l->rank; i++) {
			const uint8_t *elem = a->data;
			size_t n;
			const char *s = oq_value_str(
				a->type, elem + i * a->type->size, &n);

			if (!l->names[i] && s && n)
				l->names[i] = strndup(s, n);
		}
	oq_h5_attr_free(a);
}

bool oq_scales_read(const struct oq_env *env, const struct oq_dataset *info,
		    struct oq_labels *l, struct oq_texts *t)
{
	read_list(env, info, l, t);
	read_plain_names(env, info->addr, l);
	for (unsigned i = 0; i < l->rank; i++)
		if (l->names[i])
			return true;
	return false;
}
