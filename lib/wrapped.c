/* SPDX-License-Identifier: MIT */
/* wrapped.c - labels that stand beside their array in a group */

#include "wrapped.h"

#include <stdlib.h>
#include <string.h>

#include "own.h"
#include "scales.h"

#define ARRAY "array"

bool oq_wrapped_may_be(const struct oq_dataset *info, const char *name)
{
	return name && info->rank >= 3 && strcmp(name, ARRAY) == 0;
}

struct wanted {
	const char *name;
	size_t len;
	uint64_t addr;
};

static int match(void *ctx, const struct oq_h5_link *l)
{
	struct wanted *w = ctx;

	if (l->link == OQ_LINK_HARD && l->name_len == w->len &&
	    memcmp(l->name, w->name, w->len) == 0)
		w->addr = l->addr;
	return 0;
}

static uint64_t find(const struct oq_env *env, uint64_t group, const char *name,
		     size_t len)
{
	struct wanted w = { name, len, OQ_NO_ADDR };

	(void)oq_h5_list(env->h5, group, match, &w, NULL);
	return w.addr;
}

/* The group of the object that a path leads to; OQ_NO_ADDR: not found. */
static uint64_t group_of(const struct oq_env *env, const char *path)
{
	uint64_t addr = oq_h5_root(env->h5);
	const char *slash;

	while (addr != OQ_NO_ADDR && (slash = strchr(++path, '/'))) {
		addr = find(env, addr, path, (size_t)(slash - path));
		path = slash;
	}
	return addr;
}

static bool read_names(const struct oq_env *env, uint64_t group,
		       struct oq_labels *l, struct oq_texts *t)
{
	static const char descr[] = "shape_descr";
	uint64_t addr = find(env, group, descr, sizeof(descr) - 1);
	OQ_FREE char **names = NULL;

	if (addr != OQ_NO_ADDR)
		names = oq_scales_values(env, addr, l->rank, t);
	for (unsigned i = 0; names && i < l->rank; i++)
		l->names[i] = strdup(names[i]);
	return names;
}

bool oq_wrapped_read(const struct oq_env *env, const struct oq_dataset *info,
		     struct oq_labels *l, struct oq_texts *t)
{
	const char *path = oq_h5_path(env->h5, info->addr);
	size_t n = path ? strlen(path) : 0;
	uint64_t group, addr;

	/* Its first name may be another. */
	if (n < sizeof(ARRAY) || strcmp(path + n - sizeof(ARRAY), "/" ARRAY))
		return false;
	group = group_of(env, path);
	if (group == OQ_NO_ADDR || !read_names(env, group, l, t))
		return false;
	for (unsigned i = 0; i < l->rank; i++) {
		const char *name = l->names[i];

		addr = name ? find(env, group, name, strlen(name)) : OQ_NO_ADDR;
		if (addr != OQ_NO_ADDR && addr != info->addr)
			l->labels[i] = oq_scales_values(env, addr, l->n[i], t);
	}
	return true;
}
