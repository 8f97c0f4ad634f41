# SPDX-License-Identifier: MIT
"""What .npy has of numbers that NumPy does not have, from their own bits.

The rule that is held here: an integer or a float that NumPy has no type for is
there as the smallest that is not smaller and holds all of its values (of 8
bytes at most); a compound with any is packed.  What nothing holds stays.
"""
from fractions import Fraction

import numpy as np

from . import h5types as types

NUMBERS = ('integer', 'bitfield', 'time', 'float')


def order(t):
    return '>' if t['order'] == 'BE' else '<'


def is_x87(t):
    return t['size'] == 16 and t['precision'] == 80 and t['order'] == 'LE'


def all_finite(t):
    """The small floats without infinity of the Open Compute Project."""
    return t['size'] == 1 and t.get('offset', 0) == 0 and t['norm'] == 0 and \
        (tuple(t['fields']), t['ebias']) in (
            ((7, 3, 4, 0, 3), 7), ((5, 2, 3, 0, 2), 3),
            ((5, 3, 2, 0, 3), 1), ((3, 1, 2, 0, 1), 1))


def float_value(t, raw):
    s, e, m = types.float_parts(t, raw)
    bits, top = t['fields'][4], (1 << t['fields'][2]) - 1
    if e == top and all_finite(t) and not (bits == 3 and top == 15 and m == 7):
        v = Fraction((1 << bits | m) * 2 ** (e - t['ebias'])) / 2 ** bits
        return -v if s else v
    return types.float_value(t, s, e, m)


def exact(v, n):
    """Does a float of n bytes hold this number?"""
    try:
        x = float(v)
    except OverflowError:
        return False
    if Fraction(x) != v:
        return False
    with np.errstate(over='ignore'):
        return float(np.dtype('f%d' % n).type(x)) == x


def holds(t, n):
    """The ends of each range, with the longest and the shortest mantissas."""
    if t['class'] != 'float':
        return t['precision'] <= 64
    ebits, mbits = t['fields'][2], t['fields'][4]
    if ebits > 15 or mbits > 64:
        return False
    top = (1 << ebits) - 1
    ends = {0, min(1, top), top // 2, max(top - 1, 0)}
    return all(exact(v, n) for e in ends for m in (0, 1, (1 << mbits) - 1)
               for v in [types.float_value(t, 0, e, m)]
               if not isinstance(v, str))


def number(t):
    """NumPy's type of a widened number; None of all others."""
    if t['class'] == 'enum':
        t = t['base']
    if t['class'] not in NUMBERS:
        return None
    if t['class'] == 'float':
        if types.ieee(t) or is_x87(t):
            return None
        kind, least = 'f', 2
    else:
        if t['size'] in (1, 2, 4, 8) and t['precision'] == 8 * t['size'] and \
                t['order'] != 'VAX':
            return None
        signed = t.get('signed') or t['class'] == 'time'
        kind, least = 'i' if signed else 'u', 1
    for n in (1, 2, 4, 8):
        if n >= least and (n >= t['size'] or n == 8) and holds(t, n):
            return np.dtype('%s%s%d' % (order(t), kind, n))
    return None


def has(t):
    """Is there a widened number in this type, and can NumPy name it?"""
    if t['class'] == 'array':
        return has(t['base'])
    if t['class'] != 'compound':
        return number(t) is not None
    m = sorted(t['members'], key=lambda x: x['offset'])
    names = {x['name'] for x in m}
    apart = all(a['offset'] + a['type']['size'] <= b['offset']
                for a, b in zip(m, m[1:]))
    return bool(m) and '' not in names and len(names) == len(m) and apart \
        and any(has(x['type']) for x in m)


def value(t, raw):
    if t['class'] == 'enum':
        t = t['base']
    if t['class'] != 'float':
        u = types.bits(t, raw)
        signed = t.get('signed') or t['class'] == 'time'
        return u - (1 << t['precision']) \
            if signed and u >> t['precision'] - 1 else u
    v = float_value(t, raw)
    zero = v == 0 and types.float_parts(t, raw)[0]
    return -0.0 if zero else float(v)


def complaint(t, raw, a):
    """Is this what the elements at raw are to NumPy?  None if so."""
    if t['class'] == 'array':
        return complaint(t['base'], raw, a)
    if t['class'] == 'compound' and has(t):
        if a.dtype.kind == 'c':
            a = {'r': a.real, 'i': a.imag}
        elif a.dtype.names is None:
            return 'has no fields'
        for m in t['members']:
            size, at = m['type']['size'], m['offset']
            part = b''.join(raw[i + at:i + at + size]
                            for i in range(0, len(raw), t['size']))
            bad = complaint(m['type'], part, a[m['name']])
            if bad:
                return '%s: %s' % (m['name'], bad)
        return None
    if t['class'] == 'compound' or number(t) is None:
        return None if a.tobytes() == raw else 'other bytes'
    want = np.array([value(t, raw[i:i + t['size']])
                     for i in range(0, len(raw), t['size'])], number(t))
    if a.dtype != want.dtype:
        return 'is %s, should be %s' % (a.dtype, want.dtype)
    got = a.ravel()
    nan = want != want
    same = (got != got)[nan].all() and \
        got[~nan].tobytes() == want[~nan].tobytes()
    return None if same else 'other numbers'
