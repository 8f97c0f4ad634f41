# SPDX-License-Identifier: MIT
"""inputs.py make DIR | check MNT - stored files: gzip bytes in opaque scalars."""
import gzip
import os
import random
import sys

FILES = {
    'job.ini': b'[general]\ndescription = demo\n',
    'empty.xml': b'',
    'source_model.xml': b'<nrml>' + b'<point/>\n' * 200_000 + b'</nrml>',
    'noise.bin': random.Random(1).randbytes(700_001),
    'zeros.csv': b'0,0,0\n' * 1_000_000,
}


def stored(name):
    if name == 'source_model.xml':      # in two members, as `cat a.gz b.gz`
        data = FILES[name]
        return gzip.compress(data[:999]) + gzip.compress(data[999:])
    return gzip.compress(FILES[name])


def make(d):
    import h5py
    import numpy as np
    with h5py.File(f'{d}/calc_1.hdf5', 'w', libver='latest') as f:
        for name in FILES:
            f[f'input/{name}'] = np.void(stored(name))
        f['input/sub/damaged.xml'] = np.void(gzip.compress(random.Random(2).randbytes(9999))[:-99])
        f['input/no_gzip'] = np.void(b'\x1f\x8bno gzip at all, is it')


def check(mnt):
    d, bad = f'{mnt}/calc_1/input', 0
    for name, data in FILES.items():
        path = f'{d}/{name}'
        got = open(path, 'rb').read()
        fd = os.open(path, os.O_RDONLY)
        at = len(data) // 3             # backwards, after the whole
        part = os.pread(fd, 1000, at)
        os.close(fd)
        right = (got == data and os.stat(path).st_size == len(data) and
                 part == data[at:at + 1000] and name in os.listdir(d))
        if not right:
            print(f'{name}: {len(got)} bytes, not {len(data)}')
            bad += 1
    try:
        open(f'{d}/sub/damaged.xml', 'rb').read()
        print('damaged.xml can be read')
        bad += 1
    except OSError as e:
        print(f'damaged.xml: {e.strerror}')
    if not os.path.exists(f'{d}/no_gzip.bin'):
        print('no_gzip has no .bin')
        bad += 1
    print(f'{len(FILES)} stored files, {bad} wrong')
    return bad


if sys.argv[1] == 'make':
    make(sys.argv[2])
else:
    sys.exit(check(sys.argv[2]) > 0)
