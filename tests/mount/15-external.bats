#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 15-external.bats - links to datasets of other files have their views

load mount
bats_require_minimum_version 1.5.0

PYTHON=/usr/bin/python3

setup_file() {
	# Not below the directory of bats, which is root's alone.
	export TOP=$(mktemp -d /tmp/oqfs-external.XXXXXX)
	export SRC="$TOP/src" HDF5_USE_FILE_LOCKING=FALSE
	chmod 755 "$TOP"
	mkdir "$SRC"
	! $PYTHON -c 'import h5py, numpy' ||
		$PYTHON -I tests/oracle/external.py make "$SRC"
	mount_dir "$SRC"
	export DATA="$MNT/scan_master.h5/entry/data"
}

teardown_file() {
	unmount
	rm -rf "$TOP"
}

setup() {
	needs_fuse
	[ -e "$SRC/scan_master.h5" ] || skip "no python3-h5py"
}

@test "a link has the names of the dataset that it leads to" {
	run $PYTHON -I tests/oracle/external.py check "$SRC" "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"${lines[-1]}" >&3
}

@test "its text is where the mount has that file's view" {
	[ "$(readlink "$DATA/data_000001.csv")" = \
	  ../../../scan_data_000001.h5/entry/data/data.csv ]
	[ "$(readlink "$DATA/number[0].npy")" = \
	  '../../../scan_data_000001.h5/c/x~1[0].npy' ]
	[ "$(readlink "$DATA/escaped.bin")" = \
	  ../../../scan_data_000001.h5/c/100%25.bin ]
	[ "$(readlink "$DATA/calc.csv")" = \
	  ../../.././sub/../calc_7/lon.csv ]
	[ "$(readlink "$DATA/root")" = ../../../scan_data_000001.h5 ]
	[ "$(readlink "$MNT/scan_master.h5/entry/image.npy")" = \
	  ../entry/data/data_000003.npy ]
	[ "$(readlink "$DATA/data_000004")" = \
	  ../../../scan_data_000004.h5/entry/data/data ]
	[[ $(readlink "$DATA/outside") == *%2F* ]]
	[ ! -e "$DATA/data_000001.png" ]
	[ ! -e "$DATA/group.csv" ]
	[ -d "$DATA/clash.csv" ]
}

@test "what readdir says is what stat says" {
	$PYTHON -c '
import os, sys
for e in os.scandir(sys.argv[1]):
    assert e.inode() == os.lstat(e.path).st_ino, e.path
    assert e.is_symlink() == os.path.islink(e.path), e.path
' "$DATA"
}

@test "cp -rL and rsync -L copy what the links lead to" {
	local part="$BATS_TEST_TMPDIR/src" at="$BATS_TEST_TMPDIR/copies"

	mkdir "$part" "$at"
	cp "$SRC"/scan_data_* "$part"
	$PYTHON -I - "$part" <<-END
	import h5py, sys
	with h5py.File(sys.argv[1] + "/scan_master.h5", "w") as f:
	    for i in 1, 2, 3:
	        f[f"entry/data/data_{i:06}"] = h5py.ExternalLink(
	            f"scan_data_{i:06}.h5", "/entry/data/data")
	END
	AS=.part mount_dir "$part"
	cp -rL "$MNT/scan_master.h5" "$at/cp"
	cmp "$at/cp/entry/data/data_000002.npy" \
		"$MNT/scan_data_000002.h5/entry/data/data.npy"
	[ -z "$(find "$at/cp" -type l)" ]
	command -v rsync >/dev/null || skip "no rsync"
	rsync -rL "$MNT/scan_master.h5" "$at/rsync"
	diff -r "$at/cp" "$at/rsync/scan_master.h5"
}

soon() {
	for _ in $(seq 60); do
		! "$@" || return 0
		sleep 0.05
	done
	return 1
}

@test "files come and go, and links with them" {
	ls "$DATA" >/dev/null
	[ ! -e "$DATA/data_000004.csv" ]
	cp "$SRC/scan_data_000003.h5" "$SRC/scan_data_000004.h5"
	soon test -e "$DATA/data_000004.csv"
	ls "$DATA" | grep -qx data_000004.npy
	cmp "$DATA/data_000004.csv" "$DATA/data_000003.csv"
	rm "$SRC/scan_data_000004.h5"
	soon test ! -L "$DATA/data_000004.csv"
	[ -L "$DATA/data_000004" ]
	! ls "$DATA" | grep -qx data_000004.npy
}

@test "a damaged file is a link that dangles, and others are as they were" {
	head -c 2000 "$SRC/scan_data_000003.h5" >"$SRC/scan_data_000004.h5"
	sleep 1.1
	run ls "$DATA"
	[[ $output == *data_000004* ]]
	cat "$DATA/data_000001.csv" >/dev/null
	rm "$SRC/scan_data_000004.h5"
}

@test "views that are asked for are asked for of the dataset" {
	AS=.views mount_dir "$SRC" -o views=parquet,meta
	run ls "$MNT/scan_master.h5/entry/data"
	[[ $output == *data_000001.meta.json* ]]
	[[ $output != *data_000001.csv* ]]
	[ -e "$MNT/scan_master.h5/entry/data/data_000001.csv" ]
}

@test "a mount of the master alone has no other file" {
	AS=.one mount_dir "$SRC/scan_master.h5"
	[ -L "$MNT/entry/data/data_000001" ]
	[ ! -e "$MNT/entry/data/data_000001.csv" ]
}

# Three users that need no account: the owner, one of the group, another.
owner=61001 member=61002 other=61003 group=61010

as() {
	local groups=--clear-groups
	[ "$1" != $member ] || groups=--groups=$group
	setpriv --reuid "$1" --regid "$1" $groups -- "${@:2}"
}

@test "in a shared mount a link says nothing of a file that is closed" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	command -v setpriv >/dev/null || skip "no setpriv"
	local src="$TOP/shared" at

	mkdir "$src"
	$PYTHON -I tests/oracle/external.py make "$src"
	chown -R $owner:$group "$src"
	chmod 755 "$src"
	chmod 644 "$src"/*
	chmod 755 "$src/sub"
	chmod 600 "$src/scan_data_000002.h5"
	chmod 640 "$src/scan_data_000003.h5"
	mkdir "$TOP/mnt"
	export MNT="$TOP/mnt"
	AS=.shared mount_here "$src" -o allow_other
	at="$MNT/scan_master.h5/entry/data"
	as $other cat "$at/data_000001.csv" >/dev/null
	as $other cat "$at/absolute.csv" >/dev/null
	for i in 2 3; do
		as $other test -L "$at/data_00000$i"
		as $other test ! -L "$at/data_00000$i.csv"
		as $owner test ! -L "$at/data_00000$i.csv"
	done
	# Nor of one in a directory that is.
	chmod 750 "$src/sub"
	sleep 1.1
	as $other test -L "$at/absolute"
	as $other test ! -L "$at/absolute.csv"
	as $other test ! -L "$at/chain.csv"
	# It is closed to the one with the link in the same way.
	chmod 640 "$src/scan_master.h5" "$src"/scan_data*
	sleep 1.1
	as $member cat "$at/data_000003.csv" >/dev/null
	run -1 as $other cat "$at/data_000003.csv"
}
