#!/usr/bin/python3
# The mean motion at each site, by the workers of a Dask cluster: each reads
# some row groups of its node's own mount.  All mounts are at the same path.
# cluster-dask.py SCHEDULER [MOUNT]
# SPDX-License-Identifier: MIT
import os
import sys

import dask.dataframe as dd
from dask.distributed import Client

oq = sys.argv[2] if len(sys.argv) > 2 else os.path.expanduser('~/oq')
with Client(sys.argv[1]) as client:
    gmf = dd.read_parquet(f'{oq}/calc_1/gmf_data.parquet',
                          columns=['sid', 'PGA'], split_row_groups=True)
    mean = gmf.groupby('sid')['PGA'].mean().compute().sort_index()
print(mean.to_csv(), end='')
