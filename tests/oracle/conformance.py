#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Compare mounts with the manifests of a corpus of HDF5 files.

    conformance.py [CORPUS [OQDATA]] [--only PATTERN] [--jobs N] [--oqfs PROGRAM]
    conformance.py --selftest ...       the oracle against h5py, no mount

Valid files must show every object with the manifest's bytes, values and
attributes, or refuse it for a reason that the contract knows.  All others
must give an error or an answer, in time, and leave the mount alive.
Exit status 1 where anything differs.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from oracle import manifest, parquet, selftest              # noqa: E402
from oracle.compare import compare                    # noqa: E402
from oracle.mount import Mount, mirror, run_all       # noqa: E402
from oracle.poke import poke                          # noqa: E402
from oracle.report import Tally                       # noqa: E402

VALID = ('valid', 'valid-needs-newer', 'live-or-broken')
# Seconds for one operation, on a machine that has much else to do.  A view that
# hangs its reader, for 5 s of the reader's own clock, is asked a second time,
# and what cannot be measured is opened all the same.
HANG = 200


def shown(mnt, at):
    """Where the mount shows a file: calc_N.hdf5 as calc_N, else its name."""
    path = os.path.join(mnt, at)
    base = os.path.basename(at)
    if base.startswith('calc_') and base.endswith('.hdf5') and \
            os.path.isdir(path[:-5]):
        return path[:-5].encode()
    return path.encode()


def valid(rows, args, total):
    """Compare the valid files; returns the complaints."""
    bad = []

    def work(row, tell):
        man = manifest.load(row['root'], row['manifest'])
        top = shown(m.dir, row['at'])
        if not os.path.isdir(top):
            t = Tally()
            t.n['files'] += 1
            what = 'is missing'
            if os.path.lexists(top):
                what = 'is not shown as a directory'
            t.different('/', 'name', what)
            return t
        return compare(row, man, top, tell, reader)

    with tempfile.TemporaryDirectory(prefix='oqfs-src-') as src:
        for name in ('corpus', 'oqdata'):
            mirror([r for r in rows if r['tree'] == name], src, name)
        with Mount(args.oqfs, src) as m, \
                tempfile.TemporaryDirectory(prefix='oqfs-read-') as at, \
                closing(parquet.Reader(at)) as reader:
            for row, t, stuck in run_all(rows, work, args.jobs, HANG):
                if isinstance(t, Tally):
                    bad += total.add(t, row['at'])
                else:
                    total.n['files'] += 1
                    total.n['different'] += 1
                    bad.append((row['at'], '', 'worker', stuck or t))
            if not m.alive():
                total.n['different'] += 1
                bad.append(('', '', 'mount', 'oqfs is dead'))
            args.said += m.said().splitlines()
    return bad


def hostile(rows, args, total):
    """Touch all of the others; returns the complaints and the answers."""
    bad, answers, by_class = [], Counter(), Counter()

    def work(row, tell):
        return poke(shown(m.dir, row['at']), tell)

    with tempfile.TemporaryDirectory(prefix='oqfs-src-') as src:
        mirror(rows, src, '')
        with Mount(args.oqfs, src) as m:
            for row, seen, stuck in run_all(rows, work, args.jobs, HANG):
                total.n['hostile files'] += 1
                if not isinstance(seen, Counter):
                    bad.append((row['at'], row['class'], 'hang or death',
                                stuck or seen))
                    continue
                by_class[row['class']] += 1
                answers += seen
                if ('read', 'WRONG SIZE') in seen:
                    bad.append((row['at'], row['class'], 'size',
                                'st_size is not what reads'))
                same = same_bytes(m.dir, row) if not seen['scan', 'ok'] \
                    else None
                if same is False:
                    bad.append((row['at'], row['class'], 'original',
                                'bytes differ from the file'))
                if not m.alive():
                    bad.append((row['at'], row['class'], 'mount',
                                'oqfs is dead'))
                    break
            if m.alive():
                os.statvfs(m.dir)
            args.said += m.said().splitlines()
    total.n['different'] += len(bad)
    return bad, answers, by_class


def same_bytes(mnt, row):
    """A file that is not shown as a directory passes through unchanged."""
    p = os.path.join(mnt, row['at'])
    if not os.path.isfile(p):
        return None
    with open(p, 'rb') as f, \
            open(os.path.join(row['root'], row['file']), 'rb') as g:
        return f.read() == g.read()


