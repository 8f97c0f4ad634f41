#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 15-lookups.bats - a name is the same before its directory is listed

load mount

@test "names that are looked up first are those that are listed" {
	local all="$BATS_TEST_TMPDIR/all"
	mkdir "$all"
	cp "$STORES"/*.hdf5 "$STORES"/demo/calc_1* "$all"
	# Those whose sizes take long to be measured.
	rm "$all"/good-sparse.hdf5 "$all"/bad-bomb.hdf5
	/usr/bin/python3 - "$all" <<-'EOT'
	import sys, h5py, numpy as np
	# Names that clash, and many that do not, in groups of either kind.
	for libver in 'earliest', 'latest':
	    with h5py.File(f'{sys.argv[1]}/{libver}.hdf5', 'w',
	                   libver=libver) as f:
	        f['y'] = np.arange(9)
	        f.create_group('y.csv')
	        f.create_group('y~1.bin')
	        f.create_group('y[0:5].npy')
	        f['z'] = 1
	        f['z.npy'] = h5py.SoftLink('nowhere')
	        f['oqparam'] = 'x'
	        f.create_group('export')
	        f['soft'] = h5py.SoftLink('/y')
	        for k in range(300):
	            f[f'many/x{k}'] = np.arange(k)
	            f[f'many/s{k}'] = h5py.SoftLink(f'/many/x{k}')
	            f.create_group(f'many/x{k * 100}.csv')
	EOT
	/usr/bin/python3 tests/oracle/lookups.py "$OQFS" "$all"
}
