# SPDX-License-Identifier: MIT
"""pytimes.py make DIR | check DIR MNT - PyTables' times as PyTables has them."""
import csv
import shutil
import sys

import numpy as np
import tables as tb

T = [0., 1.25, -1.25, 2e9 + .125, -7.000001, 1e9 + 1e-6, 1638.999999]


def make(d):
    with tb.open_file(f'{d}/times.h5', 'w') as f:
        class Rec(tb.IsDescription):
            i = tb.Int8Col()
            t64 = tb.Time64Col(shape=(2,))
            t32 = tb.Time32Col()

            class nest(tb.IsDescription):
                t = tb.Time64Col()
        for name, order in ('le', 'little'), ('be', 'big'):
            t = f.create_table('/', f'rec_{name}', Rec, byteorder=order)
            for i in range(3000):
                t.row['i'] = i % 100
                t.row['t64'] = T[i % 7], i / 8
                t.row['t32'] = -i
                t.row['nest/t'] = T[(i + 1) % 7]
                t.row.append()
            t.flush()
            e = f.create_earray('/', f'chunked_{name}', tb.Time64Atom(), (0,),
                                byteorder=order)
            e.append(np.array(T))
        f.create_carray('/', 'packed', tb.Time64Atom(), (7,),
                        filters=tb.Filters(1, 'zlib'))[:] = T
        f.create_carray('/', 'unwritten', tb.Time64Atom(dflt=1.5), (3,))
    # The same class where nobody says PyTables.
    import h5py
    shutil.copy(f'{d}/times.h5', f'{d}/others.h5')
    with h5py.File(f'{d}/others.h5', 'r+') as f:
        del f.attrs['PYTABLES_FORMAT_VERSION']


def column(path, name):
    with open(path, newline='') as f:
        return [float(r[name]) for r in csv.DictReader(f)]


def doubles(a):
    assert set(a.dtype.names) == {'s', 'us'}, a.dtype
    return 1e-6 * a['us'] + a['s']


def check(d, mnt):
    root = f'{mnt}/times.h5'
    with tb.open_file(f'{d}/times.h5') as f:
        for name in 'chunked_le', 'chunked_be', 'packed', 'unwritten':
            want = f.root[name][:].tolist()
            assert column(f'{root}/{name}.csv', name) == want, name
            a = np.load(f'{root}/{name}.npy')
            assert doubles(a).tolist() == want, name
        for name in 'rec_le', 'rec_be':
            t, path = f.root[name][:], f'{root}/{name}.csv'
            a = np.load(f'{root}/{name}.npy')
            assert (doubles(a['t64']) == t['t64']).all(), name
            assert (doubles(a['nest']['t']) == t['nest']['t']).all(), name
            assert (a['t32'] == t['t32']).all(), name
            assert column(path, 't64[0]') == t['t64'][:, 0].tolist()
            assert column(path, 't64[1]') == t['t64'][:, 1].tolist()
            assert column(path, 't32') == t['t32'].tolist()
            assert column(path, 'nest.t') == t['nest']['t'].tolist()
            part = column(f'{root}/{name}[5:2:-1,t64].csv', 't64[0]')
            assert part == t['t64'][5:2:-1, 0].tolist()
    # The bytes are those of the file.
    a = np.fromfile(f'{root}/chunked_le.bin', '<i4').reshape(-1, 2)
    assert a[:3].tolist() == [[0, 0], [250000, 1], [-250000, -1]], a[:3]
    with open(f'{mnt}/others.h5/chunked_le.csv') as f:
        assert f.read().split()[2] == str(1 << 32 | 250000)
    assert np.load(f'{mnt}/others.h5/chunked_le.npy').dtype == '<i8'
    print('times are as PyTables reads them')


if __name__ == '__main__':
    {'make': make, 'check': check}[sys.argv[1]](*sys.argv[2:])
