/* SPDX-License-Identifier: MIT */
/* catalog.c - files of the source under the names they are shown as */

#include "fs/source/catalog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fs/source/signature.h"
#include "tests/unit/test.h"
#include "tests/unit/workdir.h"

static const char magic[] = "\x89HDF\r\n\x1a\n";

static void write_at(const char *name, size_t at, const char *bytes, size_t n)
{
	int fd = open(name, O_WRONLY | O_CREAT, 0644);

	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, bytes, n, (off_t)at), n);
	close(fd);
}

static void hdf5(const char *name)
{
	write_at(name, 0, magic, 8);
	assert_int_equal(truncate(name, 100), 0);
}

static struct oqfs_catalog *catalog_of(const char *source, bool shared,
				       struct oqfs_roots **roots)
{
	struct oqfs_roots_opts o = { .source = source, .shared = shared };
	struct oqfs_catalog *c = NULL;
	struct oq_err err;

	if (oqfs_roots_new(&o, roots, &err) ||
	    oqfs_catalog_open(*roots, &c, &err))
		fail_msg("%s", err.text);
	return c;
}

static void close_both(struct oqfs_catalog *c, struct oqfs_roots *roots)
{
	oqfs_catalog_close(c);
	oqfs_roots_free(roots);
}

static void expect(struct oqfs_catalog *c, const char *name,
		   enum oqfs_source_kind kind, const char *path)
{
	struct oqfs_source s;

	assert_int_equal(oqfs_catalog_find(c, "", name, &s), 0);
	assert_int_equal(s.kind, kind);
	assert_string_equal(s.path, path);
}

static void expect_none(struct oqfs_catalog *c, const char *name)
{
	struct oqfs_source s;

	assert_int_equal(oqfs_catalog_find(c, "", name, &s), -ENOENT);
}

static void test_names(void **state)
{
	struct oqfs_roots *roots;
	struct oqfs_catalog *c;

	(void)state;
	hdf5("calc_42.hdf5");
	hdf5("calc_42_tmp.hdf5");
	hdf5("weather.nc");
	hdf5("calc_x.hdf5");
	write_at("calc_7.hdf5", 0, "not it", 6);
	write_at("empty.hdf5", 0, "", 0);
	assert_int_equal(mkdir("sub", 0755), 0);
	assert_int_equal(mkfifo("pipe", 0644), 0);
	c = catalog_of(".", false, &roots);
	expect(c, "calc_42", OQFS_SOURCE_STORE, "calc_42.hdf5");
	expect(c, "calc_42.hdf5", OQFS_SOURCE_PLAIN, "calc_42.hdf5");
	expect(c, "calc_42_tmp.hdf5", OQFS_SOURCE_STORE, "calc_42_tmp.hdf5");
	expect_none(c, "calc_42_tmp");
	expect(c, "weather.nc", OQFS_SOURCE_STORE, "weather.nc");
	expect(c, "calc_x.hdf5", OQFS_SOURCE_STORE, "calc_x.hdf5");
	expect_none(c, "calc_x");
	expect(c, "calc_7.hdf5", OQFS_SOURCE_PLAIN, "calc_7.hdf5");
	expect_none(c, "calc_7");
	expect(c, "empty.hdf5", OQFS_SOURCE_PLAIN, "empty.hdf5");
	expect(c, "sub", OQFS_SOURCE_DIR, "sub");
	expect_none(c, "pipe");
	expect_none(c, "nothing");
	close_both(c, roots);
}

static void test_clash(void **state)
{
	struct oqfs_roots *roots;
	struct oqfs_catalog *c;

	(void)state;
	hdf5("calc_1.hdf5");
	assert_int_equal(mkdir("calc_1", 0755), 0);
	c = catalog_of(".", false, &roots);
	expect(c, "calc_1", OQFS_SOURCE_DIR, "calc_1");
	expect(c, "calc_1.hdf5", OQFS_SOURCE_STORE, "calc_1.hdf5");
	close_both(c, roots);
}

static void test_signature(void **state)
{
	static const size_t places[] = { 0, 512, 1024, 65536 };
	struct oq_superblock sb;
	struct oqfs_roots *roots;
	struct oqfs_catalog *c;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		char name[16];
		int fd;

		snprintf(name, sizeof(name), "at%zu", places[i]);
		write_at(name, places[i], magic, 8);
		fd = open(name, O_RDONLY);
		assert_int_equal(oq_superblock_find(fd, &sb), 1);
		assert_int_equal(sb.base, places[i]);
		close(fd);
	}
	write_at("at700", 700, magic, 8);
	write_at("at1536", 1536, magic, 8);
	c = catalog_of(".", false, &roots);
	expect(c, "at65536", OQFS_SOURCE_STORE, "at65536");
	expect(c, "at700", OQFS_SOURCE_PLAIN, "at700");
	expect(c, "at1536", OQFS_SOURCE_PLAIN, "at1536");
	/* The answer is that of the file as it is now. */
	assert_int_equal(unlink("at700"), 0);
	hdf5("at700");
	expect(c, "at700", OQFS_SOURCE_STORE, "at700");
	close_both(c, roots);
}

