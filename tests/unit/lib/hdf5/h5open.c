/* SPDX-License-Identifier: MIT */
/* h5open.c - damage and what leads out of the file are told, never followed */

#include "tests/make/h5fixture.h"

/* ---- damaged and unfinished files ---- */

static void test_not_hdf5(void **state)
{
	char path[] = "/tmp/oqfs-h5-XXXXXX";
	int fd = mkstemp(path);
	struct oq_superblock sb;
	struct oq_err err;
	struct oq_h5 *h;

	(void)state;
	unlink(path);
	assert_int_equal(oq_h5_superblock(fd, &sb), -EIO);
	assert_int_equal(oq_h5_open(fd, &h, &err), -EIO);
	assert_int_equal(ftruncate(fd, 5000), 0);
	assert_int_equal(oq_h5_open(fd, &h, &err), -EIO);
	/* A signature and nothing more. */
	assert_int_equal(pwrite(fd, "\211HDF\r\n\032\n\003", 9, 512), 9);
	assert_int_equal(oq_h5_open(fd, &h, &err), -EIO);
	assert_true(strlen(err.text) > 0);
	close(fd);
}

/* The part before the cut reads; past it there is an error, never zeros. */
static void test_truncated(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0);
	static uint8_t data[100000];
	const struct oq_dataset *i;
	struct oq_h5_dset *d;
	uint64_t start = 0, step = 1, count = 1000;
	uint8_t back[1000];
	off_t cut;

	(void)state;
	memset(data, 1, sizeof(data));
	mk_array(file, "x", H5T_STD_U8LE, 1, DIMS(sizeof(data)), data);
	finish(&f, file);
	d = dset(&f, "x");
	i = oq_h5_dset_info(d);
	cut = (off_t)i->file_off + 80000;
	oq_h5_dset_close(d);
	oq_h5_close(f.h);
	close(f.fd);
	assert_int_equal(truncate(f.path, cut), 0);
	reopen(&f);
	d = dset(&f, "x");
	assert_int_equal(oq_h5_read(d, &start, &step, &count, back, &f.err), 0);
	assert_int_equal(back[999], 1);
	start = 99000;
	assert_int_equal(oq_h5_read(d, &start, &step, &count, back, &f.err),
			 -EIO);
	oq_h5_dset_close(d);
	end(&f);
}

static hid_t open_for_writing(const struct fixture *f)
{
	hid_t fapl = OK(H5Pcreate(H5P_FILE_ACCESS));

	OK(H5Pset_libver_bounds(fapl, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST));
	OK(H5Pset_file_locking(fapl, false, true));
	return OK(H5Fopen(f->path, H5F_ACC_RDWR, fapl));
}

static hid_t put_growing(struct fixture *f)
{
	hid_t file = begin(f, LATEST, 0);

	mk_put(file, "x", H5T_STD_I32LE,
	       OK(H5Screate_simple(1, DIMS(2), DIMS(H5S_UNLIMITED))),
	       mk_chunked(1, DIMS(1024)), (int32_t[]){ 41, 42 });
	mk_done(file);
	return open_for_writing(f);
}

static void copy_file(const char *from, const char *to)
{
	FILE *in = fopen(from, "rb"), *out = fopen(to, "wb");
	int c;

	assert_true(in && out);
	while ((c = getc(in)) != EOF)
		putc(c, out);
	fclose(in);
	assert_int_equal(fclose(out), 0);
}

/* A copy of a file that is open for writing is what a kill leaves. */
static void check_killed(bool swmr, unsigned flags)
{
	struct fixture f;
	struct oq_superblock sb;
	struct oq_h5_dset *d;
	hid_t file = put_growing(&f);
	char path[sizeof(f.path)];
	int32_t back[2] = { 0 };

	if (swmr)
		OK(H5Fstart_swmr_write(file));
	OK(H5Fflush(file, H5F_SCOPE_GLOBAL));
	memcpy(path, f.path, sizeof(path));
	strcat(f.path, ".copy");
	copy_file(path, f.path);
	mk_done(file);
	unlink(path);

	reopen(&f);
	assert_int_equal(oq_h5_superblock(f.fd, &sb), 0);
	assert_int_equal(sb.flags, flags);
	d = dset(&f, "x");
	assert_int_equal(read_all(&f, d, back), 0);
	assert_int_equal(back[1], 42);
	oq_h5_dset_close(d);
	end(&f);
}

static void test_killed_writer(void **state)
{
	(void)state;
	check_killed(false, 1);
	check_killed(true, 5);
}

