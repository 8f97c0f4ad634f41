# SPDX-License-Identifier: MIT
"""data.py - the seeded data that `make bench` measures on, written once.

Each function writes one kind of file into the data directory; `plain/` holds
the same bytes as plain files, to compare with.
"""
import json
import os
import zlib

import h5py
import numpy as np

SEED = 20240607


def rng(name):
    return np.random.default_rng([SEED, zlib.crc32(name.encode())])


def smooth(shape, name):
    """A field that varies smoothly, with a little noise: compresses as
    hazard maps and ground motion fields do."""
    axes = [np.linspace(0, 3 + i, n, dtype='f4') for i, n in enumerate(shape)]
    field = sum(np.sin(a.reshape([-1 if i == k else 1
                                  for k in range(len(shape))]))
                for i, a in enumerate(axes))
    noise = rng(name).normal(0, 1e-3, shape[-1]).astype('f4')
    return (field + noise).astype('f4')


def contiguous(d):
    data = smooth((50, 1000, 1000), 'contiguous')
    with h5py.File(f'{d}/src/contiguous.hdf5', 'w') as f:
        f['x'] = data
    data.tofile(f'{d}/plain/contiguous.bin')


def passing(d):
    """500 MB that are shown as they are."""
    os.makedirs(f'{d}/pass', exist_ok=True)
    with open(f'{d}/pass/big.txt', 'wb') as f:
        for _ in range(500):
            f.write(rng('passing').bytes(10**6))


def chunked(d):
    """105 MB: 10 x 64 x 64 chunks of 100 x 512 x 512 float32."""
    data = smooth((100, 512, 512), 'chunked')
    kinds = {
        'gzip': dict(compression='gzip', compression_opts=4),
        'shuffle': dict(compression='gzip', compression_opts=4, shuffle=True),
        'fletcher': dict(shuffle=True, fletcher32=True),
        'szip': dict(compression='szip'),
    }
    with h5py.File(f'{d}/src/chunked.hdf5', 'w') as f:
        for name, options in kinds.items():
            try:
                f.create_dataset(name, data=data, chunks=(10, 64, 64),
                                 **options)
            except ValueError:      # an HDF5 without a szip encoder
                pass
    data.tofile(f'{d}/plain/chunked.bin')


def columns(d):
    """An extendable column as the engine writes it: 1,024-element chunks."""
    n = 4_700_000
    data = np.sort(rng('columns').integers(0, 2**31, n)).astype('u4')
    with h5py.File(f'{d}/src/columns.hdf5', 'w', libver='latest') as f:
        f.create_dataset('plain', data=data, chunks=(1024,), maxshape=(None,))
        f.create_dataset('gzip', data=data, chunks=(1024,), maxshape=(None,),
                         compression='gzip', compression_opts=4)
    data.tofile(f'{d}/plain/columns.bin')


def across(d):
    """Rows of 2,000 elements across column-shaped chunks."""
    data = smooth((8000, 2000), 'across')
    with h5py.File(f'{d}/src/across.hdf5', 'w') as f:
        f.create_dataset('x', data=data, chunks=(8000, 10),
                         compression='gzip', compression_opts=1)
    data.tofile(f'{d}/plain/across.bin')


def sparse(d):
    """2 TB of which one chunk exists."""
    with h5py.File(f'{d}/src/sparse.hdf5', 'w') as f:
        x = f.create_dataset('x', shape=(2**38,), dtype='f8', chunks=(2**17,))
        x[2**37:2**37 + 8] = np.arange(8)


def table(d):
    data = rng('table').normal(0, 1, (1_000_000, 4))
    with h5py.File(f'{d}/src/table.hdf5', 'w') as f:
        f['x'] = data
    np.save(f'{d}/plain/table.npy', data)


def labels(d):
    """Hazard curves as the engine stores them, with their labels."""
    data = smooth((20_000, 2, 4, 25), 'labels')
    with h5py.File(f'{d}/src/labels.hdf5', 'w') as f:
        x = f.create_dataset('hcurves-stats', data=data)
        x.attrs['json'] = json.dumps({
            'shape_descr': ['site_id', 'stat', 'imt', 'lvl'],
            'stat': ['mean', 'quantile-0.5'],
            'imt': ['PGA', 'SA(0.1)', 'SA(1.0)', 'SA(2.0)']})


def many_datasets(d):
    os.makedirs(f'{d}/plain/many', exist_ok=True)
    with h5py.File(f'{d}/src/many.hdf5', 'w') as f:
        for i in range(10_000):
            x = f.create_dataset(f'dataset_{i:05d}', data=np.arange(4))
    for i in range(10_000):
        for suffix in ('bin', 'csv', 'npy'):
            with open(f'{d}/plain/many/dataset_{i:05d}.{suffix}', 'wb') as f:
                f.write(b'x' * 32)


