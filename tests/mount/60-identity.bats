#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 60-identity.bats - a datastore that becomes another one, in every way; with
# the kernel telling of writes, and by looking alone

bats_require_minimum_version 1.5.0
load mount

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src" PYTHON=/usr/bin/python3
	# One of them in memory: another filesystem, with other inode numbers.
	export POLLED="$SRC.poll"
	[ "$(stat -f -c %T /dev/shm)" != tmpfs ] || [ ! -w /dev/shm ] ||
		POLLED=$(mktemp -d /dev/shm/oqfs-identity.XXXXXX)
	mkdir -p "$SRC" "$POLLED"
	AS=.poll mount_dir "$POLLED" -o watch=poll
	mkdir "$SRC.family"
	cp "$STORES"/demo/calc_[12].hdf5 "$SRC.family"
	AS=.family mount_dir "$SRC.family"
	mount_dir "$SRC" -o watch=auto
}

teardown_file() {
	unmount
	rm -rf "$POLLED"
}

becomes_another() {
	$PYTHON -c 'import h5py' 2>/dev/null || skip "no python3-h5py"
	local i=tests/oracle/identity.py
	timeout $PATIENCE $PYTHON -I $i "$POLLED" "$MNT.poll" "$1" poll \
		>"$BATS_TEST_TMPDIR/poll" 2>&1 3>&- &
	run timeout $PATIENCE $PYTHON -I $i "$SRC" "$MNT" "$1" auto
	wait $! || status=1
	echo "$output"
	cat "$BATS_TEST_TMPDIR/poll"
	{ grep '^#' <<<"$output"; grep '^#' "$BATS_TEST_TMPDIR/poll"; } >&3 || :
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

@test "what a killed writer left, written over" {
	becomes_another killed
}

@test "rewritten on a filesystem of which the kernel keeps the times" {
	becomes_another served
}

@test "a write(2) that was under way when it was looked at" {
	becomes_another slow
}

# What finished datastores hold is kept for an hour, but for this.
@test "parent comes and goes with the calculation that it leads to" {
	local calc="$MNT.family/calc_2" born

	is_listed() { ls "$calc" | grep -qx parent; }
	is_there() { [ -L "$calc/parent" ]; }
	isnt() { ! "$@"; }
	soon() {
		for _ in $(seq 60); do
			"$@" && return
			sleep 0.25
		done
		return 1
	}
	# Past its youth, which ends with all that was kept.
	born=$(stat -c %Z "$SRC.family/calc_2.hdf5")
	while [ $(($(date +%s) - born)) -lt 12 ]; do
		sleep 1
	done
	is_listed
	is_there
	for _ in 1 2; do
		mv "$SRC.family/calc_1.hdf5" "$SRC.calc_1"
		soon isnt is_listed
		soon isnt is_there
		tar -cf "$BATS_TEST_TMPDIR/tar" -C "$calc" .
		mv "$SRC.calc_1" "$SRC.family/calc_1.hdf5"
		soon is_listed
		soon is_there
	done
	[ -s "$calc/parent/.meta.json" ]
}
