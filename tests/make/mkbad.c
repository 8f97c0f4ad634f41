/* SPDX-License-Identifier: MIT */
/* mkbad.c - writes the bad-*.hdf5 and unsup-*.hdf5 fixtures
 *
 * bad: damaged.  What is whole in them must still be served, what is not must
 * be an error, and nothing may be served that the writer did not write.
 * unsup: whole files that ask for something that is refused on purpose.
 */

#include "tests/make/mkh5.h"

#include <unistd.h>
#include <zlib.h>

/* ---- damage ---- */

struct bytes {
	unsigned char *p;
	size_t n;
};

static struct bytes load(const char *name)
{
	struct bytes b = { 0 };
	FILE *f = fopen(name, "rb");

	if (!f || fseek(f, 0, SEEK_END) != 0) {
		perror(name);
		exit(1);
	}
	b.n = (size_t)ftell(f);
	rewind(f);
	b.p = mk_alloc(b.n);
	if (fread(b.p, 1, b.n, f) != b.n) {
		perror(name);
		exit(1);
	}
	fclose(f);
	return b;
}

/* Write 'n' bytes of 'byte' over what is at 'off'. */
static void overwrite(const char *name, uint64_t off, int byte, size_t n)
{
	struct bytes b = load(name);

	if (off + n > b.n) {
		fprintf(stderr, "%s ends before %ju\n", name, (uintmax_t)off);
		exit(1);
	}
	memset(b.p + off, byte, n);
	mk_plain(name, b.p, b.n);
	free(b.p);
}

/* Where the object's header is. */
static haddr_t address(hid_t at, const char *name)
{
	hid_t id = OK(H5Oopen(at, name, H5P_DEFAULT));
	H5O_info2_t info;
	haddr_t addr;

	OK(H5Oget_info3(id, &info, H5O_INFO_BASIC));
	OK(H5VLnative_token_to_addr(at, info.token, &addr));
	OK(H5Oclose(id));
	return addr;
}

static haddr_t chunk_address(hid_t dset, hsize_t which)
{
	hid_t space = OK(H5Dget_space(dset));
	hsize_t offset[H5S_MAX_RANK], size;
	unsigned mask;
	haddr_t addr;

	OK(H5Fflush(dset, H5F_SCOPE_GLOBAL));
	OK(H5Dget_chunk_info(dset, space, which, offset, &mask, &addr, &size));
	return addr;
}

static void put_fine(hid_t f)
{
	mk_array(f, "fine", H5T_STD_I32LE, 1, DIMS(3),
		 (const int32_t[]){ 1, 2, 3 });
}

/* One chunk of four is overwritten: with a checksum it cannot pass, and
 * without one it does not inflate.  The other three chunks still read. */
static void bad_chunk(void)
{
	hid_t f = mk_file("bad-chunk.hdf5", LATEST, 0);
	hid_t space = OK(H5Screate_simple(1, DIMS(4000), NULL));
	haddr_t summed, deflated;
	int32_t v[4000];
	hid_t p;

	for (int32_t i = 0; i < 4000; i++)
		v[i] = i;
	put_fine(f);
	p = mk_chunked(1, DIMS(1000));
	OK(H5Pset_fletcher32(p));
	summed = chunk_address(
		mk_put(f, "checksum", H5T_STD_I32LE, space, p, v), 1);
	p = mk_chunked(1, DIMS(1000));
	OK(H5Pset_deflate(p, 4));
	deflated = chunk_address(
		mk_put(f, "deflate", H5T_STD_I32LE, space, p, v), 1);
	mk_done(f);
	overwrite("bad-chunk.hdf5", summed + 100, 0xff, 16);
	overwrite("bad-chunk.hdf5", deflated + 2, 0xff, 16);
}

/* One object's header is wiped out: a dataset's, a group's, and that of a
 * committed datatype. Their names are still in their group. */
static void bad_header(void)
{
	const char *names[] = { "dataset", "group", "type" };
	hid_t f = mk_file("bad-header.hdf5", LATEST, 0);
	haddr_t addr[3];

	put_fine(f);
	mk_array(f, "dataset", H5T_STD_I32LE, 1, DIMS(1), &(int32_t){ 1 });
	mk_group(f, "group");
	OK(H5Tcommit2(f, "type", mk_complex(H5T_IEEE_F64LE), H5P_DEFAULT,
		      H5P_DEFAULT, H5P_DEFAULT));
	for (size_t i = 0; i < 3; i++)
		addr[i] = address(f, names[i]);
	mk_done(f);
	for (size_t i = 0; i < 3; i++)
		overwrite("bad-header.hdf5", addr[i], 0, 16);
}

