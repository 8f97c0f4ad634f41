#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 16-virtual.bats - virtual datasets take data from other files of the mount

load mount
bats_require_minimum_version 1.5.0

PYTHON=/usr/bin/python3

setup_file() {
	# Not below the directory of bats, which is root's alone.
	export TOP=$(mktemp -d /tmp/oqfs-virtual.XXXXXX)
	export SRC="$TOP/src" HDF5_USE_FILE_LOCKING=FALSE
	chmod 755 "$TOP"
	mkdir "$SRC"
	! $PYTHON -c 'import h5py, numpy' ||
		$PYTHON -I tests/oracle/virtual.py make "$SRC"
	mount_dir "$SRC"
	export AT="$MNT/master.h5/entry"
}

teardown_file() {
	unmount
	rm -rf "$TOP"
}

setup() {
	needs_fuse
	[ -e "$SRC/master.h5" ] || skip "no python3-h5py"
}

@test "what all sources are there of is read, other files are refused" {
	run $PYTHON -I tests/oracle/virtual.py check "$SRC" "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"${lines[-1]}" >&3
	[ "$(getfattr --only-values -n user.oqfs.error \
		"$MNT/master.h5/refused/gone.npy")" = \
	  "its data are in another file (gone.h5)" ]
}

@test "what readdir says is what stat says" {
	$PYTHON -c '
import os, sys
for e in os.scandir(sys.argv[1]):
    assert e.inode() == os.lstat(e.path).st_ino, e.path
' "$AT"
}

@test "many read it at once" {
	for i in $(seq 8); do
		cat "$AT/all.csv" "$AT/sub.csv" | sha256sum &
	done >"$BATS_TEST_TMPDIR/sums"
	wait
	[ "$(sort -u "$BATS_TEST_TMPDIR/sums" | wc -l)" = 1 ]
	[ "$(wc -l <"$BATS_TEST_TMPDIR/sums")" = 8 ]
}

last_is() {
	[ "$(tail -n 1 "$AT/all.csv" 2>/dev/null)" = "$1" ]
}

replace() {
	$PYTHON -I - "$1" "$2" <<-END
	import h5py, numpy as np, sys
	with h5py.File(sys.argv[1], "w") as f:
	    f["entry/data"] = np.full((4, 5), int(sys.argv[2]), "i4")
	END
}

@test "a source that changes makes it another, one that goes has it refused" {
	last_is 215,216,217,218,219
	exec 9<"$AT/all.bin"
	head -c 4 <&9 >/dev/null
	replace "$TOP/new.h5" 7
	mv "$TOP/new.h5" "$SRC/sub/d2.h5"
	await last_is 7,7,7,7,7
	# What was open is stale, and never a mixture.
	run cat <&9
	exec 9<&-
	[ "$status" -ne 0 ] || [ -n "$output" ]
	replace "$SRC/sub/d2.h5" 8
	await last_is 8,8,8,8,8
	mv "$SRC/sub/d2.h5" "$TOP/kept.h5"
	await run -1 cat "$AT/all.csv"
	cat "$AT/mixed.csv" "$AT/data.csv" >/dev/null
	mv "$TOP/kept.h5" "$SRC/sub/d2.h5"
	await last_is 8,8,8,8,8
}

@test "a source that is cut off is an error, and not filled in" {
	local name size

	cp "$SRC/d1.h5" "$TOP/whole.h5"
	for size in 100 600 1500 "$(($(stat -c %s "$SRC/d1.h5") - 60))"; do
		head -c "$size" "$TOP/whole.h5" >"$TOP/cut.h5"
		mv "$TOP/cut.h5" "$SRC/d1.h5"
		sleep 1.1
		run cat "$AT/mixed.csv"
		[ "$status" -ne 0 ]
		run cat "$AT/mixed.bin"
		[ "$status" -ne 0 ]
	done
	mv "$TOP/whole.h5" "$SRC/d1.h5"
	await cat "$AT/mixed.csv"
}

@test "a mount of the master alone has no other file" {
	AS=.one mount_dir "$SRC/master.h5"
	[ -e "$MNT/entry/data.csv" ]
	run -1 cat "$MNT/entry/all.csv"
}

# Three users that need no account: the owner, one of the group, another.
owner=61001 member=61002 other=61003 group=61010

as() {
	local groups=--clear-groups
	[ "$1" != $member ] || groups=--groups=$group
	setpriv --reuid "$1" --regid "$1" $groups -- "${@:2}"
}

@test "in a shared mount nobody reads through it what is closed to him" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	command -v setpriv >/dev/null || skip "no setpriv"
	local src="$TOP/shared" at

	mkdir "$src"
	$PYTHON -I tests/oracle/virtual.py make "$src"
	chown -R $owner:$group "$src"
	chmod 755 "$src" "$src/sub"
	chmod 644 "$src"/*.h5 "$src"/sub/*
	mkdir "$TOP/mnt"
	export MNT="$TOP/mnt"
	AS=.shared mount_here "$src" -o allow_other
	at="$MNT/master.h5/entry"
	as $other cat "$at/all.csv" >/dev/null
	as $owner cat "$at/mixed.csv" >/dev/null
	chmod 600 "$src/d1.h5"
	sleep 1.1
	run -1 as $other cat "$at/all.csv"
	run -1 as $other cat "$at/mixed.csv"
	as $other cat "$at/sub.csv" >/dev/null
	chmod 644 "$src/d1.h5"
	chmod 700 "$src/sub"
	sleep 1.1
	run -1 as $other cat "$at/sub.csv"
	as $other cat "$at/mixed.csv" >/dev/null
}
