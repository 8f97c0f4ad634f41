/* SPDX-License-Identifier: MIT */
/* scales.c - labels from HDF5 dimension scales, as netCDF-4 has them */

#include "lib/data/scales.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/convention/hidden.h"
#include "lib/type/timeval.h"
#include "lib/type/value.h"

/* Read whole: more than the texts of its values could take. */
#define MAX_SCALE_BYTES ((uint64_t)128 << 20)
#define MAX_SCALES	16 /* of one axis */

/* ---- one scale ---- */

static char *last_component(const char *path)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	return path ? strdup(slash ? slash + 1 : path) : NULL;
}

/* Append the texts of the first 'n' values of a scale, or of all if it has
 * fewer. */
static bool put_texts(struct oq_h5_dset *d, uint64_t n, struct oq_texts *t)
{
	const struct oq_dataset *info = oq_h5_dset_info(d);
	const uint64_t start = 0, step = 1;
	uint64_t count = oq_min_u64(n, info->dims[0]);
	size_t size = info->type->size;
	OQ_FREE uint8_t *data = NULL;

	if (info->rank != 1 || info->refused || count > MAX_SCALE_BYTES / size)
		return false;
	/* The scale of an unlimited dimension may not have been written yet. */
	if (!count) {
		oq_texts_put(t, "", 0);
		return true;
	}
	data = calloc(count, size);
	if (!data || oq_h5_read(d, &start, &step, &count, data, NULL) < 0)
		return false;
	oq_timeval_turn(info->type, data, count);
	for (uint64_t i = 0; i < count; i++)
		oq_texts_put_value(t, info->type, data + i * size);
	oq_h5_reclaim(d, data, count);
	return true;
}

char **oq_scales_values(const struct oq_env *env, uint64_t addr, uint64_t n,
			struct oq_texts *t)
{
	struct oq_h5_dset *d = NULL;
	char **texts = NULL;

	if (oq_h5_dset_open(env->h5, addr, &d, NULL) < 0)
		return NULL;
	if (oq_h5_dset_info(d)->dims[0] == n && put_texts(d, n, t))
		texts = oq_texts_take(t);
	oq_h5_dset_close(d);
	return texts;
}

bool oq_scales_label(const struct oq_env *env, uint64_t addr, unsigned axis,
		     struct oq_labels *l, struct oq_texts *t)
{
	struct oq_h5_dset *d = NULL;

	if (oq_h5_dset_open(env->h5, addr, &d, NULL) < 0)
		return false;
	if (put_texts(d, l->n[axis], t))
		l->labels[axis] = oq_texts_take_n(t, l->n[axis]);
	oq_h5_dset_close(d);
	return l->labels[axis] || !l->n[axis];
}

/* The name of an axis with this scale.  NULL where the scale has no values that
 * could label the axis; then '*misfit' is the name. */
static char *read_scale(const struct oq_env *env, uint64_t addr,
			struct oq_labels *l, unsigned axis, struct oq_texts *t,
			char **misfit)
{
	OQ_FREE char *name = oq_h5_attr_text(env->h5, addr, "NAME");
	bool bare = name &&
		    strncmp(name, OQ_NO_VARIABLE, strlen(OQ_NO_VARIABLE)) == 0;

	if (!name || !*name || bare) {
		free(name);
		name = last_component(oq_h5_path(env->h5, addr));
	}
	if (bare || oq_scales_label(env, addr, axis, l, t))
		return oq_steal(&name);
	free(*misfit);
	*misfit = oq_steal(&name);
	return NULL;
}

/* ---- all axes ---- */

/* An axis may have several scales: the first that fits is used. */
static void read_axis(const struct oq_env *env, const struct oq_dataset *info,
		      const struct oq_vlen *refs, struct oq_labels *l,
		      unsigned axis, struct oq_texts *t, char **misfit)
{
	size_t n = refs->p ? oq_min_u64(refs->len, MAX_SCALES) : 0;
	const uint64_t *addr = refs->p;

	for (size_t i = 0; i < n && !l->names[axis]; i++) {
		/* A coordinate variable is not labelled by itself. */
		if (addr[i] && addr[i] != OQ_NO_ADDR && addr[i] != info->addr)
			l->names[axis] =
				read_scale(env, addr[i], l, axis, t, misfit);
	}
}

static bool is_scale_list(const struct oq_attr *a, unsigned rank)
{
	return a->nelems == rank && a->type->cls == OQ_VLEN &&
	       a->type->base->cls == OQ_OBJREF &&
	       a->type->base->size == sizeof(uint64_t);
}

static void read_list(const struct oq_env *env, const struct oq_dataset *info,
		      struct oq_labels *l, struct oq_texts *t, char **misfits)
{
	struct oq_attr *a = NULL;

	if (oq_h5_attr_read(env->h5, info->addr, "DIMENSION_LIST", &a, NULL) <
	    0)
		return;
	for (unsigned i = 0; is_scale_list(a, l->rank) && i < l->rank; i++) {
		const struct oq_vlen *refs = a->data;

		read_axis(env, info, refs + i, l, i, t, &misfits[i]);
	}
	oq_h5_attr_free(a);
}

/* Take DIMENSION_LABELS, but not the name of a scale that did not fit: people
 * would look for its values under that name. */
static void read_plain_names(const struct oq_env *env, uint64_t addr,
			     struct oq_labels *l, char *const *misfits)
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
			if (l->names[i] && misfits[i] &&
			    strcmp(l->names[i], misfits[i]) == 0)
				free(oq_steal(&l->names[i]));
		}
	oq_h5_attr_free(a);
}

bool oq_scales_read(const struct oq_env *env, const struct oq_dataset *info,
		    struct oq_labels *l, struct oq_texts *t)
{
	char *misfits[OQ_MAX_RANK] = { NULL };
	bool found = false;

	read_list(env, info, l, t, misfits);
	read_plain_names(env, info->addr, l, misfits);
	for (unsigned i = 0; i < l->rank; i++) {
		found |= l->names[i] != NULL;
		free(misfits[i]);
	}
	return found;
}
