#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 34-lies.bats - exports of calculations that lie (tests/oracle/lies.py): each
# is whole or an error, and no reader dies of one

bats_require_minimum_version 1.5.0
load mount

setup() {
	needs_fuse
	$PYTHON -c 'import h5py, pandas' 2>/dev/null ||
		skip "no python3-h5py, python3-pandas"
}

setup_file() {
	export PYTHON=/usr/bin/python3 SRC="$BATS_FILE_TMPDIR/src"
	export ORACLES="$BATS_TEST_DIRNAME/../oracle"
	export HDF5_USE_FILE_LOCKING=FALSE
	mkdir "$SRC" "$SRC/honest" "$SRC/lying"
	$PYTHON -c 'import h5py, pandas' 2>/dev/null || return 0
	$PYTHON "$ORACLES/exported.py" make "$SRC/honest"
	# Those that are large for a purpose of their own are not needed.
	rm "$SRC"/honest/calc_{7,8,9,10,11}.hdf5
	$PYTHON -W ignore "$ORACLES/lies.py" make "$SRC/lying" \
		"${LIES_SEED:-1}" "${LIES:-60}" "$SRC"/honest/*.hdf5
	mount_dir "$SRC/lying" -o memory=256M
}

teardown_file() { unmount; }

@test "calculations that lie cost an error, or a file" {
	run -0 $PYTHON "$ORACLES/lies.py" check "$MNT" "$LOG" \
		"$(<"$BATS_FILE_TMPDIR/pid")"
	echo "$output"
	sed 's/^/# /' <<<"$output" >&3
	[[ ! $output =~ ^0\ files ]]
}
