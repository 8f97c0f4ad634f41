/* SPDX-License-Identifier: MIT */
/* h5blocks.c - what libhdf5 reads in small pieces comes in large ones */

#include "lib/hdf5/h5blocks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/num.h"
#include "lib/base/preadn.h"

#define NBLOCKS (OQ_H5_GROUP_BYTES / OQ_H5_BLOCK_BYTES) /* of a group */
#define NGROUPS 32
#define PAGE	4096
#define NONE	UINT64_MAX

/* Memory and local disks' caches answer in microseconds. */
#define FAR_NS	((uint64_t)500000)

struct group {
	uint64_t number;      /* NONE: free */
	uint64_t used;	      /* the clock when it was used last */
	uint8_t *data;	      /* owned; kept for the next one */
	size_t have[NBLOCKS]; /* bytes of each block */
};

struct oq_h5_blocks {
	int fd;
	uint64_t size; /* what lies beyond is not asked for here */
	uint64_t clock;
	uint64_t fastest_ns;
	struct group groups[NGROUPS];
};

struct oq_h5_blocks *oq_h5_blocks_new(int fd, uint64_t size, uint64_t first_ns)
{
	struct oq_h5_blocks *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->fd = fd;
	b->size = size;
	b->fastest_ns = first_ns;
	for (size_t i = 0; i < NGROUPS; i++)
		b->groups[i].number = NONE;
	return b;
}

void oq_h5_blocks_free(struct oq_h5_blocks *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < NGROUPS; i++)
		free(b->groups[i].data);
	free(b);
}

bool oq_h5_blocks_are_far(const struct oq_h5_blocks *b)
{
	return b->fastest_ns >= FAR_NS;
}

/* The group, or where it is to go: in place of the least recently used. */
static struct group *find(struct oq_h5_blocks *b, uint64_t number)
{
	struct group *oldest = &b->groups[0];

	for (size_t i = 0; i < NGROUPS; i++) {
		struct group *g = &b->groups[i];

		if (g->number == number)
			return g;
		if (g->used < oldest->used)
			oldest = g;
	}
	return oldest;
}

uint64_t oq_h5_blocks_now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static ssize_t timed_read(struct oq_h5_blocks *b, uint8_t *to, size_t n,
			  uint64_t off)
{
	uint64_t start = oq_h5_blocks_now_ns();
	ssize_t got = oq_preadn(b->fd, to, n, off);

	b->fastest_ns =
		oq_min_u64(b->fastest_ns, oq_h5_blocks_now_ns() - start);
	return got;
}

/* Read the group's block 'i', or all of its blocks; it starts within the
 * file. */
static int fill(struct oq_h5_blocks *b, struct group *g, size_t i)
{
	bool all = oq_h5_blocks_are_far(b);
	size_t first = all ? 0 : i, n = all ? NBLOCKS : 1;
	size_t skip = first * OQ_H5_BLOCK_BYTES;
	uint64_t off = g->number * OQ_H5_GROUP_BYTES + skip;
	ssize_t got =
		timed_read(b, g->data + skip,
			   oq_min_u64(n * OQ_H5_BLOCK_BYTES, b->size - off),
			   off);

	if (got < 0)
		return (int)got;
	for (size_t k = first; k < first + n; k++) {
		g->have[k] = oq_min_u64((size_t)got, OQ_H5_BLOCK_BYTES);
		got -= (ssize_t)g->have[k];
	}
	return 0;
}

/* Make an old group another one, of which nothing is there yet. */
static int renew(struct group *g, uint64_t number)
{
	if (!g->data)
		g->data = aligned_alloc(PAGE, OQ_H5_GROUP_BYTES);
	if (!g->data)
		return -ENOMEM;
	memset(g->have, 0, sizeof(g->have));
	g->number = number;
	return 0;
}

ssize_t oq_h5_blocks_read(struct oq_h5_blocks *b, void *out, size_t n,
			  uint64_t off)
{
	uint64_t number = off / OQ_H5_GROUP_BYTES;
	size_t i = off % OQ_H5_GROUP_BYTES / OQ_H5_BLOCK_BYTES;
	size_t skip = off % OQ_H5_BLOCK_BYTES;
	struct group *g;
	int r = 0;

	if (off >= b->size)
		return 0;
	g = find(b, number);
	if (g->number != number)
		r = renew(g, number);
	if (r == 0 && skip >= g->have[i])
		r = fill(b, g, i);
	if (r < 0)
		return r;
	g->used = ++b->clock;
	if (skip >= g->have[i])
		return 0;
	n = oq_min_u64(n, g->have[i] - skip);
	memcpy(out, g->data + i * OQ_H5_BLOCK_BYTES + skip, n);
	return (ssize_t)n;
}
