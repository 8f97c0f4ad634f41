/* SPDX-License-Identifier: MIT */
/* h5tree.c - links, attributes and types are told as they were written */

#include "tests/make/h5fixture.h"

/* ---- links ---- */

static void test_links(void **state)
{
	struct fixture f;
	struct listing s;
	hid_t file = begin(&f, LATEST, 0), type;

	(void)state;
	mk_group(file, "g/h");
	mk_scalar(file, "g/x", H5T_STD_I32LE, NULL);
	type = OK(H5Tcopy(H5T_STD_I16BE));
	OK(H5Tcommit2(file, "t", type, mk_lcpl(), H5P_DEFAULT, H5P_DEFAULT));
	OK(H5Lcreate_soft("g/x", file, "s", mk_lcpl(), H5P_DEFAULT));
	OK(H5Lcreate_soft("/no/where", file, "dangling", mk_lcpl(),
			  H5P_DEFAULT));
	OK(H5Lcreate_soft("loop", file, "loop", mk_lcpl(), H5P_DEFAULT));
	OK(H5Lcreate_external("/etc/passwd", "/a", file, "e", mk_lcpl(),
			      H5P_DEFAULT));
	OK(H5Lcreate_soft("e", file, "to-e", mk_lcpl(), H5P_DEFAULT));
	OK(H5Lcreate_hard(file, "g", file, "again", mk_lcpl(), H5P_DEFAULT));
	OK(H5Lcreate_hard(file, "/", file, "up", mk_lcpl(), H5P_DEFAULT));
	mk_scalar(file, "\xff\n", H5T_STD_I8LE, NULL);
	finish(&f, file);
	list(&f, oq_h5_root(f.h), &s);
	assert_string_equal(s.text, "again hard group\n"
				    "dangling soft none /no/where\n"
				    "e ext none /a in /etc/passwd\n"
				    "g hard group\n"
				    "loop soft none loop\n"
				    "s soft dataset g/x\n"
				    "t hard datatype\n"
				    "to-e soft none e\n"
				    "up hard group\n"
				    "\xff\n hard dataset\n");
	assert_true(addr_of(&f, "g") == addr_of(&f, "again"));
	assert_true(addr_of(&f, "up") == oq_h5_root(f.h));
	assert_string_equal(oq_h5_path(f.h, addr_of(&f, "g")), "/again");
	assert_string_equal(oq_h5_path(f.h, addr_of(&f, "s")), "/again/x");
	assert_string_equal(oq_h5_path(f.h, oq_h5_root(f.h)), "/");
	assert_null(oq_h5_path(f.h, 12345));
	end(&f);
}

static void test_find(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0);
	uint64_t root, group;

	(void)state;
	mk_scalar(file, "g/x", H5T_STD_I32LE, NULL);
	OK(H5Lcreate_soft("g/x", file, "soft", mk_lcpl(), H5P_DEFAULT));
	OK(H5Lcreate_external("b", "/a", file, "e", mk_lcpl(), H5P_DEFAULT));
	finish(&f, file);
	root = oq_h5_root(f.h);
	group = oq_h5_find(f.h, root, "g");
	assert_true(group == addr_of(&f, "g"));
	assert_true(oq_h5_find(f.h, group, "x") == addr_of(&f, "soft"));
	for (const char *const *s =
		     (const char *const[]){ "soft", "e", "none", "g/x", ".",
					    "/g", "", NULL };
	     *s; s++)
		assert_true(oq_h5_find(f.h, root, *s) == OQ_NO_ADDR);
	assert_true(oq_h5_find(f.h, addr_of(&f, "soft"), "x") == OQ_NO_ADDR);
	assert_true(oq_h5_find(f.h, 12345, "x") == OQ_NO_ADDR);
	end(&f);
}