def many_groups(d):
    """Groups without attributes, and with two that a convention looks at."""
    for name, attrs in ('groups', {}), ('beams', {'description': 'A beam',
                                                  'number': 1}):
        with h5py.File(f'{d}/src/{name}.hdf5', 'w') as f:
            for i in range(10_000):
                f.create_group(f'group_{i:05d}').attrs.update(attrs)
    for i in range(10_000):
        os.makedirs(f'{d}/plain/groups/group_{i:05d}')


def many_compounds(d):
    fields = [(f'value_{i:02d}', 'f8') for i in range(20)] + [('id', 'S10')]
    with h5py.File(f'{d}/src/small.hdf5', 'w') as f:
        for i in range(5_000):
            x = f.create_dataset(f'table_{i:04d}', data=np.zeros(3, fields))
            x.attrs.update({'units': 'g', 'number': i, 'title': 'A table'})


def many_stores(d):
    os.makedirs(f'{d}/stores', exist_ok=True)
    for i in range(1_000):
        with h5py.File(f'{d}/stores/calc_{i + 1}.hdf5', 'w',
                       libver='latest') as f:
            for k in range(6):
                g = f.create_group(f'group_{k}')
                for j in range(9):
                    g[f'x{j}'] = np.arange(3)


def compounds(d):
    fields = [('id', 'u4')] + [(f'value_{i:02d}', 'f4') for i in range(40)]
    data = np.zeros(200_000, fields)
    for name, _ in fields:
        data[name] = rng(name).normal(0, 100, len(data))
    with h5py.File(f'{d}/src/compounds.hdf5', 'w') as f:
        f['wide'] = data
        words = np.array(['branch_%d~gmpe' % i for i in range(1000)], object)
        f.create_dataset('words', data=np.tile(words, 200),
                         dtype=h5py.string_dtype())
    data.tofile(f'{d}/plain/compounds.bin')


def far(d):
    """A calculation as the engine writes it: columns that grow in turns by
    1,024-element chunks, and small things between them."""
    os.makedirs(f'{d}/farsrc', exist_ok=True)
    r = rng('far')
    with h5py.File(f'{d}/farsrc/calc_1.hdf5', 'w', libver='latest') as f:
        g = f.create_group('gmf_data')
        g.attrs['__pdcolumns__'] = 'eid sid gmv_0 gmv_1'
        for c in g.attrs['__pdcolumns__'].split():
            g.create_dataset(c, (0,), 'u4' if c.endswith('id') else 'f4',
                             chunks=(1024,), maxshape=(None,))
        for i in range(0, 1 << 20, 1 << 12):
            for c in g:
                g[c].resize((i + (1 << 12),))
                g[c][i:] = r.integers(0, 1000, 1 << 12)
            if i % (1 << 15) == 0:
                small = f.create_group(f'group_{i >> 15:02}')
                for k in range(6):
                    small[f'x{k}'] = np.arange(100.0)


def frames(d):
    """Ground motion fields as data frames: 20,000 events at 1,000 sites."""
    events, sites = 20_000, 1_000
    r = rng('frames')
    columns = {
        'eid': np.repeat(np.arange(events, dtype='u4'), sites),
        'sid': np.tile(np.arange(sites, dtype='u4'), events),
        'gmv_0': np.exp(r.normal(-3, 1, events * sites)).astype('f4'),
        'gmv_1': np.exp(r.normal(-4, 1, events * sites)).astype('f4')}
    with h5py.File(f'{d}/src/frames.hdf5', 'w') as f:
        for name, options in [('contiguous', {}),
                              ('gzip', dict(compression='gzip',
                                            chunks=(1 << 16,)))]:
            g = f.create_group(name)
            g.attrs['__pdcolumns__'] = ' '.join(columns)
            for c, values in columns.items():
                g.create_dataset(c, data=values, **options)


def parameters(f, **more):
    f.attrs['engine_version'] = '3.25.0'
    f['oqparam'] = json.dumps(dict(dict(inputs={}, investigation_time=50.0), **more))


