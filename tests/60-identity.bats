#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 60-identity.bats - a datastore that becomes another one, in every way

bats_require_minimum_version 1.5.0
load mount

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src" PYTHON=/usr/bin/python3
	mkdir "$SRC"
	mount_dir "$SRC"
}

teardown_file() { unmount; }

becomes_another() {
	$PYTHON -c 'import h5py' 2>/dev/null || skip "no python3-h5py"
	run timeout 60 $PYTHON -I tests/oracle/identity.py "$SRC" "$MNT" "$1"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "rewritten in place: open handles, mmaps and new handles" {
	becomes_another rewrite
}

@test "replaced by rename" {
	becomes_another rename
}

@test "deleted and made again, the number of its inode used again" {
	becomes_another again
}

@test "cut short" {
	becomes_another truncate
}

@test "touched: the same bytes, another generation" {
	becomes_another touch
}

@test "rewritten with a time and a size as before" {
	becomes_another disguise
}

@test "deleted: gone within a second, and nobody holds its space" {
	becomes_another delete
}

@test "what a directory lists follows within a second" {
	becomes_another listing
}

@test "a datastore becomes a plain file, a directory, and one again" {
	becomes_another kinds
}

@test "rewritten all the time, no read is a mixture" {
	becomes_another mixture
}
