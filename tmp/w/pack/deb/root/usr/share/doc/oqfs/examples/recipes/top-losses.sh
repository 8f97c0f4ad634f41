#!/bin/sh
# The ten assets with the highest average loss: top-losses.sh [MOUNT]
# SPDX-License-Identifier: MIT
cd "${1:-$HOME/oq}/calc_2/avg_losses-stats" || exit
echo asset_id,loss
tail -n +2 'structural[:, stat=mean].csv' | sort -t, -k2,2gr | head
