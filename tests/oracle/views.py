#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Files of many types, shapes, layouts and filters; and their views judged.

    views.py make DIR SEED      write DIR/views-*.h5 with h5py
    views.py compare DIR MOUNT  every view of each against h5py
"""
import os
import random
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import h5py                                        # noqa: E402
import numpy as np                                 # noqa: E402
from h5py import h5t                               # noqa: E402

SHAPES = [(), (1,), (7,), (1000,), (0,), (5, 3), (40, 25), (3, 1), (0, 4),
          (4, 3, 5), (2, 1, 3, 2)]
EDGES = {'f': [0.0, -0.0, np.nan, np.inf, -np.inf, 1e-5, 1e16, 0.1, 3.0,
               1e22, 5e-324, 1.7976931348623157e308, 123456789.0, 65504.0,
               6e-8, 1e-4, 9.999999e15]}


def number(rnd, dt, n):
    """Raw bits at random, and the edges."""
    a = np.frombuffer(rnd.randbytes(n * dt.itemsize), dt).copy()
    if dt.kind == 'f' and n:
        with np.errstate(all='ignore'):
            for i in range(0, n, 2):
                e = rnd.choice(EDGES['f'] + [round(rnd.uniform(-9, 9), 3)])
                a[i] = e
    elif n:
        info = np.iinfo(dt)
        for i in range(0, n, 3):
            a[i] = rnd.choice([info.min, info.max, 0, 1,
                               max(info.min, -1), 42])
    return a


WORDS = ['', 'a', 'Mw', 'a,b', 'say "x"', 'two\nlines', ' lead', 'trail ',
         'é', '北海道', 'nan', '1e5', '#x', 'cr\rhere', 'tab\t', "it's"]


def strings(rnd, n, width=None):
    out = [rnd.choice(WORDS).encode() for _ in range(n)]
    if width:
        out = [s if len(s) <= width else b'x' * width for s in out]
    return out


def fill(rnd, dt, n):
    """n elements of a dtype, as an array."""
    if dt.subdtype:
        base, dims = dt.subdtype
        a = np.zeros(n, dt)
        a[...] = fill(rnd, base, a.size).reshape(a.shape)
        return a
    if dt.names:
        a = np.zeros(n, dt)
        for name in dt.names:
            sub = dt[name]
            a[name] = fill(rnd, sub, n)
        return a
    if h5py.check_string_dtype(dt) and dt.kind == 'O':
        words = [s.decode() for s in strings(rnd, n)]
        if h5py.check_string_dtype(dt).encoding == 'ascii':
            words = [s if s.isascii() else 'plain' for s in words]
        return np.array(words + [None], object)[:n]
    if h5py.check_vlen_dtype(dt):
        base = h5py.check_vlen_dtype(dt)
        a = np.empty(n, object)
        for i in range(n):
            a[i] = fill(rnd, np.dtype(base), rnd.randrange(5))
        return a
    enum = h5py.check_enum_dtype(dt)
    if enum:
        vals = list(enum.values()) + [max(enum.values()) + 1]
        return np.array([rnd.choice(vals) for _ in range(n)], dt)
    if dt.kind == 'b':
        return np.array([rnd.random() < .5 for _ in range(n)], bool)
    if dt.kind == 'S':
        return np.array(strings(rnd, n, dt.itemsize) + [b''], dt)[:n]
    if dt.kind == 'V':
        return np.frombuffer(rnd.randbytes(n * dt.itemsize), dt)
    if dt.kind == 'c':
        half = np.dtype(dt.str[0] + 'f%d' % (dt.itemsize // 2))
        return number(rnd, half, 2 * n).view(dt)
    return number(rnd, dt, n)


def dtypes():
    out = {}
    for order in '<>':
        for k in ('i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8',
                  'f2', 'f4', 'f8', 'c8', 'c16'):
            if k[1:] != '1' or order == '<':
                out[k + ('be' if order == '>' else '')] = np.dtype(order + k)
    out['bool'] = np.dtype(bool)
    out['enum'] = h5py.enum_dtype({'RED': 1, 'a,b': -3, 'say "x"': 7}, 'i2')
    out['s5'] = np.dtype('S5')
    out['s1'] = np.dtype('S1')
    out['opaque'] = np.dtype('V6')
    out['text'] = h5py.string_dtype()
    out['ascii'] = h5py.string_dtype('ascii')
    out['array'] = np.dtype(('<f4', (3,)))
    out['array2'] = np.dtype(('>i2', (2, 3)))
    out['packed'] = np.dtype([('id', '<u4'), ('rup id', '<i8'),
                              ('mag', '<f4'), ('ok', bool), ('s', 'S3')])
    out['padded'] = np.dtype([('a', '<u1'), ('b', '>f8'), ('c', '<i2')],
                             align=True)
    out['nested'] = np.dtype([('x', '<i4'), ('in', [
        ('p', '<f8', (2,)), ('q', [('r', '<u2')])]), ('é', '<f2')])
    out['mixed'] = np.dtype([('id', '<i4'), ('name', h5py.string_dtype()),
                             ('w', '<f8')])
    out['seqf'] = h5py.vlen_dtype(np.dtype('<f4'))
    out['seqi'] = h5py.vlen_dtype(np.dtype('<i8'))
    return out


def odd_types():
    """Types that no dtype of NumPy's describes."""
    out = {}
    t = h5t.STD_I32LE.copy()
    t.set_precision(17)
    t.set_offset(5)
    out['int17at5'] = t
    t = h5t.STD_I64BE.copy()
    t.set_precision(40)
    out['int40be'] = t
    t = h5t.STD_U16LE.copy()
    t.set_size(3)
    t.set_precision(24)
    out['uint24'] = t
    t = h5t.STD_I32LE.copy()
    t.set_size(16)
    t.set_precision(128)
    out['int128'] = t
    t = h5t.IEEE_F32LE.copy()
    t.set_fields(26, 20, 6, 7, 13)
    t.set_offset(7)
    t.set_precision(20)
    t.set_ebias(31)
    out['float20'] = t
    out['bits8'] = h5t.STD_B8LE
    out['bits32be'] = h5t.STD_B32BE
    for pad, name in ((h5t.STR_SPACEPAD, 'space'), (h5t.STR_NULLTERM, 'term'),
                      (h5t.STR_NULLPAD, 'nullpad')):
        t = h5t.C_S1.copy()
        t.set_size(6)
        t.set_strpad(pad)
        out['str' + name] = t
    return out


