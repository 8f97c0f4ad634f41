/* SPDX-License-Identifier: MIT */
/* mkstores.c - writes the good-*.hdf5 fixtures into the directory given
 *
 * One topic a file; each object's name says what it is.  What must be refused
 * or is damaged is written by mkbad.c, the engine's own layout by mkdemo.c.
 */

#include "tests/make/mkh5.h"

#include <math.h>
#include <unistd.h>

/* ---- types ---- */

/* A float format of our own: sign, exponent and mantissa, in that order. */
static hid_t float_type(size_t size, size_t prec, size_t ebits, size_t bias)
{
	hid_t t = OK(H5Tcopy(H5T_IEEE_F64LE));
	size_t mbits = prec - ebits - 1;

	/* Shrink the fields before the type that holds them. */
	OK(H5Tset_fields(t, prec - 1, mbits, ebits, 0, mbits));
	OK(H5Tset_precision(t, prec));
	OK(H5Tset_size(t, size));
	OK(H5Tset_ebias(t, bias));
	return t;
}

static void write_integers(hid_t f)
{
	const struct {
		const char *name;
		hid_t type;
	} kinds[] = {
		{ "int/i8", H5T_STD_I8LE },	{ "int/u8", H5T_STD_U8LE },
		{ "int/i16", H5T_STD_I16LE },	{ "int/u16", H5T_STD_U16LE },
		{ "int/i32", H5T_STD_I32LE },	{ "int/u32", H5T_STD_U32LE },
		{ "int/i64", H5T_STD_I64LE },	{ "int/u64", H5T_STD_U64LE },
		{ "int/i16be", H5T_STD_I16BE }, { "int/u16be", H5T_STD_U16BE },
		{ "int/i32be", H5T_STD_I32BE }, { "int/u32be", H5T_STD_U32BE },
		{ "int/i64be", H5T_STD_I64BE }, { "int/u64be", H5T_STD_U64BE },
	};
	const int64_t values[] = { 0, 1, -1, 42, INT64_MIN, INT64_MAX };
	hid_t odd, d;

	/* HDF5 clips on conversion, so each type gets its own extremes. */
	for (size_t i = 0; i < COUNT(kinds); i++) {
		d = mk_array(f, kinds[i].name, kinds[i].type, 1, DIMS(6), NULL);
		OK(H5Dwrite(d, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT,
			    values));
	}
	d = mk_array(f, "int/u64-max", H5T_STD_U64LE, 1, DIMS(1),
		     &(uint64_t){ UINT64_MAX });

	odd = OK(H5Tcopy(H5T_STD_I32LE)); /* 12 bits, 5 up, in 4 bytes */
	OK(H5Tset_precision(odd, 12));
	OK(H5Tset_offset(odd, 5));
	d = mk_array(f, "int/i12-at-5", odd, 1, DIMS(6), NULL);
	OK(H5Dwrite(d, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT,
		    values));

	odd = OK(H5Tcopy(H5T_STD_I32BE)); /* 3 bytes */
	OK(H5Tset_precision(odd, 24));
	OK(H5Tset_size(odd, 3));
	d = mk_array(f, "int/i24be", odd, 1, DIMS(6), NULL);
	OK(H5Dwrite(d, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT,
		    values));
}

static void write_floats(hid_t f)
{
	const double values[] = {
		0,	 -0.0,	 1,	  0.1,	   1e-5,     1e16,
		1.5e300, 5e-324, 1.0 / 3, nan(""), HUGE_VAL, -HUGE_VAL,
	};
	const struct {
		const char *name;
		hid_t type;
	} kinds[] = {
		{ "float/f16", float_type(2, 16, 5, 15) },
		{ "float/bf16", float_type(2, 16, 8, 127) },
		{ "float/f20-in-4", float_type(4, 20, 6, 31) },
		{ "float/f32", H5T_IEEE_F32LE },
		{ "float/f64", H5T_IEEE_F64LE },
		{ "float/f32be", H5T_IEEE_F32BE },
		{ "float/f64be", H5T_IEEE_F64BE },
		{ "float/long-double", H5T_NATIVE_LDOUBLE },
	};

	for (size_t i = 0; i < COUNT(kinds); i++) {
		hid_t d = mk_array(f, kinds[i].name, kinds[i].type, 1,
				   DIMS(COUNT(values)), NULL);

		OK(H5Dwrite(d, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
			    values));
	}
}

