#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""engine.py - holds the tables of a mount against the engine's own exports

    engine.py MOUNT EXPORTS CALC...        CALC as in 3.25-calc_9

Each export is made again from the mount's files alone (csv, and oqparam.txt),
the way the engine makes it, and compared cell by cell: a number is right when
it prints as the engine printed it.  Says for each export how many cells were
compared with what, and which exports cannot be compared and why.  Exits with 1
if a cell differs.
"""
import csv
import glob
import json
import os
import re
import sys
from bisect import bisect_right
from itertools import product

import numpy as np
import pandas as pd

LOSS_TYPES = ('business_interruption contents nonstructural structural '
              'occupants occupants_day occupants_night').split()


class Wrong(Exception):
    pass


class Computed(float):
    """Not stored but computed here, so that the last printed digit may differ
    by one: the engine computes partly in single precision"""


class Coordinate(float):
    """Some exporters round these to five digits in single precision first"""


# ---- a cell ----------------------------------------------------------------

def printed_as(text, value):
    """Whether the number prints as this text does, in its own format"""
    m = re.fullmatch(r'-?\d+(?:\.(\d+))?([eE])?.*', text)
    if not m:
        return False
    digits = len(m.group(1) or '')
    fmt = f'%.{digits}{m.group(2) or "f"}'
    # A float32 was printed from its exact value, not from its shortest text.
    return any(float(fmt % v) == float(text)
               for v in (float(value), float(np.float32(value))))


def same(text, value):
    if isinstance(value, Computed):
        return abs(float(text) - value) <= 6e-6 * abs(value)
    if isinstance(value, Coordinate):
        return printed_as(text, value) or \
            printed_as(text, np.round(np.float32(value), 5))
    if isinstance(value, (float, np.floating)):
        if np.isnan(value):
            return text.lower() in ('nan', '')
        return printed_as(text, value)
    if isinstance(value, (bool, np.bool_)):
        return text == str(int(value))
    return text == str(value)


def same_exactly(a, b):
    """An array of the engine's own, not text"""
    if isinstance(a, bytes):
        return a.decode() == str(b)
    if isinstance(a, (float, np.floating)):
        return type(a)(b) == a or (np.isnan(a) and np.isnan(b))
    return a == b


# ---- the mount -------------------------------------------------------------

class Calc:
    """The tables of one calculation, read as anyone would"""

    def __init__(self, path, used=None, name=''):
        self.dir, self.name = path, name
        self.used = set() if used is None else used
        self.cache, self.up = {}, None

    def path(self, key, ext):
        return os.path.join(self.dir, key + ext)

    def has(self, key):
        # A group of arrays of one length has a csv too, but does not list it.
        d, name = os.path.split(self.path(key, '.csv'))
        return os.path.isdir(d) and name in os.listdir(d)

    def table(self, key):
        self.used.add(self.name + key)
        if key not in self.cache:
            self.cache[key] = pd.read_csv(
                self.path(key, '.csv'), float_precision='round_trip',
                keep_default_na=False, na_values=['nan'])
        return self.cache[key]

    def array(self, key):
        """A table in long form as its labels and an array, and is it in the
        order of one?"""
        df = self.table(key)
        index = list(df.columns[:-1])
        labels = [list(dict.fromkeys(df[c])) for c in index]
        codes = np.indices([len(x) for x in labels]).reshape(len(index), -1)
        for name, values, code in zip(index, labels, codes):
            if not (df[name].to_numpy() == np.array(values)[code]).all():
                raise Wrong(f'{key}: {name} is not in order')
        return labels, df['value'].to_numpy().reshape(
            [len(x) for x in labels])

    def oqparam(self):
        self.used.add('oqparam')
        with open(self.path('oqparam', '.txt'), encoding='utf-8') as f:
            return json.load(f)

    def parent(self):
        """Where the sites and assets are"""
        path = os.path.join(self.dir, 'parent')
        if not self.up and os.path.isdir(path):
            self.up = Calc(path, self.used, 'parent/')
        return self.up

    def find(self, key):
        """This calculation or its parent, whichever has the table"""
        for c in (self, self.parent()):
            if c and c.has(key):
                return c
        return None


