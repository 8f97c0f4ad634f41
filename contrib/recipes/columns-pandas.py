#!/usr/bin/python3
# How the motion of one event varies among the sites, by pandas: of the table
# two columns are read, and the row groups that may have the event.
# columns-pandas.py [MOUNT]
# SPDX-License-Identifier: MIT
import os
import sys

import pandas as pd

oq = sys.argv[1] if len(sys.argv) > 1 else os.path.expanduser('~/oq')
gmf = pd.read_parquet(f'{oq}/calc_1/gmf_data.parquet', columns=['PGA'],
                      filters=[('eid', '==', 1)])
print(gmf['PGA'].describe().to_csv(header=False), end='')
