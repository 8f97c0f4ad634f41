/* SPDX-License-Identifier: MIT */
/* h5data.c - data are read as they were written, or not at all */

#include "tests/make/h5fixture.h"

/* ---- data ---- */

static void test_boxes(void **state)
{
	static const uint64_t start[] = { 1, 2 }, step[] = { 3, 2 },
			      count[] = { 3, 4 };
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0), dcpl;
	uint16_t data[10][12], back[3][4];

	(void)state;
	for (uint16_t i = 0; i < 120; i++)
		data[i / 12][i % 12] = i;
	mk_array(file, "contiguous", H5T_STD_U16LE, 2, DIMS(10, 12), data);
	dcpl = mk_chunked(2, DIMS(4, 5));
	OK(H5Pset_shuffle(dcpl));
	OK(H5Pset_deflate(dcpl, 6));
	mk_put(file, "chunked", H5T_STD_U16LE,
	       OK(H5Screate_simple(2, DIMS(10, 12), NULL)), dcpl, data);
	finish(&f, file);
	for (int k = 0; k < 2; k++) {
		struct oq_h5_dset *d = dset(&f, k ? "chunked" : "contiguous");

		memset(back, 0xaa, sizeof(back));
		assert_int_equal(
			oq_h5_read(d, start, step, count, back, &f.err), 0);
		for (size_t i = 0; i < 3; i++)
			for (size_t j = 0; j < 4; j++)
				assert_int_equal(back[i][j],
						 data[1 + 3 * i][2 + 2 * j]);
		oq_h5_dset_close(d);
	}
	end(&f);
}

static void test_contiguous_place(void **state)
{
	static const uint32_t data[4] = { 1, 2, 3, 4 };
	struct fixture f;
	hid_t file = begin(&f, EARLIEST, 1024);
	const struct oq_dataset *i;
	struct oq_superblock sb;
	struct oq_h5_dset *d;
	uint32_t back[4];

	(void)state;
	mk_array(file, "x", H5T_STD_U32LE, 1, DIMS(4), data);
	mk_array(file, "unwritten", H5T_STD_U32LE, 1, DIMS(4), NULL);
	finish(&f, file);
	assert_int_equal(oq_h5_superblock(f.fd, &sb), 0);
	assert_int_equal(sb.base, 1024);
	assert_int_equal(sb.stored_eof, lseek(f.fd, 0, SEEK_END));
	d = dset(&f, "x");
	i = oq_h5_dset_info(d);
	assert_int_equal(i->layout, OQ_CONTIGUOUS);
	assert_int_equal(i->nbytes, 16);
	assert_int_equal(pread(f.fd, back, 16, (off_t)i->file_off), 16);
	assert_memory_equal(back, data, 16);
	oq_h5_dset_close(d);
	d = dset(&f, "unwritten");
	assert_true(oq_h5_dset_info(d)->file_off == OQ_NO_ADDR);
	oq_h5_dset_close(d);
	end(&f);
}

struct chunks {
	size_t n;
	uint64_t bytes;
	uint32_t masks;
	uint64_t first_off;
};

static int add_chunk(void *ctx, const struct oq_h5_chunk *c)
{
	struct chunks *s = ctx;

	s->n++;
	s->bytes += c->nbytes;
	s->masks |= c->filter_mask;
	if (c->offset[0] == 0)
		s->first_off = c->file_off;
	return 0;
}

