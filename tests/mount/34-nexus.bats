#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 34-nexus.bats - axes of NeXus's groups of data

load mount
bats_require_minimum_version 1.5.0

PYTHON=/usr/bin/python3

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src" HDF5_USE_FILE_LOCKING=FALSE
	mkdir "$SRC"
	! $PYTHON -c 'import h5py' ||
		$PYTHON -I tests/oracle/nexus.py make "$SRC"
	AS=.no mount_dir "$SRC" -o conventions=no
	mount_dir "$SRC"
}

teardown_file() { unmount; }

setup() {
	needs_fuse
	[ -e "$SRC/a.nxs" ] || skip "no python3-h5py"
}

@test "the signal of a group has its axes" {
	$PYTHON -c 'import silx.io.nxdata' 2>/dev/null ||
		skip "no python3-silx"
	run $PYTHON -I tests/oracle/nexus.py check "$SRC" "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"${lines[-1]}" >&3
}

@test "also as it was before; without labels it is as any other array" {
	[ "$(head -n 2 "$MNT/a.nxs/entry/image/counts.csv")" = "time,mz,value
0.0,5,0" ]
	[ "$(head -n 1 "$MNT/old.nxs/entry/data/counts.csv")" = time,mz,value ]
	[ "$(head -n 1 "$MNT/a.nxs/entry/edges/counts.csv")" = counts ]
	[ "$(head -n 1 "$MNT/a.nxs/entry/plain/counts.csv")" = counts ]
}

@test "conventions=no: an array is an array" {
	[ "$(head -n 1 "$MNT.no/a.nxs/entry/image/counts.csv")" = c0,c1,c2 ]
}