static void write_strings(hid_t f)
{
	/* 8 bytes each: full, short, empty, with blanks, with a quote, UTF-8 */
	static const char text[6][9] = {
		"abcdefgh", "abc", "", " a b ", "a\"b,c\n", "caf\xc3\xa9"
	};
	const char *words[] = {
		"plain", "", "two words", "a\"b,c\nd", "\xc3\xa9\xe2\x82\xac",
		NULL
	};
	const char *latin[] = { "caf\xe9", "ok" };
	const H5T_str_t pads[] = { H5T_STR_NULLTERM, H5T_STR_NULLPAD,
				   H5T_STR_SPACEPAD };
	const char *names[] = { "string/s8-nullterm", "string/s8-nullpad",
				"string/s8-spacepad" };
	char flat[48];

	for (size_t i = 0; i < 3; i++) {
		memset(flat, i == 2 ? ' ' : 0, sizeof(flat));
		for (size_t k = 0; k < 6; k++)
			memcpy(flat + 8 * k, text[k], strlen(text[k]));
		mk_array(f, names[i],
			 mk_str_type(8, pads[i],
				     i ? H5T_CSET_ASCII : H5T_CSET_UTF8),
			 1, DIMS(6), flat);
	}
	mk_array(f, "string/vlen-utf8", mk_vlen_str(), 1, DIMS(6), words);
	mk_array(f, "string/vlen-ascii",
		 mk_str_type(H5T_VARIABLE, H5T_STR_SPACEPAD, H5T_CSET_ASCII), 1,
		 DIMS(2), words);
	mk_array(f, "string/vlen-not-utf8", mk_vlen_str(), 1, DIMS(2), latin);
	mk_scalar(f, "string/scalar-vlen", mk_vlen_str(),
		  &(const char *){ "line 1\nline 2\n" });
	mk_scalar(f, "string/scalar-fixed",
		  mk_str_type(5, H5T_STR_NULLPAD, H5T_CSET_ASCII), "hello");
	mk_scalar(f, "string/scalar-null", mk_vlen_str(),
		  &(const char *){ NULL });
}

static void write_compounds(hid_t f)
{
#pragma pack(push, 1)
	const struct packed {
		uint32_t id;
		double mag;
		char code[3];
	} packed[] = { { 1, 5.5, { 'P', 'G', 'A' } },
		       { 2, nan(""), "SA" },
		       { 3, 7, "" } };
#pragma pack(pop)
	const struct nested {
		int8_t flag;
		struct {
			float x, y;
		} at;
		int16_t grid[2][2];
		const char *name;
		hvl_t list;
	} nested[] = {
		{ 1,
		  { 1, 2.5 },
		  { { 1, 2 }, { 3, 4 } },
		  "one",
		  { 2, (int32_t[]){ 7, 8 } } },
		{ 0,
		  { -1, nanf("") },
		  { { 0, 0 }, { 0, -1 } },
		  "a,\"b\"",
		  { 0, NULL } },
	};
	hid_t t, at;

	t = OK(H5Tcreate(H5T_COMPOUND, sizeof(packed[0])));
	OK(H5Tinsert(t, "id", 0, H5T_STD_U32LE));
	OK(H5Tinsert(t, "mag", 4, H5T_IEEE_F64LE));
	OK(H5Tinsert(t, "code", 12,
		     mk_str_type(3, H5T_STR_NULLPAD, H5T_CSET_ASCII)));
	mk_array(f, "compound/packed", t, 1, DIMS(3), packed);
	mk_array(f, "compound/rank2", t, 2, DIMS(3, 1), packed);
	mk_scalar(f, "compound/scalar", t, packed);

	/* Members out of order, holes between them and at both ends. */
	t = OK(H5Tcreate(H5T_COMPOUND, 32));
	OK(H5Tinsert(t, "second", 16, H5T_STD_I32BE));
	OK(H5Tinsert(t, "first", 4, H5T_IEEE_F64LE));
	mk_array(f, "compound/holes", t, 1, DIMS(2),
		 (const unsigned char[64]){ [19] = 7, [51] = 9 });

	at = OK(H5Tcreate(H5T_COMPOUND, 8));
	OK(H5Tinsert(at, "x", 0, H5T_IEEE_F32LE));
	OK(H5Tinsert(at, "y", 4, H5T_IEEE_F32LE));
	t = OK(H5Tcreate(H5T_COMPOUND, sizeof(nested[0])));
	OK(H5Tinsert(t, "flag", HOFFSET(struct nested, flag), mk_bool()));
	OK(H5Tinsert(t, "at", HOFFSET(struct nested, at), at));
	OK(H5Tinsert(t, "grid", HOFFSET(struct nested, grid),
		     OK(H5Tarray_create2(H5T_STD_I16LE, 2, DIMS(2, 2)))));
	OK(H5Tinsert(t, "name, quoted", HOFFSET(struct nested, name),
		     mk_vlen_str()));
	OK(H5Tinsert(t, "list", HOFFSET(struct nested, list),
		     OK(H5Tvlen_create(H5T_STD_I32LE))));
	mk_array(f, "compound/nested", t, 1, DIMS(2), nested);
}

