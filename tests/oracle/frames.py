#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""frames.py - holds data frames and large tables of a mount against their parts

    frames.py make DIR          datastores of frames and of large datasets
    frames.py made TREE         the frames that 'make' made
    frames.py check MOUNT DATA  every frame of DATA/files, mounted on MOUNT,
                                against its columns and DATA/manifests
    frames.py parts SPLIT WHOLE all x.csv/ below SPLIT against x.csv below WHOLE

Exits with 1 if something differs.
"""
import hashlib
import io
import os
import re
import sys

import numpy as np

sys.dont_write_bytecode = True
sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from oracle import cells, h5types as types, manifest, rfc4180

PART_BYTES = 64 << 20


def read(path):
    """All of a file, whose size stat() must know"""
    size = os.stat(path).st_size
    with open(path, 'rb') as f:
        data = f.read()
    assert len(data) == size, '%s: size %d, %d bytes' % (path, size, len(data))
    return data


def npy(path):
    return np.load(io.BytesIO(read(path)))


def rows_of(path):
    return rfc4180.parse(read(path))


# ---- our own ---------------------------------------------------------------

def frame(f, name, columns, order=None):
    g = f.create_group(name)
    g.attrs['__pdcolumns__'] = ' '.join(order or columns)
    for n, a in columns.items():
        kw = {} if a.dtype.kind != 'O' else {'dtype': TEXT}
        if a.ndim == 1:
            kw.update(chunks=(100,), maxshape=(None,))
        g.create_dataset(n, data=a, **kw)
    return g


TEXT = None


def make(where):
    global TEXT
    import h5py
    TEXT = h5py.string_dtype()
    n = 1234
    gen = np.random.default_rng(5)
    words = np.array(['', 'a, b', 'say "so"', 'two\nlines', 'é'], object)
    motions = {'sid': gen.integers(0, 99, n).astype('u4'),
               'eid': np.arange(n, dtype='u4'),
               'SA(0.3)': gen.normal(size=n).astype('f4'),
               'PGA': gen.normal(size=n).astype('>f8'),
               'ok': gen.random(n) < .5,
               'code': gen.choice(np.array([b'', b'x', b'longest']), n)}
    with h5py.File(where + '/frames.hdf5', 'w') as f:
        g = frame(f, 'gmf_data', motions,
                  ['eid', 'sid', 'PGA', 'SA(0.3)', 'ok', 'code'])
        g['rup_info'] = np.zeros(7, [('a', 'u4'), ('b', 'f8')])  # no column
        texts = dict(motions, name=gen.choice(words, n))
        frame(f, 'a/b/texts', texts, ['name', 'PGA', 'ok'])
        frame(f, 'growing', {'a': np.arange(500), 'b': np.arange(321.),
                             'c': np.arange(400, dtype='i2')})
        frame(f, 'one', {'a': np.arange(5)})
        frame(f, 'empty', {'a': np.zeros(0), 'b': np.zeros(0, 'u1')})
        frame(f, 'missing', {'a': np.arange(5)}, ['a', 'b'])
        frame(f, 'square', {'a': np.arange(5), 'b': np.zeros((5, 2))})
        frame(f, 'none', {'a': np.arange(5)}).attrs['__pdcolumns__'] = ''
        frame(f, 'number', {'a': np.arange(5)}).attrs['__pdcolumns__'] = 7
        f['linked'] = h5py.SoftLink('/gmf_data')
        g = f.create_group('no')
        g['a'] = np.arange(5)
    for name, make_it in [('sparse', make_sparse), ('tera', make_tera),
                          ('large', make_large)]:
        with h5py.File('%s/%s.hdf5' % (where, name), 'w',
                       libver='latest') as f:
            make_it(f)


def make_sparse(f):
    """A data frame of 20 GB"""
    g = f.create_group('gmf_data')
    g.attrs['__pdcolumns__'] = 'eid sid PGA SA(0.3) SA(1.0)'
    for n in g.attrs['__pdcolumns__'].split():
        g.create_dataset(n, (1 << 30,), 'u4' if 'id' in n else 'f4',
                         maxshape=(None,), chunks=(1 << 20,))
    g['eid'][-1000:] = np.arange(1000)


def make_tera(f):
    """2 TB and more"""
    f.create_dataset('tera', (1 << 38,), 'f8', chunks=(1 << 20,))
    f['tera'][-3:] = [1.5, -2.5, float('nan')]
    f.create_dataset('wide', (1 << 38, 4), 'i2', chunks=(1 << 19, 4))
    f['wide'][-1] = [-32768, 0, 1, 32767]


def make_large(f):
    """Above 64 MiB each, but few bytes in the file"""
    f.create_dataset('wide', (700000,), [('id', 'u4'), ('text', 'S200')],
                     chunks=(5000,), compression=1)
    f['wide'][1234:1240] = (7, b'a, b')
    f['wide'][-1:] = (8, b'last')
    f.create_dataset('matrix', (20000, 500), 'f8', chunks=(1000, 500))
    f['matrix'][19000:, 3] = .1
    f.create_dataset('cube', (20, 100, 100), [('a', 'u2'), ('b', 'S898')],
                     chunks=(1, 100, 100))
    f['cube'][7, 8, 9] = (5, b'here')
    text = np.zeros((200000, 2), 'S400')
    d = f.create_dataset('labelled', text.shape, text.dtype,
                         chunks=(10000, 2))
    d[-1] = b'the', b'last'
    d.attrs['json'] = '{"shape_descr": ["site", "stat"], "site": 200000, ' \
        '"stat": ["mean", "std"]}'


def made(tree):
    import h5py
    bad = 0
    path = os.path.join(tree, 'gmf_data')
    order = ['eid', 'sid', 'PGA', 'SA(0.3)', 'ok', 'code']
    for name, want in {
            'gmf_data': (order, 1234), 'linked': (order, 1234),
            'a/b/texts': (['name', 'PGA', 'ok'], 1234),
            'growing': (['a', 'b', 'c'], 321), 'one': (['a'], 5),
            'empty': (['a', 'b'], 0)}.items():
        path = os.path.join(tree, name)
        rows = rows_of(path + '.csv')
        assert [x.decode() for x in rows[0]] == want[0], rows[0]
        assert len(rows) - 1 == want[1], len(rows)
        joined(path, want[0])
    assert not [x for x in os.listdir(tree) if x.startswith('no.')]
    for name in 'missing', 'square', 'none', 'number':
        for view in '.csv', '.npy', '.bin', '.txt', '[0].csv':
            assert not os.path.exists(os.path.join(tree, name + view)), name
        assert os.path.isdir(os.path.join(tree, name))
    assert not os.path.exists(os.path.join(tree, 'a/b/texts.npy'))
    assert os.path.getsize(os.path.join(tree, 'gmf_data.meta.json'))
    return sliced(tree) or bad


def sliced(tree):
    """Frames have slices as any other table has"""
    a = npy(tree + '/gmf_data.npy')
    for text, want in [('[0:10,eid]', a['eid'][:10]), ('[-1]', a[-1:][0:1]),
                       ('[PGA]', a['PGA']), ('[::-3]', a[::-3]),
                       ('["SA(0.3)", ok, 5:0:-1]',
                        a[['SA(0.3)', 'ok']][5:0:-1])]:
        got = npy('%s/gmf_data%s.npy' % (tree, text))
        want = want[0] if text == '[-1]' else want
        assert np.array_equal(got, want) and got.shape == want.shape, text
        wide = np.zeros(got.shape, want.dtype)
        wide[...] = want
        name = text[1:-1].split(',')[-1] if text != '[PGA]' else 'PGA'
        got = read('%s/gmf_data%s.csv' % (tree, text))
        assert got == cells.csv(cells.table(wide, name)), text
    texts = rows_of(tree + '/a/b/texts.csv')
    got = rows_of(tree + '/a/b/texts[name,7:100:31].csv')
    assert got == [[b'name']] + [r[:1] for r in texts[8:101:31]], got
    # Columns of a fixed size, beside one that has none.
    whole = a[['PGA', 'ok']]
    for text, want in [('[PGA]', a['PGA']), ('[ok,9:4:-2]', a['ok'][9:4:-2]),
                       ('[PGA,ok]', whole), ('[-1,ok,PGA]', a['ok'][-1])]:
        got = npy('%s/a/b/texts%s.npy' % (tree, text))
        if text == '[-1,ok,PGA]':
            assert got.dtype.names == ('ok', 'PGA'), got.dtype
            got = got['ok']
        assert np.array_equal(got, want) and got.shape == want.shape, text
    assert read(tree + '/a/b/texts[PGA].bin') == a['PGA'].tobytes()
    assert read(tree + '/a/b/texts[PGA].txt').count(b'\n') == 1235
    assert read(tree + '/a/b/texts[PGA].csv') == \
        read(tree + '/gmf_data[PGA].csv')
    for text in '', '[5]', '[name]', '[PGA,name]', '[nothing]', '[PGA.x]':
        for view in '.npy', '.bin', '.txt':
            assert not os.path.exists(tree + '/a/b/texts' + text + view), text
    for text in '[1234]', '[0,0]', '[nothing]', '[eid,eid]', '[eid.x]':
        assert not os.path.exists('%s/gmf_data%s.csv' % (tree, text)), text
    return 0


# ---- a frame and its columns -----------------------------------------------

def joined(path, names):
    """Cells of a frame that are its columns'; complains where they are not"""
    rows = rows_of(path + '.csv')
    assert [x.decode() for x in rows[0]] == names, \
        '%s: header %s, not %s' % (path, rows[0], names)
    cols = [rows_of(os.path.join(path, n) + '.csv') for n in names]
    for n, c in zip(names, cols):
        assert c[0] == [n.encode()]
    n = min(len(c) for c in cols)
    assert len(rows) == n, '%s: %d rows, not %d' % (path, len(rows), n)
    for i, c in enumerate(cols):
        assert [r[i] for r in rows] == [r[0] for r in c[:n]], \
            '%s: column %s differs' % (path, names[i])
    if os.path.exists(path + '.npy'):
        a = npy(path + '.npy')
        assert list(a.dtype.names) == names and a.shape == (n - 1,)
        for name in names:
            want = npy(os.path.join(path, name) + '.npy')[:n - 1]
            assert a.dtype[name] == want.dtype
            assert a[name].tobytes() == want.tobytes()
    return (n - 1) * len(names)


