# SPDX-License-Identifier: MIT
"""matlab.py make DIR | check DIR MNT - what MATLAB 7.3 means by its datasets.

Written and read by hdf5storage, which does both as MATLAB does."""
import csv
import json
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


def sparse():
    from scipy.sparse import csc_matrix, random
    m = random(50, 400, .02, 'csc', random_state=7)
    yield 'random', m, 'double'
    yield 'mask', csc_matrix(np.eye(4) == 1), 'logical'
    z = csc_matrix([[0, 0, 0], [0, 1.5, 0]])
    yield 'one', z, 'double'


def put_sparse(f, name, m, kind):
    g = f.create_group(name)
    g.attrs['MATLAB_class'] = np.bytes_(kind)
    g.attrs['MATLAB_sparse'] = np.uint64(m.shape[0])
    if m.nnz:
        g['data'] = m.data.astype('u1') if kind == 'logical' else m.data
        g['ir'] = m.indices.astype('u8')
    g['jc'] = m.indptr.astype('u8')


def make_sparse(d):
    from scipy.sparse import csc_matrix
    with h5py.File(f'{d}/sparse.mat', 'w') as f:
        for x in sparse():
            put_sparse(f, *x)
        put_sparse(f, 'none', csc_matrix((3, 3)), 'double')
        for name, jc in ('back', [0, 2, 1, 3]), ('short', [0, 1, 2]), \
                ('late', [1, 2, 3]):
            put_sparse(f, name, csc_matrix(np.eye(3)), 'double')
            del f[name]['jc']
            f[name]['jc'] = np.array(jc, 'u8')


def check_sparse(d, mnt):
    top, n = f'{mnt}/sparse.mat', 0
    for name, m, kind in sparse():
        assert {f'{name}{s}' for s in ('', '.csv', '.npy', '.parquet')} <= \
            set(os.listdir(top)), name
        m = m.tocoo()
        rows = list(csv.reader(read(f'{top}/{name}.csv').splitlines()))
        want = [[str(r), str(c), 'true' if kind == 'logical' else repr(float(
            v))] for r, c, v in zip(m.row, m.col, m.data)]
        assert rows == [['row', 'column', 'value']] + want, name
        a = np.load(f'{top}/{name}.npy')
        assert (a['row'] == m.row).all() and (a['column'] == m.col).all()
        assert (a['value'] == m.data).all() and len(a) == m.nnz
        part = np.load(f'{top}/{name}[::-2].npy')
        assert (part == a[::-2]).all(), name
        only = np.load(f'{top}/{name}[1:, column].npy')
        assert (only == m.col[1:]).all(), name
        n += m.nnz
    assert 'none.csv' not in os.listdir(top)
    for name in 'back', 'short', 'late':
        try:
            open(f'{top}/{name}.csv').read()
            raise AssertionError(f'{name}.csv can be read')
        except OSError as e:
            assert e.errno == 5, (name, e)
    print(f'{n} entries are those of scipy')


def cells():
    nested = np.empty(2, object)
    nested[:] = [np.str_('in, "side"'), 7.0]
    v = np.empty(9, object)
    v[:] = [np.str_('é, "q"'), 2.5, np.bool_(True), np.arange(3.),
            np.arange(6, dtype='i2').reshape(2, 3), nested,
            {'x': 1.0, 'name': np.str_('a')}, np.str_(''), np.arange(100.)]
    return v


def make_cells(d):
    path = f'{d}/cells.mat'
    hdf5storage.write({'c': cells(), 'grid': np.array(
        [[np.str_('a'), 1.0], [np.str_('b'), 2.0]], object)}, '.', path,
        matlab_compatible=True, store_python_metadata=False)
    with h5py.File(path, 'r+') as f:
        ref = f['c'].dtype
        loop = f.create_dataset('#refs#/loop', (1, 1), ref)
        loop.attrs['MATLAB_class'] = np.bytes_('cell')
        loop[0, 0] = loop.ref
        plain = f.create_dataset('#refs#/plain', data=np.arange(3))
        s = f.create_group('s')
        s.attrs['MATLAB_class'] = np.bytes_('struct')
        for k in 'ab':
            s.create_dataset(k, (3, 1), ref)
            for i in range(3):
                s[k][i, 0] = f['c'][i + (k == 'b'), 0]
        odd = f.create_dataset('odd', (3,), ref)
        odd[0], odd[1] = loop.ref, plain.ref


def flat(v):
    """A value that hdf5storage read, as its text in JSON has it."""
    if isinstance(v, np.ndarray):
        if v.dtype.names:
            return {k: flat(v[k].ravel()[0]) for k in v.dtype.names}
        if v.dtype.kind == 'U':
            return str(v.ravel()[0]) if v.size else ''
        v = np.squeeze(v.T)
        return [flat(x) for x in v] if v.ndim else flat(v.item())
    return str(v) if isinstance(v, np.str_) else v


def check_cells(d, mnt):
    top, back = f'{mnt}/cells.mat', hdf5storage.loadmat(f'{d}/cells.mat')
    got = [r[0] for r in csv.reader(read(f'{top}/c.csv').splitlines())][1:]
    want = [flat(v) for v in back['c'].ravel()]
    assert len(got) == len(want) == 9
    for g, w in zip(got[:-1], want):
        if isinstance(w, str):
            assert g == w, (g, w)
        else:
            assert json.loads(g) == w, (g, w)
    # What is not small is told by its path.
    assert got[-1].startswith('/#refs#/'), got[-1]
    rows = list(csv.reader(read(f'{top}/s.csv').splitlines()))
    assert [r[0] for r in rows[1:]] == got[:3], rows
    assert [r[1] for r in rows[1:]] == got[1:4], rows
    assert read(f'{top}/grid.csv') == 'c0,c1\na,b\n1.0,2.0\n'
    assert read(f'{top}/odd.csv') == 'odd\n/#refs#/loop\n/#refs#/plain\n""\n'
    assert os.stat(f'{top}/c.parquet').st_size == len(
        open(f'{top}/c.parquet', 'rb').read())
    print(f'{len(got)} cells hold what hdf5storage reads')


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
