#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Exports as Parquet beside the same as csv, and beside what h5py reads.

    exportcells.py MNT [H5 NUMBER]

Every export of every calculation in MNT is read by hyparquet.  A number must
be that of the csv but for what the csv rounds.  Of H5, which is calculation
NUMBER, the ground motion must be the stored values in the order of events and
sites.
"""
import csv
import os
import sys
import tempfile
from contextlib import closing
from decimal import Decimal

import h5py
import numpy as np

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from oracle import parquet                            # noqa: E402


def rounds_to(got, want):
    """Whether a number is what was printed, to its last digit."""
    shown = Decimal(want)
    step = Decimal(1).scaleb(shown.as_tuple().exponent)
    return abs(Decimal(float(got)) - shown) <= step * Decimal('.501')


def is_same(got, want):
    if isinstance(got, bool):
        return want in (('True', '1') if got else ('False', '0'))
    if got == want or got in ('nan', 'inf', '-inf'):
        return got.lower() == want.lower() or (got, want) == ('nan', '')
    try:
        return rounds_to(got, want)
    except (ArithmeticError, ValueError, TypeError):
        return False


def compare(reader, path):
    with open(path, encoding='utf-8', newline='') as f:
        rows = [r for r in csv.reader(f) if not r[0].startswith('#')]
    got = reader.columns(path[:-4] + '.parquet')
    assert [n for n, _ in got] == rows[0], (path, rows[0])
    for i, (name, cells) in enumerate(got):
        assert len(cells) == len(rows) - 1, (path, name, len(cells))
        for cell, row in zip(cells, rows[1:]):
            assert is_same(cell, row[i]), (path, name, cell, row[i])
    return len(rows) - 1


def motions(reader, mnt, h5, number):
    with h5py.File(h5, 'r') as f:
        g = f['gmf_data']
        eid, sid = g['eid'][...], g['sid'][...]
        order = np.lexsort((sid, eid))
        want = [eid[order], g['gmv_0'][...][order]]
    got = reader.columns('%s/calc_%s/export/gmf-data_%s.parquet' % (
        mnt, number, number))
    cells = dict(got)
    assert cells['event_id'] == [str(v) for v in want[0].tolist()]
    assert [c for n, c in got if n.startswith('gmv_')][0] == \
        want[1].astype('f8').tolist()


def main(mnt, h5=None, number=None):
    files = rows = 0
    with tempfile.TemporaryDirectory() as scratch, \
            closing(parquet.Reader(scratch)) as reader:
        if reader.why:
            sys.exit(reader.why)
        for calc in sorted(os.listdir(mnt)):
            folder = os.path.join(mnt, calc, 'export')
            if calc.startswith('calc_') and os.path.isdir(folder):
                for name in sorted(os.listdir(folder)):
                    rows += compare(reader, os.path.join(folder, name))
                    files += 1
        if h5:
            motions(reader, mnt, h5, number)
    print('%d files, %d rows' % (files, rows))


if __name__ == '__main__':
    main(*sys.argv[1:])