/* Numbers that NumPy has no type for, beside one that it has. */
static void write_odd(hid_t f)
{
	hid_t brain = float_type(2, 16, 8, 127), tiny = float_type(1, 8, 4, 7);
	hid_t t = OK(H5Tcreate(H5T_COMPOUND, 14)), small;

	small = OK(H5Tcopy(H5T_STD_I32LE));
	OK(H5Tset_precision(small, 12));
	OK(H5Tset_offset(small, 5));
	OK(H5Tinsert(t, "n", 1, H5T_STD_I16BE));
	OK(H5Tinsert(t, "bf16", 4, OK(H5Tarray_create2(brain, 1, DIMS(2)))));
	OK(H5Tinsert(t, "i12", 8, small));
	OK(H5Tinsert(t, "f8", 13, tiny));
	mk_array(f, "compound/odd", t, 1, DIMS(2),
		 (const uint8_t[28]){
			 0,    1,    2,	   0,	 0x80, 0x3f, 1,
			 0,    0xe0, 0xff, 1,	 0,    0,    0x7e,
			 0,    0xff, 0xfe, 0,	 0xc0, 0x7f, 0x80,
			 0xff, 0x20, 0,	   0xfe, 0xff, 0,    0xff });
	mk_put(f, "float/bf16-chunked", brain,
	       OK(H5Screate_simple(1, DIMS(5), NULL)), mk_chunked(1, DIMS(2)),
	       (const uint16_t[]){ 0x3f80, 0xc000, 1, 0x7f80, 0x7f7f });
}

static void write_references(hid_t f)
{
	hid_t target =
		mk_array(f, "ref/target", H5T_STD_I32LE, 2, DIMS(4, 5), NULL);
	hid_t space = OK(H5Dget_space(target));
	hobj_ref_t objs[3] = { 0 }; /* the last one stays null */
	hdset_reg_ref_t regs[2];

	memset(regs, 0, sizeof(regs));
	OK(H5Rcreate(&objs[0], f, "ref/target", H5R_OBJECT, -1));
	OK(H5Rcreate(&objs[1], f, "ref", H5R_OBJECT, -1));
	OK(H5Sselect_hyperslab(space, H5S_SELECT_SET, DIMS(1, 2), NULL,
			       DIMS(2, 3), NULL));
	OK(H5Rcreate(&regs[0], f, "ref/target", H5R_DATASET_REGION, space));
	mk_array(f, "ref/objects", H5T_STD_REF_OBJ, 1, DIMS(3), objs);
	mk_array(f, "ref/regions", H5T_STD_REF_DSETREG, 1, DIMS(2), regs);
}

static void write_others(hid_t f)
{
	const hvl_t seqs[] = { { 3, (int16_t[]){ 1, 2, 3 } },
			       { 0, NULL },
			       { 1, (int16_t[]){ -4 } } };
	const char *words[] = { "a", "b,c" };
	const hvl_t lists[] = { { 2, words }, { 0, NULL } };
	const float z[] = { 1, 2, -0.5F, nanf("") };
	hid_t t;

	mk_array(f, "other/bool", mk_bool(), 1, DIMS(3), "\0\1\1");
	t = OK(H5Tenum_create(H5T_STD_U16LE));
	OK(H5Tenum_insert(t, "red", &(uint16_t){ 0 }));
	OK(H5Tenum_insert(t, "dark green", &(uint16_t){ 500 }));
	mk_array(f, "other/enum", t, 1, DIMS(3),
		 (const uint16_t[]){ 0, 500, 7 }); /* 7 has no name */

	mk_array(f, "other/bitfield", H5T_STD_B16LE, 1, DIMS(2),
		 (const uint16_t[]){ 0, 0xbeef });
	mk_array(f, "other/time", H5T_UNIX_D32LE, 1, DIMS(2),
		 (const uint32_t[]){ 0, 1700000000 });
	t = OK(H5Tcreate(H5T_OPAQUE, 5));
	OK(H5Tset_tag(t, "five bytes"));
	mk_array(f, "other/opaque", t, 1, DIMS(2), "abcde\0\1\2\3\xff");

	mk_array(f, "other/complex64", mk_complex(H5T_IEEE_F32LE), 1, DIMS(2),
		 z);
	mk_array(f, "other/array",
		 OK(H5Tarray_create2(H5T_STD_I32LE, 1, DIMS(3))), 1, DIMS(2),
		 (const int32_t[]){ 1, 2, 3, 4, 5, 6 });
	mk_array(f, "other/vlen", OK(H5Tvlen_create(H5T_STD_I16LE)), 1, DIMS(3),
		 seqs);
	mk_array(f, "other/vlen-of-strings", OK(H5Tvlen_create(mk_vlen_str())),
		 1, DIMS(2), lists);
}

/* Every class of type, written as old and as new libraries do. */
static void good_types(const char *name, enum mk_version v)
{
	hid_t f = mk_file(name, v, 0);

	write_integers(f);
	write_floats(f);
	write_strings(f);
	write_compounds(f);
	write_odd(f);
	write_references(f);
	write_others(f);
	mk_done(f);
}

/* ---- shapes and layouts ---- */

