#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""death.py - readers and the front die, stop and are left alone under load.

    death.py OQFS CASE

Mounts two datastores of its own in a temporary directory.  The time bounds
are there to find what hangs, and far away: others may want all processors.
"""
import contextlib
import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import h5py
import numpy as np

N = 400000
LONG = 300.0  # seconds: the deadline of a reader is 5, by its own clock


def await_that(test):
    until = time.time() + LONG
    while not test() and time.time() < until:
        time.sleep(0.02)


class World:
    def __init__(self, oqfs, *options):
        self.top = tempfile.mkdtemp(prefix='oqfs-death.')
        self.src, self.mnt = self.top + '/src', self.top + '/mnt'
        os.mkdir(self.src)
        os.mkdir(self.mnt)
        self.right = np.arange(N, dtype='<i8').tobytes()
        for name in 'a', 'b':
            with h5py.File('%s/%s.hdf5' % (self.src, name), 'w') as f:
                f.create_dataset('x', data=np.arange(N), chunks=(5000,),
                                 compression='gzip')
        self.log = open(self.top + '/log', 'w+', errors='replace')
        self.front = subprocess.Popen(
            [oqfs, self.src, self.mnt, '-f', *options],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        until = time.time() + LONG
        while not os.path.ismount(self.mnt):
            assert time.time() < until, 'it does not mount'
            time.sleep(0.02)
        self.stop = False
        self.n = {}

    def close(self):
        self.stop = True
        for p in self.readers('a') + self.readers('b'):
            os.kill(p, signal.SIGCONT)
        subprocess.run(['fusermount3', '-u', '-z', self.mnt],
                       stderr=subprocess.DEVNULL)
        try:
            self.front.wait(LONG)
        except subprocess.TimeoutExpired:
            self.front.kill()
            raise
        shutil.rmtree(self.top)

    def readers(self, name):
        """Who else than the front has the datastore open."""
        path, found = '%s/%s.hdf5' % (self.src, name), []
        for p in os.listdir('/proc'):
            try:
                if int(p) not in (self.front.pid, os.getpid()) and any(
                        os.readlink('/proc/%s/fd/%s' % (p, fd)) == path
                        for fd in os.listdir('/proc/%s/fd' % p)):
                    found.append(int(p))
            except (OSError, ValueError):
                pass
        return found

    def blames_nobody(self):
        """The kernel may ask again where it got EIO: the log has it all."""
        self.log.seek(0)
        log = self.log.read()
        assert 'sign of life' not in log and 'given up' not in log, log

    def reader(self, name):
        until = time.time() + LONG
        while True:
            self.read(name)
            r = self.readers(name)
            if r:
                return r[0]
            assert time.time() < until, 'no reader'

    def read(self, name, at=None):
        fd = os.open('%s/%s.hdf5/x.bin' % (self.mnt, name), os.O_RDONLY)
        try:
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            at = random.randrange(8 * N - 4096) if at is None else at
            b = os.pread(fd, 4096, at)
            assert b == self.right[at:at + 4096], 'wrong bytes'
        finally:
            os.close(fd)

    def load(self, name):
        """Returns what is to be joined; counts right, refused, slowest."""
        n = self.n[name] = dict(right=0, EIO=0, odd='', slowest=0.0)

        def run():
            while not self.stop:
                start = time.time()
                try:
                    self.read(name)
                    n['right'] += 1
                except OSError as e:
                    if e.errno == errno.EIO:
                        n['EIO'] += 1
                    else:
                        n['odd'] = repr(e)
                except AssertionError as e:
                    n['odd'] = repr(e)
                n['slowest'] = max(n['slowest'], time.time() - start)
        t = threading.Thread(target=run)
        t.start()
        return t

    def under_load(self, seconds, what):
        threads = [self.load('a'), self.load('b'), self.load('b')]
        until = time.time() + seconds
        while time.time() < until:
            what()
        await_that(lambda: all(n['right'] or n['odd']
                               for n in self.n.values()))
        self.stop = True
        for t in threads:
            t.join()
        print(self.n)
        for n in self.n.values():
            assert not n['odd'] and n['right'], n
        assert self.n['b']['EIO'] == 0 and self.n['b']['slowest'] < LONG


def hit(w, sig, pause):
    def one():
        for p in w.readers('a'):
            try:
                os.kill(p, sig)
            except OSError:
                pass
        # Each has the time to answer something, however slow the machine is;
        # one answer may have been under way.
        had = w.n['a']['right'] if pause else 0
        time.sleep(pause)
        if pause:
            await_that(lambda: w.n['a']['right'] > had + 1 or w.n['a']['odd'])
    return one


def killed(w):
    """Nobody's fault: asked again, at most once."""
    w.under_load(4, hit(w, signal.SIGKILL, 0.4))


def crashed(w):
    """Three in a row without an answer would be the quarantine."""
    w.under_load(4, hit(w, signal.SIGSEGV, 0.7))


def stopped(w):
    once = []

    def one():
        if not once:
            w.read('a')
            once.extend(w.readers('a'))
            hit(w, signal.SIGSTOP, 0)()
        time.sleep(0.2)
    w.under_load(8, one)
    assert once
    w.read('a')  # by its successor


def zygote(w):
    """The child of the front that readers are forked from."""
    with open('/proc/%d/task/%d/children' % (w.front.pid, w.front.pid)) as f:
        kids = f.read().split()
    for t in os.listdir('/proc/%d/task' % w.front.pid):
        with open('/proc/%d/task/%s/children' % (w.front.pid, t)) as f:
            kids += f.read().split()
    for p in kids:
        with open('/proc/%s/comm' % p) as f:
            if f.read() == 'oqfs-zygote\n':
                return int(p)
    raise AssertionError('no zygote')