def from_manifest(path, group, objects):
    """How many of the frame's columns have the bytes that the manifest knows;
    of the others, and of these, some values are compared"""
    n = 0
    a = npy(path + '.npy') if os.path.exists(path + '.npy') else None
    rows = rows_of(path + '.csv')[1:]
    for at, name in enumerate(group['columns']):
        o = objects[group['path'] + '/' + name]
        d = o['data']
        if a is not None and a.size == d['npoints']:
            col = hashlib.sha256(a[name].tobytes()).hexdigest()
            assert col == d['raw_sha256'], '%s: %s' % (path, name)
            n += 1
        leaf = types.leaves(o['type'], name)[0]
        values = d.get('values', d.get('head_values', []))
        for value, row in zip(values, rows):
            what = types.cell(leaf[1], types.dig(value, leaf[3]), row[at],
                              None)
            assert not what, '%s: %s: %s' % (path, name, what)
    return n


def frames_of(M):
    """(objects by path, frames) of a manifest"""
    objects = {o['path']: o for o in M['objects'] if 'path' in o}
    frames = []
    for o in objects.values():
        if o.get('kind') != 'group':
            continue
        for a in o.get('attrs', []):
            if a['name'] == '__pdcolumns__':
                names = a['data']['values'][0].split()
                frames.append({'path': o['path'].rstrip('/'),
                               'columns': names})
    return objects, frames


