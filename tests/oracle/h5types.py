# SPDX-License-Identifier: MIT
"""HDF5 types as the manifests describe them: decode, print and judge values.

Nothing here knows the program under test.  A *value* is what the manifests
hold: int, float or 'nan'/'inf'/'-inf', str, {'hex': ...}, None, or a list
(compound: one per member; array and vlen: one per item).
"""
import json
import re
import struct
from fractions import Fraction

import numpy as np

from oracle import dates

IEEE = {(2, (15, 10, 5, 0, 10)): ('e', np.float16),
        (4, (31, 23, 8, 0, 23)): ('f', np.float32),
        (8, (63, 52, 11, 0, 52)): ('d', None)}


def is_vl(t):
    """Has this type a part of variable length?"""
    c = t['class']
    return (c == 'vlen' or c == 'string' and t['vlen']
            or c == 'array' and is_vl(t['base'])
            or c == 'compound' and any(is_vl(m['type']) for m in t['members']))


def any_class(t, test):
    """Does test hold for t or a type inside it?"""
    if test(t):
        return True
    if t['class'] == 'compound':
        return any(any_class(m['type'], test) for m in t['members'])
    return t['class'] in ('array', 'vlen', 'enum') and any_class(t['base'], test)


def has_ref(t):
    return any_class(t, lambda x: x['class'] == 'reference')


def has_new_ref(t):
    return any_class(t, lambda x: x['class'] == 'reference'
                     and x['ref'] not in ('object', 'region'))


def has_odd(t):
    """Has it a class that this oracle does not know?"""
    known = ('integer', 'float', 'time', 'string', 'bitfield', 'opaque',
             'compound', 'reference', 'enum', 'vlen', 'array')
    return any_class(t, lambda x: x['class'] not in known)


def is_fixed(t):
    """Is it a type with views .bin and .npy?"""
    return not is_vl(t) and not has_ref(t)


def ieee(t):
    k = IEEE.get((t['size'], tuple(t['fields'])))
    if k and t['order'] in ('LE', 'BE') and t['norm'] == 0:
        return ('<' if t['order'] == 'LE' else '>') + k[0], k[1]
    return None


def little(t, b):
    """The bytes of an atomic element, least significant first."""
    if t['order'] == 'BE':
        return b[::-1]
    if t['order'] == 'VAX':
        return b''.join(b[i:i + 2] for i in range(len(b) - 2, -1, -2))
    return b


def bits(t, b):
    u = int.from_bytes(little(t, b), 'little')
    return u >> t.get('offset', 0) & (1 << t['precision']) - 1


def to_int(t, b):
    v = bits(t, b)
    p = t['precision']
    return v - (1 << p) if t.get('signed') and v >> p - 1 & 1 else v


def float_parts(t, b):
    """(sign, exponent field, mantissa field) of a float of any make."""
    u = int.from_bytes(little(t, b), 'little')
    spos, epos, esize, mpos, msize = t['fields']
    return (u >> spos & 1, u >> epos & (1 << esize) - 1,
            u >> mpos & (1 << msize) - 1)


def float_value(t, s, e, m):
    """Fraction, or 'nan', 'inf', '-inf'."""
    esize, msize = t['fields'][2], t['fields'][4]
    bias = t['ebias']
    implied = t['norm'] == 0
    if e == (1 << esize) - 1:
        frac = m if implied else m & (1 << msize - 1) - 1
        return 'nan' if frac else '-inf' if s else 'inf'
    if implied:
        exp = (e or 1) - bias - msize
        m += (1 << msize) if e else 0
    else:
        exp = (e or 1) - bias - (msize - 1)
    v = Fraction(m) * (Fraction(2) ** exp)
    return -v if s else v


def string_bytes(t, b):
    if t['strpad'] == 'nullterm':
        return b.split(b'\0', 1)[0]
    return b.rstrip(b'\0' if t['strpad'] == 'nullpad' else b' \0')


def text_value(b):
    try:
        return b.decode('utf-8')
    except UnicodeDecodeError:
        return {'hex': b.hex()}


def value_bytes(v):
    if v is None:
        return b''
    if isinstance(v, dict):
        return bytes.fromhex(v['hex'])
    return v.encode('utf-8', 'surrogateescape')


def decode(t, b):
    """The value of one element of a type of fixed size."""
    c = t['class']
    if c == 'integer':
        return to_int(t, b)
    if c == 'enum' and t['base']['class'] == 'integer':
        return to_int(t['base'], b)
    if c == 'float':
        k = ieee(t)
        if k:
            x = struct.unpack(k[0], b)[0]
            return ('nan' if x != x else 'inf' if x == np.inf
                    else '-inf' if x == -np.inf else x)
        return {'hex': b.hex()}
    if c == 'string':
        return text_value(string_bytes(t, b))
    if c == 'array':
        n = t['base']['size']
        return [decode(t['base'], b[i:i + n]) for i in range(0, t['size'], n)]
    if c == 'compound':
        return [decode(m['type'],
                       b[m['offset']:m['offset'] + m['type']['size']])
                for m in t['members']]
    return {'hex': b.hex()}


