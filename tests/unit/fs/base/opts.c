/* SPDX-License-Identifier: MIT */
/* opts.c - the command line means what --help says */

#include "fs/base/opts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/views.h"
#include "tests/unit/test.h"

#define BIT(v) (1U << (v))

/* Words apart by blanks, as a shell would pass them. */
static int parse(const char *line, struct oqfs_opts *o, struct oq_err *err)
{
	char copy[256], *argv[16], *save = NULL;
	int argc = 1;

	snprintf(copy, sizeof(copy), "%s", line);
	argv[0] = copy + strlen(copy); /* "" */
	for (char *w = strtok_r(copy, " ", &save); w && argc < 15;
	     w = strtok_r(NULL, " ", &save))
		argv[argc++] = w;
	argv[argc] = NULL;
	err->text[0] = '\0';
	return oqfs_opts_parse(argc, argv, o, err);
}

static void expect_error(const char *line, const char *says)
{
	struct oqfs_opts o;
	struct oq_err err;

	assert_int_equal(parse(line, &o, &err), -EINVAL);
	if (!strstr(err.text, says))
		fail_msg("'%s' says '%s', not '%s'", line, err.text, says);
	oqfs_opts_free(&o);
}

static void test_defaults(void **state)
{
	struct oqfs_opts o;
	struct oq_err err;

	(void)state;
	setenv("OQ_DATADIR", "/data", 1);
	assert_int_equal(parse("mnt", &o, &err), 0);
	assert_string_equal(o.source, "/data");
	assert_string_equal(o.mountpoint, "mnt");
	assert_int_equal(o.timeout_ms, 5000);
	assert_int_equal(o.idle_ms, 60000);
	assert_int_equal(o.memory, 1 << 30);
	assert_true(o.sandbox && !o.foreground && !o.allow_other);
	assert_int_equal(o.views, 0);
	oqfs_opts_free(&o);
	unsetenv("OQ_DATADIR");
	setenv("HOME", "/home/me", 1);
	assert_int_equal(parse("mnt", &o, &err), 0);
	assert_string_equal(o.source, "/home/me/oqdata");
	oqfs_opts_free(&o);
}

static void test_check(void **state)
{
	struct oqfs_opts o;
	struct oq_err err;

	(void)state;
	assert_int_equal(parse("--check --json dir -o readers=2", &o, &err), 0);
	assert_int_equal(o.what, OQFS_DO_CHECK);
	assert_true(o.json);
	assert_string_equal(o.source, "dir");
	assert_null(o.mountpoint);
	assert_int_equal(o.readers, 2);
	oqfs_opts_free(&o);
	setenv("OQ_DATADIR", "/data", 1);
	assert_int_equal(parse("--check", &o, &err), 0);
	assert_string_equal(o.source, "/data");
	oqfs_opts_free(&o);
	expect_error("--check a b", "one word");
	/* A letter has one dash. */
	expect_error("--V", "no option '--V'");
	expect_error("--f mnt", "no option '--f'");
	expect_error("--json mnt", "goes with --check");
}

static void test_all(void **state)
{
	struct oqfs_opts o;
	struct oq_err err;

	(void)state;
	assert_int_equal(parse("src -f -o cache=3M,readers=4,rw,x-systemd.a=b "
			       "mnt -othreads=2,csv_split=0,timeout=7,idle=9,"
			       "memory=2G,views=csv,meta,nonempty,auto_unmount,"
			       "allow_other,watch=poll,conventions=no,fsname=s,"
			       "passthrough=no "
			       "--no-sandbox",
			       &o, &err),
			 0);
	assert_string_equal(o.source, "src");
	assert_string_equal(o.mountpoint, "mnt");
	assert_int_equal(o.cache, 3 << 20);
	assert_int_equal(o.memory, UINT64_C(2) << 30);
	assert_int_equal(o.readers, 4);
	assert_int_equal(o.threads, 2);
	assert_int_equal(o.csv_split, 0);
	assert_int_equal(o.timeout_ms, 7000);
	assert_int_equal(o.idle_ms, 9000);
	assert_int_equal(o.views, BIT(OQ_VIEW_CSV) | BIT(OQ_VIEW_META));
	assert_true(o.nonempty && o.auto_unmount && o.allow_other);
	assert_true(o.foreground && !o.debug && !o.sandbox && !o.watch);
	assert_false(o.conventions || o.passthrough);
	oqfs_opts_free(&o);
	assert_int_equal(parse("-o views=txt:bin -d -- -odd", &o, &err), 0);
	assert_int_equal(o.views, BIT(OQ_VIEW_TXT) | BIT(OQ_VIEW_BIN));
	assert_string_equal(o.mountpoint, "-odd");
	assert_true(o.debug && o.foreground && o.watch && o.conventions);
	assert_true(o.passthrough);
	oqfs_opts_free(&o);
}

