/* SPDX-License-Identifier: MIT */
/* rows.c - the blocks of a csv are where they were measured to be */

#include <errno.h>

#include "lib/array/rows.h"

#include "tests/unit/test.h"

#define MILLION4 ((uint64_t)4 << 20)

static void blocks_cover_the_elements(void **state)
{
	(void)state;
	for (uint64_t n = 0; n < 12; n++)
		for (uint64_t size = 1; size < 14; size++) {
			struct oq_rows r;
			uint64_t next = 0;

			assert_int_equal(oq_rows_init(&r, 0, n, size), 0);
			for (size_t i = 0; i < r.nblocks; i++) {
				size_t count = oq_rows_count(&r, i);

				assert_int_equal(oq_rows_first(&r, i), next);
				assert_true(count > 0 && count <= size);
				assert_true(count == size ||
					    i == r.nblocks - 1);
				next += count;
			}
			assert_int_equal(next, n);
			oq_rows_free(&r);
		}
}

/* 'lens' in digits to base 3: the lengths of three blocks. */
static void check_bytes(uint64_t head, size_t nblocks, unsigned lens)
{
	uint8_t owner[64]; /* which block each byte is of */
	uint64_t len[3] = { lens % 3, lens / 3 % 3, lens / 9 };
	uint64_t size = head;
	struct oq_rows r;

	assert_int_equal(oq_rows_init(&r, head, nblocks * 5, 5), 0);
	assert_int_equal(r.nblocks, nblocks);
	for (size_t i = nblocks; i-- > 0;)
		oq_rows_note(&r, i, len[i]);
	assert_int_equal(oq_rows_seal(&r), 0);
	for (size_t i = 0; i < nblocks; i++) {
		assert_int_equal(oq_rows_start(&r, i), size);
		for (uint64_t k = 0; k < len[i]; k++)
			owner[size++] = (uint8_t)i;
	}
	assert_int_equal(oq_rows_size(&r), size);
	for (uint64_t off = head; off < size; off++)
		assert_int_equal(oq_rows_find(&r, off), owner[off]);
	oq_rows_free(&r);
}

static void bytes_are_found(void **state)
{
	(void)state;
	for (uint64_t head = 0; head < 4; head++)
		for (size_t nblocks = 0; nblocks <= 3; nblocks++)
			for (unsigned lens = 0; lens < 27; lens++)
				check_bytes(head, nblocks, lens);
}

static void many_blocks(void **state)
{
	struct oq_rows r;

	(void)state;
	assert_int_equal(oq_rows_init(&r, 7, 100000, 3), 0);
	for (size_t i = 0; i < r.nblocks; i++)
		oq_rows_note(&r, i, i % 1000 + 1);
	assert_int_equal(oq_rows_seal(&r), 0);
	for (size_t i = 0; i < r.nblocks; i++) {
		uint64_t at = oq_rows_start(&r, i);

		assert_int_equal(oq_rows_find(&r, at), i);
		assert_int_equal(oq_rows_find(&r, at + i % 1000), i);
	}
	oq_rows_free(&r);
}

static void check_limit(uint64_t nelems, uint64_t block, uint64_t nblocks,
			uint64_t elems)
{
	struct oq_rows r;

	assert_int_equal(oq_rows_init(&r, 0, nelems, block), 0);
	assert_int_equal(r.nblocks, nblocks);
	assert_int_equal(r.block_elems, elems);
	assert_int_equal(oq_rows_first(&r, r.nblocks - 1) +
				 oq_rows_count(&r, r.nblocks - 1),
			 nelems);
	oq_rows_free(&r);
}

static void limit(void **state)
{
	(void)state;
	check_limit(MILLION4 - 1, 1, MILLION4 - 1, 1);
	check_limit(MILLION4, 1, MILLION4 / 2, 2);
	check_limit(3 * MILLION4 - 1, 3, MILLION4, 3);
	check_limit(3 * MILLION4, 3, MILLION4 / 2, 6);
	check_limit(UINT64_MAX, 1, MILLION4, (uint64_t)1 << 42);
}

static void overflow(void **state)
{
	struct oq_rows r;

	(void)state;
	assert_int_equal(oq_rows_init(&r, 10, 3, 1), 0);
	oq_rows_note(&r, 0, INT64_MAX - 20);
	oq_rows_note(&r, 1, 9);
	oq_rows_note(&r, 2, 1);
	assert_int_equal(oq_rows_seal(&r), 0);
	assert_int_equal(oq_rows_size(&r), INT64_MAX);

	/* Measured again after a failure. */
	oq_rows_note(&r, 0, INT64_MAX - 20);
	oq_rows_note(&r, 1, 10);
	oq_rows_note(&r, 2, 1);
	assert_int_equal(oq_rows_seal(&r), -EOVERFLOW);
	oq_rows_note(&r, 0, UINT64_MAX);
	assert_int_equal(oq_rows_seal(&r), -EOVERFLOW);
	oq_rows_note(&r, 0, 1);
	oq_rows_note(&r, 1, 1);
	oq_rows_note(&r, 2, 1);
	assert_int_equal(oq_rows_seal(&r), 0);
	assert_int_equal(oq_rows_size(&r), 13);
	oq_rows_free(&r);
	assert_null(r.ends);
	oq_rows_free(&r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST("blocks cover the elements in order",
		     blocks_cover_the_elements),
		TEST("each byte is found in its block, for all small lengths",
		     bytes_are_found),
		TEST("each byte is found among many blocks", many_blocks),
		TEST("blocks grow where there would be more than four million",
		     limit),
		TEST("a sum larger than a file can be is refused", overflow),
	};

	return cmocka_run_group_tests_name("rows", tests, NULL, NULL);
}
