/* SPDX-License-Identifier: MIT */
/* target.c - a link of the source leads to the same in the mount */

#include "fs/source/target.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "lib/base/cleanup.h"
#include "tests/unit/workdir.h"

struct mounted {
	struct oqfs_roots *roots;
	struct oqfs_catalog *catalog;
};

static void hdf5(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "\x89HDF\r\n\x1a\n", 8), 8);
	close(fd);
}

static void dir(const char *name)
{
	assert_int_equal(mkdir(name, 0755), 0);
}

/* in: a source with a directory and two datastores; out: another directory */
static void make_source(void)
{
	dir("in");
	dir("in/sub");
	dir("in/sub/deep");
	dir("out");
	hdf5("in/calc_1.hdf5");
	hdf5("in/sub/calc_2.hdf5");
	hdf5("in/sub/w.nc");
}

static struct mounted mounted(const struct oqfs_roots_opts *o)
{
	struct mounted m;
	struct oq_err err;

	if (oqfs_roots_new(o, &m.roots, &err) ||
	    oqfs_catalog_open(m.roots, &m.catalog, &err))
		fail_msg("%s", err.text);
	return m;
}

static void unmount(struct mounted *m)
{
	oqfs_catalog_close(m->catalog);
	oqfs_roots_free(m->roots);
}

/* A link at 'path' of the mount, which is at 'file', with this text. */
static void check(const struct mounted *m, const char *file, const char *path,
		  const char *text, const char *want)
{
	char got[PATH_MAX];

	assert_int_equal(symlink(text, file), 0);
	assert_int_equal(oqfs_target_text(m->catalog, m->roots, path, got), 0);
	assert_int_equal(unlink(file), 0);
	assert_string_equal(got, want);
}

/* 'text' and 'want' with the directory that the test is in before them. */
static void check_at(const struct mounted *m, const char *at, const char *file,
		     const char *path, const char *text, const char *want)
{
	char from[PATH_MAX], to[PATH_MAX];

	snprintf(from, sizeof(from), "%s%s", *text == '/' ? at : "", text);
	snprintf(to, sizeof(to), "%s%s", *want == '/' ? at : "", want);
	check(m, file, path, from, to);
}

static void test_inside(void **state)
{
	const char *at = *state;
	struct mounted m;

	make_source();
	m = mounted(&(struct oqfs_roots_opts){ .source = "in" });
	check_at(&m, at, "in/l", "l", "sub", "sub");
	check_at(&m, at, "in/l", "l", "sub/", "sub/");
	check_at(&m, at, "in/l", "l", "./sub/deep/..", "./sub/deep/..");
	check_at(&m, at, "in/l", "l", "nowhere", "nowhere");
	check_at(&m, at, "in/sub/l", "sub/l", "../x", "../x");
	check_at(&m, at, "in/l", "l", "../in/sub", "sub");
	check_at(&m, at, "in/sub/l", "sub/l", "../../in/sub/deep", "deep");
	check_at(&m, at, "in/sub/deep/l", "sub/deep/l", "../../../in", "../..");
	check_at(&m, at, "in/l", "l", "/in/sub", "sub");
	check_at(&m, at, "in/l", "l", "/in//sub/./deep/../", "sub");
	check_at(&m, at, "in/l", "l", "/in", ".");
	check_at(&m, at, "in/sub/l", "sub/l", "/in/calc_1", "../calc_1");
	check_at(&m, at, "in/sub/l", "sub/l", "/in/nowhere/x", "../nowhere/x");
	check_at(&m, at, "in/sub/deep/l", "sub/deep/l", "/in/sub/w.nc",
		 "../w.nc");
	unmount(&m);
}

static void test_outside(void **state)
{
	const char *at = *state;
	struct mounted m;

	make_source();
	dir("inner");
	m = mounted(&(struct oqfs_roots_opts){ .source = "in" });
	check_at(&m, at, "in/l", "l", "../out", "/out");
	check_at(&m, at, "in/sub/l", "sub/l", "../../out/x", "/out/x");
	check_at(&m, at, "in/l", "l", "/out", "/out");
	check_at(&m, at, "in/l", "l", "/inner", "/inner");
	check(&m, "in/l", "l", "..", at);
	check(&m, "in/l", "l", "/", "/");
	check(&m, "in/l", "l", "../../../../../etc", "/etc");
	unmount(&m);
}