def layout(rnd, shape, dt):
    """Keywords of create_dataset for one of the layouts."""
    if not shape or 0 in shape:
        return 'contiguous', {}
    kind = rnd.choice(['contiguous', 'chunked', 'gzip', 'shuffle', 'sum',
                       'lzf', 'scale', 'extend', 'all'])
    if kind == 'contiguous':
        return kind, {}
    kw = {'chunks': tuple(rnd.randint(1, max(d, 1)) for d in shape)}
    if kind == 'extend':
        kw['maxshape'] = (None,) * len(shape)
    if kind in ('gzip', 'all'):
        kw['compression'] = 'gzip'
    if kind in ('shuffle', 'all'):
        kw['shuffle'] = True
    if kind in ('sum', 'all') and not vl(dt):
        kw['fletcher32'] = True
    if kind == 'lzf':
        kw['compression'] = 'lzf'
    if kind == 'scale' and dt.kind in 'iu' and not h5py.check_enum_dtype(dt):
        kw['scaleoffset'] = 0
    return kind, kw


def vl(dt):
    return dt.hasobject


def make_plain(path, rnd):
    with h5py.File(path, 'w', libver='earliest') as f:
        for tname, dt in dtypes().items():
            g = f.create_group(tname)
            for i, shape in enumerate(SHAPES):
                kind, kw = layout(rnd, shape, dt)
                n = int(np.prod(shape))
                d = g.create_dataset('%s_%d_%s' % (
                    'x'.join(map(str, shape)) or 'scalar', i, kind),
                    shape, dt, **kw)
                if n and rnd.random() < .95:
                    a = fill(rnd, dt, n)
                    # HDF5 1.14.5 cannot read scale-offset of all the bits.
                    write(d, a % 100 if kw.get('scaleoffset') == 0 else a,
                          shape)
                attributes(d, rnd)
            attributes(g, rnd)


def write(d, a, shape):
    if h5py.check_vlen_dtype(d.dtype) and shape:
        for i, where in enumerate(np.ndindex(shape)):
            d[where] = a[i]
    elif d.dtype.hasobject:
        d[()] = a.reshape(shape) if shape else a[0]
    else:
        t = d.id.get_type()
        raw = np.frombuffer(a.tobytes(), 'V%d' % t.get_size())
        d.id.write(h5py.h5s.ALL, h5py.h5s.ALL, raw.reshape(shape).copy(), t)


