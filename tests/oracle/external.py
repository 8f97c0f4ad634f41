# SPDX-License-Identifier: MIT
"""external.py make DIR | check DIR MNT - links to datasets of other files.

A master and its data files, as a DECTRIS detector or a NeXus writer leaves
them.  h5py follows each link; the mount must show the same dataset under the
link's name, as symbolic links to where that file's views are."""
import os
import sys

import h5py
import numpy as np

SUFFIXES = {'.bin', '.csv', '.npy'}
NFILES = 3


def make(d):
    os.chdir(d)
    os.mkdir('sub')
    for i in range(1, NFILES + 1):
        with h5py.File(f'scan_data_{i:06}.h5', 'w') as f:
            f.create_dataset('entry/data/data', compression='gzip', data=(
                np.arange(4 * 3 * 2, dtype='u4').reshape(4, 3, 2) + 100 * i))
            f['entry/frame/a'] = np.arange(i)
            # Its name in the mount has a number, and may not stay as it is.
            f['c/x'], f['c/100%'] = np.arange(3), np.arange(2)
            f.create_group('c/x.csv')
            f['again'] = h5py.SoftLink('/entry/data/data')
    with h5py.File('sub/other.h5', 'w') as f:
        f['x'] = np.arange(5.)
        f['text'] = 'as it is'
        f['type'] = np.dtype('i4')
        f['up'] = h5py.ExternalLink('../scan_data_000001.h5', 'again')
        f['loop'] = h5py.ExternalLink('../scan_master.h5', '/entry/data/loop')
    with h5py.File('calc_7.hdf5', 'w') as f:
        f['lon'] = np.linspace(0, 1, 5)
    with h5py.File('scan_master.h5', 'w') as f:
        g = f.create_group('entry/data')
        for i in range(1, NFILES + 2):
            g[f'data_{i:06}'] = h5py.ExternalLink(f'scan_data_{i:06}.h5',
                                                  '/entry/data/data')
        first = 'scan_data_000001.h5'
        for name, file, path in (
                ('group', first, '/entry/frame'), ('root', first, '/'),
                ('number', first, 'c/x'), ('escaped', first, '//c/./100%'),
                ('soft', first, '/again'), ('nothing', first, '/entry/none'),
                ('through', first, '/entry/data/data/x'),
                ('chain', 'sub/other.h5', '/up'),
                ('text', 'sub/other.h5', 'text'),
                ('type', 'sub/other.h5', 'type'),
                ('loop', 'sub/other.h5', '/loop'),
                ('absolute', os.path.abspath('sub/other.h5'), '/x'),
                ('clash', 'sub/other.h5', 'x'),
                ('calc', './sub/../calc_7.hdf5', 'lon'),
                ('self', 'scan_master.h5', 'entry/own'),
                ('outside', '../outside.h5', 'x'),
                ('elsewhere', '/no/such/file.h5', 'x')):
            g[name] = h5py.ExternalLink(file, path)
        g.create_group('clash.csv')
        f['entry/own'] = np.arange(7)
        f['entry/image'] = h5py.SoftLink('/entry/data/data_000003')
        f['entry/inner'] = h5py.SoftLink('data/group/a')
        f['entry/absent'] = h5py.SoftLink('data/group/b')
    with h5py.File('../outside.h5', 'w') as f:
        f['x'] = np.arange(3)


# Links that h5py follows and the mount must not, or that lead nowhere.
BARE = {'data_000004', 'nothing', 'through', 'loop', 'outside', 'elsewhere',
        'absent'}


def names_of(listing, name):
    return {e[len(name):] for e in listing
            if e == name or e.startswith(name + '.')}


def check_link(at, listing, name, obj, bad):
    got = names_of(listing, name)
    if name == 'clash':
        got -= {'.csv'}
    if name in BARE or isinstance(obj, h5py.Group):
        want = {''}
    elif isinstance(obj, h5py.Datatype):
        want = {'.meta.json'}
    elif h5py.check_string_dtype(obj.dtype):
        want = {'.txt'}
    else:
        want = SUFFIXES - ({'.csv'} if name == 'clash' else set())
    if got != want:
        return bad.append(f'{name}: is listed as {sorted(got)}')
    for s in want:
        e = os.path.join(at, name + s)
        if not os.path.islink(e):
            bad.append(f'{name}{s}: is no symbolic link')
        elif os.path.exists(e) == (name in BARE):
            bad.append(f'{name}{s}: leads to {os.readlink(e)}')
    if isinstance(obj, h5py.Group) and name not in BARE and \
            not os.path.isdir(os.path.join(at, name)):
        bad.append(f'{name}: leads to no directory')
    if '.npy' not in want:
        return None
    if not np.array_equal(np.load(os.path.join(at, name + '.npy')), obj[()]):
        bad.append(f'{name}: has other values')
    part = np.load(os.path.join(at, name + '[1:3].npy'))
    if not np.array_equal(part, obj[1:3]):
        bad.append(f'{name}: a slice has other values')
    if not os.path.exists(os.path.join(at, name + '.meta.json')):
        bad.append(f'{name}: has no meta.json')
    if os.path.lexists(os.path.join(at, name)):
        bad.append(f'{name}: has a bare name')
    return None


def check(d, mnt):
    bad, n = [], 0
    with h5py.File(f'{d}/scan_master.h5') as f:
        for group in 'entry', 'entry/data':
            at = os.path.join(mnt, 'scan_master.h5', group)
            listing = os.listdir(at)
            for name in f[group]:
                link = f[group].get(name, getlink=True)
                if isinstance(link, h5py.HardLink):
                    continue
                obj = None if name in BARE else f[group][name]
                check_link(at, listing, name, obj, bad)
                n += 1
    print('\n'.join(bad + [f'{n} links']))
    return 1 if bad or not n else 0


if __name__ == '__main__':
    if sys.argv[1] == 'make':
        make(sys.argv[2])
    else:
        sys.exit(check(*sys.argv[2:]))
