#!/usr/bin/python3
# The five strongest events, joined with what the sites felt of them, by pandas:
# join-pandas.py [MOUNT]
# SPDX-License-Identifier: MIT
import os
import sys

import pandas as pd

oq = sys.argv[1] if len(sys.argv) > 1 else os.path.expanduser('~/oq')
events = pd.read_csv(f'{oq}/calc_1/export/events_1.csv', skiprows=1)
gmf = pd.read_csv(f'{oq}/calc_1/export/gmf-data_1.csv', skiprows=1)
felt = gmf.groupby('event_id')['gmv_PGA'].agg(sites='count', pga='max')
table = events.join(felt, on='event_id', how='inner')[['event_id', 'year', 'sites', 'pga']]
table = table.sort_values(['pga', 'event_id'], ascending=[False, True])
print(table.head(5).to_csv(index=False), end='')