def attributes(o, rnd):
    o.attrs['units'] = rnd.choice(WORDS)
    o.attrs['dt'] = rnd.choice([10.0, .1, 1e-5, np.nan, np.inf, -0.0])
    o.attrs['f4'] = np.float32(rnd.uniform(-1, 1))
    o.attrs['n'] = rnd.randrange(-9, 1 << 40)
    o.attrs['on'] = np.bool_(rnd.random() < .5)
    o.attrs['list'] = np.arange(rnd.randrange(4)) / 3
    o.attrs['grid'] = np.arange(6, dtype='>i2').reshape(2, 3)
    o.attrs['words'] = np.array(rnd.sample(WORDS, 3), object)
    o.attrs['fixed'] = np.array([b'a', b'"', b''], 'S2')
    o.attrs['pair'] = np.array((1, 2.5), [('i', '<i4'), ('x', '<f4')])
    o.attrs['none'] = h5py.Empty('f4')


def make_odd(path, rnd):
    with h5py.File(path, 'w', libver='earliest') as f:
        for tname, t in odd_types().items():
            for shape in ((), (5,), (30,), (4, 3), (2, 3, 2)):
                space = h5py.h5s.create_simple(shape) if shape else \
                    h5py.h5s.create(h5py.h5s.SCALAR)
                name = '%s_%s' % (tname, 'x'.join(map(str, shape)) or
                                  'scalar')
                d = h5py.h5d.create(f.id, name.encode(), t, space)
                n, size = int(np.prod(shape)), t.get_size()
                if tname.startswith('str'):
                    pad = b' ' if tname == 'strspace' else b'\0'
                    raw = b''.join(
                        rnd.choice([b'', b'ab', b'a b', b'a,b', b'abcde'])
                        .ljust(size, pad) for _ in range(n))
                else:
                    raw = rnd.randbytes(n * size)
                buf = np.frombuffer(raw, 'V%d' % size).reshape(shape).copy()
                d.write(h5py.h5s.ALL, h5py.h5s.ALL, buf, t)
        f.create_dataset('null', data=h5py.Empty('f8'))
        f.create_dataset('nulltext', data=h5py.Empty(h5py.string_dtype()))
        g = f.create_group('refs/target')
        g['d'] = np.arange(3)
        r = f.create_dataset('refs/obj', (3,), h5py.ref_dtype)
        r[0], r[1] = g.ref, g['d'].ref
        f['names/a b'] = [1]
        f['names/a%b'] = [2]
        f['names/tab\there'] = [3]
        f['names/x,y'] = [4]
        f['names/say "x"'] = np.zeros((2, 2, 2))
        f['names/é'] = [5]
        f['names/' + 'n' * 240] = [6]
        f['names/' + 'm' * 255] = [7]
        f['names/' + 'k' * 300] = [8]
        f['names/' + 'k' * 301] = [9]
        f['names/d'] = [10]
        f.create_group('names/d.csv')['inside'] = [11]
        f.create_dataset('wide', data=np.arange(30000, dtype='<u2')
                         .reshape(3, 10000))
        f.create_dataset('long', data=np.random.default_rng(1)
                         .random(300000), chunks=(1024,), compression='gzip')


def make(to, seed):
    os.makedirs(to, exist_ok=True)
    rnd = random.Random(seed)
    make_plain(os.path.join(to, 'views-plain.h5'), rnd)
    make_odd(os.path.join(to, 'views-odd.h5'), rnd)


def compare_all(src, mnt):
    import tempfile
    from contextlib import closing

    from oracle import parquet
    with tempfile.TemporaryDirectory() as at, \
            closing(parquet.Reader(at)) as reader:
        return compare_with(reader, src, mnt)


def compare_with(reader, src, mnt):
    from oracle import compare, describe, parquet
    bad = 0
    for name in sorted(os.listdir(src)):
        man = describe.manifest(os.path.join(src, name))
        row = {'file': name}
        t = compare.compare(row, man, os.path.join(mnt, name).encode(),
                            lambda what: None, reader)
        for path, view, what in t.diffs:
            print('%s  %s  %s  %s' % (name, path, view, what))
        for (reason, err), n in t.refused.items():
            print('%s: %d refused: %s %s' % (name, n, reason, err))
            bad += n if reason != parquet.NO_SUCH_NUMBERS else 0
        bad += len(t.diffs)
        print('%s: %d objects, %d compared, %d equal, %d different' % (
            name, t.n['objects'], t.n['compared'], t.n['equal'],
            t.n['different']))
    return 1 if bad else 0


if __name__ == '__main__':
    if sys.argv[1] == 'make':
        make(sys.argv[2], int(sys.argv[3]))
    else:
        sys.exit(compare_all(sys.argv[2], sys.argv[3]))
