/* SPDX-License-Identifier: MIT */
/* log.c - lines to stderr, each once */

#include "fs/base/log.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/test.h"

/* What the calls write to stderr. */
static void logged(void (*calls)(struct oqfs_log *), char *out, size_t size)
{
	int saved = dup(STDERR_FILENO);
	int fd = memfd_create("stderr", MFD_CLOEXEC);
	struct oqfs_log *log = oqfs_log_new(false, OQFS_INFO);
	ssize_t n;

	assert_true(saved >= 0 && fd >= 0 && log);
	dup2(fd, STDERR_FILENO);
	calls(log);
	oqfs_log_free(log);
	dup2(saved, STDERR_FILENO);
	n = pread(fd, out, size - 1, 0);
	out[n > 0 ? n : 0] = '\0';
	close(fd);
	close(saved);
}

static void some(struct oqfs_log *log)
{
	oqfs_log(log, OQFS_WARN, "%s: reader %d died", "calc_1.hdf5", 7);
	oqfs_log(log, OQFS_DEBUG, "not wanted");
	oqfs_log(NULL, OQFS_ERROR, "nobody listens");
	oqfs_log(log, OQFS_ERROR, "a\nforged line\033[2J");
}

static void lines(void **state)
{
	char text[512];

	(void)state;
	logged(some, text, sizeof(text));
	assert_string_equal(text, "oqfs: calc_1.hdf5: reader 7 died\n"
				  "oqfs: a?forged line?[2J\n");
}

static void same(struct oqfs_log *log)
{
	for (int i = 0; i < 5; i++)
		oqfs_log(log, OQFS_WARN, "the disk is full");
	oqfs_log(log, OQFS_WARN, "another");
	for (int i = 0; i < 2; i++)
		oqfs_log(log, OQFS_WARN, "the end");
}

static void repeats(void **state)
{
	char text[512];

	(void)state;
	logged(same, text, sizeof(text));
	assert_string_equal(text, "oqfs: the disk is full\n"
				  "oqfs: (the same 4 more times)\n"
				  "oqfs: another\n"
				  "oqfs: the end\n"
				  "oqfs: (the same 1 more time)\n");
}

static void long_one(struct oqfs_log *log)
{
	char text[5000];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	oqfs_log(log, OQFS_WARN, "%s", text);
}

static void cut(void **state)
{
	char text[6000];

	(void)state;
	logged(long_one, text, sizeof(text));
	assert_int_equal(strlen(text), 6 + 1023 + 1);
}

static void many(struct oqfs_log *log)
{
	OQ_BUF struct oq_buf b = { 0 };

	for (int i = 0; i < 100000; i++)
		oqfs_log(log, OQFS_ERROR, "object %d is damaged", i);
	oqfs_log(log, OQFS_INFO, "unmounted");
	oqfs_log_put_recent(log, &b);
	oq_buf_putc(&b, '\0');
	assert_non_null(strstr(b.data, " object 99992 is damaged\n"));
	assert_non_null(strstr(b.data, " object 99999 is damaged\n"));
	assert_null(strstr(b.data, "object 99991 "));
	assert_null(strstr(b.data, "unmounted"));
}

static void flood(void **state)
{
	static char text[1 << 16];
	size_t lines = 0;

	(void)state;
	logged(many, text, sizeof(text));
	for (const char *p = text; (p = strchr(p, '\n')); p++)
		lines++;
	/* in one span of time, or a few on a slow machine */
	assert_true(lines >= 202 && lines <= 1000);
	assert_non_null(strstr(text, " more lines were left out)\n"));
	assert_non_null(strstr(text, "oqfs: unmounted\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST("a line is one line, of the levels wanted", lines),
		TEST("repeats are counted, not printed", repeats),
		TEST("a long line is cut", cut),
		TEST("a flood is cut short, its end is remembered", flood),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
