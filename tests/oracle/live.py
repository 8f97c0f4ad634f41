#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""live.py - a writer appends rows while readers of the mount check each.

    live.py SOURCE MOUNT HOW SECONDS [NAME]

HOW is 'swmr' (append, close and write anew), 'latest' and 'earliest' (the
same without SWMR) or 'r+' (close and open again for each batch).  A row tells
by itself whether it is right: its number, the round of the writer that wrote
it, numbers that follow from both.  What was never written is the fill value,
and that counts as torn like any other wrong row.

Refusals (EIO, ESTALE, ENOENT) are counted and tried again.  Prints one line;
status 1 if a row was torn, the writer was disturbed or nothing was verified.
"""
import csv
import errno
import io
import multiprocessing
import os
import sys
import time

import h5py
import numpy as np

WIDTH = 8
LONG = 300.0  # seconds
TABLE = np.dtype([('row', '<i8'), ('round', '<i8'), ('mix', '<u4'),
                  ('half', '<f8')])
MAY = (errno.EIO, errno.ESTALE, errno.ENOENT, errno.EAGAIN)


def matrix(start, stop, turn):
    i = np.arange(start, stop, dtype='<i8')
    cols = [i, np.full(len(i), turn, '<i8')]
    for k in range(1, WIDTH - 1):
        cols.append((i * 1000003 + turn * 7919 * k) % 99991)
    return np.stack(cols, 1)


def table(start, stop, turn):
    t = np.zeros(stop - start, TABLE)
    i = np.arange(start, stop, dtype='<i8')
    t['row'], t['round'] = i, turn
    t['mix'] = (i * 2654435761 + turn) & 0xffffffff
    t['half'] = i + turn / 2
    return t


def append(f, n, turn, whole):
    """'whole': flush the file, not the datasets alone, which with SWMR is as
    good and without it leaves a file that cannot be read."""
    m, t = f['m'], f['t']
    old = len(m)
    m.resize(old + n, 0)
    m[old:] = matrix(old, old + n, turn)
    t.resize(old + n, 0)
    t[old:] = table(old, old + n, turn)
    if whole:
        f.flush()
    else:
        m.flush()
        t.flush()


def create(path, libver, turn):
    f = h5py.File(path, 'w', libver=libver)
    f.attrs['round'] = turn
    f.create_dataset('m', data=matrix(0, 10, turn), maxshape=(None, WIDTH),
                     chunks=(128, WIDTH), compression='gzip', fillvalue=-7)
    f.create_dataset('t', data=table(0, 10, turn), maxshape=(None,),
                     chunks=(100,))
    return f


def one_round(path, how, turn):
    libver = ('earliest', 'v110') if how in ('earliest', 'r+') else 'latest'
    f = create(path, libver, turn)
    if how == 'swmr':
        f.flush()
        f.swmr_mode = True
    for k in range(40):
        if how == 'r+':
            f.close()
            f = h5py.File(path, 'r+')
        append(f, 37, turn, how != 'swmr')
        time.sleep(0.02)
    f.close()


class Term:
    """So many seconds, and until each view was verified once: a mount that
    hardly gets a processor takes longer for that."""

    def __init__(self, seconds):
        self.until = time.time() + seconds
        self.missing = multiprocessing.Value('i', len(VIEWS))

    def goes_on(self):
        over = time.time() - self.until
        return over < 0 or (self.missing.value > 0 and over < LONG)

    def note_verified(self):
        with self.missing.get_lock():
            self.missing.value -= 1


def write(path, how, term, out):
    """Locks are on, as h5py has them by default."""
    os.environ.pop('HDF5_USE_FILE_LOCKING', None)
    turn = 0
    try:
        while term.goes_on():
            turn += 1
            one_round(path, how, turn)
            if turn % 3 == 0:
                os.rename(path, path + '.old')
                os.unlink(path + '.old')
            else:
                time.sleep(0.1)
        out.put(('rounds', turn))
    except Exception as e:
        out.put(('disturbed', '%s: %s' % (type(e).__name__, e)))


def get(path):
    """All bytes by one descriptor, and as many as its size says."""
    with open(path, 'rb', buffering=0) as f:
        size = os.fstat(f.fileno()).st_size
        parts = []
        while True:
            b = f.read(1 << 16)
            if not b:
                break
            parts.append(b)
        b = b''.join(parts)
        if len(b) < size:
            raise ValueError('%d bytes of %d' % (len(b), size))
        return b


# Of m and t: the name of a part, and its rows by their numbers, if it has
# all that it should have.
PARTS = {
    '[::3]': lambda n: np.arange(0, n, 3),
    '[-30:]': lambda n: np.arange(n - 30, n),
    '[5:]': lambda n: np.arange(5, n),
}
VIEWS = ['m.bin', 'm.csv', 'm.npy', 't.bin', 't.csv', 't.npy',
         'm[::3].npy', 't[-30:].csv', 't[5:].bin', 'm[-30:].bin']


def rows_of(view, name, b):
    if view == 'npy':
        a = np.load(io.BytesIO(b))
        return a
    if view == 'bin':
        a = np.frombuffer(b, TABLE if name == 't' else '<i8')
        return a if name == 't' else a.reshape(-1, WIDTH)
    body = list(csv.reader(io.StringIO(b.decode())))[1:]
    if name == 'm':
        return np.array(body, '<i8').reshape(-1, WIDTH)
    return np.array([tuple(r) for r in body], TABLE)


def check(name, part, a):
    """The number of wrong rows."""
    if not len(a):
        return 0
    turn = int(a[0]['round'] if name == 't' else a[0][1])
    last = int(a[-1]['row'] if name == 't' else a[-1][0])
    if not 0 <= last < 1 << 20:
        return len(a)
    right = (table if name == 't' else matrix)(0, last + 1, turn)
    if part == '[-30:]' and last < 29:
        part = ''
    if part:
        right = right[PARTS[part](last + 1)]
    if len(right) != len(a):
        return len(a)
    same = a == right
    if name == 'm':
        same = same.all(1)
    return int((~same).sum())


def watch(path, file, term, out):
    stem, view = file.rsplit('.', 1)
    name, part = stem[:1], stem[1:]
    seen = dict(reads=0, rows=0, torn=0, most=0, grew=0)
    refused = {}
    first = ''
    while term.goes_on():
        try:
            b = get('%s/%s' % (path, file))
            a = rows_of(view, name, b)
            wrong = check(name, part, a)
        except OSError as e:
            if e.errno not in MAY:
                raise
            k = errno.errorcode[e.errno]
            refused[k] = refused.get(k, 0) + 1
            time.sleep(0.005)
            continue
        except ValueError as e:
            a, wrong = [], 1
            first = first or '%s' % e
        if wrong and not first:
            first = repr(a[:2]) + ' ... ' + repr(a[-2:])
        seen['reads'] += 1
        if len(a) and not seen['rows']:
            term.note_verified()
        seen['rows'] += len(a)
        seen['torn'] += wrong
        seen['grew'] += len(a) > seen['most']
        seen['most'] = max(seen['most'], len(a))
    out.put((file, (seen, refused, first)))


def main(source, mount, how, seconds, name='calc_1'):
    term = Term(float(seconds))
    path = os.path.join(source, name + '.hdf5')
    out = multiprocessing.Queue()
    jobs = [multiprocessing.Process(target=write, args=(path, how, term, out))]
    for file in VIEWS:
        jobs.append(multiprocessing.Process(
            target=watch, args=(os.path.join(mount, name), file, term, out)))
    for j in jobs:
        j.start()
    got = {}
    for j in jobs:
        k, v = out.get(timeout=float(seconds) + 2 * LONG)
        got[k] = v
    for j in jobs:
        j.join()
    os.path.exists(path) and os.unlink(path)
    total = dict(reads=0, rows=0, torn=0)
    refused = {}
    for k, v in got.items():
        if k in ('rounds', 'disturbed'):
            continue
        for n in total:
            total[n] += v[0][n]
        for n in v[1]:
            refused[n] = refused.get(n, 0) + v[1][n]
        if v[2]:
            print('%s: %s' % (k, v[2]))
        if not v[0]['rows']:
            print('%s: nothing verified %r' % (k, v[1]))
            total['torn'] += 1
    print('%s: %d rounds, %d rows verified in %d reads, %d torn; refused: %s'
          % (how, got.get('rounds', 0), total['rows'], total['reads'],
             total['torn'], ', '.join('%d %s' % (n, k) for k, n
                                      in sorted(refused.items())) or 'none'))
    if 'disturbed' in got:
        print('the writer was disturbed: ' + got['disturbed'])
    return 1 if total['torn'] or 'disturbed' in got else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
