# SPDX-License-Identifier: MIT
"""attrlists.py make DIR | check DIR MNT OTHER - the attributes of many files,
asked one after the other, against h5py.

MNT and OTHER are two fresh mounts of DIR.  In order, most lists come with those
asked before; at random each is asked for alone.  They are the same, and what
h5py says; and the first kind takes few requests.
"""
import errno
import os
import random
import re
import sys

import h5py
import numpy as np

LARGE = 70_000
ABSENT = 'user.mime_type'


def make(d):
    with h5py.File(f'{d}/attrs.h5', 'w', libver='latest') as f:
        g = f.create_group('g')
        for i in range(400):
            name = f'x{i:03d}'
            if i % 20 == 7:
                g[name] = h5py.SoftLink('x000')
            elif i % 20 == 13:
                g.create_group(name).attrs['of'] = 'a group'
            else:
                options = dict(chunks=(2,), compression='gzip') if i % 3 else {}
                g.create_dataset(name, data=np.arange(4), **options)
                for k in range(i % 5):
                    g[name].attrs[f'a{k}'] = np.arange(k)
        g['x001'].attrs['oqfs.shape'] = 'its own'
        g['x100'].attrs['large'] = np.zeros(LARGE, 'i1')
        for k in range(30):
            g['x200'].attrs[f'of many {k}'] = k


def expected(obj):
    names = []
    if isinstance(obj, h5py.Dataset):
        names = ['dtype', 'layout', 'shape', 'storage']
        names += ['chunks', 'filters'] if obj.chunks else []
    names = [f'oqfs.{n}' for n in names]
    for name in obj.attrs:
        if name in names:
            name += '~1'
        if name != 'large':
            names.append(name)
    return sorted(f'user.{n}' for n in names)


def entries(mnt):
    """Files and directories in the order in which they are listed, measured."""
    return [e.path for e in os.scandir(f'{mnt}/attrs.h5/g')
            if not e.is_symlink() and os.stat(e.path)]


def link_of(path):
    return os.path.basename(path).split('.')[0]


def answered(mnt):
    with open(f'{mnt}/.oqfs/status') as f:
        return int(re.search(r'(\d+) requests answered', f.read())[1])


def counted(mnt, run):
    """What 'run' returns, and the requests that it took."""
    n = answered(mnt)
    result = run()
    return result, answered(mnt) - n


def has_none(path):
    for name in ABSENT, 'user.a9':
        try:
            os.getxattr(path, name)
        except OSError as e:
            if e.errno == errno.ENODATA:
                continue
            raise
        return False
    return True


def check(d, mnt, other):
    paths = entries(mnt)
    lists, n = counted(mnt, lambda: [os.listxattr(p) for p in paths])
    # Each group is listed, to see whether it can be.
    groups = sum(os.path.isdir(p) for p in paths)
    assert len(paths) > 1000 and n < groups + 50, (len(paths), n)
    with h5py.File(f'{d}/attrs.h5', 'r') as f:
        for path, got in zip(paths, lists):
            obj = f['g'][link_of(path)]
            assert sorted(got) == expected(obj), (path, got)
            for name in got:
                os.getxattr(path, name)
            assert has_none(path), path
    try:
        os.getxattr(f'{mnt}/attrs.h5/g/x100.npy', 'user.large')
    except OSError as e:
        assert e.errno == errno.E2BIG, e
    else:
        assert False, 'it fits'

    others = entries(other)
    none, n = counted(other, lambda: [has_none(p) for p in others])
    assert all(none) and n < 50, n
    order = list(zip(others, lists))
    random.Random(1).shuffle(order)
    for path, want in order:
        assert os.listxattr(path) == want, path
    print(f'{len(paths)} lists are as h5py has them')


if __name__ == '__main__':
    globals()[sys.argv[1]](*sys.argv[2:])
