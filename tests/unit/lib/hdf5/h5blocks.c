/* SPDX-License-Identifier: MIT */
/* h5blocks.c - small reads come out of large ones, and are the file's bytes */

#include "lib/hdf5/h5blocks.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tests/unit/link.h"
#include "tests/unit/reads.h"

#define SIZE   ((size_t)10 * OQ_H5_GROUP_BYTES + 12345)
#define FAR_NS 5000000

static uint8_t *bytes;

static void read_all(struct oq_h5_blocks *b, uint8_t *to, size_t n,
		     uint64_t off)
{
	while (n) {
		ssize_t got = oq_h5_blocks_read(b, to, n, off);

		assert_true(got > 0 && (size_t)got <= n);
		to += got;
		off += (uint64_t)got;
		n -= (size_t)got;
	}
}

static void test_any_piece(void **state)
{
	int fd = file_of(bytes, SIZE);
	uint8_t out[3000];

	(void)state;
	for (int far = 0; far < 2; far++) {
		struct oq_h5_blocks *b =
			oq_h5_blocks_new(fd, SIZE, far ? FAR_NS : 1);

		srandom(7);
		for (int i = 0; i < 20000; i++) {
			size_t n = 1 + (size_t)random() % sizeof(out);
			size_t off = (size_t)random() % (SIZE - n + 1);

			read_all(b, out, n, off);
			assert_memory_equal(out, bytes + off, n);
		}
		oq_h5_blocks_free(b);
	}
	close(fd);
}

static void test_near(void **state)
{
	int fd = file_of(bytes, SIZE);
	struct oq_h5_blocks *b = oq_h5_blocks_new(fd, SIZE, 1);
	unsigned long before = nreads();
	uint8_t out[100];

	(void)state;
	assert_false(oq_h5_blocks_are_far(b));
	for (size_t off = 0; off + 50 <= OQ_H5_GROUP_BYTES; off += 100)
		read_all(b, out, 50, off);
	assert_int_equal(nreads() - before,
			 OQ_H5_GROUP_BYTES / OQ_H5_BLOCK_BYTES);
	oq_h5_blocks_free(b);
	close(fd);
}

static void test_far(void **state)
{
	int fd = file_of(bytes, SIZE);
	struct oq_h5_blocks *b = oq_h5_blocks_new(fd, SIZE, FAR_NS);
	unsigned long before = nreads();
	uint8_t out[100];

	(void)state;
	assert_true(oq_h5_blocks_are_far(b));
	for (size_t off = 0; off + 50 <= OQ_H5_GROUP_BYTES; off += 100)
		read_all(b, out, 50, off);
	assert_int_equal(nreads() - before, 1);
	/* This one was fast, so it is near after all. */
	assert_false(oq_h5_blocks_are_far(b));
	oq_h5_blocks_free(b);
	close(fd);
}

/* A read that is known to have been slow. */
static struct oq_h5_blocks *far_again(struct oq_h5_blocks *b, int fd)
{
	oq_h5_blocks_free(b);
	return oq_h5_blocks_new(fd, SIZE, FAR_NS);
}

static void test_pieces_far(void **state)
{
	int fd = file_of(bytes, SIZE);
	struct oq_h5_blocks *b = NULL;
	uint8_t out[3000];

	(void)state;
	for (size_t off = 0; off + sizeof(out) <= SIZE; off += 99991) {
		b = far_again(b, fd);
		read_all(b, out, sizeof(out), off);
		assert_memory_equal(out, bytes + off, sizeof(out));
	}
	oq_h5_blocks_free(b);
	close(fd);
}

/* In place of the C library's: time that only passes with reads. */
static unsigned long long clock_us;

int clock_gettime(clockid_t id, struct timespec *t)
{
	(void)id;
	t->tv_sec = (time_t)(clock_us / 1000000);
	t->tv_nsec = (long)(clock_us % 1000000) * 1000;
	return 0;
}

static int pass(useconds_t us)
{
	clock_us += us;
	return 0;
}

struct spread {
	unsigned calls;
	bool refuses;
};

static size_t spread(void *ctx, void *out, uint64_t number)
{
	struct spread *s = ctx;
	size_t off = (size_t)number << 20;

	s->calls++;
	assert_true(off < SIZE);
	if (s->refuses)
		return 0;
	memcpy(out, bytes + off, SIZE - off < 1 << 20 ? SIZE - off : 1 << 20);
	/* The file may have grown since. */
	return 1 << 20;
}

/* After a few reads, all comes by stretches, where somebody can read them. */
static void test_spread(void **state)
{
	struct spread who = { 0 };
	const struct oq_h5_spread s = { &who, 1 << 20, spread };
	int fd = file_of(bytes, SIZE);
	uint8_t out[3000];

	(void)state;
	pace = pass;
	pace_us = FAR_NS / 1000;
	for (unsigned round = 0; round < 2; round++) {
		struct oq_h5_blocks *b = oq_h5_blocks_new(fd, SIZE, FAR_NS);
		unsigned long before;

		who = (struct spread){ .refuses = round };
		oq_h5_blocks_spread(b, &s);
		read_all(b, out, 100, 0);
		read_all(b, out, 100, 5 * OQ_H5_GROUP_BYTES);
		assert_int_equal(who.calls, 0);
		before = nreads();
		srandom(7);
		for (int i = 0; i < 20000; i++) {
			size_t n = 1 + (size_t)random() % sizeof(out);
			size_t off = (size_t)random() % (SIZE - n + 1);

			read_all(b, out, n, off);
			assert_memory_equal(out, bytes + off, n);
		}
		if (round) {
			assert_true(who.calls > 0);
		} else {
			assert_true(who.calls >= 2);
			assert_true(who.calls <= SIZE / (1 << 20) + 1);
			assert_int_equal(nreads() - before, 0);
		}
		oq_h5_blocks_free(b);
	}
	pace = usleep;
	pace_us = 0;
	close(fd);
}

