# SPDX-License-Identifier: MIT
"""Mounts of the program under test, and workers that can be cut short."""
import ctypes
import mmap
import os
import pickle
import select
import shutil
import signal
import subprocess
import tempfile
import time


class Mount:
    """oqfs on a private directory; always taken down again."""

    def __init__(self, oqfs, source, options=()):
        if not os.access(oqfs, os.X_OK):
            raise SystemExit('no program at %s' % oqfs)
        self.dir = tempfile.mkdtemp(prefix='oqfs-mnt-')
        self.log = tempfile.TemporaryFile()
        self.proc = subprocess.Popen(
            [oqfs, source, self.dir, '-f', *options],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        for _ in range(200):
            if os.path.ismount(self.dir):
                return
            if self.proc.poll() is not None:
                break
            time.sleep(0.05)
        said = self.said()
        self.close()
        raise SystemExit('no mount: ' + said)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def said(self):
        self.log.seek(0)
        return self.log.read().decode('utf-8', 'replace')

    def alive(self):
        return self.proc.poll() is None

    def readers(self):
        """The reader processes: children of the mount's process."""
        path = '/proc/%d/task/%d/children'
        try:
            tasks = os.listdir('/proc/%d/task' % self.proc.pid)
            return [int(p) for t in tasks
                    for p in open(path % (self.proc.pid, int(t)))
                    .read().split()]
        except OSError:
            return []

    def close(self):
        subprocess.run(['fusermount3', '-u', '-z', self.dir],
                       stderr=subprocess.DEVNULL, check=False)
        try:
            self.proc.wait(5)
        except subprocess.TimeoutExpired:
            self.proc.kill()
            self.proc.wait()
        try:
            os.rmdir(self.dir)
        except OSError:
            pass


class Progress:
    """What a worker is doing, in memory that its parent can see."""

    def __init__(self):
        self.mem = mmap.mmap(-1, 4096)

    def __call__(self, what):
        b = what if isinstance(what, bytes) else what.encode()
        stamp = b'%.3f ' % time.monotonic()
        self.mem[:512] = (stamp + b[-400:]).ljust(512, b'\0')

    def get(self):
        stamp, _, what = self.mem[:512].rstrip(b'\0').partition(b' ')
        return float(stamp or 0), what.decode('utf-8', 'replace')


def run_all(todo, work, jobs, limit):
    """Yield (item, result, stuck) of work(item, progress) in child processes.

    A child that spends more than limit seconds on one operation, as it told
    progress, is killed: its result is None and stuck says what it was doing.
    """
    todo = list(todo)
    running = {}
    try:
        while todo or running:
            while todo and len(running) < jobs:
                item = todo.pop(0)
                tell = Progress()
                tell('start')
                r, w = os.pipe()
                pid = os.fork()
                if pid == 0:
                    child(work, item, tell, r, w)
                os.close(w)
                running[r] = (pid, item, tell, [])
            ready = select.select(list(running), [], [], 0.2)[0]
            for r in ready:
                b = os.read(r, 1 << 20)
                if b:
                    running[r][3].append(b)
                    continue
                pid, item, tell, got = running.pop(r)
                os.close(r)
                os.waitpid(pid, 0)
                b = b''.join(got)
                yield (item, pickle.loads(b), None) if b else \
                    (item, None, 'worker died at ' + tell.get()[1])
            for r, (pid, item, tell, _) in list(running.items()):
                at, what = tell.get()
                if time.monotonic() - at > limit:
                    os.kill(pid, signal.SIGKILL)
                    os.waitpid(pid, 0)
                    os.close(r)
                    del running[r]
                    yield item, None, 'more than %d s: %s' % (limit, what)
    finally:
        for r, (pid, *_) in running.items():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)


def child(work, item, tell, r, w):
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)
    os.close(r)
    try:
        out = work(item, tell)
    except BaseException:
        import traceback
        out = traceback.format_exc()
    with os.fdopen(w, 'wb') as f:
        f.write(pickle.dumps(out))
    os._exit(0)


def mirror(rows, to, prefix):
    """Copy the files of index rows to a private tree; sets row['at']."""
    for r in rows:
        rel = os.path.join(prefix, r['file'].partition('files/')[2]
                           or r['file'])
        dst = os.path.join(to, rel)
        os.makedirs(os.path.dirname(dst), exist_ok=True)
        shutil.copyfile(os.path.join(r['root'], r['file']), dst)
        os.chmod(dst, 0o644)
        r['at'] = rel