# ---- the exports -----------------------------------------------------------

def read_export(fname):
    """Header and rows, without the comment"""
    with open(fname, newline='', encoding='utf-8-sig') as f:
        rows = list(csv.reader(f))
    if rows[0][0].startswith('#'):
        rows = rows[1:]
    return rows[0], rows[1:]


class Check:
    def __init__(self, what, fname):
        self.what, self.fname = what, fname
        self.cells = 0

    def equal(self, text, value, where):
        if not same(text, value):
            raise Wrong(f'{self.what}: {where}: the engine says {text}, '
                        f'the mount {value!r}')
        self.cells += 1

    def columns(self, header, rows, made):
        """'made': dict of a column's name to its values, in order"""
        for name, values in made.items():
            if name not in header:
                raise Wrong(f'{self.what}: no column {name} in {header}')
            values = list(values)
            if len(values) != len(rows):
                raise Wrong(f'{self.what}: {name}: {len(rows)} rows, '
                            f'the mount has {len(values)}')
            k = header.index(name)
            for i, (row, value) in enumerate(zip(rows, values)):
                self.equal(row[k], value, f'row {i}, {name}')

    def exactly(self, array, values):
        values = list(values)
        if len(array) != len(values):
            raise Wrong(f'{self.what}: {len(array)} items, '
                        f'the mount has {len(values)}')
        for i, (a, b) in enumerate(zip(array, values)):
            if not same_exactly(a, b):
                raise Wrong(f'{self.what}: item {i}: the engine says {a!r}, '
                            f'the mount {b!r}')
            self.cells += 1


# ---- what the columns of sites and assets are ------------------------------

def site_columns(c, header, sids=None):
    t = c.find('sitecol').table('sitecol')
    if sids is not None:
        t = t.set_index('sids').loc[list(sids)].reset_index()
    made = {}
    for name, col in (('site_id', 'sids'), ('lon', 'lon'), ('lat', 'lat'),
                      ('depth', 'depth'),
                      ('custom_site_id', 'custom_site_id')):
        if name in header:
            made[name] = t[col]
    return made


def tag(c, assets, name):
    values = c.table(f'assetcol/tagcol/{name}').iloc[:, 0]
    return [values[i] for i in assets[name]]


def asset_ids(c, ids):
    """An axis of so many assets has their numbers"""
    if isinstance(ids[0], str):
        return ids
    return list(c.find('assetcol/array').table('assetcol/array')['id'][ids])


def asset_columns(c, header, ids, id_name):
    """Those of the assets with these ids or numbers; only the ids where the
    assets are in a calculation that is not here."""
    made = {id_name: ids}
    owner = c.find('assetcol/array')
    if owner:
        t = owner.table('assetcol/array')
        ids = made[id_name] = asset_ids(c, ids)
        t = t.set_index('id').loc[list(ids)]
        for name in header:
            if name == 'taxonomy' or name.startswith('NAME_'):
                made[name] = tag(owner, t, name)
            elif name in ('lon', 'lat'):
                made[name] = map(Coordinate, t[name])
            elif name != id_name and name in t.columns:
                made[name] = t[name]
    return made


def stat_of(kind):
    """hazard_curve-KIND: the dataset's axis and the label on it"""
    if kind.startswith('rlz-'):
        return 'rlzs', int(kind[4:])
    return 'stats', kind


def pick(labels, arr, axis, label):
    return np.take(arr, labels[axis].index(label), axis=axis)


# ---- hazard ----------------------------------------------------------------

def curves(k, c, header, rows, m):
    quantile, kind, imt = m.group(1), m.group(2), m.group(3)
    kind = f'quantile-{kind}' if quantile == 'quantile_curve' else kind
    which, label = stat_of(kind)
    labels, arr = c.array(f'hcurves-{which}')
    arr = pick(labels, pick(labels, arr, 2, imt), 1, label)
    imls = c.oqparam()['hazard_imtls'][imt]
    made = site_columns(c, header)
    for lvl, iml in enumerate(imls):
        made['poe-%.7f' % iml] = arr[:, lvl]
    k.columns(header, rows, made)