/* The rows that a SWMR writer adds are there for the next reader. */
static void test_live_writer(void **state)
{
	struct fixture f;
	hid_t file = put_growing(&f), d1, space;
	struct oq_h5_dset *d;
	int32_t back[3] = { 0 };

	(void)state;
	OK(H5Fstart_swmr_write(file));
	reopen(&f);
	d = dset(&f, "x");
	assert_int_equal(oq_h5_dset_info(d)->dims[0], 2);
	d1 = OK(H5Dopen2(file, "x", H5P_DEFAULT));
	OK(H5Dset_extent(d1, DIMS(3)));
	space = OK(H5Dget_space(d1));
	OK(H5Dwrite(d1, H5T_STD_I32LE, H5S_ALL, space, H5P_DEFAULT,
		    (int32_t[]){ 41, 42, 43 }));
	OK(H5Dflush(d1));
	oq_h5_dset_close(d);
	oq_h5_close(f.h);
	close(f.fd);
	reopen(&f);
	d = dset(&f, "x");
	assert_int_equal(oq_h5_dset_info(d)->dims[0], 3);
	assert_int_equal(read_all(&f, d, back), 0);
	assert_int_equal(back[2], 43);
	oq_h5_dset_close(d);
	mk_done(file);
	end(&f);
}

/* Whether a byte that is changed below an open handle is read as it is now. */
static bool sees_change(bool swmr)
{
	struct fixture f;
	hid_t file = put_growing(&f);
	uint8_t was = 0, now = 0, changed;
	uint64_t at;
	int fd;

	if (swmr)
		OK(H5Fstart_swmr_write(file));
	OK(H5Fflush(file, H5F_SCOPE_GLOBAL));
	reopen(&f);
	at = (uint64_t)lseek(f.fd, 0, SEEK_END) - 1;
	assert_true(oq_h5_fetch(f.h, &was, 1, at));
	mk_done(file);
	fd = open(f.path, O_WRONLY | O_CLOEXEC);
	changed = (uint8_t)~was;
	assert_int_equal(pwrite(fd, &changed, 1, (off_t)at), 1);
	close(fd);
	assert_true(oq_h5_fetch(f.h, &now, 1, at));
	end(&f);
	return now == changed;
}

/* Blocks are kept of a file that is left alone, as long as it is the same; with
 * a SWMR writer at work each read is the file's. */
static void test_blocks(void **state)
{
	(void)state;
	assert_true(sees_change(true));
	assert_false(sees_change(false));
}

/* Wherever a wrong address leads, there is an answer. */
static void test_wrong_addresses(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0);

	(void)state;
	mk_array(file, "x", H5T_STD_I32LE, 1, DIMS(4), NULL);
	finish(&f, file);
	for (uint64_t addr = 0; addr < 2048; addr += 4) {
		enum oq_kind kind;
		struct oq_h5_dset *d;

		if (addr == oq_h5_root(f.h) || addr == addr_of(&f, "x"))
			continue;
		assert_int_not_equal(oq_h5_kind(f.h, addr, &kind, &f.err), 0);
		assert_int_not_equal(oq_h5_dset_open(f.h, addr, &d, &f.err), 0);
	}
	end(&f);
}

/* ---- what leads out of the file, or round in circles ---- */

static void test_external_storage(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0), dcpl = mk_dcpl();
	struct oq_h5_dset *d;
	uint8_t back[4];

	(void)state;
	OK(H5Pset_external(dcpl, "/etc/passwd", 0, 4));
	mk_put(file, "x", H5T_STD_U8LE, OK(H5Screate_simple(1, DIMS(4), NULL)),
	       dcpl, NULL);
	finish(&f, file);
	d = dset(&f, "x");
	assert_int_equal(oq_h5_dset_info(d)->refused, -EOPNOTSUPP);
	assert_int_equal(read_all(&f, d, back), -EOPNOTSUPP);
	oq_h5_dset_close(d);
	end(&f);
}

static void put_virtual(hid_t file, const char *name, const char *source_file,
			const char *source)
{
	hid_t dcpl = mk_dcpl(), space = OK(H5Screate_simple(1, DIMS(4), NULL));

	OK(H5Pset_virtual(dcpl, space, source_file, source, space));
	mk_put(file, name, H5T_STD_U8LE, space, dcpl, NULL);
}

/* Parts by number, "/part-%b": the thousand and first is another thing. */
static void put_parts(hid_t file)
{
	hid_t whole = OK(H5Screate_simple(1, DIMS(3), DIMS(H5S_UNLIMITED)));
	hid_t part = OK(H5Screate_simple(1, DIMS(3), NULL));
	hid_t dcpl = mk_dcpl();
	char name[32];

	OK(H5Sselect_hyperslab(whole, H5S_SELECT_SET, DIMS(0), DIMS(3),
			       DIMS(H5S_UNLIMITED), DIMS(3)));
	OK(H5Pset_virtual(dcpl, whole, ".", "/part-%b", part));
	mk_put(file, "parts", H5T_STD_I32LE, whole, dcpl, NULL);
	for (unsigned i = 0; i <= 1000; i++) {
		snprintf(name, sizeof(name), "part-%u", i);
		OK(H5Lcreate_hard(file, i < 1000 ? "x" : "foreign", file, name,
				  mk_lcpl(), H5P_DEFAULT));
	}
}

