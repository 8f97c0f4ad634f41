#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""identity.py - a datastore becomes another one; what do old handles say?

    identity.py SOURCE MOUNT CASE HOW

HOW the mount watches: 'auto' or 'poll'.

Every element of every dataset is the number of the generation that wrote it:
bytes of two generations in one read, or of a new one through an old handle,
are a mixture.
"""
import errno
import mmap
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import h5py
import numpy as np

N = 200000
SIZE = 1 << 21  # of every generation: a size tells nothing
SECOND = 1.0
SLACK = 5.0
PAUSE = 0.05
YOUTH = 10.0  # of a file, by looking alone


def write(path, turn, n=N, **kw):
    with h5py.File(path, 'w', **kw) as f:
        a = np.full(n, turn, '<i8')
        f['plain'] = a
        f.create_dataset('zip', data=a, chunks=(min(n, 1000),),
                         compression='gzip')
        f['only_%d' % turn] = a[:10]
    if n == N:
        with open(path, 'r+b') as f:
            f.truncate(SIZE)
            f.seek(40)  # the superblock's notion of that
            f.write(SIZE.to_bytes(8, 'little'))


class Patience:
    """For what happens within a second, and never takes more than some: with
    each look the mount did something, so where others want the processors as
    many looks are waited for as there are in that time elsewhere."""

    def __init__(self, more=0.0):
        self.began = time.time()
        self.seconds = SECOND + SLACK + more
        self.looks = 0

    def look_again(self, what):
        self.looks += 1
        assert self.took() < self.seconds or \
            self.looks < self.seconds / PAUSE, what
        time.sleep(PAUSE)

    def took(self):
        return time.time() - self.began


def is_of(b, turn):
    return b == np.full(len(b) // 8, turn, '<i8').tobytes()


def get(f):
    """All of it, by this one handle; a read may end before an error."""
    parts = iter(lambda: f.read(65536), b'')
    return b''.join(parts)


class Mount:
    """A mount of its own."""
    def __init__(self, source):
        self.at = tempfile.mkdtemp()
        self.p = subprocess.Popen([os.environ['OQFS'], source, self.at, '-f'])
        while not os.path.ismount(self.at):
            assert self.p.poll() is None
            time.sleep(0.02)

    def signal(self, n):
        self.p.send_signal(n)

    def __enter__(self):
        return self

    def __exit__(self, *why):
        subprocess.call(['fusermount3', '-u', '-z', self.at])
        self.p.wait()
        os.rmdir(self.at)


class Case:
    def __init__(self, source, mount, how):
        self.how = how
        self.path = source + '/calc_1.hdf5'
        self.top, self.src = mount, source
        self.mnt = mount + '/calc_1'
        self.files = {}
        self.maps = {}

    def open_old(self):
        """What is seen as new may still be of a file that was the same."""
        write(self.path, 1)
        while True:
            self.await_new(1)
            try:
                return self.open_all()
            except OSError as e:
                assert e.errno == errno.ESTALE, e

    def open_all(self):
        for v in 'plain.bin', 'zip.bin', 'plain.npy', 'zip.csv':
            f = open('%s/%s' % (self.mnt, v), 'rb', buffering=0)
            # What the kernel has already it serves without us.
            os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            os.pread(f.fileno(), 5000, 0)
            self.files[v] = f
        fd = self.files['zip.bin'].fileno()
        self.maps['zip.bin'] = mmap.mmap(fd, 0, prot=mmap.PROT_READ)
        assert is_of(self.maps['zip.bin'][:8000], 1)

    def old_handles(self, others=()):
        """Old bytes or ESTALE at every place, through each."""
        stale = 0
        for v, f in self.files.items():
            for at in range(0, os.fstat(f.fileno()).st_size
                            if v.endswith('bin') else 8000, 65536):
                try:
                    b = os.pread(f.fileno(), 4096, at)
                except OSError as e:
                    assert e.errno in (errno.ESTALE,) + others, (v, at, e)
                    stale += 1
                    continue
                if v.endswith('.bin'):
                    assert is_of(b, 1), (v, at, b[:16])
        # Only what was touched before: elsewhere a fault is a SIGBUS.
        assert is_of(self.maps['zip.bin'][:8000], 1)
        return stale

    def await_new(self, turn):
        """The new generation, within a second; EIO and old bytes before."""
        patience = Patience()
        while True:
            try:
                with open(self.mnt + '/plain.bin', 'rb') as f:
                    b = f.read()
                with open(self.mnt + '/zip.bin', 'rb') as f:
                    z = f.read()
                if b and z and is_of(b, turn) and is_of(z, turn) and \
                        'only_%d.bin' % turn in os.listdir(self.mnt):
                    return
                assert any(is_of(b, t) for t in range(9)), b[:16]
                assert any(is_of(z, t) for t in range(9)), z[:16]
            except OSError as e:
                assert e.errno in (errno.ESTALE, errno.EIO, errno.ENOENT), e
            patience.look_again('generation %d is not seen' % turn)

    def changed(self, turn=2):
        assert self.old_handles() > 0, 'no handle is stale'
        self.await_new(turn)
        self.old_handles()

    def rewrite(self):
        self.open_old()
        ino = os.stat(self.path).st_ino
        write(self.path, 2)
        assert os.stat(self.path).st_ino == ino
        self.changed()

    def rename(self):
        self.open_old()
        write(self.src + '/new', 2)
        os.rename(self.src + '/new', self.path)
        self.changed()

    def again(self):
        self.open_old()
        for turn in range(2, 7):
            os.unlink(self.path)
            time.sleep(0.7)  # its space and number are free by now
            write(self.path, turn)
            self.await_new(turn)
        self.old_handles()

    def truncate(self):
        self.open_old()
        os.truncate(self.path, os.stat(self.path).st_size // 2)
        assert self.old_handles() > 0
        for _ in range(20):
            for v in 'plain.bin', 'zip.bin':
                try:
                    with open('%s/%s' % (self.mnt, v), 'rb') as f:
                        b = f.read()
                    assert is_of(b, 1) and len(b) == 8 * N
                except OSError as e:
                    assert e.errno in (errno.EIO, errno.ESTALE,
                                       errno.ENOENT), e
            time.sleep(0.05)

    def touch(self):
        self.open_old()
        old = os.stat(self.mnt + '/plain.bin').st_ino
        os.utime(self.path)
        time.sleep(SECOND + 0.2)
        self.old_handles()
        self.await_new(1)
        patience = Patience()
        while os.stat(self.mnt + '/plain.bin').st_ino == old:
            patience.look_again('it is taken for the same')

    def disguise(self):
        """The time of modification put back: the change time tells."""
        self.open_old()
        st = os.stat(self.path)
        write(self.path, 2)
        os.utime(self.path, ns=(st.st_atime_ns, st.st_mtime_ns))
        now = os.stat(self.path)
        assert (now.st_ino, now.st_size, now.st_mtime_ns) == \
            (st.st_ino, st.st_size, st.st_mtime_ns)
        self.changed()

    def holders(self):
        """Processes that have the file open, though we have not."""
        found = []
        for p in os.listdir('/proc'):
            try:
                for fd in os.listdir('/proc/%s/fd' % p):
                    to = os.readlink('/proc/%s/fd/%s' % (p, fd))
                    if to.startswith(self.path):
                        found.append((p, to))
            except OSError:
                pass
        return found

    def delete(self):
        self.open_old()
        assert self.holders(), 'nobody has it open'
        os.unlink(self.path)
        patience = Patience()
        while self.holders():
            # Ask the mount something that the kernel does not know.
            os.path.exists('%s/no%d' % (self.top, patience.looks))
            patience.look_again(self.holders())
        print('# %s: its space is free after %.1f s' %
              (self.how, patience.took()))
        while os.path.exists(self.mnt):
            patience.look_again('still there')
        self.old_handles()

    def listing(self):
        def shows(name, yes, where=self.top):
            patience = Patience()
            while (name in os.listdir(where)) != yes:
                patience.look_again((name, yes))
        os.mkdir(self.src + '/sub')
        shows('sub', True)
        write(self.src + '/sub/calc_7.hdf5', 1, 10)
        shows('calc_7', True, self.top + '/sub')
        os.rename(self.src + '/sub/calc_7.hdf5', self.src + '/calc_8.hdf5')
        shows('calc_7', False, self.top + '/sub')
        shows('calc_8', True)
        assert os.readlink(self.top + '/latest') == 'calc_8'
        write(self.src + '/calc_8.hdf5', 2, 10)
        shows('only_2.bin', True, self.top + '/calc_8')
        shows('only_1.bin', False, self.top + '/calc_8')
        os.unlink(self.src + '/calc_8.hdf5')
        shows('calc_8', False)
        shutil.rmtree(self.src + '/sub')
        shows('sub', False)

    def kinds(self):
        self.open_old()
        p, m = self.src + '/thing.hdf5', self.top + '/thing.hdf5'

        def becomes(test):
            patience = Patience()
            while not test():
                patience.look_again('it stays what it was')
        write(p, 3, 10)
        becomes(lambda: os.path.isfile(m + '/plain.bin'))
        with open(p, 'w') as f:
            f.write('text')
        becomes(lambda: os.path.isfile(m) and open(m).read() == 'text')
        os.unlink(p)
        os.mkdir(p)
        becomes(lambda: os.path.isdir(m) and not os.listdir(m))
        os.rmdir(p)
        write(p, 4, 10)
        becomes(lambda: os.path.isfile(m + '/only_4.bin'))
        os.unlink(p)

    def slow(self):
        """The end of a write(2) leaves no trace in the times.  This one takes
        its bytes from a mount that we stop for a while."""
        n = 1 << 20
        half = n // 2
        os.mkdir(self.src + '/from')
        with h5py.File(self.path, 'w') as f:
            f['plain'] = np.full(n, 1, '<i8')
            at = f['plain'].id.get_offset()
        with h5py.File(self.src + '/from/calc_1.hdf5', 'w') as f:
            f['plain'] = np.full(n, 2, '<i8')
        with Mount(self.src + '/from') as m, \
                open(m.at + '/calc_1/plain.bin', 'rb') as f:
            b = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ)
            b.madvise(mmap.MADV_RANDOM)
            assert is_of(b[:8 * half], 2)
            m.signal(signal.SIGSTOP)
            fd = os.open(self.path, os.O_WRONLY)
            t = threading.Thread(target=os.pwrite, args=(fd, b, at))
            t.start()
            try:
                time.sleep(1.3)  # the name is not known any more
                held = os.open(self.mnt + '/plain.bin', os.O_RDONLY)
                assert is_of(os.pread(held, 4096, 0), 2)
                assert is_of(os.pread(held, 4096, 8 * n - 4096), 1)
            finally:
                m.signal(signal.SIGCONT)
            t.join()
            os.close(fd)
            b.close()
        patience = Patience(YOUTH * (self.how == 'poll'))
        while True:
            try:
                with open(self.mnt + '/plain.bin', 'rb') as f:
                    if is_of(f.read(), 2):
                        break
            except OSError as e:
                assert e.errno in (errno.ESTALE, errno.EIO), e
            patience.look_again('old bytes for ever')
        print('# %s: right %.1f s after the write' %
              (self.how, patience.took()))
        if self.how == 'auto':
            try:
                os.pread(held, 4096, 8 * half)
                assert False, 'the old handle is not stale'
            except OSError as e:
                assert e.errno == errno.ESTALE, e
        shutil.rmtree(self.src + '/from')

    def killed(self):
        """What a SWMR writer left, written over with what another left."""
        new = self.src + '/.new'
        for path, turn in (self.path, 1), (new, 2):
            if os.fork() == 0:
                f = h5py.File(path, 'w', libver='latest')
                d = f.create_dataset('x', (0,), '<i8', maxshape=(None,),
                                     chunks=(1024,))
                f.swmr_mode = True
                d.resize(N, 0)
                d[:] = turn
                d.flush()
                os.kill(os.getpid(), signal.SIGKILL)
            os.wait()
        os.utime(self.path, (1e9, 1e9))
        time.sleep(SECOND + 0.2)
        with open(self.mnt + '/x.bin', 'rb') as f, open(new, 'rb') as g:
            fd = f.fileno()
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_RANDOM)
            assert is_of(os.pread(fd, 4096, 0), 1)
            with open(self.path, 'r+b') as h:
                h.write(g.read())
            for at in range(65536, 8 * N, 65536):
                try:
                    assert is_of(os.pread(fd, 4096, at), 1), at
                except OSError as e:
                    assert e.errno in (errno.ESTALE, errno.EIO), e
        os.unlink(new)

    def served(self):
        """By a filesystem of which the kernel knows times for a second."""
        write(self.path, 1)
        with Mount(self.src) as below, \
                Mount(below.at + '/calc_1.hdf5') as m, \
                open(m.at + '/plain.bin', 'rb') as f:
            fd = f.fileno()
            os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_RANDOM)
            assert is_of(os.pread(fd, 4096, 0), 1)
            write(self.path, 2)
            for at in range(65536, 8 * N, 65536):
                try:
                    assert is_of(os.pread(fd, 4096, at), 1), at
                except OSError as e:
                    assert e.errno in (errno.ESTALE, errno.EIO), e

    def mixture(self):
        """Generations 0 to 7 in turn; each handle sees one, or fails."""
        stop = []

        def writer():
            turn = 0
            while not stop:
                write(self.path, turn % 8)
                turn += 1
                time.sleep(0.15 if turn % 3 else 0.01)
        write(self.path, 0)
        t = threading.Thread(target=writer)
        t.start()
        whole = refused = 0
        until = time.time() + 5
        try:
            while time.time() < until or not whole:
                for v in 'plain.bin', 'zip.bin':
                    try:
                        with open('%s/%s' % (self.mnt, v), 'rb',
                                  buffering=0) as f:
                            b = get(f)
                    except OSError as e:
                        assert e.errno in (errno.ESTALE, errno.EIO,
                                           errno.ENOENT), e
                        refused += 1
                        continue
                    assert len(b) == 8 * N, len(b)
                    first = int.from_bytes(b[:8], 'little')
                    assert 0 <= first < 8 and is_of(b, first), (v, first)
                    whole += 1
        finally:
            stop.append(1)
            t.join()
        print('%d whole, %d refused' % (whole, refused))
        assert whole, 'nothing was read'


if __name__ == '__main__':
    os.environ['HDF5_USE_FILE_LOCKING'] = 'TRUE'
    case = Case(*sys.argv[1:3], sys.argv[4])
    getattr(case, sys.argv[3])()
    if os.path.exists(case.path):
        os.unlink(case.path)