def maps(k, c, header, rows, m):
    (sids, stats, imts, poes), arr = c.array('hmaps-stats')
    arr = arr[:, stats.index(m.group(1))]
    made = site_columns(c, header)
    for (i, imt), (p, poe) in product(enumerate(imts), enumerate(poes)):
        made[f'{imt}-{poe}'] = arr[:, i, p]
    k.columns(header, rows, made)


def spectra(k, c, header, rows, m):
    (sids, stats, imts, poes), arr = c.array('hmaps-stats')
    arr = arr[:, stats.index(m.group(1))]
    made = site_columns(c, header)
    for (p, poe), (i, imt) in product(enumerate(poes), enumerate(imts)):
        made['%.6f~%s' % (poe, imt)] = arr[:, i, p]
    k.columns(header, rows, made)


def hazard_npz(k, c, z, m):
    """hcurves, hmaps and uhs: f32 in nested records"""
    spectra = m.group(1) == 'uhs'
    recs = z['all']
    (sids, stats, imts, last), arr = c.array(
        'hmaps-stats' if spectra else f'{m.group(1)}-stats')
    sites = c.table('sitecol')
    for name in ('lon', 'lat', 'custom_site_id'):
        if name in recs.dtype.names:
            k.exactly(recs[name], sites[name])
    for s, stat in enumerate(stats):
        for i, imt in enumerate(imts):
            for n, x in enumerate(last):
                r = recs[stat]
                r = r[r.dtype.names[n]][imt] if spectra else \
                    r[imt][r[imt].dtype.names[n]]
                k.exactly(r, arr[:, s, i, n])


def event_table(k, c, header, rows, m):
    made = c.table('events').rename(columns={'id': 'event_id'})
    k.columns(header, rows, dict(made.items()))


def gmf_table(k, c, header, rows, m):
    t = c.table('gmf_data').sort_values(['eid', 'sid'], kind='stable')
    imts = list(c.oqparam().get('hazard_imtls') or
                c.oqparam()['risk_imtls'])
    made = {'event_id': t['eid'], **site_columns(
        c, [h for h in header if h.endswith('site_id')], t['sid'])}
    for i, imt in enumerate(imts):
        made[f'gmv_{imt}'] = t[imt if imt in t.columns else f'gmv_{i}']
    k.columns(header, rows, made)


def avg_gmf(k, c, header, rows, m):
    arr = c.array('avg_gmf')[1]  # [mean|deviation, site, imt]
    made = site_columns(c, header)
    imts = [h[4:] for h in header if h.startswith('gmv_')]
    for i, imt in enumerate(imts):
        made[f'gmv_{imt}'] = arr[0, :, i]
        made[f'gsd_{imt}'] = arr[1, :, i]
    k.columns(header, rows, made)


def sigma_epsilon(k, c, header, rows, m):
    t = c.table('gmf_data/sigma_epsilon').rename(columns={'eid': 'event_id'})
    t = t.sort_values('event_id', kind='stable')
    k.columns(header, rows, dict(t.items()))


def sitemesh(k, c, header, rows, m):
    k.columns(header, rows, site_columns(c, header))


def rupture_columns(c, header):
    t = c.table('ruptures').sort_values('id', kind='stable')
    made = {'rup_id': t['id'], 'multiplicity': t['n_occ'], 'mag': t['mag'],
            'rake': t['rake']}
    if 'source_id' in header:
        names = c.table('source_info')['source_id']
        made['source_id'] = [names[i] for i in t['source_id']]
    return made


def ruptures(k, c, header, rows, m):
    k.columns(header, rows, rupture_columns(c, header))


def realizations(k, c, header, rows, m):
    owner = c.find('weights')
    if not owner:
        return 'the weights are in a calculation that is not here'
    w = owner.table('weights')['weights']
    k.columns(header, rows, {'rlz_id': range(len(w)), 'weight': w})
    return None