static void test_parts(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0);
	struct oq_h5_dset *d;
	uint64_t addr;

	(void)state;
	mk_array(file, "x", H5T_STD_I32LE, 1, DIMS(3), NULL);
	put_virtual(file, "foreign", "other.h5", "/x");
	put_parts(file);
	finish(&f, file);
	addr = oq_h5_find(f.h, oq_h5_root(f.h), "parts");
	assert_int_equal(oq_h5_dset_open(f.h, addr, &d, &f.err), 0);
	assert_int_equal(oq_h5_dset_info(d)->refused, -EOPNOTSUPP);
	oq_h5_dset_close(d);
	end(&f);
}

static void test_virtual(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0);
	struct oq_h5_dset *d;
	uint8_t back[4];

	(void)state;
	mk_array(file, "x", H5T_STD_U8LE, 1, DIMS(4), "abcd");
	put_virtual(file, "inside", ".", "/x");
	put_virtual(file, "nested", ".", "/inside");
	put_virtual(file, "foreign", "other.h5", "/x");
	put_virtual(file, "foreign in", ".", "/foreign");
	put_virtual(file, "self", ".", "/self");
	put_virtual(file, "a", ".", "/b");
	put_virtual(file, "b", ".", "/a");
	finish(&f, file);
	d = dset(&f, "nested");
	assert_int_equal(oq_h5_dset_info(d)->layout, OQ_VIRTUAL);
	assert_int_equal(oq_h5_dset_info(d)->refused, 0);
	assert_int_equal(read_all(&f, d, back), 0);
	assert_memory_equal(back, "abcd", 4);
	oq_h5_dset_close(d);
	for (int i = 0; i < 2; i++) {
		d = dset(&f, i ? "foreign in" : "foreign");
		assert_int_equal(read_all(&f, d, back), -EOPNOTSUPP);
		assert_non_null(strstr(f.err.text, "other.h5"));
		oq_h5_dset_close(d);
	}
	assert_int_equal(oq_h5_dset_open(f.h, addr_of(&f, "self"), &d, &f.err),
			 -EIO);
	assert_int_equal(oq_h5_dset_open(f.h, addr_of(&f, "a"), &d, &f.err),
			 -EIO);
	end(&f);
}

/* Its own file by name, as it is known; that of another is refused. */
static void test_by_name(void **state)
{
	struct fixture f;
	hid_t file = begin(&f, LATEST, 0);
	const char *base = strrchr(f.path, '/') + 1;
	char dotted[80], below[80];
	struct oq_h5_dset *d;
	uint8_t back[4];

	(void)state;
	snprintf(dotted, sizeof(dotted), "./%s", base);
	snprintf(below, sizeof(below), "/sub/%s", base);
	mk_array(file, "x", H5T_STD_U8LE, 1, DIMS(4), "abcd");
	put_virtual(file, "relative", base, "/x");
	put_virtual(file, "dotted", dotted, "/x");
	put_virtual(file, "absolute", f.path, "/x");
	put_virtual(file, "self", base, "/self");
	put_virtual(file, "below", below, "/x");
	finish(&f, file);
	d = dset(&f, "relative");
	assert_int_equal(read_all(&f, d, back), -EOPNOTSUPP);
	oq_h5_dset_close(d);
	assert_int_equal(oq_h5_set_name(f.h, f.path, &f.err), 0);
	for (const char *const *name =
		     (const char *const[]){ "relative", "dotted", "absolute",
					    NULL };
	     *name; name++) {
		d = dset(&f, *name);
		assert_int_equal(read_all(&f, d, back), 0);
		assert_memory_equal(back, "abcd", 4);
		oq_h5_dset_close(d);
	}
	assert_int_equal(oq_h5_dset_open(f.h, addr_of(&f, "self"), &d, &f.err),
			 -EIO);
	d = dset(&f, "below");
	assert_int_equal(read_all(&f, d, back), -EOPNOTSUPP);
	oq_h5_dset_close(d);
	end(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_not_hdf5),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_killed_writer),
		cmocka_unit_test(test_live_writer),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_wrong_addresses),
		cmocka_unit_test(test_external_storage),
		cmocka_unit_test(test_virtual),
		cmocka_unit_test(test_by_name),
		cmocka_unit_test(test_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
