#!/bin/sh
# The ten assets with the highest average loss: top-losses.sh [MOUNT]
# SPDX-License-Identifier: MIT
cd "${1:-$HOME/oq}/calc_2/export" || exit
echo asset_id,taxonomy,lon,lat,loss
tail -n +3 avg_losses-mean_2.csv | tr -d '\r' | sort -t, -k5,5gr | head