def disagg(k, c, header, rows, m):
    """Axes as mid points of the bins, one column a realization or mean"""
    label, mean, sid = m.group(1), m.group(2), int(m.group(3))
    axes, arr = c.array(f'disagg-{"stats" if mean else "rlzs"}/{label}')
    arr = arr[sid]  # [..., imt, poe, Z]
    imts, poes = list(c.oqparam()['hazard_imtls']), c.oqparam()['poes']
    iml = c.array('hmap3')[1][sid]
    mids = [mid_points(c, name, sid) for name in label.split('_')]
    keys = list(product(range(len(imts)), range(len(poes)),
                        *map(range, arr.shape[:-3])))
    made = {'imt': [imts[x[0]] for x in keys],
            'poe': [poes[x[1]] for x in keys],
            'iml': [iml[x[0], x[1]] for x in keys]}
    for a, name in enumerate(label.split('_')):
        made[name.lower()] = [mids[a][x[2 + a]] for x in keys]
    best = c.table('best_rlzs').iloc[sid].to_numpy()
    for z in range(arr.shape[-1]):
        made['mean' if mean else f'rlz{best[z]}'] = [
            arr[x[2:] + x[:2] + (z,)] for x in keys]
    k.columns(header, rows, made)


def mid_points(c, name, sid):
    t = c.table(f'disagg-bins/{name}')
    if name == 'TRT':
        return list(t.iloc[:, 0])
    # Lon and Lat have a row of edges a site.
    edges = t.iloc[sid].to_numpy() if len(t.columns) > 1 else \
        t.iloc[:, 0].to_numpy()
    return (edges[:-1] + edges[1:]) / 2


# ---- risk ------------------------------------------------------------------

def assetcol(k, c, header, rows, m):
    owner = c.find('assetcol/array')
    if not owner:
        return 'the assets are in a calculation that is not here'
    t = owner.table('assetcol/array')
    k.columns(header, rows, asset_columns(c, header, list(t['id']), 'id'))
    return None


def losses(k, c, header, rows, m):
    which, label = stat_of(m.group(1))
    made = None
    if c.has(f'avg_losses-{which}'):  # one array for all loss types
        (ids, kinds, types), arr = c.array(f'avg_losses-{which}')
        arr = arr[:, kinds.index(label)]
        cols = {lt: arr[:, i] for i, lt in enumerate(types)}
    else:
        cols = {}
        for path in glob.glob(glob.escape(c.path(f'avg_losses-{which}', ''))
                              + '/*.csv'):
            lt = os.path.basename(path)[:-4]
            (ids, kinds), arr = c.array(f'avg_losses-{which}/{lt}')
            cols[lt] = arr[:, kinds.index(label)]
    made = asset_columns(c, header, ids, 'asset_id')
    made.update(cols)
    k.columns(header, rows, made)


def damages_of(c, kind):
    """Ids and columns: 'structural-slight' or 'structural~slight'"""
    which, label = stat_of(kind)
    key = f'damages-{which}'
    t = c.table(key)
    if 'value' in t.columns:  # up to 3.21: one more axis
        (ids, kinds, types, states), arr = c.array(key)
        arr = arr[:, kinds.index(label)]
        return ids, {f'{lt}~{ds}': arr[:, i, j]
                     for i, lt in enumerate(types)
                     for j, ds in enumerate(states)}
    t = t[t.iloc[:, 1] == label]
    return list(t.iloc[:, 0]), {n: t[n] for n in t.columns[2:]}


def damages(k, c, header, rows, m):
    ids, cols = damages_of(c, m.group(1))
    made = asset_columns(c, header, ids, 'asset_id')
    made.update(cols)
    k.columns(header, rows, made)


def damages_npz(k, c, z, m):
    for kind in [x for x in z if x.startswith('rlz-')]:
        recs = z[kind]
        ids, cols = damages_of(c, kind)
        k.exactly(recs['id'], asset_ids(c, ids))
        for name, values in cols.items():
            field = recs
            for part in name.split('~'):
                field = field[part]
            k.exactly(field, values)


def bcr(k, c, header, rows, m):
    t = c.table('bcr-rlzs')
    t = t[t['rlz'] == int(m.group(1))]
    made = asset_columns(c, header, list(t.iloc[:, 0]), 'asset_id')
    made.update({n: t[n] for n in t.columns[2:]})
    k.columns(header, rows, made)


