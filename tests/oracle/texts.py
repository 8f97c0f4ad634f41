#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""texts.py - holds aligned tables against the CSVs beside them

    texts.py MOUNT BYTES        those whose csv has up to so many bytes

Exits with 1 if a txt is not aligned or says something else than the csv.
"""
import os
import stat
import sys

sys.dont_write_bytecode = True
sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
from oracle import cells, rfc4180


def compare(path, limit):
    """Cells that were compared; None: this has no aligned table, or is not to
    be compared"""
    txt = path[:-4] + '.txt'
    st = os.stat(path)
    if not stat.S_ISREG(st.st_mode) or st.st_size > limit or \
            not os.path.exists(txt):
        return None
    with open(path, 'rb') as f:
        rows = rfc4180.parse(f.read())
    size = os.stat(txt).st_size
    with open(txt, 'rb') as f:
        data = f.read()
    assert len(data) == size, 'has %d bytes, not %d' % (len(data), size)
    if not rows or data == b'\n' * len(data):
        return 0  # columns of nothing
    cells.same_txt(data, rows)
    return sum(map(len, rows))


def main(mount, limit):
    total = tables = none = bad = 0
    for top, _, names in os.walk(mount):
        for name in sorted(names):
            if not name.endswith('.csv'):
                continue
            path = os.path.join(top, name)
            try:
                n = compare(path, limit)
            except (AssertionError, OSError, rfc4180.Bad) as e:
                print('WRONG %s: %s: %s' % (path, type(e).__name__,
                                            str(e)[:300]))
                bad += 1
                continue
            if n is None:
                none += 1
                continue
            total += n
            tables += 1
    print('%d cells of %d tables are those of the csv, %d are wrong; '
          '%d were left out' % (total, tables, bad, none))
    return bad or not tables


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(bool(main(sys.argv[1], int(sys.argv[2]))))