def is_frame(group, objects):
    cols = [objects.get(group['path'] + '/' + n) for n in group['columns']]
    return cols and all(c and c.get('kind') == 'dataset' and
                        len(c['shape'] or ()) == 1 for c in cols)


def tree_of(name):
    return name[:-5] if re.search(r'calc_\d+\.hdf5$', name) else name


def check(mount, data):
    tables = total = hashed = bad = nothing = 0
    for row in manifest.index(data):
        if not row['manifest']:
            continue
        objects, frames = frames_of(manifest.load(data, row['manifest']))
        tree = os.path.join(mount, tree_of(row['file'][len('files/'):]))
        for g in frames:
            path = tree + g['path']
            try:
                if not is_frame(g, objects):
                    assert not os.path.exists(path + '.csv'), \
                        path + '.csv: is there'
                    nothing += 1
                    continue
                total += joined(path, g['columns'])
                hashed += from_manifest(path, g, objects)
                tables += 1
            except (AssertionError, OSError, ValueError,
                    rfc4180.Bad) as e:
                print('WRONG %s: %s: %s' % (path, type(e).__name__, e))
                bad += 1
    print('%d cells of %d data frames are their columns\', %d columns have the '
          'bytes of the manifests, %d groups are rightly none; %d are wrong' %
          (total, tables, hashed, nothing, bad))
    return bad or not tables


# ---- parts -----------------------------------------------------------------

def same_parts(parts, whole):
    """The parts of one table, against the table in one file"""
    names = sorted(os.listdir(parts))
    at = 0
    with open(whole, 'rb') as f:
        head = f.readline()
        for n in names:
            m = re.fullmatch(r'(\d{12})-(\d{12})\.csv', n)
            assert m and int(m[1]) == at, '%s/%s: not from %d' % (parts, n, at)
            at = int(m[2]) + 1
            body = read(os.path.join(parts, n))
            assert body.startswith(head), n + ': another header'
            body = body[len(head):]
            assert f.read(len(body)) == body, n + ': another body'
            rows = body.count(b'\n')
            assert rows == at - int(m[1]), '%s: %d rows' % (n, rows)
        assert not f.read(1), parts + ': the last rows are missing'
    for n in '000000000000-000000000001.csv', 'x', '0-1.csv':
        assert not os.path.exists(os.path.join(parts, n)), n
    return len(names), at


def parts(split, whole):
    bad = 0
    sizes = {'wide': 204, 'matrix': 4000, 'cube': 900, 'labelled': 400}
    for name, row_bytes in sizes.items():
        try:
            path = os.path.join(split, name) + '.csv'
            assert os.path.isdir(path), path + ' has no parts'
            n, rows = same_parts(path, os.path.join(whole, name) + '.csv')
            ends = [int(x[13:25]) - int(x[:12]) + 1 for x in os.listdir(path)]
            assert max(ends) * row_bytes <= PART_BYTES, 'a part is too large'
            print('%s.csv: %d rows in %d parts' % (name, rows, n))
            assert n > 1
        except (AssertionError, OSError) as e:
            print('WRONG %s: %s: %s' % (name, type(e).__name__, e))
            bad += 1
    return bad


if __name__ == '__main__':
    jobs = {'make': make, 'made': made, 'check': check, 'parts': parts}
    if len(sys.argv) < 3 or sys.argv[1] not in jobs:
        sys.exit(__doc__)
    sys.exit(bool(jobs[sys.argv[1]](*sys.argv[2:])))
