/* SPDX-License-Identifier: MIT */
/* stretch.c - aligned stretches of the file, each read at once */

#include "lib/data/stretch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/cleanup.h"
#include "lib/base/fetch.h"
#include "lib/base/num.h"
#include "lib/base/preadn.h"
#include "lib/base/size.h"

/* With fewer, stretches would drive each other out while they are read. */
#define MIN_KEPT      16

/* A stretch is read whole where that saves so many reads: a megabyte of memory
 * costs as much as some dozens of calls, and that of a network less than two
 * round trips. */
#define MIN_READS     4
#define MIN_READS_FAR 2

#define PAGE	      4096

/* A read of so many bytes is as good as one of a stretch. */
#define LONG_READ     ((size_t)64 << 10)
#define LONG_READ_FAR ((size_t)512 << 10)

/* So many stretches are read ahead, at first; of a far file up to eight are on
 * their way beside the one that is needed. */
#define AHEAD	      1
#define AHEAD_FAR     8

/* On a slow link fewer stretches are on their way at once: a reader that waits
 * for many would seem to hang. */
#define QUICK_NS      ((uint64_t)200000000)
#define SLOW_NS	      ((uint64_t)1000000000)

/* Constant once made, but for what is atomic. */
struct oq_stretches {
	struct oq_filler filler; /* first: the filler is the stretches */
	struct oq_cache *cache;	 /* owned */
	int fd;
	uint64_t file_bytes; /* bytes added later are not read by stretches */
	bool is_far;
	atomic_uint depth;   /* grows while reads are quick */
	atomic_bool is_slow; /* then 'depth' does not grow any more */
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void note_time(struct oq_stretches *s, uint64_t ns)
{
	unsigned depth = atomic_load(&s->depth);

	if (ns > SLOW_NS)
		atomic_store(&s->is_slow, true);
	else if (ns < QUICK_NS && s->is_far && depth < AHEAD_FAR)
		atomic_store(&s->depth, 2 * depth);
}

static int fill(const struct oq_filler *f, uint64_t number, uint8_t **out,
		size_t *len, struct oq_err *err)
{
	/* The filler is the first member of its stretches, which are ours. */
	struct oq_stretches *s = (struct oq_stretches *)(uintptr_t)f;
	uint64_t start = now_ns();
	/* Aligned to pages: else a read of 256 pages would touch 257. */
	OQ_FREE uint8_t *data = aligned_alloc(PAGE, OQ_STRETCH_BYTES);
	uint64_t off = number * OQ_STRETCH_BYTES;
	ssize_t n = 0;

	if (!data)
		return oq_err_set(err, -ENOMEM, "no memory for a stretch");
	if (off < s->file_bytes)
		n = oq_preadn(s->fd, data,
			      oq_min_u64(OQ_STRETCH_BYTES, s->file_bytes - off),
			      off);
	if (n < 0)
		return oq_err_set(err, -EIO, "read the file: errno %d",
				  (int)-n);
	note_time(s, now_ns() - start);
	*out = oq_steal(&data);
	*len = (size_t)n;
	return 0;
}

struct oq_stretches *oq_stretches_new(int fd, bool far, size_t bytes,
				      struct oq_pool *pool)
{
	struct oq_stretches *s = calloc(1, sizeof(*s));