def leaves(t, name, off=0, top=True):
    """Columns of a table of this type: (name, type, offset, index path)."""
    out = []

    def walk(t, name, off, path):
        if t['class'] == 'compound':
            for i, m in enumerate(t['members']):
                walk(m['type'], (name + '.' if name else '') + m['name'],
                     off + m['offset'], path + (i,))
        elif t['class'] == 'array':
            n = 1
            for d in t['dims']:
                n *= d
            for i in range(n):
                idx, rest = '', i
                for d in reversed(t['dims']):
                    idx, rest = '[%d]%s' % (rest % d, idx), rest // d
                walk(t['base'], name + idx, off + i * t['base']['size'],
                     path + (i,))
        else:
            out.append((name, t, off, path))

    walk(t, '' if t['class'] == 'compound' and top else name, off, ())
    return out


def count_leaves(t):
    """len(leaves(t)), without making them."""
    if t['class'] == 'compound':
        return sum(count_leaves(m['type']) for m in t['members'])
    if t['class'] == 'array':
        n = 1
        for d in t['dims']:
            n *= d
        return n * count_leaves(t['base'])
    return 1


def dig(v, path):
    for i in path:
        v = v[i]
    return v


def is_bool(t):
    return (t['class'] == 'enum'
            and sorted(map(tuple, t['values'])) == [('FALSE', 0), ('TRUE', 1)])


def enum_names(t, v):
    if is_bool(t) and v in (0, 1):
        return ['true' if v else 'false']
    return [n for n, x in t['values'] if x == v] or [str(v)]


# ---- floats as text --------------------------------------------------------

def shortest(x):
    """The shortest text that reads back as a float of NumPy's, laid out as
    Python lays out its own: what str() makes differs between NumPys."""
    if not np.isfinite(x) or x == 0:
        return repr(float(x))
    text = np.format_float_scientific(x, trim='-', exp_digits=2)
    if -4 <= int(text.split('e')[1]) < 16:
        return np.format_float_positional(x, trim='0')
    return text


def float_text(t, v):
    """The one right text of an IEEE float; None where it is of another make."""
    if isinstance(v, str):
        return v
    k = ieee(t)
    if not k:
        return None
    return repr(float(v)) if k[1] is None else shortest(k[1](v))


def float_reads_back(t, v, text):
    """Does text, rounded to the stored type, give the stored value?"""
    if isinstance(v, str):
        return text.lower() in ({'nan': ('nan',), 'inf': ('inf', 'infinity'),
                                 '-inf': ('-inf', '-infinity')}[v])
    if ieee(t):
        try:
            x = float(text)
        except ValueError:
            return False
        k = ieee(t)[1]
        with np.errstate(over='ignore'):
            same = x == v if k is None else k(x) == k(v)
        return bool(same) and (v != 0 or str(x)[0] == str(float(v))[0])
    s, e, m = float_parts(t, bytes.fromhex(v['hex']))
    x = float_value(t, s, e, m)
    if isinstance(x, str):
        return float_reads_back(t, x, text)
    if not re.fullmatch(r'[-+]?[0-9.]+(e[-+]?[0-9]+)?', text):
        return False
    got = Fraction(text)
    if got == x:
        return True
    esize, msize = t['fields'][2], t['fields'][4]
    near = []
    for step in (-1, 1):
        u = (e << msize | m) + step
        if 0 <= u < ((1 << esize) - 1) << msize:
            y = float_value(t, s, u >> msize, u & (1 << msize) - 1)
            near.append(abs(got - y))
    return all(abs(got - x) <= d for d in near)


# ---- one field of a CSV ----------------------------------------------------

class Refs:
    """What the references of one file lead to."""

    def __init__(self, manifest=None):
        self.paths = {}
        if manifest:
            by_oid = {}
            for o in manifest['objects']:
                if 'path' in o:
                    by_oid.setdefault(o['oid'], set()).add(o['path'])
            for link in manifest['links']:
                if 'oid' in link:
                    by_oid.setdefault(link['oid'], set()).add(link['path'])
            for o in manifest['objects']:
                self.paths[o['addr']] = by_oid.get(o['oid'], set())
            self.size = manifest['superblock']['sizes'][0]

    def right(self, t, v, text):
        """True, False, or None where nobody can tell."""
        raw = bytes.fromhex(v['hex'])
        if t['ref'] != 'object':
            return None
        addr = int.from_bytes(raw[:self.size], 'little')
        if addr == 0 or raw[:self.size] == b'\xff' * self.size:
            return text in ('', 'null')
        if addr not in self.paths:
            return None
        return text in self.paths[addr] or not self.paths[addr]


def numpy_time(t, raw):
    """The text of what h5py stores of NumPy's date-times; None: it is none"""
    m = re.fullmatch(r'NUMPY:([<>]?)([Mm])8(?:\[(\d*)(\w+)\])?',
                     t.get('tag', ''))
    if not m or len(raw) != 8:
        return None
    v = int.from_bytes(raw, 'big' if m[1] == '>' else 'little', signed=True)
    if m[4] and m[2] == 'M':
        return dates.moment(v, (int(m[3] or 1), m[4]))
    return '' if v == dates.NAT else str(v)


