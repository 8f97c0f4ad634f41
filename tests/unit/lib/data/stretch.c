/* SPDX-License-Identifier: MIT */
/* stretch.c - neighbours are read at once, and what is read is the file's */

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/data/stretch.h"

#include "tests/unit/link.h"
#include "tests/unit/reads.h"

#define MIB  ((size_t)OQ_STRETCH_BYTES)
#define SIZE (6 * MIB + 777)

struct world {
	int fd;
	struct oq_stretches *s;
};

static uint8_t *bytes;
static struct world begin(bool far, size_t budget)
{
	struct world w = { .fd = file_of(bytes, SIZE) };

	w.s = oq_stretches_new(w.fd, far, budget, NULL);
	assert_non_null(w.s);
	return w;
}

static void end(struct world *w)
{
	oq_stretches_free(w->s);
	close(w->fd);
}

static void follow(struct world *w, struct oq_trail *t, size_t n, uint64_t off)
{
	uint8_t *out = malloc(n);
	struct oq_err err = { "" };

	assert_non_null(out);
	if (oq_stretch_follow(w->s, t, w->fd, out, n, off, &err))
		fail_msg("%s", err.text);
	assert_memory_equal(out, bytes + off, n);
	free(out);
}

static void from_front_to_back(void **state)
{
	struct world w = begin(false, 64 * MIB);
	struct oq_trail t = { 0 };
	unsigned long before = nreads();

	(void)state;
	for (uint64_t off = 0; off + 5000 <= SIZE; off += 5000)
		follow(&w, &t, 5000, off);
	/* Three alone, then six stretches. */
	assert_int_equal(nreads() - before, 3 + 6);
	end(&w);
}

static void from_front_to_back_far(void **state)
{
	struct world w = begin(true, 64 * MIB);
	struct oq_trail t = { 0 };
	unsigned long before = nreads();

	(void)state;
	for (uint64_t off = 0; off + 5000 <= SIZE; off += 5000)
		follow(&w, &t, 5000, off);
	assert_int_equal(nreads() - before, 1 + 6);
	end(&w);
}

static void here_and_there(void **state)
{
	struct world w = begin(false, 64 * MIB);
	struct oq_trail t = { 0 };
	unsigned long before = nreads();

	(void)state;
	for (unsigned i = 0; i < 30; i++)
		follow(&w, &t, 4096, (uint64_t)(5 - 2 * (i % 3)) * MIB);
	assert_int_equal(nreads() - before, 30);
	end(&w);
}

static void long_ones(void **state)
{
	struct world w = begin(false, 64 * MIB);
	struct oq_trail t = { 0 };
	unsigned long before = nreads();

	(void)state;
	for (uint64_t off = 0; off + 65536 <= SIZE; off += 65536)
		follow(&w, &t, 65536, off);
	assert_int_equal(nreads() - before, SIZE / 65536);
	end(&w);
}

static void small_cache(void **state)
{
	struct world w = begin(false, 4 * MIB);
	struct oq_trail t = { 0 };
	unsigned long before = nreads();

	(void)state;
	assert_false(oq_stretches_fit(w.s));
	for (uint64_t off = 0; off < 100 * 5000; off += 5000)
		follow(&w, &t, 5000, off);
	assert_int_equal(nreads() - before, 100);
	end(&w);
}

static void out_of_what_is_there(void **state)
{
	struct world w = begin(false, 64 * MIB);
	uint8_t out[3000];
	unsigned long before;

	(void)state;
	oq_stretch_need(w.s, 1);
	oq_stretch_need(w.s, 2);
	assert_true(oq_stretch_is_there(w.s, 2));
	assert_false(oq_stretch_is_there(w.s, 3));
	before = nreads();
	assert_int_equal(oq_stretch_fetch(w.s, w.fd, out, 3000, 2 * MIB - 1000,
					  NULL),
			 0);
	assert_memory_equal(out, bytes + 2 * MIB - 1000, 3000);
	assert_int_equal(nreads() - before, 0);
	/* What a stretch lacks is read. */
	before = nreads();
	for (uint64_t at = 1; at <= 3; at += 2) {
		assert_int_equal(oq_stretch_fetch(w.s, w.fd, out, 3000,
						  at * MIB - 1000, NULL),
				 0);
		assert_memory_equal(out, bytes + at * MIB - 1000, 3000);
	}
	assert_int_equal(nreads() - before, 2);
	end(&w);
}

