/* SPDX-License-Identifier: MIT */
/* pattern.c - a source with a name, or with a star */

#include "fs/source/pattern.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/test.h"
#include "tests/unit/workdir.h"

/* "NAME|HEAD|TAIL", or what the error says. */
static void expect(const char *word, const char *want)
{
	struct oqfs_pattern p;
	struct oq_err err = { "" };
	char got[512];

	if (oqfs_pattern_parse(word, &p, &err))
		snprintf(got, sizeof(got), "%.200s", err.text);
	else
		snprintf(got, sizeof(got), "%s|%s|%s", p.name ? p.name : "*",
			 p.head, p.tail);
	oqfs_pattern_free(&p);
	if (*want == '~' ? !strstr(got, want + 1) : strcmp(got, want) != 0)
		fail_msg("'%s' is '%s', not '%s'", word, got, want);
}

static void test_words(void **state)
{
	(void)state;
	expect("alice:/none/alice", "alice|/none/alice|");
	expect("a b,c:/none/x:y/", "a b,c|/none/x:y|");
	expect("root:/", "root|/|");
	expect("*:/none/*/oqdata", "*|/none/|/oqdata");
	expect("/none/*/oqdata//", "*|/none/|/oqdata");
	expect("/none/oq-*.d/x/y", "*|/none/oq-|.d/x/y");
	expect("/none/a:b/*", "*|/none/a:b/|");
	expect("/*", "*|/|");
	expect("/*/oqdata", "*|/|/oqdata");
	expect("/none", "~source=NAME:/none");
	expect("none", "~source=NAME:none");
	expect("./a:b", "~source=NAME:./a:b");
	expect(":/none", "~''");
	expect("a/b:/none", "~'a/b'");
	expect("..:/none", "~source=NAME:");
	expect("a\nb:/none", "~cannot be the name");
	expect("alice:", "~no directory");
	expect("alice:/none/*", "~one name");
	expect("*:/none", "~one name");
	expect("/none/*/*", "~more than one *");
	expect("/none/**", "~more than one *");
}

static void test_settled(void **state)
{
	const char *top = *state;
	char want[256];

	assert_int_equal(mkdir("real", 0755), 0);
	assert_int_equal(symlink("real", "link"), 0);
	snprintf(want, sizeof(want), "a|%s/real|", top);
	expect("a:link", want);
	snprintf(want, sizeof(want), "a|%s/real/not/yet|", top);
	expect("a:link/not/yet", want);
	snprintf(want, sizeof(want), "*|%s/real/|/link", top);
	expect("link/*/link", want);
	snprintf(want, sizeof(want), "*|%s/|/link", top);
	expect("*/link", want);
}

static void test_no_working_directory(void **state)
{
	(void)state;
	assert_int_equal(mkdir("gone", 0755), 0);
	assert_int_equal(chdir("gone"), 0);
	assert_int_equal(rmdir("../gone"), 0);
	expect("a:b", "~'b' is relative");
	expect("b/*", "~'b/*' is relative");
	expect("*/b", "~'*/b' is relative");
	expect("a:/none/a", "a|/none/a|");
}

static void place(const char *word, struct oqfs_pattern *p)
{
	assert_int_equal(oqfs_pattern_parse(word, p, NULL), 0);
}

static void expect_path(const struct oqfs_pattern *p, const char *name,
			const char *want)
{
	char path[PATH_MAX];
	int r = oqfs_pattern_path(p, name, strlen(name), path);

	assert_int_equal(r, want ? 0 : -ENOENT);
	if (want)
		assert_string_equal(path, want);
}

