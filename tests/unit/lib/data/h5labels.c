/* SPDX-License-Identifier: MIT */
/* h5labels.c - axes are named and labelled as those who wrote them meant */

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/cleanup.h"
#include "lib/data/labels.h"
#include "lib/type/texts.h"
#include "tests/make/h5find.h"
#include "tests/make/mkh5.h"

#define NO_VARIABLE \
	"This is a netCDF dimension but not a netCDF variable.         2"

static hid_t text_array(hsize_t n)
{
	return OK(H5Screate_simple(1, &n, NULL));
}

static void attr_texts(hid_t at, const char *name, hsize_t n,
		       const char *const *texts)
{
	mk_attr(at, name, mk_vlen_str(), text_array(n), texts);
}

static hid_t array(hid_t file, const char *name, int rank, const hsize_t *dims)
{
	return mk_array(file, name, H5T_IEEE_F32LE, rank, dims, NULL);
}

/* ---- what the engine writes ---- */

static void put_json(hid_t file)
{
	hid_t d = array(file, "json", 4, DIMS(2, 1, 3, 4));

	mk_attr_str(d, "json",
		    "{\n\"shape_descr\": [\"site_id\", \"stat\", \"poe\", "
		    "\"lvl\"],\n\"site_id\": 2,\n\"stat\": [\"mean, really "
		    "\\\"\\u00e9\\\"\"],\n\"poe\": [0.1, 1e-5, 1e16],\n"
		    "\"lvl\": [5, -1, null, true]}");
	d = array(file, "misfit", 2, DIMS(2, 3));
	mk_attr_str(d, "json",
		    "{\"shape_descr\": [\"a\", \"b\"], \"a\": [\"x\"], "
		    "\"b\": 7}");
	d = array(file, "too-large", 2, DIMS(2, 2));
	mk_attr_str(d, "json",
		    "{\"shape_descr\": [\"a\", \"b\"], \"a\": [1, "
		    "18446744073709551616], \"b\": [9223372036854775808, "
		    "-9223372036854775807]}");
	d = array(file, "too-few", 2, DIMS(2, 3));
	mk_attr_str(d, "json", "{\"shape_descr\": [\"a\"], \"a\": 2}");
	d = array(file, "nonsense", 2, DIMS(2, 3));
	mk_attr_str(d, "json", "{\"shape_descr\": [\"a\", ");
	d = array(file, "long", 3, DIMS(2, 2, 1));
	mk_attr_str(d, "json",
		    "{\"shape_descr\": [\"a\", \"b\", \"c\"], \"a\": "
		    "[1, 2, 3], \"b\": \"text\", \"c\": []}");
	d = array(file, "twins", 3, DIMS(1, 1, 1));
	mk_attr_str(d, "json",
		    "{\"shape_descr\": [\"value\", \"value\", \"value_1\"]}");
	d = array(file, "odd", 2, DIMS(1, 1));
	mk_attr_str(d, "json",
		    "{\"shape_descr\": [\"value\", \"value\"], \"value\": "
		    "[\"a\\u0000b\"]}");
}

/* A record whose member has the name of an axis. */
static void put_records(hid_t file)
{
	static const char *const names[] = { "time", "x" };
	hid_t type = OK(H5Tcreate(H5T_COMPOUND, 8));

	OK(H5Tinsert(type, "v", 0, H5T_STD_I32LE));
	OK(H5Tinsert(type, "time", 4, H5T_STD_I32LE));
	attr_texts(mk_array(file, "records", type, 2, DIMS(2, 2), NULL),
		   "shape_descr", 2, names);
}

static void put_attributes(hid_t file)
{
	static const char *const names[] = { "site_id", "Mag", "TRT", "n" };
	static const char trt[2][4] = { "ab", { 'c', 'd', 'e', 'f' } };
	static const double mag[] = { 5.5, 6.25, 7 };
	hid_t d = array(file, "attributes", 4, DIMS(5, 3, 2, 6));

	attr_texts(d, "shape_descr", 4, names);
	mk_attr(d, "Mag", H5T_IEEE_F64LE, text_array(3), mag);
	mk_attr(d, "TRT", mk_str_type(4, H5T_STR_NULLPAD, H5T_CSET_ASCII),
		text_array(2), trt);
	mk_attr_i64(d, "n", 6);
}

/* ---- dimension scales ---- */