def cell(t, v, text, refs):
    """Judge one CSV field, given as bytes: None if right, else a complaint."""
    c = t['class']
    if c == 'string':
        return None if text == value_bytes(v) else \
            'is %r, should be %r' % (text[:80], value_bytes(v)[:80])
    s = text.decode('utf-8', 'surrogateescape')
    if c == 'integer':
        return None if s == str(v) else 'is %s, should be %s' % (s[:80], v)
    if c == 'enum':
        if isinstance(v, dict):
            return None
        names = enum_names(t, v)
        return None if s in names else 'is %s, should be %s' % (s[:80], names)
    if c == 'float':
        want = float_text(t, v)
        if s == want:
            return None
        if not float_reads_back(t, v, s):
            return 'is %s, should be %s' % (s[:80], want or v)
        return 'right value in the wrong form: is %s, should be %s' \
            % (s, want) if want else None
    if c == 'vlen':
        try:
            return match(t, v, loads(s), refs)
        except ValueError:
            return 'is no JSON: %s' % s[:80]
    if c == 'reference':
        return 'is %r, leads elsewhere' % s[:80] \
            if refs.right(t, v, s) is False else None
    raw = bytes.fromhex(v['hex'])
    if c == 'opaque' and numpy_time(t, raw) is not None:
        want = numpy_time(t, raw)
        return None if s == want else 'is %s, should be %s' % (s[:80], want)
    if c == 'opaque':
        return None if s == raw.hex() else \
            'is %s, should be %s' % (s[:80], raw.hex()[:80])
    if c == 'bitfield':
        n = bits(t, raw)
        return None if s in (str(n), hex(n), raw.hex()) else \
            'is %s, should be %d' % (s[:80], n)
    return None if s else 'is empty'


def wrong_kind(complaint):
    return complaint.startswith('right value in the wrong form')


# ---- JSON ------------------------------------------------------------------

class Num(str):
    """A JSON number, as it was written."""


def loads(text):
    return json.loads(text, parse_float=Num, parse_int=Num, parse_constant=Num)


def match(t, v, j, refs):
    """Judge a JSON value: None if right, else a complaint."""
    c = t['class']
    short = str(j)[:80]
    if c == 'integer':
        return None if isinstance(j, Num) and j == str(v) else \
            'is %s, should be %s' % (short, v)
    if c == 'float':
        if not isinstance(j, Num):
            return 'is %s, should be %s' % (short, v)
        s = {'NaN': 'nan', 'Infinity': 'inf', '-Infinity': '-inf'}.get(j, j)
        if not float_reads_back(t, v, s):
            return 'is %s, should be %s' % (short, v)
        want = float_text(t, v)
        return 'right value in the wrong form: is %s, should be %s' \
            % (s, want) if want and s != want else None
    if c == 'string':
        if v is None:
            return None if j in (None, '') else 'is %s, should be null' % short
        if isinstance(v, dict):
            return None if isinstance(j, str) else 'is %s, no text' % short
        same = isinstance(j, str) and not isinstance(j, Num) and j == v
        return None if same else 'is %s, should be %r' % (short, v[:80])
    if c == 'enum':
        if isinstance(v, dict):
            return None
        names = enum_names(t, v)
        s = {True: 'true', False: 'false'}[j] if isinstance(j, bool) else j
        return None if s in names else 'is %s, should be %s' % (short, names)
    if c == 'compound':
        if not isinstance(j, dict):
            return 'is %s, should be an object' % short
        for m, x in zip(t['members'], v):
            if m['name'] not in j:
                return 'has no member %s' % m['name']
            bad = match(m['type'], x, j[m['name']], refs)
            if bad:
                return '%s %s' % (m['name'], bad)
        return None
    if c in ('array', 'vlen'):
        if not isinstance(j, list):
            return 'is %s, should be a list' % short
        flat = flatten(j, len(t['dims']) if c == 'array' else 1)
        n = len(v)
        if v and isinstance(v[-1], dict) and 'truncated_from' in v[-1]:
            n, v = v[-1]['truncated_from'], v[:-1]
        if c == 'array':
            n = t['size'] // t['base']['size'] if t['base']['size'] else 0
        if len(flat) != n:
            return 'has %d items, should have %d' % (len(flat), n)
        for x, y in zip(v, flat):
            bad = match(t['base'], x, y, refs)
            if bad:
                return bad
        return None
    if c == 'reference':
        if isinstance(j, dict):
            return None
        return 'is %s, leads elsewhere' % short \
            if refs.right(t, v, '' if j is None else str(j)) is False else None
    bad = cell(t, v, ('' if j is None else str(j)).encode(), refs)
    return bad


def flatten(j, rank):
    if rank <= 1 or not isinstance(j, list):
        return j if isinstance(j, list) else [j]
    return [y for x in j for y in flatten(x, rank - 1)]