def agg_curves(k, c, header, rows, m):
    which, label = stat_of(m.group(1))
    (agg, kinds, types, periods), arr = c.array(f'agg_curves-{which}')
    names, value = c.table('agg_values'), c.array('agg_values')[1]
    names = list(dict.fromkeys(names['loss_type']))
    arr = arr[0, kinds.index(label)]
    keys = list(product(range(len(types)), range(len(periods))))
    k.columns(header, rows, {
        'return_period': [periods[p] for t, p in keys],
        'loss_value': [arr[t, p] for t, p in keys],
        'loss_type': [names[t] for t, p in keys],
        'loss_ratio': [arr[t, p] / value[0, t] for t, p in keys],
        'annual_frequency_of_exceedence': [1 / periods[p] for t, p in keys]})


def agg_losses(k, c, header, rows, m):
    which, label = stat_of(m.group(1))
    (agg, kinds, types), arr = c.array(f'agg_losses-{which}')
    value = c.array('agg_values')[1][0]
    arr = arr[0, kinds.index(label)]
    k.columns(header, rows, {
        'loss_type': types, 'loss_value': arr, 'exposed_value': value,
        'loss_ratio': arr / value})


def src_loss_table(k, c, header, rows, m):
    # Losses of nothing are left out.
    t = c.table('src_loss_table')
    t = t.rename(columns={'value': 'loss_value'})
    t = t[t['source'].astype(str).isin({r[0] for r in rows})]
    k.columns(header, rows, dict(t.items()))


def risk_by_event(k, c, header, rows, m):
    t = c.table('risk_by_event').copy()
    # Up to some version a loss_id is the number of a type of this calculation.
    old = c.has('agg_curves-rlzs')
    types = list(c.table('agg_values')['loss_type']) if old else LOSS_TYPES
    t['loss_type'] = [types[i] for i in t['loss_id']]
    t = t[t['agg_id'] == t['agg_id'].max()]
    limits = c.oqparam().get('limit_states', [])
    t = t.rename(columns={f'dmg_{i + 1}': n for i, n in enumerate(limits)})
    if 'rup_id' in header:
        events = c.table('events').set_index('id').loc[t['event_id']]
        t['rup_id'] = events['rup_id'].to_numpy()
        t['year'] = events['year'].to_numpy()
    # The exporter sorts by loss, and not always the same way: pair by key.
    e, lt = header.index('event_id'), header.index('loss_type')
    rows.sort(key=lambda r: (int(r[e]), r[lt]))
    t = t.sort_values(['event_id', 'loss_type'])
    k.columns(header, rows, {n: t[n] for n in header})


def aggrisk(k, c, header, rows, m):
    t = c.table('aggrisk').copy()
    # Occupants of the night are exported under that name.
    night = {'occupants': 'occupants_night'} \
        if any('occupants_night' in r for r in rows) else {}
    names = [LOSS_TYPES[i] for i in t['loss_id']]
    made = {'loss_type': [night.get(n, n) for n in names]}
    if 'stat' in header:  # the mean over realizations
        w = c.find('weights').table('weights')['weights'].to_numpy()
        assert len(w) == len(t)
        made = {'loss_type': names[:1]}
        for n in header:
            if n in t.columns:
                made[n] = [float(t[n].to_numpy() @ w)]
    else:
        made['loss_value'] = t['loss']
        value = c.table('agg_values').iloc[0]
        made['loss_ratio'] = [
            x / value[n] for x, n in zip(t['loss'], made['loss_type'])]
    k.columns(header, rows, made)


def loss_at(losses, poes, poe):
    """conditional_loss_ratio of the engine"""
    if poe > poes[0]:
        return 0.
    if poe < poes[-1]:
        return losses[-1]
    if poe in poes:
        return max(x for x, p in zip(losses, poes) if p == poe)
    i = max(bisect_right(poes[::-1], poe), 1)
    i = len(poes) - i - 1
    (x1, x2), (y1, y2) = poes[i:i + 2], losses[i:i + 2]
    return (y2 - y1) / (x2 - x1) * (poe - x1) + y1


