#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""exported.py - exports of modes that no sample has, made twice

    exported.py make DIR           write calculations into DIR, as the engine lays them out
    exported.py check MOUNT        compare their exports with what NumPy and pandas make of the
                                   same numbers; exits with 1 where a byte differs

    calc_1   324 paths of a logic tree           calc_2   12 sampled, by latin squares
    calc_3   12 sampled, weighed afterwards, of 3.12; calc_21 324 paths, whose sum is near 1
    calc_4   as 1, of a version that may not scale weights
    calc_5   losses by two tags and in total, with quantiles; insured; reinsurance
    calc_6   event based damage with consequences, one realization for all
    calc_7 to 11   logic trees that no calculation has
    calc_12  losses of all realizations in one, made of ruptures; its inputs again
    calc_13  of a calculation that is not there
    calc_14  curves by tags of 3.12
    calc_15  rates by source
    calc_16  curves, maps and spectra at sites with names and depths
    calc_17  disaggregation of realizations at two sites
    calc_18  losses as a part of a sum that single precision cannot hold
    calc_19  as 18, of a version whose NumPy is not known; calc_20 where it makes no difference
    calc_22  loss curves by asset
    calc_23  as 14, of tags that are no list
    calc_24  the likeliest states of damage
    calc_27  insured losses, by asset and by event
    calc_25  displacements beside ground motion; calc_26 of a version that may name them otherwise