def without_zygote(w, sig):
    """Readers come and go without it, and no request is the worse for it."""
    w.reader('a')
    pid = zygote(w)
    os.kill(pid, sig)
    w.under_load(4, hit(w, signal.SIGKILL, 0.5))
    assert w.n['a']['EIO'] == 0 and w.n['a']['slowest'] < LONG
    assert not os.path.exists('/proc/%d' % pid), 'it is still there'
    w.blames_nobody()


def zygote_killed(w):
    without_zygote(w, signal.SIGKILL)


def zygote_stopped(w):
    without_zygote(w, signal.SIGSTOP)


def front_stopped(w):
    """For longer than a reader may be silent: nobody is to blame then."""
    threads = [w.load('a'), w.load('b')]
    time.sleep(0.5)
    w.front.send_signal(signal.SIGSTOP)
    time.sleep(6)
    w.front.send_signal(signal.SIGCONT)
    time.sleep(0.5)
    w.stop = True
    for t in threads:
        t.join(LONG)
    print(w.n)
    for n in w.n.values():
        assert not n['odd'] and n['right'] and not n['EIO'], n
        assert n['slowest'] > 5
    w.blames_nobody()


def interrupted(w):
    os.kill(w.reader('a'), signal.SIGSTOP)
    cat = subprocess.Popen(['cat', w.mnt + '/a.hdf5/x.csv'],
                           stdout=subprocess.DEVNULL)
    time.sleep(0.5)
    assert cat.poll() is None, 'it did not wait'
    start = time.time()
    cat.send_signal(signal.SIGINT)
    cat.wait(LONG)  # a deadline that is further away does not end it
    print('ended after %.3f s' % (time.time() - start))
    w.read('b')


def crowded(w):
    """More requests wait for a stopped reader than the front has threads."""
    with h5py.File(w.src + '/c.hdf5', 'w') as f:
        for i in range(260):
            f.create_dataset('x%d' % i, data=np.arange(20000))
    os.listdir(w.mnt + '/c.hdf5')
    reader = w.readers('c')[0]
    os.kill(reader, signal.SIGSTOP)
    stats = [subprocess.Popen(['stat', '%s/c.hdf5/x%d.csv' % (w.mnt, i)],
                              stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
             for i in range(260)]
    time.sleep(2)
    assert all(p.poll() is None for p in stats), 'one did not wait'
    start = time.time()
    w.read('b')
    print('the other: %.3f s' % (time.time() - start))
    start = time.time()
    for p in stats:
        p.send_signal(signal.SIGINT)
    for p in stats:
        p.wait(LONG)
    print('all ended after %.3f s' % (time.time() - start))
    with contextlib.suppress(ProcessLookupError):
        os.kill(reader, signal.SIGCONT)
    assert os.stat(w.mnt + '/c.hdf5/x7.csv').st_size == 108893
    w.blames_nobody()


def front_killed(w):
    readers = [w.reader('a'), w.reader('b')]
    threads = [w.load('a'), w.load('b')]
    time.sleep(0.3)
    os.kill(readers[0], signal.SIGSTOP)  # one that hears nothing
    w.front.kill()
    w.front.wait()
    w.stop = True
    for t in threads:
        t.join(LONG)
        assert not t.is_alive(), 'a read hangs'
    with contextlib.suppress(ProcessLookupError):
        os.kill(readers[0], signal.SIGCONT)
    until = time.time() + LONG
    while w.readers('a') or w.readers('b'):
        assert time.time() < until, 'a reader is left'
        time.sleep(0.05)
    assert not any(n['odd'] == 'wrong bytes' for n in w.n.values())
    subprocess.run(['fusermount3', '-u', w.mnt], check=True)
    assert not os.path.ismount(w.mnt)


def auto_unmount(w):
    os.kill(w.reader('a'), signal.SIGSTOP)  # one that hears nothing
    w.front.send_signal(signal.SIGSTOP)
    w.front.kill()
    w.front.wait()
    until = time.time() + LONG
    while os.path.ismount(w.mnt) or not os.access(w.mnt, os.R_OK):
        assert time.time() < until, 'still mounted'
        time.sleep(0.05)
    while w.readers('a') or w.readers('b'):
        assert time.time() < until, 'a reader is left'
        time.sleep(0.05)


def unmounted(w):
    threads = [w.load('a'), w.load('b')]
    time.sleep(0.5)
    w.front.terminate()
    time.sleep(0.5)
    w.stop = True
    for t in threads:
        t.join(LONG)
        assert not t.is_alive(), 'a read hangs'
    w.front.wait(LONG)
    assert not w.readers('a') and not w.readers('b')
    assert not os.path.ismount(w.mnt)


def idle(w):
    """A reader that nobody needs ends, and the file is not held open."""
    w.reader('a')
    until = time.time() + LONG
    while w.readers('a'):
        assert time.time() < until, 'it stays'
        time.sleep(0.1)
    w.read('a')


OPTIONS = {'auto_unmount': ['-o', 'auto_unmount'], 'idle': ['-o', 'idle=1'],
           'crowded': ['-o', 'timeout=%d' % (9 * LONG)],
           'interrupted': ['-o', 'timeout=%d' % (9 * LONG)],
           'zygote_stopped': ['-o', 'timeout=2']}


def main(oqfs, case):
    w = World(oqfs, *OPTIONS.get(case, ()))
    try:
        globals()[case](w)
    finally:
        w.close()


if __name__ == '__main__':
    os.environ['HDF5_USE_FILE_LOCKING'] = 'FALSE'
    # A shell's background jobs ignore it, and so would our children.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    main(*sys.argv[1:3])