/* Past the real end there is an error, never zeros and never what was. */
static void past_the_end(void **state)
{
	struct world w = begin(false, 64 * MIB);
	struct oq_err err = { "" };
	uint8_t out[1000];

	(void)state;
	oq_stretch_need(w.s, 6);
	assert_int_equal(
		oq_stretch_fetch(w.s, w.fd, out, 1000, SIZE - 1000, &err), 0);
	assert_int_equal(
		oq_stretch_fetch(w.s, w.fd, out, 1000, SIZE - 999, &err), -EIO);
	assert_string_equal(err.text, "the file ends before its data");
	assert_int_equal(oq_stretch_fetch(w.s, w.fd, out, 1000, 60 * MIB, &err),
			 -EIO);
	assert_int_equal(oq_stretch_fetch(w.s, w.fd, out, 1000, UINT64_MAX - 5,
					  &err),
			 -EIO);
	assert_int_equal(oq_stretch_fetch(NULL, w.fd, out, 1000, SIZE - 999,
					  &err),
			 -EIO);
	end(&w);
}

static void trouble(void **state)
{
	struct world w = begin(false, 64 * MIB);
	struct oq_stretches *bad;
	uint8_t out[1000];
	char path[32];
	int fd;

	(void)state;
	/* It has a size, but cannot be read. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", w.fd);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	bad = oq_stretches_new(fd, false, 64 * MIB, NULL);
	oq_stretch_need(bad, 0);
	assert_false(oq_stretch_is_there(bad, 0));
	/* A stretch that cannot be read takes nothing away. */
	assert_int_equal(oq_stretch_fetch(bad, w.fd, out, 1000, 5, NULL), 0);
	assert_memory_equal(out, bytes + 5, 1000);
	oq_stretches_free(bad);
	close(fd);
	end(&w);
}

static void slow(void **state)
{
	struct world w = begin(true, 64 * MIB);

	(void)state;
	assert_int_equal(oq_stretches_depth(w.s), 1);
	for (uint64_t i = 0; i < 4; i++)
		oq_stretch_need(w.s, i);
	assert_int_equal(oq_stretches_depth(w.s), 8);
	pace_us = 1100000;
	oq_stretch_need(w.s, 4);
	pace_us = 0;
	assert_true(oq_stretch_is_there(w.s, 4));
	assert_false(oq_stretches_fit(w.s));
	oq_stretch_need(w.s, 5);
	assert_false(oq_stretch_is_there(w.s, 5));
	end(&w);
}

static void worth(void **state)
{
	struct world w = begin(false, 64 * MIB);
	struct oq_trail t = { 0 };

	(void)state;
	assert_false(oq_stretch_is_worth(w.s, &t, 9, 8, 3));
	assert_true(oq_stretch_is_worth(w.s, &t, 9, 8, 1));
	/* The stretch before may lie anywhere. */
	assert_true(oq_stretch_is_worth(w.s, &t, 4, 9, 1));
	assert_false(oq_stretch_is_worth(w.s, &t, 7, 6, 1));
	assert_true(oq_stretch_is_worth(w.s, &t, 2, OQ_NO_STRETCH, 4));
	assert_false(oq_stretch_is_worth(w.s, &t, 3, 2, 0));
	assert_false(oq_stretch_is_worth(w.s, &t, 3, 2, -1));
	end(&w);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST("small reads from front to back are large ones",
		     from_front_to_back),
		TEST("from far away they are so at once",
		     from_front_to_back_far),
		TEST("reads here and there are as they are", here_and_there),
		TEST("long reads are as they are", long_ones),
		TEST("a small cache keeps no stretches", small_cache),
		TEST("bytes come out of stretches that are there",
		     out_of_what_is_there),
		TEST("past the end of the file there is an error",
		     past_the_end),
		TEST("a stretch that cannot be read takes nothing away",
		     trouble),
		TEST("more are read ahead while that is quick", slow),
		TEST("a stretch is worth reading for several reads, or in turn",
		     worth),
	};
	int r;

	bytes = malloc(SIZE);
	if (!bytes)
		return 1;
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (uint8_t)(i * 2654435761u >> 13);
	r = cmocka_run_group_tests_name("stretch", tests, NULL, NULL);
	free(bytes);
	return r;
}