static void test_shared(void **state)
{
	const char *at = *state;
	char latest[NAME_MAX + 1];
	struct mounted m;

	make_source();
	m = mounted(
		&(struct oqfs_roots_opts){ .source = "in", .shared = true });
	/* As datastores are shown, which is not as they are. */
	check_at(&m, at, "in/l", "l", "calc_1.hdf5", "calc_1");
	check_at(&m, at, "in/l", "l", "sub/calc_2.hdf5", "sub/calc_2");
	check_at(&m, at, "in/l", "l", "/in/sub/calc_2.hdf5", "sub/calc_2");
	check_at(&m, at, "in/l", "l", "sub/w.nc", "sub/w.nc");
	check_at(&m, at, "in/l", "l", "../out", "/out");
	/* The latest may be a link, if the mount has what it leads to. */
	assert_int_equal(symlink("sub/calc_2.hdf5", "in/calc_7.hdf5"), 0);
	assert_int_equal(symlink("../out", "in/calc_9.hdf5"), 0);
	assert_int_equal(oqfs_catalog_latest(m.catalog, "", latest), 0);
	assert_string_equal(latest, "calc_7.hdf5");
	assert_int_equal(symlink("calc_7.hdf5", "in/calc_8"), 0);
	assert_int_equal(symlink("calc_10", "in/calc_10"), 0);
	assert_int_equal(oqfs_catalog_latest(m.catalog, "", latest), 0);
	assert_string_equal(latest, "calc_8");
	unmount(&m);
}

static void test_several(void **state)
{
	const char *at = *state;
	struct mounted m;
	OQ_FREE char *one = NULL, *star = NULL;
	char *named[1];

	make_source();
	dir("home");
	dir("home/alice");
	dir("home/alice/data");
	dir("home/bob");
	dir("home/bob/data");
	hdf5("home/bob/data/calc_3.hdf5");
	assert_true(asprintf(&one, "shared:%s/in", at) > 0);
	assert_true(asprintf(&star, "%s/home/*/data", at) > 0);
	named[0] = one;
	m = mounted(&(struct oqfs_roots_opts){
		.source = star, .named = named, .nnamed = 1, .shared = true });
	check_at(&m, at, "home/alice/data/l", "alice/l",
		 "../../bob/data/calc_3.hdf5", "../bob/calc_3");
	check_at(&m, at, "home/alice/data/l", "alice/l", "/in/sub",
		 "../shared/sub");
	check_at(&m, at, "home/alice/data/l", "alice/l", "/home/bob/data",
		 "../bob");
	check_at(&m, at, "home/alice/data/l", "alice/l", "/home/alice/data/x",
		 "x");
	check_at(&m, at, "home/alice/data/l", "alice/l", "x", "x");
	check_at(&m, at, "in/sub/l", "shared/sub/l", "../../out", "/out");
	/* What would be another source in the mount is none here. */
	check_at(&m, at, "home/alice/data/l", "alice/l", "../bob",
		 "/home/alice/bob");
	unmount(&m);
}

static void test_alias(void **state)
{
	const char *at = *state;
	struct mounted m;

	make_source();
	assert_int_equal(symlink("in", "alias"), 0);
	m = mounted(&(struct oqfs_roots_opts){ .source = "alias/" });
	check_at(&m, at, "in/l", "l", "/alias/sub", "sub");
	check_at(&m, at, "in/l", "l", "/in/sub", "sub");
	unmount(&m);
}

#define TEST(name, f)                          \
	{                                      \
		name, f, setup, teardown, NULL \
	}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("a link within the source leads to the same place",
		     test_inside),
		TEST("one that leads out has the path of where", test_outside),
		TEST("in a shared mount it leads to what is shown",
		     test_shared),
		TEST("from one of several sources into another", test_several),
		TEST("the source may be named by a link", test_alias),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
