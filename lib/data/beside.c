/* SPDX-License-Identifier: MIT */
/* beside.c - labels that stand beside their array in a group */

#include "lib/data/beside.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/cleanup.h"
#include "lib/data/scales.h"

#define ARRAY "array"

bool oq_beside_may_be(const struct oq_dataset *info, const char *name)
{
	return name && info->rank >= 3 && strcmp(name, ARRAY) == 0;
}

/* The group that a path of hard links leads to; OQ_NO_ADDR: none.  Modifies
 * 'path'. */
static uint64_t group_at(const struct oq_env *env, char *path)
{
	uint64_t addr = oq_h5_root(env->h5);
	char *save, *name = strtok_r(path, "/", &save);

	for (; name && addr != OQ_NO_ADDR; name = strtok_r(NULL, "/", &save))
		addr = oq_h5_find(env->h5, addr, name);
	return addr;
}

uint64_t oq_beside_group(const struct oq_env *env,
			 const struct oq_dataset *info, char **name)
{
	const char *path = oq_h5_path(env->h5, info->addr);
	const char *slash = path ? strrchr(path, '/') : NULL;
	OQ_FREE char *parent = NULL;

	*name = NULL;
	if (!slash)
		return OQ_NO_ADDR;
	parent = strndup(path, (size_t)(slash - path));
	*name = strdup(slash + 1);
	return parent && *name ? group_at(env, parent) : OQ_NO_ADDR;
}

static bool read_names(const struct oq_env *env, uint64_t group,
		       struct oq_labels *l, struct oq_texts *t)
{
	uint64_t addr = oq_h5_find(env->h5, group, "shape_descr");
	OQ_FREE char **names = NULL;

	if (addr != OQ_NO_ADDR)
		names = oq_scales_values(env, addr, l->rank, t);
	for (unsigned i = 0; names && i < l->rank; i++)
		l->names[i] = strdup(names[i]);
	return names;
}

/* Whether a dataset is one integer n.  It stands for range(n), which are the
 * indices themselves. */
static bool is_number(const struct oq_env *env, uint64_t addr)
{
	struct oq_h5_dset *d = NULL;
	bool is = false;

	if (oq_h5_dset_open(env->h5, addr, &d, NULL) == 0)
		is = oq_h5_dset_info(d)->space == OQ_SCALAR &&
		     oq_h5_dset_info(d)->type->cls == OQ_INT;
	oq_h5_dset_close(d);
	return is;
}

bool oq_beside_read(const struct oq_env *env, const struct oq_dataset *info,
		    struct oq_labels *l, struct oq_texts *t)
{
	OQ_FREE char *name = NULL;
	uint64_t group = oq_beside_group(env, info, &name), addr;

	/* The path may be that of another link to it. */
	if (group == OQ_NO_ADDR || strcmp(name, ARRAY) != 0 ||
	    !read_names(env, group, l, t))
		return false;
	for (unsigned i = 0; i < l->rank; i++) {
		addr = l->names[i] ? oq_h5_find(env->h5, group, l->names[i])
				   : OQ_NO_ADDR;
		if (addr == OQ_NO_ADDR || addr == info->addr ||
		    is_number(env, addr))
			continue;
		if (!oq_scales_label(env, addr, i, l, t))
			free(oq_steal(&l->names[i]));
	}
	return true;
}
