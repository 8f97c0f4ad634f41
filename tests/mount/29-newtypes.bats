#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 29-newtypes.bats - the types that HDF5 2.x adds, in each view

load mount

setup() {
	[ -e "$STORES/good-types-new.hdf5" ] ||
		skip "HDF5 $H5_VERSION does not have them"
	needs_fuse
	/usr/bin/python3 -c 'import numpy' 2>/dev/null || skip "no numpy"
	mount_dir "$STORES/good-types-new.hdf5"
}

teardown() { unmount; }

@test "complex numbers of a class of their own are as those of h5py" {
	/usr/bin/python3 - "$MNT" <<-'END'
		import json, os, sys, numpy as np
		os.chdir(sys.argv[1])
		for name, dtype, big in (('complex128', '<c16', 1e300),
		                         ('complex64', '<c8', 1e30)):
		    want = np.array([1.5 - 2.25j, complex(0, big)], dtype)
		    a = np.load(name + '.npy')
		    assert a.dtype == dtype and (a == want).all(), a
		    assert open(name + '.bin', 'rb').read() == want.tobytes()
		    assert open(name + '.csv').read() == \
		        'r,i\n1.5,-2.25\n0.0,%g\n' % big
		    meta = json.load(open(name + '.meta.json'))
		    assert meta['type']['class'] == 'complex', meta
		    assert meta['type']['base']['size'] == want.itemsize // 2
		    assert 'npy_dtype' not in meta
		assert os.getxattr('.', 'user.z') == b'{"r":1.5,"i":-2.25}'
		meta = json.load(open('.meta.json'))['attributes']['z']
		assert meta['type']['class'] == 'complex'
		assert meta['value'] == {'r': 1.5, 'i': -2.25}
	END
}

@test "small floats have the values that their standards give them" {
	[ "$(tail -n +2 "$MNT/bfloat16.csv" | paste -sd' ')" = "1.0 -2.0 inf nan" ]
	/usr/bin/python3 - "$MNT" <<-'END'
		import json, os, sys, numpy as np
		os.chdir(sys.argv[1])
		brain = np.load('bfloat16.npy')
		assert brain.dtype == '<f4'
		assert str(brain.tolist()) == '[1.0, -2.0, inf, nan]'
		assert json.load(open('bfloat16.meta.json'))['npy_dtype'] == '<f4'
		assert os.getxattr('bfloat16.npy', 'user.oqfs.dtype') == b'|V2'
		# name: exponent bits, mantissa bits, has infinity, has NaN
		for name, (e, m, inf, nan) in {
		        'e4m3': (4, 3, False, True), 'e5m2': (5, 2, True, True),
		        'e3m2': (3, 2, False, False), 'e2m3': (2, 3, False, False),
		        'e2m1': (2, 1, False, False)}.items():
		    if not os.path.exists(name + '.csv'):
		        continue
		    got = open(name + '.csv').read().split()[1:]
		    assert len(got) == 1 << 1 + e + m
		    def value(i):
		        exp, man = i >> m & (1 << e) - 1, i & (1 << m) - 1
		        top = exp == (1 << e) - 1
		        if top and inf:
		            return float('inf') if man == 0 else None
		        if top and nan and man == (1 << m) - 1:
		            return None
		        bias = (1 << e - 1) - 1
		        return (man + (1 << m if exp else 0)) * \
		            2.0 ** (max(exp, 1) - bias - m)
		    line = [value(i) for i in range(1 << e + m)]
		    txt = open(name + '.txt').read().split()[1:]
		    assert txt == got, name
		    a = np.load(name + '.npy')
		    assert a.dtype == '<f2'
		    exact = [np.nan if x is None else x for x in line]
		    assert np.array_equal(a, exact + [-x for x in exact],
		                          equal_nan=True), name
		    assert np.signbit(a).tolist() == [i >> e + m for i in range(len(a))] \
		        or nan or inf
		    for i, text in enumerate(got):
		        want = line[i & (1 << e + m) - 1]
		        if want is None:
		            assert text == 'nan', (name, i, text)
		            continue
		        assert text.startswith('-') == bool(i >> e + m), (name, i, text)
		        near = [abs(x - abs(float(text))) for x in line if x is not None]
		        if want == float('inf'):
		            assert text.lstrip('-') == 'inf', (name, i, text)
		        else:
		            assert abs(want - abs(float(text))) == min(near), (name, i, text)
		assert os.getxattr('.', 'user.half') == b'0.5'
		assert os.getxattr('.', 'user.two') == b'-2.0'
	END
}