/* Every kind of dataspace, and ranks 0 to 4. */
static void good_shapes(void)
{
	hid_t f = mk_file("good-shapes.hdf5", LATEST, 0);
	hid_t type = H5T_STD_I32LE;
	int32_t v[120];
	hid_t grow;

	for (int32_t i = 0; i < 120; i++)
		v[i] = i;
	mk_scalar(f, "scalar", type, v + 7);
	mk_put(f, "null", type, OK(H5Screate(H5S_NULL)), mk_dcpl(), NULL);
	mk_array(f, "zero", type, 1, DIMS(0), NULL);
	mk_array(f, "zero-rank3", type, 3, DIMS(2, 0, 3), NULL);
	mk_array(f, "one", type, 1, DIMS(1), v);
	mk_array(f, "rank1", type, 1, DIMS(120), v);
	mk_array(f, "rank2", type, 2, DIMS(10, 12), v);
	mk_array(f, "rank3", type, 3, DIMS(4, 5, 6), v);
	mk_array(f, "rank4", type, 4, DIMS(2, 3, 4, 5), v);

	grow = OK(H5Screate_simple(1, DIMS(10), DIMS(H5S_UNLIMITED)));
	mk_put(f, "unlimited", type, grow, mk_chunked(1, DIMS(4)), v);
	grow = OK(H5Screate_simple(1, DIMS(0), DIMS(H5S_UNLIMITED)));
	mk_put(f, "unlimited-empty", type, grow, mk_chunked(1, DIMS(4)), NULL);
	grow = OK(H5Screate_simple(2, DIMS(10, 12), DIMS(20, H5S_UNLIMITED)));
	mk_put(f, "unlimited-rank2", type, grow, mk_chunked(2, DIMS(3, 5)), v);
	mk_done(f);
}

/* What each filter makes of 'data', 30 by 40. */
static void write_filtered(hid_t f, const float *data)
{
	hid_t space = OK(H5Screate_simple(2, DIMS(30, 40), NULL));
	const hsize_t *chunk = DIMS(7, 16);
	hid_t p, d, nbit, small;
	int32_t ints[1200];

	for (int32_t i = 0; i < 1200; i++)
		ints[i] = (i * 7) % 500 - 100;

	p = mk_chunked(2, chunk);
	OK(H5Pset_deflate(p, 4));
	mk_put(f, "filter/deflate", H5T_IEEE_F32LE, space, p, data);
	p = mk_chunked(2, chunk);
	OK(H5Pset_shuffle(p));
	OK(H5Pset_deflate(p, 4));
	mk_put(f, "filter/shuffle-deflate", H5T_IEEE_F32LE, space, p, data);
	p = mk_chunked(2, chunk);
	OK(H5Pset_fletcher32(p));
	mk_put(f, "filter/fletcher32", H5T_IEEE_F32LE, space, p, data);
	p = mk_chunked(2, chunk);
	OK(H5Pset_shuffle(p));
	OK(H5Pset_fletcher32(p));
	OK(H5Pset_deflate(p, 1));
	mk_put(f, "filter/shuffle-fletcher32-deflate", H5T_IEEE_F32LE, space, p,
	       data);
	p = mk_chunked(2, chunk);
	OK(H5Pset_szip(p, H5_SZIP_NN_OPTION_MASK, 8));
	mk_put(f, "filter/szip", H5T_IEEE_F32LE, space, p, data);
	p = mk_chunked(2, chunk);
	OK(H5Pset_scaleoffset(p, H5Z_SO_FLOAT_DSCALE, 3));
	mk_put(f, "filter/scaleoffset-float", H5T_IEEE_F32LE, space, p, data);
	p = mk_chunked(2, chunk);
	OK(H5Pset_scaleoffset(p, H5Z_SO_INT, 0));
	mk_put(f, "filter/scaleoffset-int", H5T_STD_I32LE, space, p, ints);

	nbit = OK(H5Tcopy(H5T_STD_I16LE));
	OK(H5Tset_precision(nbit, 11));
	p = mk_chunked(2, chunk);
	OK(H5Pset_nbit(p));
	d = mk_put(f, "filter/nbit", nbit, space, p, NULL);
	OK(H5Dwrite(d, H5T_NATIVE_INT, H5S_ALL, H5S_ALL, H5P_DEFAULT, ints));

	/* One chunk stored as it is although the dataset has a filter: what
	 * an optional filter leaves that did not make it smaller. */
	small = OK(H5Screate_simple(1, DIMS(8), NULL));
	p = mk_chunked(1, DIMS(4));
	OK(H5Pset_deflate(p, 4));
	d = mk_put(f, "filter/one-chunk-skipped", H5T_STD_I32LE, small, p,
		   ints);
	OK(H5Dwrite_chunk(d, H5P_DEFAULT, 1, DIMS(4), 16, ints));
}

