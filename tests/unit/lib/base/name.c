/* SPDX-License-Identifier: MIT */
/* name.c - link names become file names, and come back */

#include "lib/base/name.h"
#include "lib/base/views.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/test.h"

/* Bytes that mean something to the rules, and some that do not. */
static const char letters[] = { '.',  '/',    '%',    'a',    '2',
				'F',  'E',    '~',    '\0',   '\n',
				0x7f, '\x80', '\xc3', '\xa9', ' ' };
#define NLETTERS sizeof(letters)

static void expect_round_trip(const char *link, size_t n)
{
	OQ_BUF struct oq_buf name = { 0 };
	OQ_BUF struct oq_buf back = { 0 };
	char file[OQ_NAME_MAX + 1];
	size_t len;

	oq_name_escape(link, n, &name);
	assert_true(name.len > 0);
	assert_false(name.len == 1 && name.data[0] == '.');
	assert_false(name.len == 2 && memcmp(name.data, "..", 2) == 0);
	for (size_t i = 0; i < name.len; i++) {
		unsigned char c = (unsigned char)name.data[i];

		assert_true(c >= 0x20 && c != 0x7f && c != '/');
	}
	assert_int_equal(oq_name_unescape(name.data, name.len, &back), 0);
	assert_int_equal(back.len, n);
	assert_memory_equal(back.data ? back.data : "", link, n);

	len = oq_name_file(link, n, ".csv", file);
	assert_int_equal(len, name.len + 4);
	assert_memory_equal(file, name.data, name.len);
	assert_string_equal(file + name.len, ".csv");
}

static void test_round_trip(void **state)
{
	char link[4];

	(void)state;
	expect_round_trip("", 0);
	for (size_t a = 0; a < NLETTERS; a++) {
		link[0] = letters[a];
		expect_round_trip(link, 1);
		for (size_t b = 0; b < NLETTERS; b++) {
			link[1] = letters[b];
			expect_round_trip(link, 2);
			for (size_t c = 0; c < NLETTERS; c++) {
				link[2] = letters[c];
				expect_round_trip(link, 3);
			}
		}
	}
}

/* Whatever can be taken back is the escaped form of what it gives. */
static void test_one_form(void **state)
{
	static const char *const never[] = { "",    ".",   "..",   "%2f", "%41",
					     "%",   "%2",  "a%",   "%~",  "%%",
					     "a\n", "a/b", "%2Ea", "a%2E" };
	char name[4];

	(void)state;
	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++) {
		OQ_BUF struct oq_buf link = { 0 };
		int r = oq_name_unescape(never[i], strlen(never[i]), &link);

		assert_int_equal(r, strcmp(never[i], "%") == 0 ? 0 : -ENOENT);
	}
	for (size_t k = 0; k < NLETTERS * NLETTERS * NLETTERS; k++) {
		OQ_BUF struct oq_buf link = { 0 };
		OQ_BUF struct oq_buf again = { 0 };

		name[0] = letters[k % NLETTERS];
		name[1] = letters[k / NLETTERS % NLETTERS];
		name[2] = letters[k / NLETTERS / NLETTERS];
		if (oq_name_unescape(name, 3, &link))
			continue;
		oq_name_escape(link.data, link.len, &again);
		assert_int_equal(again.len, 3);
		assert_memory_equal(again.data, name, 3);
	}
}

static bool is_continued(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

/* Of names around the limit: none is too long, short ones are whole, cut ones
 * say so, and two that differ behind the cut differ. */
static void test_cut(void **state)
{
	static const char *const units[] = { "n", "\xc3\xa9", "/",
					     "\xe5\x9c\xb0", "\x80" };
	static const char *const suffixes[] = { "", ".csv", ".meta.json",
						"~12.npy" };
	char link[800], other[800];

	(void)state;
	for (size_t u = 0; u < sizeof(units) / sizeof(units[0]); u++) {
		size_t w = strlen(units[u]);

		for (size_t k = 60; k < 260; k++) {
			char a[OQ_NAME_MAX + 1], b[OQ_NAME_MAX + 1];
			const char *suffix = suffixes[k % 4];
			size_t n = k * w, full, len;

			for (size_t i = 0; i < k; i++)
				memcpy(link + i * w, units[u], w);
			memcpy(other, link, n);
			other[n - 1] = 'X';
			full = n * (*units[u] == '/' ? 3 : 1) + strlen(suffix);
			len = oq_name_file(link, n, suffix, a);
			assert_int_equal(len, strlen(a));
			assert_true(len <= OQ_NAME_MAX);
			assert_string_equal(a + len - strlen(suffix), suffix);
			if (full <= OQ_NAME_MAX) {
				assert_int_equal(len, full);
				assert_null(strstr(a, "%~"));
				continue;
			}
			char *cut = strstr(a, "%~");

			assert_non_null(cut);
			assert_int_equal(strlen(cut), 18 + strlen(suffix));
			/* Whole characters and whole escapes only. */
			assert_true(cut == a || *units[u] == '\x80' ||
				    (size_t)(cut -
					     a) % (*units[u] == '/' ? 3 : w) ==
					    0);
			assert_false(is_continued(*cut));
			oq_name_file(other, n, suffix, b);
			assert_string_not_equal(a, b);
		}
	}
}

static void test_suffixes(void **state)
{
	(void)state;
	/* None ends in another: a name can be taken apart in one way. */
	for (unsigned a = 0; a < OQ_NVIEWS; a++)
		for (unsigned b = 0; b < OQ_NVIEWS; b++) {
			const char *x = oq_views[a].suffix;
			const char *y = oq_views[b].suffix;

			if (a == b || !*x || !*y || strlen(x) > strlen(y))
				continue;
			assert_string_not_equal(y + strlen(y) - strlen(x), x);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("every short name is escaped and comes back",
		     test_round_trip),
		TEST("a name has one escaped form", test_one_form),
		TEST("long names are cut at a character, and differ", test_cut),
		TEST("no suffix ends in another", test_suffixes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
