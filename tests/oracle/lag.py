#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""lag.py SOURCE MOUNT - read while a writer is stopped in the middle of a flush.

A writer without SWMR may have told the extent of a dataset already and the
places of its chunks not yet.  Such a file is shown, and completed in place as
soon as somebody reads: he must get an error, or the elements; no fill values.
"""
import os
import sys
import threading
import time

import h5py
import numpy as np

SRC, MNT = sys.argv[1:]
N = 4096
WANT = np.arange(N, dtype='<i8') + 1


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


def main():
    final, path = f'{SRC}/.lag-final', f'{SRC}/lag.h5'
    make(final, N)
    make(f'{SRC}/.lag-first', N // 2)
    put(path, content(f'{SRC}/.lag-first'))
    # Just written, however slowly this machine gets from here to the read.
    soon = time.time() + 3600
    os.utime(path, (soon, soon))
    view, got = f'{MNT}/lag.h5/x.bin', []
    while not os.path.exists(view):
        time.sleep(0.1)
    reader = threading.Thread(target=look, args=(view, got))
    reader.start()
    time.sleep(0.1)
    put(path, content(final))
    reader.join()
    for name in final, path, f'{SRC}/.lag-first':
        os.unlink(name)
    if isinstance(got[0], bytes) and got[0] != WANT.tobytes():
        sys.exit('fill values with success')
    print('got', got[0] if isinstance(got[0], OSError) else 'the elements')


main()
