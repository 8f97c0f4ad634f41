#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Make a file some of whose attributes are of a datatype to come.

    toonew.py FILE LIBVER

The objects have attributes 'a00', 'a01' ...; those in TOO_NEW, which are int32
when h5py writes them, then get a datatype version that no HDF5 has, and the
checksums of what holds them are made to fit.  LIBVER 'earliest' has object
headers without checksums, 'latest' with them.  The other attributes are floats
and texts: see value().
"""
import re
import sys

import h5py
import numpy as np

# object: (number of attributes, those that are too new)
OBJECTS = {'/': (5, {2}), 'first': (5, {0}), 'last': (5, {4}),
           'two': (6, {1, 3}), 'set': (5, {1}), 'all': (3, {0, 1, 2}),
           'type': (4, {2}), 'many': (40, {20}), 'fine': (5, set())}
# Attributes in dense storage, where only LIBVER 'latest' puts them.
DENSE = 'many'


def value(i):
    return 'text %d' % i if i % 2 else i / 4


def write(path, libver):
    with h5py.File(path, 'w', libver=libver) as f:
        f['set'] = [1.5]
        f['type'] = np.dtype('<f4')
        for name, (n, new) in OBJECTS.items():
            o = f.require_group(name) if name not in f else f[name]
            for i in range(n):
                o.attrs['a%02d' % i] = np.int32(i) if i in new else value(i)


def lookup3(data):
    """The checksum of HDF5's metadata."""
    def turn(x, n):
        return (x << n | x >> (32 - n)) & m

    m = 0xffffffff
    a = b = c = (0xdeadbeef + len(data)) & m
    at, left = 0, len(data)
    while True:
        w = [int.from_bytes(data[at + 4 * i:at + min(4 * i + 4, left)], 'little')
             if 4 * i < left else 0 for i in range(3)]
        a, b, c = (a + w[0]) & m, (b + w[1]) & m, (c + w[2]) & m
        if left <= 12:
            break
        at, left = at + 12, left - 12
        a = (a - c & m) ^ turn(c, 4)
        c = c + b & m
        b = (b - a & m) ^ turn(a, 6)
        a = a + c & m
        c = (c - b & m) ^ turn(b, 8)
        b = b + a & m
        a = (a - c & m) ^ turn(c, 16)
        c = c + b & m
        b = (b - a & m) ^ turn(a, 19)
        a = a + c & m
        c = (c - b & m) ^ turn(b, 4)
        b = b + a & m
    c = (c ^ b) - turn(b, 14) & m
    a = (a ^ c) - turn(c, 11) & m
    b = (b ^ a) - turn(a, 25) & m
    c = (c ^ b) - turn(b, 16) & m
    a = (a ^ c) - turn(c, 4) & m
    b = (b ^ a) - turn(a, 14) & m
    return (c ^ b) - turn(b, 24) & m


def blocks(data):
    """Where each block with a checksum is, with that: (start, end, sum at)."""
    for m in re.finditer(b'OHDR|OCHK|FHDB', data):
        at = m.start()
        if m[0] == b'FHDB':     # the sum is at 18, and zero for the sum
            ends = [(at + (512 << i), at + 18) for i in range(8)]
        else:
            ends = [(at + n, at + n) for n in range(8, 4096)]
        for end, where in ends:
            whole = bytearray(data[at:end])
            if where != end:
                whole[18:22] = bytes(4)
            if int.from_bytes(data[where:where + 4], 'little') == \
                    lookup3(whole):
                yield at, end, where
                break


def doctor(path):
    with open(path, 'rb') as f:
        old = f.read()
    known = list(blocks(old))
    # int32: class 0 of some version, signed, 4 bytes, 32 bits from 0 on
    new = bytearray(old)
    n = 0
    for m in re.finditer(rb'[\x10-\x50]\x08\0\0\x04\0\0\0\0\0\x20\0', old):
        new[m.start()] = 0x70
        n += 1
    assert n == sum(len(bad) for _, bad in OBJECTS.values()), n
    for start, end, where in known:
        if new[start:end] == old[start:end]:
            continue
        if where != end:
            new[where:where + 4] = bytes(4)
        new[where:where + 4] = lookup3(new[start:end]).to_bytes(4, 'little')
    with open(path, 'wb') as f:
        f.write(new)


if __name__ == '__main__':
    write(*sys.argv[1:3])
    doctor(sys.argv[1])
