#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""hostile.py - writes a healthy datastore, and some that have too much of
something: hostile.py DIRECTORY"""
import os
import sys

import h5py
import numpy as np


def main(top):
    with h5py.File(top + '/healthy.hdf5', 'w') as f:
        f.create_dataset('x', data=np.arange(200000, dtype='<i8'),
                         chunks=(4096,), compression='gzip')
    os.chdir(top + '/bounds')
    with h5py.File('links.hdf5', 'w', libver='latest') as f:
        g = f.create_group('many')
        one = f.create_group('one')
        for i in range(100000):
            g['g%05d' % i] = one
    with h5py.File('attributes.hdf5', 'w', libver='latest') as f:
        for i in range(10000):
            f.attrs.create('a%d' % i, i)
    with h5py.File('deep.hdf5', 'w') as f:
        f['g/' * 200 + 'x'] = np.arange(3)
    with h5py.File('names.hdf5', 'w', libver='latest') as f:
        f['n' * 66000] = np.arange(3)
        f.attrs['a' * 300] = 1
    # A gigabyte of zeros in a chunk, and one for each of many strings.
    with h5py.File('zeros.hdf5', 'w') as f:
        d = f.create_dataset('x', (1 << 30,), 'u1', chunks=(1 << 26,),
                             compression='gzip', compression_opts=1)
        d[:1 << 26] = 0
        d = f.create_dataset('s', (300,), h5py.string_dtype())
        d[:] = 'long ' * 40000


if __name__ == '__main__':
    main(sys.argv[1])
