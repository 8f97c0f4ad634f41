# SPDX-License-Identifier: MIT
"""virtual.py make DIR | check DIR MNT - virtual datasets of other files.

h5py reads them by itself; the mount must show the same, or refuse what it
cannot have all of."""
import bz2
import os
import struct
import sys
import zlib

import h5py
import numpy as np


def source(path, k, **how):
    with h5py.File(path, 'w') as f:
        f.create_dataset('entry/data', data=np.arange(20, dtype='i4')
                         .reshape(4, 5) + 100 * k, **how)


def virtual(f, name, files, path='entry/data', rows=4):
    layout = h5py.VirtualLayout((rows * len(files), 5), 'i4')
    for i, file in enumerate(files):
        layout[rows * i:rows * (i + 1)] = h5py.VirtualSource(
            file, path, (rows, 5))
    f.create_virtual_dataset(name, layout, fillvalue=-1)


# What filters that HDF5 does not have store of some bytes, after their formats:
# where the format has it, without compressing.

def lz4_literals(b):
    """A block of LZ4 that is one run of literals, of 15 to 269 bytes."""
    return bytes([0xf0, len(b) - 15]) + b


def lz4(b):
    return struct.pack('>QII', len(b), len(b), len(b)) + b


def bitshuffled(b):
    """Blocks of 8 elements of 4 bytes: bits of equal weight side by side."""
    bits = np.unpackbits(np.frombuffer(b, 'u1'), bitorder='little')
    return np.packbits(bits.reshape(-1, 8, 32).swapaxes(1, 2),
                       bitorder='little').tobytes()


def bitshuffle(b):
    blocks = [lz4_literals(bitshuffled(b[i:i + 32]))
              for i in range(0, len(b), 32)]
    return struct.pack('>QI', len(b), 32) + b''.join(
        struct.pack('>I', len(c)) + c for c in blocks)


def zstd(b):
    """A frame of one segment with its size, and one raw block."""
    return (struct.pack('<IBB', 0xfd2fb528, 0x20, len(b)) +
            struct.pack('<I', len(b) << 3 | 1)[:3] + b)


def blosc(b):
    return struct.pack('<4B3I', 2, 1, 2, 4, len(b), len(b), 16 + len(b)) + b


PACKERS = {
    307: (bz2.compress, ()),
    32001: (blosc, (2, 2, 4, 64)),
    32004: (lz4, (0,)),
    32008: (bitshuffle, (0, 3, 4, 8, 2)),
    32015: (zstd, ()),
}


def packed(f, number, k):
    """A dataset of 4 x 8, in chunks of 2 x 8, by filter 'number'."""
    pack, params = PACKERS[number]
    values = np.arange(32, dtype='<i4').reshape(4, 8) * 70001 + k
    p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    p.set_chunk((2, 8))
    p.set_filter(number, h5py.h5z.FLAG_OPTIONAL, params)
    d = h5py.Dataset(h5py.h5d.create(
        f.id, str(number).encode(), h5py.h5t.STD_I32LE,
        h5py.h5s.create_simple((4, 8)), p))
    d.id.write_direct_chunk((0, 0), pack(values[:2].tobytes()))
    d.id.write_direct_chunk((2, 0), pack(values[2:].tobytes()))


def make_packed():
    for k in 0, 1:
        with h5py.File(f'packed{k}.h5', 'w') as f:
            for number in PACKERS:
                packed(f, number, k)
            # Says more and fewer bytes than a chunk has.
            for n, name in (60, 'fewer'), (68, 'more'):
                p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
                p.set_chunk((2, 8))
                p.set_filter(32015, h5py.h5z.FLAG_OPTIONAL, ())
                d = h5py.h5d.create(f.id, name.encode(), h5py.h5t.STD_I32LE,
                                    h5py.h5s.create_simple((4, 8)), p)
                d.write_direct_chunk((0, 0), zstd(bytes(n)))
    with h5py.File('unpacked.h5', 'w') as f:
        for name in *map(str, PACKERS), 'fewer', 'more':
            layout = h5py.VirtualLayout((8, 8), 'i4')
            for k in 0, 1:
                layout[4 * k:4 * k + 4] = h5py.VirtualSource(
                    f'packed{k}.h5', name, (4, 8))
            f.create_virtual_dataset(name, layout, fillvalue=-1)


