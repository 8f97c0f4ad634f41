#!/usr/bin/python3
# The five strongest events, joined with what the sites felt of them, by pandas:
# join-pandas.py [MOUNT]
# SPDX-License-Identifier: MIT
import os
import sys

import pandas as pd

oq = sys.argv[1] if len(sys.argv) > 1 else os.path.expanduser('~/oq')
events = pd.read_csv(f'{oq}/calc_1/events.csv')
gmf = pd.read_csv(f'{oq}/calc_1/gmf_data.csv')
felt = gmf.groupby('eid')['PGA'].agg(sites='count', pga='max')
table = events.join(felt, on='id', how='inner')[['id', 'year', 'sites', 'pga']]
table = table.sort_values(['pga', 'id'], ascending=[False, True])
print(table.head(5).to_csv(index=False), end='')
