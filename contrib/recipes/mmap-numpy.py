#!/usr/bin/python3
# The highest mean curve of all sites, of which only this part is read:
# mmap-numpy.py [MOUNT]
# SPDX-License-Identifier: MIT
import os
import sys

import numpy as np

oq = sys.argv[1] if len(sys.argv) > 1 else os.path.expanduser('~/oq')
curves = np.load(f'{oq}/calc_1/hcurves-stats.npy', mmap_mode='r')
print(curves.shape, curves.dtype)
print(curves[:, 0, 0, :].max(axis=0))