static void test_chunk_index(void **state)
{
	static const enum mk_version versions[] = { EARLIEST, LATEST };
	static const uint8_t data[100];

	(void)state;
	for (size_t v = 0; v < 2; v++) {
		struct fixture f;
		hid_t file = begin(&f, versions[v], 512);
		hid_t dcpl = mk_chunked(1, DIMS(30)), space;
		hid_t d1, part = OK(H5Screate_simple(1, DIMS(100), NULL));
		const struct oq_dataset *i;
		struct oq_h5_dset *d;
		struct chunks s = { 0 };
		uint8_t back[100];

		OK(H5Pset_fill_value(dcpl, H5T_STD_U8LE, &(uint8_t){ 7 }));
		space = OK(H5Screate_simple(1, DIMS(100), DIMS(H5S_UNLIMITED)));
		d1 = mk_put(file, "c", H5T_STD_U8LE, space, dcpl, NULL);
		OK(H5Sselect_hyperslab(part, H5S_SELECT_SET, DIMS(0), NULL,
				       DIMS(30), NULL));
		OK(H5Dwrite(d1, H5T_STD_U8LE, part, part, H5P_DEFAULT, data));
		finish(&f, file);
		d = dset(&f, "c");
		i = oq_h5_dset_info(d);
		assert_int_equal(i->layout, OQ_CHUNKED);
		assert_int_equal(i->chunk[0], 30);
		assert_true(i->maxdims[0] == OQ_UNLIMITED);
		assert_true(i->has_fill);
		assert_int_equal(*(uint8_t *)i->fill, 7);
		assert_int_equal(oq_h5_chunks(d, add_chunk, &s, &f.err), 0);
		assert_int_equal(s.n, 1);
		assert_int_equal(s.bytes, 30);
		assert_int_equal(s.masks, 0);
		memset(back, 0xaa, sizeof(back));
		assert_int_equal(pread(f.fd, back, 30, (off_t)s.first_off), 30);
		assert_memory_equal(back, data, 30);
		assert_int_equal(read_all(&f, d, back), 0);
		assert_int_equal(back[29], 0);
		assert_int_equal(back[30], 7);
		oq_h5_dset_close(d);
		end(&f);
	}
}

/* libhdf5 leaves the filters out at the border and does not say so. */
static void test_unfiltered_edges(void **state)
{
	static uint8_t data[100];
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0), dcpl = mk_chunked(1, DIMS(60));
	struct oq_h5_dset *d;
	struct chunks s = { 0 };

	(void)state;
	OK(H5Pset_deflate(dcpl, 6));
	OK(H5Pset_chunk_opts(dcpl, H5D_CHUNK_DONT_FILTER_PARTIAL_CHUNKS));
	mk_put(file, "c", H5T_STD_U8LE,
	       OK(H5Screate_simple(1, DIMS(100), NULL)), dcpl, data);
	finish(&f, file);
	d = dset(&f, "c");
	assert_int_equal(oq_h5_dset_info(d)->nfilters, 1);
	assert_int_equal(oq_h5_dset_info(d)->filters[0].id, 1);
	assert_int_equal(oq_h5_dset_info(d)->filters[0].params[0], 6);
	assert_int_equal(oq_h5_chunks(d, add_chunk, &s, &f.err), 0);
	assert_int_equal(s.n, 2);
	assert_true(s.masks == UINT32_MAX);
	oq_h5_dset_close(d);
	end(&f);
}

/* Known from an earlier test, the filter would have to compress. */
static void forget(H5Z_filter_t id)
{
	if (H5Zfilter_avail(id) > 0)
		OK(H5Zunregister(id));
}

/* "abcabcabc..." by hand: three literals, then a copy of 3 + 3. */
static void test_lzf(void **state)
{
	static const uint8_t packed[] = { 2, 'a', 'b', 'c', 4 << 5, 2 };
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0), dcpl = mk_chunked(1, DIMS(9)), d1;
	const unsigned params[3] = { 4, 261, 9 };
	struct oq_h5_dset *d;
	char back[10] = { 0 };

	(void)state;
	forget(32000);
	OK(H5Pset_filter(dcpl, 32000, H5Z_FLAG_OPTIONAL, 3, params));
	d1 = mk_put(file, "z", H5T_STD_U8LE,
		    OK(H5Screate_simple(1, DIMS(9), NULL)), dcpl, NULL);
	OK(H5Dwrite_chunk(d1, H5P_DEFAULT, 0, DIMS(0), sizeof(packed), packed));
	finish(&f, file);
	d = dset(&f, "z");
	assert_int_equal(oq_h5_dset_info(d)->refused, 0);
	assert_int_equal(read_all(&f, d, back), 0);
	assert_string_equal(back, "abcabcabc");
	oq_h5_dset_close(d);
	end(&f);
}