static void test_root(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0), root;
	const char *text;

	(void)state;
	root = OK(H5Gopen2(file, "/", H5P_DEFAULT));
	mk_scalar(file, "x", H5T_STD_I32LE, NULL);
	mk_attr_str(root, "x", "its text");
	finish(&f, file);
	for (int again = 0; again < 2; again++) {
		assert_true(oq_h5_root_find(f.h, "x") ==
			    oq_h5_find(f.h, oq_h5_root(f.h), "x"));
		assert_true(oq_h5_root_find(f.h, "none") == OQ_NO_ADDR);
		assert_string_equal(oq_h5_root_text(f.h, "x"), "its text");
		assert_null(oq_h5_root_text(f.h, "none"));
	}
	text = oq_h5_root_text(f.h, "x");
	assert_ptr_equal(oq_h5_root_text(f.h, "x"), text);
	end(&f);
}

static void plain_group(hid_t file, const char *name)
{
	OK(H5Gclose(OK(H5Gcreate2(file, name, H5P_DEFAULT, H5P_DEFAULT,
				  H5P_DEFAULT))));
}

/* Links by name are what the listing says of them, in groups of all kinds. */
static void links_named_in(enum mk_version version, int nlinks)
{
	static const char *const paths[] = { "", ".", "/", "x1/", "a/b" };
	struct fixture f;
	struct listing all, some = { 0 };
	struct oq_buf names = { 0 };
	hid_t file = begin(&f, version, 0);
	uint64_t n = 0;

	/* A name that is marked as UTF-8 makes a group one of the new kind. */
	plain_group(file, "a");
	plain_group(file, "b");
	OK(H5Lcreate_soft("a", file, "s", H5P_DEFAULT, H5P_DEFAULT));
	for (int i = 0; i < nlinks; i++) {
		char name[16];

		snprintf(name, sizeof(name), "x%d", i);
		plain_group(file, name);
	}
	finish(&f, file);
	oq_buf_put(&names, "a\0b\0none\0s\0x1", 14);
	assert_int_equal(oq_h5_links_named(f.h, oq_h5_root(f.h), &names, &n,
					   add_link, &some, &f.err),
			 0);
	if (version == LATEST)
		assert_int_equal(n, 3 + nlinks);
	else
		assert_true(n == OQ_H5_NOT_COUNTED);
	assert_string_equal(some.text, "a hard group\n"
				       "b hard group\n"
				       "s soft group a\n"
				       "x1 hard group\n");
	list(&f, oq_h5_root(f.h), &all);
	assert_true(some.v[0].addr == all.v[0].addr);
	for (size_t i = 0; i < COUNT(paths); i++) {
		names.len = 0;
		oq_buf_put(&names, paths[i], strlen(paths[i]) + 1);
		assert_int_equal(oq_h5_links_named(f.h, oq_h5_root(f.h), &names,
						   &n, add_link, &some, &f.err),
				 -EIO);
	}
	assert_int_equal(oq_h5_links_named(f.h, 12345, &names, &n, add_link,
					   &some, &f.err),
			 -EIO);
	assert_int_equal(some.n, 4);
	oq_buf_free(&names);
	end(&f);
}

static void test_links_named(void **state)
{
	(void)state;
	links_named_in(LATEST, 2);
	links_named_in(LATEST, 100);
	links_named_in(EARLIEST, 100);
}

static int count_link(void *ctx, const struct oq_h5_link *l)
{
	size_t *n = ctx;

	if (l->kind == OQ_KIND_GROUP)
		++*n;
	return 0;
}

static int stop_at_once(void *ctx, const struct oq_h5_link *l)
{
	(void)l;
	++*(size_t *)ctx;
	return -ECANCELED;
}

