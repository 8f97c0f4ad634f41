/* SPDX-License-Identifier: MIT */
/* progress.h - how long work tells that it goes on, and hears whether it is to
 */
#ifndef OQ_PROGRESS_H
#define OQ_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct oq_progress {
	/* 'done' of 'all' rows are measured; 'all' is 0 where there is no
	 * number to it.  false: nobody waits for it any more. */
	bool (*tell)(void *ctx, uint64_t done, uint64_t all);
	void *ctx;
};

#endif