/* Every layout, and every kind of chunk index that 'v' knows. */
static void good_layouts(const char *name, enum mk_version v)
{
	hid_t f = mk_file(name, v, 0);
	hid_t type = H5T_IEEE_F32LE;
	hid_t fixed = OK(H5Screate_simple(2, DIMS(30, 40), NULL));
	hid_t grow1 =
		OK(H5Screate_simple(2, DIMS(30, 40), DIMS(H5S_UNLIMITED, 40)));
	hid_t grow2 = OK(H5Screate_simple(2, DIMS(30, 40),
					  DIMS(H5S_UNLIMITED, H5S_UNLIMITED)));
	float data[1200];
	hid_t p, d;

	for (int i = 0; i < 1200; i++)
		data[i] = (float)i / 8;

	p = mk_dcpl();
	OK(H5Pset_layout(p, H5D_COMPACT));
	mk_put(f, "compact", type, fixed, p, data);
	mk_put(f, "contiguous", type, fixed, mk_dcpl(), data);
	mk_put(f, "contiguous-late", type, fixed, mk_dcpl(), NULL);
	mk_put(f, "chunk/single", type, fixed, mk_chunked(2, DIMS(30, 40)),
	       data);
	p = mk_chunked(2, DIMS(8, 8));
	OK(H5Pset_alloc_time(p, H5D_ALLOC_TIME_EARLY));
	mk_put(f, "chunk/implicit", type, fixed, p, data);
	mk_put(f, "chunk/fixed-array", type, fixed, mk_chunked(2, DIMS(8, 8)),
	       data);
	mk_put(f, "chunk/extensible-array", type, grow1,
	       mk_chunked(2, DIMS(8, 8)), data);
	mk_put(f, "chunk/btree2", type, grow2, mk_chunked(2, DIMS(8, 8)), data);

	/* Chunks that were never written, with a fill value of the user's. */
	p = mk_chunked(2, DIMS(8, 8));
	OK(H5Pset_fill_value(p, type, &(float){ -1.5F }));
	OK(H5Pset_deflate(p, 4));
	d = mk_put(f, "chunk/holes-filled", type, fixed, p, NULL);
	OK(H5Sselect_hyperslab(fixed, H5S_SELECT_SET, DIMS(9, 9), NULL,
			       DIMS(2, 2), NULL));
	OK(H5Dwrite(d, type, OK(H5Screate_simple(2, DIMS(2, 2), NULL)), fixed,
		    H5P_DEFAULT, data));

	write_filtered(f, data);
	mk_done(f);
}

/* 2 TiB of which a few bytes exist: no reader may walk, count or allocate. */
static void good_sparse(void)
{
	hid_t f = mk_file("good-sparse.hdf5", LATEST, 0);
	hsize_t n = (hsize_t)1 << 38;
	hid_t space = OK(H5Screate_simple(1, &n, NULL));
	hid_t two = OK(H5Screate_simple(1, DIMS(2), NULL));
	hid_t p = mk_chunked(1, DIMS(1 << 20));
	hid_t d;

	OK(H5Pset_deflate(p, 1));
	d = mk_put(f, "big", H5T_IEEE_F64LE, space, p, NULL);
	OK(H5Sselect_hyperslab(space, H5S_SELECT_SET, DIMS(0), NULL, DIMS(2),
			       NULL));
	OK(H5Dwrite(d, H5T_NATIVE_DOUBLE, two, space, H5P_DEFAULT,
		    (const double[]){ 1.5, 2.5 }));
	OK(H5Sselect_hyperslab(space, H5S_SELECT_SET, DIMS(n - 2), NULL,
			       DIMS(2), NULL));
	OK(H5Dwrite(d, H5T_NATIVE_DOUBLE, two, space, H5P_DEFAULT,
		    (const double[]){ 3.5, 4.5 }));
	mk_put(f, "big-contiguous", H5T_IEEE_F64LE, space, mk_dcpl(), NULL);
	mk_done(f);
}

/* A virtual dataset of parts of its own file, one of them missing. */
static void good_virtual(void)
{
	hid_t f = mk_file("good-virtual.hdf5", LATEST, 0);
	hid_t part = OK(H5Screate_simple(1, DIMS(4), NULL));
	hid_t whole = OK(H5Screate_simple(2, DIMS(3, 4), NULL));
	const char *names[] = { "a", "b", "missing" };
	hid_t p = mk_dcpl();

	mk_array(f, "a", H5T_STD_I32LE, 1, DIMS(4),
		 (const int32_t[]){ 1, 2, 3, 4 });
	mk_array(f, "b", H5T_STD_I32LE, 1, DIMS(4),
		 (const int32_t[]){ 5, 6, 7, 8 });
	OK(H5Pset_fill_value(p, H5T_STD_I32LE, &(int32_t){ -9 }));
	for (hsize_t i = 0; i < 3; i++) {
		OK(H5Sselect_hyperslab(whole, H5S_SELECT_SET, DIMS(i, 0), NULL,
				       DIMS(1, 4), NULL));
		OK(H5Pset_virtual(p, whole, ".", names[i], part));
	}
	mk_put(f, "joined", H5T_STD_I32LE,
	       OK(H5Screate_simple(2, DIMS(3, 4), NULL)), p, NULL);
	/* The file by its name. */
	p = mk_dcpl();
	OK(H5Pset_virtual(p, part, "good-virtual.hdf5", "b", part));
	mk_put(f, "named", H5T_STD_I32LE, part, p, NULL);
	mk_done(f);
}

/* ---- links and names ---- */

/* A class must have this to be registered; nobody follows it here. */
static hid_t follow_nothing(const char *name, hid_t group, const void *data,
			    size_t n, hid_t lapl, hid_t dxpl)
{
	(void)name;
	(void)group;
	(void)data;
	(void)n;
	(void)lapl;
	(void)dxpl;
	return -1;
}