static void put_acl(hid_t dset, unsigned rank, const hobj_ref_t *refs)
{
	hvl_t lists[4];
	hid_t type = OK(H5Tvlen_create(H5T_STD_REF_OBJ));

	for (unsigned i = 0; i < rank; i++)
		lists[i] = (hvl_t){ .len = refs[i] != 0,
				    .p = (void *)(uintptr_t)&refs[i] };
	mk_attr(dset, "DIMENSION_LIST", type, text_array(rank), lists);
}

static hobj_ref_t put_scale(hid_t file, const char *path, const char *name,
			    hsize_t n, const double *values)
{
	hid_t d = mk_array(file, path, H5T_IEEE_F64LE, 1, &n, values);
	hobj_ref_t ref;

	mk_attr_str(d, "CLASS", "DIMENSION_SCALE");
	if (name)
		mk_attr_str(d, "NAME", name);
	OK(H5Rcreate(&ref, file, path, H5R_OBJECT, -1));
	return ref;
}

static void put_scales(hid_t file)
{
	static const char *const names[] = { "x", "", "", "plain" };
	static const double t[] = { 0.5, 1, 1e300 };
	hobj_ref_t time = put_scale(file, "dims/time", "time", 3, t);
	hobj_ref_t bare = put_scale(file, "dims/lat", NO_VARIABLE, 2, NULL);
	hobj_ref_t unnamed = put_scale(file, "dims/lon", NULL, 2, t);
	hobj_ref_t itself;
	hid_t d = array(file, "scaled", 4, DIMS(3, 2, 2, 1));

	put_acl(d, 4, (hobj_ref_t[]){ time, bare, unnamed, 0 });
	attr_texts(d, "DIMENSION_LABELS", 4, names);

	d = array(file, "self", 1, DIMS(3));
	OK(H5Rcreate(&itself, file, "self", H5R_OBJECT, -1));
	put_acl(d, 1, &itself);

	d = array(file, "same", 2, DIMS(3, 3));
	put_acl(d, 2, (hobj_ref_t[]){ time, time });
	d = array(file, "gone", 2, DIMS(3, 3));
	put_acl(d, 2, (hobj_ref_t[]){ 7, 0 });
}

static hobj_ref_t ref_to(hid_t file, const char *path)
{
	hobj_ref_t ref;

	OK(H5Rcreate(&ref, file, path, H5R_OBJECT, -1));
	return ref;
}

static hid_t scaled(hid_t file, const char *name, hsize_t n, const char *scale)
{
	hobj_ref_t ref = ref_to(file, scale);
	hid_t d = array(file, name, 2, DIMS(n, 2));

	put_acl(d, 2, (hobj_ref_t[]){ ref, ref_to(file, "dims/lon") });
	return d;
}

/* Scales that are no list of the axis' values. */
static void put_misfits(hid_t file)
{
	static const char *const names[] = { "dims/grid", "" };
	static const char bad[] = "a\0bcd"; /* of 3 bytes each */
	hid_t pair = OK(H5Tcreate(H5T_COMPOUND, 8));
	hobj_ref_t two[2];
	hvl_t lists[2] = { { 2, two }, { 0, NULL } };
	hid_t d;

	OK(H5Tinsert(pair, "p", 0, H5T_STD_I32LE));
	mk_array(file, "dims/grid", H5T_IEEE_F64LE, 2, DIMS(2, 2), NULL);
	mk_array(file, "dims/pairs", pair, 1, DIMS(2), NULL);
	mk_array(file, "dims/texts",
		 mk_str_type(3, H5T_STR_NULLPAD, H5T_CSET_ASCII), 1, DIMS(2),
		 bad);
	mk_array(file, "dims/scalar", H5T_IEEE_F64LE, 0, NULL, NULL);
	mk_array(file, "dims/empty", H5T_IEEE_F64LE, 1, DIMS(0), NULL);
	scaled(file, "short-scale", 5, "dims/time");
	scaled(file, "long-scale", 2, "dims/time");
	scaled(file, "no-rows", 0, "dims/time");
	scaled(file, "of-grid", 2, "dims/grid");
	scaled(file, "of-pairs", 2, "dims/pairs");
	scaled(file, "of-texts", 2, "dims/texts");
	scaled(file, "of-scalar", 2, "dims/scalar");
	scaled(file, "of-empty", 2, "dims/empty");

	two[0] = ref_to(file, "dims/grid");
	two[1] = ref_to(file, "dims/time");
	d = array(file, "second-fits", 2, DIMS(3, 2));
	mk_attr(d, "DIMENSION_LIST", OK(H5Tvlen_create(H5T_STD_REF_OBJ)),
		text_array(2), lists);
	/* The name of what does not fit, once more. */
	d = array(file, "alone", 2, DIMS(3, 2));
	put_acl(d, 2, (hobj_ref_t[]){ two[0], 0 });
	mk_attr_str(mk_array(file, "dims/named", H5T_IEEE_F64LE, 2, DIMS(2, 2),
			     NULL),
		    "NAME", names[0]);
	d = array(file, "twice-named", 2, DIMS(2, 2));
	put_acl(d, 2, (hobj_ref_t[]){ ref_to(file, "dims/named"), 0 });
	attr_texts(d, "DIMENSION_LABELS", 2, names);
}

