/* SPDX-License-Identifier: MIT */
/* recent.c - rights are those of now, or of a moment ago */

#include "fs/source/recent.h"

#include <errno.h>
#include <fcntl.h>

#include "tests/unit/test.h"
#include "tests/unit/workdir.h"

struct at {
	struct oqfs_roots *roots;
	struct oqfs_recent recent;
};

static void begin(struct at *at, const char *source)
{
	struct oqfs_roots_opts o = { .source = source, .shared = true };
	struct oq_err err;

	if (oqfs_roots_new(&o, &at->roots, &err))
		fail_msg("%s", err.text);
	oqfs_recent_init(&at->recent);
}

static void end(struct at *at)
{
	oqfs_recent_done(&at->recent);
	oqfs_roots_free(at->roots);
}

static void make(const char *name, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT, 0600);

	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static bool others_read(struct at *at, const char *path, int64_t now_ms)
{
	struct oqfs_rights may;

	assert_int_equal(oqfs_recent_rights(&at->recent, at->roots, path,
					    now_ms, &may),
			 0);
	return may.others & OQFS_MAY_READ;
}

static void test_moment(void **state)
{
	struct at at;

	begin(&at, *state);
	make("a", 0644);
	make("b", 0640);
	assert_true(others_read(&at, "a", 1000));
	assert_false(others_read(&at, "b", 1000));
	make("a", 0640);
	assert_true(others_read(&at, "a", 1000 + OQFS_RECENT_MS));
	assert_false(others_read(&at, "a", 1001 + OQFS_RECENT_MS));
	make("a", 0644);
	assert_true(others_read(&at, "a", 1002 + 2 * OQFS_RECENT_MS));
	end(&at);
}

/* More than are kept: the first is looked at anew. */
static void test_many(void **state)
{
	char name[] = "0";
	struct at at;

	begin(&at, *state);
	for (; *name < '0' + OQFS_RECENT_PATHS; ++*name) {
		make(name, 0644);
		assert_true(others_read(&at, name, 1000));
	}
	make("0", 0640);
	assert_true(others_read(&at, "0", 1000));
	make("x", 0644);
	assert_true(others_read(&at, "x", 1000));
	assert_false(others_read(&at, "0", 1000));
	end(&at);
}

static void test_gone(void **state)
{
	struct oqfs_rights may;
	struct at at;

	begin(&at, *state);
	for (int i = 0; i < 2; i++)
		assert_int_equal(oqfs_recent_rights(&at.recent, at.roots,
						    "none", 1000, &may),
				 -ENOENT);
	make("none", 0644);
	assert_true(others_read(&at, "none", 1000));
	end(&at);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "a look serves for a moment", test_moment, setup, teardown,
		  NULL },
		{ "some paths are kept", test_many, setup, teardown, NULL },
		{ "an error is not kept", test_gone, setup, teardown, NULL },
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