static void test_many_links(void **state)
{
	static const enum mk_version versions[] = { EARLIEST, LATEST };

	(void)state;
	for (size_t v = 0; v < 2; v++) {
		struct fixture f;
		hid_t file = begin(&f, versions[v], 0);
		size_t n = 0;
		char name[16];

		for (int i = 0; i < 3000; i++) {
			snprintf(name, sizeof(name), "g%d", i);
			OK(H5Gclose(mk_group(file, name)));
		}
		finish(&f, file);
		assert_int_equal(oq_h5_list(f.h, oq_h5_root(f.h), count_link,
					    &n, &f.err),
				 0);
		assert_int_equal(n, 3000);
		n = 0;
		assert_int_equal(oq_h5_list(f.h, oq_h5_root(f.h), stop_at_once,
					    &n, &f.err),
				 -ECANCELED);
		assert_int_equal(n, 1);
		end(&f);
	}
}

/* ---- attributes ---- */

static int add_name(void *ctx, const char *name)
{
	char *text = ctx;

	strcat(text, name);
	strcat(text, "\n");
	return 0;
}

static void test_attributes(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0), root;
	char names[4096] = "", name[16];
	struct oq_attr *a = NULL;
	char *text;

	(void)state;
	root = OK(H5Gopen2(file, "/", H5P_DEFAULT));
	mk_attr_str(root, "b/c", "h\xc3\xa9");
	mk_attr_i64(root, "a", -3);
	mk_attr(root, "null", H5T_STD_I8LE, OK(H5Screate(H5S_NULL)), NULL);
	for (int i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "n%02d", i);
		mk_attr_f64(root, name, i);
	}
	OK(H5Oset_comment(root, "a remark"));
	finish(&f, file);
	assert_int_equal(oq_h5_attr_names(f.h, oq_h5_root(f.h), add_name, names,
					  &f.err),
			 0);
	assert_memory_equal(names, "a\nb/c\nn00\n", 10);
	assert_string_equal(names + strlen(names) - 5, "null\n");
	assert_true(oq_h5_attr_exists(f.h, oq_h5_root(f.h), "b/c"));
	assert_false(oq_h5_attr_exists(f.h, oq_h5_root(f.h), "B/C"));
	assert_int_equal(
		oq_h5_attr_read(f.h, oq_h5_root(f.h), "b/c", &a, &f.err), 0);
	memcpy(&text, a->data, sizeof(text));
	assert_string_equal(text, "h\xc3\xa9");
	oq_h5_attr_free(a);
	assert_int_equal(oq_h5_attr_read(f.h, oq_h5_root(f.h), "a", &a, &f.err),
			 0);
	assert_int_equal(*(int64_t *)a->data, -3);
	assert_int_equal(a->rank, 0);
	oq_h5_attr_free(a);
	assert_int_equal(
		oq_h5_attr_read(f.h, oq_h5_root(f.h), "null", &a, &f.err), 0);
	assert_null(a->data);
	oq_h5_attr_free(a);
	assert_int_equal(oq_h5_attr_read(f.h, oq_h5_root(f.h), "none", &a,
					 &f.err),
			 -ENOENT);
	end(&f);
}

/* None, few in the header of either version, and many beside it. */
static void test_how_many_attributes(void **state)
{
	static const enum mk_version versions[] = { EARLIEST, LATEST };
	static const int counts[] = { 0, 1, 8, 20 };

	(void)state;
	for (size_t k = 0; k < 8; k++) {
		const char *const first[] = { "m00", "n00", "n00", "n19" };
		struct fixture f;
		hid_t file = begin(&f, versions[k / 4], 0), g;
		int n = counts[k % 4];
		char names[128] = "", want[128] = "", name[16];
		struct oq_attr *a = NULL;
		uint64_t addr;

		g = mk_group(file, "g");
		for (int i = 0; i < n; i++) {
			snprintf(name, sizeof(name), "n%02d", i);
			mk_attr_i64(g, name, i);
			add_name(want, name);
		}
		OK(H5Gclose(g));
		finish(&f, file);
		addr = addr_of(&f, "g");
		assert_int_equal(oq_h5_attr_names(f.h, addr, add_name, names,
						  &f.err),
				 0);
		assert_string_equal(names, want);
		assert_int_equal(oq_h5_attr_first(f.h, addr, first, 1), 1);
		assert_int_equal(oq_h5_attr_first(f.h, addr, first, 4),
				 n ? 1 : 4);
		assert_int_equal(oq_h5_attr_first(f.h, addr, first + 3, 1),
				 n < 20);
		assert_false(oq_h5_attr_exists(f.h, addr, "m00"));
		assert_int_equal(oq_h5_attr_exists(f.h, addr, "n00"), n > 0);
		assert_int_equal(oq_h5_attr_read(f.h, addr, "m00", &a, &f.err),
				 -ENOENT);
		assert_string_equal(f.err.text, "no such attribute");
		assert_int_equal(oq_h5_attr_read(f.h, addr, "n00", &a, &f.err),
				 n ? 0 : -ENOENT);
		oq_h5_attr_free(a);
		end(&f);
	}
}

