# SPDX-License-Identifier: MIT
"""groups.py make DIR | check DIR MNT - groups whose datasets are columns.

By name any group of one length; listed, those that say what they are: dynamic
tables of HDMF and attributes of loom, by their own writers where these are
there, tables of vaex, beams of ICESat-2 and GEDI as these are described.
Tables are held against what h5py reads."""
import csv
import io
import os
import sys
import warnings

import h5py
import numpy as np

warnings.simplefilter('ignore')
TEXT = h5py.string_dtype()
N = 3000


def make_any(f):
    g = f.create_group('any')
    g['x'] = np.arange(N)
    g.create_dataset('m', data=np.arange(N * 3, dtype='>f4').reshape(N, 3),
                     chunks=(700, 2), compression='gzip')
    g['deep'] = np.arange(N * 4, dtype='i2').reshape(N, 2, 2)
    g['s'] = [f't{i}' for i in range(N)]
    g['pair'] = np.zeros(N, [('a', 'i4'), ('b', 'f8')])
    g.create_dataset('texts', data=np.array([['a', 'b']] * N, 'O'), dtype=TEXT)
    g['scalar'] = 7
    g['other'] = np.zeros((N + 1, 2))
    g['nothing'] = np.zeros((N, 0))
    g['wide'] = np.zeros((N, 1025), 'i1')
    g['soft'] = h5py.SoftLink('x')
    g.create_group('inner')['x'] = np.arange(2)
    for k in 3, 4:
        f[f'uneven/x{k}'] = np.arange(k)
    f['flat/a'], f['flat/b'] = np.ones((4, 2)), np.ones((4, 3))
    f['rough/a'], f['rough/b'] = np.ones((4, 2)), np.ones((5, 3))
    f['scalars/a'] = 1
    f.create_group('empty')
    f['clash/x'] = np.arange(2)
    f['clash.csv/x'] = np.arange(3)
    f['none/x'], f['none/m'] = np.zeros(0), np.zeros((0, 3))


def make_beams(d):
    with h5py.File(f'{d}/atl06.h5', 'w') as f:
        f.attrs['short_name'] = 'ATL06'
        g = f.create_group('gt1l/land_ice_segments')
        g.attrs['data_rate'] = 'Data within this group are sparse.'
        g['delta_time'] = np.arange(N) / 10
        g['h_li'] = np.arange(N, dtype='f4')
        g['quality'] = np.zeros((N, 2), 'i1')
        g['reference'] = np.arange(5)
    with h5py.File(f'{d}/gedi.h5', 'w') as f:
        f.attrs['short_name'] = 'GEDI_L2A'
        for name, kind in (('BEAM0000', 'Coverage'), ('BEAM0101', 'Full power'),
                           ('BEAM9999', 'No such')):
            g = f.create_group(name)
            g.attrs['description'] = kind + ' beam'
            g['shot_number'] = np.arange(N, dtype='u8') + 2**60
            g['rh'] = np.arange(N * 101, dtype='f4').reshape(N, 101)
            g['rxwaveform'] = np.zeros(10 * N, 'f4')
    with h5py.File(f'{d}/nobeam.h5', 'w') as f:
        g = f.create_group('BEAM0000')
        g.attrs['description'] = 'Coverage beam'
        g['shot_number'] = np.arange(N)


def make_vaex(d):
    with h5py.File(f'{d}/vaex.hdf5', 'w') as f:
        t = f.create_group('table')
        t.attrs['type'] = 'table'
        c = t.create_group('columns')
        c['x/data'], c['y/data'] = np.arange(N) / 7, np.arange(N)
        c['y/mask'] = np.arange(N) % 3 == 0
        c['v/data'] = np.arange(2 * N).reshape(N, 2)
        c['s/data'] = np.frombuffer(b'ab' * N, 'S1')
        c['s/data'].attrs['dtype'] = 'str'
        c['s/indices'] = np.arange(0, 2 * N + 2, 2, dtype='i4')
        c['k/indices'] = np.zeros(N, 'i1')
        c['k/dictionary/data'] = np.arange(2)
        c.attrs['column_order'] = 'y,x,s,k,v'


