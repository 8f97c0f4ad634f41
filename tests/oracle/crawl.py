#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""crawl.py - read all that there is of hostile datastores, beside a healthy one.

    crawl.py MOUNT HEALTHY ENTRY...

ENTRY is a name in MOUNT: everything below it is listed, and every view and
extended attribute is read (of a view no more than its first and last
megabyte).  HEALTHY is a file of MOUNT with the numbers 0, 1, 2 ... in 8 bytes
each, which is read at random places all the while.  Prints a table of the
answers; status 1 where a request hung or the healthy one was wrong.
"""
import collections
import errno
import os
import random
import struct
import sys
import threading
import time

# The deadline is 2 s of the reader's own clock, 240 s where it gets no processor,
# and a request may be asked a second time.
HANG = 500.0
ENTRY_SECONDS = 20
PART = 1 << 20


class Crawl:
    def __init__(self, mount, healthy):
        self.mount, self.healthy = mount, mount + '/' + healthy
        self.answers = collections.Counter()
        self.bad = []
        self.now = None  # what is asked, and since when
        self.longest = 0.0
        self.verified = 0
        self.done = False

    def ask(self, what, path, call):
        self.now = (path, time.time())
        try:
            r = call()
            self.answers[what, 'ok'] += 1
            return r
        except OSError as e:
            if e.errno in (errno.ENOTCONN, errno.ECONNABORTED):
                raise SystemExit('the mount died on ' + path)
            self.answers[what, errno.errorcode.get(e.errno, '?')] += 1
            return None
        finally:
            took = time.time() - self.now[1]
            self.longest = max(self.longest, took)
            if took > HANG:
                self.bad.append('%s: %.0f s' % (path, took))

    def read(self, path):
        fd = os.open(path, os.O_RDONLY)
        try:
            size = os.fstat(fd).st_size
            for at in {0, max(0, size - PART)}:
                end = min(size, at + PART)
                while at < end:
                    n = len(os.pread(fd, end - at, at))
                    if not n:
                        self.bad.append('%s: shorter than its size' % path)
                        break
                    at += n
        finally:
            os.close(fd)

    def xattrs(self, path):
        def each():
            for n in os.listxattr(path, follow_symlinks=False)[:300]:
                self.ask('xattr', path, lambda: os.getxattr(
                    path, n, follow_symlinks=False))
        self.ask('xattrs', path, each)

    def tree(self, path, until, depth=0):
        if time.time() > until:
            self.answers['entry', 'not to the end'] += 1
            return
        self.xattrs(path)
        if os.path.islink(path):
            self.ask('link', path, lambda: os.readlink(path))
            return
        st = self.ask('stat', path, lambda: os.lstat(path))
        if not st:
            return
        if not os.path.isdir(path):
            self.ask('read', path, lambda: self.read(path))
            if path.endswith('.bin'):
                for view in '.txt', '.meta.json':
                    p = path[:-4] + view
                    self.ask('read ' + view, p, lambda: self.read(p))
            return
        names = self.ask('list', path, lambda: os.listdir(path)) or ()
        for n in names[:300]:
            if time.time() > until:
                break
            self.tree(path + '/' + n, until, depth + 1)

    def verify(self):
        rng = random.Random(1)
        fd = os.open(self.healthy, os.O_RDONLY)
        total = os.fstat(fd).st_size // 8
        os.close(fd)
        while not self.done:
            n, at = 2000, rng.randrange(total - 2000)
            try:
                fd = os.open(self.healthy, os.O_RDONLY)
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
                b = os.pread(fd, 8 * n, 8 * at)
                os.close(fd)
                if b != struct.pack('<%dq' % n, *range(at, at + n)):
                    self.bad.append('the healthy one: wrong bytes')
                self.verified += n
            except OSError as e:
                self.bad.append('the healthy one: %s' % e)
            time.sleep(0.005)

    def watch(self):
        """A request that never comes back cannot be left otherwise."""
        while not self.done:
            time.sleep(1)
            now = self.now
            if now and time.time() - now[1] > 1.2 * HANG:
                print('hangs: ' + now[0], flush=True)
                os._exit(1)

    def run(self, entries):
        threads = [threading.Thread(target=t, daemon=True)
                   for t in (self.verify, self.watch)]
        for t in threads:
            t.start()
        for e in entries:
            self.tree('%s/%s' % (self.mount, e),
                      time.time() + ENTRY_SECONDS)
        self.done = True
        threads[0].join()
        what = sorted({k[0] for k in self.answers})
        for w in what:
            print('%-15s %s' % (w, ', '.join(
                '%d %s' % (n, a) for (k, a), n
                in sorted(self.answers.items()) if k == w)))
        print('%d entries, %d numbers of the healthy one verified, longest '
              'request %.1f s' % (len(entries), self.verified, self.longest))
        for b in self.bad[:20]:
            print(b)
        return 1 if self.bad or not self.verified else 0


if __name__ == '__main__':
    c = Crawl(*sys.argv[1:3])
    names = [os.fsdecode(n) for n in sys.argv[3:]] or \
        sorted(set(os.listdir(c.mount)) - {sys.argv[2].split('/')[0]})
    sys.exit(c.run(names))
