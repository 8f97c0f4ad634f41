# SPDX-License-Identifier: MIT
"""One mounted file against its manifest."""
import ast
import errno
import gzip
import hashlib
import os
import stat

import numpy as np

from . import attrs, h5types as types, names, parquet, table, widened
from .manifest import base_name, dir_name
from .names import to_bytes
from .report import Tally

BIG = 64 << 20      # raw bytes: above, only sizes, head and tail
HUGE = 2 ** 63 - (1 << 20)  # more than a file can be
CSV_BIG = 32 << 20  # bytes of CSV: above, not read
PARQUET_BIG = 16 << 20  # the same of Parquet: their reader is slow


# Files that HDF5 1.10 reads and 1.14.5 refuses, as its plain H5Dread and
# H5Aread show (a global heap of odd size; scale-offset of all the bits).
NEW_REFUSES = ('jhdf/src/test/resources/hdf5/globalheaps_test.hdf5',
               'jhdf/src/test/resources/hdf5/var-length-strings-reused.hdf5',
               'purehdf/tests/PureHDF.Tests/TestFiles/scaleoffset.h5')


UNREAD = 'HDF5 1.14 and newer cannot read it'
NEWER = 'needs a newer HDF5'


def is_newer(row):
    """Did an HDF5 write it that is newer than the one inside the mount?"""
    return row.get('hdf5', 2) < 2 and ('hdf5-2.' in row['file'] or
                                'h5wasm' in row['file'])


def errname(e):
    n = e if isinstance(e, int) else e.errno
    return errno.errorcode.get(n, str(n))


class Ops:
    """File operations that tell the parent what they are about to do."""

    def __init__(self, tell):
        self.tell = tell

    def read(self, path, size=-1, off=0):
        self.tell(b'read ' + path)
        with open(path, 'rb', buffering=0) as f:
            f.seek(off)
            if size < 0:
                return f.readall()
            return f.read(size)

    def lstat(self, path):
        self.tell(b'stat ' + path)
        return os.lstat(path)

    def scan(self, path):
        self.tell(b'list ' + path)
        with os.scandir(path) as it:
            return {e.name: 'd' if e.is_dir(follow_symlinks=False) else
                    'l' if e.is_symlink() else 'f' for e in it}

    def listxattr(self, path):
        self.tell(b'listxattr ' + path)
        return [x.encode('utf-8', 'surrogateescape')
                for x in os.listxattr(path, follow_symlinks=False)]

    def getxattr(self, path, name):
        self.tell(b'getxattr ' + path)
        try:
            return os.getxattr(path, name, follow_symlinks=False)
        except OSError as e:
            return e.errno


# Filters that are undone here, or by libhdf5 itself.
DECODED = {1, 2, 3, 4, 5, 6, 307, 32000, 32001, 32004, 32008, 32015}


def needs_plugin(obj):
    return any(f['id'] not in DECODED for f in obj.get('filters', []))


def why_refused(row, obj):
    """The reason in the contract for an answer with an error, or None."""
    t = obj.get('type', {})
    if row['file'].endswith(NEW_REFUSES):
        return UNREAD
    if obj.get('needs_plugin') and needs_plugin(obj):
        return 'filter plugin missing'
    if obj.get('external'):
        return 'external storage'
    if any(v[0] not in ('.', '') for v in obj.get('virtual', [])):
        return 'foreign virtual source'
    if t and types.has_new_ref(t):
        return 'reference of the 1.12 kind'
    if is_newer(row) or t and types.has_odd(t):
        return NEWER
    if obj.get('data', {}).get('nbytes', 0) > HUGE:
        return 'larger than a file can be'
    if obj.get('data', {}).get('error') == 'read failed' and \
            not obj.get('needs_plugin'):
        return 'libhdf5 cannot read it either'
    return None


def compare(row, man, top, tell, reader):
    """Everything the manifest says of one file, in the mount below top."""
    c = Comparison(row, man, top, Ops(tell))
    c.reader = reader
    c.tally.n['files'] += 1
    try:
        c.walk()
    except OSError as e:
        c.tally.different('/', 'walk', '%s: %r' % (errname(e), e.filename))
    return c.tally


