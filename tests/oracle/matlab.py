# SPDX-License-Identifier: MIT
"""matlab.py make DIR | check DIR MNT - what MATLAB 7.3 means by its datasets.

Written and read by hdf5storage, which does both as MATLAB does."""
import csv
import os
import sys
import warnings

warnings.simplefilter('ignore')
import h5py                                     # noqa: E402
import hdf5storage                              # noqa: E402
import numpy as np                              # noqa: E402

ROWS = ['first', 'zwei ', 'dré€ ']
TEXTS = {'name': 'plain', 'odd': 'é, "x" \U0001d11e\n', 'bmp': 'é€', 'none': ''}


def values():
    rng = np.random.default_rng(1)
    v = {k: np.str_(t) for k, t in TEXTS.items()}
    v['flags'] = rng.random((5, 3)) < .5
    v['numbers'] = np.arange(6, dtype='u1').reshape(2, 3)
    v['codes'] = np.arange(65, 71, dtype='u2').reshape(1, 6)
    return v


def make(d):
    path = f'{d}/all.mat'
    hdf5storage.write(values(), '.', path, matlab_compatible=True,
                      store_python_metadata=False)
    with h5py.File(path, 'r+') as f:
        rows = [list(r.encode('utf-16-le')) for r in ROWS]
        rows = f.create_dataset('rows', data=np.array(rows, 'u1').view(
            '<u2').T)
        rows.attrs['MATLAB_class'] = np.bytes_('char')
        rows.attrs['MATLAB_int_decode'] = np.int32(2)
        odd = f.create_dataset('half', data=np.array(
            [[0x41], [0xd834], [0x42]], 'u2'))
        odd.attrs['MATLAB_class'] = np.bytes_('char')
        deep = f.create_dataset('deep', data=np.full((2, 2, 2), 65, 'u2'))
        deep.attrs['MATLAB_class'] = np.bytes_('char')
        big = f.create_dataset('swapped', data=np.array([[65], [66]], '>u2'))
        big.attrs['MATLAB_class'] = np.bytes_('char')


def read(path):
    with open(path, newline='', encoding='utf-8') as f:
        got = f.read()
    assert len(got.encode()) == os.stat(path).st_size, path
    return got


def check(d, mnt):
    top, listed = f'{mnt}/all.mat', os.listdir(f'{mnt}/all.mat')
    back = hdf5storage.loadmat(f'{d}/all.mat')
    for name in list(TEXTS) + ['rows', 'half', 'swapped']:
        assert {e for e in listed if e.startswith(name + '.')} == {
            name + '.txt'}, name
    for name in TEXTS:
        want = back[name].item() if back[name].size else ''
        assert want == TEXTS[name]
        assert read(f'{top}/{name}.txt') == want, name
    assert back['rows'].ravel().tolist() == ROWS, back['rows']
    assert read(f'{top}/rows.txt') == ''.join(r + '\n' for r in ROWS)
    assert read(f'{top}/half.txt') == 'A\ufffdB'
    assert read(f'{top}/swapped.txt') == 'AB'
    assert not [e for e in listed if e == 'deep.txt']
    assert '#refs#' not in listed
    flags = np.load(f'{top}/flags.npy')
    assert flags.dtype == bool and (flags.T == back['flags']).all()
    assert flags.tobytes() == open(f'{top}/flags.bin', 'rb').read()
    table = list(csv.reader(read(f'{top}/flags.csv').splitlines()))[1:]
    assert table == [['true' if v else 'false' for v in r]
                     for r in back['flags'].T], table
    assert np.load(f'{top}/numbers.npy').dtype == 'u1'
    assert np.load(f'{top}/name.npy').dtype == 'u2'
    assert np.load(f'{top}/name[1:3].npy').shape == (2, 1)
    assert read(f'{top}/codes.csv').startswith('c0\n65\n66\n')
    print(f'{len(back)} variables are as hdf5storage reads them')


if __name__ == '__main__':
    globals()[sys.argv[1]](*sys.argv[2:])
