# SPDX-License-Identifier: MIT
"""Attributes: as extended attributes, and in meta.json."""
from . import h5types as types
from .names import to_bytes
from .table import count

LONGEST_NAME = 250
LARGEST = 65536


def values_of(a):
    """(values known, all of them?) of an attribute in a manifest."""
    d = a['data']
    if 'values' in d:
        return d['values'], len(d['values']) == d['npoints']
    return d.get('head_values'), False


def judgeable(a):
    return ('error' not in a and 'error' not in a['data']
            and not types.has_new_ref(a['type'])
            and not types.has_odd(a['type']))


def text_bytes(a):
    """About how long its text is."""
    vals = values_of(a)[0] or []
    return max(a['data']['nbytes'], len(str(vals)))


def match_value(a, j, refs):
    """Judge an attribute's value as parsed from JSON."""
    t, shape = a['type'], a['shape']
    if shape is None:
        return None if j is None else 'is %s, should be null' % str(j)[:40]
    vals, _ = values_of(a)
    if vals is None:
        return None
    if not shape:
        return types.match(t, vals[0], j, refs)
    if not isinstance(j, list):
        return 'is %s, should be a list' % str(j)[:60]
    flat = types.flatten(j, len(shape))
    if len(flat) != count(shape):
        return 'has %d elements, should have %d' % (len(flat), count(shape))
    for v, x in zip(vals, flat):
        bad = types.match(t, v, x, refs)
        if bad:
            return bad
    return None


def match_xattr(a, raw, refs):
    """Judge the bytes of an extended attribute."""
    t = a['type']
    if a['shape'] == [] and t['class'] in ('string', 'enum', 'reference'):
        v = values_of(a)[0][0]
        if t['class'] == 'reference' and raw.startswith(b'{'):
            return None
        if t['class'] == 'string' and v is None and raw == b'null':
            return None
        return types.cell(t, v, raw, refs)
    try:
        j = types.loads(raw.decode('utf-8', 'surrogateescape'))
    except ValueError:
        if a['shape'] == []:
            return types.cell(t, values_of(a)[0][0], raw, refs)
        return 'is no JSON: %r' % raw[:60]
    return match_value(a, j, refs)


def check(view, attributes, refs, tally, ops, excused=None):
    """All attributes of one object, on one of its paths in the mount.

    'excused' is a reason for which some may be missing, or give an error."""
    have = set(ops.listxattr(view))
    for a in attributes:
        name = to_bytes(a.get('name', ''))
        if not name or not judgeable(a):
            tally.note('attributes that the manifest cannot judge')
            continue
        key = b'user.' + name
        where = 'xattr ' + a['name'][:60]
        if len(name) > LONGEST_NAME or b'\0' in name:
            tally.judge(view, where, 'name too long, but listed'
                        if key in have else None)
            continue
        if key not in have:
            if excused:
                tally.refuse(excused, 'not listed', view)
            elif text_bytes(a) > LARGEST // 8:
                tally.note('large attributes left to meta.json', view)
            elif excused:  # what cannot be had is not listed
                tally.refuse('HDF5 1.14 cannot read it', 'not listed', view)
            else:
                tally.different(view, where, 'is not there')
            continue
        raw = ops.getxattr(view, key)
        if isinstance(raw, int) and excused:
            tally.refuse(excused, 'errno %d' % raw, view)
            continue
        if isinstance(raw, int):
            tally.different(view, where, 'errno %d' % raw)
            continue
        tally.judge(view, 'xattr' if not match_xattr(a, raw, refs) else where,
                    match_xattr(a, raw, refs))
    known = {b'user.' + to_bytes(a.get('name', '')) for a in attributes}
    for key in have - known:
        if not key.startswith(b'user.oqfs.') and \
                not any('error' in a for a in attributes):
            tally.different(view, 'xattr', 'nobody wrote %r' % key[:60])


def check_meta(view, meta, obj, refs, tally):
    """meta.json, as parsed, against the manifest's object."""
    kind = {'dataset': 'dataset', 'group': 'group',
            'datatype': 'datatype'}.get(obj['kind'])
    bad = []
    if meta.get('kind', kind) != kind:
        bad.append('kind %s' % meta['kind'])
    if obj['kind'] == 'dataset' and 'error' not in obj:
        for k in ('shape', 'chunks', 'layout', 'maxshape'):
            want = obj.get(k)
            if k in meta and k in obj and \
                    str(meta[k]).replace("'", '') != str(want) and \
                    plain(meta[k]) != want:
                bad.append('%s is %s, should be %s' % (k, plain(meta[k]),
                                                       want))
        ids = [str(f['id']) for f in obj.get('filters', [])]
        got = [str(f['id']) for f in meta.get('filters') or []]
        if ids != got:
            bad.append('filters are %s, should be %s' % (got, ids))
    have = meta.get('attributes', {})
    for a in obj.get('attrs', []):
        if not a.get('name') or not judgeable(a):
            continue
        name = a['name']
        if name not in have:
            if name.isascii():
                bad.append('attribute %s is not there' % name[:60])
            continue
        what = match_value(a, have[name].get('value'), refs) \
            if 'value' in have[name] else 'has no value'
        if what:
            bad.append('attribute %s %s' % (name[:60], what))
    tally.judge(view, 'meta.json', '; '.join(bad[:3]))


def plain(j):
    if isinstance(j, types.Num):
        return int(j) if j.lstrip('-').isdigit() else float(j)
    return [plain(x) for x in j] if isinstance(j, list) else j
