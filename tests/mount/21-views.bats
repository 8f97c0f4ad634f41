#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 21-views.bats - every view of files that h5py wrote says what h5py reads

load mount

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src" VIEWS="$BATS_TEST_DIRNAME/../oracle/views.py"
	"${PYTHON:-/usr/bin/python3}" "$VIEWS" make "$SRC" "${SEED:-1}"
	mount_dir "$SRC"
}

teardown_file() { unmount; }

@test "types, shapes, layouts and filters: bin, npy, csv, txt, meta.json, xattrs" {
	run "${PYTHON:-/usr/bin/python3}" "$VIEWS" compare "$SRC" "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ "$output" == *" 0 different"* ]]
}
