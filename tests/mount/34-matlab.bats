#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 34-matlab.bats - what MATLAB 7.3 means by its datasets

load mount
bats_require_minimum_version 1.5.0

PYTHON=/usr/bin/python3

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src" HDF5_USE_FILE_LOCKING=FALSE
	mkdir "$SRC"
	! $PYTHON -c 'import hdf5storage' ||
		{ $PYTHON -I tests/oracle/matlab.py make "$SRC"
		  $PYTHON -I tests/oracle/matlab.py make_cells "$SRC"; }
	! $PYTHON -c 'import hdf5storage, scipy.sparse' ||
		$PYTHON -I tests/oracle/matlab.py make_sparse "$SRC"
	AS=.no mount_dir "$SRC" -o conventions=no
	mount_dir "$SRC"
}

teardown_file() { unmount; }

setup() {
	needs_fuse
	[ -e "$SRC/all.mat" ] || skip "no python3-hdf5storage"
}

@test "text is text, and logical is true or false" {
	run $PYTHON -I tests/oracle/matlab.py check "$SRC" "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"${lines[-1]}" >&3
}

@test "what is stored is in meta.json, and what it means in its attributes" {
	[ "$(jq -r .type.class "$MNT/all.mat/flags.meta.json")" = integer ]
	[ "$(getfattr --only-values -n user.oqfs.dtype \
		"$MNT/all.mat/flags.npy")" = "|b1" ]
	[ "$(getfattr --only-values -n user.MATLAB_class \
		"$MNT/all.mat/name.txt")" = char ]
}

@test "conventions=no: numbers are numbers" {
	[ -e "$MNT.no/all.mat/name.csv" ]
	ls "$MNT.no/all.mat" | grep -qx name.csv
	grep -qx 1,.* "$MNT.no/all.mat/flags.csv"
}

@test "sparse matrices are tables of what is not zero" {
	[ -e "$SRC/sparse.mat" ] || skip "no python3-scipy"
	run $PYTHON -I tests/oracle/matlab.py check_sparse "$SRC" "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"${lines[-1]}" >&3
	[ ! -e "$MNT.no/sparse.mat/random.csv" ]
}

@test "what cells hold is there by value, where it is small" {
	run $PYTHON -I tests/oracle/matlab.py check_cells "$SRC" "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"${lines[-1]}" >&3
	grep -q '^/#refs#/' "$MNT.no/cells.mat/c.csv"
}
