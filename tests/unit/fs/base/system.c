/* SPDX-License-Identifier: MIT */
/* system.c - what the system around us is and lacks */

#include "fs/base/system.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "tests/unit/test.h"

static void test_home(void **state)
{
	const struct passwd *user = getpwuid(getuid());
	char *home;

	(void)state;
	assert_int_equal(setenv("HOME", "/some/where", 1), 0);
	home = oqfs_system_home();
	assert_string_equal(home, "/some/where");
	free(home);

	assert_int_equal(unsetenv("HOME"), 0);
	home = oqfs_system_home();
	if (user)
		assert_string_equal(home, user->pw_dir);
	else
		assert_null(home);
	free(home);
}

static void test_self(void **state)
{
	struct stat is, should;

	(void)state;
	assert_true(oqfs_system_can_close());
	assert_string_equal(oqfs_system_self(), "/proc/self/exe");
	assert_int_equal(stat(oqfs_system_self(), &is), 0);
	assert_int_equal(stat("/proc/self/exe", &should), 0);
	assert_int_equal(is.st_ino, should.st_ino);
}

/* The version is the other witness; a container may lack it all the same. */
static void test_openat2(void **state)
{
	unsigned major = 0, minor = 0;
	struct utsname name;

	(void)state;
	assert_int_equal(uname(&name), 0);
	assert_int_equal(sscanf(name.release, "%u.%u", &major, &minor), 2);
	if (major < 5 || (major == 5 && minor < 6)) {
		assert_false(oqfs_system_has_openat2());
		return;
	}
	if (!oqfs_system_has_openat2())
		skip();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("home is $HOME, else what the table of users says",
		     test_home),
		TEST("with /proc we are what runs", test_self),
		TEST("a kernel before 5.6 has no openat2", test_openat2),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
