/* SPDX-License-Identifier: MIT */
/* buffers.c - memory in which replies are put together */

#include "fs/base/buffers.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>

/* A huge page of most machines, and what the kernel asks for at once at the
 * most, but for one that was told to ask for more. */
#define ROOM ((size_t)2 << 20)
/* As many as a few readers of whole files need; others come and go. */
#define KEPT 8

struct oqfs_buffers {
	pthread_mutex_t lock;
	struct oqfs_buffer *spare; /* the warmest first */
	unsigned nspare;
};

struct oqfs_buffers *oqfs_buffers_new(void)
{
	struct oqfs_buffers *b = calloc(1, sizeof(*b));

	if (b)
		pthread_mutex_init(&b->lock, NULL);
	return b;
}

static void free_one(struct oqfs_buffer *buf)
{
	if (buf)
		free(buf->data);
	free(buf);
}

void oqfs_buffers_free(struct oqfs_buffers *b)
{
	struct oqfs_buffer *buf;

	if (!b)
		return;
	while ((buf = b->spare)) {
		b->spare = buf->next;
		free_one(buf);
	}
	pthread_mutex_destroy(&b->lock);
	free(b);
}

static struct oqfs_buffer *new_one(size_t n)
{
	struct oqfs_buffer *buf = calloc(1, sizeof(*buf));

	if (!buf)
		return NULL;
	buf->room = n <= ROOM ? ROOM : n;
	buf->data = n <= ROOM ? aligned_alloc(ROOM, ROOM) : malloc(n);
	if (!buf->data) {
		free(buf);
		return NULL;
	}
	/* Where it is refused they are pages like others. */
	if (n <= ROOM)
		(void)madvise(buf->data, ROOM, MADV_HUGEPAGE);
	return buf;
}

struct oqfs_buffer *oqfs_buffers_take(struct oqfs_buffers *b, size_t n)
{
	struct oqfs_buffer *buf = NULL;

	if (n > ROOM)
		return new_one(n);
	pthread_mutex_lock(&b->lock);
	buf = b->spare;
	if (buf) {
		b->spare = buf->next;
		b->nspare--;
	}
	pthread_mutex_unlock(&b->lock);
	return buf ? buf : new_one(n);
}

void oqfs_buffers_give(struct oqfs_buffers *b, struct oqfs_buffer *buf)
{
	if (!buf)
		return;
	pthread_mutex_lock(&b->lock);
	if (buf->room == ROOM && b->nspare < KEPT) {
		buf->next = b->spare;
		b->spare = buf;
		b->nspare++;
		buf = NULL;
	}
	pthread_mutex_unlock(&b->lock);
	free_one(buf);
}
