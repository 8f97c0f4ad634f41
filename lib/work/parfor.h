/* SPDX-License-Identifier: MIT */
/* parfor.h - the same work on many items, on all workers
 *
 * The calling worker takes part.  Other workers help while nothing urgent is
 * queued in the pool, and leave when something is.
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
	/* Work on item 'i'.  Returns 0 or a negative errno, after which no
	 * further item is begun. */
	int (*item)(void *ctx, size_t i, struct oq_err *err);
	/* Called by the calling thread between its items, with the number of
	 * items that all threads have begun.  Returns false to end the loop
	 * with -EINTR.  May be NULL. */
	bool (*progress)(void *progress_ctx, size_t begun);
	void *ctx, *progress_ctx;
};

/* Run the loop; when this returns, no item is being worked on.  Returns 0,
 * -ENOMEM, -EINTR (see 'progress'), or the errno of an item that failed, with
 * its reason. */
int oq_parfor_run(const struct oq_parfor *s, struct oq_err *err);

#endif