static void test_paths(void **state)
{
	char longest[NAME_MAX + 2];
	struct oqfs_pattern p;

	(void)state;
	place("alice:/none/a", &p);
	expect_path(&p, "alice", "/none/a");
	expect_path(&p, "alic", NULL);
	expect_path(&p, "alice2", NULL);
	expect_path(&p, "", NULL);
	oqfs_pattern_free(&p);
	place("/none/*/oqdata", &p);
	expect_path(&p, "alice", "/none/alice/oqdata");
	expect_path(&p, ".hidden", NULL);
	expect_path(&p, "..", NULL);
	expect_path(&p, ".", NULL);
	expect_path(&p, "", NULL);
	expect_path(&p, "a/b", NULL);
	expect_path(&p, ".oqfs", NULL);
	memset(longest, 'x', sizeof(longest));
	longest[NAME_MAX + 1] = '\0';
	expect_path(&p, longest, NULL);
	oqfs_pattern_free(&p);
	place("/none/oq-*/x", &p);
	expect_path(&p, ".d", "/none/oq-.d/x");
	oqfs_pattern_free(&p);
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void expect_names(const char *word, const char *want)
{
	OQ_BUF struct oq_buf names = { 0 };
	const char *sorted[16];
	char got[256] = "";
	struct oqfs_pattern p;
	size_t n = 0;

	place(word, &p);
	assert_int_equal(oqfs_pattern_names(&p, &names), 0);
	oqfs_pattern_free(&p);
	for (size_t at = 0; at < names.len; at += strlen(names.data + at) + 1)
		sorted[n++] = names.data + at;
	qsort(sorted, n, sizeof(*sorted), compare);
	for (size_t i = 0; i < n; i++) {
		strcat(got, i ? " " : "");
		strcat(got, sorted[i]);
	}
	assert_string_equal(got, want);
}

static void test_names(void **state)
{
	struct oqfs_pattern p;
	OQ_BUF struct oq_buf names = { 0 };

	(void)state;
	assert_int_equal(mkdir("alice", 0755), 0);
	assert_int_equal(mkdir("oq-bob.d", 0755), 0);
	assert_int_equal(mkdir("oq-.d", 0755), 0);
	assert_int_equal(mkdir(".snapshot", 0755), 0);
	/* Whether they lead to a directory is for others to say. */
	expect_names("*/oqdata", "alice oq-.d oq-bob.d");
	expect_names("oq-*.d", "bob");
	expect_names("oq-*", ".d bob.d");
	expect_names("named:none", "named");
	place("none/*", &p);
	assert_int_equal(oqfs_pattern_names(&p, &names), -ENOENT);
	oqfs_pattern_free(&p);
}

static void expect_found(const char *word, const char *path, const char *want)
{
	const char *name, *rest;
	struct oqfs_pattern p;
	char got[256] = "";
	size_t len;

	place(word, &p);
	rest = oqfs_pattern_find(&p, path, strlen(path), &name, &len);
	if (rest)
		snprintf(got, sizeof(got), "%.*s:%s", (int)len, name, rest);
	oqfs_pattern_free(&p);
	assert_string_equal(got, want);
}

static void test_find(void **state)
{
	(void)state;
	expect_found("a:/n/a", "/n/a/calc_1.hdf5", "a:calc_1.hdf5");
	expect_found("a:/n/a", "/n/a", "a:");
	expect_found("a:/n/a", "/n/ab", "");
	expect_found("a:/n/a", "/n", "");
	expect_found("a:/", "/x", "a:x");
	expect_found("/n/*/q", "/n/al/q/c.hdf5", "al:c.hdf5");
	expect_found("/n/*/q", "/n/al/q", "al:");
	expect_found("/n/*/q", "/n/al/qq/c", "");
	expect_found("/n/*/q", "/n/al", "");
	expect_found("/n/*/q", "/n/../q/c", "");
	expect_found("/n/*/q", "/m/al/q/c", "");
	expect_found("/n/p-*.d/q", "/n/p-al.d/q/c", "al:c");
	expect_found("/n/p-*.d/q", "/n/p-.d/q/c", "");
	expect_found("/n/*", "/n/al/c", "al:c");
}

static bool meets(const char *word, const char *path)
{
	struct oqfs_pattern p;
	bool yes;

	place(word, &p);
	yes = oqfs_pattern_meets(&p, path);
	oqfs_pattern_free(&p);
	return yes;
}

static void test_meets(void **state)
{
	(void)state;
	assert_true(meets("a:/n/a", "/n/a"));
	assert_true(meets("a:/n/a", "/n/a/b"));
	assert_true(meets("a:/n/a", "/n"));
	assert_true(meets("a:/n/a", "/"));
	assert_false(meets("a:/n/a", "/n/ab"));
	assert_false(meets("a:/n/a", "/m"));
	assert_true(meets("/n/*/q", "/n"));
	assert_true(meets("/n/*/q", "/n/al"));
	assert_true(meets("/n/*/q", "/n/al/q/b"));
	assert_true(meets("/n/*/q/r", "/n/al/q"));
	assert_true(meets("/n/*-x", "/n/al-x/b"));
	assert_false(meets("/n/*/q", "/n/al/other"));
	assert_false(meets("/n/*/q", "/n/al/qq"));
	assert_false(meets("/n/*/q/r", "/n/al/q/s"));
	assert_false(meets("/n/*/q", "/n/.oq"));
	assert_false(meets("/n/*/q", "/m/al"));
	assert_false(meets("/n/p-*/q", "/n/al"));
}

/* Each in a directory of its own. */
#undef TEST
#define TEST(sentence, function) TEST_WITH(sentence, function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("a word is a name and a directory, or has a star",
		     test_words),
		TEST("links are followed up to what is not there and the star",
		     test_settled),
		TEST("a relative one needs a working directory",
		     test_no_working_directory),
		TEST("a name leads to one directory and to no other",
		     test_paths),
		TEST("the names are what the star can be", test_names),
		TEST("a path leads back to its name", test_find),
		TEST("a mount point may not be where it would meet itself",
		     test_meets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