/* A link on which a megabyte takes longer than three round trips carries what
 * is asked for and no more; nor is there room for all of a large file. */
static void test_no_spread(void **state)
{
	struct spread who = { 0 };
	const struct oq_h5_spread s = { &who, 1 << 20, spread };
	int fd = file_of(bytes, SIZE);
	uint8_t out[100];

	(void)state;
	pace = pass;
	for (unsigned round = 0; round < 3; round++) {
		uint64_t size = round == 1 ? (uint64_t)33 << 20 : SIZE;
		struct oq_h5_blocks *b = oq_h5_blocks_new(fd, size, FAR_NS);

		pace_us = FAR_NS / 1000;
		mib_us = round == 2 ? 3 * pace_us : pace_us;
		oq_h5_blocks_spread(b, &s);
		for (size_t off = 0; off + 100 <= SIZE; off += 400000)
			read_all(b, out, 100, off);
		assert_int_equal(who.calls > 0, round == 0);
		who.calls = 0;
		oq_h5_blocks_free(b);
	}
	pace = usleep;
	pace_us = mib_us = 0;
	close(fd);
}

static void test_end(void **state)
{
	int fd = file_of(bytes, 1000);
	struct oq_h5_blocks *b = oq_h5_blocks_new(fd, 1000, 1);
	uint8_t out[100];

	(void)state;
	assert_int_equal(oq_h5_blocks_read(b, out, 100, 950), 50);
	assert_memory_equal(out, bytes + 950, 50);
	assert_int_equal(oq_h5_blocks_read(b, out, 100, 1000), 0);
	assert_int_equal(oq_h5_blocks_read(b, out, 100, INT64_MAX), 0);
	/* What is added is no part of it. */
	assert_int_equal(write(fd, bytes, 1000), 1000);
	assert_int_equal(oq_h5_blocks_read(b, out, 100, 950), 50);
	assert_int_equal(oq_h5_blocks_read(b, out, 100, 1000), 0);
	oq_h5_blocks_free(b);
	close(fd);
}

/* It ends where it really ends: zeros there would be taken for data. */
static void test_cut(void **state)
{
	int fd = file_of(bytes, SIZE);
	struct oq_h5_blocks *b = oq_h5_blocks_new(fd, SIZE, FAR_NS);
	uint8_t out[100];

	(void)state;
	assert_int_equal(ftruncate(fd, 70000), 0);
	read_all(b, out, 100, 69900);
	assert_memory_equal(out, bytes + 69900, 100);
	assert_int_equal(oq_h5_blocks_read(b, out, 100, 70000), 0);
	assert_int_equal(oq_h5_blocks_read(b, out, 100, 200000), 0);
	assert_int_equal(oq_h5_blocks_read(b, out, 100, 5 << 20), 0);
	oq_h5_blocks_free(b);
	close(fd);
}

static void test_trouble(void **state)
{
	struct oq_h5_blocks *b = oq_h5_blocks_new(-1, SIZE, 1);
	uint8_t out[100];

	(void)state;
	assert_true(oq_h5_blocks_read(b, out, 100, 0) < 0);
	assert_true(oq_h5_blocks_read(b, out, 100, 0) < 0);
	oq_h5_blocks_free(b);
}

static void test_bound(void **state)
{
	size_t n = 40;
	int fd = file_of(bytes, 1);
	struct oq_h5_blocks *b = oq_h5_blocks_new(fd, n * OQ_H5_GROUP_BYTES, 1);
	unsigned long before;
	uint8_t out;

	(void)state;
	assert_int_equal(ftruncate(fd, (off_t)(n * OQ_H5_GROUP_BYTES)), 0);
	for (size_t i = 0; i < n; i++)
		read_all(b, &out, 1, i * OQ_H5_GROUP_BYTES);
	/* The latest are kept, the first one is not. */
	before = nreads();
	for (size_t i = n; i-- > n - 32;)
		read_all(b, &out, 1, i * OQ_H5_GROUP_BYTES);
	assert_int_equal(nreads() - before, 0);
	before = nreads();
	read_all(b, &out, 1, 0);
	assert_int_equal(nreads() - before, 1);
	oq_h5_blocks_free(b);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("any piece of the file, near or far, is its bytes",
		     test_any_piece),
		TEST("a near file is read once by the block", test_near),
		TEST("a far file is read by the group, until a read is fast",
		     test_far),
		TEST("what a far file's first read brings is its bytes",
		     test_pieces_far),
		TEST("what is read all over a far file is read as a whole",
		     test_spread),
		TEST("unless the link is narrow, or the file large",
		     test_no_spread),
		TEST("beyond the size there is nothing", test_end),
		TEST("a file that was cut ends where it really ends", test_cut),
		TEST("a read that fails says so, again and again",
		     test_trouble),
		TEST("the 32 latest groups are kept", test_bound),
	};
	int r;

	bytes = malloc(SIZE);
	if (!bytes)
		return 1;
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (uint8_t)(i * 2654435761u >> 13);
	r = cmocka_run_group_tests_name("h5blocks", tests, NULL, NULL);
	free(bytes);
	return r;
}