def make_loom(d):
    rows = {'Gene': np.array([f'g{i}' for i in range(30)]),
            'n': np.arange(30), 'pca': np.arange(60.).reshape(30, 2)}
    cols = {'CellID': np.array([f'c{i}' for i in range(20)])}
    try:
        import loompy
        loompy.create(f'{d}/cells.loom', np.ones((30, 20)), rows, cols)
    except ImportError:
        with h5py.File(f'{d}/cells.loom', 'w') as f:
            f.create_dataset('attrs/LOOM_SPEC_VERSION', data='3.0.0')
            for k, v in rows.items():
                f[f'row_attrs/{k}'] = v.astype('S') if v.dtype.kind == 'U' else v
            f['col_attrs/CellID'] = cols['CellID'].astype('S')
    with h5py.File(f'{d}/noloom.h5', 'w') as f:
        f['row_attrs/a'] = np.arange(3)


def make_hdmf(d):
    try:
        from hdmf.backends.hdf5 import HDF5IO
        from hdmf.common import DynamicTable, get_manager
    except ImportError:
        return
    t = DynamicTable(name='trials', description='of a test')
    t.add_column('start', 'when it starts')
    t.add_column('xyz', 'a place')
    t.add_column('tags', 'any number', index=True)
    t.add_column('what', 'a text')
    for i in range(500):
        t.add_row(start=i / 10, xyz=[i, i + 1., i + 2.], tags=['a'] * (i % 3),
                  what=f'trial {i}')
    with HDF5IO(f'{d}/hdmf.h5', 'w', manager=get_manager()) as io:
        io.write(t)
    with h5py.File(f'{d}/hdmf.h5', 'r+') as f:     # where tables usually are
        f.copy('/', f, 'intervals')


def make(d):
    with h5py.File(f'{d}/any.h5', 'w') as f:
        make_any(f)
    make_beams(d)
    make_vaex(d)
    make_loom(d)
    make_hdmf(d)


# ---- what it has to be

def field(v):
    if isinstance(v, bytes):
        return v.decode()
    return str(v)


def fields(name, a):
    """The columns of a dataset and their fields, as csv has them."""
    if a.dtype.names:
        return [c for k in a.dtype.names for c in fields(f'{name}.{k}', a[k])]
    if a.ndim == 1:
        return [(name, [field(v) for v in a])]
    return [(name + ''.join(f'[{k}]' for k in i),
             [field(v) for v in a[(slice(None), *i)]])
            for i in np.ndindex(a.shape[1:])]


def read(path):
    with open(path, newline='') as f:
        got = f.read()
    assert len(got.encode()) == os.stat(path).st_size, path
    return list(csv.reader(io.StringIO(got, newline='')))


def check_table(path, columns):
    want = [c for name, a in columns for c in fields(name, a)]
    got = read(f'{path}.csv')
    assert got[0] == [c[0] for c in want], (path, got[0])
    assert len(got) == 1 + len(want[0][1]), (path, len(got))
    for row, w in zip(got[1:], zip(*[c[1] for c in want])):
        assert row == list(w), (path, row, w)
    return len(got) * len(want)


def check_npy(path, columns):
    a = np.load(f'{path}.npy')
    assert list(a.dtype.names) == [c[0] for c in columns], a.dtype
    for name, want in columns:
        assert (a[name] == want).all() and a[name].dtype == want.dtype, name


def listed(mnt, group, name):
    return f'{name}.csv' in os.listdir(f'{mnt}/{group}')


