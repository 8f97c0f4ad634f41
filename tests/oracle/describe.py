# SPDX-License-Identifier: MIT
"""A manifest of a file of our own, as h5py on Debian's HDF5 reads it."""
import hashlib
import math

import h5py
import numpy as np
from h5py import h5a, h5d, h5s, h5t

from . import h5types as types

ORDERS = {0: 'LE', 1: 'BE', 2: 'VAX'}
PADS = {h5t.STR_NULLTERM: 'nullterm', h5t.STR_NULLPAD: 'nullpad',
        h5t.STR_SPACEPAD: 'spacepad'}


def describe_type(t):
    size = t.get_size()
    if isinstance(t, h5t.TypeEnumID):
        return {'class': 'enum', 'size': size,
                'base': describe_type(t.get_super()),
                'values': [[t.get_member_name(i).decode(),
                            t.get_member_value(i)]
                           for i in range(t.get_nmembers())]}
    if isinstance(t, h5t.TypeCompoundID):
        return {'class': 'compound', 'size': size, 'members': [
            {'name': t.get_member_name(i).decode(),
             'offset': t.get_member_offset(i),
             'type': describe_type(t.get_member_type(i))}
            for i in range(t.get_nmembers())]}
    if isinstance(t, h5t.TypeArrayID):
        return {'class': 'array', 'size': size, 'dims': list(t.get_array_dims()),
                'base': describe_type(t.get_super())}
    if isinstance(t, h5t.TypeVlenID):
        return {'class': 'vlen', 'size': size,
                'base': describe_type(t.get_super())}
    if isinstance(t, h5t.TypeStringID):
        return {'class': 'string', 'size': size,
                'vlen': bool(t.is_variable_str()),
                'strpad': PADS[t.get_strpad()]}
    if isinstance(t, h5t.TypeReferenceID):
        return {'class': 'reference', 'size': size, 'ref': 'object'
                if t.equal(h5t.STD_REF_OBJ) else 'region'}
    if isinstance(t, h5t.TypeOpaqueID):
        return {'class': 'opaque', 'size': size}
    if isinstance(t, h5t.TypeBitfieldID):
        return {'class': 'bitfield', 'size': size, 'precision': 8 * size,
                'order': ORDERS[t.get_order()]}
    d = {'size': size, 'order': ORDERS[t.get_order()],
         'precision': t.get_precision(), 'offset': t.get_offset()}
    if isinstance(t, h5t.TypeIntegerID):
        return dict(d, **{'class': 'integer', 'signed': bool(t.get_sign())})
    if isinstance(t, h5t.TypeFloatID):
        return dict(d, **{'class': 'float', 'fields': list(t.get_fields()),
                          'ebias': t.get_ebias(), 'norm': t.get_norm()})
    raise TypeError(t)


def space_of(s):
    kind = s.get_simple_extent_type()
    if kind == h5s.NULL:
        return {'space': 'null', 'shape': None}
    if kind == h5s.SCALAR:
        return {'space': 'scalar', 'shape': []}
    return {'space': 'simple', 'shape': list(s.get_simple_extent_dims()),
            'maxshape': [None if m == h5s.UNLIMITED else m
                         for m in s.get_simple_extent_dims(True)]}


def plain(t, x):
    """A Python object of h5py's as a value of a manifest."""
    c = t['class']
    if c == 'string':
        b = x if isinstance(x, bytes) else str(x).encode('utf-8',
                                                         'surrogateescape')
        return types.text_value(b)
    if c == 'vlen':
        return [plain(t['base'], y) for y in x]
    if c == 'array':
        return [plain(t['base'], y) for y in np.ravel(x)]
    if c == 'compound':
        return [plain(m['type'], x[m['name']]) for m in t['members']]
    if c in ('integer', 'enum'):
        return int(x)
    if c == 'float':
        x = float(x)
        return 'nan' if math.isnan(x) else 'inf' if x == math.inf else \
            '-inf' if x == -math.inf else x
    raise TypeError(c)


def payload(t, shape, read_raw, read_objects):
    n = 1
    for k in shape or ():
        n *= k
    if shape is None:
        n = 0
    d = {'npoints': n, 'nbytes': n * t['size']}
    if types.is_vl(t):
        x = read_objects() if n else []
        d['values'] = [plain(t, y) for y in (np.ravel(x) if shape else [x])] \
            if n else []
        return d
    raw = read_raw() if n else b''
    d['raw_sha256'] = hashlib.sha256(raw).hexdigest()
    k = min(n, 256)
    d['values' if k == n else 'head_values'] = [
        types.decode(t, raw[i * t['size']:(i + 1) * t['size']])
        for i in range(k)]
    return d


def attributes(o):
    out = []
    for i in range(len(o.attrs)):
        a = h5a.open(o.id, index=i)
        t = describe_type(a.get_type())
        d = {'name': a.name.decode(), 'type': t, **space_of(a.get_space())}

        def raw():
            # h5py reads attributes in a type of its own: take it only where
            # that is the type stored.
            x = o.attrs[d['name']]
            return np.asarray(x).astype(a.dtype).tobytes()

        d['data'] = payload(t, d['shape'], raw,
                            lambda: o.attrs[d['name']])
        out.append(d)
    return out


def dataset(o):
    t = describe_type(o.id.get_type())
    d = {'type': t, **space_of(o.id.get_space())}
    dc = o.id.get_create_plist()
    d['layout'] = {h5d.COMPACT: 'compact', h5d.CONTIGUOUS: 'contiguous',
                   h5d.CHUNKED: 'chunked', h5d.VIRTUAL: 'virtual'}[
                       dc.get_layout()]
    if dc.get_layout() == h5d.CHUNKED:
        d['chunks'] = list(dc.get_chunk())
    if dc.get_nfilters():
        d['filters'] = [{'id': dc.get_filter(i)[0]}
                        for i in range(dc.get_nfilters())]

    def raw():
        buf = np.zeros(o.shape, 'V%d' % t['size'])
        o.id.read(h5s.ALL, h5s.ALL, buf, o.id.get_type())
        return buf.tobytes()

    d['data'] = payload(t, d['shape'], raw, lambda: o[()])
    try:
        d['numpy_dtype'] = str(o.dtype)
    except TypeError:
        d['numpy_dtype'] = None
    return d


def manifest(path):
    man = {'objects': [], 'links': [], 'superblock': {'sizes': [8, 8]}}
    with h5py.File(path, 'r') as f:
        def one(o, p):
            info = h5py.h5o.get_info(o.id)
            r = {'oid': len(man['objects']), 'addr': info.addr, 'path': p,
                 'kind': 'group' if isinstance(o, h5py.Group) else 'dataset',
                 'attrs': attributes(o)}
            if r['kind'] == 'dataset':
                r.update(dataset(o))
            man['objects'].append(r)
            return r

        def walk(g, p):
            for name in g:
                r = one(g[name], p + '/' + name)
                man['links'].append({'path': r['path'], 'link': 'hard',
                                     'oid': r['oid'], 'kind': r['kind']})
                if r['kind'] == 'group':
                    walk(g[name], r['path'])

        one(f, '/')
        walk(f, '')
    return man