def crashers(corpus):
    d = os.path.join(corpus, 'crashers')
    if not os.path.isdir(d):
        return []
    return [{'file': 'crashers/' + f, 'class': 'crashers', 'root': corpus,
             'manifest': ''} for f in sorted(os.listdir(d))
            if f.endswith('.h5')]


def options():
    env = os.environ.get
    p = argparse.ArgumentParser()
    p.add_argument('corpus', nargs='?',
                   default=env('CORPUS') or '../shared/data/corpus')
    p.add_argument('oqdata', nargs='?',
                   default=env('OQDATA') or '../shared/data/oqdata')
    p.add_argument('--only', default='', help='files whose path has this')
    p.add_argument('--jobs', type=int, default=2)
    p.add_argument('--oqfs', default=env('OQFS') or 'build/oqfs')
    p.add_argument('--selftest', action='store_true')
    p.add_argument('--all', action='store_true', help='print every line')
    args = p.parse_args()
    args.oqfs = os.path.abspath(args.oqfs)
    args.said = []
    return args


def print_answers(answers, by_class):
    ops = sorted({op for op, _ in answers})
    print('answers of files that are damaged, hostile or no HDF5 (%s):'
          % ', '.join('%s %d' % x for x in sorted(by_class.items())))
    for op in ops:
        got = sorted((a, n) for (o, a), n in answers.items() if o == op)
        print('  %-10s %s' % (op, ', '.join('%s %d' % x for x in got)))


def print_totals(total):
    print('refused, by reason:')
    for (reason, err), n in sorted(total.refused.items()):
        print('  %5d  %s: %s  (%s)' % (n, reason, err,
                                       total.example[reason, err]))
    print('not judged:')
    for what, n in sorted(total.notes.items()):
        print('  %5d  %s  (%s)' % (n, what, total.example[what]))
    print('equal, by view: ' + ', '.join(
        '%s %d' % (k[6:], n) for k, n in sorted(total.n.items())
        if k.startswith('equal ')))
    print(', '.join('%s %d' % (k, total.n[k]) for k in (
        'parquet columns', 'parquet cells')))
    print(', '.join('%s %d' % (k, total.n[k]) for k in (
        'files', 'hostile files', 'links', 'objects', 'compared', 'equal',
        'different', 'refused')))


def library(oqfs):
    """The major version of the HDF5 inside."""
    said = subprocess.run([oqfs, '--version'], check=True, text=True,
                          stdout=subprocess.PIPE).stdout
    return int(re.search(r'\(HDF5 (\d+)\.', said)[1])


def main():
    args = options()
    rows = []
    hdf5 = library(args.oqfs)
    for tree in ('corpus', 'oqdata'):
        for r in manifest.index(getattr(args, tree)):
            r['tree'] = tree
            r['hdf5'] = hdf5
            rows.append(r)
    if not rows:
        print('no corpus at %s: nothing to compare' % args.corpus)
        return 0
    rows = [r for r in rows if args.only in r['file']]
    if args.selftest:
        bad = []
        n = selftest.run(rows, lambda s: (bad.append(s), print(s[:300])))
        print('%d read, %d rendered, %d mutated; %d wrong' % (*n, len(bad)))
        return 1 if bad else 0
    start, total = time.monotonic(), Tally()
    good = [r for r in rows if r['class'] in VALID and r['manifest']]
    rest = [r for r in rows if r not in good]
    rest += [r for r in crashers(args.corpus) if args.only in r['file']]
    bad = valid(good, args, total) if good else []
    worse, answers, by_class = hostile(rest, args, total) if rest \
        else ([], Counter(), Counter())
    for line in (bad + worse)[:None if args.all else 200]:
        print('  '.join(str(x)[:240] for x in line))
    if len(bad + worse) > 200 and not args.all:
        print('... %d more' % (len(bad + worse) - 200))
    print_answers(answers, by_class)
    print_totals(total)
    print('%.0f s, %d lines of log' % (time.monotonic() - start,
                                       len(args.said)))
    return 1 if total.n['different'] else 0


if __name__ == '__main__':
    sys.exit(main())
