#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""passthrough.py SRC MNT - files that the kernel reads by itself

Whatever happens to a file of SRC while it is open, a handle on it in MNT must
give what one on the source itself gives, at once; and no open may fail, in
whatever order and however many.
"""
import errno
import mmap
import os
import random
import sys
import threading
import time

SRC, MNT = sys.argv[1], sys.argv[2]
DIRECT = os.O_RDONLY | os.O_DIRECT
SIZE = 3 * 1024 * 1024 + 77


def noise(n, seed):
    return random.Random(seed).randbytes(n)


def put(name, data):
    with open(f'{SRC}/{name}', 'wb') as f:
        f.write(data)


def both(name, flags=os.O_RDONLY):
    return [os.open(f'{d}/{name}', flags) for d in (SRC, MNT)]


def whole(fd):
    data, n = [], 0
    while part := os.pread(fd, 1 << 20, n):
        data.append(part)
        n += len(part)
    return b''.join(data)


def same(pair, wanted, what):
    a, b = (whole(fd) for fd in pair)
    assert a == wanted, f'{what}: the source itself is not as expected'
    assert b == wanted, f'{what}: {len(b)} bytes, not the same'


def close(*fds):
    for fd in fds:
        os.close(fd)


def await_that(true):
    for _ in range(60):
        if true():
            return
        time.sleep(0.1)
    raise AssertionError('not within six seconds')


def in_place():
    first = noise(SIZE, 1)
    put('in_place', first)
    pair = both('in_place')
    same(pair, first, 'as opened')
    with open(f'{SRC}/in_place', 'r+b') as f:
        f.seek(SIZE)
        f.write(noise(5000, 2))
        f.flush()
        same(pair, first + noise(5000, 2), 'grown')
        f.truncate(1000)
        same(pair, first[:1000], 'cut short')
        f.seek(0)
        f.write(noise(SIZE, 3))
        f.flush()
        same(pair, noise(SIZE, 3), 'written over')
    more = both('in_place')
    same(more, noise(SIZE, 3), 'another handle')
    close(*pair)
    same(more, noise(SIZE, 3), 'the first one closed')
    close(*more)


def replaced():
    old, new = noise(SIZE, 4), noise(SIZE, 5)
    put('replaced', old)
    pair = both('replaced')
    put('other', new)
    os.rename(f'{SRC}/other', f'{SRC}/replaced')
    same(pair, old, 'replaced while it was open')

    def is_new():
        fd = os.open(f'{MNT}/replaced', os.O_RDONLY)
        data = whole(fd)
        os.close(fd)
        assert data in (old, new), 'a mixture'
        return data == new
    await_that(is_new)
    same(pair, old, 'beside its successor')
    close(*pair)


def deleted():
    free = os.statvfs(SRC).f_bfree
    put('deleted', noise(SIZE, 6))
    pair = both('deleted')
    os.unlink(f'{SRC}/deleted')
    same(pair, noise(SIZE, 6), 'deleted while it was open')
    close(*pair)

    def is_gone():
        return not os.path.exists(f'{MNT}/deleted')
    await_that(is_gone)
    await_that(lambda: os.statvfs(SRC).f_bfree >= free)


def other_ways():
    data = noise(SIZE, 7)
    put('ways', data)
    fd = os.open(f'{MNT}/ways', os.O_RDONLY)
    with mmap.mmap(fd, 0, prot=mmap.PROT_READ) as m:
        assert m[:] == data, 'mmap'
    out = os.open(f'{SRC}/out', os.O_RDWR | os.O_CREAT | os.O_TRUNC)
    n = 0
    while sent := os.sendfile(out, fd, n, SIZE):
        n += sent
    assert whole(out) == data, 'sendfile'
    assert os.pread(fd, 100, SIZE - 40) == data[-40:], 'at the end'
    assert os.pread(fd, 100, SIZE + 40) == b'', 'past the end'
    close(fd, out)
    try:
        os.open(f'{MNT}/ways', os.O_RDWR)
        raise AssertionError('opened for writing')
    except OSError as e:
        assert e.errno == errno.EROFS, e


def direct(fd):
    """O_DIRECT wants aligned memory."""
    n = os.fstat(fd).st_size + 4096 & ~4095
    with mmap.mmap(-1, n) as m:
        return m[:os.preadv(fd, [m], 0)]


def mixed():
    """A handle that cannot be passed, before and after others."""
    data = noise(1 << 20, 8)
    put('mixed', data)
    for flags in (DIRECT, os.O_RDONLY), (os.O_RDONLY, DIRECT):
        fds = [os.open(f'{MNT}/mixed', f) for f in flags * 2]
        for fd, f in zip(fds, flags * 2):
            assert (direct if f == DIRECT else whole)(fd) == data, flags
        close(*fds)


def many():
    """Opened and closed by all at once, while it becomes others."""
    states = [noise(100000, n) for n in range(10, 14)]
    put('many', states[0])
    stop = time.monotonic() + 5
    failures, nopened = [], [0]

    def read():
        r = random.Random()
        while time.monotonic() < stop and not failures:
            flags = DIRECT if r.random() < 0.1 else os.O_RDONLY
            try:
                fd = os.open(f'{MNT}/many', flags)
            except OSError as e:
                # It was replaced within the last second.
                if e.errno != errno.ESTALE:
                    failures.append(f'open: {e}')
                continue
            nopened[0] += 1
            try:
                data = (direct if flags == DIRECT else whole)(fd)
                if data not in states:
                    failures.append(f'{len(data)} bytes of no state')
            except OSError as e:
                failures.append(f'read: {e}')
            if r.random() < 0.1:
                time.sleep(0.01)
            os.close(fd)

    threads = [threading.Thread(target=read) for _ in range(16)]
    for t in threads:
        t.start()
    while time.monotonic() < stop:
        put('next', states[int(time.monotonic() * 10) % len(states)])
        os.rename(f'{SRC}/next', f'{SRC}/many')
        time.sleep(0.05)
    for t in threads:
        t.join()
    assert not failures, failures[:3]
    print(f'# {nopened[0]} opened')


for test in sys.argv[3:]:
    globals()[test]()
