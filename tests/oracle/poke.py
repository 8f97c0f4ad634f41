# SPDX-License-Identifier: MIT
"""Touch everything of a file that may be hostile; any answer will do."""
import os
from collections import Counter

from .compare import Ops, errname

CHUNK = 65536
ENTRIES = 300
VIEWS = 1500
DEPTH = 12


def poke(top, tell):
    """{(operation, answer): times}"""
    ops, seen = Ops(tell), Counter()

    def do(op, *args):
        try:
            out = getattr(ops, op)(*args)
            seen[op, 'ok'] += 1
            return out
        except OSError as e:
            seen[op, errname(e)] += 1
            return None

    def xattrs(path):
        for x in do('listxattr', path) or []:
            v = ops.getxattr(path, x)
            seen['getxattr', errname(v) if isinstance(v, int) else 'ok'] += 1

    def one(path):
        st = do('lstat', path)
        if st is None:
            return
        do('read', path, CHUNK)
        if st.st_size > CHUNK:
            do('read', path, CHUNK, st.st_size - CHUNK)
        if st.st_size <= 1 << 20:
            got = do('read', path)
            if got is not None and len(got) != st.st_size:
                seen['read', 'WRONG SIZE'] += 1
        xattrs(path)
        stem, dot, ext = path.rpartition(b'.')
        if ext in (b'csv', b'bin', b'npy') and dot:
            do('read', stem + b'.meta.json')

    def walk(path, depth):
        entries = do('scan', path)
        xattrs(path)
        for i, (e, kind) in enumerate(sorted((entries or {}).items())):
            if i >= ENTRIES or sum(seen.values()) > 20 * VIEWS:
                seen['entries', 'CAPPED'] += 1
                break
            p = os.path.join(path, e)
            if kind == 'd' and depth < DEPTH:
                walk(p, depth + 1)
            elif kind == 'l':
                try:
                    os.readlink(p)
                    seen['readlink', 'ok'] += 1
                except OSError as x:
                    seen['readlink', errname(x)] += 1
            elif kind == 'f':
                one(p)

    st = do('lstat', top)
    if st is not None and os.path.isdir(top):
        walk(top, 0)
    elif st is not None:
        one(top)
    return seen
