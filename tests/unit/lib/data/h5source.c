/* SPDX-License-Identifier: MIT */
/* h5source.c - elements whose bytes in the file are not those in memory */

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/reader/store.h"
#include "tests/make/h5find.h"
#include "tests/unit/reads.h"

/* A file whose addresses take four bytes: references are shorter there. */
static hid_t small_file(const char *name)
{
	hid_t fcpl = OK(H5Pcreate(H5P_FILE_CREATE));

	OK(H5Pset_sizes(fcpl, 4, 4));
	return OK(H5Fcreate(name, H5F_ACC_TRUNC, fcpl, H5P_DEFAULT));
}

static void put_references(hid_t file)
{
	hid_t space = OK(H5Screate_simple(1, DIMS(3), NULL));
	hid_t deflated = mk_chunked(1, DIMS(2));
	hid_t part = OK(H5Screate_simple(1, DIMS(4), NULL));
	hobj_ref_t refs[3] = { 0 };
	hdset_reg_ref_t region;

	OK(H5Pset_deflate(deflated, 6));
	mk_array(file, "x", H5T_STD_U8LE, 1, DIMS(4), NULL);
	mk_group(file, "g");
	OK(H5Rcreate(&refs[0], file, "x", H5R_OBJECT, -1));
	OK(H5Rcreate(&refs[2], file, "g", H5R_OBJECT, -1));
	mk_array(file, "contiguous", H5T_STD_REF_OBJ, 1, DIMS(3), refs);
	mk_put(file, "chunked", H5T_STD_REF_OBJ, space, mk_chunked(1, DIMS(2)),
	       refs);
	mk_put(file, "deflated", H5T_STD_REF_OBJ, space, deflated, refs);
	OK(H5Sselect_hyperslab(part, H5S_SELECT_SET, DIMS(1), NULL, DIMS(2),
			       NULL));
	OK(H5Rcreate(&region, file, "x", H5R_DATASET_REGION, part));
	mk_array(file, "region", H5T_STD_REF_DSETREG, 1, DIMS(1), &region);
}

/* One chunk of two numbers. */
static void put_chunk(hid_t file)
{
	static const uint32_t v[] = { 7, 8 };
	hid_t deflated = mk_chunked(1, DIMS(2));

	OK(H5Pset_deflate(deflated, 6));
	mk_put(file, "once", H5T_STD_U32LE,
	       OK(H5Screate_simple(1, DIMS(2), NULL)), deflated, v);
}

static int set_up(void **ctx)
{
	char name[] = "/tmp/oqfs-source-XXXXXX";
	struct oq_store_opts o = { .reader = { .nthreads = 1,
					       .cache_bytes = 1 << 20 } };
	struct oq_store *store;
	hid_t file;

	OK(mkstemp(name));
	file = small_file(name);
	put_references(file);
	put_chunk(file);
	mk_done(file);
	o.fd = open(name, O_RDONLY | O_CLOEXEC);
	OK(unlink(name));
	OK(oq_store_open(&o, &store, NULL));
	*ctx = store;
	return 0;
}

static void check(void **ctx, const char *name, const char *want)
{
	struct oq_store *store = *ctx;
	struct oq_h5 *h5 = oq_store_env(store)->h5;
	struct oq_request key = {
		.object = h5_find(h5, oq_h5_root(h5), name),
		.view = OQ_VIEW_CSV,
		.part = OQ_WIRE_NO_PART,
		.name = "r",
		.name_len = 1,
		.slice = "",
	};
	struct oq_cached_file *o = NULL;
	struct oq_err err = { "" };
	uint8_t got[64] = { 0 };
	struct oq_file *s;
	uint64_t size;

	if (oq_store_view(store, &key, &o, &err) < 0)
		fail_msg("%s: %s", name, err.text);
	s = oq_filecache_file(o);
	if (s->size(s, NULL, &size, &err) < 0 ||
	    s->read(s, 0, sizeof(got) - 1, got, &err) < 0)
		fail_msg("%s: %s", name, err.text);
	assert_string_equal((char *)got, want);
	oq_filecache_put(o);
}

static void test_references(void **ctx)
{
	check(ctx, "contiguous", "r\n/x\n\"\"\n/g\n");
	check(ctx, "chunked", "r\n/x\n\"\"\n/g\n");
	check(ctx, "deflated", "r\n/x\n\"\"\n/g\n");
	check(ctx, "region", "r\n/x[1:3]\n");
}

/* What a file of elements' bytes has read of a chunk is not kept for long. */
static void test_once(void **ctx)
{
	struct oq_store *store = *ctx;
	struct oq_h5 *h5 = oq_store_env(store)->h5;
	struct oq_request key = {
		.object = h5_find(h5, oq_h5_root(h5), "once"),
		.view = OQ_VIEW_BIN,
		.part = OQ_WIRE_NO_PART,
		.name = "once",
		.name_len = 4,
		.slice = "",
	};
	static const unsigned reads[] = { 1, 0, 1, 0 };
	struct oq_cached_file *o = NULL;
	struct oq_file *s;
	uint32_t got;

	assert_int_equal(oq_store_view(store, &key, &o, NULL), 0);
	s = oq_filecache_file(o);
	for (size_t i = 0; i < COUNT(reads); i++) {
		unsigned long before = nreads();

		assert_int_equal(
			s->read(s, i % 2 * 4, 4, (uint8_t *)&got, NULL), 4);
		assert_int_equal(nreads() - before, reads[i]);
		assert_int_equal(got, 7 + i % 2);
	}
	oq_filecache_put(o);
}

/* A store lives as long as its process. */
/* Stretches of the file are kept, but not below a SWMR writer. */
static void test_stretches(void **ctx)
{
	char name[] = "/tmp/oqfs-source-XXXXXX";
	struct oq_store_opts o = { .reader = { .nthreads = 1,
					       .cache_bytes = 1 << 20 } };
	struct oq_store *store;
	hid_t file;

	assert_non_null(oq_store_env(*ctx)->stretches);
	OK(mkstemp(name));
	file = mk_file(name, LATEST, 0);
	OK(H5Fstart_swmr_write(file));
	o.fd = open(name, O_RDONLY | O_CLOEXEC);
	OK(unlink(name));
	OK(oq_store_open(&o, &store, NULL));
	assert_null(oq_store_env(store)->stretches);
}

int main(void)
{
	int failed;
	const struct CMUnitTest tests[] = {
		{ "references are read where addresses are short",
		  test_references, NULL, NULL, NULL },
		{ "a chunk of which all was read is dropped", test_once, NULL,
		  NULL, NULL },
		{ "with a SWMR writer at work no stretches are kept",
		  test_stretches, NULL, NULL, NULL },
	};

	failed = cmocka_run_group_tests(tests, set_up, NULL);
	fflush(NULL);
	_exit(failed);
}
