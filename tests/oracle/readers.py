#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""readers.py - what other programs read from the mount's tables

    readers.py make FILE                 a table of all that is hard to read
    readers.py check MOUNT FILES CELLS TOOL...

FILES is the directory that is mounted on MOUNT.  The csv of each data frame,
each labelled array and each table named 'torture...' is given to the tools and
what they read is compared, value for value, with what h5py reads.  A tool gets
the smallest tables, up to CELLS in all (0: every table), and only those that
it can be expected to read.  Exits with 1 if one differs, 77 if there is none
of the tools.
"""
import csv
import glob
import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import warnings

import h5py
import numpy as np

TOOLS = {}
MISSING = object()


def make(fname):
    text = h5py.string_dtype()
    f8 = [float('nan'), float('inf'), -float('inf'), -0., 0., 5e-324,
          2.2250738585072014e-308, 1.7976931348623157e308, 1e16, 1e-5, 1e15,
          123456789012345678., .1, 1 / 3, 1e22, 1e23, 9007199254740993., 3.]
    strings = ['', ' ', 'a, b', 'say "so"', '"', 'two\nlines', 'é Δ 漢',
               "o'brien", 'a\tb', ' padded ', '-', '#1', '\\n', 'x;y', '=1+1',
               'NaN?', 'tr,ue', "'"]
    n = 500
    gen = np.random.default_rng(1)
    t = np.zeros(n, [('id', '<u8'), ('i8', '>i8'), ('f8', '<f8'),
                     ('f4', '>f4'), ('f2', '<f2'), ('ok', '?'), ('e', COLOUR),
                     ('fixed', 'S20'), ('text, "v"', text), ('i1', 'i1')])
    t['id'] = gen.integers(0, 1 << 63, n, 'u8') * 2 + 1
    t['id'][:2] = 0, (1 << 64) - 1
    t['i8'] = gen.integers(-1 << 63, (1 << 63) - 1, n)
    t['i8'][:2] = -1 << 63, (1 << 63) - 1
    bits = gen.integers(0, 1 << 64, n, 'u8').view('f8')
    t['f8'] = np.where(np.isnan(bits), 1.5, bits)
    t['f8'][:len(f8)] = f8
    with np.errstate(over='ignore', invalid='ignore'):
        t['f4'] = gen.integers(0, 1 << 32, n, 'u4').view('f4')
        t['f2'] = gen.integers(0, 1 << 16, n, 'u2').view('f2')
    t['ok'] = gen.random(n) < .5
    t['e'] = gen.choice([0, 1, 2], n)
    for i in range(n):
        s = strings[i % len(strings)]
        t['fixed'][i], t['text, "v"'][i] = s.encode(), s
    t['i1'] = gen.integers(-128, 128, n)
    with h5py.File(fname, 'w') as f:
        f['torture'] = t
        numbers = np.dtype([(x, t.dtype[x]) for x in
                            ('id', 'i8', 'f8', 'f4', 'f2', 'i1')])
        a = np.zeros(n, numbers)
        for x in numbers.names:
            a[x] = t[x]
        f['torture of numbers'] = a
        f['torture alone'] = np.array(strings, object).astype(text)


COLOUR = h5py.enum_dtype({'RED': 0, 'DARK, "GREEN"': 1, 'BLUE': 2}, 'i4')


# ---- the truth -------------------------------------------------------------

class Table:
    """A csv, and where its values are; they are read when they are wanted"""

    def __init__(self, path, obj, read, cells):
        self.path, self.cells = path, cells
        self.store, self.name, self.read = obj.file.filename, obj.name, read
        self.loaded = None

    def load(self):
        if self.loaded is None:
            with h5py.File(self.store, 'r', swmr=True) as f:
                self.loaded = [(n, decoded(c)) for n, c in
                               self.read(f[self.name], self.path[:-4])]
        return self.loaded

    @property
    def names(self):
        return [n for n, _ in self.load()]

    @property
    def columns(self):
        return [c for _, c in self.load()]

    def is_quoted(self):
        with open(self.path, 'rb') as f:
            return b'"' in f.read()

    def is_numeric(self):
        return all(c.dtype.kind in 'iuf' for c in self.columns)


def decoded(a):
    enum = h5py.check_enum_dtype(a.dtype)
    if enum:
        names = {v: k for k, v in enum.items()}
        return np.array([names[v] for v in a.tolist()], object)
    if a.dtype.kind not in 'SO':
        return a
    out = np.empty(len(a), object)
    for i, x in enumerate(a.tolist()):
        if isinstance(x, np.ndarray):  # a sequence is JSON
            x = json.dumps(x.tolist(), separators=(',', ':'))
        out[i] = x.decode() if isinstance(x, bytes) else x
    return out


def labelled(dset, _):
    attrs = dict(dset.attrs)
    if 'json' in attrs:
        attrs.update(json.loads(attrs['json']))
    names = list(attrs['shape_descr'])
    labels = [attrs.get(n, s) for n, s in zip(names, dset.shape)]
    codes = np.indices(dset.shape).reshape(len(names), -1)
    out = []
    for n, x, code in zip(names, labels, codes):
        if isinstance(x, (int, np.integer)):
            out.append((n, code))
        else:
            out.append((n, np.array([str(y) for y in x], object)[code]))
    values = dset[()].ravel()
    if values.dtype.names:
        return out + [(n, values[n]) for n in values.dtype.names]
    return out + [('value', values)]


def torture(dset, _):
    a = dset[()]
    return [(n, a[n]) for n in a.dtype.names] if a.dtype.names else \
        [(dset.name[1:], a)]


def frame(group, path):
    """A column whose type this h5py is too old for comes from the mount"""
    names = group.attrs['__pdcolumns__'].split()
    cols = []
    for n in names:
        try:
            cols.append(group[n][()])
        except (OSError, KeyError, RuntimeError):
            cols.append(np.load(os.path.join(path, n) + '.npy'))
    least = min(len(c) for c in cols)
    return [(n, c[:least]) for n, c in zip(names, cols)]


def rows_of(group, name):
    try:
        return group[name].size
    except (OSError, KeyError, RuntimeError):
        return 0  # what this HDF5 is too old for


def tables_of(fname, tree):
    def visit(group, path):
        if '__pdcolumns__' in group.attrs:
            names = group.attrs['__pdcolumns__'].split()
            yield Table(path + '.csv', group, frame, len(names) *
                        max(rows_of(group, n) for n in names))
        for name in group:
            try:
                obj = group[name]
                attrs = set(obj.attrs)
            except (KeyError, OSError, RuntimeError):
                continue
            sub = os.path.join(path, name)
            if isinstance(obj, h5py.Group):
                yield from visit(obj, sub)
            elif name.startswith('torture'):
                yield Table(sub + '.csv', obj, torture,
                            obj.size * len(obj.dtype.names or 'x'))
            elif {'json', 'shape_descr'} & attrs and obj.size:
                yield Table(sub + '.csv', obj, labelled,
                            obj.size * (obj.ndim + 1))
    with h5py.File(fname, 'r', swmr=True) as f:
        yield from visit(f, tree)


def all_tables(mount, files):
    for top, _, names in os.walk(files):
        for name in sorted(names):
            path = os.path.join(top, name)
            if not h5py.is_hdf5(path):
                continue
            tree = os.path.join(mount, os.path.relpath(path, files))
            if re.search(r'calc_\d+\.hdf5$', path):
                tree = tree[:-5]
            try:
                yield from tables_of(path, tree)
            except OSError as e:
                if 'unable to open' not in str(e).lower():
                    raise


# ---- comparing -------------------------------------------------------------

def bits(a):
    """Floats so that NaN equals NaN, and -0.0 does not equal 0.0"""
    a = np.where(np.isnan(a), np.nan, a).astype(a.dtype.newbyteorder('='))
    return a.view('u%d' % a.itemsize)


def same(want, got):
    """Which of the values differ; 'got' is numbers, booleans or texts"""
    got = np.asarray(got)
    if got.dtype.kind in 'OU':
        got = from_texts(want, got.tolist())
    if want.dtype.kind == 'O' and got.dtype.kind != 'O':
        # A column of labels that look like numbers.
        want = np.array([float(x) for x in want])
    if len(got) != len(want):
        return '%d rows, not %d' % (len(got), len(want))
    if want.dtype.kind == 'f':
        with np.errstate(over='ignore'):
            wrong = bits(got.astype(want.dtype)) != bits(want)
    elif got.dtype.kind == 'f' and want.dtype.kind in 'iu':
        wrong = got != want.astype('f8')  # all numbers are doubles there
    else:
        wrong = got != want
    if not np.any(wrong):
        return None
    if np.ndim(wrong) == 0:
        return '%s instead of %s' % (got.dtype, want.dtype)
    i = int(np.nonzero(wrong)[0][0])
    return '%d differ; row %d is %r, not %r' % (wrong.sum(), i, got[i],
                                                want[i])


def from_texts(want, texts):
    kind = want.dtype.kind
    if kind == 'f':
        return np.array([float(x) for x in texts])
    if kind == 'b':
        return np.array([{'t': True, 'f': False}[x[0]] for x in texts])
    if kind in 'iu':
        return np.array([int(x) for x in texts], want.dtype)
    return np.array(texts, object)


# ---- the tools: each reads some tables, yields their columns ---------------

def tool(name, fits=lambda t: True, program=None, module=None):
    def note(read):
        TOOLS[name] = read, fits, program, module
        return read
    return note


@tool('pandas', module='pandas')
def pandas_columns(tables):
    import pandas as pd
    for t in tables:
        df = pd.read_csv(t.path, float_precision='round_trip',
                         keep_default_na=False, na_values={
                             n: ['nan'] for n, c in zip(t.names, t.columns)
                             if c.dtype.kind == 'f'},
                         dtype={n: str for n, c in zip(t.names, t.columns)
                                if c.dtype.kind == 'O'})
        assert list(df.columns) == t.names, list(df.columns)
        yield [df[n].to_numpy() for n in t.names]


@tool('loadtxt')
def loadtxt_columns(tables):
    """NumPy"""
    for t in tables:
        types, converters = [], {}
        for i, c in enumerate(t.columns):
            types.append(('f%d' % i, c.dtype.newbyteorder('=')))
            if c.dtype.kind == 'O':
                types[-1] = 'f%d' % i, 'U%d' % max(map(len, c))
            if c.dtype.kind == 'b':
                converters[i] = lambda s: s == 'true'
        a = np.loadtxt(t.path, types, delimiter=',', skiprows=1, ndmin=1,
                       comments=None, quotechar='"', encoding='utf-8',
                       converters=converters)
        yield [a[n].astype(object) if a[n].dtype.kind == 'U' else a[n]
               for n in a.dtype.names]


@tool('genfromtxt', fits=lambda t: t.is_numeric())
def genfromtxt_columns(tables):
    """NumPy's other reader"""
    for t in tables:
        types = [('f%d' % i, c.dtype.newbyteorder('='))
                 for i, c in enumerate(t.columns)]
        a = np.genfromtxt(t.path, types, delimiter=',', skip_header=1,
                          comments=None)
        yield [np.atleast_1d(a[n]) for n in a.dtype.names]


