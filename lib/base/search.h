/* SPDX-License-Identifier: MIT */
/* search.h - binary search in what is sorted by a number */
#ifndef OQ_SEARCH_H
#define OQ_SEARCH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The first of 'n' elements of 'size' bytes, each of which begins with a
 * uint64_t and which are sorted by it, whose number is 'key' or more; 'n' if
 * there is none. */
static inline size_t oq_lower_bound(const void *v, size_t n, size_t size,
				    uint64_t key)
{
	size_t lo = 0, hi = n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		uint64_t number;

		memcpy(&number, (const char *)v + mid * size, sizeof(number));
		if (number < key)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

#endif