static void test_sources(void **state)
{
	struct oqfs_opts o;
	struct oq_err err;

	(void)state;
	setenv("OQ_DATADIR", "/data", 1);
	assert_int_equal(parse("mnt -o source=a:/x,ro,source=b:/y\\,z,source=c "
			       "-o source=/home/*/d",
			       &o, &err),
			 0);
	assert_int_equal(o.nnamed, 4);
	assert_string_equal(o.named[0], "a:/x");
	assert_string_equal(o.named[1], "b:/y,z");
	assert_string_equal(o.named[2], "c");
	assert_string_equal(o.named[3], "/home/*/d");
	/* The default is not one of them. */
	assert_string_equal(o.source, "oqfs");
	oqfs_opts_free(&o);
	assert_int_equal(parse("label mnt -o source=a:/x", &o, &err), 0);
	assert_string_equal(o.source, "label");
	oqfs_opts_free(&o);
	assert_int_equal(parse("--check -o source=a:/x", &o, &err), 0);
	assert_int_equal(o.nnamed, 1);
	oqfs_opts_free(&o);
	expect_error("mnt -o source", "needs a value");
	expect_error("mnt -o cache=256MB", "takes bytes, or as");
	expect_error("mnt -o readers=0", "takes a number from 1");
	expect_error("mnt -o idle=1h", "takes a number from 1");
	expect_error("mnt -o watch=me", "auto or poll");
	expect_error("mnt -o conventions=0", "yes or no");
	expect_error("mnt -o passthrough", "needs a value");
	expect_error("mnt -o views=png", "some of bin");
	expect_error("mnt -o remount,ro", "mount it anew");
	expect_error("mnt -o source=", "no value");
}

static unsigned guards_of(const char *line)
{
	struct oqfs_opts o;
	struct oq_err err;
	unsigned guards;

	assert_int_equal(parse(line, &o, &err), 0);
	guards = o.guards;
	oqfs_opts_free(&o);
	return guards;
}

static void test_guards(void **state)
{
	(void)state;
	assert_int_equal(guards_of("m -o " OQFS_GUARD_WORDS), OQFS_ALL_GUARDS);
	assert_int_equal(guards_of("m -o dev -o " OQFS_GUARD_WORDS ",rw,ro"),
			 OQFS_ALL_GUARDS);
	assert_int_equal(guards_of("m"), 0);
	assert_int_equal(guards_of("m -o ro,dev"), 1);
	assert_int_not_equal(guards_of("m -o " OQFS_GUARD_WORDS ",suid"),
			     OQFS_ALL_GUARDS);
}

static void test_errors(void **state)
{
	(void)state;
	expect_error("", "where to mount");
	expect_error("a b c", "'c'");
	expect_error("-o nosuch=1 m", "'nosuch=1'");
	expect_error("-o watch=never m", "'never'");
	expect_error("-o setuid=me m", "mount -t oqfs");
	expect_error("-o drop_privileges m", "mount -t oqfs");
	expect_error("-x m", "'-x'");
	expect_error("--nosuch m", "'--nosuch'");
	expect_error("-o", "-o needs");
	expect_error("-o cache m", "needs a value");
	expect_error("-o nonempty=1 m", "takes no value");
	expect_error("-o cache=12X m", "'12X'");
	expect_error("-o cache=-1 m", "'-1'");
	expect_error("-o cache=99999999999999T m", "no value");
	expect_error("-o readers=0 m", "'0'");
	expect_error("-o readers=1000000 m", "no value");
	expect_error("-o timeout= m", "no value");
	expect_error("-o views= m", "no value");
	expect_error("-o views=csv:bmp m", "'csv:bmp'");
	expect_error("-o views=csv,bmp m", "'bmp'");
}

static void test_help(void **state)
{
	OQ_BUF struct oq_buf text = { 0 };
	struct oqfs_opts o;
	struct oq_err err;
	size_t lines = 0, column = 0;

	(void)state;
	assert_int_equal(parse("--help", &o, &err), 0);
	assert_int_equal(o.what, OQFS_DO_HELP);
	oqfs_opts_free(&o);
	assert_int_equal(parse("-V", &o, &err), 0);
	assert_int_equal(o.what, OQFS_DO_VERSION);
	oqfs_opts_free(&o);
	oqfs_opts_help(&text);
	for (size_t i = 0; i < text.len; i++) {
		column = text.data[i] == '\n' ? 0 : column + 1;
		lines += text.data[i] == '\n';
		assert_true(column <= 80);
	}
	assert_true(lines <= 24);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("--check has its own words", test_check),
		TEST("a mount point alone is enough", test_defaults),
		TEST("every option sets what it says", test_all),
		TEST("source may be given many times, with commas in it",
		     test_sources),
		TEST("what mount says of itself is noted", test_guards),
		TEST("what cannot be meant is an error that names it",
		     test_errors),
		TEST("the help fits a screen", test_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