/* The root group itself is wiped out: there is nothing to show. */
static void bad_root(void)
{
	hid_t f = mk_file("bad-root.hdf5", LATEST, 0);
	haddr_t addr;

	put_fine(f);
	addr = address(f, "/");
	mk_done(f);
	overwrite("bad-root.hdf5", addr, 0, 8);
}

/* The heap with the text of strings has lost its signature. */
static void bad_heap(void)
{
	const char *words[] = { "one", "two", "three" };
	hid_t f = mk_file("bad-heap.hdf5", EARLIEST, 0);
	struct bytes b;
	size_t at = 0;

	put_fine(f);
	mk_array(f, "strings", mk_vlen_str(), 1, DIMS(3), words);
	mk_done(f);
	b = load("bad-heap.hdf5");
	while (at + 4 < b.n && memcmp(b.p + at, "GCOL", 4) != 0)
		at++;
	free(b.p);
	overwrite("bad-heap.hdf5", at, 'X', 4);
}

/* Cut where the data of its last dataset is: a copy that did not finish. */
static void bad_truncated(void)
{
	const char *name = "bad-truncated.hdf5";
	hid_t f = mk_file(name, EARLIEST, 0);
	int64_t *v = mk_alloc(100000 * sizeof(*v));
	haddr_t cut;
	hid_t d;

	for (int64_t i = 0; i < 100000; i++)
		v[i] = i;
	put_fine(f);
	d = mk_array(f, "half", H5T_STD_I64LE, 1, DIMS(100000), v);
	cut = H5Dget_offset(d) + 400000;
	free(v);
	mk_done(f);
	OK(truncate(name, (off_t)cut));

	/* And one that had hardly begun. */
	mk_plain("bad-stub.hdf5",
		 "\x89HDF\r\n\x1a\n\3\10\10\0"
		 "\0\0\0\0\0\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff"
		 "\0\10\0\0\0\0\0\0\60\0\0\0\0\0\0\0\0\0\0\0",
		 48);
}

/* One chunk of a megabyte that becomes a gigabyte of zeros: a deflate stream
 * of the same flushed piece, a thousand times over. */
static void bad_bomb(void)
{
	enum { PIECES = 1024, PIECE = 1 << 20 };
	hsize_t n = (hsize_t)PIECES * PIECE;
	hid_t f = mk_file("bad-bomb.hdf5", LATEST, 0);
	hid_t p = mk_chunked(1, &n);
	unsigned char *zeros = mk_alloc(PIECE), *piece = mk_alloc(1 << 16);
	unsigned char *all = mk_alloc((size_t)PIECES << 12), *to = all;
	uLong sum = adler32(0, NULL, 0);
	z_stream z = { .next_in = zeros,
		       .avail_in = PIECE,
		       .next_out = piece,
		       .avail_out = 1 << 16 };
	size_t len;
	hid_t d;

	if (deflateInit2(&z, 9, Z_DEFLATED, -15, 9, 0) != Z_OK ||
	    deflate(&z, Z_FULL_FLUSH) != Z_OK)
		exit(1);
	len = (1 << 16) - z.avail_out;
	deflateEnd(&z);
	*to++ = 0x78;
	*to++ = 0x9c;
	for (int i = 0; i < PIECES; i++) {
		memcpy(to, piece, len);
		to += len;
		sum = adler32(sum, zeros, PIECE);
	}
	*to++ = 0x03; /* the last block, empty */
	*to++ = 0x00;
	for (int shift = 24; shift >= 0; shift -= 8)
		*to++ = (unsigned char)(sum >> shift);

	OK(H5Pset_deflate(p, 9));
	put_fine(f);
	d = mk_put(f, "gigabyte", H5T_STD_U8LE,
		   OK(H5Screate_simple(1, &n, NULL)), p, NULL);
	OK(H5Dwrite_chunk(d, H5P_DEFAULT, 0, DIMS(0), (size_t)(to - all), all));
	free(zeros);
	free(piece);
	free(all);
	mk_done(f);
}

