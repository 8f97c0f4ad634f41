#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""fsx.py - files of a mount, read in every way at random, as h5py has them.

    fsx.py DATASTORE DIRECTORY ROUNDS [SEED]

DATASTORE is shown at DIRECTORY.  Each dataset's .bin is what h5py reads, its
.npy ends in the same, its .csv and .txt are what they were when read whole.
Each round reads somewhere, by one of: pread, preadv, read after lseek, mmap,
sendfile; half of the time after the kernel was told to forget the pages.
Four threads at once.  Prints what was verified; status 1 at a difference.
"""
import mmap
import os
import random
import sys
import threading

import h5py
import numpy as np

MOST = 8 << 20  # bytes of one file


def truth(store, top):
    """Path of each file and its bytes."""
    files = {}

    def visit(name, d):
        if not isinstance(d, h5py.Dataset) or d.nbytes > MOST or \
                h5py.check_dtype(vlen=d.dtype) or d.dtype.hasobject or \
                d.dtype.kind not in 'iuf' or not d.nbytes:
            return
        a = np.zeros(d.shape, d.dtype)
        d.id.read(h5py.h5s.ALL, h5py.h5s.ALL, a, d.id.get_type())
        raw = a.tobytes()
        base = '%s/%s' % (top, name)
        files[base + '.bin'] = raw
        for view in '.npy', '.csv', '.txt':
            if os.path.isfile(base + view):
                with open(base + view, 'rb') as f:
                    files[base + view] = f.read()
        # Numbers that NumPy does not have are converted, as h5py does.
        assert files[base + '.npy'].endswith(raw) or \
            np.array_equal(np.load(base + '.npy'), d[()]), base
    with h5py.File(store, 'r') as f:
        f.visititems(visit)
    return files


def by_pread(fd, at, n, _):
    return os.pread(fd, n, at)


def by_preadv(fd, at, n, rng):
    k = rng.randrange(n + 1)
    parts = [bytearray(k), bytearray(n - k)]
    got = os.preadv(fd, parts, at)
    return b''.join(parts)[:got]


def by_read(fd, at, n, _):
    os.lseek(fd, at, os.SEEK_SET)
    b = b''
    while len(b) < n:
        more = os.read(fd, n - len(b))
        if not more:
            break
        b += more
    return b


def by_mmap(fd, at, n, _):
    with mmap.mmap(fd, 0, prot=mmap.PROT_READ) as m:
        return m[at:at + n]


def by_sendfile(fd, at, n, _):
    out = os.memfd_create('fsx')
    try:
        while n > 0:
            k = os.sendfile(out, fd, at, n)
            if k == 0:
                break
            at, n = at + k, n - k
        return os.pread(out, os.fstat(out).st_size, 0)
    finally:
        os.close(out)


WAYS = by_pread, by_preadv, by_read, by_mmap, by_sendfile


def exercise(files, rounds, rng, count, bad):
    paths = sorted(files)
    for _ in range(rounds):
        path, way = rng.choice(paths), rng.choice(WAYS)
        want = files[path]
        at = rng.randrange(len(want))
        n = min(rng.choice((1, 7, 512, 4096, 4097, 131072, 1 << 20)),
                len(want) - at)
        fd = os.open(path, os.O_RDONLY)
        try:
            if os.fstat(fd).st_size != len(want):
                bad.append('%s: size' % path)
            if rng.random() < 0.5:
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            if way(fd, at, n, rng) != want[at:at + n]:
                bad.append('%s: %s of %d at %d' % (path, way.__name__, n, at))
            count[0] += n
        finally:
            os.close(fd)


def main(store, top, rounds, seed='1'):
    files, count, bad = truth(store, top), [0], []
    assert files, 'no datasets'
    threads = [threading.Thread(target=exercise, args=(
        files, int(rounds) // 4, random.Random('%s %d' % (seed, k)), count,
        bad)) for k in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    print('%d files, %s reads, %d bytes' % (len(files), rounds, count[0]))
    for b in bad[:10]:
        print('differs: ' + b)
    return 1 if bad or not count[0] else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
