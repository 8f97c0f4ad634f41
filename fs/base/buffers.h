/* SPDX-License-Identifier: MIT */
/* buffers.h - memory in which replies are put together
 *
 * Whichever thread asks next gets the buffer that was given back last: it is
 * still in the processor's cache.  A buffer is a huge page if the system has
 * any; the kernel then needs one look-up for a reply, not one for each 4 KB.
 *
 * Any thread; the lock is a leaf.
 */
#ifndef OQFS_BUFFERS_H
#define OQFS_BUFFERS_H

#include <stddef.h>

struct oqfs_buffers;

struct oqfs_buffer {
	char *data;		  /* of undefined content when it is taken */
	size_t room;		  /* bytes */
	struct oqfs_buffer *next; /* private */
};

/* NULL for no memory. */
struct oqfs_buffers *oqfs_buffers_new(void);
/* The caller has given all buffers back. */
void oqfs_buffers_free(struct oqfs_buffers *b);

/* A buffer with room for 'n' bytes or more; NULL for no memory. */
struct oqfs_buffer *oqfs_buffers_take(struct oqfs_buffers *b, size_t n);
/* NULL is accepted. */
void oqfs_buffers_give(struct oqfs_buffers *b, struct oqfs_buffer *buf);

#endif