/* ---- refused ---- */

/* References of the 1.12 kind: in memory they hold pointers. */
static void unsup_stdref(void)
{
	hid_t f = mk_file("unsup-stdref.hdf5", LATEST, 0);
	H5R_ref_t ref;

	put_fine(f);
	OK(H5Rcreate_object(f, "fine", H5P_DEFAULT, &ref));
	mk_array(f, "reference", H5T_STD_REF, 1, DIMS(1), &ref);
	mk_attr(f, "reference", H5T_STD_REF, OK(H5Screate(H5S_SCALAR)), &ref);
	mk_attr_str(f, "fine", "still readable");
	OK(H5Rdestroy(&ref));
	mk_done(f);
}

/* Data in another file of the host: any file, if it were followed. */
static void unsup_external(void)
{
	hid_t f = mk_file("unsup-external.hdf5", LATEST, 0);
	hid_t space = OK(H5Screate_simple(1, DIMS(16), NULL));
	hid_t p = mk_dcpl();

	put_fine(f);
	OK(H5Pset_external(p, "/etc/passwd", 0, 16));
	mk_put(f, "absolute", H5T_STD_U8LE, space, p, NULL);
	p = mk_dcpl();
	OK(H5Pset_external(p, "unsup-external.raw", 0, 16));
	mk_put(f, "relative", H5T_STD_U8LE, space, p, NULL);
	mk_done(f);
	mk_plain("unsup-external.raw", "sixteen bytes ok", 16);
}

/* A virtual dataset whose source is another file. */
static void unsup_virtual(void)
{
	hid_t f = mk_file("unsup-virtual.hdf5", LATEST, 0);
	hid_t space = OK(H5Screate_simple(1, DIMS(3), NULL));
	hid_t p = mk_dcpl();

	put_fine(f);
	OK(H5Pset_virtual(p, space, "bad-chunk.hdf5", "/fine", space));
	mk_put(f, "foreign", H5T_STD_I32LE, space, p, NULL);
	mk_done(f);
}

static size_t flip_bits(unsigned flags, size_t nparams, const unsigned *params,
			size_t n, size_t *size, void **buf)
{
	unsigned char *b = *buf;

	(void)flags;
	(void)nparams;
	(void)params;
	(void)size;
	for (size_t i = 0; i < n; i++)
		b[i] ^= 0xff;
	return n;
}

/* A filter that no library has. */
static void unsup_filter(void)
{
	const H5Z_class2_t flip = { .version = H5Z_CLASS_T_VERS,
				    .id = 300,
				    .encoder_present = 1,
				    .decoder_present = 1,
				    .name = "flip bits",
				    .filter = flip_bits };
	hid_t f = mk_file("unsup-filter.hdf5", LATEST, 0);
	hid_t space = OK(H5Screate_simple(1, DIMS(8), NULL));
	hid_t p = mk_chunked(1, DIMS(4));

	put_fine(f);
	OK(H5Zregister(&flip));
	OK(H5Pset_filter(p, 300, 0, 0, NULL));
	mk_put(f, "flipped", H5T_STD_I32LE, space, p,
	       (const int32_t[]){ 1, 2, 3, 4, 5, 6, 7, 8 });
	mk_done(f);
}

/* Whole, but of more bytes than a file can have. */
static void unsup_huge(void)
{
	hid_t f = mk_file("unsup-huge.hdf5", LATEST, 0);
	hid_t space = OK(H5Screate_simple(
		2, DIMS((hsize_t)1 << 31, (hsize_t)1 << 31), NULL));

	put_fine(f);
	mk_put(f, "huge", H5T_IEEE_F64LE, space,
	       mk_chunked(2, DIMS(1024, 1024)), NULL);
	mk_done(f);
}

int main(int argc, char **argv)
{
	if (argc != 2 || chdir(argv[1]) != 0) {
		fputs("usage: mkbad DIRECTORY\n", stderr);
		return 1;
	}
	bad_chunk();
	bad_header();
	bad_root();
	bad_heap();
	bad_truncated();
	bad_bomb();
	unsup_stdref();
	unsup_external();
	unsup_virtual();
	unsup_filter();
	unsup_huge();
	return 0;
}