static void test_missing_filter(void **state)
{
	static const uint8_t packed[5] = "junk";
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0), dcpl = mk_chunked(1, DIMS(9)), d1;
	struct oq_h5_dset *d;
	uint8_t back[9] = { 0 };

	(void)state;
	OK(H5Pset_filter(dcpl, 32013, H5Z_FLAG_OPTIONAL, 0, NULL));
	d1 = mk_put(file, "needed", H5T_STD_U8LE,
		    OK(H5Screate_simple(1, DIMS(9), NULL)), dcpl, NULL);
	OK(H5Dwrite_chunk(d1, H5P_DEFAULT, 0, DIMS(0), sizeof(packed), packed));
	d1 = mk_put(file, "left out", H5T_STD_U8LE,
		    OK(H5Screate_simple(1, DIMS(9), NULL)), dcpl, NULL);
	OK(H5Dwrite_chunk(d1, H5P_DEFAULT, 1, DIMS(0), 9, "123456789"));
	finish(&f, file);
	d = dset(&f, "needed");
	assert_int_equal(oq_h5_dset_info(d)->refused, -EIO);
	assert_non_null(strstr(oq_h5_dset_info(d)->why.text, "32013 (zfp)"));
	assert_int_equal(read_all(&f, d, back), -EIO);
	oq_h5_dset_close(d);
	d = dset(&f, "left out");
	assert_int_equal(oq_h5_dset_info(d)->refused, 0);
	assert_int_equal(read_all(&f, d, back), 0);
	assert_memory_equal(back, "123456789", 9);
	oq_h5_dset_close(d);
	end(&f);
}

static int refusal(struct fixture *f, const char *name)
{
	struct oq_h5_dset *d = dset(f, name);
	int r = oq_h5_dset_info(d)->refused;
	uint8_t back[81 * 16];

	/* What is not refused cannot be read, either. */
	assert_int_equal(read_all(f, d, back), -EIO);
	oq_h5_dset_close(d);
	return r;
}

static void put_junk(hid_t file, const char *name, hid_t type, hid_t dcpl)
{
	hid_t d = mk_put(file, name, type,
			 OK(H5Screate_simple(1, DIMS(9), NULL)), dcpl, NULL);

	OK(H5Dwrite_chunk(d, H5P_DEFAULT, 0, DIMS(0), 4, "junk"));
}

/* Junk that libhdf5 decodes by our functions is an error, too. */
static void test_our_filter(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0), dcpl = mk_chunked(1, DIMS(9));
	hid_t wide = mk_chunked(2, DIMS(3, 3)), text = OK(H5Tcopy(H5T_C_S1));
	hid_t d;

	(void)state;
	forget(32015);
	OK(H5Tset_size(text, H5T_VARIABLE));
	OK(H5Pset_filter(dcpl, 32015, H5Z_FLAG_OPTIONAL, 0, NULL));
	OK(H5Pset_filter(wide, 32015, H5Z_FLAG_OPTIONAL, 0, NULL));
	put_junk(file, "bytes", H5T_STD_U8LE, dcpl);
	put_junk(file, "references", H5T_STD_REF_OBJ, dcpl);
	put_junk(file, "texts", text, dcpl);
	d = mk_put(file, "misplaced", H5T_STD_U8LE,
		   OK(H5Screate_simple(2, DIMS(9, 9), DIMS(9, H5S_UNLIMITED))),
		   wide, NULL);
	OK(H5Dwrite_chunk(d, H5P_DEFAULT, 0, DIMS(0, 0), 4, "junk"));
	OK(H5Pset_filter(dcpl, 32013, H5Z_FLAG_OPTIONAL, 0, NULL));
	put_junk(file, "zfp too", H5T_STD_U8LE, dcpl);
	finish(&f, file);
	assert_int_equal(refusal(&f, "bytes"), 0);
	assert_int_equal(refusal(&f, "references"), 0);
	assert_int_equal(refusal(&f, "texts"), 0);
	assert_int_equal(refusal(&f, "misplaced"), 0);
	assert_int_equal(refusal(&f, "zfp too"), -EIO);
	end(&f);
}

