/* SPDX-License-Identifier: MIT */
/* parfor.h - the same work on many items, on all workers
 *
 * The calling worker takes part; the others help when nothing urgent is
 * queued, and step aside when something is.
 */
#ifndef OQ_PARFOR_H
#define OQ_PARFOR_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/err.h"
#include "lib/work/pool.h"

struct oq_parfor {
	struct oq_pool *pool;
	unsigned nthreads; /* of the pool */
	size_t nitems;
	/* Work on item 'i'.  Returns 0 or a negative errno, which ends the
	 * sweep. */
	int (*item)(void *ctx, size_t i, struct oq_err *err);
	/* Called by the calling thread between its items, with how many were
	 * begun by all; may be NULL.  False ends the loop with -EINTR. */
	bool (*progress)(void *progress_ctx, size_t begun);
	void *ctx, *progress_ctx;
};

/* Returns 0, -ENOMEM, or the errno of an item that failed, with its reason;
 * nothing of the loop is under way any more. */
int oq_parfor_run(const struct oq_parfor *s, struct oq_err *err);

#endif