static void test_comment(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0);
	struct oq_buf b = { 0 };

	(void)state;
	OK(H5Oset_comment(mk_group(file, "g"), "a remark"));
	finish(&f, file);
	oq_h5_put_comment(f.h, addr_of(&f, "g"), &b);
	assert_int_equal(b.len, 8);
	assert_memory_equal(b.data, "a remark", 8);
	oq_h5_put_comment(f.h, oq_h5_root(f.h), &b);
	assert_int_equal(b.len, 8);
	oq_buf_free(&b);
	end(&f);
}

/* ---- types ---- */

static void test_numbers(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0), type = OK(H5Tcopy(H5T_STD_U32BE));
	struct oq_h5_dset *d;
	const struct oq_dtype *t;

	(void)state;
	OK(H5Tset_precision(type, 20));
	OK(H5Tset_offset(type, 5));
	mk_scalar(file, "odd", type, NULL);
	mk_scalar(file, "f", H5T_IEEE_F64BE, NULL);
	mk_scalar(file, "time", H5T_UNIX_D32LE, NULL);
	mk_scalar(file, "bits", H5T_STD_B16LE, NULL);
	finish(&f, file);
	d = dset(&f, "odd");
	t = type_of(d);
	assert_int_equal(t->cls, OQ_INT);
	assert_int_equal(t->order, OQ_BE);
	assert_int_equal(t->size, 4);
	assert_int_equal(t->precision, 20);
	assert_int_equal(t->bit_off, 5);
	assert_false(t->is_signed);
	oq_h5_dset_close(d);
	d = dset(&f, "f");
	t = type_of(d);
	assert_int_equal(t->cls, OQ_FLOAT);
	assert_int_equal(t->order, OQ_BE);
	assert_int_equal(t->sign_pos, 63);
	assert_int_equal(t->exp_pos, 52);
	assert_int_equal(t->exp_bits, 11);
	assert_int_equal(t->man_bits, 52);
	assert_int_equal(t->exp_bias, 1023);
	assert_int_equal(t->norm, OQ_NORM_IMPLIED);
	oq_h5_dset_close(d);
	d = dset(&f, "time");
	assert_int_equal(type_of(d)->cls, OQ_TIME);
	assert_int_equal(type_of(d)->precision, 32);
	oq_h5_dset_close(d);
	d = dset(&f, "bits");
	assert_int_equal(type_of(d)->cls, OQ_BITFIELD);
	oq_h5_dset_close(d);
	end(&f);
}

