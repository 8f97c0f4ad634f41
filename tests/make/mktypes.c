/* SPDX-License-Identifier: MIT */
/* mktypes.c - a file of the types that HDF5 2.x adds, where ours is a 2.x
 *
 * good-types-new.hdf5: complex numbers of a class of their own, bfloat16, and
 * floats of 8, 6 and 4 bits in each of their values.
 */

#include <unistd.h>

#include "tests/make/mkh5.h"

#if H5_VERSION_GE(2, 0, 0)
static void put(hid_t f, const char *name, hid_t type, hsize_t n,
		const void *data)
{
	hid_t space = OK(H5Screate_simple(1, &n, NULL));

	mk_put(f, name, type, space, H5P_DEFAULT, data);
}

static void good_types_new(void)
{
	static const double pairs[] = { 1.5, -2.25, 0, 1e300 };
	static const float narrow[] = { 1.5F, -2.25F, 0, 1e30F };
	static const uint16_t brain[] = { 0x3f80, 0xc000, 0x7f80, 0x7fc0 };
	hid_t f = mk_file("good-types-new.hdf5", LATEST, 0);
	hid_t one = OK(H5Screate(H5S_SCALAR));
	uint8_t all[256];

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (uint8_t)i;
	put(f, "complex128", H5T_COMPLEX_IEEE_F64LE, 2, pairs);
	put(f, "complex64", H5T_COMPLEX_IEEE_F32LE, 2, narrow);
	put(f, "bfloat16", H5T_FLOAT_BFLOAT16LE, 4, brain);
	put(f, "e4m3", H5T_FLOAT_F8E4M3, 256, all);
	put(f, "e5m2", H5T_FLOAT_F8E5M2, 256, all);
#if H5_VERSION_GE(2, 1, 0)
	put(f, "e3m2", H5T_FLOAT_F6E3M2, 64, all);
	put(f, "e2m3", H5T_FLOAT_F6E2M3, 64, all);
	put(f, "e2m1", H5T_FLOAT_F4E2M1, 16, all);
#endif
	mk_attr(f, "z", H5T_COMPLEX_IEEE_F64LE, one, pairs);
	mk_attr(f, "half", H5T_FLOAT_F8E4M3, one, "\x30");
	mk_attr(f, "two", H5T_FLOAT_BFLOAT16LE, one, brain + 1);
	mk_done(f);
}
#endif

int main(int argc, char **argv)
{
	if (argc != 2 || chdir(argv[1]) != 0) {
		fputs("usage: mktypes DIRECTORY\n", stderr);
		return 1;
	}
#if H5_VERSION_GE(2, 0, 0)
	good_types_new();
#endif
	return 0;
}
