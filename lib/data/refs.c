/* SPDX-License-Identifier: MIT */
/* refs.c - what references lead to, for whoever renders values */

#include "lib/data/refs.h"

struct ask {
	const struct oq_env *env;
	const struct oq_dtype *type;
	const void *elem;
	struct oq_buf *out;
};

static void put_ref(void *arg)
{
	struct ask *a = arg;

	oq_h5_put_ref(a->env->h5, a->type, a->elem, a->out);
}

static void ask_main(void *ctx, const struct oq_dtype *t, const void *elem,
		     struct oq_buf *out)
{
	struct ask a = { ctx, t, elem, out };

	oq_errand_send(a.env->errands, put_ref, &a);
}

struct oq_refs oq_refs_of(const struct oq_env *env)
{
	/* The context is only read, but struct oq_refs has to serve all. */
	return (struct oq_refs){ ask_main, (void *)(uintptr_t)env };
}
