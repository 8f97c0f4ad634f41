# SPDX-License-Identifier: MIT
"""conventions.py pandas|anndata make DIR | check DIR MNT - frames of others.
conventions.py index check DIR MNT - their indices, by a reader of Parquet.

Tables of pandas are held against what pandas reads; AnnData's layout is
written here as its specification says, as is what its csv has to be."""
import csv
import io
import os
import sys
import warnings

import h5py
import numpy as np

warnings.simplefilter('ignore')
TEXT = h5py.string_dtype()


# ---- pandas

def frames():
    import pandas as pd
    n = 5000
    i = pd.date_range('1999-12-31', periods=n, tz='UTC', freq='H', name='when')
    df = pd.DataFrame({
        'a': np.where(np.arange(n) % 7, np.arange(n) / 3, np.nan),
        'b': [f'text {k % 11}, "q"' for k in range(n)],
        'k': pd.Categorical([None if k % 5 == 0 else 'uvwé'[k % 4]
                             for k in range(n)]),
        'num': pd.Categorical(np.arange(n) % 3 * 10),
        'd': pd.to_datetime(np.where(np.arange(n) % 3, '2021-05-05 01:02:03.5',
                                     None)),
        'i': np.arange(n), 'tf': np.arange(n) % 2 == 0,
        'td': pd.to_timedelta(np.arange(n), unit='s'),
        'f4': np.arange(n, dtype='f4') / 7, 'u1': np.arange(n).astype('u1'),
        'é"\n\\u0041x': np.arange(n)}, index=i)
    df.loc[df.index[3], 'td'] = pd.NaT
    yield 'plain', df, {}
    yield 'queried', df, {'data_columns': ['i', 'b', 'k', 'd', 'tf', 'td']}
    yield 'series', df['a'], {}
    multi = df[['a', 'i', 'd']].copy()
    multi.index = pd.MultiIndex.from_arrays(
        [np.arange(n) % 2, df['b'].to_numpy()], names=['g', 'n'])
    yield 'multi', multi, {}
    yield 'wide', pd.DataFrame(np.arange(600.).reshape(3, 200)), {}
    yield 'clash', pd.DataFrame({'index': [1, 2], 'x': [3., 4.]}), {}
    yield 'nameless', df[['a', 'tf']].reset_index(drop=True), {}


def fixed_frames():
    """What format='fixed', the default, can hold; no text is among it."""
    import pandas as pd
    every = dict((name, df) for name, df, _ in frames())
    plain = every['plain'].drop(columns=['k', 'num'])
    yield 'fixed', plain
    yield 'fixed_series', every['series']
    yield 'fixed_nameless', pd.Series([1., 2.])
    yield 'fixed_multi', every['multi']
    yield 'fixed_wide', every['wide']
    yield 'fixed_clash', every['clash']
    yield 'fixed_ids', pd.DataFrame({'x': [1., 2.], 'y': [3, 4]},
                                    index=['é', 'b'])
    yield 'fixed_spans', pd.DataFrame(
        {'x': [1, 2]}, index=pd.to_timedelta([5, 6], unit='s'))


def make_pandas(d):
    import pandas as pd
    with pd.HDFStore(f'{d}/pandas.h5', 'w') as s:
        for name, df, how in frames():
            s.put(name, df, format='table', **how)
        for name, df in fixed_frames():
            s.put(name, df, format='fixed')
        s.put('fixed_none', pd.DataFrame({'a': []}))
        s.put('fixed_texts', pd.DataFrame({'a': ['x', 'y']}))
        s.put('fixed_broad', pd.DataFrame(np.zeros((2, 2000))))
    with h5py.File(f'{d}/pandas.h5', 'r+') as f:
        f.copy('plain', 'lost')         # names that cannot be read
        evil = b'cos\nsystem\n(S\'touch /tmp/oqfs-pickle\'\ntR.'
        t = f['lost/table']
        for key in list(t.attrs):
            if key.endswith('_kind') and key != 'index_kind':
                t.attrs[key] = np.bytes_(evil)
        f['lost'].attrs['non_index_axes'] = np.bytes_(evil)
        f['lost'].attrs['info'] = np.bytes_(b'(dp0\n')
        f.copy('plain', 'damaged')      # codes without categories
        t = f['damaged/table']
        row = t[7]
        block = [k[:-5] for k in t.attrs if k.endswith('_meta') and
                 t.attrs[k] == b'category'][0]
        row[block] = 99
        t[7] = row


