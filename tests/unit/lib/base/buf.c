/* SPDX-License-Identifier: MIT */
/* buf.c - buffers grow, remember failure, and give back what was put */

#include "lib/base/buf.h"

#include "tests/unit/types.h"

static void test_growth(void **state)
{
	struct oq_buf b = { 0 };

	(void)state;
	for (unsigned i = 0; i < 10000; i++)
		oq_buf_printf(&b, "%04u", i);
	assert_int_equal(b.len, 40000);
	assert_memory_equal(b.data + 4 * 1234, "1234", 4);
	oq_buf_put(&b, NULL, 0);
	oq_buf_puts(&b, "");
	assert_int_equal(b.len, 40000);
	assert_false(oq_buf_failed(&b));
	oq_buf_free(&b);
	assert_null(b.data);
	oq_buf_putc(&b, 'x');
	ASSERT_TEXT(b, "x");
	oq_buf_free(&b);
}

static void test_failure(void **state)
{
	struct oq_buf b = { 0 };

	(void)state;
	oq_buf_puts(&b, "kept");
	assert_null(oq_buf_room(&b, SIZE_MAX));
	assert_true(oq_buf_failed(&b));
	assert_null(oq_buf_grow(&b, 1));
	oq_buf_printf(&b, "%0100d", 0);
	assert_true(oq_buf_failed(&b));
	/* What would have found room does not come after what is lacking. */
	oq_buf_puts(&b, "no");
	oq_buf_putc(&b, 'x');
	assert_int_equal(b.len, 4);
	assert_memory_equal(b.data, "kept", 4);
	oq_buf_free(&b);
	assert_false(oq_buf_failed(&b));
}

static void test_look(void **state)
{
	struct oq_buf b = { 0 };
	struct oq_cursor l;
	const char *s;
	size_t n;

	(void)state;
	oq_buf_put_u32(&b, 0x01020304);
	oq_buf_put_str(&b, "abc", 3);
	oq_buf_put_u64(&b, 0x0102030405060708);
	assert_memory_equal(b.data, "\4\3\2\1\3\0\0\0abc\10\7\6\5\4\3\2\1", 19);

	l = (struct oq_cursor){ (const uint8_t *)b.data, b.len, false };
	assert_int_equal(oq_cursor_u32(&l), 0x01020304);
	s = oq_cursor_str(&l, &n);
	assert_int_equal(n, 3);
	assert_memory_equal(s, "abc", 3);
	assert_true(oq_cursor_u64(&l) == 0x0102030405060708);
	assert_false(l.bad);
	assert_int_equal(l.left, 0);
	oq_buf_free(&b);
}

static void test_short_look(void **state)
{
	/* A string of 255 bytes, of which two are there. */
	static const uint8_t bytes[] = { 255, 0, 0, 0, 'a', 'b' };
	struct oq_cursor l = { bytes, sizeof(bytes), false };
	size_t n;

	(void)state;
	assert_string_equal(oq_cursor_str(&l, &n), "");
	assert_int_equal(n, 0);
	assert_true(l.bad);
	assert_int_equal(oq_cursor_u32(&l), 0);

	for (size_t len = 0; len < 8; len++) {
		l = (struct oq_cursor){ bytes, len < 6 ? len : 6, false };
		assert_int_equal(oq_cursor_u64(&l), 0);
		assert_true(l.bad);
	}
}

/* What is reserved is there, and what comes after it still finds room. */
static void test_reserve(void **state)
{
	struct oq_buf b = { 0 };
	const char *at;

	(void)state;
	oq_buf_put(&b, "abc", 3);
	oq_buf_reserve(&b, 1000);
	assert_int_equal(b.room, 1003);
	oq_buf_reserve(&b, 10);
	assert_int_equal(b.room, 1003);
	at = b.data;
	for (int i = 0; i < 1000; i++)
		oq_buf_putc(&b, 'x');
	assert_ptr_equal(b.data, at);
	oq_buf_putc(&b, 'y');
	assert_int_equal(b.len, 1004);
	assert_memory_equal(b.data, "abcxxx", 6);
	assert_int_equal(b.data[1003], 'y');
	assert_false(oq_buf_failed(&b));
	oq_buf_reserve(&b, SIZE_MAX - 5);
	assert_true(oq_buf_failed(&b));
	oq_buf_putc(&b, 'z');
	assert_int_equal(b.len, 1004);
	oq_buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("a buffer grows as it is written", test_growth),
		TEST("a buffer has the room that was reserved", test_reserve),
		TEST("a buffer remembers that memory ran out", test_failure),
		TEST("what was put can be looked at again", test_look),
		TEST("a look past the end is bad and yields nothing",
		     test_short_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