def check_any(d, mnt):
    root = f'{mnt}/any.h5'
    with h5py.File(f'{d}/any.h5') as f:
        columns = [(k, f['any'][k][()])
                   for k in ('deep', 'm', 'pair', 's', 'texts', 'x')]
        n = check_table(f'{root}/any', columns)
        check_npy(f'{root}/any[m,deep,x]',
                  [(k, f['any'][k][()]) for k in ('m', 'deep', 'x')])
        part = np.load(f'{root}/any[2000:10:-7,m,x].npy')
        for k in 'm', 'x':
            assert (part[k] == f['any'][k][()][2000:10:-7]).all(), k
        one = read(f'{root}/any[17,x].csv')
        assert one == [['x'], ['17']], one
        check_npy(f'{root}/flat', [(k, f['flat'][k][()]) for k in 'ab'])
        check_table(f'{root}/none', [(k, f['none'][k][()]) for k in 'mx'])
    assert not os.path.exists(f'{root}/any.npy')        # it has strings
    for name in 'uneven', 'rough', 'scalars', 'empty', 'nobody':
        for view in 'csv', 'npy', 'parquet':
            assert not os.path.exists(f'{root}/{name}.{view}'), name
    assert os.path.isdir(f'{root}/clash.csv')
    assert len(np.load(f'{root}/clash.csv.npy')) == 3
    assert not [x for x in os.listdir(root) if '.' in x and x != 'clash.csv']
    return n


def check_marked(d, mnt):
    n = 0
    with h5py.File(f'{d}/atl06.h5') as f:
        g = f['gt1l/land_ice_segments']
        assert listed(mnt, 'atl06.h5/gt1l', 'land_ice_segments')
        n += check_table(f'{mnt}/atl06.h5/gt1l/land_ice_segments',
                         [(k, g[k][()]) for k in ('delta_time', 'h_li',
                                                  'quality')])
    with h5py.File(f'{d}/gedi.h5') as f:
        for beam in 'BEAM0000', 'BEAM0101':
            columns = [(k, f[beam][k][()]) for k in ('rh', 'shot_number')]
            assert listed(mnt, 'gedi.h5', beam)
            n += check_table(f'{mnt}/gedi.h5/{beam}', columns)
            check_npy(f'{mnt}/gedi.h5/{beam}', columns)
    assert not os.path.exists(f'{mnt}/gedi.h5/BEAM9999.csv')
    assert not listed(mnt, 'nobeam.h5', 'BEAM0000')
    with h5py.File(f'{d}/vaex.hdf5') as f:
        c = f['table/columns']
        got = read(f'{mnt}/vaex.hdf5/table.csv')
        assert got[0] == ['y', 'x', 'v[0]', 'v[1]'], got[0]
        for i, row in enumerate(got[1:]):
            assert row == ['' if c['y/mask'][i] else str(i), str(i / 7),
                           str(2 * i), str(2 * i + 1)], row
        assert len(got) == N + 1
    with h5py.File(f'{d}/cells.loom') as f:
        for group in 'row_attrs', 'col_attrs':
            assert listed(mnt, 'cells.loom', group)
            n += check_table(f'{mnt}/cells.loom/{group}',
                             [(k, f[group][k][()]) for k in sorted(f[group])])
    assert not listed(mnt, 'noloom.h5', 'row_attrs')
    return n


def check_hdmf(d, mnt):
    if not os.path.exists(f'{d}/hdmf.h5'):
        return 0
    with h5py.File(f'{d}/hdmf.h5') as f:
        g = f['intervals']
        names = ['id'] + [k for k in g.attrs['colnames'] if k != 'tags']
        assert listed(mnt, 'hdmf.h5', 'intervals')
        return check_table(f'{mnt}/hdmf.h5/intervals',
                           [(k, g[k][()]) for k in names])


def left_out(mnt):
    for path, want in (
            ('any.h5/any', 'inner: a group; nothing: its rows have nothing or '
             'too much; other: it has another length; scalar: it has no rows; '
             'soft: a link; wide: its rows have nothing or too much'),
            ('vaex.hdf5/table', 's: text of any length; k: codes of a '
             'dictionary'),
            ('gedi.h5/BEAM0000', 'rxwaveform: it has another length'),
            ('atl06.h5/gt1l/land_ice_segments',
             'reference: it has another length')):
        got = os.getxattr(f'{mnt}/{path}', 'user.oqfs.left_out').decode()
        assert got == want, (path, got)


def check(d, mnt):
    n = check_any(d, mnt) + check_marked(d, mnt) + check_hdmf(d, mnt)
    left_out(mnt)
    print(f'{n} cells of groups are as h5py reads them')


if __name__ == '__main__':
    globals()[sys.argv[1]](*sys.argv[2:])