/* ---- a group of an array and its labels ---- */

static void put_wrapped(hid_t file)
{
	static const char *const descr[] = { "src_id", "imt", "lvl", "n" };
	static const char *const src[] = { "a", "b;0" };
	static const char *const imt[] = { "PGA", "SA(0.1)", "SA(1.0)" };
	const int64_t four = 4;

	for (const char *const *g =
		     (const char *const[]){ "wrapped", "bare", NULL };
	     *g; g++) {
		hid_t group = mk_group(file, *g);

		array(group, "array", 4, DIMS(2, 3, 4, 2));
		mk_array(group, "src_id", mk_vlen_str(), 1, DIMS(2), src);
		mk_array(group, "imt", mk_vlen_str(), 1, DIMS(3), imt);
		if (strcmp(*g, "wrapped") == 0)
			mk_array(group, "shape_descr", mk_vlen_str(), 1,
				 DIMS(4), descr);
		mk_array(group, "lvl", H5T_STD_I64LE, 0, NULL, &four);
		mk_array(group, "other", H5T_IEEE_F32LE, 3, DIMS(2, 3, 4),
			 NULL);
	}
}

/* ---- the tests ---- */

struct state {
	struct oq_env env;
	struct oq_h5 *h5;
	int fd;
};

static int set_up(void **ctx)
{
	char name[] = "/tmp/oqfs-labels-XXXXXX";
	struct state *s = mk_alloc(sizeof(*s));
	hid_t file;

	OK(mkstemp(name));
	file = mk_file(name, LATEST, 0);
	put_json(file);
	put_attributes(file);
	put_records(file);
	put_scales(file);
	put_misfits(file);
	put_wrapped(file);
	array(file, "none", 2, DIMS(2, 2));
	mk_done(file);
	s->fd = open(name, O_RDONLY | O_CLOEXEC);
	OK(unlink(name));
	OK(oq_h5_open(s->fd, &s->h5, NULL));
	s->env = (struct oq_env){ .fd = s->fd, .h5 = s->h5 };
	*ctx = s;
	return 0;
}

static int tear_down(void **ctx)
{
	struct state *s = *ctx;

	oq_h5_close(s->h5);
	close(s->fd);
	free(s);
	return 0;
}

static struct oq_labels *labels_of(void **ctx, const char *name)
{
	struct state *s = *ctx;
	uint64_t addr = oq_h5_root(s->h5);
	const char *slash = strchr(name, '/');
	OQ_FREE char *group =
		slash ? strndup(name, (size_t)(slash - name)) : NULL;
	struct oq_h5_dset *d;
	struct oq_labels *l;

	if (group) {
		addr = h5_find(s->h5, addr, group);
		name = slash + 1;
	}
	addr = h5_find(s->h5, addr, name);
	assert_int_equal(oq_h5_dset_open(s->h5, addr, &d, NULL), 0);
	l = oq_labels_read(&s->env, oq_h5_dset_info(d), name);
	oq_h5_dset_close(d);
	return l;
}

/* 'axes': one a line, "name" for indices or "name: label|label". */
static void check(void **ctx, const char *name, const char *axes)
{
	struct oq_labels *l = labels_of(ctx, name);
	struct oq_buf b = { 0 };

	assert_non_null(l);
	for (unsigned i = 0; i < l->rank; i++) {
		oq_buf_puts(&b, l->names[i]);
		for (uint64_t k = 0; l->labels[i] && k < l->n[i]; k++) {
			oq_buf_puts(&b, k ? "|" : ": ");
			oq_buf_puts(&b, l->labels[i][k]);
		}
		oq_buf_putc(&b, '\n');
	}
	oq_buf_putc(&b, '\0');
	assert_string_equal(b.data, axes);
	oq_buf_free(&b);
	oq_labels_put(l);
}

static void test_json(void **ctx)
{
	check(ctx, "json",
	      "site_id\nstat: mean, really \"\xc3\xa9\"\n"
	      "poe: 0.1|1e-05|1e+16\nlvl: 5|-1||true\n");
}