def make_texts(f):
    """Texts, references and both in a table; of each a chunk is cut off."""
    region = f['d'].regionref[1:3, 2]
    table = np.dtype([('a', 'i2'), ('t', h5py.string_dtype()), ('r', (
        h5py.ref_dtype, 2)), ('n', np.dtype([('v', h5py.vlen_dtype('i4')),
                                             ('g', h5py.regionref_dtype)]))])
    refs = np.empty(2, h5py.ref_dtype)
    refs[:] = f['d'].ref
    for name, dtype, value in (
            ('texts', h5py.string_dtype(), 'a text'),
            ('refs', h5py.ref_dtype, f['d'].ref),
            ('regions', h5py.regionref_dtype, region),
            ('table', table, (7, 'abc', refs,
                              (np.arange(3, dtype='i4'), region)))):
        d = f.create_dataset(name, (8,), dtype, chunks=(4,),
                             compression='gzip')
        for i in range(8):
            d[i] = value
        d.flush()
        mask, raw = d.id.read_direct_chunk((4,))
        whole = zlib.decompress(raw)
        d.id.write_direct_chunk((4,), zlib.compress(
            whole[:len(whole) * 3 // 4]), mask)


def make(d):
    os.chdir(d)
    os.mkdir('sub')
    source('d0.h5', 0, chunks=(2, 5), compression='gzip')
    source('d1.h5', 1)
    source('sub/d2.h5', 2, chunks=(3, 2), shuffle=True, compression='gzip')
    source('../outside.h5', 9)
    with h5py.File('odd.h5', 'w') as f:
        f['group/x'] = 1
        virtual(f, 'again', ['d0.h5'])
        f.create_dataset('raw', (4, 5), 'i4', external=[('d1.h5', 0, 80)])
        f['link'] = h5py.ExternalLink('d0.h5', 'entry/data')
        f['soft'] = h5py.SoftLink('/own')
        f['own'] = np.arange(20, dtype='i4').reshape(4, 5)
    with open('text.h5', 'w') as f:
        f.write('no HDF5')
    with h5py.File('master.h5', 'w') as f:
        three = ['d0.h5', './d1.h5', os.path.abspath('sub/d2.h5')]
        virtual(f, 'entry/all', three)
        virtual(f, 'entry/sub', ['sub/d2.h5', 'd0.h5'])
        virtual(f, 'entry/mixed', ['.', 'd1.h5'], 'entry/data')
        f['entry/data'] = np.ones((4, 5), 'i4')
        virtual(f, 'entry/soft', ['odd.h5'], 'soft')
        f['entry/deep/x'] = np.arange(3)
        f['entry/hard'] = f['entry/all']
        for name, files, path in (
                ('gone', ['d0.h5', 'gone.h5'], 'entry/data'),
                ('missing', ['d0.h5'], 'entry/none'),
                ('group', ['odd.h5'], 'group'),
                ('again', ['odd.h5'], 'again'),
                ('raw', ['odd.h5'], 'raw'),
                ('link', ['odd.h5', 'd0.h5'], 'link'),
                ('text', ['text.h5'], 'x'),
                ('outside', ['../outside.h5'], 'entry/data'),
                ('back', [f'../{os.path.basename(d)}/d0.h5'], 'entry/data'),
                ('passwd', ['/etc/passwd'], 'x')):
            virtual(f, f'refused/{name}', files, path)
    with h5py.File('sub/below.h5', 'w') as f:
        virtual(f, 'up', ['../d0.h5', 'd2.h5'])
    with h5py.File('short.h5', 'w') as f:
        d = f.create_dataset('d', (8, 5), 'i4', chunks=(4, 5),
                             compression='gzip')
        for row, n in (0, 3), (4, 20):
            d.id.write_direct_chunk((row, 0), zlib.compress(
                np.arange(n, dtype='i4').tobytes()))
        make_texts(f)
        virtual(f, 'own', ['.'], 'd', 8)
        virtual(f, 'twice', ['short.h5'], 'own', 8)
    with h5py.File('shorts.h5', 'w') as f:
        virtual(f, 'v', ['short.h5'], 'd', 8)
    make_packed()
    with h5py.File('pattern.h5', 'w', libver='latest') as f:
        p = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        many = h5py.h5s.create_simple((0, 5), (h5py.h5s.UNLIMITED, 5))
        many.select_hyperslab((0, 0), (h5py.h5s.UNLIMITED, 1), (4, 5), (4, 5))
        p.set_virtual(many, b'd%b.h5', b'entry/data',
                      h5py.h5s.create_simple((4, 5)))
        h5py.h5d.create(f.id, b'all', h5py.h5t.NATIVE_INT32, h5py.h5s
                        .create_simple((0, 5), (h5py.h5s.UNLIMITED, 5)), p)


def same(at, want):
    got = np.load(at + '.npy')
    assert got.dtype == want.dtype and np.array_equal(got, want), at
    with open(at + '.bin', 'rb') as f:
        assert f.read() == want.tobytes(), at
    assert np.array_equal(np.loadtxt(at + '.csv', delimiter=',', skiprows=1),
                          want), at
    assert np.array_equal(np.load(at + '[1::3, 2].npy'), want[1::3, 2]), at
    return want.size


def refused(at):
    try:
        with open(at, 'rb') as f:
            f.read()
    except OSError as e:
        return e.errno
    return 0


def check_short(mnt):
    """A source's chunk decodes to 3 of 20 elements: the rest is nothing."""
    for at in 'short.h5/own', 'short.h5/twice', 'shorts.h5/v', 'short.h5/d':
        for view in '.npy', '.bin', '.csv', '[3:5].npy', '[::4, 0].bin':
            assert refused(f'{mnt}/{at}{view}') == 5, at + view
        assert np.load(f'{mnt}/{at}[4:].npy').tolist() == np.arange(
            20).reshape(4, 5).tolist(), at


    for name in 'texts', 'refs', 'regions', 'table':
        at = f'{mnt}/short.h5/{name}'
        for view in '.csv', '[3:5].csv', '[7:].csv', '[::5].csv':
            assert refused(at + view) == 5, at + view
        with open(at + '[:4].csv') as f:
            assert len(set(f.read().splitlines()[1:])) == 1, at


def check_packed(mnt):
    """HDF5 itself decodes what a virtual dataset takes from elsewhere."""
    want = np.concatenate([np.arange(32, dtype='<i4').reshape(4, 8) * 70001 + k
                           for k in (0, 1)])
    for number in PACKERS:
        assert np.load(f'{mnt}/packed1.h5/{number}.npy').tolist() == (
            want[4:].tolist()), number
    n = sum(same(f'{mnt}/unpacked.h5/{number}', want) for number in PACKERS)
    for name in 'fewer', 'more':
        for at in 'packed0.h5', 'unpacked.h5':
            assert refused(f'{mnt}/{at}/{name}.npy') == 5, (at, name)
    return n


def check(d, mnt):
    check_short(mnt)
    n = check_packed(mnt)
    os.chdir(d)
    with h5py.File('master.h5') as f:
        for name in ('all', 'sub', 'mixed', 'soft', 'hard', 'data'):
            n += same(f'{mnt}/master.h5/entry/{name}', f['entry'][name][()])
        assert np.load(f'{mnt}/master.h5/entry/deep/x.npy').tolist() == [
            0, 1, 2]
        for name in f['refused']:
            at = f'{mnt}/master.h5/refused/{name}'
            assert refused(at + '.npy') in (5, 95), (name, refused(at + '.npy'))
            assert name + '.npy' in os.listdir(os.path.dirname(at)), name
    with h5py.File('sub/below.h5') as f:
        n += same(f'{mnt}/sub/below.h5/up', f['up'][()])
    assert refused(f'{mnt}/pattern.h5/all.npy') == 95
    print(f'{n} elements are as h5py reads them')


if __name__ == '__main__':
    globals()[sys.argv[1]](*sys.argv[2:])