R_SCRIPT = r'''
args <- commandArgs(TRUE)
for (i in seq_along(args)) {
    # Else R skips a row that is just "", though that is no blank line.
    t <- read.csv(args[i], check.names = FALSE, blank.lines.skip = FALSE)
    out <- file(paste0(i, ".out"), "wb")
    for (n in seq_along(t)) {
        x <- t[[n]]
        text <- is.character(x)
        if (text) {
            x <- charToRaw(paste0(c(names(t)[n], x), "\036", collapse = ""))
            writeBin(c(1, length(x)), out)
            writeBin(x, out)
        } else {
            writeBin(c(0, length(x)), out)
            writeBin(as.double(x), out)
        }
    }
    close(out)
}
'''


@tool('R', program='Rscript')
def r_columns(tables):
    with tempfile.TemporaryDirectory() as d:
        with open(d + '/read.R', 'w') as f:
            f.write(R_SCRIPT)
        run(['Rscript', '--vanilla', 'read.R'] + [t.path for t in tables],
            cwd=d)
        for i, t in enumerate(tables):
            with open('%s/%d.out' % (d, i + 1), 'rb') as f:
                yield [r_column(f, c) for c in t.columns]


def r_column(f, want):
    text, n = np.frombuffer(f.read(16)).astype(int)
    if text:
        x = f.read(n).decode().split('\036')[1:-1]
        return np.array(x, object)
    x = np.frombuffer(f.read(8 * n))
    if want.dtype.kind == 'f' and want.dtype.itemsize == 8:
        # R reads a decimal number through a long double, and may miss the
        # nearest double by one.
        near = np.abs(x.view('i8') - bits(want).view('i8')) <= 1
        x = np.where(near & np.isfinite(x) & np.isfinite(want), want, x)
    return x.astype(bool) if want.dtype.kind == 'b' else x


