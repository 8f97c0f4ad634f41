#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 24-pictures.bats - arrays that are pictures have a png with their pixels

bats_require_minimum_version 1.5.0
load mount

PYTHON=/usr/bin/python3

setup_file() {
	export HDF5_USE_FILE_LOCKING=FALSE
	$PYTHON -c 'import h5py, PIL' 2>/dev/null || return 0
	export SRC="$BATS_FILE_TMPDIR/src"
	mkdir "$SRC"
	$PYTHON -I tests/oracle/pictures.py make "$SRC"
	mount_dir "$SRC"
}

teardown_file() { unmount; }

setup() {
	needs_fuse
	[ -n "${MNT-}" ] || skip "no python3-h5py or python3-pil"
}

@test "a png has the pixels of its array, whatever kind of picture it is" {
	run $PYTHON -I tests/oracle/pictures.py check "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
}
