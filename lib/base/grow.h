/* SPDX-License-Identifier: MIT */
/* grow.h - room for one more element of a growing array
 *
 *	if (oq_grow(&v, &room, n, sizeof(*v)))
 *		return -ENOMEM;
 *	v[n++] = ...;
 */
#ifndef OQ_GROW_H
#define OQ_GROW_H

#include <stddef.h>

/* Make the array behind the pointer at 'v' (the address of any pointer, NULL
 * where '*room' is 0) hold at least n + 1 elements of 'size' bytes; 'room'
 * doubles.  0, or -ENOMEM with both as they were.  The array is the caller's,
 * for free(). */
int oq_grow(void *v, size_t *room, size_t n, size_t size)
	__attribute__((warn_unused_result));

#endif