"""
import io
import itertools
import json
import os
import sys

import h5py
import numpy as np
import pandas as pd

F4, TEXT = np.float32, h5py.string_dtype()
LETTERS = 'ABCDEFGHIJ'
LOSSES = 'business_interruption contents nonstructural structural'.split()
TOTAL = 'structural+nonstructural'
IDS = {'structural': 3, 'nonstructural': 2, TOTAL: 8, 'structural_ins': 16, 'claim': 19,
       'reinsurance': 18}


# ---- a datastore ----

class Store:
    def __init__(self, folder, number, version, **param):
        self.f = h5py.File(f'{folder}/calc_{number}.hdf5', 'w', libver='latest')
        self.f.attrs['engine_version'] = version
        self.f.attrs['date'] = '2026-01-02T03:04:05'
        self.f.attrs['checksum32'] = 77
        self.f['oqparam'] = json.dumps(dict(
            dict(inputs={}, investigation_time=50., ses_per_logic_tree_path=2, mean=True), **param))

    def table(self, path, attrs=(), **columns):
        g = self.f.create_group(path)
        g.attrs['__pdcolumns__'] = ' '.join(columns)
        for k, v in attrs:
            g.attrs[k] = v
        for k, v in columns.items():
            g.create_dataset(k, data=v, dtype=TEXT if isinstance(v[0], str) else None)

    def records(self, path, dtype, rows, **attrs):
        d = self.f.create_dataset(path, data=np.array(rows, dtype))
        for k, v in attrs.items():
            d.attrs[k] = v


# ---- logic trees ----

SETS = [[('b%d%d' % (s, i), w) for i, w in enumerate((.333, .333, .334))] for s in range(4)]
MODELS = {'Active': [('gA0', .6), ('gB0', .4)], 'Stable': [('gA1', .3), ('gB1', .7)]}


def all_paths():
    for path in itertools.product(*SETS):
        yield '~'.join(b for b, _ in path), np.prod([w for _, w in path])


def put_tree(s, samples=0, method='early_weights'):
    tree = 'full_lt/'
    s.records(tree + 'source_model_lt', [('branchset', TEXT), ('branch', TEXT), ('weight', 'f8')],
              [('bs%d' % i, b, w) for i, bs in enumerate(SETS) for b, w in bs],
              sampling_method=method)
    paths = list(all_paths())
    if samples:
        paths = paths[5:5 + samples // 2]
    s.records(tree + 'sm_data', [('weight', 'f4'), ('path', TEXT), ('samples', 'u4')],
              [(w, p, 2 if samples else 4) for p, w in paths])
    s.records(tree + 'gsim_lt', [('trt', TEXT), ('branch', TEXT), ('uncertainty', TEXT),
                                 ('weight', 'f8')],
              [(t, b, '[X]', w) for t, bs in MODELS.items() for b, w in bs])
    s.f['full_lt'].attrs.update(num_samples=samples, seed=23)
    s.f['full_lt'].attrs.create('trts', list(MODELS), dtype=TEXT)
    n = samples or 4 * len(paths)
    s.f['weights'] = np.full(n, 1 / n, 'f4')


def put_absurd_tree(s, sets=1, branches=2, paths=1, length=1, models=1, samples=0):
    """As many of each: branches of the source model in sets, paths of 'length' of them, models"""
    tree = 'full_lt/'
    for table, dtype, rows in (
            ('source_model_lt', [('branchset', TEXT), ('branch', TEXT), ('weight', 'f8')],
             (('s%d' % (i % sets), 'b%d' % i, .1) for i in range(branches))),
            ('sm_data', [('weight', 'f4'), ('path', TEXT), ('samples', 'u4')],
             (('.1', '~'.join(['b1'] * length), max(1, samples // paths)) for _ in range(paths))),
            ('gsim_lt', [('trt', TEXT), ('branch', TEXT), ('uncertainty', TEXT), ('weight', 'f8')],
             (('T%d' % (i // 2), 'g%d' % i, '[X]', .5) for i in range(models)))):
        s.records(tree + table, dtype, list(rows))
    s.f[tree + 'source_model_lt'].attrs['sampling_method'] = 'late_latin'
    s.f['full_lt'].attrs.update(num_samples=samples, seed=23)
    s.f['full_lt'].attrs.create('trts', ['T'], dtype=TEXT)
    s.f['weights'] = np.full(samples or min(paths * 2 ** (models // 2), 1 << 18), .1, 'f4')


ABSURD = {7: dict(models=10000), 8: dict(models=40), 9: dict(paths=20, length=20000, models=12),
          10: dict(sets=60000, branches=60000, length=60000),
          11: dict(models=400, paths=10, samples=200000)}


def draw(samples, method):
    """For each sample the branch of each type"""
    x = np.random.RandomState(24).uniform(size=(samples, len(MODELS)))
    if 'latin' in method:
        x = (np.argsort(x, axis=0) + x) / samples
    sums = [np.cumsum([w for _, w in bs]) if 'early' in method else [1 / len(bs)]
            for bs in MODELS.values()]
    return [tuple(np.searchsorted(c, v) for c, v in zip(sums, row)) for row in x]


def realizations(samples=0, method='', version=25):
    paths, each = list(all_paths()), list(itertools.product((0, 1), (0, 1)))
    if samples:
        paths = [p for p in paths[5:5 + samples // 2] for _ in (0, 1)]
        rows = list(zip(paths, draw(samples, method)))
    else:
        rows = list(itertools.product(paths, each))
    names, weights = [], []
    for (path, w), models in rows:
        names.append(''.join(LETTERS[int(b[2])] for b in path.split('~')) + '~' +
                     ''.join(LETTERS[m] for m in models))
        g = 1.
        for m, bs in zip(models, MODELS.values()):
            g *= bs[m][1]
        weights.append(1 / samples if 'early' in method else float(F4(w)) * g)
    total = sum(weights)
    if version < 13 and abs(total - 1) < 1e-7:
        total = 1
    return pd.DataFrame(dict(rlz_id=range(len(rows)), branch_path=names,
                             weight=['%.7e' % F4(w / total) for w in weights]))


# ---- losses ----

TAGS = dict(zone=['north', 'south'], kind=['wood', 'stone', 'brick'])
KEYS = list(itertools.product(*TAGS.values()))
WEIGHTS = np.array([.9, .06, .04], F4)


def agg_values():
    v = np.zeros(len(KEYS) + 1, [(x, 'f4') for x in LOSSES + ['number']])
    for i, x in enumerate(v.dtype.names):
        v[x][:-1] = np.arange(1, len(KEYS) + 1) * (1000.3 + i)
        v[x][-1] = v[x][:-1].sum()
    return v


def risk(curves):
    """Losses of some aggregations in some realizations, in no order"""
    rng = np.random.RandomState(7)
    rows = [(a, r, i, p) for a in (0, 2, 5, len(KEYS)) for r in range(3) for i in IDS.values()
            for p in ((5, 10, 100) if curves else (0,)) if (a + r + i) % 7]
    rows = np.array(rows)[rng.permutation(len(rows))]
    t = pd.DataFrame(dict(agg_id=rows[:, 0].astype('u4'), rlz_id=rows[:, 1].astype('u2'),
                          loss_id=rows[:, 2].astype('u1')))
    if curves:
        t['return_period'] = rows[:, 3].astype('u4')
    t['loss'] = (rng.uniform(size=len(rows)) * 1e4).astype('f4')
    if curves:
        t['loss_oep'] = t.loss / F4(2)
    return t


def loss_name(i):
    return next(k for k, v in IDS.items() if v == i)


def value_of(name, agg):
    v = agg_values()[agg]
    if name == 'reinsurance':
        return 0   # of nothing that has a value
    return sum((v[x] for x in name.replace('_ins', '').split('+')), F4(0))


def of_tags(t, tags):
    return t[t.agg_id < len(KEYS)] if tags else t[t.agg_id == len(KEYS)]


@np.errstate(all='ignore')
def aggrisk(tags):
    out = []
    for (a, i), g in of_tags(risk(False), tags).groupby(['agg_id', 'loss_id']):
        name = loss_name(i)
        for _, row in g.iterrows():
            if name != 'claim':
                out.append((name, *(KEYS[a] if tags else ()), int(row.rlz_id), F4(row.loss),
                            F4(row.loss) / value_of(name, a)))
    return pd.DataFrame(out, columns=['loss_type', *tags, 'rlz_id', 'loss_value', 'loss_ratio'])


@np.errstate(all='ignore')
def aggcurves(tags):
    out = []
    for (a, r, i), g in of_tags(risk(True), tags).groupby(['agg_id', 'rlz_id', 'loss_id']):
        name = loss_name(i)
        for _, row in g.iterrows():
            if name != 'claim':
                v = value_of(name, a)
                out.append((*(KEYS[a] if tags else ()), int(row.return_period), name, r,
                            F4(row.loss), F4(row.loss) / v,
                            F4(row.loss_oep), F4(row.loss_oep) / v))
    return pd.DataFrame(out, columns=[*tags, 'return_period', 'loss_type', 'rlz_id', 'loss_value',
                                      'loss_ratio', 'loss_oep_value', 'loss_oep_ratio'])


def quantile(q, v):
    order = np.lexsort([WEIGHTS, v])
    sums = np.cumsum(WEIGHTS.astype('f8')[order])
    return np.array(np.interp(q, sums, v.astype('f8')[order]))


STATS = {'mean': lambda v: (v * WEIGHTS).sum() / WEIGHTS.sum(),
         'quantile-0.15': lambda v: quantile(.15, v), 'quantile-0.95': lambda v: quantile(.95, v)}


def stats(curves, tags):
    t = of_tags(risk(curves), tags)
    t = t.assign(loss_type=[loss_name(i) for i in t.loss_id])
    keys = ['agg_id'] + ['return_period'] * curves + ['loss_type']
    fields = ['loss'] + ['loss_oep'] * curves
    out = []
    for key, g in t.groupby(keys):
        for stat, func in STATS.items():
            row = dict(zip(keys, key))
            for x in fields:
                v = np.zeros(3, 'f4')
                v[g.rlz_id] = g[x]
                row[x] = func(v)
            row['stat'] = stat
            row.update(zip(tags, KEYS[key[0]] if tags else ()))
            out.append(row)
    return pd.DataFrame({k: [row[k] for row in out] for k in out[0] if k != 'agg_id'})


# ---- curves of 3.12 ----

ZONES, PERIODS = ['nörth', 'so,uth'], [5, 10]
OLD_VALUES = np.array([[1000.5], [2000.7], [3001.2]])
OLD_CURVES = np.array([[[[1.5, 30]], [[2.5, 0]]], [[[0, 9.25]], [[7, 8]]], [[[4, 5]], [[1e9, 6]]]],
                      'f4')  # [agg_id, rlz, loss type, return period]


def put_old_curves(s):
    s.f['weights'] = np.array([.5, .5])
    s.records('agg_keys', [('zone', TEXT)], [(x,) for x in ZONES])
    s.f['agg_values'] = OLD_VALUES
    s.f['agg_curves-rlzs'] = OLD_CURVES
    s.f['agg_curves-rlzs'].attrs['json'] = json.dumps(dict(
        shape_descr=['agg_id', 'rlz', 'lti', 'return_period'], agg_id=3, rlz=2, lti=1,
        return_period=PERIODS))


def old_curves(rlz):
    agg, lti, period = np.nonzero(OLD_CURVES[:, rlz])
    loss = OLD_CURVES[agg, rlz, lti, period]
    years = np.array(PERIODS)[period]
    return pd.DataFrame(dict(
        return_period=years, loss_value=loss, loss_type='structural',
        zone=np.array([*ZONES, '*total*'])[agg], loss_ratio=loss / OLD_VALUES[agg, lti],
        annual_frequency_of_exceedence=1 / years))


# ---- rates by source ----

LEVELS = {'SA(0.3)': [.2, .1, .4], 'PGA': [.01, .02, .03]}
SOURCES = ['s;1', 's,0', 'é']
RATES = np.random.RandomState(5).uniform(-1, 1, (3, 2, 3, 2)).astype('f4')
VS30 = [760., 300.25]


def put_rates(s):
    g = s.f.create_group('mean_rates_by_src')
    g['array'] = RATES  # [src_id, imt, lvl, site_id]
    for name, labels in dict(shape_descr=['src_id', 'imt', 'lvl', 'site_id'], src_id=SOURCES,
                             imt=['PGA', 'SA(0.3)']).items():
        g.create_dataset(name, data=labels, dtype=TEXT)
    g['lvl'], g['site_id'] = [0, 1, 2], [0, 1]
    s.table('sitecol', sids=np.array([0, 1], 'u4'), lon=[1.0000049, -2.], lat=[.5, 3.123456],
            depth=[0., 0.], vs30=VS30)


def rates(site):
    index = pd.MultiIndex.from_product([SOURCES, ['PGA', 'SA(0.3)'], range(3), range(2)],
                                       names=['source_id', 'imt', 'lvl', 'site'])
    t = pd.Series(RATES.ravel(), index, name='afoe').reset_index()
    t = t[(t.site == site) & (t.afoe > 0)]
    t['iml'] = [LEVELS[m][i] for m, i in zip(t.imt, t.lvl)]
    names = ['source_id', 'imt', 'iml', 'afoe']
    return t[names].sort_values(names)


# ---- hazard ----

NAMED = dict(sids=np.array([0, 1], 'u4'), lon=[1.123456, -2.], lat=[.5, -.0000001],
             depth=[0., 3.25], custom_site_id=np.array([b'a,"b', 'é'.encode()]))
IMLS = {'SA(1.0)': [.2, .1], 'MMI': [5, 6.5], 'SA(0.2)': [.123456789, .5], 'PGA': [.01, 2e-8]}
IMTS = ['MMI', 'PGA', 'SA(0.2)', 'SA(1.0)']
POES = [.1, .002]
CURVES = np.random.RandomState(8).uniform(size=(2, 2, 4, 2)).astype('f4')
CURVES[0, 0, 1] = -0., np.nan


def put_hazard(s):
    s.f['weights'] = np.array([.4, .6], 'f4')
    s.table('sitecol', **NAMED)
    s.f['hcurves-stats'] = CURVES
    s.f['hcurves-rlzs'] = CURVES[:, ::-1]
    s.f['hmaps-stats'] = CURVES[:, :, :, ::-1]


def of_sites(single, columns):
    """The file's rows as the engine's own writer has them: -0 is 0, and nan is NAN"""
    t = pd.DataFrame(dict(custom_site_id=[x.decode() for x in NAMED['custom_site_id']]))
    for x in 'lon', 'lat', 'depth':
        t[x] = ['%.5f' % (F4(v) if single else v) for v in NAMED[x]]
    for name, values in columns:
        t[name] = ['%.6E' % (v + 0.) for v in values]
    return t


def hazard():
    """Names and tables of calc_16, and what their comments say"""
    for kind, name, v in (('mean', 'hazard_curve-mean', CURVES[:, 0]),
                          ('quantile-0.5', 'quantile_curve-0.5', CURVES[:, 1]),
                          ('rlz-000', 'hazard_curve-rlz-000', CURVES[:, 1]),
                          ('rlz-001', 'hazard_curve-rlz-001', CURVES[:, 0])):
        for m, imt in enumerate(IMTS):
            columns = [('poe-%.7f' % x, v[:, m, i]) for i, x in enumerate(IMLS[imt])]
            yield f'{name}-{imt}', of_sites(True, columns), (
                f", kind='{kind}', investigation_time=50.0, imt='{imt}'")
    maps = CURVES[:, :, :, ::-1]
    for s, (kind, of, stat) in enumerate((('mean', 'hazard', 'mean'),
                                          ('quantile-0.5', 'quantile', '0.5'))):
        comment = f", kind='{kind}', investigation_time=50.0"
        yield f'{of}_map-{stat}', of_sites(False, [
            (f'{imt}-{p}', maps[:, s, m, i]) for m, imt in enumerate(IMTS)
            for i, p in enumerate(POES)]), comment
        yield f'{of}_uhs-{stat}', of_sites(False, [
            ('%.6f~%s' % (p, imt), maps[:, s, m, i]) for i, p in enumerate(POES)
            for m, imt in enumerate(IMTS) if imt != 'MMI']), comment


# ---- insured losses ----

INSURED = ['nonstructural', 'structural', 'structural_ins']
MEANS = {x: np.array([[1.5 * i, 2], [3, 1e-9]], 'f4') for i, x in enumerate(INSURED)}
HAPPENED = pd.DataFrame(dict(id=range(6), rup_id=[5, 5, 2**40, 7, 7, 8], rlz_id=[0, 1, 0, 1, 1, 0],
                             year=[1, 1, 3, 2, 2, 9]))


def by_event():
    r = np.random.RandomState(3)
    rows = [(e, a, i) for e in range(6) for a in (0, 2) for i in (2, 3, 16) if (e + i) % 4]
    event, agg, loss = np.array(rows)[r.permutation(len(rows))].T
    return pd.DataFrame(dict(event_id=event.astype('u4'), agg_id=agg.astype('u4'),
                             loss_id=loss.astype('u1'), variance=np.zeros(len(rows), 'f4'),
                             loss=r.uniform(0, 1e7, len(rows)).astype('f4')))


def put_insured(s):
    s.f['weights'] = np.array([.5, .5], 'f4')
    put_assets(s)
    s.records('events', [('id', 'u4'), ('rup_id', 'i8'), ('rlz_id', 'u2'), ('year', 'u4')],
              list(HAPPENED.itertuples(index=False, name=None)))
    for name, v in MEANS.items():
        s.f['avg_losses-stats/' + name] = v
    s.table('risk_by_event', [('K', 2)], **by_event())


def insured():
    """Losses that rise, by type and realization"""
    for i, stat in enumerate(('mean', 'quantile-0.5')):
        t = asset_rows()
        for name, v in MEANS.items():
            t[name] = v[:, i]
        yield 'avg_losses-' + stat, t
    t = by_event()
    t = t[t.agg_id == 2].join(HAPPENED.set_index('id'), on='event_id')
    t['loss_type'] = [loss_name(i) for i in t.loss_id]
    t = pd.concat(g.sort_values('loss') for _, g in t.groupby(['loss_id', 'rlz_id']))
    yield 'risk_by_event', t[['event_id', 'loss', 'loss_type', 'rup_id', 'year']]


# ---- secondary perils ----

FIELD = dict(sid=np.array([1, 0, 1], 'u4'), eid=np.array([1, 0, 0], 'u4'),
             gmv_0=np.array([.1, .2, .3], 'f4'), gmv_1=np.array([.4, -0., .6], 'f4'),
             newmark_disp=np.array([0, np.nan, 7], 'f4'))


def put_perils(s):
    put_events(s)
    s.table('sitecol', **NAMED)
    s.table('gmf_data', **FIELD)


def perils():
    t = pd.DataFrame(FIELD).sort_values(['eid', 'sid'])
    t['custom_site_id'] = [NAMED['custom_site_id'][i].decode() for i in t.pop('sid')]
    return t.rename(columns=dict(eid='event_id', gmv_0='gmv_PGA', gmv_1='gmv_SA(0.2)',
                                 newmark_disp='sep_newmark_disp'))


# ---- disaggregation ----

EDGES = dict(Mag=np.array([5., 6, 7]), Dist=np.array([0., 10]), Eps=np.array([-3., 0, 3]),
             Lon=np.array([[0., 1, 2], [5, 6, 7]]), Lat=np.array([[0., 1], [5, 6]]))
TRTS = ['Active', 'St"ble, x']
BEST = np.array([[2, 0], [1, 2]], 'u4')
LEVELS3 = np.arange(1, 9).reshape(2, 2, 2) / 7
MATRICES = {'Mag_Dist': (2, 1), 'TRT_Lon_Lat': (2, 2, 1), 'Mag_Dist_Eps': (2, 1, 2)}


def matrix(kind):
    """[site, axes ..., imt, poe, z]; of the second site a realization has nothing"""
    v = np.random.RandomState(len(kind)).uniform(size=(2, *MATRICES[kind], 2, 2, 2))
    v[1, ..., 1] = 0
    return v


def put_disagg(s):
    s.f['weights'] = np.array([.5, .2, .3], 'f4')
    s.table('sitecol', sids=np.array([0, 1], 'u4'), lon=[1.5, 6.], lat=[.5, 5.5], depth=[0., 0.])
    s.f['best_rlzs'], s.f['hmap3'] = BEST, LEVELS3
    for name, edges in EDGES.items():
        s.f['disagg-bins/' + name] = edges
    s.f.create_dataset('disagg-bins/TRT', data=TRTS, dtype=TEXT)
    for kind in MATRICES:
        s.f['disagg-rlzs/' + kind] = matrix(kind)


def disagg():
    """Names, tables and comments of calc_17"""
    for site, kind in itertools.product((0, 1), MATRICES):
        axes, places = kind.split('_'), []
        for x in axes:
            e = EDGES[x][site] if x in ('Lon', 'Lat') else EDGES.get(x)
            places.append(TRTS if x == 'TRT' else (e[1:] + e[:-1]) / 2)
        imts = [('PGA', 0), ('SA(0.2)', 1)]
        index = itertools.product(imts, sorted((p, i) for i, p in enumerate(POES)),
                                  *map(enumerate, places))
        rows = []
        for (imt, m), (poe, p), *rest in index:
            v = matrix(kind)[(site, *(i for i, _ in rest), m, p)]
            rows.append((imt, LEVELS3[site, m, p], poe, *(x for _, x in rest), *v))
        t = pd.DataFrame(rows, columns=['imt', 'iml', 'poe', *(x.lower() for x in axes),
                                        *(f'rlz{r}' for r in BEST[site])])
        if site:
            t[t.columns[-1]] = 0
        w = np.array([.5, .2, .3], 'f4')[BEST[site]]
        lists = [EDGES[x].tolist() for x in ('Mag', 'Dist')]
        lists += [EDGES[x][site].tolist() for x in ('Lon', 'Lat')] + [EDGES['Eps'].tolist(), TRTS]
        names = ('mag_bin_edges dist_bin_edges lon_bin_edges lat_bin_edges eps_bin_edges '
                 'tectonic_region_types')
        comment = ''.join(f', {k}={v!r}' for k, v in zip(names.split(), lists)).replace('"', '""')
        yield f'{kind}-{site}', t, (
            f', investigation_time=50.0{comment}, lon={[1.5, 6.][site]}, lat={[.5, 5.5][site]}, '
            f'weights={(w / w.sum()).tolist()}, rlz_ids={BEST[site].tolist()}')


# ---- loss curves ----

POINTS = np.dtype([('losses', 'f4', 3), ('poes', 'f4', 3)])
COST = ['structural', 'contents']   # not in the order of the records


def loss_curves():
    """[asset, statistic or realization]"""
    v = np.zeros((3, 2), [(x, POINTS) for x in sorted(COST)])
    r = np.random.RandomState(4)
    for x in COST:
        v[x]['losses'] = r.uniform(0, 1e6, (3, 2, 3))
        v[x]['poes'] = r.uniform(size=(3, 2, 3))
    v['contents']['losses'][1] = 0, -0., np.nan
    return v


WORTH = {'structural': [3., 1e6, .1], 'contents': [7., 0., 11.]}
OWNERS = ['b,1', 'a', 'é']


def put_loss_curves(s):
    s.f['weights'] = np.array([.5, .5], 'f4')
    s.f['loss_curves-stats'] = loss_curves()
    s.f['loss_curves-rlzs'] = loss_curves()[:, ::-1]
    s.f.create_group('crm').attrs.create('loss_types', COST, dtype=TEXT)
    s.records('assetcol/array', [('id', 'S5')] + [('value-' + x, 'f4') for x in COST],
              [(i.encode(), *v) for i, *v in zip(OWNERS, *WORTH.values())])
    s.f['assetcol'].attrs['fields'] = 'number structural contents'
    s.f['assetcol'].attrs.create('tagnames', ['taxonomy'], dtype=TEXT)


@np.errstate(all='ignore')
def loss_points(which):
    rows = []
    for x in COST:
        for i in sorted(range(3), key=OWNERS.__getitem__):
            c, worth = loss_curves()[x][i, which], F4(WORTH[x][i])
            rows += [(OWNERS[i], x, *('%.5E' % (v + 0.) for v in (loss, loss / worth, poe)))
                     for loss, poe in zip(c['losses'], c['poes'])]
    return pd.DataFrame(rows, columns='asset_id loss_type loss_value loss_ratio poe'.split())


# ---- sums ----

VALUES = np.array([(1 << 24, 1, 1)], [(x, 'f4') for x in ('structural', 'nonstructural',
                                                          'contents')])
# The first whose part is written in another way where the sum is rounded at each step.
LOSSES_OF = [next(x for x in np.arange(1e5, 9e5, .125, 'f4')
                  if same == ('%.5E' % (x / F4(1 << 24)) == '%.5E' % (x / F4((1 << 24) + 2))))
             for same in (False, True)]


def put_sums(s, loss):
    s.f['weights'] = np.ones(1, 'f4')
    s.f['agg_values'] = VALUES
    s.table('aggrisk', agg_id=np.zeros(1, 'u4'), rlz_id=np.zeros(1, 'u2'),
            loss_id=np.array([11], 'u1'), loss=np.array([loss]))


def sums(loss):
    return pd.DataFrame(dict(loss_type=['structural+nonstructural+contents'], loss_value=[loss],
                             loss_ratio=[loss / F4(sum(float(x) for x in VALUES[0]))]))


# ---- reinsurance ----

MAP = dict(policy='policy_id', ret='retention', over_A='not this')
POLICIES = dict(event_id=np.array([2, 0, 2], 'u4'), policy_id=np.array([2, 1, 6], 'u4'),
                ret=np.array([.1, 2e9, -0.]), over_A=np.array([1., 0., np.nan]))
YEARS = [3, 1, 2]


def reinsurance():
    t = pd.DataFrame(POLICIES)
    t['policy_id'] = [','.join(KEYS[i - 1]) for i in t.policy_id]
    t['year'] = [YEARS[i] for i in t.event_id]
    return t.rename(columns=dict(ret='retention', over_A='overspill_treaty one'))


# ---- damage ----

DAMAGE = ['structural-no_damage', 'structural-slight', 'structural-losses', 'structural-injured']


def damages():
    v = np.zeros((2, 1), [(x, 'f4') for x in DAMAGE])
    for i, x in enumerate(DAMAGE):
        v[x][:, 0] = .1 + i, 1 / (3 + i)
    return v


def asset_rows():
    return pd.DataFrame(dict(asset_id=['a', 'b'], taxonomy=['wood', 'stone'],
                             lon=['1.50000', '2.50000'], lat=['0.50000', '-0.50000']))


def avg_risk():
    rate = 3 * (1. / (50. * 2)) / 4
    d = asset_rows()
    for x in DAMAGE[2:]:
        d[x] = ['%.6E' % v for v in damages()[x][:, 0] * F4(rate)]
    return d


def modal():
    """The likeliest states: of equal ones the first"""
    return asset_rows().assign(**{'modal-ds-structural': ['slight', 'no_damage'],
                                  'modal-ds-quake~contents': ['no_damage', 'slight']})


def put_modal(s):
    s.f['weights'] = np.ones(1, 'f4')
    v = np.array([[(.1, .9, 2, 1)], [(.5, .5, 0, 1)]], [(x, 'f4') for x in (
        'structural-no_damage', 'structural-slight', 'quake-contents-no_damage',
        'quake-contents-slight')])
    s.f['damages-rlzs'] = v
    s.f.create_group('crm').attrs.create('limit_states', ['slight'], dtype=TEXT)
    put_assets(s)


# ---- what a calculation was made of ----

SITES = dict(sids=np.array([0, 2, 5], 'u4'), lon=[1.5, 2.5, -3.], lat=[.5, -.0000001, 4.],
             depth=[0., 0., 1.], vs30=[760., 1e-3, 600.], vs30measured=[True, False, True],
             custom_site_id=np.array([b'u0', b'a,b', b'"q"']))
RUPTURE = np.dtype([('id', 'i8'), ('seed', 'i8'), ('source_id', 'u4'), ('trt_smr', 'u4'),
                    ('code', 'u1'), ('n_occ', 'u4'), ('mag', 'f4'), ('rake', 'f4'),
                    ('occurrence_rate', 'f4'), ('hypo', 'f4', 3), ('geom_id', 'u4')])
PLANE = np.array([1, 1, 4, 10.1234567, 11, 10, 11, 20, 20, 21, 21, 0, 0, 5.5, 5.5], 'f4')
MAPPING = dict(weight=[1., .25], taxi=np.array([2, 1], 'u4'), risk_id=['A', 'B,C'])
AVERAGE = np.array([[1.5, 9], [1e10, 9]], 'f4')


def put_inputs(s):
    s.f['weights'] = np.full(3, 1 / 3, 'f4')
    put_assets(s)
    put_events(s)
    code = sum(map(ord, 'NonParametricProbabilisticRupture,PlanarSurface')) % 256
    s.f['ruptures'] = np.array([(7, 3, 0, 1 << 24, code, 4, 6.5, 90, .00012345, [1, 2, 3], 1),
                                (8, 4, 0, 0, 0, 1, 5.5, 90, .1, [4, 5, 6], 0)], RUPTURE)
    d = s.f.create_dataset('rupgeoms', (2,), h5py.vlen_dtype('f4'))
    d[0] = d[1] = PLANE
    s.f.create_group('full_lt').attrs.create('trts', ['Active', 'Stable'], dtype=TEXT)
    s.table('crm', riskid=['A', 'B'], riskfunc=['{"o.risklib.scientific.VulnerabilityFunction":{}}'
                                                for _ in 'AB'])
    s.table('taxmap', **MAPPING)
    s.table('sitecol', **SITES)
    s.f['avg_losses-rlzs/structural'] = AVERAGE[:, :1]


def inputs():
    """Names and tables of calc_12"""
    five = ['%.5f' % x for x in (1, 2)]
    corners = [[[[round(float(x), 5) for x in PLANE[3 + 4 * i:7 + 4 * i]]] for i in range(3)]]
    yield 'rupture', pd.DataFrame(dict(
        seed=[3], mag='%.6E' % 6.5, rake='%.6E' % 90, lon=five[0], lat=five[1], dep='%.6E' % 3,
        multiplicity=4, trt='Stable', kind='NonParametricProbabilisticRupture PlanarSurface',
        mesh=json.dumps(corners), extra='{"occurrence_rate": 0.00012}')), (
            "trts=['Active', 'Stable'], ses_seed=42")
    sites = pd.DataFrame(dict(SITES, sids=range(3)))
    for x in 'lon', 'lat', 'depth':
        sites[x] = ['%.5f' % v for v in sites[x]]
    sites['vs30measured'] = sites.vs30measured.astype(int)
    sites['custom_site_id'] = [x.decode() for x in SITES['custom_site_id']]
    yield 'sites', sites, None
    names = ['?', 'wood', 'stone']
    yield 'taxonomy_mapping', pd.DataFrame(dict(
        weight=MAPPING['weight'], risk_id=MAPPING['risk_id'],
        taxonomy=[names[i] for i in MAPPING['taxi']])), None
    yield 'avg_losses-rlz-000', asset_rows().assign(structural=AVERAGE[:, 0]), (
        ', investigation_time=50.0, risk_investigation_time=50.0')


def put_child(s):
    s.table('sitecol', **SITES)
    s.f['avg_gmf'] = np.ones((2, 3, 1), 'f4')


# ---- all of them ----

def put_events(s):
    s.records('events', [('id', 'u4'), ('rup_id', 'i8'), ('rlz_id', 'u2'), ('year', 'u4')],
              [(i, i, i, y) for i, y in enumerate(YEARS)])


def put_losses(s):
    s.f['weights'] = WEIGHTS
    s.f['agg_values'] = agg_values()
    s.f.create_dataset('agg_keys', dtype=TEXT,
                       data=[','.join(k) for k in KEYS])
    for tag, texts in TAGS.items():
        s.f.create_dataset('assetcol/tagcol/' + tag, data=['?', *texts], dtype=TEXT)
    put_events(s)
    s.table('aggrisk', **risk(False))
    s.table('aggcurves', [('limit_states', '')], **risk(True))
    s.table('treaty_df', [('field_map', json.dumps(MAP))], id=['treaty one'], code=['A'])
    s.table('reinsurance-risk_by_event', **POLICIES)


def put_assets(s):
    s.records('assetcol/array', [('id', 'S3'), ('lon', 'f4'), ('lat', 'f4'), ('taxonomy', 'u4')],
              [('a', 1.5, .5, 1), ('b', 2.5, -.5, 2)])
    s.f['assetcol'].attrs.create('tagnames', ['taxonomy'], dtype=TEXT)
    s.f.create_dataset('assetcol/tagcol/taxonomy', data=['?', 'wood', 'stone'], dtype=TEXT)


def put_damages(s):
    s.f['weights'] = np.full(4, .25, 'f4')
    put_events(s)
    s.f['damages-rlzs'] = damages()
    s.f.create_group('crm').attrs.create('limit_states', ['slight'], dtype=TEXT)
    s.f['crm'].attrs.create('consequences', ['losses', 'injured'], dtype=TEXT)
    put_assets(s)


def make(folder):
    classical = dict(calculation_mode='classical', random_seed=23)
    put_tree(Store(folder, 1, '3.25.0', **classical))
    put_tree(Store(folder, 2, '3.25.0', **classical), 12, 'early_latin')
    put_tree(Store(folder, 3, '3.12.0', **classical), 12, 'late_weights')
    put_tree(Store(folder, 4, '3.21.0', **classical))
    put_tree(Store(folder, 21, '3.12.0', **classical))
    put_losses(Store(folder, 5, '3.25.0', calculation_mode='event_based_risk', quantiles=[.15, .95],
                     aggregate_by=[list(TAGS)], all_cost_types=LOSSES[2:], individual_rlzs=True))
    put_damages(Store(folder, 6, '3.25.0', calculation_mode='event_based_damage',
                      collect_rlzs=True, limit_states=['slight'], risk_investigation_time=1.,
                      all_cost_types=['structural']))
    put_inputs(Store(folder, 12, '3.25.0', calculation_mode='event_based_risk',
                     all_cost_types=['structural']))
    put_child(Store(folder, 13, '3.25.0', calculation_mode='event_based',
                    hazard_calculation_id=99, hazard_imtls=dict(PGA=[.1])))
    put_old_curves(Store(folder, 14, '3.12.0', calculation_mode='event_based_risk',
                         aggregate_by=['zone'], all_cost_types=['structural']))
    put_rates(Store(folder, 15, '3.25.0', calculation_mode='classical', hazard_imtls=LEVELS))
    put_hazard(Store(folder, 16, '3.25.0', calculation_mode='classical', hazard_imtls=IMLS,
                     quantiles=[.5], individual_rlzs=True, poes=POES, hazard_maps=True,
                     uniform_hazard_spectra=True))
    put_disagg(Store(folder, 17, '3.25.0', calculation_mode='disaggregation', poes=POES,
                     hazard_imtls={'SA(0.2)': [.1], 'PGA': [.1]}, disagg_outputs=list(MATRICES)))
    for number, version in (18, '3.25.0'), (19, '3.26.0'), (20, '3.26.0'):
        put_sums(Store(folder, number, version, calculation_mode='event_based_risk'),
                 LOSSES_OF[number == 20])
    put_loss_curves(Store(folder, 22, '3.25.0', calculation_mode='classical_risk',
                          quantiles=[.5], all_cost_types=COST))
    put_old_curves(Store(folder, 23, '3.12.0', calculation_mode='event_based_risk',
                         aggregate_by=[{}], all_cost_types=['structural']))
    put_modal(Store(folder, 24, '3.25.0', calculation_mode='classical_damage',
                    modal_damage_state=True))
    for number, version in (25, '3.21.0'), (26, '3.25.0'):
        put_perils(Store(folder, number, version, calculation_mode='event_based',
                         secondary_perils=['X'], hazard_imtls={'SA(0.2)': [.1], 'PGA': [.1]}))
    put_insured(Store(folder, 27, '3.21.0', calculation_mode='event_based_risk', quantiles=[.5],
                      all_cost_types=INSURED[:2], inputs=dict(insurance=dict(structural='x.csv')),
                      total_losses='structural+nonstructural'))
    for number, tree in ABSURD.items():
        put_absurd_tree(Store(folder, number, '3.21.0', **classical), **tree)


def old_letters(t):
    """Digits, and models are numbered through"""
    digits = str.maketrans(LETTERS, '0123456789')
    return t.assign(branch_path=[p[:-1].translate(digits) + str('ABCD'.index(p[-1]) + 2)
                                 for p in t.branch_path])


def printed(t, version, extra, frame=True):
    """The text of a file: its comment, which 'extra' goes on or is (or None), and the rows"""
    out = io.StringIO()
    if extra == '' or extra and extra[0] == ',':
        extra = (f"generated_by='OpenQuake engine {version}', start_date='2026-01-02T03:04:05', "
                 f"checksum=77{extra}")
    if extra is not None:
        print(f'''#{',' * (len(t.columns) - 1)}"{extra}"''', end='\r\n', file=out)
    t.to_csv(out, index=False, float_format='%.5E', lineterminator='\r\n', na_rep='nan')
    return out.getvalue()


def expected():
    curve = (", risk_investigation_time=50.0, num_events=3, effective_time=300.0, limit_states=''")
    both = ', investigation_time=50.0, risk_investigation_time=50.0'
    one = ', investigation_time=50.0, risk_investigation_time=1.0'
    yield 1, 'realizations', realizations(), ''
    yield 2, 'realizations', realizations(12, 'early_latin'), ''
    yield 21, 'realizations', old_letters(realizations(version=12)), None
    yield 3, 'realizations', old_letters(realizations(12, 'late_weights')), None
    for tags in ((), tuple(TAGS)):
        name = '-'.join(tags)
        yield 5, 'aggrisk-' + name, aggrisk(tags), both
        yield 5, 'aggcurves-' + name, aggcurves(tags), curve
        yield 5, 'aggrisk-stats-' + name, stats(False, tags), ''
        yield 5, 'aggcurves-stats-' + name, stats(True, tags), ''
    yield 5, 'reinsurance-risk_by_event', reinsurance(), ''
    yield 6, 'avg_risk-rlz-000', avg_risk(), one
    for name, table, extra in inputs():
        yield 12, name, table, extra
    for site, place in enumerate(('lon=1.0, lat=0.5', 'lon=-2.0, lat=3.12346')):
        yield 15, f'mean_rates_by_src-{site}', rates(site), f', {place}, vs30={VS30[site]}'
    yield 18, 'aggrisk-', sums(LOSSES_OF[0]), both
    yield 20, 'aggrisk-', sums(LOSSES_OF[1]), both
    for kind, which in ('mean', 0), ('quantile-0.5', 1), ('rlz-000', 1), ('rlz-001', 0):
        yield 22, 'loss_curves-' + kind, loss_points(which), (
            f"kind='{kind}', risk_investigation_time=50.0")
    yield 24, 'damages-rlz-000', modal(), both
    yield 25, 'gmf-data', perils(), ''
    for name, table in insured():
        yield 27, name, table, both
    for number, made in (16, hazard()), (17, disagg()):
        for name, table, extra in made:
            yield number, name, table, extra
    for rlz in 0, 1:
        yield 14, f'agg_curves-rlz-00{rlz}', old_curves(rlz), (
            f", risk_investigation_time=50.0, kind='agg_curves-rlz-00{rlz}'")


def check(mount):
    bad = 0
    if not os.path.exists(f'{mount}/calc_23/export/agg_curves-rlz-000_23.csv'):
        bad += 1
        print('calc_23: nothing is shown')
    for name in ('12/export/avg_losses-rlz-001_12.csv', '13/export/avg_gmf_13.csv',
                 '19/export/aggrisk-_19.csv', '26/export/gmf-data_26.csv'):
        if os.path.exists(f'{mount}/calc_{name}'):
            bad += 1
            print(name, 'is shown')
    for number, name, table, extra in expected():
        version = {3: '3.12.0', 21: '3.12.0', 25: '3.21.0', 27: '3.21.0', 14: '3.12.0', 20: '3.26.0'}.get(number, '3.25.0')
        want = printed(table, version, extra)
        path = f'{mount}/calc_{number}/export/{name}_{number}.csv'
        try:
            got = open(path, newline='').read()
        except OSError as e:
            got = str(e)
        if got == want:
            continue
        bad += 1
        a, b = got.split('\r\n'), want.split('\r\n')
        at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)) - 1)
        print(f'{path}: line {at}: {a[at]!r}, not {b[at]!r}; {len(a)} lines, not {len(b)}')
    for number in 4, *ABSURD:
        why = os.getxattr(f'{mount}/calc_{number}/export', 'user.oqfs.export').decode()
        shown = os.path.exists(f'{mount}/calc_{number}/export/realizations_{number}.csv')
        # The longest paths of all are long, but no more than that.
        if shown != (number == 10) or ('realizations' in json.loads(why)) == shown or \
                number in ABSURD and not shown and 'too ' not in why:
            bad += 1
            print(f'calc_{number}: realizations are {"" if shown else "not "}shown:', why)
    return bad


if __name__ == '__main__':
    sys.exit(make(sys.argv[2]) if sys.argv[1] == 'make' else check(sys.argv[2]) > 0)
