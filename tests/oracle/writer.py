#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""writer.py - does a writer notice that its datastore is mounted and read?

    writer.py SOURCE MOUNT LIBVER

With HDF5's locks on, as they are by default, it does all that an engine does
to a datastore, while other processes list it, read it and hold it open in the
mount.  Each step must succeed, in about the time that it takes with nobody
looking, and nobody may hold a lock on the file or have it open for writing.
"""
import mmap
import multiprocessing
import os
import sys
import time

import h5py
import numpy as np

# Seconds, of which a step alone takes a thousandth on a machine that has nothing
# else to do; one that waits for a lease of somebody's to end takes 45.
PATIENCE = 30.0
LONG = 300.0


def look(mount, name, stop, seen):
    """All that users do, all the time; what they get is not looked at here."""
    held = []
    while not stop.is_set():
        try:
            top = os.path.join(mount, name)
            for f in os.listdir(top):
                os.stat(os.path.join(top, f))
            for f in 'x.bin', 'x.csv', 'x[-5:].npy':
                with open(os.path.join(top, f), 'rb') as g:
                    g.read()
                    seen.value += 1
            f = open(top + '/x.bin', 'rb', buffering=0)
            held = held[-20:] + [
                f, mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)]
            plain = open(os.path.join(mount, name + '.hdf5'), 'rb')
            plain.read()
            held.append(plain)
        except (OSError, ValueError):
            pass


class Writer:
    def __init__(self, source, libver):
        self.path = source + '/calc_1.hdf5'
        self.libver = libver
        self.most = 0.0
        self.steps = 0

    def step(self, what, *args, **kw):
        began = time.time()
        r = what(*args, **kw)
        took = time.time() - began
        self.most = max(self.most, took)
        self.steps += 1
        assert took < PATIENCE, '%s took %.1f s' % (what, took)
        self.no_lock()
        time.sleep(0.03)  # for somebody to look in between
        return r

    def no_lock(self):
        """Nor a lease; /proc/locks has the number of the inode."""
        if not os.path.exists(self.path):
            return
        ino = os.stat(self.path).st_ino
        for line in open('/proc/locks'):
            word = line.replace('->', '').split()
            if int(word[5].rsplit(':', 1)[1]) == ino:
                assert int(word[4]) in (os.getpid(), -1), line

    def extend(self, f, n=100):
        d = f['x']
        self.step(d.resize, len(d) + n, 0)
        d[-n:] = np.arange(n)
        self.step(d.flush)

    def life(self):
        """Of a calculation, from its first day to its last."""
        create = dict(libver=self.libver)
        f = self.step(h5py.File, self.path, 'w', **create)
        f.create_dataset('x', (10,), '<i8', maxshape=(None,), chunks=(64,))
        self.step(f.flush)
        for _ in range(5):
            self.extend(f)
        self.step(f.close)
        f = self.step(h5py.File, self.path, 'r+', **create)
        self.extend(f)
        f['x'][:50] = 7  # in place
        f.create_group('more')['y'] = np.arange(10)
        self.step(f.close)
        if self.libver == 'latest':
            f = self.step(h5py.File, self.path, 'a', **create)
            self.step(setattr, f, 'swmr_mode', True)
            for _ in range(5):
                self.extend(f)
            self.step(f.close)
        f = self.step(h5py.File, self.path, 'r')
        assert len(f['x']) == 10 + 100 * (11 if self.libver == 'latest' else 6)
        self.step(f.close)
        self.step(os.rename, self.path, self.path + '.new')
        self.step(os.rename, self.path + '.new', self.path)
        self.step(os.truncate, self.path, os.stat(self.path).st_size // 2)
        self.step(os.chmod, self.path, 0o600)
        self.step(os.unlink, self.path)


def main(source, mount, libver):
    libver = ('earliest', 'v110') if libver == 'earliest' else libver
    stop = multiprocessing.Event()
    seen = multiprocessing.Value('i', 0)
    jobs = [multiprocessing.Process(target=look,
                                    args=(mount, 'calc_1', stop, seen))
            for _ in range(3)]
    for j in jobs:
        j.start()
    w = Writer(source, libver)
    try:
        began = time.time()
        for n in range(1000):
            # Of a mount that hardly gets a processor there are few looks.
            if n >= 4 and (seen.value > 20 or time.time() > began + LONG):
                break
            w.life()
    finally:
        stop.set()
        for j in jobs:
            j.join()
    print('%d steps, the longest %.0f ms, while %d files were read' %
          (w.steps, w.most * 1000, seen.value))
    assert seen.value > 20, 'nobody looked'


if __name__ == '__main__':
    os.environ.pop('HDF5_USE_FILE_LOCKING', None)
    main(*sys.argv[1:])
