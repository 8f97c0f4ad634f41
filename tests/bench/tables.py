# SPDX-License-Identifier: MIT
"""tables.py - what analysts ask of a table of 20 million rows

DuckDB asks the mount's Parquet and csv, and Parquet files that it wrote of the
same rows; h5py and pandas ask the datastore.
"""
import os

MODULES = os.path.join(os.environ.get('XDG_CACHE_HOME') or
                       os.path.expanduser('~/.cache'), 'oqfs/npm')
DUCK = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'duck.mjs')

QUERIES = {
    'group-by': ('SELECT sid, avg(gmv_0) FROM {} GROUP BY sid',
                 ['sid', 'gmv_0'], 'd.groupby("sid").gmv_0.mean()'),
    'event': ('SELECT * FROM {} WHERE eid = 7777',
              ['eid', 'sid', 'gmv_0', 'gmv_1'], 'd[d.eid == 7777]'),
    'site': ('SELECT * FROM {} WHERE sid = 777',
             ['eid', 'sid', 'gmv_0', 'gmv_1'], 'd[d.sid == 777]'),
}


def real(b, codec):
    return f'{b.DIR}/plain/frame-{codec}.parquet'


def duck(b, query, table):
    query = query.format(f"'{table}'")
    return b.says('node', DUCK, MODULES, query, text=query)


def write_real(b):
    """By DuckDB, once, of the mount's."""
    missing = [c for c in ('uncompressed', 'zstd')
               if not os.path.exists(real(b, c))]
    if not missing:
        return
    m = b.Mount(f'{b.DIR}/src')
    for codec in missing:
        duck(b, f"COPY (FROM {{}}) TO '{real(b, codec)}.new' "
             f"(FORMAT parquet, COMPRESSION {codec})",
             f'{b.MNT}/frames.hdf5/gzip.parquet')()
        os.rename(f'{real(b, codec)}.new', real(b, codec))
    m.close()


def pandas(b, kind, columns, code):
    start = ('import time,h5py,pandas\n'
             f'f=h5py.File("{b.DIR}/src/frames.hdf5","r"); '
             f't=time.perf_counter(); g=f["{kind}"]\n'
             'd=pandas.DataFrame({c:g[c][...] for c in %r})\n' % columns)
    return b.says(b.PY, '-c',
                  f'{start}{code}\nprint(time.perf_counter()-t)', text=code)


def ask(b, kind, name):
    query, columns, code = QUERIES[name]

    def ways():
        write_real(b)
        parquet = duck(b, query, f'{b.MNT}/frames.hdf5/{kind}.parquet')
        csv = duck(b, query, f'{b.MNT}/frames.hdf5/{kind}.csv/*.csv')
        return 'real Parquet', {
            'real Parquet': b.plain(duck(b, query, real(b, 'uncompressed'))),
            'real Parquet, zstd': b.plain(duck(b, query, real(b, 'zstd'))),
            'mount, first': b.first(parquet),
            'mount, again': b.again(parquet),
            'csv, first': b.first(csv),
            'csv, again': b.again(csv),
            'h5py and pandas': b.plain(pandas(b, kind, columns, code))}
    return ways


def cat(b, kind):
    """All of a table, beside its NumPy file."""
    def ways():
        at = f'{b.MNT}/frames.hdf5/{kind}'
        npy = b.sh(f'cat {at}.npy >/dev/null')
        parquet = b.sh(f'cat {at}.parquet >/dev/null')
        return 'npy, first', {
            'npy, first': b.first(npy), 'parquet, first': b.first(parquet),
            'npy, again': b.again(npy), 'parquet, again': b.again(parquet)}
    return ways


def tasks(b):
    found = {f'cat-parquet-{kind}': cat(b, kind)
             for kind in ('gzip', 'contiguous')}
    if b.have('node') and os.path.exists(f'{MODULES}/done'):
        found |= {f'{name}-{kind}': ask(b, kind, name)
                  for kind in ('gzip', 'contiguous') for name in QUERIES}
    return found
