#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""soak.py - mutants by the thousand beside datastores that must not notice.

    soak.py OQFS CORPUS MINUTES [SEED]

One mount, and at the same time: mutants of the corpus come and go and are
read whole; healthy datastores are read at random places and compared; a
calculation is written anew, renamed over and deleted while its rows are
checked; readers are killed, stopped and hit by SIGSEGV.  Prints a table.
Status 1 where a byte was wrong, the mount died, a request took longer than it
may or a healthy datastore stayed silent.
"""
import errno
import itertools
import mmap
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import h5py
import numpy as np

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import live  # noqa: E402

# Seconds.  A reader has 5 of its own time, twice, and a busy machine may give it
# a tenth of a processor: what takes longer than this does not end at all.
HANG = 300.0
BATCH = 24
MOST = 1 << 20  # bytes read of one view of a mutant
ENDLESS = 200000
SANITIZER = re.compile('(ERROR|WARNING): [A-Za-z]*Sanitizer: (?!SEGV)|'
                       'runtime error: ')


class Count:
    def __init__(self):
        self.lock = threading.Lock()
        self.n = {}

    def add(self, key, n=1):
        with self.lock:
            self.n[key] = self.n.get(key, 0) + n

    def __getitem__(self, key):
        return self.n.get(key, 0)


def descendants(pid):
    """The processes below 'pid' that are readers of datastores."""
    kids = {}
    for p in os.listdir('/proc'):
        if not p.isdigit():
            continue
        try:
            with open('/proc/%s/stat' % p) as f:
                stat = f.read().rsplit(')', 1)[1].split()
        except OSError:
            continue
        if stat[0] != 'Z':
            kids.setdefault(int(stat[1]), []).append(int(p))
    found, todo = [], list(kids.get(pid, ()))
    while todo:
        p = todo.pop()
        found.append(p)
        todo += kids.get(p, ())
    return found


def size_of(pid):
    """Descriptors and resident kilobytes of the front."""
    with open('/proc/%d/status' % pid) as f:
        rss = next(int(s.split()[1]) for s in f if s.startswith('VmRSS'))
    return len(os.listdir('/proc/%d/fd' % pid)), rss


class Soak:
    def __init__(self, oqfs, corpus, minutes, seed):
        self.corpus, self.seed = corpus, seed
        self.until = time.time() + 60 * minutes
        self.count = Count()
        self.stop = False
        self.first = {}
        self.longest = 0.0, ''
        self.top = tempfile.mkdtemp(prefix='oqfs-soak.')
        self.src, self.mnt = self.top + '/src', self.top + '/mnt'
        for d in self.src, self.mnt, self.top + '/new', self.src + '/mut':
            os.mkdir(d)
        self.whole = self.make_healthy()
        self.log = open(self.top + '/log', 'w+', errors='replace')
        self.proc = subprocess.Popen(
            [oqfs, self.src, self.mnt, '-f', '-o', 'readers=6'],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        for _ in range(200):
            if os.path.ismount(self.mnt):
                return
            time.sleep(0.05)
        raise SystemExit('soak: it does not mount')

    def make_healthy(self):
        """Datastores, and all that some of their views must be."""
        whole = {}
        rng = np.random.default_rng(self.seed)
        for k in range(4):
            name = 'healthy_%d.hdf5' % k
            with h5py.File('%s/%s' % (self.src, name), 'w',
                           libver=('earliest', 'latest')[k % 2]) as f:
                a = rng.integers(0, 1 << 40, (60000,), '<i8')
                f['plain'] = a
                f.create_dataset('zip', data=a.reshape(-1, 8) & 0xffff,
                                 chunks=(512, 8), compression='gzip',
                                 shuffle=bool(k % 2))
                f['few'] = a[:2000] & 0xff
                whole[name + '/plain.bin'] = a.tobytes()
                whole[name + '/zip.bin'] = (a & 0xffff).tobytes()
                whole[name + '/few.csv'] = b'few\n' + b''.join(
                    b'%d\n' % v for v in a[:2000] & 0xff)
        return whole

    # What went wrong, once each.
    def note(self, key, text):
        self.count.add(key)
        self.first.setdefault(key, text)

    def timed(self, what, call, *args, **named):
        start = time.time()
        self.count.add('requests')
        try:
            return call(*args, **named)
        except OSError as e:
            name = errno.errorcode.get(e.errno, str(e.errno))
            self.count.add(name)
            if e.errno in (errno.ENOTCONN, errno.ECONNABORTED):
                self.note('mount deaths', what)
                self.stop = True
            raise
        finally:
            took = time.time() - start
            self.longest = max(self.longest, (took, what))
            if took > HANG:
                self.note('hangs', '%s: %.0f s' % (what, took))

    def verify(self, k):
        rng = random.Random(self.seed * 7 + k)
        names = sorted(self.whole)
        while not self.stop:
            name = rng.choice(names)
            try:
                self.timed(name, self.verify_one, name, rng)
            except OSError as e:
                if e.errno != errno.EIO:
                    self.note('odd errors', '%s: %s' % (name, e))
                self.count.add('errors of the healthy')
            time.sleep(0.001)

    def verify_one(self, name, rng):
        right = self.whole[name]
        fd = os.open(self.mnt + '/' + name, os.O_RDONLY)
        try:
            if os.fstat(fd).st_size != len(right):
                self.note('wrong bytes', name + ': size')
            # Half of the time not what the kernel still has.
            if rng.random() < 0.5:
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
            for _ in range(8):
                at = rng.randrange(len(right))
                n = rng.choice((1, 100, 4096, 70000))
                if rng.random() < 0.1:
                    with mmap.mmap(fd, 0, prot=mmap.PROT_READ) as m:
                        got = os.pread(fd, n, at) and m[at:at + n]
                else:
                    got = os.pread(fd, n, at)
                want = right[at:at + n]
                if got != want:
                    self.note('wrong bytes', '%s at %d' % (name, at))
                self.count.add('bytes verified', len(want))
        finally:
            os.close(fd)

    def mutate(self, k):
        """A batch of mutants, written beside and moved in."""
        small = []
        with open(self.corpus + '/INDEX.tsv') as f:
            for line in f:
                w = line.split('\t')
                if w[1] == 'valid' and int(w[3]) < 60000:
                    small.append(w[0])
        rng = random.Random(self.seed * 31 + k)
        out = self.top + '/new/%d' % k
        seeds = [self.corpus + '/' + s for s in rng.sample(small, 6)]
        subprocess.run([sys.executable, '-I', self.corpus + '/mutate.py', out,
                        '-n', str(BATCH), '--seed', str(self.seed + k)] + seeds,
                       stdout=subprocess.DEVNULL, check=True)
        os.rename(out, self.src + '/mut/%d' % k)
        return 'mut/%d' % k

    def crawl(self, k):
        turn = k
        while not self.stop:
            where = self.mutate(turn)
            turn += 2
            for name in sorted(os.listdir(self.src + '/' + where)):
                if self.stop:
                    break
                self.count.add('mutants')
                self.read_tree('%s/%s/%s' % (self.mnt, where, name), 0)
            shutil.rmtree(self.src + '/' + where)

    def read_tree(self, path, depth):
        try:
            names = self.timed(path, os.listxattr, path,
                               follow_symlinks=False)
            for n in names[:20]:
                self.timed(path, os.getxattr, path, n, follow_symlinks=False)
        except OSError:
            pass
        try:
            if os.path.islink(path):
                return
            if not os.path.isdir(path):
                self.timed(path, self.read_some, path)
                return
            names = self.timed(path, self.list_some, path)
        except OSError:
            return
        for n in names[:200] if depth < 20 else ():
            if self.stop:
                return
            self.read_tree(path + '/' + n, depth + 1)

    def list_some(self, path):
        """No mutant has so much that a directory of it can be this long."""
        with os.scandir(path) as d:
            names = [e.name for e in itertools.islice(d, ENDLESS)]
        if len(names) == ENDLESS:
            self.note('endless lists', path)
        return names

    def read_some(self, path):
        fd = os.open(path, os.O_RDONLY)
        try:
            size = os.fstat(fd).st_size
            got = 0
            while got < min(size, MOST):
                b = os.read(fd, 1 << 17)
                if not b:
                    self.note('short', path)
                    return
                got += len(b)
        finally:
            os.close(fd)

    def write_calc(self):
        path = self.src + '/calc_1.hdf5'
        turn = 0
        while not self.stop:
            turn += 1
            to = path if turn % 3 else self.src + '/calc_1.new'
            f = live.create(to, 'latest' if turn % 2 else None, turn)
            for _ in range(6):
                live.append(f, 37, turn, True)
                time.sleep(0.05)
            f.close()
            if to != path:
                os.rename(to, path)
            time.sleep(0.5)
            if turn % 5 == 0:
                os.unlink(path)
                time.sleep(0.2)
            self.count.add('calculations written')

    def read_calc(self):
        while not self.stop:
            for d in 'm', 't':
                for v in 'bin', 'npy', 'csv':
                    try:
                        b = self.timed('calc', live.get, '%s/calc_1/%s.%s'
                                       % (self.mnt, d, v))
                        a = live.rows_of(v, d, b)
                        if live.check(d, '', a):
                            self.note('wrong bytes', 'calc: %r' % a[-2:])
                        self.count.add('rows verified', len(a))
                    except OSError:
                        time.sleep(0.02)
                    except ValueError as e:
                        self.note('wrong bytes', 'calc: %s' % e)

    def kill(self):
        rng = random.Random(self.seed)
        while not self.stop:
            time.sleep(rng.uniform(0.1, 1.0))
            pids = descendants(self.proc.pid)
            if not pids:
                continue
            sig = rng.choice((signal.SIGKILL,) * 6 + (signal.SIGSEGV,) * 3 +
                             (signal.SIGSTOP,))
            try:
                os.kill(rng.choice(pids), sig)
                self.count.add('signals sent')
            except OSError:
                pass

    def guard(self, what, *args):
        try:
            what(*args)
        except Exception as e:
            if not self.stop:
                self.note('broken tests', '%s: %r' % (what.__name__, e))
                self.stop = True

    def run(self):
        jobs = [(self.verify, 0), (self.verify, 1), (self.crawl, 0),
                (self.crawl, 1), (self.write_calc,), (self.read_calc,),
                (self.kill,)]
        threads = [threading.Thread(target=self.guard, args=j, daemon=True)
                   for j in jobs]
        for t in threads:
            t.start()
        time.sleep(5)
        before = size_of(self.proc.pid)
        while time.time() < self.until and not self.stop:
            if self.proc.poll() is not None:
                self.note('mount deaths', 'status %d' % self.proc.returncode)
                self.stop = True
            time.sleep(0.5)
        after = (self.proc.poll() is None and size_of(self.proc.pid)) or (0, 0)
        self.stop = True
        for t in threads:
            t.join(2 * HANG)
            if t.is_alive():
                self.note('hangs', 'a thread')
        self.end()
        return self.report(before, after)

    def end(self):
        left = descendants(self.proc.pid)
        subprocess.run(['fusermount3', '-u', '-z', self.mnt],
                       stderr=subprocess.DEVNULL)
        try:
            self.proc.wait(30)
        except subprocess.TimeoutExpired:
            self.note('mount deaths', 'it does not end')
            self.proc.kill()
            self.proc.wait()
        time.sleep(0.5)
        for p in left:
            if os.path.exists('/proc/%d' % p):
                self.note('readers left', str(p))

    def report(self, before, after):
        c = self.count
        self.log.seek(0)
        lines = self.log.readlines()
        deaths = sum(' died of ' in s or ' sign of life' in s for s in lines)
        # Of a build with SAN=...; the SEGVs are ours, and libhdf5's.
        for s in lines:
            if SANITIZER.search(s):
                self.note('sanitizer reports', s.strip())
        rows = [(k, c[k]) for k in (
            'mutants', 'requests', 'bytes verified', 'rows verified',
            'calculations written', 'signals sent', 'EIO', 'ESTALE', 'ENOENT',
            'EOPNOTSUPP', 'errors of the healthy')]
        rows += [('lines on dead readers', deaths)]
        bad = [(k, c[k]) for k in (
            'wrong bytes', 'mount deaths', 'hangs', 'short', 'odd errors',
            'endless lists', 'readers left', 'sanitizer reports',
            'broken tests')]
        for k, n in rows + bad:
            print('%-24s %12d' % (k, n))
        print('%-24s %12.1f  %s' % (('longest request, s',) + self.longest))
        print('%-24s %12s' % ('descriptors', '%d -> %d'
                              % (before[0], after[0])))
        print('%-24s %12s' % ('resident kB', '%d -> %d'
                              % (before[1], after[1])))
        for k, text in self.first.items():
            print('first of %s: %s' % (k, text))
        # Twice as many of either, and a good deal, is a leak.
        leak = after[0] > 2 * before[0] + 100 or after[1] > 2 * before[1] + 200000
        if not any(n for _, n in bad):
            shutil.rmtree(self.top)
        else:
            print('kept: ' + self.top)
        if leak:
            print('the front has grown')
        if not (c['bytes verified'] and c['rows verified'] and c['mutants']):
            print('nothing was verified')
            return 1
        return 1 if leak or any(n for _, n in bad) else 0


def main(oqfs, corpus, minutes, seed='1'):
    # The writers here are several; who locks what is tested elsewhere.
    os.environ['HDF5_USE_FILE_LOCKING'] = 'FALSE'
    return Soak(oqfs, corpus, float(minutes), int(seed)).run()


if __name__ == '__main__':
    rc = main(*sys.argv[1:])
    sys.stdout.flush()
    os._exit(rc)