def exports(d):
    """20 million rows of ground motion, by blocks of events in no order; a million assets with
    five tags and three losses."""
    os.makedirs(f'{d}/exports', exist_ok=True)
    r, sites = rng('exports'), 1000
    with h5py.File(f'{d}/exports/calc_1.hdf5', 'w', libver='latest') as f:
        parameters(f, calculation_mode='event_based',
                   hazard_imtls={'PGA': [0.1], 'SA(0.3)': [0.1]})
        blocks = r.permutation(200)[:, None] * 100 + np.arange(100)
        columns = dict(eid=np.repeat(blocks.ravel().astype('u4'), sites),
                       sid=np.tile(np.arange(sites, dtype='u4'), 20_000),
                       gmv_0=r.lognormal(-3, 1, 20_000_000).astype('f4'),
                       gmv_1=r.lognormal(-3, 1, 20_000_000).astype('f4'))
        g = f.create_group('gmf_data')
        g.attrs['__pdcolumns__'] = ' '.join(columns)
        for name, v in columns.items():
            g.create_dataset(name, data=v, chunks=(1024,), maxshape=(None,))
        g = f.create_group('sitecol')
        g.attrs['__pdcolumns__'] = 'sids lon lat depth'
        g['sids'] = np.arange(sites, dtype='u4')
        for name in 'lon', 'lat', 'depth':
            g[name] = np.zeros(sites)
    with h5py.File(f'{d}/exports/calc_2.hdf5', 'w', libver='latest') as f:
        losses = 'contents nonstructural structural'.split()
        parameters(f, calculation_mode='event_based_risk', all_cost_types=losses)
        n, tags = 1_000_000, ['NAME_1', 'NAME_2', 'NAME_3', 'occupancy', 'taxonomy']
        a = np.zeros(n, [('id', 'S12'), ('ordinal', 'u4'), ('lon', 'f4'), ('lat', 'f4'),
                         ('site_id', 'u4')] + [(t, 'u4') for t in tags])
        a['id'] = [b'asset_%06d' % i for i in range(n)]
        for name in 'lon', 'lat':
            a[name] = r.uniform(-10, 10, n)
        for k, tag in enumerate(tags):
            a[tag] = r.integers(1, 4 ** (k + 1), n)
            f.create_dataset(f'assetcol/tagcol/{tag}', dtype=h5py.string_dtype(),
                             data=['?'] + [f'{tag}-{i}' for i in range(1, 4 ** (k + 1))])
        f['assetcol/array'] = a
        f['assetcol'].attrs.create('tagnames', tags, dtype=h5py.string_dtype())
        for name in losses:
            f[f'avg_losses-stats/{name}'] = r.lognormal(5, 2, (n, 1)).astype('f4')


# ---- what is many or huge; and a tenth of it, to see how it grows

def big_frame(path, n):
    """A data frame of so many rows, of which none was written yet."""
    with h5py.File(path, 'w', libver='latest') as f:
        g = f.create_group('gmf_data')
        g.attrs['__pdcolumns__'] = 'eid sid gmv_0'
        for c in g.attrs['__pdcolumns__'].split():
            g.create_dataset(c, (n,), 'u4' if c.endswith('id') else 'f4',
                             chunks=(2**17,), maxshape=(None,))


def big_chunks(path, n):
    """An extendable dataset of so many small chunks."""
    with h5py.File(path, 'w', libver='latest') as f:
        x = f.create_dataset('x', (16 * n,), 'u4', chunks=(16,),
                             maxshape=(None,))
        # HDF5 keeps some kilobytes for each chunk that is written at once.
        for i in range(0, 16 * n, 1 << 18):
            part = np.arange(i, min(i + (1 << 18), 16 * n), dtype='u4')
            x[i:i + len(part)] = part


def big_links(path, n):
    """A group of so many links, all to one dataset."""
    with h5py.File(path, 'w', libver='latest') as f:
        f['x'] = np.arange(3)
        g = f.create_group('links')
        for i in range(n):
            g.id.links.create_hard(b'link_%07d' % i, f.id, b'x')


def one_calc():
    """A small datastore, as bytes."""
    with h5py.File('calc', 'w', driver='core', backing_store=False) as f:
        f['x'] = np.arange(3)
        f.flush()
        return f.id.get_file_image()


def big_calcs(path, n):
    """A directory of so many calculations."""
    os.makedirs(path, exist_ok=True)
    for i in range(n):
        with open(f'{path}/calc_{i + 1}.hdf5', 'wb') as f:
            f.write(one_calc.image)


def big_users(path, n):
    """So many users' data directories, each with two calculations."""
    for i in range(n):
        big_calcs(f'{path}/user_{i:03}/oqdata', 2)


SCALES = {'frame': (big_frame, 10**10), 'chunks': (big_chunks, 10**6),
          'links': (big_links, 10**6), 'calcs': (big_calcs, 10**4),
          'users': (big_users, 500)}


def scales(d):
    one_calc.image = one_calc()
    for size, part in ('all', 1), ('tenth', 10):
        os.makedirs(f'{d}/scale/{size}', exist_ok=True)
        for name, (write, n) in SCALES.items():
            write(f'{d}/scale/{size}/{name}' + (
                '' if name in ('calcs', 'users') else '.hdf5'), n // part)


ALL = [contiguous, passing, chunked, columns, across, sparse, table, labels,
       many_datasets, many_groups, many_compounds, many_stores, compounds,
       frames, far, exports, scales]


def make(d):
    """Write what is not there yet."""
    for sub in ('src', 'plain', 'done'):
        os.makedirs(f'{d}/{sub}', exist_ok=True)
    for write in ALL:
        mark = f'{d}/done/{write.__name__}'
        if not os.path.exists(mark):
            print(f'writing {write.__name__} ...', flush=True)
            write(d)
            open(mark, 'w').close()
