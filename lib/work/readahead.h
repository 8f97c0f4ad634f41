/* SPDX-License-Identifier: MIT */
/* readahead.h - whether a view is being read from front to back
 *
 * The kernel reads ahead with several requests at once, which arrive in any
 * order; so what counts is that a read starts near where earlier ones ended.
 * A hint only: a race costs a read-ahead too few or too many, never a byte.
 */
#ifndef OQ_READAHEAD_H
#define OQ_READAHEAD_H

#include <stdatomic.h>
#include <stdint.h>

struct oq_readahead {
	atomic_uint_least64_t end;   /* where the furthest read ended */
	atomic_uint_least64_t ahead; /* up to where was fetched ahead */
};

/* Note a read of units [first, first + n): bytes, elements or rows, as the
 * caller counts.  'block' is how many units are made at once.  Returns how many
 * units behind the read should be fetched now; 0 for none. */
static inline uint64_t oq_readahead_note(struct oq_readahead *t, uint64_t first,
					 uint64_t n, uint64_t block)
{
	uint64_t end = atomic_load(&t->end);
	uint64_t window = 2 * (block > n ? block : n);
	uint64_t last = first + n;

	if (first > end + 4 * n || last + 4 * n < end) {
		/* Somewhere else: start anew, fetch nothing more. */
		atomic_store(&t->end, last);
		atomic_store(&t->ahead, 0);
		return 0;
	}
	if (last > end)
		atomic_store(&t->end, last);
	if (last + window / 2 <= atomic_load(&t->ahead))
		return 0;
	atomic_store(&t->ahead, last + window);
	return window;
}

#endif
