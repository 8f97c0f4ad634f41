#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""lies.py - calculations that lie, and whether their exports stand it

    lies.py make DIR SEED N FILE...   write N calculations into DIR: a FILE each, a few things
                                      in it changed, as SEED has it
    lies.py check MOUNT LOG PID       read all their exports; exits with 1 where one is neither
                                      whole nor an error, where a reader of that process died
                                      or took a GiB

What is changed: numbers that are indices, counts or NaN; lengths and shapes; types; texts;
attributes; parameters; and what is missing.
"""
import csv
import errno
import json
import os
import random
import re
import shutil
import sys

import h5py
import numpy as np

ERRORS = {errno.EIO, errno.EFBIG, errno.ENOENT, errno.EOVERFLOW, errno.EOPNOTSUPP}
TEXTS = ['', '?', 'a,"b"', 'x' * 300, 'é\n', '~', '.', '[]', '-1', '../up', 'mean', 'SA(', '%n',
         '{"shape_descr": ["a"]}', '1e999', 'no_damage', 'structural_ins', 'NAME_1']
INTS = [0, 1, 2, 3, 7, 255, 65535, 2**31 - 1, 2**32 - 1, 2**53, 2**63 - 1, -1, -2, -2**31]
FLOATS = [0., -0., np.nan, np.inf, -np.inf, 1e-310, -1., 1e300, .1, 2.]
JSON = [None, True, 0, -1, 3, 1e300, '', 'text', [], {}, [[]], [0.1], ['a'], {'a': []},
        {'PGA': [1]}, [['zone', 'zone']], 'x' * 5000, [[['a']]], list(range(300))]


# ---- changes ----

def number(rng, dtype):
    if dtype.kind == 'f':
        return rng.choice(FLOATS)
    if dtype.kind in 'iu':
        info = np.iinfo(dtype)
        return rng.choice([i for i in INTS if info.min <= i <= info.max])
    return rng.choice(TEXTS).encode()[:dtype.itemsize or 1] if dtype.kind == 'S' else \
        rng.choice(TEXTS)


def change_elements(rng, d):
    """Some numbers of it, or all"""
    v = d[()]
    if not d.shape or not v.size:
        return
    field = rng.choice(v.dtype.names) if v.dtype.names else None
    to = v[field] if field else v
    dtype = h5py.string_dtype() if to.dtype == object else to.dtype
    if to.dtype.names or to.dtype.kind == 'b' or to.dtype == object and \
            isinstance(to.flat[0], np.ndarray):
        return
    for _ in range(rng.choice((1, 1, 3, to.size))):
        at = np.unravel_index(rng.randrange(to.size), to.shape)
        to[at] = number(rng, dtype)
    if field:
        v[field] = to
    d[...] = v


def replace(d, name, v, dtype=None):
    """The dataset has another value, and keeps its attributes"""
    parent, attrs = d.parent, dict(d.attrs)
    del parent[name]
    new = parent.create_dataset(name, data=v, dtype=dtype or v.dtype)
    for k, a in attrs.items():
        new.attrs[k] = a


def change_shape(rng, d):
    name, v, dtype = d.name.split('/')[-1], d[()], d.dtype
    if not d.shape:
        v = np.array([v, v] if rng.random() < .5 else [], object)
        return replace(d, name, v, dtype)
    axis = rng.randrange(len(d.shape))
    n = d.shape[axis]
    how = rng.randrange(5)
    if how < 2:
        v = np.take(v, range(rng.choice((0, 1, max(n - 1, 0)))), axis) if n else v
    elif how == 2:
        v = np.concatenate([v, v], axis)
    elif how == 3:
        v = v[None]
    else:
        v = v.reshape(-1)
    replace(d, name, v, dtype)


def change_type(rng, d):
    name, v = d.name.split('/')[-1], d[()]
    if d.dtype.names and d.shape:
        names = [x for x in d.dtype.names if x != rng.choice(d.dtype.names)]
        if names:
            parts = np.empty(v.shape, [(x, d.dtype[x]) for x in names])
            for x in names:
                parts[x] = v[x]
            replace(d, name, parts, np.dtype([(x, d.dtype[x]) for x in names]))
        return
    to = rng.choice(('f8', 'f4', 'f2', 'i8', 'u1', 'text', 'S2', 'bool'))
    shape = d.shape
    if to == 'text':
        replace(d, name, np.full(shape, 'x', object), h5py.string_dtype())
    else:
        replace(d, name, np.ones(shape, to))


def remove(rng, d):
    del d.parent[d.name.split('/')[-1]]


def change_attribute(rng, o):
    if not o.attrs:
        return
    name = rng.choice(sorted(o.attrs))
    v = o.attrs[name]
    how = rng.randrange(4)
    if how == 0:
        del o.attrs[name]
    elif how == 1:
        o.attrs[name] = rng.choice(INTS[:11])
    elif how == 2:
        o.attrs[name] = rng.choice(TEXTS)
    elif isinstance(v, str):
        at = rng.randrange(len(v) + 1)
        o.attrs[name] = v[:at] + rng.choice(TEXTS) + v[at + rng.randrange(9):]


def change_json(rng, v):
    """Something within it"""
    if isinstance(v, dict) and v and rng.random() < .9:
        key = rng.choice(sorted(v))
        if rng.random() < .2:
            return {k: x for k, x in v.items() if k != key}
        return dict(v, **{key: change_json(rng, v[key])})
    if isinstance(v, list) and v and rng.random() < .6:
        at = rng.randrange(len(v))
        return v[:at] + [change_json(rng, v[at])] + v[at + rng.randrange(2):]
    return rng.choice(JSON)


def change_param(rng, f):
    if 'oqparam' not in f:
        return
    v = change_json(rng, json.loads(f['oqparam'][()]))
    del f['oqparam']
    f['oqparam'] = json.dumps(v)


def change(rng, f):
    objects, datasets = [f], []

    def visit(_, o):
        objects.append(o)
        if isinstance(o, h5py.Dataset) and o.name != '/oqparam':
            datasets.append(o)
    f.visititems(visit)
    what = rng.randrange(8)
    if what == 0:
        change_param(rng, f)
    elif what == 1:
        change_attribute(rng, rng.choice(objects))
    elif datasets:
        rng.choice((change_elements, change_elements, change_elements, change_shape, change_type,
                    remove))(rng, rng.choice(datasets))


def make(folder, seed, n, files):
    for i in range(n):
        rng = random.Random(f'{seed}-{i}')
        source = rng.choice(files)
        path = f'{folder}/calc_{i + 1}.hdf5'
        shutil.copy(source, path)
        os.chmod(path, 0o644)
        with h5py.File(path, 'r+', libver='latest') as f:
            for _ in range(rng.choice((1, 1, 2, 5))):
                try:
                    change(rng, f)
                except (TypeError, ValueError, OSError, RuntimeError, KeyError, IndexError):
                    pass   # of a sort that h5py does not make


# ---- what is read ----

def read(path):
    """All of it; None where it says that it cannot be had"""
    try:
        size = os.stat(path).st_size
        with open(path, 'rb') as f:
            data = f.read()
    except OSError as e:
        if e.errno not in ERRORS:
            raise
        return None
    if len(data) != size:
        raise ValueError(f'{len(data)} bytes of {size}')
    return data


def check_table(path):
    data = read(path)
    if data is None:
        return
    if read(path) != data:
        raise ValueError('it changes')
    rows = list(csv.reader(data.decode().split('\r\n')[:-1]))
    if not rows or {len(r) for r in rows} != {len(rows[-1])} and len(rows[0]) != 2:
        raise ValueError('rows of several widths')


def descends(pid, ancestor):
    while pid not in ('0', '1', ancestor):
        pid = re.search(r'PPid:\s*(\d+)', open(f'/proc/{pid}/status').read())[1]
    return pid == ancestor


def memory(server):
    """The most that a process of the server took, in kB"""
    most = 0
    for pid in filter(str.isdigit, os.listdir('/proc')):
        try:
            status = open(f'/proc/{pid}/status').read()
            if descends(pid, server):
                most = max(most, int(re.search(r'VmHWM:\s*(\d+)', status)[1]))
        except (OSError, TypeError):
            pass
    return most


def check(mount, log, server):
    bad = files = 0
    for calc in sorted(os.listdir(mount)):
        folder = f'{mount}/{calc}/export'
        try:
            names = os.listdir(folder)
            os.getxattr(folder, 'user.oqfs.export')
        except OSError:
            continue
        for name in sorted(names)[::len(names) // 50 + 1]:
            files += 1
            try:
                check_table(f'{folder}/{name}')
                read(f'{folder}/{name[:-3]}parquet')
            except (OSError, ValueError, csv.Error) as e:
                bad += 1
                print(f'{folder}/{name}: {e}')
    most = memory(server)
    if most > 1 << 20:
        bad += 1
        print(f'a reader took {most} kB')
    for line in open(log, errors='replace'):
        if re.search(r'reader \d+.* (gave|closed|sent|exited|died)|Sanitizer|runtime error', line):
            bad += 1
            print(line, end='')
    print(f'{files} files, {bad} of them bad; {most} kB')
    return bad


if __name__ == '__main__':
    if sys.argv[1] == 'make':
        make(sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5:])
    else:
        sys.exit(check(*sys.argv[2:5]) > 0)
