#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 29-odd.bats - numbers that NumPy does not have, as the next that it has

load mount

setup_file() { mount_stores; }
teardown_file() { unmount; }

setup() {
	needs_fuse
	/usr/bin/python3 -c 'import numpy' 2>/dev/null || skip "no numpy"
}

@test "npy has them exactly, at any place, and bin as they are stored" {
	/usr/bin/python3 - "$MNT/good-types-latest.hdf5" <<-'END'
		import json, os, sys, numpy as np
		os.chdir(sys.argv[1])
		def raw(name, dtype):
		    return np.fromfile(name + '.bin', dtype)
		def same(a, want):
		    assert a.dtype == want.dtype, (a.dtype, want.dtype)
		    assert np.array_equal(a, want, equal_nan=True), (a, want)
		    assert (np.signbit(a) == np.signbit(want))[want == want].all()
		def int12(u):
		    return ((u.astype('i4') >> 5 & 4095) ^ 2048) - 2048
		def brain(u):
		    return (u.astype('<u4') << 16).view('<f4')
		for name in 'float/bf16', 'float/bf16-chunked':
		    same(np.load(name + '.npy'), brain(raw(name, '<u2')))
		same(np.load('float/bf16[::-2].npy'),
		     brain(raw('float/bf16', '<u2'))[::-2])
		same(np.load('int/i12-at-5.npy'),
		     int12(raw('int/i12-at-5', '<u4')))
		u = raw('int/i24be', 'u1').reshape(-1, 3).astype('i4')
		u = u[:, 0] << 16 | u[:, 1] << 8 | u[:, 2]
		same(np.load('int/i24be.npy'), ((u ^ 1 << 23) - (1 << 23)).astype('>i4'))
		# 13 bits of mantissa, 6 of exponent, sign
		u = raw('float/f20-in-4', '<u4')
		man, exp = u & 8191, (u >> 13 & 63).astype(int)
		v = np.ldexp(np.where(exp > 0, man | 8192, man).astype('f8'),
		             np.maximum(exp, 1) - 31 - 13)
		v[exp == 63] = np.where(man[exp == 63], np.nan, np.inf)
		same(np.load('float/f20-in-4.npy'),
		     np.where(u >> 19 & 1, -v, v).astype('<f4'))
		# what NumPy has stays
		for name in 'float/f16', 'float/f64be', 'int/u16be', 'float/long-double':
		    assert open(name + '.npy', 'rb').read().endswith(
		        open(name + '.bin', 'rb').read())
		    assert 'npy_dtype' not in json.load(open(name + '.meta.json'))
		meta = json.load(open('float/bf16.meta.json'))
		assert (meta['dtype'], meta['npy_dtype']) == ('|V2', '<f4')
	END
}

@test "in a compound the other members stay, and it is packed" {
	/usr/bin/python3 - "$MNT/good-types-latest.hdf5/compound/odd" <<-'END'
		import json, sys, numpy as np
		name = sys.argv[1]
		want = [('n', '>i2'), ('bf16', '<f4', (2,)), ('i12', '<i4'),
		        ('f8', '<f2')]
		a = np.load(name + '.npy')
		assert a.dtype == want, a.dtype
		assert str([(n, b.tolist(), i, f) for n, b, i, f in a.tolist()]) == str(
		    [(258, [1.0, 2.0 ** -133], -1, 448.0),
		     (-2, [float('nan'), -float('inf')], 1, float('nan'))]), a
		assert eval(json.load(open(name + '.meta.json'))['npy_dtype']) == want
		assert np.load(name + '[:1, bf16].npy').tolist() == \
		    [[1.0, 2.0 ** -133]]
	END
}

@test "sizes are exact, in listings and read piece by piece" {
	local name at="$MNT/good-types-latest.hdf5"
	for name in float/bf16 float/bf16-chunked int/i24be compound/odd; do
		cat "$at/$name.npy" >"$BATS_TEST_TMPDIR/whole"
		[ "$(stat -c %s "$at/$name.npy")" = \
			"$(stat -c %s "$BATS_TEST_TMPDIR/whole")" ]
		dd if="$at/$name.npy" iflag=direct bs=3 status=none |
			cmp - "$BATS_TEST_TMPDIR/whole"
	done
}
