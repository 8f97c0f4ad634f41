/* SPDX-License-Identifier: MIT */
/* h5filecache.c - open views share labels, and give way by their size */

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/reader/store.h"
#include "tests/make/h5find.h"

#define LONG_LABEL ((size_t)8 << 20)

struct state {
	struct oq_store *store;
	int fd;
};

static void put_long(hid_t file, const char *name)
{
	static const char head[] = "{\"shape_descr\": [\"x\"], \"x\": [\"";
	char *text = mk_alloc(sizeof(head) + LONG_LABEL + 8);
	hid_t d = mk_array(file, name, H5T_IEEE_F32LE, 1, DIMS(1), NULL);

	memcpy(text, head, sizeof(head));
	memset(text + sizeof(head) - 1, 'x', LONG_LABEL);
	strcpy(text + sizeof(head) - 1 + LONG_LABEL, "\"]}");
	mk_attr_str(d, "json", text);
	free(text);
}

static int set_up(void **ctx)
{
	char name[] = "/tmp/oqfs-opened-XXXXXX";
	struct oq_store_opts o = { .reader = { .nthreads = 1,
					       .cache_bytes = 1 << 20 } };
	struct state *s = mk_alloc(sizeof(*s));
	hid_t file, d;

	OK(mkstemp(name));
	file = mk_file(name, LATEST, 0);
	d = mk_array(file, "a", H5T_STD_I32LE, 2, DIMS(3, 4),
		     (int32_t[]){ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 });
	mk_attr_str(d, "json",
		    "{\"shape_descr\": [\"site\", \"imt\"], \"site\": 3, "
		    "\"imt\": [\"p\", \"q\", \"r\", \"s\"]}");
	for (char n[] = "l0"; n[1] <= '9'; n[1]++)
		put_long(file, n);
	d = mk_put(file, "far", H5T_STD_U8LE,
		   OK(H5Screate_simple(1, DIMS(1ull << 40), NULL)),
		   mk_chunked(1, DIMS(1 << 20)), NULL);
	mk_attr_str(d, "json", "{\"shape_descr\": [\"site\"]}");
	mk_done(file);
	s->fd = o.fd = open(name, O_RDONLY | O_CLOEXEC);
	OK(unlink(name));
	OK(oq_store_open(&o, &s->store, NULL));
	*ctx = s;
	return 0;
}

/* A store lives as long as its process. */
static int tear_down(void **ctx)
{
	free(*ctx);
	return 0;
}

static int try_view(void **ctx, const char *name, enum oq_view_kind kind,
		    const char *slice, struct oq_cached_file **o)
{
	struct state *s = *ctx;
	struct oq_h5 *h5 = oq_store_env(s->store)->h5;
	struct oq_request key = {
		.object = h5_find(h5, oq_h5_root(h5), name),
		.view = kind,
		.part = OQ_WIRE_NO_PART,
		.name = name,
		.name_len = (uint32_t)strlen(name),
		.slice = slice,
		.slice_len = (uint32_t)strlen(slice),
	};
	return oq_store_view(s->store, &key, o, NULL);
}

static struct oq_cached_file *view(void **ctx, const char *name,
				   enum oq_view_kind kind, const char *slice)
{
	struct oq_cached_file *o = NULL;

	assert_int_equal(try_view(ctx, name, kind, slice, &o), 0);
	return o;
}

static struct oq_labels *labels(struct oq_cached_file *o)
{
	return oq_filecache_file(o)->labels;
}

static void expect(struct oq_cached_file *o, const char *want)
{
	struct oq_file *s = oq_filecache_file(o);
	uint8_t got[256] = { 0 };
	struct oq_err err;
	uint64_t size;

	assert_int_equal(s->size(s, NULL, &size, &err), 0);
	assert_int_equal(size, strlen(want));
	assert_int_equal(s->read(s, 0, sizeof(got), got, &err), size);
	assert_string_equal((char *)got, want);
}

static void test_shared(void **ctx)
{
	struct oq_cached_file *o[] = {
		view(ctx, "a", OQ_VIEW_CSV, ""),
		view(ctx, "a", OQ_VIEW_CSV, "[1, ::2]"),
		view(ctx, "a", OQ_VIEW_CSV, "[1:, imt=r]"),
		view(ctx, "a", OQ_VIEW_TXT, "[2, 1:3]"),
	};
	struct oq_cached_file *bin = view(ctx, "a", OQ_VIEW_BIN, "");
	struct oq_labels *l = labels(o[0]);

	assert_non_null(l);
	for (size_t i = 1; i < COUNT(o); i++)
		assert_ptr_equal(labels(o[i]), l);
	assert_int_equal(l->views, COUNT(o));
	assert_null(labels(bin));
	expect(o[1], "imt,value\np,4\nr,6\n");
	expect(o[2], "site,value\n1,6\n2,10\n");
	expect(o[3], "imt       value\n  q           9\n  r          10\n");
	for (size_t i = 0; i < COUNT(o); i++)
		oq_filecache_put(o[i]);
	oq_filecache_put(bin);
}

static void test_bound(void **ctx)
{
	struct oq_cached_file *o[10], *csv = view(ctx, "a", OQ_VIEW_CSV, "");
	char name[] = "l0";

	for (size_t i = 0; i < COUNT(o); i++, name[1]++)
		o[i] = view(ctx, name, OQ_VIEW_CSV, "");
	/* 64 MiB are seven of them, and what is older went first. */
	assert_int_equal(labels(csv)->views, 0);
	for (size_t i = 0; i < COUNT(o); i++) {
		assert_true(labels(o[i])->bytes > LONG_LABEL);
		assert_int_equal(labels(o[i])->views, i >= 3);
	}
	/* Who holds one still has it whole. */
	expect(csv, "site,imt,value\n0,p,0\n0,q,1\n0,r,2\n0,s,3\n1,p,4\n"
		    "1,q,5\n1,r,6\n1,s,7\n2,p,8\n2,q,9\n2,r,10\n2,s,11\n");
	oq_filecache_put(csv);
	for (size_t i = 0; i < COUNT(o); i++)
		oq_filecache_put(o[i]);
}

static void test_far(void **ctx)
{
	struct oq_cached_file *o;

	alarm(20); /* to find it by counting takes a day */
	o = view(ctx, "far", OQ_VIEW_CSV, "[site=1099511627775]");
	expect(o, "far\n0\n");
	oq_filecache_put(o);
	for (const char *const *s =
		     (const char *const[]){ "[site=1099511627776]", "[site=07]",
					    "[site=1099511627776000000000]",
					    "[site=x]", "[site=-1]", NULL };
	     *s; s++)
		assert_int_equal(try_view(ctx, "far", OQ_VIEW_CSV, *s, &o),
				 -ENOENT);
	alarm(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "views of one dataset share one copy of its labels",
		  test_shared, NULL, NULL, NULL },
		{ "an index is found on an axis of any length", test_far, NULL,
		  NULL, NULL },
		{ "views give way by the bytes they hold", test_bound, NULL,
		  NULL, NULL },
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
