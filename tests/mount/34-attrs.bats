#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 34-attrs.bats - attributes of all files of a directory

load mount
bats_require_minimum_version 1.5.0

PYTHON=/usr/bin/python3

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src" HDF5_USE_FILE_LOCKING=FALSE
	mkdir "$SRC"
	! $PYTHON -c 'import h5py, numpy' ||
		$PYTHON -I tests/oracle/attrlists.py make "$SRC"
	AS=.other mount_dir "$SRC"
	mount_dir "$SRC"
}

teardown_file() { unmount; }

setup() { [ -e "$SRC/attrs.h5" ] || skip "no python3-h5py"; }

@test "one after the other they take few requests, and are what h5py says" {
	run $PYTHON -I tests/oracle/attrlists.py check "$SRC" "$MNT" "$MNT.other"
	echo "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"${lines[-1]}" >&3
}
