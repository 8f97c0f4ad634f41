/* SPDX-License-Identifier: MIT */
/* machine.c - limits of control groups are kept */

#include "fs/base/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define MIB ((uint64_t)1 << 20)

static char dir[] = "/tmp/oqfs-machine.XXXXXX";

static void put(const char *path, const char *text)
{
	char full[256], *slash;
	FILE *f;

	snprintf(full, sizeof(full), "%s/%s", dir, path);
	for (slash = strchr(full + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		assert_true(mkdir(full, 0700) == 0 || errno == EEXIST);
		*slash = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static struct oqfs_machine look(const char *name)
{
	char self[128], root[128];
	const struct oqfs_cgroups where = { self, root };

	snprintf(self, sizeof(self), "%s/%s/self", dir, name);
	snprintf(root, sizeof(root), "%s/%s/root", dir, name);
	return oqfs_machine_look(&where);
}

static int set_up(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int tear_down(void **state)
{
	char command[64];

	(void)state;
	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

static void test_none(void **state)
{
	struct oqfs_machine m = look("nowhere");

	(void)state;
	assert_true(m.processors > 0);
	assert_true(m.memory > MIB);
}

static void test_version_2(void **state)
{
	struct oqfs_machine m;

	(void)state;
	put("two/self", "0::/a/b\n");
	put("two/root/a/b/memory.max", "max\n");
	put("two/root/a/b/cpu.max", "max 100000\n");
	put("two/root/a/memory.max", "67108864\n");
	put("two/root/a/cpu.max", "50000 100000\n");
	m = look("two");
	assert_int_equal(m.memory, 64 * MIB);
	assert_int_equal(m.processors, 1);
}

static void test_version_1(void **state)
{
	struct oqfs_machine m;

	(void)state;
	put("one/self", "5:cpu,cpuacct:/x\n4:memory:/of/the/host\n0::/\n");
	put("one/root/cpu,cpuacct/x/cpu.cfs_quota_us", "100000\n");
	put("one/root/cpu,cpuacct/x/cpu.cfs_period_us", "100000\n");
	put("one/root/memory/memory.limit_in_bytes", "33554432\n");
	m = look("one");
	assert_int_equal(m.memory, 32 * MIB);
	assert_int_equal(m.processors, 1);
}

static void test_unlimited(void **state)
{
	struct oqfs_machine free_of_all = look("nowhere"), m;

	(void)state;
	put("free/self", "nonsense\n4:memory:/\n2:cpu:/\n");
	put("free/root/memory/memory.limit_in_bytes", "9223372036854771712\n");
	put("free/root/cpu/cpu.cfs_quota_us", "-1\n");
	put("free/root/cpu/cpu.cfs_period_us", "100000\n");
	m = look("free");
	assert_int_equal(m.memory, free_of_all.memory);
	assert_int_equal(m.processors, free_of_all.processors);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_version_2),
		cmocka_unit_test(test_version_1),
		cmocka_unit_test(test_unlimited),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
