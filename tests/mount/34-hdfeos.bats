#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 34-hdfeos.bats - names of axes in HDF-EOS5

load mount
bats_require_minimum_version 1.5.0

PYTHON=/usr/bin/python3

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src" HDF5_USE_FILE_LOCKING=FALSE
	mkdir "$SRC"
	! $PYTHON -c 'import h5py' ||
		$PYTHON -I tests/oracle/hdfeos.py make "$SRC"
	AS=.no mount_dir "$SRC" -o conventions=no
	mount_dir "$SRC"
}

teardown_file() { unmount; }

setup() {
	needs_fuse
	[ -e "$SRC/a.he5" ] || skip "no python3-h5py"
}

@test "fields have the names of their dimensions" {
	run $PYTHON -I tests/oracle/hdfeos.py check "$SRC" "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"${lines[-1]}" >&3
}

@test "conventions=no: an array is an array" {
	[ "$(head -n 1 "$MNT.no/a.he5/HDFEOS/GRIDS/Monthly/Data Fields/NO2.csv" \
		)" = c0,c1,c2 ]
}
