#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 33-exported.bats - exports of modes that no sample has, beside NumPy's and
# pandas' (tests/oracle/exported.py)

bats_require_minimum_version 1.5.0
load mount

setup() {
	needs_fuse
	$PYTHON -c 'import h5py, pandas' 2>/dev/null ||
		skip "no python3-h5py, python3-pandas"
}

setup_file() {
	export PYTHON=/usr/bin/python3 SRC="$BATS_FILE_TMPDIR/src"
	export ORACLE="$BATS_TEST_DIRNAME/../oracle/exported.py"
	export HDF5_USE_FILE_LOCKING=FALSE
	mkdir "$SRC"
	$PYTHON -c 'import h5py, pandas' 2>/dev/null || return 0
	$PYTHON "$ORACLE" make "$SRC"
	mount_dir "$SRC"
}

teardown_file() { unmount; }

@test "paths, tags, quantiles, treaties and consequences are exported as NumPy and pandas have them" {
	$PYTHON "$ORACLE" check "$MNT"
}
