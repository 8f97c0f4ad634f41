/* SPDX-License-Identifier: MIT */
/* buffers.h - memory in which replies are put together
 *
 * The one that was given back last is taken next, by whatever thread: it is
 * still in the processor's cache.  Each is a huge page where there are any, for
 * which the kernel has one look-up to do and not 256.
 *
 * Any thread; the lock is a leaf.
 */
#ifndef OQFS_BUFFERS_H
#define OQFS_BUFFERS_H

#include <stddef.h>

struct oqfs_buffers;

struct oqfs_buffer {
	char *data; /* undefined */
	size_t room;
	struct oqfs_buffer *next; /* private */
};

/* NULL for no memory. */
struct oqfs_buffers *oqfs_buffers_new(void);
/* All have been given back. */
void oqfs_buffers_free(struct oqfs_buffers *b);

/* One with room for 'n' bytes; NULL for no memory. */
struct oqfs_buffer *oqfs_buffers_take(struct oqfs_buffers *b, size_t n);
/* NULL is accepted. */
void oqfs_buffers_give(struct oqfs_buffers *b, struct oqfs_buffer *buf);

#endif
