# SPDX-License-Identifier: MIT
"""netcdf.py make DIR | check DIR MNT - what netCDF-4 has of its own.

Written by netCDF4, and read by it, or as xarray decodes it."""
import csv
import os
import sys

import netCDF4
import numpy as np


def make(d):
    with netCDF4.Dataset(f'{d}/a.nc', 'w') as f:
        f.createDimension('x', 4)
        f.createDimension('bare', 3)
        f.createDimension('growing', None)
        f.createVariable('x', 'f8', ('x',))[:] = [0, .5, 1, 1.5]
        v = f.createVariable('v', 'i4', ('x', 'bare'), fill_value=-1)
        v[:2] = [[1, 2, 3], [4, 5, 6]]
        f.createVariable('g', 'i4', ('growing', 'bare'))[:2] = 7
        inner = f.createGroup('inner')
        inner.createDimension('own', 2)
        inner.createVariable('w', 'i2', ('own',))[:] = [1, 2]


def make_texts(d):
    with netCDF4.Dataset(f'{d}/texts.nc', 'w') as f:
        for name, n in ('t', 3), ('len', 5), ('u', 2), ('empty', 0), \
                ('w', 2):
            f.createDimension(name, n)
        words = np.array([['a', 'bb  '], ['ccccc', ''], ['é', 'x,"y"']])
        codes = np.array([[list(w.encode().ljust(5, b'\0')) for w in r]
                          for r in words], 'u1').view('S1')
        f.createVariable('word', 'S1', ('len',))[:] = codes[0, 1]
        f.createVariable('list', 'S1', ('t', 'len'))[:] = codes[:, 1]
        f.createVariable('grid', 'S1', ('t', 'u', 'len'))[:] = codes
        f.createVariable('flag', 'S1', ('t',))[:] = [b'y', b'n', b'y']
        # Without coordinates, but not of characters alone.
        f.createVariable('mark', 'S1', ('w',))[:] = [b'+', b'-']
        f.createVariable('v', 'i4', ('w',))[:] = [1, 2]
        f.createVariable('none', 'S1', ('t', 'empty'))
        f.createVariable('t', 'i4', ('t',))[:] = [10, 20, 30]


def stems(at):
    return {e.split('.')[0] for e in os.listdir(at)}


def table(path):
    with open(path, newline='', encoding='utf-8') as f:
        got = f.read()
    assert len(got.encode()) == os.stat(path).st_size, path
    return list(csv.reader(got.splitlines(keepends=True)))


def check_texts(d, mnt):
    import xarray as xr
    at, n = f'{mnt}/texts.nc', 0
    with xr.open_dataset(f'{d}/texts.nc') as f:
        for name in 'word', 'list', 'grid', 'flag', 'mark':
            v = f[name].values
            got = table(f'{at}/{name}.csv')
            labels = [f[k].values if k in f.coords else np.arange(n)
                      for k, n in zip(f[name].dims, v.shape)]
            want = [[str(x[k]) for x, k in zip(labels, i)] + [v[i].decode()]
                    for i in np.ndindex(v.shape)]
            assert got[1:] == want, (name, got[1:], want)
            n += len(want)
            npy = np.load(f'{at}/{name}.npy')
            assert npy.dtype == 'S1' and npy.tobytes() == open(
                f'{at}/{name}.bin', 'rb').read(), name
    assert table(f'{at}/grid.csv')[0] == ['t', 'u', 'value']
    assert table(f'{at}/list[1:].csv')[1:] == [['20', ''], ['30', 'x,"y"']]
    assert table(f'{at}/list[t=10].csv') == [['list'], ['bb  ']]
    assert table(f'{at}/grid[0, 1, 0:2].csv') == [['grid'], ['bb']]
    assert table(f'{at}/list[:, 0].csv')[1:] == [['10', 'b'], ['20', ''],
                                                 ['30', 'x']]
    assert len(open(f'{at}/none.csv').read().splitlines()) == 1
    text = open(f'{at}/list.txt').read()
    assert len(text) == os.stat(f'{at}/list.txt').st_size
    assert '"bb  "' in text, text
    assert os.stat(f'{at}/list.parquet').st_size == len(
        open(f'{at}/list.parquet', 'rb').read())
    print(f'{n} texts are as xarray decodes them')


def check(d, mnt):
    n = 0
    with netCDF4.Dataset(f'{d}/a.nc') as f:
        for g, at in (f, f'{mnt}/a.nc'), (f['inner'], f'{mnt}/a.nc/inner'):
            want = set(g.variables) | set(g.groups)
            assert stems(at) == want, (stems(at), want)
            for name in set(g.dimensions) - set(g.variables):
                assert os.path.exists(f'{at}/{name}.npy'), name
                assert os.path.exists(f'{at}/{name}.meta.json'), name
                n += 1
    with open(f'{mnt}/a.nc/v.csv') as f:
        head = f.readline()
    assert head == 'x,bare,value\n', head
    print(f'{n} dimensions without a variable')


if __name__ == '__main__':
    globals()[sys.argv[1]](*sys.argv[2:])
