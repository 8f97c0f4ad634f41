/* SPDX-License-Identifier: MIT */
/* refs.c - what references lead to, for rendering values */

#include "lib/data/refs.h"

#include <string.h>

#include "lib/convention/cells.h"

struct ask {
	bool by_value;
	const struct oq_env *env;
	const struct oq_dtype *type;
	const void *elem;
	struct oq_buf *out;
};

static void put_ref(void *arg)
{
	struct ask *a = arg;

	uint64_t addr;

	if (a->by_value && a->type->cls == OQ_OBJREF &&
	    a->type->size == sizeof(addr)) {
		memcpy(&addr, a->elem, sizeof(addr));
		if (oq_cells_put(a->env->h5, addr, a->out))
			return;
	}
	oq_h5_put_ref(a->env->h5, a->type, a->elem, a->out);
}

static void ask_main(void *ctx, const struct oq_dtype *t, const void *elem,
		     struct oq_buf *out)
{
	struct ask a = { false, ctx, t, elem, out };

	oq_errand_send(a.env->errands, put_ref, &a);
}

static void ask_value(void *ctx, const struct oq_dtype *t, const void *elem,
		      struct oq_buf *out)
{
	struct ask a = { true, ctx, t, elem, out };

	oq_errand_send(a.env->errands, put_ref, &a);
}

struct oq_refs oq_refs_of(const struct oq_env *env)
{
	/* The context is only read, but struct oq_refs has to serve all. */
	return (struct oq_refs){ ask_main, (void *)(uintptr_t)env };
}

struct oq_refs oq_refs_by_value(const struct oq_env *env)
{
	return (struct oq_refs){ env->conventions ? ask_value : ask_main,
				 (void *)(uintptr_t)env };
}