static void test_misfit(void **ctx)
{
	check(ctx, "misfit", "a: x|\nb\n");
	check(ctx, "long", "a: 1|2\nd1\nd2\n");
	check(ctx, "too-large",
	      "d0\nb: 9223372036854775808|-9223372036854775807\n");
	assert_null(labels_of(ctx, "odd"));
	assert_null(labels_of(ctx, "too-few"));
	assert_null(labels_of(ctx, "nonsense"));
	assert_null(labels_of(ctx, "none"));
}

static void test_odd(void **ctx)
{
	struct oq_labels *l = labels_of(ctx, "records");

	check(ctx, "twins", "value_2\nvalue_3\nvalue_1\n");
	check(ctx, "records", "time_1\nx\n");
	/* In a slice it may go by both. */
	assert_string_equal(l->given[0], "time");
	assert_null(l->given[1]);
	oq_labels_put(l);
}

static void test_attributes(void **ctx)
{
	check(ctx, "attributes",
	      "site_id\nMag: 5.5|6.25|7.0\nTRT: ab|cdef\nn\n");
}

static void test_scales(void **ctx)
{
	check(ctx, "scaled",
	      "time: 0.5|1.0|1e+300\nlat\nlon: 0.5|1.0\nplain\n");
	check(ctx, "same", "time: 0.5|1.0|1e+300\ntime_1: 0.5|1.0|1e+300\n");
}

static void test_unfit_scales(void **ctx)
{
	check(ctx, "short-scale", "time: 0.5|1.0|1e+300||\nlon: 0.5|1.0\n");
	check(ctx, "long-scale", "time: 0.5|1.0\nlon: 0.5|1.0\n");
	check(ctx, "no-rows", "time\nlon: 0.5|1.0\n");
	check(ctx, "of-grid", "d0\nlon: 0.5|1.0\n");
	check(ctx, "of-pairs", "d0\nlon: 0.5|1.0\n");
	check(ctx, "of-texts", "d0\nlon: 0.5|1.0\n");
	check(ctx, "of-scalar", "d0\nlon: 0.5|1.0\n");
	check(ctx, "of-empty", "empty: |\nlon: 0.5|1.0\n");
	check(ctx, "second-fits", "time: 0.5|1.0|1e+300\nd1\n");
	assert_null(labels_of(ctx, "alone"));
	assert_null(labels_of(ctx, "twice-named"));
}

static void test_wrapped(void **ctx)
{
	check(ctx, "wrapped/array",
	      "src_id: a|b;0\nimt: PGA|SA(0.1)|SA(1.0)\nlvl\nn\n");
	assert_null(labels_of(ctx, "wrapped/other"));
	assert_null(labels_of(ctx, "bare/array"));
}

static void test_no_scales(void **ctx)
{
	assert_null(labels_of(ctx, "self"));
	assert_null(labels_of(ctx, "gone"));
}

static void test_budget(void **ctx)
{
	struct oq_texts t = { .left = 3 * (sizeof(char *) + 3) };
	char **list;

	(void)ctx;
	oq_texts_put(&t, "ab", 2);
	oq_texts_put(&t, "", 0);
	list = oq_texts_take(&t);
	assert_string_equal(list[0], "ab");
	assert_string_equal(list[1], "");
	free(list);
	oq_texts_put(&t, "abcdef", 6);
	assert_null(oq_texts_take(&t));
	oq_texts_put(&t, "abcd", 4);
	list = oq_texts_take(&t);
	assert_string_equal(list[0], "abcd");
	free(list);
	assert_int_equal(t.left, 0);
	assert_null(oq_texts_take(&t));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		{ "the engine's json names axes and labels them", test_json,
		  NULL, NULL, NULL },
		{ "labels are as many as the axis has indices, or none",
		  test_misfit, NULL, NULL, NULL },
		{ "no two columns have one name", test_odd, NULL, NULL, NULL },
		{ "shape_descr and an attribute an axis are labels",
		  test_attributes, NULL, NULL, NULL },
		{ "dimension scales are labels", test_scales, NULL, NULL,
		  NULL },
		{ "scales that do not fit: what there is of them, or not even "
		  "their name",
		  test_unfit_scales, NULL, NULL, NULL },
		{ "a coordinate is not labelled by itself, nor by what is gone",
		  test_no_scales, NULL, NULL, NULL },
		{ "datasets beside an array are its labels", test_wrapped, NULL,
		  NULL, NULL },
		{ "a list of texts keeps to its budget", test_budget, NULL,
		  NULL, NULL },
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
