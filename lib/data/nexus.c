/* SPDX-License-Identifier: MIT */
/* nexus.c - labels that NeXus gives in attributes of the group */

#include "lib/data/nexus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/convention/listed.h"
#include "lib/data/beside.h"
#include "lib/data/scales.h"
#include "lib/type/number.h"

struct axes {
	const struct oq_env *env;
	uint64_t group;
	const struct oq_dataset *info;
	struct oq_labels *l;
	struct oq_texts *t;
	unsigned next; /* the axis that the next name is of */
};

bool oq_nexus_may_be(const struct oq_env *env)
{
	return env->conventions && oq_h5_has_mark(env->h5, OQ_MARK_NEXUS);
}

/* ---- one axis ---- */

static bool has_length(const struct oq_env *env, uint64_t addr, uint64_t n)
{
	struct oq_h5_dset *d = NULL;
	bool has = false;

	if (oq_h5_dset_open(env->h5, addr, &d, NULL) == 0)
		has = oq_h5_dset_info(d)->rank == 1 &&
		      oq_h5_dset_info(d)->dims[0] == n;
	oq_h5_dset_close(d);
	return has;
}

/* Which axis a name is of, where NAME_indices says that; it may be of
 * several: OQ_MAX_RANK. */
static unsigned told_axis(const struct axes *a, const char *name, unsigned axis)
{
	OQ_FREE char *attr = NULL;
	struct oq_attr *told = NULL;
	uint64_t v = OQ_MAX_RANK;

	if (asprintf(&attr, "%s_indices", name) < 0) {
		attr = NULL;
		return OQ_MAX_RANK;
	}
	if (oq_h5_attr_read(a->env->h5, a->group, attr, &told, NULL) < 0)
		return axis;
	if (told->nelems == 1 && told->type->cls == OQ_INT &&
	    oq_dtype_is_plain(told->type))
		oq_scalar_of(told->type)
			->load(&v, told->data, told->type->size, 1);
	oq_h5_attr_free(told);
	return v < OQ_MAX_RANK ? (unsigned)v : OQ_MAX_RANK;
}

static int add_axis(void *ctx, const char *name)
{
	struct axes *a = ctx;
	unsigned axis = told_axis(a, name, a->next++);
	uint64_t addr;

	if (axis >= a->l->rank || a->l->names[axis] || strcmp(name, ".") == 0)
		return 0;
	addr = oq_h5_find(a->env->h5, a->group, name);
	if (addr == OQ_NO_ADDR || addr == a->info->addr ||
	    !has_length(a->env, addr, a->l->n[axis]) ||
	    !oq_scales_label(a->env, addr, axis, a->l, a->t))
		return 0;
	a->l->names[axis] = strdup(name);
	return 0;
}

/* ---- all of them ---- */

static int is_it(void *ctx, const char *name)
{
	return strcmp(ctx, name) == 0 ? 1 : 0;
}

/* Whether 'group' is one of data, and the dataset called so what it shows. */
static bool is_signal(const struct oq_env *env, uint64_t group, char *name)
{
	OQ_FREE char *class = oq_h5_attr_text(env->h5, group, "NX_class");
	OQ_FREE char *signal = NULL;

	if (!class || strcmp(class, "NXdata") != 0)
		return false;
	signal = oq_h5_attr_text(env->h5, group, "signal");
	if (signal && strcmp(signal, name) == 0)
		return true;
	return oq_listed_names(env->h5, group, "auxiliary_signals", is_it,
			       name) == 1;
}

/* Names behind one another, in an attribute of the dataset. */
static void add_old_axes(struct axes *a)
{
	OQ_FREE char *names =
		oq_h5_attr_text(a->env->h5, a->info->addr, "axes");
	char *save;

	for (char *s = names ? strtok_r(names, "[]:, ", &save) : NULL; s;
	     s = strtok_r(NULL, "[]:, ", &save))
		(void)add_axis(a, s);
}

bool oq_nexus_read(const struct oq_env *env, const struct oq_dataset *info,
		   struct oq_labels *l, struct oq_texts *t)
{
	struct axes a = { env, OQ_NO_ADDR, info, l, t, 0 };
	OQ_FREE char *name = NULL;

	a.group = oq_beside_group(env, info, &name);
	if (a.group == OQ_NO_ADDR)
		return false;
	if (is_signal(env, a.group, name))
		(void)oq_listed_names(env->h5, a.group, "axes", add_axis, &a);
	else if (info->has_attrs &&
		 oq_h5_attr_exists(env->h5, info->addr, "signal"))
		add_old_axes(&a);
	for (unsigned i = 0; i < l->rank; i++)
		if (l->names[i])
			return true;
	return false;
}