static void good_links(void)
{
	hid_t f = mk_file("good-links.hdf5", LATEST, 0);
	hid_t lcpl = mk_lcpl();
	const H5L_class_t user = { .version = H5L_LINK_CLASS_T_VERS,
				   .id = (H5L_type_t)100,
				   .comment = "a class nobody else has",
				   .trav_func = follow_nothing };
	hid_t t;

	mk_array(f, "group/data", H5T_STD_I32LE, 1, DIMS(3),
		 (const int32_t[]){ 1, 2, 3 });
	mk_group(f, "group/inner");
	OK(H5Lcreate_hard(f, "group/data", f, "same-data", lcpl, 0));
	OK(H5Lcreate_hard(f, "group", f, "same-group", lcpl, 0));
	OK(H5Lcreate_hard(f, "group", f, "group/inner/ancestor", lcpl, 0));
	OK(H5Lcreate_hard(f, "/", f, "group/inner/top", lcpl, 0));

	OK(H5Lcreate_soft("/group/data", f, "soft-data", lcpl, 0));
	OK(H5Lcreate_soft("group", f, "soft-group", lcpl, 0));
	OK(H5Lcreate_soft("./data", f, "group/soft-near", lcpl, 0));
	OK(H5Lcreate_soft("/same-data", f, "group/inner/soft-up", lcpl, 0));
	OK(H5Lcreate_soft("/nowhere/at/all", f, "soft-dangling", lcpl, 0));
	OK(H5Lcreate_soft("soft-cycle-b", f, "soft-cycle-a", lcpl, 0));
	OK(H5Lcreate_soft("soft-cycle-a", f, "soft-cycle-b", lcpl, 0));

	OK(H5Lcreate_external("good-shapes.hdf5", "/rank1", f, "ext-data", lcpl,
			      0));
	OK(H5Lcreate_external("good-shapes.hdf5", "/", f, "ext-file", lcpl, 0));
	OK(H5Lcreate_external("/etc/passwd", "/x", f, "ext-absolute", lcpl, 0));
	OK(H5Lcreate_external("gone.hdf5", "/x", f, "ext-dangling", lcpl, 0));

	OK(H5Lregister(&user));
	OK(H5Lcreate_ud(f, "user-defined", (H5L_type_t)100, "12345", 5, lcpl,
			0));

	t = mk_complex(H5T_IEEE_F64LE);
	OK(H5Tcommit2(f, "committed", t, lcpl, H5P_DEFAULT, H5P_DEFAULT));
	mk_attr_str(t, "why", "shared by two datasets");
	mk_array(f, "of-committed", t, 1, DIMS(1), (const double[]){ 1, -1 });
	mk_done(f);
}

/* Names that a file system cannot hold, or that would be told apart by luck. */
static void good_names(void)
{
	hid_t f = mk_file("good-names.hdf5", LATEST, 0);
	static const char *const names[] = {
		"..",
		"a%b",
		"a%2Fb",
		"new\nline",
		"tab\there",
		"bell\a",
		"del\177",
		"two words",
		"-rf",
		"~",
		"*",
		"$(reboot)",
		"quo\"te",
		"apo'strophe",
		"back\\slash",
		"SA(0.3)",
		"x[0]",
		"caf\xc3\xa9",
		"cafe\xcc\x81",
		"latin\xe9",
		"\xe5\x9c\xb0\xe9\x9c\x87",
		"Case",
		"case",
		".hidden",
		"x.csv",
		"x.npy",
		"x.bin.csv",
		"trailing.",
		" lead",
		"trail ",
		"nul",
		"a:b",
	};
	char *longest = mk_alloc(401);

	for (size_t i = 0; i < COUNT(names); i++)
		mk_array(f, names[i], H5T_STD_I32LE, 1, DIMS(1),
			 &(int32_t){ (int32_t)i });

	/* A dataset x beside a group that bears the name of its view. */
	mk_array(f, "x", H5T_STD_I32LE, 1, DIMS(1), &(int32_t){ 100 });
	mk_group(f, "y.csv");
	mk_array(f, "y", H5T_STD_I32LE, 1, DIMS(1), &(int32_t){ 101 });

	/* At and past the 255 bytes of a file name; the last two differ only
	 * where the name is cut. */
	memset(longest, 'n', 400);
	longest[251] = '\0';
	mk_array(f, longest, H5T_STD_I32LE, 1, DIMS(1), &(int32_t){ 251 });
	longest[251] = 'n';
	longest[255] = '\0';
	mk_group(f, longest);
	longest[255] = 'n';
	mk_array(f, longest, H5T_STD_I32LE, 1, DIMS(1), &(int32_t){ 400 });
	longest[399] = 'm';
	mk_array(f, longest, H5T_STD_I32LE, 1, DIMS(1), &(int32_t){ 401 });
	free(longest);
	mk_done(f);
}

/* More links than a group holds without an index, and than one reply. */
static void good_many(void)
{
	hid_t f = mk_file("good-many.hdf5", LATEST, 0);
	hid_t g = mk_group(f, "many");
	char name[32];

	for (int32_t i = 0; i < 3000; i++) {
		snprintf(name, sizeof(name), "n%05d", i);
		OK(H5Dclose(mk_scalar(g, name, H5T_STD_I32LE, &i)));
	}
	mk_done(f);
}

/* ---- attributes ---- */

