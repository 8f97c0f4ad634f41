#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 32-conventions.bats - tables that others than the engine make of groups

load mount

PYTHON=/usr/bin/python3

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src" HDF5_USE_FILE_LOCKING=FALSE
	mkdir "$SRC"
	if $PYTHON -c 'import h5py, numpy'; then
		$PYTHON -I tests/oracle/conventions.py anndata make "$SRC"
		! $PYTHON -c 'import pandas, tables' ||
			$PYTHON -I tests/oracle/conventions.py pandas make "$SRC"
	fi
	AS=.no mount_dir "$SRC" -o conventions=no
	mount_dir "$SRC"
}

teardown_file() { unmount; }

holds() {
	run $PYTHON -I tests/oracle/conventions.py "$1" check "$SRC" "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"${lines[-1]}" >&3
}

@test "pandas: names, order, index, date-times, categories" {
	[ -e "$SRC/pandas.h5" ] || skip "no python3-pandas or python3-tables"
	holds pandas
}

@test "conventions=no: tables of others are groups" {
	[ -e "$SRC/cells.h5ad" ] || skip "no python3-h5py"
	[ -e "$MNT/cells.h5ad/obs.csv" ]
	[ -d "$MNT.no/cells.h5ad/obs" ]
	[ ! -e "$MNT.no/cells.h5ad/obs.csv" ]
}

@test "AnnData: frames, categories, what may be missing" {
	[ -e "$SRC/cells.h5ad" ] || skip "no python3-h5py"
	holds anndata
}

@test "pandas.read_parquet has the index that pandas and AnnData have" {
	[ -e "$SRC/cells.h5ad" ] || skip "no python3-h5py"
	[ -e "$SRC/pandas.h5" ] || skip "no python3-pandas or python3-tables"
	PYTHON=${PYARROW:-$PYTHON}
	$PYTHON -c 'import pyarrow' || $PYTHON -c 'import fastparquet' ||
		skip "neither pyarrow nor fastparquet"
	holds index
}
