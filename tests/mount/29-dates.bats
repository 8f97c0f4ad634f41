#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 29-dates.bats - date-times and time spans: h5py's of NumPy, PyTables' own

load mount

PYTHON=/usr/bin/python3

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src" HDF5_USE_FILE_LOCKING=FALSE
	mkdir "$SRC"
	! $PYTHON -c 'import h5py, numpy' ||
		$PYTHON -I tests/oracle/dates.py make "$SRC"
	! $PYTHON -c 'import tables' ||
		$PYTHON -I tests/oracle/pytimes.py make "$SRC"
	mount_dir "$SRC"
}

teardown_file() { unmount; }

holds() {
	run $PYTHON -I "$@"
	echo "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"${lines[-1]}" >&3
}

@test "all units, multiples and byte orders, extremes and NaT" {
	[ -e "$SRC/dates.hdf5" ] || skip "no python3-h5py"
	holds tests/oracle/dates.py check "$MNT"
}

@test "the times of PyTables are its doubles" {
	[ -e "$SRC/times.h5" ] || skip "no python3-tables"
	holds tests/oracle/pytimes.py check "$SRC" "$MNT"
}