static void write_attr_types(hid_t at)
{
	hid_t scalar = OK(H5Screate(H5S_SCALAR));
	hid_t three = OK(H5Screate_simple(1, DIMS(3), NULL));
	hid_t grid = OK(H5Screate_simple(2, DIMS(2, 2), NULL));
	const char *words[] = { "one", "", "thr\xc3\xa9\xc3\xa9" };
	const hvl_t seq = { 2, (int32_t[]){ 1, 2 } };
	hid_t pair = OK(H5Tcreate(H5T_COMPOUND, 8));
	hobj_ref_t ref;

	mk_attr_str(at, "text", "plain text");
	mk_attr_str(at, "text-empty", "");
	mk_attr_str(at, "text-lines", "a\nb\n");
	mk_attr(at, "text-fixed",
		mk_str_type(6, H5T_STR_SPACEPAD, H5T_CSET_ASCII), scalar,
		"abc   ");
	mk_attr(at, "texts", mk_vlen_str(), three, words);
	mk_attr_i64(at, "int", -42);
	mk_attr_f64(at, "dt", 10);
	mk_attr(at, "f32", H5T_IEEE_F32LE, scalar, &(float){ 0.1F });
	mk_attr(at, "nan", H5T_IEEE_F64LE, scalar, &(double){ nan("") });
	mk_attr(at, "f64s", H5T_IEEE_F64LE, three,
		(const double[]){ 1, HUGE_VAL, 1e-5 });
	mk_attr(at, "ints", H5T_STD_I32BE, grid,
		(const unsigned char[16]){
			[3] = 1, [7] = 2, [11] = 3, [15] = 4 });
	mk_attr(at, "flag", mk_bool(), scalar, &(int8_t){ 1 });
	mk_attr(at, "null", H5T_STD_I32LE, OK(H5Screate(H5S_NULL)), NULL);
	mk_attr(at, "zero", H5T_IEEE_F64LE,
		OK(H5Screate_simple(1, DIMS(0), NULL)), NULL);
	mk_attr(at, "opaque", OK(H5Tcreate(H5T_OPAQUE, 3)), scalar, "\0\1\xff");
	mk_attr(at, "complex", mk_complex(H5T_IEEE_F64LE), scalar,
		(const double[]){ 1, -2 });
	mk_attr(at, "vlen", OK(H5Tvlen_create(H5T_STD_I32LE)), scalar, &seq);
	OK(H5Tinsert(pair, "a", 0, H5T_STD_I32LE));
	OK(H5Tinsert(pair, "b", 4, H5T_IEEE_F32LE));
	mk_attr(at, "pair", pair, scalar, &(const struct {
			int32_t a;
			float b;
		}){ 1, 2.5F });
	OK(H5Rcreate(&ref, at, ".", H5R_OBJECT, -1));
	mk_attr(at, "ref", H5T_STD_REF_OBJ, scalar, &ref);
	mk_attr_str(at, "table:../dir/name.hdf5", "a name with slashes");
	mk_attr_str(at, "caf\xc3\xa9", "a name in UTF-8");
}

static void good_attrs(void)
{
	hid_t f = mk_file("good-attrs.hdf5", LATEST, 0);
	hid_t d = mk_array(f, "data", H5T_STD_I32LE, 1, DIMS(2),
			   (const int32_t[]){ 1, 2 });
	hid_t g = mk_group(f, "many");
	hsize_t n = 20000;
	double *big = mk_alloc(n * sizeof(*big));
	char name[32];

	write_attr_types(f);
	write_attr_types(d);
	for (int i = 0; i < 500; i++) { /* more than an xattr list can name */
		snprintf(name, sizeof(name), "attribute-%03d-%s", i,
			 "long enough");
		mk_attr_i64(g, name, i);
	}
	for (hsize_t i = 0; i < n; i++) /* more than an xattr can hold */
		big[i] = (double)i / 3;
	mk_attr(d, "big", H5T_IEEE_F64LE, OK(H5Screate_simple(1, &n, NULL)),
		big);
	free(big);
	mk_done(f);
}

/* Dimension scales, as netCDF-4 and h5py attach them; by hand, because the
 * high-level library is not built. */
static void good_scales(void)
{
	hid_t f = mk_file("good-scales.hdf5", EARLIEST, 0);
	hid_t scalar = OK(H5Screate(H5S_SCALAR));
	hid_t str16 = mk_str_type(16, H5T_STR_NULLTERM, H5T_CSET_ASCII);
	hid_t two = OK(H5Screate_simple(1, DIMS(2), NULL));
	const double lat[] = { 45.5, 46 }, lon[] = { 9, 9.5, 10 };
	hobj_ref_t refs[2];
	const hvl_t lists[] = { { 1, &refs[0] }, { 1, &refs[1] } };
	hid_t d;

	d = mk_array(f, "lat", H5T_IEEE_F64LE, 1, DIMS(2), lat);
	mk_attr(d, "CLASS", str16, scalar, "DIMENSION_SCALE\0");
	mk_attr(d, "NAME", str16, scalar, "lat\0            ");
	d = mk_array(f, "lon", H5T_IEEE_F64LE, 1, DIMS(3), lon);
	mk_attr(d, "CLASS", str16, scalar, "DIMENSION_SCALE\0");
	mk_attr(d, "NAME", str16, scalar, "lon\0            ");
	OK(H5Rcreate(&refs[0], f, "lat", H5R_OBJECT, -1));
	OK(H5Rcreate(&refs[1], f, "lon", H5R_OBJECT, -1));
	d = mk_array(f, "temperature", H5T_IEEE_F32LE, 2, DIMS(2, 3),
		     (const float[]){ 1, 2, 3, 4, 5, 6 });
	mk_attr(d, "DIMENSION_LIST", OK(H5Tvlen_create(H5T_STD_REF_OBJ)), two,
		lists);
	mk_done(f);
}

