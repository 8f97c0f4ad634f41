/* SPDX-License-Identifier: MIT */
/* exports.c - what is exported is what the engine exported, byte for byte
 *
 * With no argument a test: of the datastores in $OQDATA, whose exports lie
 * beside them, where they are there.  With a datastore: all its exports are
 * rendered, and what cannot be is said.
 */

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/cleanup.h"
#include "lib/engine/calc.h"
#include "lib/engine/export.h"
#include "lib/reader/store.h"

struct tally {
	unsigned equal, different, absent;
};

static const struct oq_env *open_store(const char *path)
{
	struct oq_store_opts o = { .reader = { .nthreads = 1,
					       .cache_bytes = 64 << 20 } };
	struct oq_store *store;
	struct oq_err err;

	o.fd = open(path, O_RDONLY | O_CLOEXEC);
	if (o.fd < 0 || oq_store_open(&o, &store, &err) < 0)
		return NULL;
	return oq_store_env(store);
}

/* In blocks, as it is read; an odd number of rows, to be between others. */
static int render(struct oq_export *x, struct oq_buf *out, struct oq_err *err)
{
	int e = x->prepare ? x->prepare(x, NULL, err) : 0;

	oq_buf_put(out, x->head.data, x->head.len);
	for (uint64_t at = 0; !e && at < x->nrows; at += 777)
		e = x->render(x, at, x->nrows - at < 777 ? x->nrows - at : 777,
			      out, err);
	return e;
}

static void done(struct oq_export *x)
{
	if (!x)
		return;
	oq_buf_free(&x->head);
	x->close(x);
}

static bool read_file(const char *path, struct oq_buf *out)
{
	FILE *f = fopen(path, "rb");
	char *to;
	size_t n;

	if (!f)
		return false;
	while ((to = oq_buf_room(out, 1 << 20)) &&
	       (n = fread(to, 1, 1 << 20, f)) > 0)
		out->len += n;
	fclose(f);
	return true;
}

/* The line at which two texts part. */
static void show(const struct oq_buf *got, const struct oq_buf *want)
{
	size_t i = 0, line = 0;

	while (i < got->len && i < want->len && got->data[i] == want->data[i]) {
		line = got->data[i] == '\n' ? i + 1 : line;
		i++;
	}
	print_message("# byte %zu of %zu, not %zu\n", i, got->len, want->len);
	print_message("#   got  %.*s\n", (int)strcspn(got->data + line, "\n"),
		      got->data + line);
	print_message("#   want %.*s\n", (int)strcspn(want->data + line, "\n"),
		      want->data + line);
}

static void compare(const struct oq_exports *x, const char *dir,
		    const char *file, struct tally *t)
{
	OQ_BUF struct oq_buf got = { 0 }, want = { 0 };
	OQ_FREE char *path = NULL, *name = strndup(file, strlen(file) - 4);
	struct oq_export *one = NULL;
	struct oq_err err = { "" };
	int e;

	assert_true(asprintf(&path, "%s/%s", dir, file) > 0);
	e = oq_exports_open(x, name, &one, &err);
	if (e == -ENOENT) {
		print_message("# absent    %s/%s\n", strrchr(dir, '/'), file);
		t->absent++;
		return;
	}
	if (!e)
		e = render(one, &got, &err);
	if (!e)
		oq_buf_putc(&got, '\0');
	assert_true(read_file(path, &want));
	oq_buf_putc(&want, '\0');
	if (!e && got.len == want.len &&
	    memcmp(got.data, want.data, got.len) == 0) {
		t->equal++;
	} else {
		print_message("# DIFFERENT %s/%s: %s\n", strrchr(dir, '/'),
			      file, err.text);
		if (!e)
			show(&got, &want);
		t->different++;
	}
	done(one);
}

static void compare_all(const struct oq_exports *x, const char *dir,
			struct tally *t)
{
	struct dirent **entries;
	int n = scandir(dir, &entries, NULL, alphasort);
	OQ_BUF struct oq_buf why = { 0 };

	for (int i = 0; i < n; i++) {
		size_t len = strlen(entries[i]->d_name);

		if (len > 4 &&
		    strcmp(entries[i]->d_name + len - 4, ".csv") == 0)
			compare(x, dir, entries[i]->d_name, t);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	oq_exports_put_left_out(x, &why);
	print_message("# left out of %s: %.*s\n", strrchr(dir, '/'),
		      (int)why.len, why.data);
}

/* Whatever else is listed can be had, or says why not. */
static void open_all(const struct oq_exports *x)
{
	for (size_t i = 0; i < oq_exports_count(x); i++) {
		OQ_BUF struct oq_buf got = { 0 };
		struct oq_export *one = NULL;
		struct oq_err err = { "" };
		const char *name = oq_exports_name(x, i);
		int e = oq_exports_open(x, name, &one, &err);

		if (!e)
			e = render(one, &got, &err);
		if (e)
			print_message("# %s: %d %s\n", name, e, err.text);
		done(one);
	}
}

static struct oq_exports *open_exports(const char *path, const char *number)
{
	struct oq_exports_spec spec = { .own = open_store(path),
					.number = number };
	OQ_FREE char *there = NULL;
	struct oq_exports *x = NULL;
	struct oq_err err = { "" };
	struct oq_calc of;

	if (!spec.own)
		return NULL;
	oq_calc_read(spec.own, &of);
	if (of.parent &&
	    asprintf(&there, "%.*s/calc_%s.hdf5",
		     (int)(strrchr(path, '/') - path), path, of.parent) > 0) {
		spec.parents[0] = open_store(there);
		spec.nparents = spec.parents[0] != NULL;
	}
	oq_calc_free(&of);
	if (oq_exports_new(&spec, &x, &err) < 0)
		print_message("# %s: %s\n", path, err.text);
	return x;
}

static void test_exports(void **ctx)
{
	const char *data = getenv("OQDATA");
	OQ_FREE char *exports = NULL;
	struct tally t = { 0 };
	struct dirent **entries;
	int n;

	(void)ctx;
	if (!data || asprintf(&exports, "%s/../exports", data) < 0)
		skip();
	n = scandir(exports, &entries, NULL, alphasort);
	if (n < 0)
		skip();
	for (int i = 0; i < n; i++) {
		char *calc = strstr(entries[i]->d_name, "-calc_");
		OQ_FREE char *path = NULL, *dir = NULL;
		struct oq_exports *x;

		if (!calc)
			continue;
		assert_true(asprintf(&path, "%s/files/%.*s/%s.hdf5", data,
				     (int)(calc - entries[i]->d_name),
				     entries[i]->d_name, calc + 1) > 0);
		assert_true(asprintf(&dir, "%s/%s", exports,
				     entries[i]->d_name) > 0);
		x = open_exports(path, calc + 6);
		assert_non_null(x);
		compare_all(x, dir, &t);
		open_all(x);
		oq_exports_free(x);
		free(entries[i]);
	}
	free(entries);
	print_message("# %u equal, %u different, %u not offered\n", t.equal,
		      t.different, t.absent);
	assert_int_equal(t.different, 0);
	assert_true(t.equal >= 185);
}

/* A store lives as long as its process. */
int main(int argc, char **argv)
{
	int failed;
	const struct CMUnitTest tests[] = {
		{ "exports are the engine's, byte for byte", test_exports, NULL,
		  NULL, NULL },
	};

	if (argc > 1) {
		struct oq_exports *x = open_exports(argv[1], "1");

		if (x)
			open_all(x);
		oq_exports_free(x);
		fflush(NULL);
		_exit(0);
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	fflush(NULL);
	_exit(failed);
}
