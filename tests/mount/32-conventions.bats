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

@test "AnnData: frames, categories, what may be missing" {
	[ -e "$SRC/cells.h5ad" ] || skip "no python3-h5py"
	holds anndata
}
