#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""dframe.py - holds labelled tables of a mount against the engine's to_dframe()

    dframe.py MOUNT FILES

FILES is the directory that is mounted on MOUNT.  For each dataset that has a
`json` or `shape_descr` attribute, makes the data frame that the engine's
ArrayWrapper.to_dframe(skip_zeros=False) gives, and compares it with the csv:
columns, order of rows, labels, values.  Of a compound, which the engine makes
no data frame of, each member is a column.  Exits with 1 if one differs.
"""
import json
import os
import sys

import h5py
import numpy as np
import pandas as pd


def shape_descr(dset):
    """As get_shape_descr(); axes without labels have their indices"""
    attrs = dict(dset.attrs)
    if 'json' in attrs:
        attrs.update(json.loads(attrs['json']))
    names = list(attrs['shape_descr'])
    labels = [attrs.get(n, s) for n, s in zip(names, dset.shape)]
    return names, [range(x) if isinstance(x, (int, np.integer)) else x
                   for x in labels]


def compare(dset, fname):
    names, labels = shape_descr(dset)
    assert [len(x) for x in labels] == list(dset.shape)
    values = dset[()].ravel()
    members = values.dtype.names
    columns = {n: values[n] for n in members} if members else {'value': values}
    df = pd.read_csv(fname, dtype={n: str for n in names},
                     keep_default_na=False,
                     na_values={n: ['nan'] for n in columns},
                     float_precision='round_trip')
    assert list(df.columns) == names + list(columns), df.columns
    assert len(df) == dset.size
    codes = np.indices(dset.shape).reshape(len(names), -1)
    for name, label, code in zip(names, labels, codes):
        # pandas prints floats with repr(), as Python does.
        assert (df[name].to_numpy() ==
                np.array([str(x) for x in label])[code]).all(), name
    for name, want in columns.items():
        np.testing.assert_array_equal(
            df[name].to_numpy().astype(want.dtype), want)
    return df.size


def walk(group, visit):
    for name in group:
        try:
            obj = group[name]
            has = {'json', 'shape_descr'} & set(obj.attrs)
        except (KeyError, OSError, RuntimeError):
            continue  # what this HDF5 is too old for
        if isinstance(obj, h5py.Group):
            walk(obj, visit)
        elif has:
            visit(obj)


def main(mount, files):
    cells, tables, bad = 0, 0, 0
    for top, _, names in os.walk(files):
        for name in sorted(names):
            path = os.path.join(top, name)
            if not h5py.is_hdf5(path):
                continue
            tree = os.path.join(mount, os.path.relpath(path, files)[:-5])

            def visit(dset):
                nonlocal cells, tables, bad
                fname = tree + dset.name + '.csv'
                try:
                    cells += compare(dset, fname)
                    tables += 1
                except (AssertionError, OSError, ValueError) as e:
                    print(f'WRONG {fname}: {type(e).__name__}: {e}')
                    bad += 1
            try:
                with h5py.File(path, 'r', swmr=True) as f:
                    walk(f, visit)
            except OSError:
                continue
    print(f'{cells} cells of {tables} tables are as to_dframe() has them, '
          f'{bad} are wrong')
    return bad


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]) != 0)
