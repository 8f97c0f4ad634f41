# SPDX-License-Identifier: MIT
"""What the Parquet view of a dataset must say, and whether it does.

The files are read by hyparquet, in one process for all (cells.mjs).
"""
import json
import os
import random
import socket
import subprocess
from fractions import Fraction

from . import h5types as types, table

MODULES = os.path.join(os.environ.get('XDG_CACHE_HOME') or
                       os.path.expanduser('~/.cache'), 'oqfs/npm')
NO_SUCH_NUMBERS = 'numbers that Parquet has not'
SERVER = os.path.join(os.path.dirname(__file__), 'cells.mjs')


class Reader:
    """A reader of others; 'why' says what is missing for it."""

    def __init__(self, where):
        self.process, self.why, self.peer = None, '', None
        self.at = os.path.join(where, 'cells')
        if not os.path.exists(os.path.join(MODULES, 'done')):
            self.why = 'no hyparquet: contrib/setup npm'
            return
        try:
            self.process = subprocess.Popen(
                ['node', SERVER, MODULES, self.at], stdout=subprocess.PIPE)
        except OSError:
            self.why = 'no node'
            return
        if self.process.stdout.readline() != b'ready\n':
            self.why = 'hyparquet does not start'

    def columns(self, path):
        """[(name, cells)], or raises ValueError with the reader's words."""
        if self.peer is None:
            peer = socket.socket(socket.AF_UNIX)
            peer.connect(self.at)
            self.peer = peer.makefile('rwb')
        self.peer.write(os.fsencode(path).hex().encode() + b'\n')
        self.peer.flush()
        got = json.loads(self.peer.readline())
        if 'error' in got:
            raise ValueError(got['error'])
        return got['columns']

    def close(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()


def as_bytes(got):
    if isinstance(got, dict):
        return bytes.fromhex(got['hex'])
    return got.encode('utf-8', 'surrogateescape') if isinstance(got, str) \
        else None


def wrong(got, want):
    return 'is %s, should be %s' % (str(got)[:80], str(want)[:80])


def number(t, v, got):
    """A float: the very value."""
    if isinstance(v, dict):
        v = types.float_value(t, *types.float_parts(
            t, bytes.fromhex(v['hex'])))
    if isinstance(v, str):
        return None if got == v else wrong(got, v)
    if got in ('nan', 'inf', '-inf') or not isinstance(got, (int, float, str)):
        return wrong(got, v)
    if Fraction(float(got)) != Fraction(v):
        return wrong(got, v)
    return None


def moment(text):
    """A date-time as JavaScript tells it, which knows milliseconds."""
    if not text:
        return None
    day, _, clock = text.partition('T')
    day += '-01' * (2 - day.lstrip('-').count('-'))
    clock, _, part = clock.partition('.')
    clock += ':00' * (2 - clock.count(':')) if clock else '00:00:00'
    return '%sT%s.%sZ' % (day, clock, (part + '000')[:3])


def value(t, v, got, refs):
    """Judge one cell: None if right, else a complaint."""
    c = t['class']
    if c == 'float':
        return number(t, v, got)
    if c == 'integer':
        return None if got == str(v) else wrong(got, v)
    if c in ('bitfield', 'time'):
        if c == 'bitfield':
            v = types.bits(t, bytes.fromhex(v['hex']))
        elif isinstance(got, float):
            return None     # PyTables' seconds: see pytimes.py
        else:
            v = int(got)    # of which the manifest says nothing
        return None if got == str(v) else wrong(got, v)
    if c == 'enum':
        if isinstance(v, dict):
            return None
        if isinstance(got, bool):
            return None if types.is_bool(t) and got == (v != 0) \
                else wrong(got, v)
        text = as_bytes(got)
        names = [n.encode('utf-8', 'surrogateescape')
                 for n in types.enum_names(t, v)]
        return None if text in names else wrong(got, names)
    if c == 'string':
        want = types.value_bytes(v)
        return None if as_bytes(got) == want else wrong(got, want)
    if c == 'opaque':
        raw = bytes.fromhex(v['hex'])
        text = types.numpy_time(t, raw)
        if text is not None:
            want = moment(text) if '[' in t['tag'] and 'M8' in t['tag'] \
                else text or None
            return None if got in (want, text or None) else wrong(got, want)
        return None if as_bytes(got) == raw else wrong(got, raw.hex())
    if c == 'vlen' and isinstance(got, list):
        return sequence(t, v, got, refs)
    if isinstance(got, (str, dict)):
        return types.cell(t, v, as_bytes(got), refs)
    return wrong(got, v)


def sequence(t, v, got, refs):
    n = len(v)
    if v and isinstance(v[-1], dict) and 'truncated_from' in v[-1]:
        n, v = v[-1]['truncated_from'], v[:-1]
    if len(got) != n:
        return '%d items, should be %d' % (len(got), n)
    for x, y in zip(v, got):
        bad = value(t['base'], x, y, refs)
        if bad:
            return bad
    return None


def choose(nrows, width):
    if nrows * width <= table.FULL:
        return range(nrows)
    rnd = random.Random(nrows)
    n = max(table.SAMPLE // width, 20)
    return sorted(set(range(min(nrows, n // 4)))
                  | set(range(max(0, nrows - n // 4), nrows))
                  | {rnd.randrange(nrows) for _ in range(n // 2)})


def names_fit(got, layout):
    want = layout[0] + layout[1]
    return len(got) == len(want) and all(
        w is None or g == escape(w) for g, w in zip(got, want))


def escape(name):
    """Names that are not UTF-8 have what is not ASCII as %XX."""
    raw = name.encode('utf-8', 'surrogateescape')
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return ''.join(chr(b) if b < 128 and b != 37 else '%%%02X' % b
                       for b in raw)


def check(columns, name, t, shape, elements, refs, labelled=False):
    """Complaints about what was read (at most 3); cells seen, columns seen."""
    null = shape is None
    shape = (0,) if null else shape
    forms = table.layouts(t, shape, name, labelled)
    got = [n for n, _ in columns]
    if len(shape) == 2 and 0 in shape:
        return ['cells of no elements' for _, c in columns if c], 0
    good = [x for x in forms if names_fit(got, x)]
    if not good:
        return ['columns are %s, should be %s'
                % (table.short(got), table.short(forms[0][0] + forms[0][1]))], 0
    index, _, leaves, per_row = good[0]
    nrows = table.count(shape) // per_row if per_row else 0
    for n, cells in columns:
        if len(cells) != nrows:
            return ['%s has %d rows, should have %d' % (n, len(cells), nrows)], 0
    bad, seen = [], 0
    for r in choose(nrows, max(1, len(columns))):
        rest = r
        for k in reversed(range(len(index))):
            if index[k] and columns[k][1][r] != str(rest % shape[k]):
                bad.append('row %d: index %s is %r' % (r, index[k],
                                                       columns[k][1][r]))
            rest //= shape[k]
        for i, (_, cells) in enumerate(columns[len(index):]):
            e, leaf = r * per_row + i // len(leaves), leaves[i % len(leaves)]
            if elements.known(e):
                seen += 1
                what = value(leaf[1], elements.leaf(e, leaf), cells[r], refs)
                if what:
                    bad.append('row %d, %s: %s' % (r, leaf[0], what))
        if len(bad) > 2:
            break
    return bad[:3], seen


def unholdable(t):
    """Does Parquet have no such numbers?"""
    def odd(x):
        if x['class'] in ('integer', 'bitfield', 'time'):
            return x.get('precision', 1) > 64
        if x['class'] != 'float':
            return False
        _, _, esize, _, msize = x['fields']
        return msize + (x['norm'] == 0) > 53 or esize > 11

    if t['class'] == 'compound':
        return any(unholdable(m['type']) for m in t['members'])
    if t['class'] == 'array':
        return unholdable(t['base'])
    return odd(t)
