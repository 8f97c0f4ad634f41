# SPDX-License-Identifier: MIT
"""netcdf.py make DIR | check DIR MNT - what netCDF-4 has of its own.

Written and read by netCDF4, the reader that everybody has."""
import os
import sys

import netCDF4


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


def stems(at):
    return {e.split('.')[0] for e in os.listdir(at)}


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
