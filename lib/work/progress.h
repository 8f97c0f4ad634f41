/* SPDX-License-Identifier: MIT */
/* progress.h - how long work reports that it goes on, or learns to stop
 */
#ifndef OQ_PROGRESS_H
#define OQ_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct oq_progress {
	/* Report that 'done' of 'all' rows are done; 'all' is 0 where their
	 * number is not known.  Returns false when nobody waits for the work
	 * any more: it then ends with -EINTR. */
	bool (*tell)(void *ctx, uint64_t done, uint64_t all);
	void *ctx;
};

#endif
