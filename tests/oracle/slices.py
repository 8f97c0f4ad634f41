#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""slices.py - holds slices in file names against NumPy's

    slices.py make FILE SEED             a file of datasets of all kinds
    slices.py check TREE FILE SEED N     N random slices of each view
    slices.py garbage TREE FILE SEED N   N names that mean nothing

TREE is where the mount shows FILE.  Each name is also given to NumPy, on the
array that h5py reads: the bytes, type, shape and table must be those, what
NumPy refuses must not exist.  Exits with 1 if one differs.
"""
import os
import random
import re
import sys
import time

import h5py
import numpy as np

sys.dont_write_bytecode = True
sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from oracle import cells

VIEWS = ('bin', 'npy', 'csv', 'txt')
MOST_CELLS = 4000  # of a table that is compared

# ---- the datasets ----------------------------------------------------------

ODD_NAMES = ['a name, x', "o'brien", 'say "so"', 'a=b', 'x]', '0', '1:2',
             '...', 'mag', 'id', 'SA(0.3)', 'value-structural', 'p/q', '50%',
             'Δσ', ' padded ']


def atom(rnd):
    kind = rnd.randrange(10)
    if kind < 4:
        return rnd.choice('<>') + rnd.choice('iu') + rnd.choice('1248')
    if kind < 6:
        return rnd.choice('<>') + rnd.choice(['f2', 'f4', 'f8', 'f4', 'f8'])
    if kind == 6:
        return 'S%d' % rnd.randint(1, 9)
    if kind == 7:
        return '?'
    if kind == 8:
        return h5py.enum_dtype({'RED': 0, 'GREEN, dark': 1, 'BLUE': 5},
                               rnd.choice(['<u1', '>i2', '<i4']))
    return rnd.choice(['<c8', 'V3', '>f8', '<i4'])


def compound(rnd, depth):
    names = rnd.sample(ODD_NAMES, rnd.randint(1, 4))
    types = []
    for n in names:
        t = np.dtype(atom(rnd))
        if depth and rnd.random() < .3:
            t = compound(rnd, depth - 1)
        if rnd.random() < .25:
            t = np.dtype((t, rnd.choice([(1,), (3,), (2, 2)])))
        types.append(t)
    return np.dtype({'names': names, 'formats': types},
                    align=rnd.random() < .4)


def some_type(rnd):
    r = rnd.random()
    if r < .5:
        return np.dtype(atom(rnd))
    if r < .93:
        return compound(rnd, 2)
    return np.dtype((atom(rnd), (3,)))


def fill(rnd, a):
    """Any bytes, but none that a type cannot have"""
    if a.dtype.names:
        for n in a.dtype.names:
            fill(rnd, a[n])
        return
    e, k = h5py.check_enum_dtype(a.dtype), a.dtype.kind
    flat = np.empty(a.shape, a.dtype)
    gen = np.random.default_rng(rnd.randrange(1 << 30))
    if e:
        flat[...] = gen.choice(list(e.values()) + [7], a.shape)
    elif k == 'b':
        flat[...] = gen.random(a.shape) < .5
    elif k == 'S':
        some = [b'', b'a', b'x,y', b'"', b'a b', b'l\nm', b'tab\t', b'\\',
                'é'.encode(), b'longest!!']
        flat[...] = gen.choice([s[:a.dtype.itemsize] for s in some], a.shape)
    elif k in 'fc':
        values = gen.normal(size=a.shape) * 10. ** gen.integers(-6, 4, a.shape)
        odd = [np.nan, np.inf, -np.inf, -0., 0., 1., 1e4, 6e-8]
        flat[...] = np.where(gen.random(a.shape) < .2,
                             gen.choice(odd, a.shape), values)
    else:
        raw = gen.integers(0, 256, (a.size, a.dtype.itemsize), 'u1')
        raw[:] = np.where(gen.random((a.size, 1)) < .5, 0, raw)
        flat = raw.reshape(-1).view(a.dtype).reshape(a.shape)
    a[...] = flat


def some_shape(rnd):
    rank = rnd.choice([0, 1, 1, 2, 2, 3, 3, 4, 5])
    most = [0, 300, 40, 12, 7, 5][rank]
    return tuple(0 if rnd.random() < .03 else rnd.randint(1, most)
                 for _ in range(rank))


def create(f, name, a, shape, rnd):
    """Write through the low level, so that types and padding stay"""
    t0 = element(a.dtype, a.shape[len(shape):])
    space = h5py.h5s.create_simple(shape) if shape else \
        h5py.h5s.create(h5py.h5s.SCALAR)
    dcpl = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    layout = rnd.choice(['contiguous', 'compact', 'chunked', 'chunked'])
    if layout == 'compact' and a.nbytes < 60000:
        dcpl.set_layout(h5py.h5d.COMPACT)
    if layout == 'chunked' and shape:
        dcpl.set_chunk(tuple(rnd.randint(1, max(1, n)) for n in shape))
        if rnd.random() < .5:
            dcpl.set_shuffle()
        if rnd.random() < .7:
            dcpl.set_deflate(4)
    if t0.kind == 'i' and t0.metadata is None and rnd.random() < .5:
        dcpl.set_fill_value(np.array(-3, a.dtype))
    t = h5py.h5t.py_create(t0, logical=True)
    d = h5py.h5d.create(f.id, name.encode(), t, space, dcpl)
    if a.size and rnd.random() < .9:  # else all is fill values
        d.write(h5py.h5s.ALL, h5py.h5s.ALL, a, t)


def element(dtype, dims):
    return np.dtype((dtype, dims)) if dims else dtype


def make(fname, seed):
    rnd = random.Random(seed)
    with h5py.File(fname, 'w', libver='earliest') as f:
        for i in range(150):
            t, shape = some_type(rnd), some_shape(rnd)
            # What lies between the members of a compound is kept, too.
            a = np.full(shape, b'pad', 'V%d' % t.itemsize)
            a = a.view(element_of(t))['x']
            fill(rnd, a)
            name = 'd%d' % i
            if i % 20 == 3:
                name = rnd.choice(['odd [0:3] %d', 'é %d', 'a,"b" %d']) % i
            create(f, name, a, shape, rnd)
        # Where the file name is a link's own, it is that link.
        f['clash'], f['clash[0]'] = np.arange(5), np.arange(7.)
        # Runs of many chunks.
        for i, shape in enumerate([(90000,), (300, 250), (40, 30, 60)]):
            f.create_dataset('big%d' % i, shape, '>i4', chunks=True,
                             data=np.arange(np.prod(shape)).reshape(shape),
                             compression=1, shuffle=True)
        for i in range(8):
            make_labelled(f, i, rnd)
        for i in range(20):
            make_texts(f, 'text%d' % i, some_shape(rnd), rnd)


def make_texts(f, name, shape, rnd):
    text = h5py.string_dtype()
    rest = compound(rnd, 1)
    t = text if rnd.random() < .3 else np.dtype(
        [('id', '>i4'), ('in', [('a, b', text), ('x', '<f4')]),
         ('name', text), ('rest', rest), ('three', '<f2', (3,))])
    a = np.zeros(shape, t)
    if t.names:
        for part in a['id'], a['in']['x'], a['three']:
            fill(rnd, part)
        padded = np.full(shape, b'pad', 'V%d' % rest.itemsize)
        fill(rnd, padded.view(element_of(rest))['x'])
        a['rest'].view(padded.dtype)[...] = padded
    for leaf in [['in', 'a, b'], ['name']] if t.names else [[]]:
        part = cells.dig(a, leaf)
        for at in np.ndindex(*shape):
            part[at] = rnd.choice(['', 'é', 'a,"b"', 'two\nlines', 'x' * 99])
    f.create_dataset(name, data=a, dtype=t)


def make_labelled(f, i, rnd):
    import json
    rank = rnd.randint(1, 4)
    shape = tuple(rnd.randint(1, 6) for _ in range(rank))
    t = np.dtype(rnd.choice(['<f4', '<f8', '>i4']))
    if i % 4 == 3:
        t = np.dtype([('mean', '<f4'), ('std, dev', '<f4')])
    a = np.zeros(shape, t)
    fill(rnd, a)
    d = f.create_dataset('labelled%d' % i, data=a)
    names = rnd.sample(['site_id', 'stat', 'imt', 'a, b', 'lvl'], rank)
    attr = {'shape_descr': names}
    for name, n in zip(names, shape):
        attr[name] = rnd.choice([
            n, ['SA(0.%d)' % k for k in range(n)],
            ['q,"%d"' % k for k in range(n)], [.1 * k for k in range(n)]])
        if rnd.random() < .2:
            del attr[name]
    d.attrs['json'] = json.dumps(attr)


# ---- the model -------------------------------------------------------------

class Dataset:
    def __init__(self, d):
        self.name = d.name[1:]
        self.ndim = len(d.shape)
        self.dtype = d.dtype
        # A member of its own keeps an array type from becoming axes.
        whole = np.zeros(d.shape, [('x', d.dtype)])
        self.has_pointers = whole.dtype.hasobject
        if self.has_pointers:
            whole['x'] = d[()]
            self.stored = np.zeros(d.shape, 'V%d' % d.dtype.itemsize)
            if d.dtype.names and whole.size:
                d.id.read(h5py.h5s.ALL, h5py.h5s.ALL, self.stored,
                          d.id.get_type())
        elif whole.size:
            buf = np.zeros(d.shape, d.dtype)
            d.id.read(h5py.h5s.ALL, h5py.h5s.ALL, buf, d.id.get_type())
            whole = buf.reshape(-1).view('u1').view(whole.dtype) \
                .reshape(d.shape)
        self.whole = whole
        self.axes = None
        if 'json' in d.attrs:
            import json
            attr = json.loads(d.attrs['json'])
            self.axes = []
            for n, size in zip(attr['shape_descr'], d.shape):
                labels = attr.get(n, size)
                if isinstance(labels, int):
                    labels = range(labels)
                self.axes.append((n, [str(x) for x in labels]))


def steps(dtype, name):
    """The members that lead to a dotted name, which is there"""
    for n in dtype.names or ():
        if name == n:
            return [n]
        if name.startswith(n + '.') and find(dtype[n], name[len(n) + 1:]):
            return [n] + steps(dtype[n], name[len(n) + 1:])
    return None


def is_fixed(dtype, fields):
    found = [find(dtype, n) for n in fields]
    return bool(found) and None not in found and \
        not any(t.hasobject for t, _ in found)


def find(dtype, name, offset=0):
    """(type, offset) of a dotted name, or None"""
    for n in dtype.names or ():
        t, at = dtype.fields[n][:2]
        if name == n:
            return t, offset + at
        if name.startswith(n + '.'):
            deeper = find(t, name[len(n) + 1:], offset + at)
            if deeper:
                return deeper
    return None


class Selected:
    """What a slice means: an array, or None where it means nothing"""

    def __init__(self, d, positions, fields, labels):
        self.array, self.axes = None, None
        self.name = d.name
        items, axes = self.place(d, positions, labels)
        if items is None:
            return
        try:
            r = d.whole[tuple(items)]
        except (IndexError, ValueError):
            return
        self.ndim = r.ndim
        self.has_pointers = d.has_pointers and not is_fixed(d.dtype, fields)
        self.is_text = not d.ndim and (
            d.dtype.kind == 'S' or h5py.check_string_dtype(d.dtype) is not None)
        if self.has_pointers:
            self.choose_objects(r['x'], fields)
            return
        if d.has_pointers:
            r = d.stored[tuple(items)]
        # As voids: NumPy 2 copies a compound field by field, without padding.
        self.raw = r.view('V%d' % r.dtype.itemsize).tobytes() \
            if r.dtype.names and r.ndim else r.tobytes()
        self.size, self.dtype = r.size, d.dtype
        if fields and not self.choose(fields, r.shape):
            return
        self.array = np.frombuffer(self.raw, element_of(self.dtype)) \
            .reshape(r.shape)['x'] if self.raw else \
            np.zeros(r.shape, element_of(self.dtype))['x']
        self.axes = axes and self.labels(d, items, axes)

    @staticmethod
    def place(d, positions, labels):
        """The index for NumPy.  Without labels that is what was asked for."""
        more = () if ... in positions else (...,)
        if not labels:
            return tuple(positions) + more, d.axes
        names = [n for n, _ in d.axes or ()]
        index = {}
        for name, label in labels:
            if name not in names or names.index(name) in index or \
                    label not in d.axes[names.index(name)][1]:
                return None, None
            i = names.index(name)
            index[i] = d.axes[i][1].index(label)
        free = [i for i in range(d.ndim) if i not in index]
        given = [p for p in positions if p is not ...]
        if len(given) > len(free) or positions.count(...) > 1:
            return None, None
        if ... in positions:
            at = positions.index(...)
            given[at:at] = [slice(None)] * (len(free) - len(given))
        index.update(zip(free, given))
        return tuple(index.get(i, slice(None))
                     for i in range(d.ndim)) + (...,), d.axes

    @staticmethod
    def labels(d, items, axes):
        """Labels of the axes that remain"""
        items = list(items)
        at = items.index(...)
        items[at:at + 1] = [slice(None)] * (d.ndim - len(items) + 1)
        return [(n, labels[it]) for (n, labels), it in zip(axes, items)
                if isinstance(it, slice)]

    def choose_objects(self, r, fields):
        if fields and not self.have(r.dtype, fields):
            return
        parts = [(n, cells.dig(r, steps(r.dtype, n))) for n in fields]
        if len(parts) == 1:
            self.name, r = parts[0]
        elif parts:
            r = np.empty(r.shape, [(n, find(r.dtype, n)[0]) for n in fields])
            for n, p in parts:
                r[n] = p
        self.array = r

    @staticmethod
    def have(dtype, fields):
        return None not in [find(dtype, n) for n in fields] and \
            len(set(fields)) == len(fields)

    def choose(self, fields, shape):
        if not self.have(self.dtype, fields):
            return False
        found = [find(self.dtype, n) for n in fields]
        whole = np.frombuffer(self.raw, 'u1').reshape(
            self.size, self.dtype.itemsize)
        self.raw = np.concatenate(
            [whole[:, at:at + t.itemsize] for t, at in found], 1).tobytes()
        if len(fields) == 1:
            self.dtype, self.name = found[0][0], fields[0]
        else:
            self.dtype = np.dtype([(n, t) for n, (t, _) in
                                   zip(fields, found)])
        return True


def element_of(t):
    return np.dtype([('x', t)])


# ---- slices ----------------------------------------------------------------

def blank(rnd):
    return ' ' * (rnd.random() < .15)


def some_range(rnd, n):
    def bound():
        r = rnd.random()
        return None if r < .55 else rnd.choice(
            [1 << 62, -(1 << 62), (1 << 63) - 1]) if r < .57 else \
            rnd.randint(-n - 3, n + 3)
    step = rnd.choice([None, None, 1, 2, 3, -1, -2, -3, n + 1, -n - 5])
    if rnd.random() < .02:
        step = rnd.choice([0, 1 << 62, -(1 << 62)])
    s = slice(bound(), bound(), step)
    text = [str(x) if x is not None else '' for x in (s.start, s.stop)]
    text = (blank(rnd) + ':').join(text)
    if step is not None or rnd.random() < .1:
        text += ':' + blank(rnd) + str(step if step is not None else '')
    return s, text


def some_positions(rnd, shape):
    """(items for NumPy, their texts)"""
    want = rnd.randint(0, len(shape)) if rnd.random() < .6 else len(shape)
    want += rnd.random() < .04
    items = []
    for i in range(want):
        n = shape[i] if i < len(shape) else 3
        if rnd.random() < .35:
            k = rnd.randint(-n, n - 1) if n and rnd.random() < .95 else \
                rnd.choice([n, -n - 1, 1 << 62])
            items.append((k, str(k)))
        else:
            items.append(some_range(rnd, n))
    for p in (.25, .03):
        if rnd.random() < p:
            items.insert(rnd.randint(0, len(items)), (..., '...'))
    return items


PLAIN = re.compile(r'[A-Za-z_][A-Za-z0-9_ .()-]*[A-Za-z0-9_()]|[A-Za-z]')


def quoted(rnd, name):
    if PLAIN.fullmatch(name) and rnd.random() < .7:
        return name
    q = rnd.choice('\'"')
    return q + name.replace(q, q + q) + q


def all_fields(dtype, prefix=''):
    out = []
    for n in dtype.names or ():
        out.append(prefix + n)
        out += all_fields(dtype[n], prefix + n + '.')
    return out


def some_fields(rnd, d):
    have = all_fields(d.dtype)
    if rnd.random() > (.5 if have else .02):
        return []
    some = rnd.sample(have, min(len(have), rnd.choice([1, 1, 1, 2, 3])))
    if rnd.random() < .03 or not some:
        some.append(rnd.choice(['nothing', 'mag.', ''] + have))
    return some


def some_labels(rnd, d):
    if not d.axes or rnd.random() < .3:
        return []
    some = rnd.sample(d.axes, rnd.randint(1, min(2, len(d.axes))))
    out = [(n, rnd.choice(labels)) for n, labels in some]
    if rnd.random() < .05:
        out.append(rnd.choice([(some[0][0], 'no such'), ('nothing', '0'),
                               out[0]]))
    return out


def some_slice(rnd, d):
    labels = some_labels(rnd, d)
    named = [n for n, _ in labels]
    shape = d.whole.shape
    if labels:
        shape = [n for n, (name, _) in zip(shape, d.axes)
                 if name not in named]
    items = some_positions(rnd, shape)
    fields = some_fields(rnd, d)
    texts = [t for _, t in items]
    for n, label in labels:
        texts.insert(rnd.randint(0, len(texts)),
                     quoted(rnd, n) + blank(rnd) + '=' + quoted(rnd, label))
    at = sorted(rnd.randint(0, len(texts)) for _ in fields)
    for k, n in reversed(list(zip(at, fields))):
        texts.insert(k, quoted(rnd, n))
    if not texts:
        items, texts = [(..., '...')], ['...']
    text = '[' + ','.join(blank(rnd) + t + blank(rnd) for t in texts) + ']'
    return text, Selected(d, [p for p, _ in items], fields, labels)


def file_name(link, text, view):
    name = re.sub(rb'[/%\x00-\x1f\x7f]', lambda m: b'%%%02X' % m[0][0],
                  cells.to_bytes(link) + text.encode())
    return name + b'.' + view.encode()


# ---- judging ---------------------------------------------------------------

class Wrong(Exception):
    pass


def read_file(path, rnd):
    """All bytes, or None where there is no such file"""
    try:
        fd = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    with os.fdopen(fd, 'rb') as f:
        size = os.fstat(fd).st_size
        if size and rnd.random() < .5:
            off, n = rnd.randrange(size), rnd.randint(1, 300)
            early = off, os.pread(fd, n, off), n
        else:
            early = 0, b'', 0
        data = f.read()
    if len(data) != size:
        raise Wrong('st_size is %d, it has %d bytes' % (size, len(data)))
    if data[early[0]:early[0] + early[2]] != early[1]:
        raise Wrong('pread at %d differs' % early[0])
    if os.stat(path).st_size != size:
        raise Wrong('stat and fstat differ')
    return data


def judge_npy(data, want):
    import io
    a = np.load(io.BytesIO(data))
    if a.shape != want.array.shape:
        raise Wrong('shape %s, should be %s' % (a.shape, want.array.shape))
    if a.dtype != want.array.dtype:
        raise Wrong('dtype %s, should be %s' % (a.dtype, want.array.dtype))
    if a.nbytes and not data.endswith(want.raw):
        raise Wrong('other bytes')


def judge(view, data, want):
    if view == 'txt' and want.is_text:
        if data != cells.texts(want.array)[0]:
            raise Wrong('is %r' % data[:200])
        return
    if view == 'bin':
        if data != want.raw:
            raise Wrong('%d bytes, should be %d' % (len(data), len(want.raw))
                        if len(data) != len(want.raw) else 'other bytes')
        return
    if view == 'npy':
        return judge_npy(data, want)
    rows = cells.table(want.array, want.name, want.ndim, want.axes)
    if view == 'csv':
        if data != cells.csv(rows):
            raise Wrong('is %r, should be %r' %
                        (data[:200], cells.csv(rows)[:200]))
        return
    cells.same_txt(data, rows)


def is_there(want, view):
    return want.array is not None and (
        view == 'csv' or not want.has_pointers or
        view == 'txt' and want.is_text)


def load(fname):
    with h5py.File(fname, 'r') as f:
        return [Dataset(f[n]) for n in f]


def check(tree, fname, seed, n):
    rnd = random.Random(seed)
    sets = load(fname)
    counts = dict.fromkeys(VIEWS + ('nothing', 'empty'), 0)
    bad = 0
    start = time.time()
    for _ in range(n):
        d = rnd.choice(sets)
        if d.name == 'clash':
            continue
        text, want = some_slice(rnd, d)
        for view in VIEWS:
            if want.array is not None and view in ('csv', 'txt') and \
                    want.array.size > MOST_CELLS:
                continue
            name = file_name(d.name, text, view)
            if len(name) > 255:
                continue
            path = os.path.join(os.fsencode(tree), name)
            try:
                data = read_file(path, rnd)
                if (data is not None) != is_there(want, view):
                    raise Wrong('is not there' if data is None else
                                'is there, NumPy refuses it')
                if data is None:
                    counts['nothing'] += 1
                    continue
                judge(view, data, want)
                counts[view] += 1
                counts['empty'] += want.array.size == 0
            except (Wrong, OSError, ValueError, AssertionError) as e:
                print('WRONG %r: %s: %s' % (name, type(e).__name__, e))
                print('      dtype %s shape %s' % (d.dtype, d.whole.shape))
                bad += 1
        if bad > 20:
            break
    print('%s of %d slices in %.0f s; %d are wrong' % (
        ', '.join('%d %s' % (v, k) for k, v in counts.items()), n,
        time.time() - start, bad))
    return bad


# ---- names that mean nothing -----------------------------------------------

ALPHABET = '0123456789-+:,.[]=\'"  abmag()/%\t\x01é'


def garbage(tree, fname, seed, n):
    rnd = random.Random(seed)
    with h5py.File(fname, 'r') as f:
        links = list(f)
    there, start = 0, time.time()
    for _ in range(n):
        inner = ''.join(rnd.choice(ALPHABET)
                        for _ in range(rnd.randint(0, rnd.choice([6, 60,
                                                                  230]))))
        if rnd.random() < .5:
            inner = inner.replace('/', '').replace('%', '')
        name = rnd.choice(links) + '[' + inner.replace('/', '') + ']' * \
            (rnd.random() < .9) + rnd.choice(['.csv', '.npy', '.bin', '.txt',
                                              '.meta.json', '.png', ''])
        name = name.encode()[:255]
        try:
            os.stat(os.path.join(os.fsencode(tree), name))
            there += 1
        except FileNotFoundError:
            pass
    print('%d names in %.1f s, %d of them are there' %
          (n, time.time() - start, there))
    return 0


if __name__ == '__main__':
    if len(sys.argv) == 4 and sys.argv[1] == 'make':
        make(sys.argv[2], int(sys.argv[3]))
    elif len(sys.argv) == 6 and sys.argv[1] in ('check', 'garbage'):
        run = check if sys.argv[1] == 'check' else garbage
        sys.exit(run(*sys.argv[2:4], *map(int, sys.argv[4:])) != 0)
    else:
        sys.exit(__doc__)
