# SPDX-License-Identifier: MIT
"""nexus.py make DIR | check DIR MNT - axes of NXdata groups.

Groups as the NeXus manual describes them; silx says which dataset labels which
axis of which."""
import csv
import os
import sys
import warnings

import h5py
import numpy as np

warnings.simplefilter('ignore')


def data(f, name, signal, axes=None, more=None, **sets):
    g = f.create_group(f'entry/{name}')
    g.attrs['NX_class'] = 'NXdata'
    g.attrs['signal'] = signal
    if axes is not None:
        g.attrs['axes'] = axes
    for k, v in (more or {}).items():
        g.attrs[k] = v
    for k, v in sets.items():
        g[k] = v
    return g


def make(d):
    time, mz = np.arange(4) / 10, np.array([5, 7, 9])
    with h5py.File(f'{d}/a.nxs', 'w') as f:
        f.attrs['NX_class'], f.attrs['default'] = 'NXroot', 'entry'
        f.create_group('entry').attrs['NX_class'] = 'NXentry'
        data(f, 'line', 'counts', 'time', counts=np.arange(4) * 3, time=time)
        data(f, 'image', 'counts', ['time', 'mz'], {
            'time_indices': 0, 'mz_indices': [1]},
            counts=np.arange(12).reshape(4, 3), time=time, mz=mz)
        data(f, 'half', 'counts', ['time', '.'],
             counts=np.arange(12.).reshape(4, 3), time=time)
        data(f, 'stack', 'counts', ['.', 'time', 'mz'],
             {'auxiliary_signals': ['errors2']},
             counts=np.arange(24, dtype='i2').reshape(2, 4, 3),
             errors2=np.ones((2, 4, 3)), other=np.ones((2, 4, 3)),
             time=time, mz=mz)
        g = data(f, 'words', 'counts', ['phase'], counts=np.arange(2))
        g['phase'] = ['solid', 'liquid, "hot"']
        # Edges of bins, and an axis of two dimensions, are no labels.
        data(f, 'edges', 'counts', ['time'], counts=np.arange(3), time=time)
        data(f, 'grid', 'counts', ['x', 'y'],
             {'x_indices': [0, 1], 'y_indices': [0, 1]},
             counts=np.ones((2, 3)), x=np.ones((2, 3)), y=np.ones((2, 3)))
        data(f, 'absent', 'counts', ['nothing'], counts=np.arange(3))
        f['entry/plain/counts'], f['entry/plain/time'] = np.arange(4), time
        f['entry/plain'].attrs['axes'] = 'time'
    with h5py.File(f'{d}/old.nxs', 'w') as f:
        f.attrs['NeXus_version'] = '4.3.0'
        g = f.create_group('entry/data')
        g.attrs['NX_class'] = 'NXdata'
        g['counts'] = np.arange(12).reshape(4, 3)
        g['time'], g['mz'] = time, mz
        g['counts'].attrs['signal'] = 1
        g['counts'].attrs['axes'] = 'time:mz'


def axes_of(group):
    from silx.io import nxdata
    x = nxdata.NXdata(group)
    if not x.is_valid:
        return None
    found = []
    for n, axis in zip(x.signal.shape, x.axes):
        fits = axis is not None and axis.shape == (n,)
        found.append(os.path.basename(axis.name) if fits else None)
    return found


def check_labels(at, group, signal, axes):
    with open(f'{at}/{signal}.csv', newline='') as f:
        got = list(csv.reader(f))
    a = group[signal][()]
    if not any(axes):
        want = a.ndim == 1 and [signal] or a.ndim == 2 and [
            f'c{i}' for i in range(a.shape[1])] or None
        assert want is None or got[0] == want, (at, got[0], want)
        return 0
    names = [n or f'd{i}' for i, n in enumerate(axes)]
    assert got[0] == names + ['value'], (at, got[0], names)
    values = [group[n][()] if n else np.arange(s)
              for n, s in zip(axes, a.shape)]
    text = [[v.decode() if isinstance(v, bytes) else str(v) for v in x]
            for x in values]
    for row, i in zip(got[1:], np.ndindex(a.shape), strict=True):
        assert row == [t[k] for t, k in zip(text, i)] + [str(a[i])], (at, row)
    return a.size


def check(d, mnt):
    n = 0
    for file in 'a.nxs', 'old.nxs':
        with h5py.File(f'{d}/{file}') as f:
            for name, g in f['entry'].items():
                at = f'{mnt}/{file}/entry/{name}'
                axes = axes_of(g) if 'NX_class' in g.attrs else None
                n += check_labels(at, g, 'counts',
                                  axes or [None] * g['counts'].ndim)
            if file == 'a.nxs':
                at, g = f'{mnt}/{file}/entry/stack', f['entry/stack']
                n += check_labels(at, g, 'errors2', axes_of(g))
                n += check_labels(at, g, 'other', [None] * 3)
    at = f'{mnt}/a.nxs/entry'
    with open(f'{at}/image/counts[time=0.2, mz=7].csv') as f:
        assert f.read().split() == ['counts', '7']
    assert np.load(f'{at}/image/counts[1:3].npy').shape == (2, 3)
    assert n > 80, n
    print(f'{n} elements are labelled as silx has it')


if __name__ == '__main__':
    globals()[sys.argv[1]](*sys.argv[2:])
