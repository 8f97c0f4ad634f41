# SPDX-License-Identifier: MIT
"""pictures.py make DIR | check DIR MNT - pictures of every kind that HDF5 has,
and whether what the mount makes of them has their pixels."""
import os
import sys

import h5py
import numpy as np
from PIL import Image

rng = np.random.default_rng(20240607)
H, W = 37, 53
KINDS = {
    'rgb': rng.integers(0, 256, (H, W, 3), 'u1'),
    'rgba': rng.integers(0, 256, (H, W, 4), 'u1'),
    'grey': rng.integers(0, 256, (H, W), 'u1'),
    'inverse': rng.integers(0, 256, (H, W), 'u1'),
    'planes': rng.integers(0, 256, (3, H, W), 'u1'),
    'indexed': rng.integers(0, 17, (H, W), 'u1'),
}
PALETTE = rng.integers(0, 256, (17, 3), 'u1')
# What looks like a picture but is none.
OTHERS = {
    'wide': rng.integers(0, 256, (H, W, 5), 'u1'),
    'signed': rng.integers(-9, 9, (H, W, 3)).astype('i1'),
    'flat': rng.integers(0, 256, (H, W), 'u1'),
    'empty': np.zeros((0, W, 3), 'u1'),
}


def make(d):
    with h5py.File(f'{d}/pictures.hdf5', 'w') as f:
        f['palette'] = PALETTE
        for name, a in {**KINDS, **OTHERS}.items():
            f.create_dataset(name, data=a, **(
                dict(chunks=True, compression='gzip') if a.size else {}))
        for name in ('grey', 'inverse', 'planes', 'indexed'):
            f[name].attrs['CLASS'] = np.bytes_('IMAGE')
        for name in ('grey', 'inverse'):
            f[name].attrs['IMAGE_SUBCLASS'] = np.bytes_('IMAGE_GRAYSCALE')
        f['inverse'].attrs['IMAGE_WHITE_IS_ZERO'] = np.uint8(1)
        f['planes'].attrs['IMAGE_SUBCLASS'] = np.bytes_('IMAGE_TRUECOLOR')
        f['planes'].attrs['INTERLACE_MODE'] = np.bytes_('INTERLACE_PLANE')
        f['indexed'].attrs['IMAGE_SUBCLASS'] = np.bytes_('IMAGE_INDEXED')
        f['indexed'].attrs['PALETTE'] = f['palette'].ref


def expected(name):
    a = KINDS[name]
    if name == 'planes':
        return a.transpose(1, 2, 0)
    if name == 'inverse':
        return 255 - a
    return PALETTE[a] if name == 'indexed' else a


def check(mnt):
    d = f'{mnt}/pictures.hdf5'
    bad = 0
    for name in KINDS:
        path = f'{d}/{name}.png'
        image = Image.open(path)
        if name == 'indexed':
            image = image.convert('RGB')
        same = np.array_equal(np.asarray(image), expected(name))
        whole = len(open(path, 'rb').read()) == os.stat(path).st_size
        listed = f'{name}.png' in os.listdir(d)
        if not (same and whole and listed):
            print(f'{name}: pixels {same}, size {whole}, listed {listed}')
            bad += 1
    for name in OTHERS:
        if os.path.exists(f'{d}/{name}.png'):
            print(f'{name}: has a png')
            bad += 1
    print(f'{len(KINDS)} pictures, {len(OTHERS)} others, {bad} wrong')
    return bad


if sys.argv[1] == 'make':
    make(sys.argv[2])
else:
    sys.exit(check(sys.argv[2]) > 0)