/* The bytes of an enum's values are those of the elements. */
static void test_enum(void **state)
{
	static const uint8_t three[2] = { 0, 3 };
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0);
	hid_t type = OK(H5Tenum_create(H5T_STD_I16BE));
	uint8_t back[2];
	struct oq_h5_dset *d;
	const struct oq_dtype *t;

	(void)state;
	OK(H5Tenum_insert(type, "THREE", three));
	mk_scalar(file, "e", type, three);
	mk_scalar(file, "b", mk_bool(), NULL);
	finish(&f, file);
	d = dset(&f, "e");
	t = type_of(d);
	assert_int_equal(t->cls, OQ_ENUM);
	assert_int_equal(t->nsymbols, 1);
	assert_string_equal(t->symbols[0].name, "THREE");
	assert_memory_equal(t->symbols[0].value, three, 2);
	assert_int_equal(read_all(&f, d, back), 0);
	assert_memory_equal(back, three, 2);
	oq_h5_dset_close(d);
	d = dset(&f, "b");
	assert_true(oq_dtype_is_bool(type_of(d)));
	oq_h5_dset_close(d);
	end(&f);
}

static void test_padded_compound(void **state)
{
	static const uint8_t bytes[16] = { 1, 0xaa, 0xbb, 0xcc, 2, 0,
					   0, 0,    3,	  0,	0, 0,
					   4, 0xdd, 0xee, 0xff };
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0);
	hid_t type = OK(H5Tcreate(H5T_COMPOUND, 16));
	uint8_t back[16];
	struct oq_h5_dset *d;
	const struct oq_dtype *t;

	(void)state;
	/* Members out of offset order, an array among them, and padding. */
	OK(H5Tinsert(type, "last", 12, H5T_STD_U8LE));
	OK(H5Tinsert(type, "first", 0, H5T_STD_U8LE));
	OK(H5Tinsert(type, "two", 4,
		     OK(H5Tarray_create2(H5T_STD_I32LE, 1, DIMS(2)))));
	mk_scalar(file, "c", type, bytes);
	finish(&f, file);
	d = dset(&f, "c");
	t = type_of(d);
	assert_int_equal(t->cls, OQ_COMPOUND);
	assert_int_equal(t->size, 16);
	assert_int_equal(t->nmembers, 3);
	assert_string_equal(t->members[0].name, "last");
	assert_int_equal(t->members[2].offset, 4);
	assert_int_equal(t->members[2].type->cls, OQ_ARRAY);
	assert_int_equal(t->members[2].type->dims[0], 2);
	assert_int_equal(read_all(&f, d, back), 0);
	assert_memory_equal(back, bytes, 16);
	oq_h5_dset_close(d);
	end(&f);
}

static void test_variable_length(void **state)
{
	struct item {
		char *name;
		hvl_t seq;
	};
	static char hello[] = "h\xc3\xa9llo";
	static uint16_t numbers[3] = { 1, 2, 3 };
	struct item items[2] = { { hello, { 3, numbers } },
				 { NULL, { 0, 0 } } };
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0);
	hid_t type = OK(H5Tcreate(H5T_COMPOUND, sizeof(items[0])));
	struct oq_h5_dset *d;
	const struct oq_dtype *t;
	struct item back[2];

	(void)state;
	OK(H5Tinsert(type, "name", 0, mk_vlen_str()));
	OK(H5Tinsert(type, "seq", 8, OK(H5Tvlen_create(H5T_STD_U16LE))));
	mk_array(file, "v", type, 1, DIMS(2), items);
	finish(&f, file);
	d = dset(&f, "v");
	t = type_of(d);
	assert_int_equal(t->size, 24);
	assert_int_equal(t->members[0].type->cls, OQ_VSTRING);
	assert_true(t->members[0].type->is_utf8);
	assert_int_equal(t->members[1].type->cls, OQ_VLEN);
	assert_int_equal(t->members[1].type->base->size, 2);
	assert_true(oq_dtype_has_pointers(t));
	assert_int_equal(read_all(&f, d, back), 0);
	assert_string_equal(back[0].name, hello);
	assert_int_equal(back[0].seq.len, 3);
	assert_memory_equal(back[0].seq.p, numbers, 6);
	assert_null(back[1].name);
	assert_int_equal(back[1].seq.len, 0);
	oq_h5_reclaim(d, back, 2);
	oq_h5_dset_close(d);
	end(&f);
}

