/* SPDX-License-Identifier: MIT */
/* h5blocks.c - what libhdf5 reads in small pieces comes in large ones */

#include "lib/hdf5/h5blocks.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/base/cleanup.h"
#include "lib/base/num.h"
#include "lib/base/preadn.h"
#include "lib/hdf5/h5int.h"

#define NBLOCKS	    (OQ_H5_GROUP_BYTES / OQ_H5_BLOCK_BYTES) /* of a group */
#define MAX_GROUPS  8					    /* read at once */
#define NGROUPS	    32	/* that are kept: 8 MiB */
#define NGROUPS_FAR 128 /* of a far file: 32 MiB */
#define PAGE	    4096
#define NONE	    UINT64_MAX

/* After so many reads of groups of a far file, whole stretches are read. */
#define FEW_READS   2

#define MIB	    ((uint64_t)1 << 20)

/* A file is far if none of its reads was faster than this: memory and local
 * disks' caches answer in microseconds. */
#define FAR_NS	    ((uint64_t)500000)

struct group {
	uint64_t number;      /* NONE: free */
	bool is_wanted;	      /* something of it was, since it was read */
	uint64_t used;	      /* the clock when it was used last */
	uint8_t *data;	      /* owned; used again by the group's successor */
	size_t have[NBLOCKS]; /* bytes of each block that were read */
};

struct oq_h5_blocks {
	int fd;
	uint64_t size; /* of the file; nothing behind it is read here */
	uint64_t clock;
	uint64_t fastest_ns;
	uint64_t mib_ns; /* what a megabyte takes beyond a round trip */
	unsigned nreads; /* of groups */
	struct oq_h5_spread spread; /* 'read' is NULL: none was given */
	struct group groups[NGROUPS_FAR];
	/* The groups that a far file's last read was of. */
	size_t last_n, last[MAX_GROUPS];
};

struct oq_h5_blocks *oq_h5_blocks_new(int fd, uint64_t size, uint64_t first_ns)
{
	struct oq_h5_blocks *b = calloc(1, sizeof(*b));

	if (!b)
		return NULL;
	b->fd = fd;
	b->size = size;
	b->fastest_ns = first_ns;
	b->mib_ns = UINT64_MAX;
	for (size_t i = 0; i < NGROUPS_FAR; i++)
		b->groups[i].number = NONE;
	return b;
}

void oq_h5_blocks_free(struct oq_h5_blocks *b)
{
	if (!b)
		return;
	for (size_t i = 0; i < NGROUPS_FAR; i++)
		free(b->groups[i].data);
	free(b);
}

bool oq_h5_blocks_are_far(const struct oq_h5_blocks *b)
{
	return b->fastest_ns >= FAR_NS;
}

/* Find a group; where it is not kept, the least recently used one, in whose
 * place it is to go. */
static struct group *find(struct oq_h5_blocks *b, uint64_t number)
{
	struct group *oldest = &b->groups[0];
	size_t n = oq_h5_blocks_are_far(b) ? NGROUPS_FAR : NGROUPS;

	for (size_t i = 0; i < n; i++) {
		struct group *g = &b->groups[i];

		if (g->number == number)
			return g;
		if (g->used < oldest->used)
			oldest = g;
	}
	return oldest;
}

void oq_h5_blocks_spread(struct oq_h5_blocks *b, const struct oq_h5_spread *s)
{
	b->spread = *s;
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
	uint64_t ns = oq_h5_blocks_now_ns();
	ssize_t got = oq_preadn(b->fd, to, n, off);

	ns = oq_h5_blocks_now_ns() - ns;
	b->fastest_ns = oq_min_u64(b->fastest_ns, ns);
	if (got >= OQ_H5_GROUP_BYTES)
		b->mib_ns = oq_min_u64(b->mib_ns, (ns - b->fastest_ns) * MIB /
							  (uint64_t)got);
	return got;
}

/* Make 'g' the group 'number', of which nothing was read yet. */
static int renew(struct group *g, uint64_t number)
{
	if (!g->data)
		g->data = aligned_alloc(PAGE, OQ_H5_GROUP_BYTES);
	if (!g->data)
		return -ENOMEM;
	memset(g->have, 0, sizeof(g->have));
	g->number = number;
	g->is_wanted = false;
	return 0;
}

/* Read the group's block 'i', which starts within the file. */
static int fill_block(struct oq_h5_blocks *b, struct group *g, size_t i)
{
	size_t skip = i * OQ_H5_BLOCK_BYTES;
	uint64_t off = g->number * OQ_H5_GROUP_BYTES + skip;
	ssize_t got =
		timed_read(b, g->data + skip,
			   oq_min_u64(OQ_H5_BLOCK_BYTES, b->size - off), off);

	if (got < 0)
		return (int)got;
	g->have[i] = (size_t)got;
	return 0;
}

/* How many groups to read: twice as many as last time if nearly all of those
 * were wanted, half as many if few were. */