def shown(v):
    """A value of pandas as a field"""
    import pandas as pd
    if isinstance(v, pd.Timestamp):
        v = v.tz_convert('UTC').tz_localize(None) if v.tz else v
        return str(np.datetime64(v.value, 'ns'))
    if isinstance(v, pd.Timedelta):
        return str(v.value)
    if v is None or v is pd.NaT:
        return ''
    if isinstance(v, (bool, np.bool_)):
        return 'true' if v else 'false'
    return str(v)


def rows_of(df):
    import pandas as pd
    cols = []
    for c in df.columns:
        s = df[c]
        if isinstance(s.dtype, pd.CategoricalDtype):
            cols.append(['' if pd.isna(v) else str(v) for v in s])
        else:
            cols.append([shown(v) for v in (s.to_numpy() if s.dtype == 'f4'
                                            else s)])
    return [list(r) for r in zip(*cols)]


def read(path):
    with open(path, newline='') as f:
        got = f.read()
    assert len(got.encode()) == os.stat(path).st_size, path
    return list(csv.reader(io.StringIO(got, newline='')))


def check_frame(src, root, name):
    import pandas as pd
    df = pd.read_hdf(src, name)
    df = (df.to_frame() if df.ndim == 1 else df)
    df.index.names = [n or ('index' if df.index.nlevels == 1 else n)
                      for n in df.index.names]
    if name.endswith('clash'):
        df.columns = ['index_1', 'x']
    if name == 'fixed_nameless':
        df.columns = ['values']
    df = df.reset_index()
    if name.startswith('fixed'):
        df = df.drop(columns=[c for c in df if df[c].dtype == object and
                              c not in df.columns[:2]])
    got = read(f'{root}/{name}.csv')
    assert got[0] == [str(c) for c in df.columns], (got[0], list(df.columns))
    want = rows_of(df)
    assert len(got) == len(want) + 1
    for g, w in zip(got[1:], want):
        assert g == w, (name, g, w)
    a = np.load(f'{root}/{name}.npy')
    assert len(a) == len(df) and list(a.dtype.names) == got[0]
    for c in a.dtype.names:
        assert a.dtype[c].kind in 'fiubMmS', (c, a.dtype[c])
        if df.iloc[:, got[0].index(c)].dtype == bool:
            assert a.dtype[c] == bool, (c, a.dtype[c])
        if a.dtype[c].kind == 'M':
            assert np.datetime_as_string(a[c][1:2])[0] == want[1][
                got[0].index(c)], c
    return len(want) * len(got[0])


def check_pandas(d, mnt):
    root, n = f'{mnt}/pandas.h5', 0
    for name in 'plain queried series multi wide clash nameless'.split():
        n += check_frame(f'{d}/pandas.h5', root, name)
    for name, _ in fixed_frames():
        assert f'{name}.csv' in os.listdir(root), name
        n += check_frame(f'{d}/pandas.h5', root, name)
    for name in 'fixed_none', 'fixed_broad':
        assert f'{name}.csv' not in os.listdir(root), name
        assert not os.path.exists(f'{root}/{name}.csv'), name
    assert read(f'{root}/fixed_texts.csv') == [['index'], ['0'], ['1']]
    left = os.getxattr(f'{root}/fixed', 'user.oqfs.left_out')
    assert left == b'b: objects of Python', left
    lost, plain = read(f'{root}/lost.csv'), read(f'{root}/plain.csv')
    assert lost[0][0] == 'index' and 'values_block_0[0]' in lost[0], lost[0]
    assert len(lost) == len(plain) and sorted(lost[5]) == sorted(plain[5])
    assert not os.path.exists('/tmp/oqfs-pickle')
    try:
        open(f'{root}/damaged.csv').read()
        raise AssertionError('damaged.csv can be read')
    except OSError as e:
        assert e.errno == 5, e
    part = read(f'{root}/plain[10:20:3,k,when].csv')
    at = [plain[0].index(c) for c in ('k', 'when')]
    assert part == [[r[i] for i in at]
                    for r in [plain[0]] + plain[11:21:3]], part
    print(f'{n} cells of tables are as pandas reads them')


