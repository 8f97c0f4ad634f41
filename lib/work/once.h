/* SPDX-License-Identifier: MIT */
/* once.h - what is found out once, by whoever needs it first
 *
 * Others who need it wait for that one.  A failure is not kept: the next to
 * ask tries again.  What was found may be read by who was told that it is
 * there.
 */
#ifndef OQ_ONCE_H
#define OQ_ONCE_H

#include <pthread.h>
#include <stdbool.h>

#include "lib/base/err.h"
#include "lib/work/progress.h"

struct oq_once {
	pthread_mutex_t lock;
	pthread_cond_t changed; /* L: 'busy' */
	bool busy;		/* L: somebody is finding out */
	bool done;		/* L */
};

void oq_once_init(struct oq_once *o);
void oq_once_destroy(struct oq_once *o);

/* Returns 0, or what 'how' failed with.  Any worker. */
int oq_once_do(struct oq_once *o,
	       int (*how)(void *ctx, const struct oq_progress *p,
			  struct oq_err *err),
	       void *ctx, const struct oq_progress *p, struct oq_err *err);

#endif