static void test_sizes(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0), dcpl = mk_chunked(1, DIMS(1 << 30));
	hsize_t huge = (hsize_t)1 << 61;
	struct oq_h5_dset *d;

	(void)state;
	mk_put(file, "chunk", H5T_STD_U16LE,
	       OK(H5Screate_simple(1, DIMS(1 << 30), NULL)), dcpl, NULL);
	mk_put(file, "huge", H5T_IEEE_F64LE,
	       OK(H5Screate_simple(1, &huge, NULL)), mk_chunked(1, DIMS(8)),
	       NULL);
	mk_put(file, "null", H5T_IEEE_F64LE, OK(H5Screate(H5S_NULL)), mk_dcpl(),
	       NULL);
	mk_array(file, "empty", H5T_STD_I8LE, 2, DIMS(0, 5), NULL);
	finish(&f, file);
	d = dset(&f, "chunk");
	assert_int_equal(oq_h5_dset_info(d)->refused, -EIO);
	oq_h5_dset_close(d);
	assert_int_equal(oq_h5_dset_open(f.h, addr_of(&f, "huge"), &d, &f.err),
			 -EOVERFLOW);
	d = dset(&f, "null");
	assert_int_equal(oq_h5_dset_info(d)->space, OQ_NULLSPACE);
	assert_int_equal(oq_h5_dset_info(d)->nelems, 0);
	assert_int_equal(read_all(&f, d, NULL), 0);
	oq_h5_dset_close(d);
	d = dset(&f, "empty");
	assert_int_equal(oq_h5_dset_info(d)->nelems, 0);
	assert_int_equal(read_all(&f, d, NULL), 0);
	oq_h5_dset_close(d);
	end(&f);
}

/* ---- without what has pointers ---- */

struct part {
	float x;
	char *text;
};

struct mixed {
	int32_t id;
	struct part in;
	hvl_t seq;
	char *two[2];
	uint16_t last;
};

static hid_t mixed_type(void)
{
	hid_t text = OK(H5Tcopy(H5T_C_S1));
	hid_t in = OK(H5Tcreate(H5T_COMPOUND, sizeof(struct part)));
	hid_t t = OK(H5Tcreate(H5T_COMPOUND, sizeof(struct mixed)));

	OK(H5Tset_size(text, H5T_VARIABLE));
	OK(H5Tinsert(in, "x", HOFFSET(struct part, x), H5T_IEEE_F32LE));
	OK(H5Tinsert(in, "text", HOFFSET(struct part, text), text));
	OK(H5Tinsert(t, "id", HOFFSET(struct mixed, id), H5T_STD_I32LE));
	OK(H5Tinsert(t, "in", HOFFSET(struct mixed, in), in));
	OK(H5Tinsert(t, "seq", HOFFSET(struct mixed, seq),
		     OK(H5Tvlen_create(H5T_STD_I32LE))));
	OK(H5Tinsert(t, "two", HOFFSET(struct mixed, two),
		     OK(H5Tarray_create2(text, 1, DIMS(2)))));
	OK(H5Tinsert(t, "last", HOFFSET(struct mixed, last), H5T_STD_U16LE));
	return t;
}