def check_index(d, mnt):
    """Whatever pandas reads Parquet with gives the index back."""
    import pandas as pd
    n = 0
    for name, df, _ in frames():
        got = pd.read_parquet(f'{mnt}/pandas.h5/{name}.parquet')
        want = df.index
        if getattr(want, 'tz', None):
            want = want.tz_localize(None)
        assert got.index.names == want.names, (name, got.index.names)
        assert got.index.equals(want), (name, got.index, want)
        columns = [str(c) for c in getattr(df, 'columns', [df.name]
                                           if df.ndim == 1 else [])]
        if name == 'clash':
            columns[0] = 'index_1'
        assert list(got.columns) == columns, (name, got.columns)
        n += 1
    part = pd.read_parquet(f'{mnt}/pandas.h5/plain[10:20,k,when].parquet')
    assert part.index.name == 'when' and list(part.columns) == ['k'], part
    assert (pd.read_parquet(f'{mnt}/pandas.h5/plain.parquet')['u1'].dtype
            == np.uint8)
    obs = pd.read_parquet(f'{mnt}/cells.h5ad/obs.parquet')
    assert obs.index.name == 'cell' and obs.index[3999] == 'c3999', obs.index
    assert obs['q'].dtype == 'Int64' and obs['q'].isna()[1], obs['q']
    assert obs['q'][2] == -5 and obs['ok'].dtype == 'boolean'
    print(f'{n} indices are those of pandas')


# ---- AnnData

def group(parent, name, kind, **data):
    g = parent.create_group(name)
    g.attrs['encoding-type'] = kind
    g.attrs['encoding-version'] = '0.2.0'
    for k, v in data.items():
        if isinstance(v, list) and v and isinstance(v[0], str):
            g.create_dataset(k, data=v, dtype=TEXT)
        else:
            g[k] = v
    return g


def frame(parent, name, index, order, **data):
    g = group(parent, name, 'dataframe', **data)
    g.attrs['_index'] = index
    g.attrs['column-order'] = np.array(order, TEXT if order else 'f8')
    return g


def make_anndata(d):
    with h5py.File(f'{d}/cells.h5ad', 'w') as f:
        n = 4000
        obs = frame(f, 'obs', 'cell', ['n', 'type', 'lvl', 'q', 'ok', 's'],
                    cell=[f'c{i}' for i in range(n)],
                    n=(np.arange(n, dtype='f4') / 3).astype('>f4'))
        group(obs, 'type', 'categorical',
              codes=(np.arange(n) % 4 - 1).astype('i1'),
              categories=['B cell', 'T,é', ''])
        group(obs, 'lvl', 'categorical', codes=(np.arange(n) % 2).astype('i2'),
              categories=np.array([0.5, 10.]))
        mask = np.arange(n) % 3 == 1
        group(obs, 'q', 'nullable-integer', values=np.arange(n) - 7, mask=mask)
        group(obs, 'ok', 'nullable-boolean', values=np.arange(n) % 2 == 0,
              mask=mask)
        group(obs, 's', 'nullable-string-array',
              values=[f's{i}' for i in range(n)], mask=mask)
        frame(f, 'var', '_index', [], _index=np.array([b'g1', b'g2']))
        old = frame(f, 'old', 'i', ['k'], i=np.arange(3),
                    k=np.array([2, 0, -1], 'i1'))
        c = old.create_dataset('__categories/k', data=['x', 'y', 'z'],
                               dtype=TEXT)
        old['k'].attrs['categories'] = c.ref
        frame(f, 'uneven', 'i', ['k'], i=np.arange(3), k=np.arange(2))
        frame(f, 'missing', 'i', ['nothing'], i=np.arange(3))
        frame(f, 'matrix', 'i', ['m'], i=np.arange(3), m=np.zeros((3, 2)))
        frame(f, 'twice', 'i', ['i', 'i_1'], i=np.arange(2), i_1=np.arange(2))
        group(f, 'unknown', 'csr_matrix', data=np.arange(3))
        # [[0, 5, 0], [0, 0, 0], [6, 0, 7]]
        group(f, 'X', 'csr_matrix', data=np.array([5., 6., 7.], 'f4'),
              indices=np.array([1, 0, 2], 'i4'),
              indptr=np.array([0, 1, 1, 3], 'i4'))
        group(f, 'T', 'csc_matrix', data=np.array([6, 5, 7]),
              indices=np.array([2, 0, 2], 'i8'),
              indptr=np.array([0, 1, 2, 3], 'i4'))
        bad = frame(f, 'bad', 'i', ['k'], i=np.arange(3))
        group(bad, 'k', 'categorical', codes=np.array([0, 5, 0], 'i1'),
              categories=['x'])
        long = frame(f, 'long', 'i', ['k'], i=np.arange(1))
        group(long, 'k', 'categorical', codes=np.array([0], 'i1'),
              categories=['x' * 5000])