def loss_maps(k, c, header, rows, m):
    """What is lost with the probabilities of the job, from the curves"""
    t = c.table('loss_curves-stats')
    stats = list(dict.fromkeys(c.table('avg_losses-stats/structural')['stat']))
    t = t[t['d1'] == stats.index(m.group(1))]
    ids = list(dict.fromkeys(c.table('avg_losses-stats/structural')['asset_id']))
    made = asset_columns(c, header, ids, 'asset_id')
    for name in [h for h in header if '~poe-' in h]:
        lt, poe = name.split('~poe-')
        n = sum(x.startswith(f'{lt}.losses[') for x in t.columns)
        loss = t[[f'{lt}.losses[{i}]' for i in range(n)]].to_numpy()
        poes = t[[f'{lt}.poes[{i}]' for i in range(n)]].to_numpy()
        made[name] = [Computed(loss_at(list(a), list(b), float(poe)))
                      for a, b in zip(loss, poes)]
    k.columns(header, rows, made)


# ---- results of `oq extract` -----------------------------------------------

def extract_rows(key, keep=lambda c, t: t, **renamed):
    def run(k, c, z, m):
        t = keep(c, c.table(key).rename(columns=renamed))
        for name in z['array'].dtype.names:
            k.exactly(z['array'][name], t[name])
    return run


def relevant(c, t):
    ids = c.table('relevant_events')['relevant_events']
    return t[t['id'].isin(ids)].sort_values('id')


def extract_mean(k, c, z, m):
    labels, arr = c.array(f'{m.group(1)}-stats')
    arr = pick(labels, arr, 1, 'mean')
    if z['mean'].shape != arr.shape:
        raise Wrong(f'{k.what}: {z["mean"].shape} and {arr.shape}')
    k.exactly(z['mean'].ravel(), arr.ravel())


def extract_weights(k, c, z, m):
    arr = z['array'].astype(np.float32)  # the engine widens what is stored
    k.exactly(arr, c.table('weights')['weights'])


def extract_realizations(k, c, z, m):
    w = c.table('weights')['weights']
    k.exactly(z['array']['weight'], w)
    k.exactly(z['array']['rlz_id'], range(len(w)))


def extract_ruptures(k, c, z, m):
    made = rupture_columns(c, z['array'].dtype.names)
    for name, values in made.items():
        k.exactly(z['array'][name], values)


def extract_num_events(k, c, z, m):
    k.exactly([int(z['num_events'])], [len(c.table('events'))])


def extract_gmf(k, c, z, m):
    """Motion of the first event: zero where it was not felt"""
    t = c.table('gmf_data')
    t = t[t['eid'] == 0].set_index('sid')['PGA']
    sites = c.table('sitecol')
    recs = z['rlz-001']
    k.exactly(recs['PGA'], [t.get(s, 0.) for s in sites['sids']])
    k.exactly(recs['lon'], sites['lon'])


def extract_oqparam(k, c, z, m):
    """The engine's own reading has more than is stored; paths are those of
    the machine"""
    theirs, ours = json.loads(bytes(z['json'].item())), c.oqparam()
    both = [n for n in ours if n in theirs and n != 'inputs' and
            '/' not in str(ours[n])]
    k.exactly([json.dumps(theirs[n]) for n in both],
              [json.dumps(ours[n]) for n in both])