# Of h5py's files.
BOOL = {'class': 'enum', 'size': 1,
        'base': {'class': 'integer', 'size': 1, 'order': 'LE',
                 'signed': False, 'precision': 8, 'offset': 0},
        'values': [['FALSE', 0], ['TRUE', 1]]}


def text_of(obj, name):
    """The text of an attribute, or None."""
    for a in obj.get('attrs', []):
        if a['name'] == name and 'error' not in a['data']:
            v = (attrs.values_of(a)[0] or [None])[0]
            return types.value_bytes(v).decode() if isinstance(
                v, (str, dict)) else None
    return None


class Comparison:
    def __init__(self, row, man, top, ops):
        self.row, self.man, self.ops = row, man, ops
        self.tally = Tally()
        self.refs = types.Refs(man)
        self.obj = {o['oid']: o for o in man['objects']}
        self.dirs = {'': top}       # group path -> directory
        self.lists = {}             # directory -> {entry: kind}
        self.used = {}              # directory -> entries explained
        self.metas = set()
        self.has_cells = any(text_of(o, 'MATLAB_class')
                             for o in man['objects'])

    def walk(self):
        root = self.man['objects'][0]
        top = self.dirs['']
        self.tally.n['objects'] += 1
        self.attributes(top, root)
        self.listing(top)
        for link in self.man['links']:
            self.link(link)
        for d, entries in self.lists.items():
            for e in sorted(set(entries) - self.used[d]):
                self.extra(d, e, entries)

    def listing(self, d):
        if d not in self.lists:
            self.lists[d] = self.ops.scan(d)
            self.used[d] = set()
        return self.lists[d]

    def extra(self, d, e, entries):
        stem, ext = os.path.splitext(e)
        frame = ext in (b'.csv', b'.npy', b'.parquet') and entries.get(stem) == 'd'
        picture = ext == b'.png' and stem + b'.bin' in entries
        if e in (b'parent', b'export') or frame or picture:
            self.tally.note('entries of the engine kind (frames, pictures, parent, export)')
            return
        self.tally.different(os.path.join(d, e).decode('utf-8', 'replace'),
                             'name', 'no link explains this entry')

    def take(self, d, name, suffix, kinds):
        """The entry for this link and view, or None; it is explained."""
        entries = self.listing(d)
        for e in names.find(entries, name, suffix):
            if entries[e] in kinds and (e not in self.used[d]):
                self.used[d].add(e)
                return os.path.join(d, e)
        return None

    def link(self, link):
        self.tally.n['links'] += 1
        d = self.dirs.get(dir_name(link['path']))
        if d is None:
            self.tally.note('links below a group that is not shown',
                            link['path'])
            return
        name = to_bytes(base_name(link['path']))
        kind = link.get('kind')
        if link.get('link') != 'hard':
            return self.soft(link, d, name)
        obj = self.obj.get(link.get('oid'))
        if obj is None or kind not in ('group', 'dataset', 'datatype'):
            e = self.take(d, name, b'', 'dfl') or self.any_view(d, name)
            return self.tally.judge(link['path'], 'name',
                                    None if e else 'is missing')
        if not link.get('again'):
            self.tally.n['objects'] += 1
        if self.is_hidden(link, name, obj):
            self.find_hidden(link['path'], d, name, kind)
        getattr(self, kind)(link, d, name, obj)

    def is_hidden(self, link, name, obj):
        """What its writer put there for itself opens by name alone."""
        if link['path'] in ('/#refs#', '/#subsystem#'):
            return self.is_matlab()
        return obj.get('shape') is not None and len(obj['shape']) == 1 and \
            any(a['name'] == 'NAME' and 'error' not in a['data'] and
                str((attrs.values_of(a)[0] or [''])[0]).startswith(
                    'This is a netCDF dimension but not a netCDF variable')
                for a in obj.get('attrs', []))

    def is_matlab(self):
        with open(os.path.join(self.row['root'], self.row['file']), 'rb') as f:
            return f.read(19) == b'MATLAB 7.3 MAT-file'

    def find_hidden(self, path, d, name, kind):
        entries = self.listing(d)
        esc = names.escape(name)
        for suffix in [b''] if kind == 'group' else [b'.bin', b'.csv', b'.npy']:
            e = os.path.join(d, esc + suffix)
            if esc + suffix in entries:
                self.tally.different(path, 'name', 'is listed')
            elif os.path.lexists(e):
                entries[esc + suffix] = 'd' if os.path.isdir(e) else 'f'
        self.tally.note('opened by name: of MATLAB, netCDF-4', path)

    def any_view(self, d, name):
        found = None
        for s in (b'.bin', b'.csv', b'.npy', b'.parquet', b'.txt',
                  b'.meta.json'):
            found = self.take(d, name, s, 'dfl') or found
        return found

    def soft(self, link, d, name):
        p = link['path']
        e = self.take(d, name, b'', 'ldf')
        if not e:
            e = self.any_view(d, name)
        if not e:
            return self.tally.different(p, 'name', '%s link is missing'
                                        % link.get('link'))
        st = self.ops.lstat(e)
        if link.get('link') in ('soft', 'external') and \
                not stat.S_ISLNK(st.st_mode):
            return self.tally.different(p, 'link', 'is no symbolic link')
        if stat.S_ISLNK(st.st_mode) and link.get('link') == 'soft' \
                and link.get('resolved'):
            good = os.path.exists(e)
            return self.tally.judge(p, 'link', None if good else
                                    'dangles: %r' % os.readlink(e))
        self.tally.equal('link')

    def group(self, link, d, name, obj):
        p = link['path']
        up = [g for g in self.dirs if p.startswith(g + '/')]
        above = link.get('again') and any(
            self.obj_at(g) is obj for g in up)
        e = self.take(d, name, b'', 'l' if above else 'd')
        if not e:
            return self.tally.different(p, 'name', 'group is missing')
        if above:
            same = os.path.samefile(e, self.dirs[obj['path'].rstrip('/')])
            return self.tally.judge(p, 'link', None if same else
                                    'leads elsewhere')
        if link.get('again'):
            self.listing_again(e)
            return self.tally.equal('name')
        self.dirs[p] = e
        try:
            self.listing(e)
        except OSError as x:
            return self.refused(p, 'list', obj, x)
        self.tally.equal('name')
        self.attributes(e, obj)

    def listing_again(self, e):
        self.ops.scan(e)

    def obj_at(self, group):
        if group == '':
            return self.man['objects'][0]
        for o in self.man['objects']:
            if o.get('path') == group:
                return o
        return None

    def datatype(self, link, d, name, obj):
        e = self.take(d, name, b'.meta.json', 'f')
        if not e:
            return self.tally.different(link['path'], 'name',
                                        'committed type is missing')
        self.tally.equal('name')
        self.attributes(e, obj)
        self.meta(e, obj, link['path'])

    def refused(self, path, view, obj, e):
        reason = why_refused(self.row, obj)
        if reason:
            if 'raw_sha256' in obj.get('data', {}) and \
                    reason == 'filter plugin missing':
                reason += ' (a plugin that h5py had)'
            self.tally.refuse(reason, errname(e), path)
        else:
            self.tally.different(path, view, 'refused with ' + errname(e))

    def attributes(self, e, obj):
        excused = NEWER if is_newer(self.row) else \
            UNREAD if self.row['file'].endswith(NEW_REFUSES) else None
        try:
            attrs.check(e, obj.get('attrs', []), self.refs, self.tally,
                        self.ops, excused)
        except OSError as x:
            self.refused(e.decode('utf-8', 'replace'), 'listxattr', obj, x)

    def meta(self, e, obj, path):
        try:
            j = types.loads(self.ops.read(e).decode('utf-8',
                                                    'surrogateescape'))
        except OSError as x:
            return self.refused(path, 'meta.json', obj, x)
        except ValueError as x:
            return self.tally.different(path, 'meta.json', 'no JSON: %s' % x)
        if why_refused(self.row, obj) in ('foreign virtual source', NEWER,
                                          UNREAD):
            return self.tally.note('meta.json of what this HDF5 cannot read',
                                   path)
        attrs.check_meta(path, j, obj, self.refs, self.tally)

    # ---- datasets ----------------------------------------------------------

    def dataset(self, link, d, name, obj):
        p = link['path']
        t = obj.get('type')
        if t is None:
            return self.strange(p, d, name, obj)
        scalar_text = t['class'] == 'string' and obj['shape'] == []
        if scalar_text:
            return self.text(p, d, name, obj)
        if self.stored(p, d, name, obj):
            return
        stored, matlab = obj, text_of(obj, 'MATLAB_class')
        if matlab == 'char' and self.matlab_text(p, d, name, obj):
            return
        if matlab == 'logical' and t['class'] == 'integer' and t['size'] == 1:
            obj = dict(obj, type=BOOL, numpy_dtype='bool')
        fixed = types.is_fixed(t) and not types.has_odd(t)
        views = {s: self.take(d, name, s, 'f')
                 for s in (b'.bin', b'.npy')}
        views[b'.csv'] = self.take(d, name, b'.csv', 'f') or \
            self.take(d, name, b'.csv', 'd')
        csv = views[b'.csv']
        if not any(views.values()):
            return self.strange(p, d, name, obj)
        if not fixed:
            if views[b'.bin'] or views[b'.npy']:
                if why_refused(self.row, obj) is None:
                    self.tally.different(p, 'name', 'a type without fixed '
                                         'size has .bin or .npy')
        listed = self.take(d, name, b'.parquet', 'f')
        for s, e in views.items():
            if e is None and (fixed or s == b'.csv'):
                self.tally.different(p, s.decode()[1:], 'view is missing')
        raw = None
        if views[b'.bin'] and fixed:
            raw = self.bin(p, views[b'.bin'], obj)
        if views[b'.npy'] and fixed:
            self.npy(p, views[b'.npy'], obj, raw)
        if views[b'.csv'] and t['class'] == 'reference' and self.has_cells:
            self.size_right(p, 'csv', views[b'.csv'],
                            len(self.ops.read(views[b'.csv'])))
            self.tally.note('cells of MATLAB, by value', p)
            views[b'.csv'] = None
        if views[b'.csv']:
            self.csv(p, views[b'.csv'], obj, raw)
        if t['class'] != 'reference' or not self.has_cells:
            self.parquet(p, listed, views, obj, raw)
        # The kernel asks for the size of a csv before it asks for xattrs.
        e = views[b'.bin'] or csv
        self.attributes(e, obj)
        self.own(e, obj)
        meta = e.rpartition(b'.')[0] + b'.meta.json'
        stem = os.path.basename(meta)
        if len(stem) > names.LONGEST:
            stem = stem[:-10]
            meta = os.path.join(os.path.dirname(e), stem[
                :names.LONGEST - 28] + stem[-18:] + b'.meta.json')
        self.meta(meta, stored, p)

    def matlab_text(self, p, d, name, obj):
        """UTF-16 of MATLAB: its text, row by row."""
        shape, vals = obj['shape'], obj['data'].get('values')
        if len(shape) == 2 and obj['type']['size'] in (2, 4):
            rows = [b''.join(c.to_bytes(2, 'little')
                             for c in (vals or [])[r::shape[1]])
                    .decode('utf-16-le', 'replace') for r in range(shape[1])]
            want = rows[0] if len(rows) == 1 else ''.join(
                r + '\n' for r in rows)
        elif len(shape) == 1 and obj['type']['size'] == 8:
            want, vals = '', [0]
        else:
            return False
        e = self.take(d, name, b'.txt', 'f')
        if not e:
            self.tally.different(p, 'txt', 'view is missing')
            return True
        got = self.ops.read(e)
        self.size_right(p, 'txt', e, len(got))
        if vals:
            self.tally.judge(p, 'txt', None if got == want.encode() else
                             'is %r, should be %r' % (got[:60], want[:60]))
        self.attributes(e, obj)
        return True

    def strange(self, p, d, name, obj):
        """A dataset that shows none of its views: listed with an error?"""
        e = self.take(d, name, b'', 'f') or self.any_view(d, name)
        if not e:
            return self.tally.different(p, 'name', 'dataset is missing')
        try:
            self.ops.read(e, 4096)
            self.tally.note('unexpected entry that reads', p)
        except OSError as x:
            self.refused(p, 'open', obj, x)

    def size_right(self, p, view, e, length):
        st = self.ops.lstat(e)
        bad = []
        if st.st_size != length:
            bad.append('st_size %d, should be %d' % (st.st_size, length))
        if st.st_blocks != (st.st_size + 511) // 512:
            bad.append('st_blocks %d for %d bytes' % (st.st_blocks,
                                                      st.st_size))
        if stat.S_IMODE(st.st_mode) & 0o333:
            bad.append('mode %o' % st.st_mode)
        if bad:
            self.tally.different(p, view, '; '.join(bad))
        return not bad

    def text(self, p, d, name, obj):
        e = self.take(d, name, b'.txt', 'f')
        if not e:
            return self.tally.different(p, 'txt', 'view is missing')
        try:
            got = self.ops.read(e)
        except OSError as x:
            return self.refused(p, 'txt', obj, x)
        self.size_right(p, 'txt', e, len(got))
        vals = obj['data'].get('values')
        if not vals:
            return self.tally.note('data without a truth in the manifest', p)
        want = types.value_bytes(vals[0])
        self.tally.judge(p, 'txt', None if got == want else
                         'is %r, should be %r' % (got[:60], want[:60]))
        self.attributes(e, obj)

    def stored(self, p, d, name, obj):
        """A stored gzip file of the engine: its content, decompressed."""
        t = obj['type']
        if t['class'] != 'opaque' or obj['shape'] != [] or \
                '/input/' not in p:
            return False
        e = self.take(d, name, b'', 'f')
        if not e:
            return False
        got = self.ops.read(e)
        self.size_right(p, 'stored', e, len(got))
        raw = bytes.fromhex(obj['data']['values'][0]['hex'])
        if hashlib.sha256(raw).hexdigest() != obj['data']['raw_sha256']:
            self.tally.note('data without a truth in the manifest', p)
            return True
        want = gzip.decompress(raw) if raw[:2] == b'\x1f\x8b' else raw
        self.tally.judge(p, 'stored', None if got == want else
                         'differs from what was stored')
        self.attributes(e, obj)
        return True

    def bin(self, p, e, obj):
        n = obj['data']['nbytes']
        try:
            if n > BIG:
                st = self.ops.lstat(e)
                if st.st_size != n and n < HUGE:
                    self.tally.different(p, 'bin', 'st_size %d, not %d'
                                         % (st.st_size, n))
                a = self.ops.read(e, 65536)
                b = self.ops.read(e, 65536, n - 65536)
                if len(a) != 65536 or len(b) != 65536:
                    self.tally.different(p, 'bin', 'short read')
                self.tally.note('capped: over 64 MiB, only size, head and '
                                'tail read', p)
                return None
            raw = self.ops.read(e)
        except OSError as x:
            self.refused(p, 'bin', obj, x)
            return None
        if not self.size_right(p, 'bin', e, len(raw)):
            return None
        if len(raw) != n:
            self.tally.different(p, 'bin', '%d bytes, should be %d'
                                 % (len(raw), n))
            return None
        want = obj['data'].get('raw_sha256')
        if not want:
            self.tally.note('data without a truth in the manifest', p)
            return raw
        good = hashlib.sha256(raw).hexdigest() == want
        self.tally.judge(p, 'bin', None if good else 'bytes differ')
        return raw

    def npy(self, p, e, obj, raw):
        n = obj['data']['nbytes']
        if n > BIG:
            try:
                st = self.ops.lstat(e)
                if n < HUGE and not n < st.st_size < n + (1 << 20):
                    self.tally.different(p, 'npy', 'st_size %d' % st.st_size)
            except OSError as x:
                self.refused(p, 'npy', obj, x)
            return
        try:
            got = self.ops.read(e)
        except OSError as x:
            return self.refused(p, 'npy', obj, x)
        if raw is None or not self.size_right(p, 'npy', e, len(got)):
            return
        self.tally.judge(p, 'npy', npy_complaint(e, got, raw, obj))

    def csv(self, p, e, obj, raw):
        data = obj['data']
        t = obj['type']
        entries = self.lists[os.path.dirname(e)]
        if entries[os.path.basename(e)] == 'd':
            return self.tally.note('csv in parts, not compared', p)
        if data['nbytes'] > BIG:
            return self.tally.note('capped: csv over 64 MiB raw not read', p)
        try:
            st = self.ops.lstat(e)
            if st.st_size > CSV_BIG:
                a = self.ops.read(e, 65536)
                b = self.ops.read(e, 65536, st.st_size - 65536)
                if len(a) + len(b) != 131072:
                    self.tally.different(p, 'csv', 'short read')
                return self.tally.note('capped: csv over 32 MiB, only head '
                                       'and tail read', p)
            got = self.ops.read(e)
        except OSError as x:
            return self.refused(p, 'csv', obj, x)
        if not self.size_right(p, 'csv', e, len(got)):
            return
        if types.has_odd(t) or 'error' in data:
            return self.tally.note('data without a truth in the manifest', p)
        if types.is_fixed(t):
            if raw is None:
                return
            el = table.Elements(t, raw=raw)
        else:
            el = table.Elements(t, values=data.get('values', []))
        labelled = any(a.get('name') in ('json', 'shape_descr', 'CLASS',
                                         'DIMENSION_LIST', '__pdcolumns__')
                       for a in obj['attrs'])
        bad, seen = table.check(got, base_name(p), t, obj['shape'], el,
                                self.refs, labelled)
        if not bad and obj['shape'] and seen < obj['shape'][0]:
            self.tally.note('capped: csv sampled, not every row', p)
        self.tally.judge(p, 'csv', '; '.join(bad))

    def parquet(self, p, listed, views, obj, raw):
        t, data = obj['type'], obj['data']
        e = listed
        if not e:
            e = (views[b'.bin'] or views[b'.csv']).rpartition(b'.')[0]
            if len(os.path.basename(e)) > names.LONGEST - 28:
                return self.tally.note('parquet of a long name', p)
            e += b'.parquet'
        natural = t['class'] == 'compound' and not types.is_complex(t) and \
            not parquet.unholdable(t)
        if bool(listed) != natural and why_refused(self.row, obj) is None:
            self.tally.different(p, 'parquet', 'is %slisted' % (
                '' if listed else 'not '))
        if data['nbytes'] > PARQUET_BIG:
            return self.tally.note('capped: parquet over 16 MiB not read', p)
        try:
            st = self.ops.lstat(e)
            got = self.ops.read(e)
        except OSError as x:
            if x.errno == errno.EOPNOTSUPP and parquet.unholdable(t):
                return self.tally.refuse(parquet.NO_SUCH_NUMBERS, errname(x),
                                         p)
            return self.refused(p, 'parquet', obj, x)
        if parquet.unholdable(t):
            return self.tally.different(p, 'parquet', 'holds what it cannot')
        if not self.size_right(p, 'parquet', e, len(got)):
            return
        if st.st_size > PARQUET_BIG or types.count_leaves(t) > 4096:
            return self.tally.note('capped: parquet over 16 MiB not read', p)
        self.parquet_cells(p, e, obj, raw)

    def parquet_cells(self, p, e, obj, raw):
        t, data = obj['type'], obj['data']
        if self.reader.why:
            return self.tally.note('parquet: ' + self.reader.why, p)
        if types.has_odd(t) or 'error' in data:
            return self.tally.note('data without a truth in the manifest', p)
        if types.is_fixed(t):
            if raw is None:
                return
            el = table.Elements(t, raw=raw)
        else:
            el = table.Elements(t, values=data.get('values', []))
        self.ops.tell(b'hyparquet ' + e)
        try:
            columns = self.reader.columns(e)
        except ValueError as x:
            return self.tally.different(p, 'parquet', 'hyparquet: %s' % x)
        labelled = any(a.get('name') in ('json', 'shape_descr', 'CLASS',
                                         'DIMENSION_LIST', '__pdcolumns__')
                       for a in obj['attrs'])
        bad, seen = parquet.check(columns, base_name(p), t, obj['shape'], el,
                                  self.refs, labelled)
        self.tally.n['parquet columns'] += len(columns)
        self.tally.n['parquet cells'] += seen
        self.tally.judge(p, 'parquet', '; '.join(bad))

    def own(self, e, obj):
        """user.oqfs.shape and chunks, loosely."""
        if why_refused(self.row, obj) == 'foreign virtual source':
            return
        for k in ('shape', 'chunks'):
            x = self.ops.getxattr(e, b'user.oqfs.' + k.encode())
            if isinstance(x, bytes) and obj.get(k) is not None and \
                    [int(v) for v in x.strip(b'[]()').split(b',') if
                     v.strip().isdigit()] != obj[k]:
                self.tally.different(e.decode('utf-8', 'replace'),
                                     'user.oqfs.' + k, 'is %r, should be %r'
                                     % (x, obj[k]))