static void put_mixed(hid_t file, const char *name, hid_t dcpl)
{
	struct mixed m[10] = { 0 };
	int32_t seq[10] = { 1, 2, 3 };
	char some[] = "some text";

	for (int i = 0; i < 10; i++) {
		m[i].id = -i;
		m[i].in.x = (float)i / 4;
		m[i].in.text = some;
		m[i].seq = (hvl_t){ (size_t)i, seq };
		m[i].two[0] = m[i].two[1] = some;
		m[i].last = (uint16_t)(60000 + i);
	}
	mk_put(file, name, mixed_type(),
	       OK(H5Screate_simple(1, DIMS(10), NULL)), dcpl, m);
}

static void expect_mixed(struct fixture *f, const char *name, bool skip)
{
	struct oq_h5_dset *d = dset(f, name);
	struct mixed m[10];

	if (skip)
		assert_int_equal(oq_h5_dset_skip_pointers(d, &f->err), 0);
	assert_int_equal(oq_h5_dset_info(d)->skips_pointers, skip);
	memset(m, 0xaa, sizeof(m));
	assert_int_equal(type_of(d)->size, sizeof(m[0]));
	assert_int_equal(read_all(f, d, m), 0);
	for (int i = 0; i < 10; i++) {
		assert_int_equal(m[i].id, -i);
		assert_true(m[i].in.x == (float)i / 4);
		assert_int_equal(m[i].last, 60000 + i);
		assert_int_equal(m[i].in.text == NULL, skip);
		assert_int_equal(m[i].two[1] == NULL, skip);
		assert_int_equal(m[i].seq.len, skip ? 0 : i);
	}
	oq_h5_reclaim(d, m, 10);
	oq_h5_dset_close(d);
}

/* Strings and sequences lie in heaps: all of them start with this. */
static void spoil_heaps(const char *path)
{
	static char bytes[1 << 16];
	FILE *file = fopen(path, "r+b");
	size_t n = file ? fread(bytes, 1, sizeof(bytes), file) : 0;
	char *at = bytes;

	assert_true(n && n < sizeof(bytes));
	while ((at = memmem(at, n - (size_t)(at - bytes), "GCOL", 4)))
		memset(at, 'x', 4);
	rewind(file);
	assert_int_equal(fwrite(bytes, 1, n, file), n);
	assert_int_equal(fclose(file), 0);
}

static void test_skipped_pointers(void **state)
{
	static const char *const texts[] = { "a", "b" };
	hid_t dcpl = mk_chunked(1, DIMS(4)), text = OK(H5Tcopy(H5T_C_S1));
	struct oq_h5_dset *d;
	struct fixture f;
	struct mixed m[10];
	char *none[2] = { f.path, f.path };
	hid_t file = begin(&f, LATEST, 0);

	(void)state;
	OK(H5Pset_deflate(dcpl, 6));
	OK(H5Tset_size(text, H5T_VARIABLE));
	put_mixed(file, "contiguous", mk_dcpl());
	put_mixed(file, "chunked", dcpl);
	mk_array(file, "texts", text, 1, DIMS(2), texts);
	finish(&f, file);
	for (int skip = 0; skip < 2; skip++) {
		expect_mixed(&f, "contiguous", skip);
		expect_mixed(&f, "chunked", skip);
	}
	d = dset(&f, "texts");
	assert_int_equal(oq_h5_dset_skip_pointers(d, &f.err), 0);
	assert_int_equal(read_all(&f, d, none), 0);
	assert_true(!none[0] && !none[1]);
	oq_h5_dset_close(d);
	oq_h5_close(f.h);
	close(f.fd);
	spoil_heaps(f.path);
	reopen(&f);
	d = dset(&f, "chunked");
	assert_int_equal(read_all(&f, d, m), -EIO);
	oq_h5_dset_close(d);
	expect_mixed(&f, "contiguous", true);
	expect_mixed(&f, "chunked", true);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boxes),
		cmocka_unit_test(test_contiguous_place),
		cmocka_unit_test(test_chunk_index),
		cmocka_unit_test(test_unfiltered_edges),
		cmocka_unit_test(test_lzf),
		cmocka_unit_test(test_missing_filter),
		cmocka_unit_test(test_our_filter),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_skipped_pointers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
