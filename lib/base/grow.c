/* SPDX-License-Identifier: MIT */
/* grow.c - room for one more element of a growing array */

#include "lib/base/grow.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 32

int oq_grow(void *v, size_t *room, size_t n, size_t size)
{
	size_t more = *room ? *room : FIRST_ROOM;
	void *now, *p;

	if (n < *room)
		return 0;
	while (more <= n) {
		if (more > SIZE_MAX / 2)
			return -ENOMEM;
		more *= 2;
	}
	memcpy(&now, v, sizeof(now));
	p = reallocarray(now, more, size);
	if (!p)
		return -ENOMEM;
	memcpy(v, &p, sizeof(p));
	*room = more;
	return 0;
}