static size_t choose_groups(struct oq_h5_blocks *b)
{
	size_t n = b->last_n, wanted = 0;

	for (size_t i = 0; i < n; i++)
		wanted += b->groups[b->last[i]].is_wanted;
	if (4 * wanted >= 3 * n)
		return n < MAX_GROUPS ? 2 * n : n;
	return 2 * wanted < n ? n / 2 : n;
}

/* Keep the 'len' bytes that were read of a group.  False for lack of memory. */
static bool keep(struct oq_h5_blocks *b, uint64_t number, const uint8_t *data,
		 size_t len)
{
	struct group *g = find(b, number);

	if (renew(g, number) < 0)
		return false;
	len = oq_min_u64(len, OQ_H5_GROUP_BYTES);
	memcpy(g->data, data, len);
	for (size_t i = 0; i < NBLOCKS; i++) {
		g->have[i] = oq_min_u64(len, OQ_H5_BLOCK_BYTES);
		len -= g->have[i];
	}
	g->used = ++b->clock;
	b->last[b->last_n++] = (size_t)(g - b->groups);
	return true;
}

/* Keep the groups that were read at once, from 'number' on. */
static int keep_groups(struct oq_h5_blocks *b, uint64_t number,
		       const uint8_t *data, size_t len)
{
	b->last_n = 0;
	for (size_t at = 0; at < len; at += OQ_H5_GROUP_BYTES)
		if (!keep(b, number++, data + at, len - at))
			return -ENOMEM;
	return 0;
}

/* Whether whole stretches are read, by several threads, and not only the groups
 * that are wanted: the file fits into what is kept, and a megabyte takes not
 * much longer than a round trip. */
static bool is_spread(const struct oq_h5_blocks *b)
{
	return b->spread.read && b->nreads >= FEW_READS &&
	       b->size <= NGROUPS_FAR * (uint64_t)OQ_H5_GROUP_BYTES &&
	       b->mib_ns <= 2 * b->fastest_ns;
}

/* Read the stretch that a group is in.  Returns 1, 0 where that cannot be had,
 * or -ENOMEM. */
static int fill_stretch(struct oq_h5_blocks *b, uint64_t number)
{
	uint64_t bytes = b->spread.stretch_bytes;
	uint64_t stretch = number * OQ_H5_GROUP_BYTES / bytes;
	OQ_FREE uint8_t *data = malloc(bytes);
	size_t got = data ? b->spread.read(b->spread.ctx, data, stretch) : 0;

	if (!got)
		return data ? 0 : -ENOMEM;
	got = oq_min_u64(got, b->size - stretch * bytes);
	return keep_groups(b, stretch * (bytes / OQ_H5_GROUP_BYTES), data,
			   got) < 0
		       ? -ENOMEM
		       : 1;
}

/* Read a group and some of those after it. */
static int fill_groups(struct oq_h5_blocks *b, uint64_t number)
{
	int r = is_spread(b) ? fill_stretch(b, number) : 0;
	size_t n = b->last_n ? choose_groups(b) : 1;
	uint64_t off = number * OQ_H5_GROUP_BYTES;
	size_t len = oq_min_u64(n * OQ_H5_GROUP_BYTES, b->size - off);
	OQ_FREE uint8_t *data = NULL;
	ssize_t got;

	if (r)
		return r < 0 ? r : 0;
	data = aligned_alloc(PAGE, n * OQ_H5_GROUP_BYTES);
	got = data ? timed_read(b, data, len, off) : -ENOMEM;
	if (got < 0)
		return (int)got;
	b->nreads++;
	return keep_groups(b, number, data, (size_t)got);
}

/* Have the block 'i' of a group read. */
static int fill(struct oq_h5_blocks *b, struct group *g, uint64_t number,
		size_t i)
{
	int r = 0;

	if (oq_h5_blocks_are_far(b))
		return fill_groups(b, number);
	if (g->number != number)
		r = renew(g, number);
	return r ? r : fill_block(b, g, i);
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
	if (g->number != number || skip >= g->have[i]) {
		r = fill(b, g, number, i);
		if (r < 0)
			return r;
		g = find(b, number);
	}
	if (g->number != number || skip >= g->have[i])
		return 0;
	g->used = ++b->clock;
	g->is_wanted = true;
	n = oq_min_u64(n, g->have[i] - skip);
	memcpy(out, g->data + i * OQ_H5_BLOCK_BYTES + skip, n);
	return (ssize_t)n;
}

/* ---- where there are none, too ---- */

ssize_t oq_h5_read_some(struct oq_h5 *h, void *to, size_t n, uint64_t off)
{
	ssize_t got = 0;

	if (h->blocks && n <= OQ_H5_BLOCK_BYTES)
		got = oq_h5_blocks_read(h->blocks, to, n, off);
	return got > 0 ? got : pread(h->fd, to, n, (off_t)off);
}

bool oq_h5_fetch(struct oq_h5 *h, void *out, size_t n, uint64_t off)
{
	uint8_t *to = out;
	uint64_t end;

	if (oq_add_overflows(off, n, &end) || end > INT64_MAX)
		return false;
	while (n) {
		ssize_t got = oq_h5_read_some(h, to, n, off);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return false;
		to += got;
		off += (uint64_t)got;
		n -= (size_t)got;
	}
	return true;
}