def fails(path, errno):
    try:
        open(path).read()
    except OSError as e:
        assert e.errno == errno, (path, e)
        return
    raise AssertionError(f'{path} can be read')


def check_anndata(d, mnt):
    root, n = f'{mnt}/cells.h5ad', 4000
    got = read(f'{root}/obs.csv')
    assert got[0] == ['cell', 'n', 'type', 'lvl', 'q', 'ok', 's'], got[0]
    for i, row in enumerate(got[1:]):
        gone = i % 3 == 1
        want = [f'c{i}', str(np.float32(i) / np.float32(3)),
                ['', 'B cell', 'T,é', ''][i % 4], ['0.5', '10.0'][i % 2],
                '' if gone else str(i - 7),
                '' if gone else 'false' if i % 2 else 'true',
                '' if gone else f's{i}']
        assert row == want, (i, row, want)
    assert len(got) == n + 1
    for name in 'type', 'lvl', 'q', 'ok', 's':
        at = got[0].index(name)
        assert read(f'{root}/obs/{name}.csv') == [[r[at]] for r in got], name
    assert read(f'{root}/obs[-2:,s,type].csv') == [
        ['s', 'type']] + [[r[6], r[2]] for r in got[-2:]]
    a = np.load(f'{root}/obs[n,type,q].npy')
    assert a.dtype == [('n', '>f4'), ('type', 'S6'),
                       ('q', [('value', '<i8'), ('mask', '?')])], a.dtype
    assert [x.decode() for x in a['type']] == [r[2] for r in got[1:]]
    assert (a['q']['mask'] == (np.arange(n) % 3 == 1)).all()
    assert np.load(f'{root}/obs/type.npy').dtype == np.dtype('S6')
    assert read(f'{root}/var.csv') == [['_index'], ['g1'], ['g2']]
    assert read(f'{root}/old.csv') == [['i', 'k'], ['0', 'z'], ['1', 'x'],
                                       ['2', '']]
    assert read(f'{root}/twice.csv')[0] == ['i', 'i_1', 'i_1_1']
    for name in 'missing', 'matrix':
        assert os.path.isdir(f'{root}/{name}')
        assert not os.path.exists(f'{root}/{name}.csv'), name
    assert 'unknown.csv' not in os.listdir(root)    # only by name
    assert read(f'{root}/X.csv') == [
        ['row', 'column', 'value'], ['0', '1', '5.0'], ['2', '0', '6.0'],
        ['2', '2', '7.0']]
    assert read(f'{root}/T.csv') == [
        ['row', 'column', 'value'], ['2', '0', '6'], ['0', '1', '5'],
        ['2', '2', '7']]
    fails(f'{root}/uneven.csv', 5)
    fails(f'{root}/bad.csv', 5)
    fails(f'{root}/long.csv', 95)
    print(f'{n} rows are as AnnData has them')


if __name__ == '__main__':
    globals()[f'{sys.argv[2]}_{sys.argv[1]}'](*sys.argv[3:])
