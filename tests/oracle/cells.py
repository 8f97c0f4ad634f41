# SPDX-License-Identifier: MIT
"""What a NumPy array, as h5py reads it, must look like as CSV.

Nothing here knows the program under test: a *table* is a list of rows of
bytes, the first of them the header.
"""
import re

import h5py
import numpy as np

from .h5types import shortest

MAX_MATRIX_COLUMNS = 1 << 20


def to_bytes(s):
    return s if isinstance(s, bytes) else s.encode('utf-8', 'surrogateescape')


def leaves(dtype, name, top=True):
    """Columns of an element: (name, steps from the element to the value)"""
    if dtype.subdtype:
        base, dims = dtype.subdtype
        return [(col, [at] + steps) for at in np.ndindex(*dims)
                for col, steps in leaves(
                    base, name + ''.join('[%d]' % i for i in at), False)]
    names = dtype.names or (('r', 'i') if dtype.kind == 'c' else None)
    if not names:
        return [(name, [])]
    prefix = '' if top else name + '.'
    if dtype.kind == 'c':
        return [(prefix + n, [n]) for n in names]
    return [(col, [n] + steps) for n in names
            for col, steps in leaves(dtype[n], prefix + n, False)]


def dig(array, steps):
    for s in steps:
        if isinstance(s, tuple):
            array = array[(...,) + s]
        elif array.dtype.kind == 'c':
            array = array.real if s == 'r' else array.imag
        else:
            array = array[s]
    return array


def texts(array):
    """The text of each value of an array of plain values"""
    dtype, values = array.dtype, array.ravel()
    enum = h5py.check_enum_dtype(dtype)
    if enum:
        names = {v: k.encode() for k, v in enum.items()}
        return [names.get(v, b'%d' % v) for v in values.tolist()]
    if dtype.kind == 'b':
        return [b'true' if v else b'false' for v in values]
    if dtype.kind in 'iu':
        return [b'%d' % v for v in values.tolist()]
    if dtype.kind == 'f':
        if dtype.itemsize == 8:
            return [repr(v).encode() for v in values.tolist()]
        show = shortest if dtype.itemsize < 8 else str
        return [show(v).encode() for v in values]
    if dtype.kind in 'SO':
        return [to_bytes(v) for v in values.tolist()]
    if dtype.kind == 'V':
        return [v.tobytes().hex().encode() for v in values]
    raise TypeError(dtype)


def columns(array, name, ndim):
    """{header: texts} of an array whose first axes are the dataset's"""
    out = []
    for col, steps in leaves(array.dtype, name):
        out.append((to_bytes(col), texts(dig(array, steps))))
    return out


def is_single(array, ndim):
    return array.dtype.names is None and array.dtype.kind != 'c' and \
        array.ndim == ndim


def with_items(array, name, ndim):
    """As columns(), where an array type at the top is further axes"""
    if array.ndim == ndim:
        return columns(array, name, ndim)
    out = []
    for at in np.ndindex(*array.shape[ndim:]):
        col = name + ''.join('[%d]' % i for i in at)
        part = array[(slice(None),) * ndim + at + (...,)]
        out += [(to_bytes(c), texts(dig(part, s)))
                for c, s in leaves(array.dtype, col, False)]
    return out


def apart(names):
    """The names of columns, of which no two are the same"""
    taken, out = set(names), []
    for name in names:
        new, k = name, 0
        while new in out or k and new in taken:
            k += 1
            new = b'%s_%d' % (name, k)
        out.append(new)
    return out


def table(array, name, ndim=None, axes=None):
    """The rows of the CSV.  'ndim': the axes that are the dataset's; the rest
    are of an array type.  'axes': (name, labels) of each, if it has labels."""
    ndim = array.ndim if ndim is None else ndim
    shape = array.shape[:ndim]
    if ndim == 2 and not axes and is_single(array, ndim) and \
            0 < shape[1] <= MAX_MATRIX_COLUMNS:
        head = [b'c%d' % i for i in range(shape[1])]
        flat = texts(array)
        return [head] + [flat[i:i + shape[1]]
                         for i in range(0, len(flat), shape[1])]
    index = []
    if axes and ndim or ndim > 1:
        axes = axes or [('d%d' % i, range(n)) for i, n in enumerate(shape)]
        codes = np.indices(shape).reshape(ndim, -1)
        index = [(to_bytes(n), [to_bytes(str(labels[k])) for k in code])
                 for (n, labels), code in zip(axes, codes.tolist())]
        name = 'value'
    fields = with_items(array, name, ndim)
    head = apart([c for c, _ in fields + index])
    head = head[len(fields):] + head[:len(fields)]
    cols = index + fields
    return [head] + [list(r) for r in
                                     zip(*[t for _, t in cols])]


def field(text, sole):
    if re.search(rb'[,"\r\n]', text) or sole and not text.strip(b' \t'):
        return b'"' + text.replace(b'"', b'""') + b'"'
    return text


def csv(rows):
    return b''.join(b','.join(field(x, len(r) == 1) for x in r) + b'\n'
                    for r in rows)


# ---- the aligned table -----------------------------------------------------

TOKEN = re.compile(rb' *("(?:[^"\\]|\\.)*"|[^ ]+)')
ESCAPES = {b'n': b'\n', b'r': b'\r', b't': b'\t'}


def unquote(word):
    if word[:1] != b'"':
        return word
    return re.sub(rb'\\(x(..)|.)',
                  lambda m: bytes([int(m[2], 16)]) if m[2] else
                  ESCAPES.get(m[1], m[1]), word[1:-1], flags=re.S)


def quoted_width(text):
    return 2 + sum(2 if c in b'"\\\n\r\t' else 4 if c < 32 or c == 127 else 1
                   for c in text)


def txt_rows(data):
    """The rows of an aligned table, and its columns' widths; complains where
    it is not aligned"""
    lines = data.split(b'\n')
    assert lines.pop() == b'', 'no newline at the end'
    assert len({len(x) for x in lines}) == 1, 'lines differ in width'
    rows = [list(TOKEN.finditer(x)) for x in lines]
    ends = {tuple(m.end() for m in r) for r in rows}
    assert len(ends) == 1, 'columns do not end at the same place'
    ends = list(ends.pop())
    assert ends[-1] == len(lines[0]), 'something after the last column'
    widths = [b - a - 1 for a, b in zip([-1] + ends, ends)]
    return [[unquote(m[1]) for m in r] for r in rows], widths


def same_txt(data, want):
    """Complains where the aligned table is not these rows; text that is too
    wide for its column in quotes may be cut there"""
    got, widths = txt_rows(data)
    assert len(got) == len(want), '%d rows, not %d' % (len(got), len(want))
    for r, (a, b) in enumerate(zip(got, want)):
        if a == b:
            continue
        assert len(a) == len(b), 'row %d: %r, not %r' % (r, a, b)
        for x, y, w in zip(a, b, widths):
            assert x == y or x[-1:] == b'~' and y.startswith(x[:-1]) and \
                quoted_width(y) > w, 'row %d: %r, not %r' % (r, x, y)
