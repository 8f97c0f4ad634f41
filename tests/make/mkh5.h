/* SPDX-License-Identifier: MIT */
/* mkh5.h - short words for the programs that write fixtures
 *
 * Fixtures are written by our own libhdf5 from fixed formulas, so that no
 * binary file is in the repository and each is the same every time.  Any
 * failure ends the program: a fixture is right or it is not there.
 *
 * Identifiers are not closed one by one: done() closes a file and all that is
 * open in it.
 */
#ifndef OQ_MKH5_H
#define OQ_MKH5_H

#include <hdf5.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OK(x)	 mk_ok((int64_t)(x), #x, __FILE__, __LINE__)
#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A list of dimensions, as arguments. */
#define DIMS(...)           \
	(const hsize_t[])   \
	{                   \
		__VA_ARGS__ \
	}

static inline int64_t mk_ok(int64_t id, const char *what, const char *file,
			    int line)
{
	if (id >= 0)
		return id;
	fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
	exit(1);
}

static inline void *mk_alloc(size_t n)
{
	void *p = calloc(1, n ? n : 1);

	if (!p) {
		fputs("no memory\n", stderr);
		exit(1);
	}
	return p;
}

/* What a file is made with. 'latest' is what the engine uses. */
enum mk_version { EARLIEST, LATEST };

static inline hid_t mk_file(const char *name, enum mk_version v,
			    hsize_t user_block)
{
	hid_t fapl = OK(H5Pcreate(H5P_FILE_ACCESS));
	hid_t fcpl = OK(H5Pcreate(H5P_FILE_CREATE));
	H5F_libver_t low =
		v == LATEST ? H5F_LIBVER_LATEST : H5F_LIBVER_EARLIEST;

	OK(H5Pset_libver_bounds(fapl, low, H5F_LIBVER_LATEST));
	OK(H5Pset_userblock(fcpl, user_block));
	return OK(H5Fcreate(name, H5F_ACC_TRUNC, fcpl, fapl));
}

/* Close the file and whatever is open in it. */
static inline void mk_done(hid_t file)
{
	hid_t ids[64];
	ssize_t n;

	do {
		n = OK(H5Fget_obj_ids(file, H5F_OBJ_ALL & ~H5F_OBJ_FILE,
				      COUNT(ids), ids));
		for (ssize_t i = 0; i < n && i < (ssize_t)COUNT(ids); i++)
			OK(H5Idec_ref(ids[i]));
	} while (n > 0);
	OK(H5Fclose(file));
}

/* Any bytes are a good link name, and groups on the way are made. */
static inline hid_t mk_lcpl(void)
{
	hid_t lcpl = OK(H5Pcreate(H5P_LINK_CREATE));

	OK(H5Pset_char_encoding(lcpl, H5T_CSET_UTF8));
	OK(H5Pset_create_intermediate_group(lcpl, 1));
	return lcpl;
}

/* Dataset creation without a time stamp, as h5py has it. */
static inline hid_t mk_dcpl(void)
{
	hid_t dcpl = OK(H5Pcreate(H5P_DATASET_CREATE));

	OK(H5Pset_obj_track_times(dcpl, false));
	return dcpl;
}

static inline hid_t mk_chunked(int rank, const hsize_t *chunk)
{
	hid_t dcpl = mk_dcpl();

	OK(H5Pset_chunk(dcpl, rank, chunk));
	return dcpl;
}

static inline hid_t mk_group(hid_t at, const char *name)
{
	return OK(H5Gcreate2(at, name, mk_lcpl(), H5P_DEFAULT, H5P_DEFAULT));
}

/* A dataset in any space with any creation list; 'data', in the file's own
 * type, may be NULL. */
static inline hid_t mk_put(hid_t at, const char *name, hid_t type, hid_t space,
			   hid_t dcpl, const void *data)
{
	hid_t dset = OK(H5Dcreate2(at, name, type, space, mk_lcpl(), dcpl,
				   H5P_DEFAULT));

	if (data)
		OK(H5Dwrite(dset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data));
	return dset;
}

/* The plain case: contiguous (or compact, as HDF5 likes) and of fixed size. */
static inline hid_t mk_array(hid_t at, const char *name, hid_t type, int rank,
			     const hsize_t *dims, const void *data)
{
	return mk_put(at, name, type, OK(H5Screate_simple(rank, dims, NULL)),
		      mk_dcpl(), data);
}

static inline hid_t mk_scalar(hid_t at, const char *name, hid_t type,
			      const void *data)
{
	return mk_put(at, name, type, OK(H5Screate(H5S_SCALAR)), mk_dcpl(),
		      data);
}

static inline hid_t mk_str_type(size_t size, H5T_str_t pad, H5T_cset_t cset)
{
	hid_t type = OK(H5Tcopy(H5T_C_S1));

	OK(H5Tset_size(type, size));
	OK(H5Tset_strpad(type, pad));
	OK(H5Tset_cset(type, cset));
	return type;
}

/* What h5py writes for a Python str. */
static inline hid_t mk_vlen_str(void)
{
	return mk_str_type(H5T_VARIABLE, H5T_STR_NULLTERM, H5T_CSET_UTF8);
}

/* What h5py writes for a bool. */
static inline hid_t mk_bool(void)
{
	hid_t type = OK(H5Tenum_create(H5T_STD_I8LE));

	OK(H5Tenum_insert(type, "FALSE", &(int8_t){ 0 }));
	OK(H5Tenum_insert(type, "TRUE", &(int8_t){ 1 }));
	return type;
}

/* What h5py writes for a complex number of two f32 or f64. */
static inline hid_t mk_complex(hid_t part)
{
	size_t n = H5Tget_size(part);
	hid_t type = OK(H5Tcreate(H5T_COMPOUND, 2 * n));

	OK(H5Tinsert(type, "r", 0, part));
	OK(H5Tinsert(type, "i", n, part));
	return type;
}

static inline void mk_attr(hid_t at, const char *name, hid_t type, hid_t space,
			   const void *data)
{
	hid_t acpl = OK(H5Pcreate(H5P_ATTRIBUTE_CREATE));
	hid_t attr;

	OK(H5Pset_char_encoding(acpl, H5T_CSET_UTF8));
	attr = OK(H5Acreate2(at, name, type, space, acpl, H5P_DEFAULT));
	if (data)
		OK(H5Awrite(attr, type, data));
	OK(H5Aclose(attr));
}

static inline void mk_attr_str(hid_t at, const char *name, const char *text)
{
	mk_attr(at, name, mk_vlen_str(), OK(H5Screate(H5S_SCALAR)), &text);
}

static inline void mk_attr_i64(hid_t at, const char *name, int64_t value)
{
	mk_attr(at, name, H5T_STD_I64LE, OK(H5Screate(H5S_SCALAR)), &value);
}

static inline void mk_attr_f64(hid_t at, const char *name, double value)
{
	mk_attr(at, name, H5T_IEEE_F64LE, OK(H5Screate(H5S_SCALAR)), &value);
}

/* A whole small file of any bytes. */
static inline void mk_plain(const char *name, const void *bytes, size_t n)
{
	FILE *f = fopen(name, "wb");

	if (!f || fwrite(bytes, 1, n, f) != n || fclose(f) != 0) {
		perror(name);
		exit(1);
	}
}

#endif
