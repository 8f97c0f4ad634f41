#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""lookups.py OQFS SOURCE [SEED] - a name is the same before its directory is
listed as it is afterwards

Two mounts of one source.  All of the first is listed; of each name in it what
stat, readlink and reading say is noted.  In the second, which lists nothing,
the same names are looked up in any order, and each must say the same.
Exit status 1 where one does not.
"""
import hashlib
import os
import random
import sys
from collections import Counter

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

from oracle.mount import Mount                         # noqa: E402

BYTES = 1 << 16     # of each file
STAT = 'st_mode st_ino st_nlink st_uid st_gid st_size st_blocks st_mtime_ns'


def described(path):
    """What can be seen of a name, or its errors."""
    try:
        st = os.lstat(path)
    except OSError as e:
        return ('lstat', e.errno)
    seen = [getattr(st, word) for word in STAT.split()]
    try:
        if os.path.islink(path):
            seen.append(os.readlink(path))
        elif os.path.isfile(path):
            with open(path, 'rb', 0) as f:
                seen.append(hashlib.sha1(f.read(BYTES)).digest())
    except OSError as e:
        seen.append(e.errno)
    return tuple(seen)


def listed(top):
    """Names relative to the top, and what each is."""
    found = {}
    for at, dirs, files in os.walk(top):
        # Inside of exports another order of asking tells nothing new, nor
        # does the thousandth part of a csv.
        dirs[:] = [d for d in dirs if d != b'export']
        if at.endswith(b'.csv'):
            del files[3:]
        for name in dirs + files:
            path = os.path.join(at, name)
            found[os.path.relpath(path, top)] = described(path)
    return found


def main():
    oqfs, source = sys.argv[1:3]
    rng = random.Random(sys.argv[3] if len(sys.argv) > 3 else '1')
    with Mount(oqfs, source) as m:
        first = listed(os.fsencode(m.dir))
    # Neighbours in a listing would be looked up together.
    names = sorted(first)
    rng.shuffle(names)
    bad = 0
    with Mount(oqfs, source) as m:
        for name in names:
            now = described(os.path.join(os.fsencode(m.dir), name))
            if now != first[name]:
                bad += 1
                print('%s: %s, but listed %s' % (os.fsdecode(name), now,
                                                 first[name]))
    kinds = Counter(type(x[-1]).__name__ for x in first.values())
    print('%d names, %d differ; %s' % (len(names), bad, dict(kinds)))
    return 1 if bad or not names else 0


if __name__ == '__main__':
    sys.exit(main())
