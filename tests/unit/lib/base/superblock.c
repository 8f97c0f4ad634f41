/* SPDX-License-Identifier: MIT */
/* superblock.c - what the first bytes of an HDF5 file say */

#include "lib/base/superblock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* A superblock as written: version 0 or 3, addresses of 'width' bytes. */
static size_t write_block(uint8_t p[64], unsigned version, unsigned width,
			  const uint64_t addrs[4])
{
	size_t at = version < 2 ? 24 : 12;

	memset(p, 0, 64);
	memcpy(p, "\211HDF\r\n\032\n", 8);
	p[8] = (uint8_t)version;
	p[version < 2 ? 13 : 9] = (uint8_t)width;
	for (int i = 0; i < 4; i++)
		for (unsigned k = 0; k < width; k++)
			p[at++] = (uint8_t)(addrs[i] >> 8 * k);
	return at;
}

/* What is found in a file with these bytes at 'off'. */
static int find(const uint8_t *p, size_t n, off_t off, struct oq_superblock *sb)
{
	int fd = memfd_create("superblock", MFD_CLOEXEC), r;

	assert_int_equal(pwrite(fd, p, n, off), n);
	r = oq_superblock_find(fd, sb);
	close(fd);
	return r;
}

static void test_fields(void **state)
{
	static const uint64_t addrs[4] = { 0, 77, 5000, 600 };
	static const unsigned widths[] = { 2, 4, 8 };
	static const off_t places[] = { 0, 512, 2048 };
	struct oq_superblock sb;
	uint8_t p[64];

	(void)state;
	for (int i = 0; i < 9; i++) {
		off_t at = places[i / 3];
		size_t n = write_block(p, 0, widths[i % 3], addrs);

		assert_int_equal(find(p, n, at, &sb), 1);
		assert_true(sb.is_readable);
		assert_int_equal(sb.base, at);
		/* The file was made without that user block. */
		assert_int_equal(sb.stored_eof, 5000 + at);
		assert_int_equal(sb.driver, 600 + at);
		assert_int_equal(sb.flags, 0);

		n = write_block(p, 3, widths[i % 3], addrs);
		p[11] = 5;
		assert_int_equal(find(p, n, at, &sb), 1);
		assert_int_equal(sb.stored_eof, 5000 + at);
		assert_int_equal(sb.driver, OQ_NO_ADDR);
		assert_int_equal(sb.flags, 5);
	}
}

static void test_bad(void **state)
{
	static const uint64_t addrs[4] = { 0, 0, 5000, UINT64_MAX };
	static const uint64_t open_end[4] = { 0, 0, UINT64_MAX, UINT64_MAX };
	struct oq_superblock sb;
	uint8_t p[64];
	size_t n = write_block(p, 0, 8, addrs);

	(void)state;
	assert_int_equal(find(p, n, 0, &sb), 1);
	assert_true(sb.is_readable);
	assert_int_equal(sb.driver, OQ_NO_ADDR);
	for (size_t cut = 8; cut < n; cut++) {
		assert_int_equal(find(p, cut, 0, &sb), 1);
		assert_false(sb.is_readable);
	}
	assert_int_equal(find(p, 7, 0, &sb), 0);
	assert_int_equal(find(p, n, 700, &sb), 0);
	p[13] = 3;
	assert_int_equal(find(p, n, 0, &sb), 1);
	assert_false(sb.is_readable);
	n = write_block(p, 4, 8, addrs);
	assert_int_equal(find(p, n, 0, &sb), 1);
	assert_false(sb.is_readable);
	assert_int_equal(sb.version, 4);
	n = write_block(p, 3, 8, open_end);
	assert_int_equal(find(p, n, 0, &sb), 1);
	assert_false(sb.is_readable);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "both families are read, at any place and width", test_fields,
		  NULL, NULL, NULL },
		{ "what is cut or unknown is not readable", test_bad, NULL,
		  NULL, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