static void test_new_references(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0);
	struct oq_h5_dset *d;

	(void)state;
	mk_scalar(file, "r", H5T_STD_REF, NULL);
	finish(&f, file);
	assert_int_equal(oq_h5_dset_open(f.h, addr_of(&f, "r"), &d, &f.err),
			 -EOPNOTSUPP);
	assert_non_null(strstr(f.err.text, "1.12"));
	end(&f);
}

static void test_references(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, EARLIEST, 512), space;
	hobj_ref_t refs[2] = { 0, 0 };
	hdset_reg_ref_t region;
	struct oq_h5_dset *d;
	struct oq_buf b = { 0 };

	(void)state;
	mk_array(file, "g/x", H5T_STD_U8LE, 2, DIMS(6, 4), NULL);
	OK(H5Rcreate(&refs[0], file, "g/x", H5R_OBJECT, -1));
	mk_array(file, "objects", H5T_STD_REF_OBJ, 1, DIMS(2), refs);
	space = OK(H5Screate_simple(2, DIMS(6, 4), NULL));
	OK(H5Sselect_hyperslab(space, H5S_SELECT_SET, DIMS(1, 3), DIMS(2, 1),
			       DIMS(2, 1), NULL));
	OK(H5Rcreate(&region, file, "g/x", H5R_DATASET_REGION, space));
	mk_scalar(file, "region", H5T_STD_REF_DSETREG, &region);
	finish(&f, file);

	d = dset(&f, "objects");
	assert_int_equal(type_of(d)->cls, OQ_OBJREF);
	assert_int_equal(read_all(&f, d, refs), 0);
	oq_h5_put_ref(f.h, type_of(d), &refs[0], &b);
	oq_buf_putc(&b, '|');
	oq_h5_put_ref(f.h, type_of(d), &refs[1], &b);
	oq_buf_putc(&b, '|');
	oq_h5_dset_close(d);
	d = dset(&f, "region");
	assert_int_equal(type_of(d)->cls, OQ_REGREF);
	assert_int_equal(read_all(&f, d, &region), 0);
	oq_h5_put_ref(f.h, type_of(d), &region, &b);
	oq_buf_putc(&b, '\0');
	assert_string_equal(b.data, "/g/x||/g/x[1:4:2, 3]");
	oq_buf_free(&b);
	oq_h5_dset_close(d);
	end(&f);
}

static void test_committed_type(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0);
	hid_t type = OK(H5Tvlen_create(H5T_STD_U8LE));
	struct oq_dtype *t = NULL;
	enum oq_kind kind;

	(void)state;
	OK(H5Tcommit2(file, "t", type, mk_lcpl(), H5P_DEFAULT, H5P_DEFAULT));
	finish(&f, file);
	assert_int_equal(oq_h5_kind(f.h, addr_of(&f, "t"), &kind, &f.err), 0);
	assert_int_equal(kind, OQ_KIND_DATATYPE);
	assert_int_equal(oq_h5_datatype(f.h, addr_of(&f, "t"), &t, &f.err), 0);
	assert_int_equal(t->cls, OQ_VLEN);
	assert_true(t->is_committed);
	oq_dtype_free(t);
	assert_int_equal(oq_h5_datatype(f.h, oq_h5_root(f.h), &t, &f.err),
			 -EIO);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_links),
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_root),
		cmocka_unit_test(test_links_named),
		cmocka_unit_test(test_many_links),
		cmocka_unit_test(test_attributes),
		cmocka_unit_test(test_how_many_attributes),
		cmocka_unit_test(test_comment),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_enum),
		cmocka_unit_test(test_padded_compound),
		cmocka_unit_test(test_variable_length),
		cmocka_unit_test(test_new_references),
		cmocka_unit_test(test_references),
		cmocka_unit_test(test_committed_type),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