DISAGG = 'TRT|Mag|Dist|Eps|Lon|Lat'
CSV = [
    (r'(hazard_curve|quantile_curve)-(.+)-((?:PGA|PGV|SA\().*)_\d+', curves),
    (r'hazard_map-(.+)_\d+', maps),
    (r'hazard_uhs-(.+)_\d+', spectra),
    (r'events_\d+', event_table),
    (r'gmf-data_\d+', gmf_table),
    (r'avg_gmf_\d+', avg_gmf),
    (r'sigma_epsilon_\d+', sigma_epsilon),
    (r'sitemesh_\d+', sitemesh),
    (r'ruptures_\d+', ruptures),
    (r'realizations_\d+', realizations),
    (rf'((?:{DISAGG})(?:_(?:{DISAGG}))*)(-mean)?-(\d)_\d+', disagg),
    (r'assetcol_\d+', assetcol),
    (r'avg_losses-(.+)_\d+', losses),
    (r'(?:avg_)?damages-(.+)_\d+', damages),
    (r'bcr-rlz-(\d+)_\d+', bcr),
    (r'agg_curves-(.+)_\d+', agg_curves),
    (r'agg_losses-(.+)_\d+', agg_losses),
    (r'src_loss_table_\d+', src_loss_table),
    (r'risk_by_event_\d+', risk_by_event),
    (r'aggrisk-.*_\d+', aggrisk),
    (r'loss_maps-(.+)_\d+', loss_maps),
]
NPZ = [
    (r'(hcurves|hmaps|uhs)_\d+', hazard_npz),
    (r'damages-rlzs_\d+', damages_npz),
]
EXTRACT = [
    (r'events_\d+', extract_rows('events', relevant)),
    (r'sitecol_\d+', extract_rows('sitecol')),
    (r'(hcurves|hmaps)-kind=mean.*', extract_mean),
    (r'weights_\d+', extract_weights),
    (r'realizations_\d+', extract_realizations),
    (r'rupture_info_\d+', extract_ruptures),
    (r'num_events_\d+', extract_num_events),
    (r'gmf_data_\d+', extract_gmf),
    (r'oqparam_\d+', extract_oqparam),
]
DERIVED = {
    'event_based_mfd': 'the engine computes it from the ruptures',
    'rupture': 'the engine computes the meshes',
    'loss_maps-stats': 'as loss_maps-*.csv',
}


def compare(c, fname, what, handlers):
    base, ext = os.path.splitext(os.path.basename(fname))
    for pattern, handler in handlers:
        m = re.fullmatch(pattern, base)
        if not m:
            continue
        k = Check(what, fname)
        c.used.clear()
        if ext == '.csv':
            why = handler(k, c, *read_export(fname), m)
        else:
            with np.load(fname, allow_pickle=True) as z:  # long headers
                why = handler(k, c, z, m)
        return k.cells, why
    why = DERIVED.get(base.rsplit('_', 1)[0], 'not known to this test')
    return 0, why


def listing(c, fname):
    """Every dataset that `oq show contents` lists is in the tree"""
    n = 0
    with open(fname, encoding='utf-8') as f:
        names = [x.split('|')[1].strip() for x in f if x.startswith('| ')]
    have = set(os.listdir(c.dir))
    for name in names[1:]:
        if name.startswith('/'):
            continue  # the last line: the file itself
        if not have & {name, name + '.csv', name + '.txt', name + '.bin'}:
            raise Wrong(f'{name} is not in {c.dir}')
        n += 1
    return n


def run(mount, exports, calc):
    version, name = calc.split('-', 1)
    c = Calc(os.path.join(mount, version, name))
    jobs = [(f, CSV if f.endswith('.csv') else NPZ) for f in sorted(
        glob.glob(f'{exports}/{calc}/*.csv') +
        glob.glob(f'{exports}/{calc}/*.npz'))]
    if calc == '3.25-calc_9':
        jobs += [(f, EXTRACT) for f in sorted(
            glob.glob(f'{exports}/extract/*.npz'))]
    total, files, bad = 0, 0, 0
    for fname, handlers in jobs:
        what = os.path.relpath(fname, exports)
        try:
            cells, why = compare(c, fname, what, handlers)
        except (Wrong, OSError, KeyError, ValueError, IndexError) as e:
            print(f'WRONG {what}: {type(e).__name__}: {e}')
            bad += 1
            continue
        if why:
            print(f'{what}: not compared: {why}')
            continue
        print(f'{what}: {cells} cells of {", ".join(sorted(c.used))}')
        total += cells
        files += 1
    try:
        n = listing(c, f'{exports}/{calc}/_show_contents.txt')
    except (Wrong, OSError) as e:
        print(f'WRONG {e}')
        n, bad = 0, bad + 1
    print(f'{calc}: {total} cells of {files} exports agree, '
          f'{n} names of `oq show contents` are there, {bad} are wrong')
    return bad


if __name__ == '__main__':
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    sys.exit(any([run(sys.argv[1], sys.argv[2], x) for x in sys.argv[3:]]))