	if (!s)
		return NULL;
	s->cache = oq_cache_new(bytes, pool);
	if (!s->cache) {
		free(s);
		return NULL;
	}
	s->fd = fd;
	s->file_bytes = oq_size_of(fd);
	s->is_far = far;
	atomic_init(&s->depth, AHEAD);
	s->filler.owner = oq_cache_owner(s->cache);
	s->filler.fetches = true;
	s->filler.fill = fill;
	return s;
}

void oq_stretches_free(struct oq_stretches *s)
{
	if (!s)
		return;
	oq_cache_free(s->cache);
	free(s);
}

bool oq_stretches_fit(struct oq_stretches *s)
{
	return !atomic_load(&s->is_slow) &&
	       oq_cache_budget(s->cache) / OQ_STRETCH_BYTES >= MIN_KEPT;
}

unsigned oq_stretches_depth(const struct oq_stretches *s)
{
	return atomic_load(&s->depth);
}

bool oq_stretch_is_worth(const struct oq_stretches *s, struct oq_trail *t,
			 uint64_t number, uint64_t before, int n)
{
	int enough = s->is_far ? MIN_READS_FAR : MIN_READS;
	uint64_t last;

	if (n <= 0)
		return false;
	last = atomic_exchange(&t->last, number + 1);
	if (last == number + 1)
		n += atomic_load(&t->nreads);
	else if (last && before != OQ_NO_STRETCH && last == before + 1)
		n = enough;
	if (n > enough)
		n = enough;
	atomic_store(&t->nreads, n);
	return n >= enough;
}

void oq_stretch_want(struct oq_stretches *s, uint64_t number)
{
	if (oq_stretches_fit(s))
		oq_cache_prefetch(s->cache, &s->filler, number,
				  OQ_STRETCH_BYTES);
}

void oq_stretch_need(struct oq_stretches *s, uint64_t number)
{
	struct oq_block b;

	if (oq_stretches_fit(s) &&
	    oq_cache_get(s->cache, &s->filler, number, &b, NULL) == 0)
		oq_cache_put(s->cache, &b);
}

bool oq_stretch_is_there(struct oq_stretches *s, uint64_t number)
{
	return oq_cache_has(s->cache, &s->filler, number);
}

/* Copy what one stretch has of the bytes; returns how many. */
static size_t take(struct oq_stretches *s, uint8_t *out, size_t n, uint64_t off)
{
	size_t skip = off % OQ_STRETCH_BYTES;
	struct oq_block b;

	if (!oq_cache_find(s->cache, &s->filler, oq_stretch_of(off), &b))
		return 0;
	n = skip < b.len ? oq_min_u64(n, b.len - skip) : 0;
	if (n)
		memcpy(out, b.data + skip, n);
	oq_cache_put(s->cache, &b);
	return n;
}

int oq_stretch_fetch(struct oq_stretches *s, int fd, void *out, size_t n,
		     uint64_t off, struct oq_err *err)
{
	uint8_t *to = out;

	/* A longer read needs no stretch. */
	if (s && n < OQ_STRETCH_BYTES && off <= INT64_MAX) {
		size_t got = take(s, to, n, off);

		/* The rest may be in the next one. */
		if (got && got < n)
			got += take(s, to + got, n - got, off + got);
		to += got;
		off += got;
		n -= got;
	}
	return n ? oq_fetch(fd, to, n, off, err) : 0;
}

size_t oq_stretch_spread(struct oq_stretches *s, void *out, uint64_t number)
{
	uint64_t n = oq_stretch_of(s->file_bytes) + 1;
	unsigned left = s->is_far ? AHEAD_FAR : 0;

	if (!oq_stretches_fit(s))
		return 0;
	/* What follows first, then from the front again. */
	for (uint64_t i = 1; left && i < n; i++) {
		uint64_t next = (number + i) % n;

		if (oq_stretch_is_there(s, next))
			continue;
		oq_stretch_want(s, next);
		left--;
	}
	oq_stretch_need(s, number);
	return take(s, out, OQ_STRETCH_BYTES, number * OQ_STRETCH_BYTES);
}

/* Read a stretch if that is worth it, and have those after it read. */
static void step_into(struct oq_stretches *s, struct oq_trail *t,
		      uint64_t number)
{
	uint64_t end = oq_min_u64(number + 1 + oq_stretches_depth(s),
				  oq_stretch_of(s->file_bytes) + 1);

	if (oq_stretch_is_there(s, number) ||
	    !oq_stretch_is_worth(s, t, number, number - 1, 1))
		return;
	for (uint64_t i = number + 1; i < end; i++)
		oq_stretch_want(s, i);
	oq_stretch_need(s, number);
}

int oq_stretch_follow(struct oq_stretches *s, struct oq_trail *t, int fd,
		      void *out, size_t n, uint64_t off, struct oq_err *err)
{
	if (s && n && n < (s->is_far ? LONG_READ_FAR : LONG_READ) &&
	    off <= INT64_MAX) {
		uint64_t last = oq_stretch_of(off + n - 1);

		for (uint64_t i = oq_stretch_of(off); i <= last; i++)
			step_into(s, t, i);
	}
	return oq_stretch_fetch(s, fd, out, n, off, err);
}