static void test_state(void **state)
{
	/* Version 3: sizes of 8, no flags, base 0, no extension, end 48. */
	char sb[48] = { 0 };
	struct oq_err why;
	int fd;

	(void)state;
	memcpy(sb, magic, 8);
	sb[8] = 3;
	sb[9] = sb[10] = 8;
	memset(sb + 20, 0xff, 8);
	sb[28] = 48;
	write_at("a", 0, sb, 48);
	fd = open("a", O_RDWR);
	assert_int_equal(oqfs_signature_state(fd, &why), OQFS_COMPLETE);
	assert_int_equal(truncate("a", 47), 0);
	assert_int_equal(oqfs_signature_state(fd, &why), OQFS_BROKEN);
	assert_non_null(strstr(why.text, "cut short"));
	sb[11] = 5;
	write_at("a", 0, sb, 48);
	assert_int_equal(oqfs_signature_state(fd, &why), OQFS_LIVE);
	/* Long ago, but somebody (we) has it open. */
	assert_int_equal(futimens(fd, (struct timespec[2]){ { 0 } }), 0);
	assert_int_equal(oqfs_signature_state(fd, &why), OQFS_LIVE);
	close(fd);
	fd = open("a", O_RDONLY);
	assert_int_equal(oqfs_signature_state(fd, &why), OQFS_BROKEN);
	assert_non_null(strstr(why.text, "without closing"));
	close(fd);
}

static void test_latest(void **state)
{
	struct oqfs_roots *roots;
	struct oqfs_catalog *c;
	char name[NAME_MAX + 1];

	(void)state;
	hdf5("weather.nc");
	c = catalog_of(".", false, &roots);
	assert_int_equal(oqfs_catalog_latest(c, "", name), -ENOENT);
	hdf5("calc_9.hdf5");
	hdf5("calc_10.hdf5");
	assert_int_equal(mkdir("calc_8", 0755), 0);
	/* What is no datastore is no calculation, nor is what is left over. */
	write_at("calc_11.hdf5", 0, "", 0);
	hdf5("calc_12_tmp.hdf5");
	assert_int_equal(oqfs_catalog_latest(c, "", name), 0);
	assert_string_equal(name, "calc_10");
	close_both(c, roots);
}

static void test_links(void **state)
{
	struct oqfs_roots *roots;
	struct oqfs_catalog *c;

	(void)state;
	assert_int_equal(mkdir("in", 0755), 0);
	assert_int_equal(chdir("in"), 0);
	hdf5("store.h5");
	hdf5("../outside.h5");
	write_at("plain", 0, "x", 1);
	assert_int_equal(symlink("store.h5", "calc_1.hdf5"), 0);
	assert_int_equal(symlink("../outside.h5", "calc_2.hdf5"), 0);
	assert_int_equal(symlink("plain", "to-plain"), 0);
	assert_int_equal(symlink("nowhere", "dangling"), 0);
	c = catalog_of(".", false, &roots);
	expect(c, "calc_1", OQFS_SOURCE_STORE, "calc_1.hdf5");
	expect(c, "calc_2", OQFS_SOURCE_STORE, "calc_2.hdf5");
	expect(c, "to-plain", OQFS_SOURCE_LINK, "to-plain");
	expect(c, "dangling", OQFS_SOURCE_LINK, "dangling");
	close_both(c, roots);
	/* In a shared mount no link is followed. */
	c = catalog_of(".", true, &roots);
	expect(c, "calc_1.hdf5", OQFS_SOURCE_LINK, "calc_1.hdf5");
	expect(c, "calc_2.hdf5", OQFS_SOURCE_LINK, "calc_2.hdf5");
	expect_none(c, "calc_1");
	expect_none(c, "calc_2");
	assert_int_equal(oqfs_roots_open_file(roots, "calc_2.hdf5"), -ELOOP);
	close_both(c, roots);
}

static void test_shared_modes(void **state)
{
	struct oqfs_roots *roots;
	struct oqfs_catalog *c;
	struct stat st;

	(void)state;
	assert_int_equal(mkdir("private", 0700), 0);
	assert_int_equal(mkdir("private/data", 0755), 0);
	c = catalog_of("private/data", true, &roots);
	assert_int_equal(oqfs_catalog_stat(c, "", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	close_both(c, roots);
	c = catalog_of("private/data", false, &roots);
	assert_int_equal(oqfs_catalog_stat(c, "", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0755);
	close_both(c, roots);
}

static void test_one_file(void **state)
{
	struct oqfs_roots *roots;
	struct oqfs_catalog *c = NULL;
	struct oq_err err;

	(void)state;
	hdf5("one.h5");
	write_at("other", 0, "x", 1);
	c = catalog_of("one.h5", false, &roots);
	assert_string_equal(oqfs_roots_file(roots), "one.h5");
	close_both(c, roots);
	c = NULL;
	assert_int_equal(
		oqfs_roots_new(&(struct oqfs_roots_opts){ .source = "other" },
			       &roots, &err),
		0);
	assert_true(oqfs_catalog_open(roots, &c, &err) < 0);
	oqfs_roots_free(roots);
	assert_non_null(strstr(err.text, "not an HDF5 file"));
	assert_true(
		oqfs_roots_new(&(struct oqfs_roots_opts){ .source = "none" },
			       &roots, &err) < 0);
	assert_non_null(strstr(err.text, "'none'"));
	assert_null(c);
}

/* Each in a directory of its own. */
#undef TEST
#define TEST(sentence, function) TEST_WITH(sentence, function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("HDF5 files are directories, calculations by number",
		     test_names),
		TEST("a real entry keeps its name", test_clash),
		TEST("the signature is found behind a user block",
		     test_signature),
		TEST("a datastore is complete, live or broken", test_state),
		TEST("the latest is the one with the highest number",
		     test_latest),
		TEST("links are followed to datastores, if they may be",
		     test_links),
		TEST("a shared mount opens no directory that was closed",
		     test_shared_modes),
		TEST("a source may be one file, which must be HDF5",
		     test_one_file),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
