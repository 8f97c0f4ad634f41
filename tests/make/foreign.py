#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""foreign.py - datastores as other programs than the engine write them

    foreign.py DIRECTORY

pads.hdf5: strings whose padding is not what their type says.
names.hdf5: columns and attributes with the same names.
labels.hdf5: dimension scales that fit, and others.
damaged.hdf5: a group that cannot be listed.
"""
import os
import sys

import h5py
import numpy as np
from h5py import h5a, h5d, h5s, h5t


def text_type(size, pad):
    t = h5t.C_S1.copy()
    t.set_size(size)
    t.set_strpad(pad)
    return t


def put(f, name, t, n, data=None):
    space = h5s.create_simple((n,)) if n else h5s.create(h5s.SCALAR)
    d = h5d.create(f.id, name.encode(), t, space)
    if data is not None:
        d.write(h5s.ALL, h5s.ALL,
                np.frombuffer(data, 'V%d' % t.get_size()).reshape(
                    (n,) if n else ()), mtype=t)
    return h5py.Dataset(d)


def put_attr(f, name, t, n, data):
    space = h5s.create_simple((n,)) if n else h5s.create(h5s.SCALAR)
    h5a.create(f.id, name.encode(), t, space).write(
        np.frombuffer(data, 'S%d' % t.get_size()).reshape(
            (n,) if n else ()), mtype=t)


def padded(f):
    space = text_type(6, h5t.STR_SPACEPAD)
    put(f, 'space', space, 6, b'ab\0\0\0\0' b'ab \0 \0' b' lead '
        b'\0\0\0\0\0\0' b'      ' b'a b\0\0\0')
    put(f, 'never', space, 3)
    put(f, 'nulls', text_type(6, h5t.STR_NULLPAD), 2,
        b'ab  \0\0' b'ab\0\0\0\0')
    put(f, 'term', text_type(6, h5t.STR_NULLTERM), 2,
        b'ab  \0x' b'ab\0\0\0\0')
    wide = text_type(20, h5t.STR_SPACEPAD)
    put(f, 'one', wide, 0, b'fortran'.ljust(20, b'\0'))
    put_attr(f, 'one', wide, 0, b'fortran'.ljust(20, b'\0'))
    put_attr(f, 'many', space, 2, b'ab\0\0\0\0' b'\0\0\0\0\0\0')
    rec = h5t.create(h5t.COMPOUND, 10)
    rec.insert(b's', 0, space)
    rec.insert(b'i', 6, h5t.STD_I32LE)
    put(f, 'rec', rec, 2, b'ab\0\0\0\0' b'\1\0\0\0' b'\0\0\0\0\0\0'
        b'\2\0\0\0')
    space.commit(f.id, b'type')
    put(f, 'typed', h5t.open(f.id, b'type'), 2, b'ab\0\0\0\0' b'      ')
    names = put(f, 'names', text_type(6, h5t.STR_SPACEPAD), 2,
                b'ab\0\0\0\0' b'cd    ')
    names.make_scale('names')
    f['byname'] = [1, 2]
    f['byname'].dims[0].attach_scale(names)


def named(f):
    f['x'] = np.arange(3)
    f['x'].attrs['oqfs.shape'] = 'mine'
    f['x'].attrs['oqfs.error'] = 'told'
    f['x'].attrs['oqfs.else'] = 7
    f.attrs['oqfs.state'] = 'mine'
    f['g/inner/y'] = np.arange(2)
    f['g'].attrs['oqfs.shape'] = 'plain'
    f['dup'] = np.zeros(1, [('a.b', 'i4'), ('a', [('b', 'i4')]),
                            ('v[0]', 'i1'), ('v', 'i1', (2,))])
    f['dup2d'] = np.zeros((1, 1), [('d0', 'i4'), ('value', 'f4')])


def scale(f, name, values):
    f[name] = np.array(values)
    f[name].make_scale(name)
    return f[name]


def scaled(f, name, shape, *scales):
    f[name] = np.arange(np.prod(shape)).reshape(shape)
    for dim, s in zip(f[name].dims, scales):
        if s is not None:
            dim.attach_scale(s)


def labelled(f):
    neg = scale(f, 'neg', [-1, 0, 1])
    scaled(f, 'fits', (3,), neg)
    scaled(f, 'more', (5,), neg)
    scaled(f, 'less', (2,), neg)
    scaled(f, 'grid', (2, 3), scale(f, 'lat', [[1., 2.], [3., 4.]]))
    scaled(f, 'both', (2, 3), f['lat'], neg)
    scaled(f, 'pairs', (2,), scale(f, 'cs', np.zeros(2, 'i4,f8')))
    twice = scale(f, 'twice', np.array([b'a', b'dup', b'dup', b'50%']))
    scaled(f, 'dups', (4,), twice)
    time = scale(f, 'time', [0.5, 1.5])
    f['obs'] = np.array([(0.5, 7), (1.5, 8)], 'f8,i4').view(
        [('time', 'f8'), ('v', 'i4')])
    f['obs'].dims[0].attach_scale(time)
    value = scale(f, 'value', [10, 20])
    scaled(f, 'values', (2, 2), value, value)


def damage(name):
    """The names in a group are gone."""
    with h5py.File(name, 'w', libver='earliest') as f:
        f['group/x'] = 1.5
    with open(name, 'rb+') as f:
        f.seek(f.read().rindex(b'HEAP'))
        f.write(b'XXXX')


def main(directory):
    os.chdir(directory)
    os.mkdir('plain')
    for name, fill in (('pads', padded), ('names', named),
                       ('labels', labelled)):
        with h5py.File(name + '.hdf5', 'w', libver='earliest') as f:
            fill(f)
    damage('damaged.hdf5')


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
