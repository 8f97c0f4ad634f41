#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Parquet views of every kind of column, beside what h5py reads.

    columns.py make SRC         one datastore
    columns.py check SRC MNT    compares, through hyparquet
    columns.py queries SRC      what DuckDB is to be asked, and to find
"""
import os
import random
import sys
import tempfile
from contextlib import closing

import h5py
import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from oracle import parquet                            # noqa: E402

ROWS = 300000       # more than two row groups
COLORS = h5py.enum_dtype({'red': 0, 'grün': 1, 'blue': 7}, basetype='i1')
WIDE = h5py.enum_dtype({'one': 1, 'many': 100000}, basetype='<i4')
TEXT = h5py.string_dtype()


def frame(f, rnd):
    g = f.create_group('gmf_data')
    g.attrs['__pdcolumns__'] = 'eid sid PGA name flag'
    g.attrs['imts'] = 'PGA'
    eid = np.sort(rnd.integers(0, 5000, ROWS)).astype('>u4')
    for name, data in (('eid', eid), ('sid', rnd.integers(0, 900, ROWS)
                                      .astype('i2')),
                       ('PGA', rnd.random(ROWS, 'f4')),
                       ('name', np.array([b'%d' % (i % 1000)
                                          for i in range(ROWS)], 'S4')),
                       ('flag', rnd.random(ROWS) < .5)):
        g.create_dataset(name, data=data, chunks=(10000,), compression=1)


def compound(f, rnd):
    n = 3000
    kind = np.dtype([
        ('id', '<i8'), ('u8', 'u1'), ('be', '>u2'), ('u64', '<u8'),
        ('half', '<f2'), ('mag', '>f4'), ('dbl', '<f8'), ('ok', '?'),
        ('color', COLORS), ('wide', WIDE), ('raw', 'V5'), ('s', 'S6'),
        ('bytes', 'S4'), ('text', TEXT), ('z', '<c16'),
        ('at', [('lon', '<f4'), ('lat', '<f4')]), ('w', '<f4', (2, 2))])
    a = np.zeros(n, kind)
    for name in ('id', 'u8', 'be', 'u64'):
        a[name] = rnd.integers(0, 200, n)
    a['id'] -= 100
    a['u64'][0] = 2 ** 64 - 1
    for name in ('half', 'mag', 'dbl'):
        a[name] = rnd.standard_normal(n)
        a[name][:3] = np.nan, np.inf, -0.0
    a['ok'] = rnd.random(n) < .5
    a['color'] = rnd.choice([0, 1, 7, -3], n)
    a['wide'] = rnd.choice([1, 100000, 5], n)
    a['raw'] = np.frombuffer(rnd.bytes(5 * n), 'V5')
    a['s'] = ['x' * (i % 7) for i in range(n)]
    a['bytes'] = [b'\xff%d' % (i % 100) for i in range(n)]
    a['text'] = ['tëxt %d' % i if i % 4 else '' for i in range(n)]
    a['z'] = rnd.standard_normal(n) + 1j * rnd.standard_normal(n)
    a['at']['lon'], a['at']['lat'] = np.arange(n), -np.arange(n)
    a['w'] = rnd.random((n, 2, 2))
    f.create_dataset('events', data=a, chunks=(512,), compression=1)


def arrays(f, rnd):
    d = f.create_dataset('hcurves', data=rnd.random((70, 2, 3, 5), 'f4'))
    d.attrs['json'] = '''{"shape_descr": ["site_id", "stat", "imt", "lvl"],
        "site_id": 70, "stat": ["mean", "quantile-0.15"],
        "imt": ["PGA", "SA(0.3)", "a,b"], "lvl": 5}'''
    f['plain'] = np.arange(10, dtype='>i4') - 3
    f['matrix'] = rnd.random((1000, 7))
    f['cube'] = np.arange(24, dtype='u1').reshape(2, 3, 4)
    f['number'] = np.float32(1.5)
    f['none'] = np.zeros(0, 'f8')
    f['nothing'] = h5py.Empty('f4')
    f['z'] = np.array([1 + 2j, 3 - 4j])
    f['long'] = np.zeros(3, np.longdouble)
    f.create_dataset('longs', data=np.zeros(3, [('a', 'i4'),
                                                ('b', np.longdouble)]))
    odd = h5py.h5t.IEEE_F32LE.copy()
    odd.set_fields(15, 7, 8, 0, 7)
    odd.set_size(2)
    odd.set_ebias(127)
    space = h5py.h5s.create_simple((4,))
    h5py.h5d.create(f.id, b'brain', odd, space).write(
        h5py.h5s.ALL, h5py.h5s.ALL, np.array([1, -2.5, .15625, 1e30], 'f4'),
        h5py.h5t.NATIVE_FLOAT)
    twelve = h5py.h5t.STD_I16BE.copy()
    twelve.set_precision(12)
    h5py.h5d.create(f.id, b'twelve', twelve, space).write(
        h5py.h5s.ALL, h5py.h5s.ALL, np.array([0, -1, 2047, -2048], 'i2'),
        h5py.h5t.NATIVE_INT16)


def sequences(f):
    n = 40000       # more than a page
    ints = f.create_dataset('lists', (n,), h5py.vlen_dtype('<i2'))
    texts = f.create_dataset('texts', (n,), TEXT)
    ints[...] = np.array([np.arange(i % 5, dtype='i2') - i % 3
                          for i in range(n)] + [None], object)[:-1]
    texts[...] = np.array(['söme %d' % i for i in range(n)], object)
    words = f.create_dataset('words', (5,), h5py.vlen_dtype(TEXT))
    for i in range(5):
        words[i] = np.array(['w%d' % k for k in range(i)], object)
    refs = f.create_dataset('refs', (3,), h5py.ref_dtype)
    refs[0], refs[1] = f['plain'].ref, f['events'].ref
    f.create_dataset(b'not\xffutf', data=np.zeros(2, [('a', 'i4')]))
    t = h5py.h5t.create(h5py.h5t.COMPOUND, 8)
    t.insert(b'bad\xff%', 0, h5py.h5t.STD_I32LE)
    t.insert(b'good%', 4, h5py.h5t.STD_I32LE)
    h5py.h5d.create(f.id, b'names', t, h5py.h5s.create_simple((2,)))


# Integers of every width, sign and order, with the ends of what they hold.
ENDS = ['u1', 'i1', '<u2', '>i2', '>u4', '<i4', '<u8', '>i8', '<i8', '>u8']


def ends(f, rnd):
    g = f.create_group('ends')
    g.attrs['__pdcolumns__'] = ' '.join('c%d' % i for i in range(len(ENDS)))
    for i, kind in enumerate(ENDS):
        r = np.iinfo(kind)
        # Each row group has numbers of its own; the ends are in the second.
        a = rnd.integers(r.max // 4, r.max // 2, ROWS, dtype=kind[-2:])
        a[:131072] //= 2
        a[200000], a[200001] = r.min, r.max
        g.create_dataset('c%d' % i, data=a.astype(kind), chunks=(9999,),
                         compression=1)
    d = f.create_dataset('single', data=np.array([[[0., -0.], [-0., 0.]]] * 3))
    d.attrs['json'] = '''{"shape_descr": ["site_id", "stat", "imt"],
        "site_id": 3, "stat": ["one", "one"], "imt": ["x", ""]}'''
    f['nans'] = np.array([np.nan, -np.nan, np.inf, 0., -0.], '>f4')
    d = f.create_dataset('alone', data=np.arange(4.).reshape(4, 1, 1))
    d.attrs['json'] = '''{"shape_descr": ["site_id", "stat", "imt"],
        "site_id": 4, "stat": ["mean"], "imt": ["PGA"]}'''


# Stored, and what is to be read: null for what is none.
WHEN = {
    'second': ('<M8[s]', ['2017-02-22T14:14:14', 'NaT', '1969-12-31T23:59:59'],
               ['2017-02-22T14:14:14.000Z', None, '1969-12-31T23:59:59.000Z']),
    'ten': ('>M8[10ms]', ['2020-02-29T00:00:00.120', 'NaT', '1970-01-01'],
            ['2020-02-29T00:00:00.120Z', None, '1970-01-01T00:00:00.000Z']),
    'micro': ('<M8[us]', ['2020-01-02T03:04:05.678000', '1900-01-01', 'NaT'],
              ['2020-01-02T03:04:05.678Z', '1900-01-01T00:00:00.000Z', None]),
    'day': ('<M8[D]', ['NaT', '2024-02-29', '1066-10-14'],
            [None, '2024-02-29T00:00:00.000Z', '1066-10-14T00:00:00.000Z']),
    'month': ('<M8[M]', ['2024-02', 'NaT', '1999-12'],
              ['2024-02', None, '1999-12']),
    'span': ('<m8[s]', [90, 'NaT', -7], ['90', None, '-7']),
}


def moments(f):
    for name, (kind, values, _) in WHEN.items():
        a = np.array([np.array(v, kind[1:]) for v in values]).astype(kind)
        f[name] = a.astype(h5py.opaque_dtype(a.dtype))


def make(src):
    rnd = np.random.default_rng(5)
    with h5py.File(src + '/tables.hdf5', 'w') as f:
        frame(f, rnd)
        compound(f, rnd)
        arrays(f, rnd)
        sequences(f)
        moments(f)
        ends(f, rnd)
        for n in 131071, 131072, 131073:
            f['rows%d' % n] = np.arange(n, dtype='i4')


# ---- what must be there ----------------------------------------------------

def text(v):
    if isinstance(v, str):
        return v
    try:
        return v.decode()
    except UnicodeDecodeError:
        return {'hex': v.hex()}


def cells(a):
    """As cells.mjs tells them."""
    enum = h5py.check_enum_dtype(a.dtype)
    if enum:
        names = {v: k for k, v in enum.items()}
        return [names.get(v, str(v)) for v in a.tolist()]
    if a.dtype.kind in 'iu':
        return [str(v) for v in a.tolist()]
    if a.dtype.kind == 'f':
        return ['nan' if v != v else 'inf' if v == np.inf else
                '-inf' if v == -np.inf else '-0.0' if str(v) == '-0.0' else v
                for v in a.astype('f8').tolist()]
    if a.dtype.kind == 'V':
        return [{'hex': v.tobytes().hex()} for v in a]
    if a.dtype.kind == 'b':
        return a.tolist()
    if a.dtype.kind == 'S':
        got = [text(v) for v in a.tolist()]
        if any(isinstance(v, dict) for v in got):
            got = [{'hex': v.hex()} for v in a.tolist()]
        return got
    return [cells(v) if isinstance(v, np.ndarray) else text(v)
            for v in a.tolist()]


def columns(a, name):
    """[(name, cells)] of a one-dimensional array."""
    if a.dtype.names:
        return [c for n in a.dtype.names for c in columns(
            a[n], name + '.' + n if name else n)]
    if a.dtype.kind == 'c':
        dot = name + '.' if name else ''
        return columns(a.real, dot + 'r') + columns(a.imag, dot + 'i')
    if a.ndim > 1:
        return [c for i in range(a.shape[1])
                for c in columns(a[:, i], '%s[%d]' % (name, i))]
    return [(name, cells(a))]


def labelled(a, axes):
    """Long form: [(name, labels)] of the axes."""
    out = []
    for k, (name, labels) in enumerate(axes):
        index = np.indices(a.shape)[k].ravel()
        out.append((name, [str(labels[i]) for i in index]))
    return out + [('value', cells(a.ravel()))]


def truth(f):
    """{file name without suffix: columns}"""
    g = f['gmf_data']
    names = g.attrs['__pdcolumns__'].split()
    whole = [(n, cells(g[n][...])) for n in names]
    ev, hc = f['events'][...], f['hcurves'][...]
    axes = [('site_id', range(70)), ('stat', ['mean', 'quantile-0.15']),
            ('imt', ['PGA', 'SA(0.3)', 'a,b']), ('lvl', range(5))]
    want = {
        'gmf_data': whole,
        'gmf_data[1000:200000:7]': [(n, c[1000:200000:7]) for n, c in whole],
        'gmf_data[eid]': whole[:1],
        'gmf_data[-5:,PGA,eid]': [(n, c[-5:]) for n, c in
                                  (whole[2], whole[0])],
        'gmf_data[::-1,name]': [('name', whole[3][1][::-1])],
        'events': columns(ev, ''),
        'events[10:20]': columns(ev[10:20], ''),
        'events[mag]': columns(ev['mag'], 'mag'),
        'events[text,id]': columns(ev[['text', 'id']], ''),
        'events[at.lat]': columns(ev['at']['lat'], 'at.lat'),
        'events[0]': columns(ev[:1], ''),
        'hcurves': labelled(hc, axes),
        'hcurves[5:20,stat=mean,::-1]': labelled(
            hc[5:20, 0, ::-1], [('site_id', range(5, 20)),
                                ('imt', axes[2][1][::-1]), axes[3]]),
        'plain': columns(f['plain'][...], 'plain'),
        'matrix': [('c%d' % i, cells(f['matrix'][:, i])) for i in range(7)],
        'matrix[::3,2:4]': [('c%d' % (i - 2), cells(f['matrix'][::3, i]))
                            for i in (2, 3)],
        'cube': labelled(f['cube'][...], [('d%d' % i, range(n))
                                          for i, n in enumerate((2, 3, 4))]),
        'number': [('number', [1.5])],
        'none': [('none', [])],
        'nothing': [('nothing', [])],
        'z': columns(f['z'][...], ''),
        'brain': [('brain', [1, -2.5, .15625, None])],
        'twelve': [('twelve', ['0', '-1', '2047', '-2048'])],
        'lists': columns(f['lists'][...], 'lists'),
        'texts': columns(f['texts'][...], 'texts'),
        'words': columns(f['words'][...], 'words'),
        'refs': [('refs', ['/plain', '/events', ''])],
        'ends': [('c%d' % i, cells(f['ends/c%d' % i][...]))
                 for i in range(len(ENDS))],
        'single': labelled(f['single'][...], [
            ('site_id', range(3)), ('stat', ['one', 'one']),
            ('imt', ['x', ''])]),
        'alone': labelled(f['alone'][...], [
            ('site_id', range(4)), ('stat', ['mean']), ('imt', ['PGA'])]),
        'nans': columns(f['nans'][...], 'nans'),
        'names': [('bad%FF%25', ['0', '0']), ('good%', ['0', '0'])],
    }
    want.update((name, [(name, cells)])
                for name, (_, _, cells) in WHEN.items())
    # The nearest that 8 bits of precision have.
    near = np.float32(1e30).view('u4') + 0x8000 & 0xffff0000
    want['brain'][0][1][3] = float(near.astype('u4').view('f4'))
    for n in 131071, 131072, 131073:
        want['rows%d' % n] = [('rows%d' % n, cells(np.arange(n)))]
    return want


def same(name, want, got):
    assert [n for n, _ in got] == [n for n, _ in want], \
        (name, [n for n, _ in got], [n for n, _ in want])
    for (column, cells_got), (_, cells_want) in zip(got, want):
        assert len(cells_got) == len(cells_want), (name, column,
                                                   len(cells_got))
        for i, (a, b) in enumerate(zip(cells_got, cells_want)):
            assert a == b and isinstance(a, bool) == isinstance(b, bool), \
                (name, column, i, a, b)


def any_range(path, rnd):
    """Bytes from anywhere are those of the whole."""
    with open(path, 'rb') as f:
        whole = f.read()
    assert len(whole) == os.stat(path).st_size, path
    fd = os.open(path, os.O_RDONLY)
    os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    for _ in range(40):
        at = rnd.randrange(len(whole))
        n = rnd.choice([1, 7, 100, 5000, 300000])
        assert os.pread(fd, n, at) == whole[at:at + n], (path, at, n)
    os.close(fd)


def check(src, mnt):
    ncells, rnd = 0, random.Random(3)
    with h5py.File(src + '/tables.hdf5') as f, \
            tempfile.TemporaryDirectory() as at, \
            closing(parquet.Reader(at)) as reader:
        assert not reader.why, reader.why
        for name, want in truth(f).items():
            path = '%s/tables.hdf5/%s.parquet' % (mnt, name)
            any_range(path, rnd)
            same(name, want, reader.columns(path))
            ncells += sum(len(c) for _, c in want)
    print('%d cells are equal' % ncells)


def queries(src):
    """What selects by the ends of integers, and what it finds: a line each,
    query and count."""
    with h5py.File(src + '/tables.hdf5') as f:
        for i, kind in enumerate(ENDS):
            a, r = f['ends/c%d' % i][...], np.iinfo(kind)
            some = int(a[7])
            for op, at, n in [
                    ('=', r.min, a == r.min), ('=', r.max, a == r.max),
                    ('<', some, a < some), ('>', some, a > some),
                    ('=', some, a == some),
                    ('<', r.max // 8, a < r.max // 8)]:
                print("select count(*) from 'tables.hdf5/ends.parquet' "
                      'where c%d %s %d\t[["%d"]]' % (i, op, at, n.sum()))


if __name__ == '__main__':
    {'make': make, 'check': check, 'queries': queries}[sys.argv[1]](
        *sys.argv[2:])