# ---- npy -------------------------------------------------------------------

def npy_complaint(e, got, raw, obj):
    if not got.startswith(b'\x93NUMPY'):
        return 'no NPY header'
    size = int.from_bytes(got[8:10] if got[6] == 1 else got[8:12], 'little')
    head = size + (10 if got[6] == 1 else 12)
    widens = widened.has(obj['type'])
    if got[head:] != raw and not widens:
        return 'the bytes after the header are not those of bin'
    try:
        a = np.load(e, allow_pickle=False, max_header_size=1 << 30)
    except Exception as x:
        return 'np.load: %s: %s' % (type(x).__name__, str(x)[:120])
    t, dims = obj['type'], []
    while t['class'] == 'array':
        dims, t = dims + t['dims'], t['base']
    shape = tuple(obj['shape'] or ()) if obj['shape'] is not None else (0,)
    shape += tuple(dims)
    if a.shape != shape and obj['shape'] is not None:
        return 'shape %s, should be %s' % (a.shape, shape)
    if widens:
        return widened.complaint(obj['type'], raw, a)
    if a.nbytes != len(raw) and obj['shape'] is not None:
        return 'np.load gives %d bytes of %d' % (a.nbytes, len(raw))
    want = parse_dtype(obj.get('numpy_dtype'))
    while want is not None and want.subdtype:
        want = want.subdtype[0]
    if want is None or a.dtype == want or want.itemsize != t['size']:
        return None
    if want.names and a.dtype.names and \
            dict(want.fields) == dict(a.dtype.fields):
        return None
    if want.names and a.dtype.kind == 'V' and unlike_numpy(t):
        return None
    if not exact_in_numpy(t):
        return None
    return 'dtype %s, should be %s' % (str(a.dtype)[:80], str(want)[:80])


def parse_dtype(s):
    if not s or s == 'object':
        return None
    try:
        return np.dtype(ast.literal_eval(s) if s[0] in '[{(' else s)
    except (TypeError, ValueError, SyntaxError):
        return None


def unlike_numpy(t):
    """Members out of order, or of the same name: no NPY can say that."""
    return t['class'] == 'compound' and (
        sorted(m['offset'] for m in t['members'])
        != [m['offset'] for m in t['members']])


def exact_in_numpy(t):
    """Does h5py's dtype have the very bits of this type?"""
    def odd(x):
        return (x['class'] in ('integer', 'bitfield')
                and (x['precision'] != 8 * x['size'] or x.get('offset'))
                or x['class'] == 'float' and not types.ieee(x)
                or x['class'] in ('time', 'bitfield', 'opaque'))
    return not types.any_class(t, odd)
