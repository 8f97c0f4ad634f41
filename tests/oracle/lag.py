#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""lag.py SOURCE MOUNT - read while a writer is stopped in the middle of a flush.

A writer without SWMR may have told the extent of a dataset already and the
places of its chunks not yet, or have put a chunk where another was.  Such a
file is shown, and completed in place as soon as somebody reads: he must get an
error, or the elements; no fill values, and none of another place.
"""
import io
import os
import sys
import threading
import time

import h5py
import numpy as np

SRC, MNT = sys.argv[1:]
N = 4096
WANT = np.arange(N, dtype='<i8') + 1
BRIEF = 0.05  # as in quiesce.h
# Just written, however slowly this machine gets from here to the read.
SOON = time.time() + 3600


def make(path, nwritten):
    with h5py.File(path, 'w', libver='latest') as h:
        d = h.create_dataset('x', (N,), '<i8', maxshape=(None,), chunks=(512,))
        d[:nwritten] = WANT[:nwritten]


def content(path):
    with open(path, 'rb') as f:
        return f.read()


def put(path, data):
    with open(path, 'r+b' if os.path.exists(path) else 'wb') as f:
        f.write(data)
        f.truncate()


def look(path, got):
    try:
        got.append(content(path))
    except OSError as e:
        got.append(e)


def read_meanwhile(name, first, final):
    path, view, got = f'{SRC}/{name}', f'{MNT}/{name}/x.bin', []
    put(path, first)
    os.utime(path, (SOON, SOON))
    while not os.path.exists(view):
        time.sleep(0.1)
    reader = threading.Thread(target=look, args=(view, got))
    reader.start()
    time.sleep(0.1)
    put(path, final)
    reader.join()
    os.unlink(path)
    if isinstance(got[0], bytes):
        n = len(got[0])
        assert n and got[0] == WANT.tobytes()[:n], f'{name}: wrong elements'
    print(name, got[0] if isinstance(got[0], OSError) else 'the elements')


class Tape(io.BytesIO):
    """A file, and what it was after each write."""
    def __init__(self):
        super().__init__()
        self.states = []

    def write(self, data):
        n = super().write(data)
        self.states.append(self.getvalue())
        return n


def grown():
    """States of a file with a compressed dataset, whose last chunk moves."""
    tape = Tape()
    with h5py.File(tape, 'w', libver=('earliest', 'v110')) as h:
        for name in 'wxy':
            h.create_dataset(name, (0,), '<i8', maxshape=(None,),
                             chunks=(512,), compression='gzip')
        for n in 400, 700, 1300, 1500:
            for d in h.values():
                old = len(d)
                d.resize(n, 0)
                d[old:] = WANT[old:n] if d.name == '/x' else 7
            h.flush()
    return tape.states


def is_wrong(state):
    """Is it one that HDF5 sees nothing wrong with?"""
    try:
        with h5py.File(io.BytesIO(state), 'r') as h:
            x = h['x'][...]
    except (OSError, KeyError, RuntimeError):
        return False
    return (x != WANT[:len(x)]).any()


def never_written():
    final = f'{SRC}/.lag-final'
    make(final, N)
    make(f'{SRC}/.lag-first', N // 2)
    read_meanwhile('lag.h5', content(f'{SRC}/.lag-first'), content(final))
    for name in 'final', 'first':
        os.unlink(f'{SRC}/.lag-{name}')


def moved():
    states = grown()
    final = states[-1]
    # The end of the file is behind the superblock's notion of it.
    wrong = [s for s in states if is_wrong(s) and
             len(s) > int.from_bytes(s[40:48], 'little')]
    assert wrong, 'no state is like that'
    for i, s in enumerate(wrong):
        read_meanwhile(f'moved{i}.h5', s, final)


def whole():
    """Of one that looks complete nobody knows: a while of rest has to do."""
    path = f'{SRC}/whole.h5'
    make(path, N)
    os.utime(path, (SOON, SOON))
    while not os.path.exists(f'{MNT}/whole.h5/x.bin'):
        time.sleep(0.1)
    began = time.monotonic()
    assert content(f'{MNT}/whole.h5/x.bin') == WANT.tobytes()
    took = time.monotonic() - began
    assert took >= BRIEF, f'{took} s'
    os.unlink(path)


never_written()
moved()
whole()
