#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 26-readers.bats - other programs read the tables as they are
#
# pandas reads every table; CELLS=0 has every program do so, in three minutes.

load mount

setup_file() {
	export PYTHON=/usr/bin/python3 SRC="$BATS_FILE_TMPDIR/src"
	export DATA="${OQDATA:-../shared/data/oqdata}"
	export CELLS=${CELLS:-300000}
	export HDF5_USE_FILE_LOCKING=FALSE LC_ALL=C.UTF-8
	$PYTHON -c 'import h5py, numpy' || skip "no python3-h5py"
	mkdir "$SRC"
	$PYTHON -I tests/oracle/readers.py make "$SRC/torture.hdf5"
	# Hand on the engine's datastores in the same mount.
	[ ! -d "$DATA/files" ] || cp -r "$DATA/files" "$SRC/engine"
	chmod -R u+w "$SRC"
	mount_dir "$SRC"
}

teardown_file() { unmount; }

reads() {
	run "$PYTHON" -I tests/oracle/readers.py check "$MNT" "$SRC" "$@"
	echo "$output"
	[ "$status" -ne 77 ] || skip "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"$output" >&3
}

@test "pandas reads what h5py reads" {
	reads 0 pandas
}

@test "NumPy does" {
	reads $CELLS loadtxt genfromtxt
}

@test "R does" {
	reads $CELLS R
}

@test "SQLite does" {
	reads $CELLS sqlite
}

@test "PostgreSQL does" {
	reads $CELLS postgres
}

@test "Miller does" {
	reads $CELLS miller
}

@test "awks do" {
	reads $CELLS gawk mawk
}
