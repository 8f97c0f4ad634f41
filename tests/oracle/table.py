# SPDX-License-Identifier: MIT
"""What the CSV view of a dataset must say, and whether it does."""
import random

from . import h5types as types, rfc4180
from .names import to_bytes

FULL = 20000    # cells up to which every cell is compared
SAMPLE = 3000   # about how many are compared above


class Elements:
    """A dataset's elements: by their bytes, or as decoded values."""

    def __init__(self, t, raw=None, values=None):
        self.t, self.raw, self.values = t, raw, values

    def known(self, i):
        return self.raw is not None or i < len(self.values)

    def leaf(self, i, leaf):
        _, t, off, path = leaf
        if self.raw is None:
            return types.dig(self.values[i], path)
        at = i * self.t['size'] + off
        return types.decode(t, self.raw[at:at + t['size']])


def count(shape):
    n = 1
    for d in shape:
        n *= d
    return n


def layouts(t, shape, name, labelled):
    """Right layouts: (index columns, names or None for any, leaves, per row)"""
    rank = len(shape)
    multi = t['class'] in ('compound', 'array')
    leaves = types.leaves(t, name)
    out = []
    if rank <= 1:
        out.append(([], [x[0] for x in leaves], leaves, 1))
    if rank == 2 and len(leaves) == 1:
        out.append(([], ['c%d' % i for i in range(shape[1])], leaves, shape[1]))
    if rank > 2 or rank == 2 and multi:
        index = ['d%d' % i for i in range(rank)]
        for base in ('value', name):
            names = [x[0] for x in types.leaves(t, base)]
            if len(leaves) == 1 and not multi:
                names = ['value']
            out.append((index, names, leaves, 1))
    if labelled and rank:
        names = [x[0] for x in types.leaves(t, 'value')]
        out.append(([None] * rank, names, leaves, 1))
    return out


def fits(header, layout):
    index, names = layout[0], layout[1]
    want = index + names
    return len(header) == len(want) and all(
        w is None or h == to_bytes(w) for h, w in zip(header, want))


def check(data, name, t, shape, elements, refs, labelled=False, seed=0):
    """Complaints about a CSV view (at most 3), and how many rows were seen."""
    null = shape is None
    if null:
        shape = (0,)
    try:
        if data.count(b'"') == 0 or len(data) < 16 << 20:
            rows = rfc4180.parse(data)
        else:
            return [], 0
    except rfc4180.Bad as e:
        return ['not RFC 4180: %s' % e], 0
    if types.count_leaves(t) == 0:
        return [], 0
    forms = layouts(t, shape, name, labelled)
    npoints = count(shape)
    if len(shape) == 2 and 0 in shape or not rows and npoints == 0:
        return ([], 0) if len(rows) <= shape[0] + 1 else \
            (['%d rows for no elements' % len(rows)], 0)
    if not rows:
        return ['no header'], 0
    good = [x for x in forms if fits(rows[0], x)]
    if not good:
        want = forms[0][0] + forms[0][1]
        return ['header is %s, should be %s' % (short(rows[0]), short(want))], 0
    if null and [set(r) for r in rows[1:]] in ([], [{b''}]):
        return [], 0
    index, _, leaves, per_row = good[0]
    nrows = npoints // per_row if per_row else 0
    if len(rows) - 1 != nrows:
        return ['%d rows, should be %d' % (len(rows) - 1, nrows)], 0
    width = len(index) + len(leaves) * per_row
    cells = nrows * width
    if cells <= FULL:
        which = range(nrows)
    else:
        rnd = random.Random(seed)
        n = max(SAMPLE // width, 20)
        which = sorted(set(range(min(nrows, n // 4)))
                       | set(range(max(0, nrows - n // 4), nrows))
                       | {rnd.randrange(nrows) for _ in range(n // 2)})
    bad = []
    for r in which:
        row = rows[r + 1]
        if len(row) != width:
            bad.append('row %d has %d fields, not %d' % (r, len(row), width))
        else:
            bad += check_row(row, r, index, leaves, per_row, shape, elements,
                             refs)
        if len(bad) >= 3:
            break
    return bad, len(which)


def check_row(row, r, index, leaves, per_row, shape, elements, refs):
    bad = []
    rest = r
    for k in reversed(range(len(index))):
        if index[k] and row[k] != b'%d' % (rest % shape[k]):
            bad.append('row %d: index %s is %r' % (r, index[k], row[k][:20]))
        rest //= shape[k]
    at = len(index)
    for e in range(r * per_row, (r + 1) * per_row):
        for leaf in leaves:
            if elements.known(e):
                what = types.cell(leaf[1], elements.leaf(e, leaf), row[at],
                                  refs)
                if what:
                    bad.append('row %d, %s: %s' % (r, leaf[0] or at, what))
                    if len(bad) > 2:
                        return bad
            at += 1
    return bad


def short(names):
    s = ','.join(x.decode('utf-8', 'replace') if isinstance(x, bytes)
                 else str(x) for x in names[:12])
    return s[:100] + ('...' if len(s) > 100 or len(names) > 12 else '')


# ---- a writer of our own, to test the judge with ---------------------------

def text(t, v):
    c = t['class']
    if c == 'string':
        return types.value_bytes(v)
    if c == 'float':
        s = types.float_text(t, v)
        if s is None:
            x = types.float_value(t, *types.float_parts(
                t, bytes.fromhex(v['hex'])))
            s = x if isinstance(x, str) else decimal(x)
        return s.encode()
    if c == 'enum':
        return to_bytes(types.enum_names(t, v)[0]) if not isinstance(v, dict) \
            else b'?'
    if c == 'vlen':
        return to_json(t, v).encode()
    if isinstance(v, dict):
        if c == 'bitfield':
            return b'%d' % types.bits(t, bytes.fromhex(v['hex']))
        return v['hex'].encode()
    return str(v).encode()


def decimal(x):
    """A Fraction whose denominator is a power of two, as a decimal."""
    k = x.denominator.bit_length() - 1
    return '%de-%d' % (x.numerator * 5 ** k, k)


def to_json(t, v):
    import json
    c = t['class']
    if v is None:
        return 'null'
    if c in ('vlen', 'array'):
        return '[%s]' % ','.join(to_json(t['base'], x) for x in v)
    if c == 'compound':
        return '{%s}' % ','.join('%s:%s' % (json.dumps(m['name']),
                                            to_json(m['type'], x))
                                 for m, x in zip(t['members'], v))
    s = text(t, v).decode('utf-8', 'replace')
    if c == 'float':
        return {'nan': 'NaN', 'inf': 'Infinity', '-inf': '-Infinity'}.get(s, s)
    return s if c in ('integer', 'bitfield') else json.dumps(s)


def render(name, t, shape, elements):
    """The CSV as the contract has it; elements must all be known."""
    shape = (0,) if shape is None else tuple(shape)
    index, names, leaves, per_row = layouts(t, shape, name, False)[0]
    out = [[to_bytes(x) for x in index + names]]
    for r in range(count(shape) // per_row if per_row else 0):
        row, rest = [], r
        for k in reversed(range(len(index))):
            row.insert(0, b'%d' % (rest % shape[k]))
            rest //= shape[k]
        for e in range(r * per_row, (r + 1) * per_row):
            row += [text(x[1], elements.leaf(e, x)) for x in leaves]
        out.append(row)
    return b''.join(b','.join(rfc4180.write_field(f, len(row) == 1)
                              for f in row) + b'\n' for row in out)
