/* SPDX-License-Identifier: MIT */
/* cleanup.h - locals that free or close themselves
 *
 *	OQ_FREE char *text = malloc(n);
 *	OQ_CLOSE int fd = open(...);
 *	...
 *	*out = oq_steal(&text);
 *
 * To give a local away, return it through its steal.
 */
#ifndef OQ_CLEANUP_H
#define OQ_CLEANUP_H

#include <stdlib.h>
#include <unistd.h>

static inline void oq_own_free(void *p)
{
	free(*(void **)p);
}

static inline void oq_own_close(const int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
}

#define OQ_FREE	 __attribute__((cleanup(oq_own_free)))
#define OQ_CLOSE __attribute__((cleanup(oq_own_close)))

/* Take the pointer out of '*p' (the address of any pointer). */
static inline void *oq_steal(void *p)
{
	void *v = *(void **)p;

	*(void **)p = NULL;
	return v;
}

static inline int oq_steal_fd(int *fd)
{
	int v = *fd;

	*fd = -1;
	return v;
}

#endif
