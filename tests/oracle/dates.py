# SPDX-License-Identifier: MIT
"""dates.py make DIR | check MNT - date-times and time spans as NumPy has them.

What is right is counted here in Python's integers, which hold everything, and
is held against NumPy's own text wherever its 64 bits do."""
import csv
import datetime
import json
import os
import random
import sys

import numpy as np

UNITS = 'Y M W D h m s ms us ns ps fs as'.split()
STEPS = {'h': 3600, 'm': 60, 's': 1}
PARTS = {'s': 0, 'ms': 3, 'us': 6, 'ns': 9, 'ps': 12, 'fs': 15, 'as': 18}
NAT = -2**63


def date(days):
    """A day since 1970, of any year"""
    era, rest = divmod(days, 146097)
    d = datetime.date.fromordinal(datetime.date(1970, 1, 1).toordinal() + rest)
    return '%04d-%02d-%02d' % (d.year + 400 * era, d.month, d.day)


def moment(value, unit):
    if value == NAT:
        return ''
    value, unit = value * unit[0], unit[1]
    if unit == 'Y':
        return '%04d' % (1970 + value)
    if unit == 'M':
        return '%04d-%02d' % (1970 + value // 12, value % 12 + 1)
    if unit in 'WD':
        return date(value * (7 if unit == 'W' else 1))
    seconds, part = divmod(value, 10 ** PARTS.get(unit, 0))
    days, s = divmod(seconds * STEPS.get(unit, 1), 86400)
    text = date(days) + 'T%02d' % (s // 3600)
    if unit != 'h':
        text += ':%02d' % (s // 60 % 60)
    if unit in PARTS:
        text += ':%02d' % (s % 60)
    return text + ('.%0*d' % (PARTS[unit], part) if PARTS.get(unit) else '')


def values(seed):
    r = random.Random(seed)
    v = [NAT, NAT + 1, 2**63 - 1, 2**63 - 2, 0, 1, -1, 58, 59, 60, 11, 12,
         -11, -12, -13, 1583020800, 10**9, -719528, -719162, -719163, 2932896,
         2932897, 11016, 10957, 47482, 8030, -8030, -1970, -1971, -11970]
    v += [r.choice([-1, 1]) * r.getrandbits(r.randrange(1, 63))
          for _ in range(400)]
    return v


def cases():
    for kind in 'Mm':
        for order in '<>':
            yield f'{order}{kind}8', None
            for unit in UNITS:
                for n in (1, 10, 25):
                    many = f'{n if n > 1 else ""}{unit}'
                    yield f'{order}{kind}8[{many}]', (n, unit)


def name_of(dtype):
    return dtype.replace('<', 'le').replace('>', 'be')


def expected(dtype, unit, v):
    if unit is None or dtype[1] == 'm':
        return ['' if x == NAT else str(x) for x in v]
    return [moment(x, unit) for x in v]


def array(dtype):
    v = np.array(values(dtype), dtype[0] + 'i8')
    return v.view(dtype)


def put(f, name, tag, a):
    """As h5py does, which has no way for all of them"""
    import h5py
    t = h5py.h5t.create(h5py.h5t.OPAQUE, 8)
    t.set_tag(b'NUMPY:' + tag.encode())
    s = h5py.h5s.create_simple(a.shape)
    d = h5py.h5d.create(f.id, name.encode(), t, s)
    d.write(h5py.h5s.ALL, h5py.h5s.ALL, a.view('V8'), t)


def make(d):
    import h5py
    with h5py.File(f'{d}/dates.hdf5', 'w') as f:
        for dtype, unit in cases():
            put(f, name_of(dtype), dtype, array(dtype))
        # As others may call it.
        for name, tag in (('long', 'datetime64[us]'), ('span', 'timedelta64'),
                          ('no_unit', 'M8[xs]'), ('no_date', '<f8'),
                          ('zero', 'M8[0s]')):
            put(f, name, tag, np.array([1, NAT, 1583020800123456], '<i8'))
        us = h5py.opaque_dtype(np.dtype('M8[us]'))
        days = h5py.opaque_dtype(np.dtype('M8[D]'))
        rec = np.zeros(2, [('t', us), ('n', 'i4'), ('ab', days, (2,))])
        rec['t'] = np.array(['2020-02-29T12:00:00.5', 'NaT'], 'M8[us]')
        rec['ab'] = np.array([['1969-12-31', '2024-01-01'],
                              ['0001-01-01', 'NaT']], 'M8[D]')
        f['rec'] = rec
        f['plain'] = rec['t']
        f.attrs.create('when', np.datetime64('2021-03-04T05:06:07', 's'),
                       dtype=h5py.opaque_dtype(np.dtype('M8[s]')))
        f.attrs.create('never', np.datetime64('NaT', 's'),
                       dtype=h5py.opaque_dtype(np.dtype('M8[s]')))
        f.attrs.create('days', np.array(['2021-03-04', 'NaT'], 'M8[D]'),
                       dtype=days)
        f.attrs.create('span', np.timedelta64(90, 'm'),
                       dtype=h5py.opaque_dtype(np.dtype('m8[m]')))
        v = f.create_dataset('temp', data=np.arange(4.).reshape(2, 2))
        t = np.array(['2021-03-04', '2021-03-05'], 'M8[D]')
        f['day'] = t.astype(days)
        f['day'].make_scale('day')
        v.dims[0].attach_scale(f['day'])


def cells(path):
    with open(path, newline='') as f:
        return list(csv.reader(f))


def check_case(root, dtype, unit):
    name, a = name_of(dtype), array(dtype)
    want = expected(dtype, unit, values(dtype))
    if dtype[1] == 'M' and unit:        # as far as NumPy gets
        for text, x in zip(want, a):
            if abs(int(x.view('i8')) * unit[0]) < 2**63 and text and len(text.lstrip('-').split('-')[0]) <= 9:
                assert text == str(x), (dtype, text, str(x))
    got = cells(f'{root}/{name}.csv')
    assert got[0] == [name], got[0]
    bad = [(g, w) for g, w in zip(got[1:], want) if g != [w]]
    assert len(got) == len(want) + 1 and not bad, (dtype, bad[:3])
    back = np.load(f'{root}/{name}.npy')
    assert back.dtype.str == a.dtype.str and back.tobytes() == a.tobytes()
    assert os.getxattr(f'{root}/{name}.csv', 'user.oqfs.dtype') == \
        a.dtype.str.encode()
    with open(f'{root}/{name}.txt') as f:
        lines = f.read().splitlines()
    assert len({len(x) for x in lines}) == 1, dtype
    assert [x.split() for x in lines[1:]] == [[w or '""'] for w in want], dtype
    return len(want)


def text(path):
    with open(path) as f:
        return f.read()


def check(mnt):
    root = f'{mnt}/dates.hdf5'
    n = sum(check_case(root, *case) for case in cases())
    assert text(f'{root}/long.csv') == (
        'long\n1970-01-01T00:00:00.000001\n""\n2020-03-01T00:00:00.123456\n')
    assert np.load(f'{root}/long.npy').dtype == np.dtype('M8[us]')
    assert text(f'{root}/span.csv') == 'span\n1\n""\n1583020800123456\n'
    for name in ('no_unit', 'no_date', 'zero'):
        assert text(f'{root}/{name}.csv').split()[1] == '0100000000000000'
        assert np.load(f'{root}/{name}.npy').dtype == np.dtype('V8')
    assert text(f'{root}/rec.csv') == (
        't,n,ab[0],ab[1]\n2020-02-29T12:00:00.500000,0,1969-12-31,2024-01-01\n'
        ',0,0001-01-01,\n')
    assert np.load(f'{root}/rec.npy')['t'][0] == \
        np.datetime64('2020-02-29T12:00:00.500000')
    assert text(f'{root}/plain.csv').split() == [
        'plain', '2020-02-29T12:00:00.500000', '""']
    for name, want in (('when', '2021-03-04T05:06:07'), ('never', 'null'),
                       ('days', '["2021-03-04",null]'), ('span', '90')):
        got = os.getxattr(root, f'user.{name}').decode()
        assert got == want, (name, got)
    for path in ('temp.csv', 'temp[day=2021-03-05].csv'):
        assert '2021-03-05' in text(f'{root}/{path}') or '[' in path
    assert text(f'{root}/temp.csv').splitlines()[1] == '2021-03-04,0,0.0'
    assert text(f'{root}/temp[day=2021-03-05].csv') == 'd1,value\n0,2.0\n1,3.0\n'
    meta = json.loads(text(f'{root}/.meta.json') if
                      os.path.exists(f'{root}/.meta.json') else '{}')
    if meta:
        assert meta['attributes']['days']['value'] == ['2021-03-04', None]
    meta = json.loads(text(f'{root}/be{"M8[10ms]"}.meta.json'))
    assert meta['dtype'] == '>M8[10ms]' and meta['type'] == {
        'class': 'datetime', 'size': 8, 'order': 'BE', 'unit': 'ms',
        'multiple': 10, 'tag': 'NUMPY:>M8[10ms]'}, meta
    print(f'{n} date-times and spans in four views are as NumPy has them')


if __name__ == '__main__':
    {'make': make, 'check': check}[sys.argv[1]](sys.argv[2])
