#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 63-passthrough.bats - files that the kernel reads by itself are what those of
# the source are, whatever becomes of them

bats_require_minimum_version 1.5.0
load mount

setup_file() {
	[ "$(id -u)" = 0 ] && has_fuse || return 0
	# Of a kind that can be passed through, which a container's is not; and
	# open to others, as that of bats need not be.
	export TOP=$(mktemp -d /tmp/oqfs-passthrough.XXXXXX)
	export SRC="$TOP/src" MNT="$TOP/mnt" LOG="$TOP/log"
	chmod 755 "$TOP"
	mkdir "$SRC" "$MNT"
	mount -t tmpfs -o size=256m,mode=755 oqfs-test "$SRC" || return 0
	cp "$STORES/good-table.hdf5" "$SRC/calc_1.hdf5"
	head -c 5000000 /dev/urandom >"$SRC/big"
	mount_here "$SRC" -o allow_other -d
}

setup() {
	[ "$(id -u)" = 0 ] || skip "needs root: nobody else may ask for it"
	needs_fuse
	mountpoint -q "$SRC" || skip "no tmpfs can be mounted"
	! grep -qx 'passthrough: no' "$MNT/.oqfs/status" ||
		skip "needs Linux 6.9, and a build with libfuse 3.17"
}

teardown_file() {
	[ -n "$TOP" ] || return 0
	! mountpoint -q "$MNT" || unmount
	! mountpoint -q "$SRC" || umount -l "$SRC"
	rm -rf --one-file-system "$TOP"
}

nread() {
	grep -c 'opcode: READ (15)' "$1" || :
}

nopen() {
	sed -n 's/^passthrough: \([0-9]*\) open$/\1/p' "$MNT/.oqfs/status"
}

as_the_source() {
	run timeout 100 /usr/bin/python3 -I tests/oracle/passthrough.py \
		"$SRC" "$MNT" "$1"
	echo "$output"
	grep '^#' <<<"$output" >&3 || :
	[ "$status" -eq 0 ]
	# Each handle is given back, soon after it is closed.
	for _ in $(seq 50); do
		[ "$(nopen)" != 0 ] || return 0
		sleep 0.1
	done
	return 1
}

@test "nothing of such a file comes through us, a datastore's own included" {
	local before
	before=$(nread "$LOG")
	cmp "$MNT/big" "$SRC/big"
	cmp "$MNT/calc_1.hdf5" "$SRC/calc_1.hdf5"
	[ "$(nread "$LOG")" = "$before" ]
	exec 5<"$MNT/big"
	# A status does, of which this is the first word.
	[ "$(nopen)" = 1 ]
	[ "$(nread "$LOG")" -gt "$before" ]
	exec 5<&-
}

@test "passthrough=no: it does, and is the same" {
	local at="$TOP/off" pid
	mkdir "$at"
	MNT=$at LOG="$TOP/log.off" AS=.off BATS_FILE_TMPDIR=$TOP \
		mount_here "$SRC" -o passthrough=no -d
	cmp "$at/big" "$SRC/big"
	grep -qx 'passthrough: no' "$at/.oqfs/status"
	fusermount3 -u "$at"
	wait "$(cat "$TOP/pid.off")"
	[ "$(nread "$TOP/log.off")" -gt 3 ]
}

@test "who may not ask for it has the plain way" {
	as_nobody test -w /dev/fuse || skip "/dev/fuse is root's alone"
	local dir="$TOP/nobody" pid
	mkdir -m 755 "$dir"
	cp "$OQFS" "$dir/oqfs"
	mkdir "$dir/mnt"
	chown 65534 "$dir/mnt"
	as_nobody "$dir/oqfs" "$SRC" "$dir/mnt" -f 2>"$dir/log" 3>&- &
	pid=$!
	for _ in $(seq 100); do
		! mountpoint -q "$dir/mnt" || break
		sleep 0.05
	done
	as_nobody cmp "$dir/mnt/big" "$SRC/big"
	as_nobody grep -qx 'passthrough: no' "$dir/mnt/.oqfs/status"
	fusermount3 -u "$dir/mnt"
	wait "$pid"
	[ "$(wc -l <"$dir/log")" = 2 ]
}

@test "grown, cut short and written over while it is open" {
	as_the_source in_place
}

@test "replaced while it is open: old handles have the old one, new ones the new" {
	as_the_source replaced
}

@test "deleted: its space is free when it is closed" {
	as_the_source deleted
}

@test "mapped, sent, and past its end" {
	as_the_source other_ways
}

@test "handles that cannot be passed, before and after others" {
	as_the_source mixed
}

@test "opened by many at once, while it is replaced" {
	as_the_source many
}

@test "whom the source lets in, though others have it open" {
	command -v setpriv >/dev/null || skip "no setpriv"
	as_one() {
		setpriv --reuid=$1 --regid=$1 --clear-groups "${@:2}"
	}
	cp "$SRC/big" "$SRC/private"
	chown 61001 "$SRC/private"
	chmod 400 "$SRC/private"
	exec 5<"$MNT/private"
	as_one 61001 cmp "$MNT/private" "$SRC/private"
	run ! as_one 61002 cat "$MNT/private"
	if command -v setfacl >/dev/null &&
		setfacl -m u:61002:r "$SRC/private" 2>/dev/null; then
		# The kernel asks for a list anew after a second.
		sleep 2
		as_one 61002 cmp "$MNT/private" "$SRC/private"
		setfacl -b "$SRC/private"
		run ! as_one 61002 cat "$MNT/private"
	fi
	chmod 444 "$SRC/private"
	sleep 2
	as_one 61002 cmp "$MNT/private" "$SRC/private"
	chmod 400 "$SRC/private"
	run ! as_one 61002 cat "$MNT/private"
	exec 5<&-
}
