/* SPDX-License-Identifier: MIT */
/* lzf.c - LZF is undone exactly, and nonsense is told from data */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/codec/lzf.h"

#define BYTES(...)          \
	(const uint8_t[])   \
	{                   \
		__VA_ARGS__ \
	}

/* In memory of exactly its size, so that a sanitizer sees a byte too many. */
static enum oq_lzf undo(const uint8_t *in, size_t n, size_t room, char *text)
{
	uint8_t *exact = malloc(n ? n : 1), *out = malloc(room ? room : 1);
	enum oq_lzf r;
	size_t len = 0;

	assert_true(exact && out);
	memcpy(exact, in, n);
	r = oq_lzf_undo(exact, n, out, room, &len);
	if (r == OQ_LZF_DONE && text) {
		memcpy(text, out, len);
		text[len] = '\0';
	}
	free(exact);
	free(out);
	return r;
}

static void test_runs(void **state)
{
	char text[64];

	(void)state;
	assert_int_equal(undo(BYTES(0), 0, 0, text), OQ_LZF_DONE);
	assert_string_equal(text, "");
	assert_int_equal(undo(BYTES(1, 'a', 'b'), 3, 2, text), OQ_LZF_DONE);
	assert_string_equal(text, "ab");
	/* The copy overlaps itself. */
	assert_int_equal(undo(BYTES(0, 'a', 3 << 5, 0), 4, 6, text),
			 OQ_LZF_DONE);
	assert_string_equal(text, "aaaaaa");
	/* A long one: 7 + 1 + 2 bytes, from two before. */
	assert_int_equal(undo(BYTES(1, 'a', 'b', 7 << 5, 1, 1), 6, 12, text),
			 OQ_LZF_DONE);
	assert_string_equal(text, "abababababab");
}

static void test_no_room(void **state)
{
	(void)state;
	assert_int_equal(undo(BYTES(1, 'a', 'b'), 3, 1, NULL), OQ_LZF_NO_ROOM);
	assert_int_equal(undo(BYTES(0, 'a', 3 << 5, 0), 4, 5, NULL),
			 OQ_LZF_NO_ROOM);
}

static void test_damage(void **state)
{
	(void)state;
	assert_int_equal(undo(BYTES(5, 'a'), 2, 9, NULL), OQ_LZF_DAMAGED);
	assert_int_equal(undo(BYTES(0, 'a', 3 << 5), 3, 9, NULL),
			 OQ_LZF_DAMAGED);
	assert_int_equal(undo(BYTES(0, 'a', 7 << 5, 1), 4, 99, NULL),
			 OQ_LZF_DAMAGED);
	assert_int_equal(undo(BYTES(0, 'a', 1 << 5, 1), 4, 9, NULL),
			 OQ_LZF_DAMAGED);
}

/* Three bytes can say much; none of it may be read or written astray. */
static void test_any_bytes(void **state)
{
	(void)state;
	for (unsigned v = 0; v < 1 << 16; v++)
		for (size_t room = 0; room < 12; room += 5)
			undo(BYTES(0, 'x', (uint8_t)v, (uint8_t)(v >> 8), 1), 5,
			     room, NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_no_room),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
