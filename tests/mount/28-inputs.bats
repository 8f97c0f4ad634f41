#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 28-inputs.bats - files that the engine stored are shown as they were

bats_require_minimum_version 1.5.0
load mount

PYTHON=/usr/bin/python3

setup_file() {
	export HDF5_USE_FILE_LOCKING=FALSE
	$PYTHON -c 'import h5py' 2>/dev/null || skip "no python3-h5py"
	export SRC="$BATS_FILE_TMPDIR/src"
	mkdir "$SRC"
	$PYTHON -I tests/oracle/inputs.py make "$SRC"
	mount_dir "$SRC"
}

teardown_file() { unmount; }

@test "stored files have their own names, bytes and sizes" {
	run $PYTHON -I tests/oracle/inputs.py check "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
}
