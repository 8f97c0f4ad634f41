/* SPDX-License-Identifier: MIT */
/* watch.c - hearing of writes to the files that are open */

#include "fs/source/watch.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/unit/test.h"

struct file {
	int fd;
	char path[32];
};

static struct file make_file(void)
{
	struct file f = { .path = "/tmp/oqfs-watch-XXXXXX" };

	f.fd = mkstemp(f.path);
	assert_true(f.fd >= 0);
	assert_int_equal(write(f.fd, "old", 3), 3);
	return f;
}

static void change(const struct file *f)
{
	assert_int_equal(pwrite(f->fd, "new", 3, 0), 3);
}

static void drop(const struct file *f)
{
	unlink(f->path);
	close(f->fd);
}

static void hears(void **state)
{
	struct oqfs_watch *w = oqfs_watch_new();
	struct file f = make_file(), other = make_file();
	struct oqfs_watched a, b;

	(void)state;
	assert_non_null(w);
	oqfs_watch_begin(w, &a, f.fd);
	oqfs_watch_begin(w, &b, other.fd);
	assert_false(oqfs_watch_saw(w, &a));
	change(&f);
	assert_true(oqfs_watch_saw(w, &a));
	assert_true(oqfs_watch_saw(w, &a));
	assert_false(oqfs_watch_saw(w, &b));
	assert_int_equal(ftruncate(other.fd, 1), 0);
	assert_true(oqfs_watch_saw(w, &b));
	oqfs_watch_end(w, &a);
	oqfs_watch_end(w, &b);
	oqfs_watch_free(w);
	drop(&f);
	drop(&other);
}

/* Two generations of one file: the kernel has one number for both. */
static void overlap(void **state)
{
	struct oqfs_watch *w = oqfs_watch_new();
	struct oqfs_watched old, young;
	struct file f = make_file();

	(void)state;
	oqfs_watch_begin(w, &old, f.fd);
	change(&f);
	assert_true(oqfs_watch_saw(w, &old));
	oqfs_watch_begin(w, &young, f.fd);
	assert_false(oqfs_watch_saw(w, &young));
	oqfs_watch_end(w, &old);
	change(&f);
	assert_true(oqfs_watch_saw(w, &young));
	oqfs_watch_end(w, &young);

	oqfs_watch_begin(w, &young, f.fd);
	assert_false(oqfs_watch_saw(w, &young));
	change(&f);
	assert_true(oqfs_watch_saw(w, &young));
	oqfs_watch_end(w, &young);
	oqfs_watch_free(w);
	drop(&f);
}

/* A deleted file, and none at all: nothing is heard, and nothing breaks. */
static void gone(void **state)
{
	struct oqfs_watch *w = oqfs_watch_new();
	struct oqfs_watched a, b;
	struct file f = make_file();

	(void)state;
	oqfs_watch_begin(w, &a, f.fd);
	oqfs_watch_begin(w, &b, -1);
	drop(&f);
	assert_false(oqfs_watch_saw(w, &a));
	assert_false(oqfs_watch_saw(w, &b));
	oqfs_watch_end(w, &b);
	oqfs_watch_end(w, &a);
	oqfs_watch_free(w);

	oqfs_watch_begin(NULL, &a, 0);
	assert_false(oqfs_watch_saw(NULL, &a));
	oqfs_watch_end(NULL, &a);
	oqfs_watch_free(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("a write is heard of, and whose it is", hears),
		TEST("two generations of one file each hear", overlap),
		TEST("what is gone is silent", gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