@tool('sqlite', program='sqlite3')
def sqlite_columns(tables):
    for t in tables:
        with tempfile.TemporaryDirectory() as d:
            run(['sqlite3', d + '/db', '.import --csv "%s" t' %
                 t.path.replace('"', '\\"')])
            db = sqlite3.connect(d + '/db')
            rows = db.execute('select * from t').fetchall()
            db.close()
        yield texts_of(rows, t)


class Postgres:
    """A server of our own, in a directory that goes with it"""

    def __init__(self):
        bins = sorted(glob.glob('/usr/lib/postgresql/*/bin'))
        self.bin = bins[-1] if bins else ''
        self.dir = tempfile.mkdtemp(prefix='oqfs-pg-')
        # It will not run as root.
        self.who = ['runuser', '-u', 'postgres', '--'] \
            if os.getuid() == 0 else []
        if self.who:
            shutil.chown(self.dir, 'postgres')

    def tell(self, program, *args):
        run(self.who + [self.bin + '/' + program] + list(args), cwd='/')

    def __enter__(self):
        data = self.dir + '/data'
        self.tell('initdb', '-A', 'trust', '-U', 'us', '-D', data,
                  '--no-sync', '-E', 'UTF8')
        self.tell('pg_ctl', '-D', data, '-w', '-l', self.dir + '/log', '-o',
                  "-k %s -c listen_addresses='' -c fsync=off" % self.dir,
                  'start')
        return self

    def __exit__(self, *_):
        self.tell('pg_ctl', '-D', self.dir + '/data', '-m', 'immediate',
                  'stop')
        shutil.rmtree(self.dir, ignore_errors=True)

    def ask(self, script):
        p = subprocess.run(
            ['psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1', '-h', self.dir,
             '-U', 'us', 'postgres'], input=script.encode(),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert p.returncode == 0, p.stderr.decode()[:300]
        return p.stdout.decode()


PG_TYPES = {'f2': 'float8', 'f4': 'float4', 'f8': 'float8', 'u8': 'numeric',
            'b1': 'boolean'}


@tool('postgres', program='/usr/lib/postgresql/*/bin/postgres')
def postgres_columns(tables):
    with Postgres() as pg:
        for t in tables:
            types = [PG_TYPES.get(c.dtype.str[1:], 'text' if c.dtype.kind ==
                                  'O' else 'int8') for c in t.columns]
            names = ['"%s"' % n.replace('"', '""') for n in t.names]
            # A table has no order of its own.
            out = pg.ask("""drop table if exists t;
                create table t (%s, " row" serial);
                \\copy t (%s) from '%s' csv header
                \\copy (select %s from t order by " row") to stdout csv
                """ % (', '.join(map(' '.join, zip(names, types))),
                       ', '.join(names), t.path, ', '.join(names)))
            rows = list(csv.reader(out.splitlines(True)))
            yield texts_of(rows, t)


@tool('miller', program='mlr')
def miller_columns(tables):
    for t in tables:
        out = run(['mlr', '--icsv', '--ocsv', '--quote-all', 'cat', t.path])
        rows = list(csv.reader(out.decode().splitlines(True)))
        # Of a header alone Miller says nothing.
        assert rows[:1] in ([t.names], []), rows[0]
        yield texts_of(rows[1:], t)


def awk_columns(program, tables):
    """Floats as awk has them, which knows no nan and inf; all else as it
    stands"""
    script = '''BEGIN { FS = "," } NR > 1 {
        for (i = 1; i <= NF; i++)
            if (substr(kinds, i, 1) == "f" && $i !~ /nan|inf/)
                printf("%.17g%c", $i * 1, i < NF ? 31 : 30)
            else
                printf("%s%c", $i, i < NF ? 31 : 30) }'''
    for t in tables:
        kinds = 'kinds=' + ''.join(c.dtype.kind for c in t.columns)
        out = run([program, '-v', kinds, script, t.path]).decode()
        yield texts_of([r.split('\037') for r in out.split('\036')[:-1]], t)


@tool('gawk', program='gawk', fits=lambda t: not t.is_quoted())
def gawk_columns(tables):
    return awk_columns('gawk', tables)


@tool('mawk', program='mawk', fits=lambda t: not t.is_quoted())
def mawk_columns(tables):
    return awk_columns('mawk', tables)


def texts_of(rows, t):
    if not rows:
        return [np.array([], object)] * len(t.names)
    return [np.array(c, object) for c in zip(*rows)]


def run(argv, **kw):
    p = subprocess.run(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       **kw)
    assert p.returncode == 0, p.stderr.decode()[:300]
    return p.stdout


# ---- all of it -------------------------------------------------------------

def is_missing(program, module):
    if program and not shutil.which(program) and not glob.glob(program):
        return program
    try:
        if module:
            __import__(module)
    except ImportError:
        return module
    return None


def some(tables, fits, cells):
    """The smallest that fit, up to so many cells"""
    out, total = [], 0
    for t in sorted(tables, key=lambda t: t.cells):
        if cells and total + t.cells > cells and out:
            break
        if fits(t):
            out.append(t)
            total += t.cells
    return out


def check_tool(name, tables, cells):
    read, fits, _, _ = TOOLS[name]
    chosen = some(tables, fits, cells)
    columns = read(chosen)
    total = bad = 0
    for t in chosen:
        try:
            got = next(columns)
            assert len(got) == len(t.names), '%d columns' % len(got)
            for n, want, have in zip(t.names, t.columns, got):
                what = same(want, have)
                assert not what, '%s: %s' % (n, what)
        except (AssertionError, ValueError, KeyError, StopIteration) as e:
            print('WRONG %s: %s: %s: %s' % (name, t.path, type(e).__name__,
                                            str(e)[:300]))
            bad += 1
            if not isinstance(e, AssertionError):
                break  # of a generator that failed nothing more comes
            continue
        total += sum(map(len, t.columns))
        t.loaded = None
    print('%s: %d cells of %d tables are those of h5py, %d are wrong; '
          '%d tables were left out' % (name, total, len(chosen) - bad, bad,
                                       len(tables) - len(chosen)))
    return bad


def check(mount, files, cells, *names):
    warnings.simplefilter('ignore')  # of tables without rows
    there = []
    for n in names:
        missing = is_missing(*TOOLS[n][2:])
        if missing:
            print('%s: skipped, there is no %s' % (n, missing))
        else:
            there.append(n)
    if not there:
        return 77
    tables = list(all_tables(mount, files))
    return int(any([check_tool(n, tables, int(cells)) for n in there]))


if __name__ == '__main__':
    if len(sys.argv) == 3 and sys.argv[1] == 'make':
        make(sys.argv[2])
    elif len(sys.argv) > 5 and sys.argv[1] == 'check':
        sys.exit(check(*sys.argv[2:]))
    else:
        sys.exit(__doc__)
