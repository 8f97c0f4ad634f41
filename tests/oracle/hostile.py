#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""hostile.py - writes a healthy datastore, and some that have too much of
something: hostile.py DIRECTORY

LINKS and ATTRS in the environment say how many of them: 100,000 and 10,000.
"""
import os
import struct
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
        for i in range(int(os.environ.get('LINKS', 100000))):
            g['g%05d' % i] = one
    with h5py.File('attributes.hdf5', 'w', libver='latest') as f:
        for i in range(int(os.environ.get('ATTRS', 10000))):
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
    with h5py.File('enum.hdf5', 'w') as f:
        names = {'member number %d' % i: i for i in range(1811)}
        f.create_dataset('e', data=np.arange(1811)[::-1],
                         dtype=h5py.enum_dtype(names, '<i2'))
    # Sequences that claim to be of two thousand million elements.
    with h5py.File('vlen.hdf5', 'w') as f:
        d = f.create_dataset('v', (3,), h5py.vlen_dtype('<i8'))
        for i in range(3):
            d[i] = np.arange(77777)
        at = d.id.get_offset()
    with open('vlen.hdf5', 'r+b') as f:
        for i in range(3):
            f.seek(at + 16 * i)
            assert f.read(4) == struct.pack('<I', 77777)
            f.seek(at + 16 * i)
            f.write(struct.pack('<I', 0x7fffffff))


if __name__ == '__main__':
    main(sys.argv[1])
