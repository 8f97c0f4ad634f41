#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""seeds.py - what the fuzz targets begin with, from files that there are.

    seeds.py CORPUS OUT

Makes OUT/NAME for each tests/fuzz/NAME.c: the small files of the corpus, names
of their links, chunks as they are stored with their filters, and slices,
object headers and messages made by hand.  Without a corpus only those.
"""
import os
import struct
import sys

FILE = 65536
CHUNKS = 4  # of a dataset


class Seeds:
    def __init__(self, out):
        self.out, self.n = out, {}

    def add(self, kind, data):
        d = '%s/%s' % (self.out, kind)
        os.makedirs(d, exist_ok=True)
        self.n[kind] = self.n.get(kind, 0) + 1
        with open('%s/%05d' % (d, self.n[kind]), 'wb') as f:
            f.write(data)


def stored(dset):
    """The dataset's chunks, as filter.c takes them."""
    plist = dset.id.get_create_plist()
    head = struct.pack('B', plist.get_nfilters())
    for i in range(plist.get_nfilters()):
        number, _, params, _ = plist.get_filter(i)
        params = params[:8]
        head += struct.pack('<HB', number, len(params))
        head += struct.pack('<%dI' % len(params), *params)
    size = dset.dtype.itemsize
    for k in dset.chunks:
        size *= k
    for i in range(min(CHUNKS, dset.id.get_num_chunks())):
        at = dset.id.get_chunk_info(i)
        if at.size <= FILE and size < 1 << 20:
            mask, raw = dset.id.read_direct_chunk(at.chunk_offset)
            yield head + struct.pack('<II', mask, size) + raw


def from_file(seeds, path):
    import h5py

    def visit(name, obj):
        seeds.add('name', name.rsplit('/', 1)[-1].encode('utf-8',
                                                         'surrogateescape'))
        if isinstance(obj, h5py.Dataset) and obj.chunks:
            for s in stored(obj):
                seeds.add('filter', s)
    with open(path, 'rb') as f:
        seeds.add('store', f.read())
    try:
        with h5py.File(path, 'r') as f:
            f.visititems(visit)
    except (OSError, RuntimeError, KeyError, ValueError, TypeError):
        pass  # what h5py makes of it is not the question


def attribute(name, version=7):
    """Of version 1, its datatype one that nobody knows."""
    name += bytes(-len(name) % 8)
    return struct.pack('<BBHHH', 1, 0, len(name), 8, 8) + name + \
        struct.pack('<BBHI', version << 4, 8, 0, 4) + bytes(12)


def headers(seeds):
    """Object headers, which go on elsewhere, as h5hide.c takes them."""
    at = 4096
    bodies = [(12, attribute(b'old\0', 1)), (12, attribute(b'new\0'))]
    for name in (b'x\0', b'y' * 60000 + b'\0'):
        for more in [], [(16, struct.pack('<QQ', at + 16, 60000))], \
                [(16, struct.pack('<QQ', at + 2000, 4000))]:
            parts = more + bodies + [(12, attribute(name))]
            old = b''.join(struct.pack('<HHI', kind, len(body), 0) + body
                           for kind, body in parts)
            new = b''.join(struct.pack('<BHB', kind, len(body), 0) + body
                           for kind, body in parts)
            old = struct.pack('<BBHIII', 1, 0, len(parts), 1, len(old), 0) + old
            new = b'OHDR\2\2' + struct.pack('<I', len(new)) + new + bytes(4)
            for i, data in enumerate((old, new)):
                data += bytes(max(0, 2000 - len(data)))
                seeds.add('h5hide', bytes([i]) + data + b'OCHK' +
                          struct.pack('<BHB', 12, len(bodies[1][1]), 0) +
                          bodies[1][1] + bytes(4000))


def by_hand(seeds):
    headers(seeds)
    shape = struct.pack('<B3Q', 3, 7, 1, 1 << 40)
    for text in ('[0]', '[-5:]', '[0:10, 0, :, ::2]', '[mag]', '[...]',
                 '["a ""name", x=1]', '[::-1, ..., 3]', "[stat=mean]"):
        seeds.add('slice', shape + text.encode())
    for name in ('', '.', '..', 'a/b%', 'x' * 300, '\u00e9' * 200, '%2F',
                 'lon.csv', 'a%~0123456789abcdef'):
        seeds.add('name', name.encode())
    for rows in (0, 1, 17, 69, 131073, 10 ** 10, 2 ** 62):
        for kind in range(17):
            # Flat, nullable, a list; then some of each.
            seeds.add('parquet', struct.pack('<Q3B3Q', rows, 2, 1, 2,
                                             *(kind << 8 | nest << 16 |
                                               7 << 24 | 5 << 32
                                               for nest in range(3))) +
                      bytes(range(1, 200)))
    for text in ('(lp0\nVa\np1\naV\\u00e9\np2\na.', '<M8[10ms]',
                 '(lp0\n(I1\n(lp1\nVa\np2\naI7\natp3\na.',
                 '(dp0\nVx\ncpytz\n_UTC\np1\n(tRp2\nsI1\ng0\ns.'):
        seeds.add('pickle', text.encode())
    request = struct.pack('<IIQIQQII', 1, 1, 800, 1, 2 ** 64 - 1, 0, 4096, 0)
    seeds.add('wire', request + struct.pack('<I', 3) + b'lon' +
              struct.pack('<I', 0))
    seeds.add('wire', struct.pack('<IIiIQQQQI', 1, 0, -5, 0, 9, 0, 0, 0, 3) +
              b'why')
    entry = struct.pack('<I', 1) + b'x' + struct.pack('<IIQ', 0, 1, 800)
    entry += struct.pack('<II', 0, 0) + struct.pack('<III6Q', 31, 7, 0,
                                                    8, 136, 9, 9, 1, 0)
    seeds.add('wire', entry + entry)


def main(corpus, out):
    seeds = Seeds(out)
    by_hand(seeds)
    try:
        with open(corpus + '/INDEX.tsv') as f:
            rows = [line.split('\t') for line in f]
    except OSError:
        rows = []
    for row in rows:
        path = '%s/%s' % (corpus, row[0])
        if os.path.isfile(path) and os.path.getsize(path) <= FILE:
            from_file_safely(seeds, path, row[1])
    print('seeds:', ', '.join('%s %d' % k for k in sorted(seeds.n.items())))


def from_file_safely(seeds, path, kind):
    """libhdf5 in this process must live: it only sees what is sound."""
    if kind == 'valid':
        from_file(seeds, path)
    else:
        with open(path, 'rb') as f:
            seeds.add('store', f.read())


if __name__ == '__main__':
    main(*sys.argv[1:])