/* ---- whole files ---- */

/* A signature that is not at the beginning, and a file of nothing. */
static void good_frames(void)
{
	hid_t f = mk_file("good-userblock-512.hdf5", EARLIEST, 512);

	mk_array(f, "data", H5T_STD_I32LE, 1, DIMS(2),
		 (const int32_t[]){ 1, 2 });
	mk_done(f);
	f = mk_file("good-userblock-4096.hdf5", LATEST, 4096);
	mk_array(f, "data", H5T_STD_I32LE, 1, DIMS(2),
		 (const int32_t[]){ 3, 4 });
	mk_done(f);
	mk_done(mk_file("good-empty.hdf5", LATEST, 0));
}

/* Long enough for rows to be in several chunks, blocks and parts. */
static void good_table(void)
{
#pragma pack(push, 1)
	struct row {
		uint32_t id;
		double lon;
		float mag;
		char code[6];
	} * rows;
#pragma pack(pop)
	const hsize_t n = 50000;
	hid_t f = mk_file("good-table.hdf5", LATEST, 0);
	hid_t t = OK(H5Tcreate(H5T_COMPOUND, sizeof(*rows)));
	hid_t p = mk_chunked(1, DIMS(1024));

	rows = mk_alloc(n * sizeof(*rows));
	for (uint32_t i = 0; i < n; i++) {
		char code[8];

		rows[i].id = i;
		rows[i].lon = (double)i / 7;
		rows[i].mag = (float)(i % 90) / 10;
		snprintf(code, sizeof(code), "r%04u", i % 10000);
		memcpy(rows[i].code, code, sizeof(rows[i].code));
	}
	OK(H5Tinsert(t, "id", 0, H5T_STD_U32LE));
	OK(H5Tinsert(t, "lon", 4, H5T_IEEE_F64LE));
	OK(H5Tinsert(t, "mag", 12, H5T_IEEE_F32LE));
	OK(H5Tinsert(t, "code", 16,
		     mk_str_type(6, H5T_STR_NULLPAD, H5T_CSET_ASCII)));
	OK(H5Pset_shuffle(p));
	OK(H5Pset_deflate(p, 4));
	mk_put(f, "table", t, OK(H5Screate_simple(1, &n, DIMS(H5S_UNLIMITED))),
	       p, rows);
	free(rows);
	mk_done(f);
}

/* What a killed process leaves.  Closing would tidy up, so the bytes are
 * copied while the file is open: with SWMR on, flags 5; before it, flags 1. */
static void good_killed(const char *name, bool swmr)
{
	hid_t f = mk_file("open.tmp", LATEST, 0);
	hid_t grow = OK(H5Screate_simple(1, DIMS(3000), DIMS(H5S_UNLIMITED)));
	char command[256];
	int32_t v[3000];

	for (int32_t i = 0; i < 3000; i++)
		v[i] = i;
	mk_put(f, "growing", H5T_STD_I32LE, grow, mk_chunked(1, DIMS(1024)), v);
	mk_attr_str(f, "engine_version", "3.25.0");
	OK(H5Fflush(f, H5F_SCOPE_GLOBAL));
	if (swmr) {
		hid_t ids[8];
		ssize_t n = H5Fget_obj_ids(f, H5F_OBJ_DATASET, 8, ids);

		while (n > 0)
			OK(H5Idec_ref(ids[--n]));
		OK(H5Fstart_swmr_write(f));
	}
	snprintf(command, sizeof(command), "cp open.tmp %s", name);
	OK(-abs(system(command)));
	mk_done(f);
	OK(unlink("open.tmp"));
}

int main(int argc, char **argv)
{
	if (argc != 2 || chdir(argv[1]) != 0) {
		fputs("usage: mkstores DIRECTORY\n", stderr);
		return 1;
	}
	good_types("good-types-earliest.hdf5", EARLIEST);
	good_types("good-types-latest.hdf5", LATEST);
	good_shapes();
	good_layouts("good-layouts-earliest.hdf5", EARLIEST);
	good_layouts("good-layouts-latest.hdf5", LATEST);
	good_sparse();
	good_virtual();
	good_links();
	good_names();
	good_many();
	good_attrs();
	good_scales();
	good_frames();
	good_table();
	good_killed("good-killed.hdf5", false);
	good_killed("good-killed-swmr.hdf5", true);
	mk_plain("plain.txt", "not HDF5\n", 9);
	return 0;
}
