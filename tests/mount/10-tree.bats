#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 10-tree.bats - the mounted tree has the shape it should

bats_require_minimum_version 1.5.0
load mount

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src"
	mkdir "$SRC"
	cp -a "$STORES/." "$SRC"
	cp "$STORES/good-links.hdf5" "$SRC/calc_42.hdf5"
	cp "$STORES/good-empty.hdf5" "$SRC/calc_7.hdf5"
	mkdir "$SRC/old" "$SRC/calc_7"
	cp "$STORES/good-table.hdf5" "$SRC/old/output.hdf5"
	echo text >"$SRC/notes"
	touch -d 2020-02-02T02:02:02Z "$SRC/calc_42.hdf5"
	chmod 640 "$SRC/calc_42.hdf5"
	mount_dir "$SRC"
}

teardown_file() { unmount; }

@test "a calculation is a directory without .hdf5, other HDF5 files keep it" {
	run ls -U "$MNT"
	[[ $output == *calc_42* && $output != *calc_42.hdf5* ]]
	[ -d "$MNT/calc_42" ]
	[ -d "$MNT/good-empty.hdf5" ]
	[ -d "$MNT/old/output.hdf5" ]
}

@test "a real directory keeps its name, the datastore then its own" {
	[ -z "$(ls -A "$MNT/calc_7")" ]
	[ -d "$MNT/calc_7.hdf5" ]
}

@test "the plain original opens by its name, though it is not listed" {
	cmp "$MNT/calc_42.hdf5" "$SRC/calc_42.hdf5"
}

@test "other files pass through" {
	cmp "$MNT/notes" "$SRC/notes"
	[ "$(stat -c '%s %a %Y' "$MNT/notes")" = \
	  "$(stat -c '%s' "$SRC/notes") 444 $(stat -c '%Y' "$SRC/notes")" ]
}

@test "latest is the calculation with the highest number" {
	[ "$(readlink "$MNT/latest")" = calc_42 ]
	[ -d "$MNT/latest/group" ]
}

@test "a calculation links to its parent" {
	[ "$(readlink "$MNT/demo/calc_2/parent")" = ../calc_1 ]
	[ ! -e "$MNT/demo/calc_1/parent" ]
}

@test "a dataset is a file for each view, a group a directory" {
	[ -f "$MNT/calc_42/group/data.bin" ]
	[ -f "$MNT/calc_42/group/data.csv" ]
	[ -f "$MNT/calc_42/group/data.npy" ]
	[ -d "$MNT/calc_42/group/inner" ]
	[ ! -e "$MNT/calc_42/group/data" ]
}

@test "what is not listed opens by name" {
	run ls "$MNT/calc_42/group"
	[[ $output != *json* ]]
	grep -q shape "$MNT/calc_42/group/data.meta.json"
	[ -s "$MNT/calc_42/group.meta.json" ]
	[ -s "$MNT/calc_42/.meta.json" ]
	[ ! -e "$MNT/calc_42/group/data.png" ]
}

@test "a committed type is its description" {
	grep -q "shared by two" "$MNT/calc_42/committed.meta.json"
}

@test "soft links are relative, one for each view" {
	[ "$(readlink "$MNT/calc_42/soft-data.csv")" = group/data.csv ]
	[ "$(readlink "$MNT/calc_42/group/soft-near.bin")" = data.bin ]
	[ "$(readlink "$MNT/calc_42/group/inner/soft-up.npy")" = \
	  ../../same-data.npy ]
	[ "$(readlink "$MNT/calc_42/soft-group")" = group ]
	cmp "$MNT/calc_42/soft-data.bin" "$MNT/calc_42/group/data.bin"
}

@test "links that lead nowhere are listed and dangle" {
	for l in soft-dangling soft-cycle-a ext-dangling user-defined \
		ext-absolute; do
		[ -L "$MNT/calc_42/$l" ]
		[ ! -e "$MNT/calc_42/$l" ]
	done
}

@test "an external link leads to the file in the same mount" {
	[ "$(readlink "$MNT/calc_42/ext-file")" = ../good-shapes.hdf5 ]
	[ "$(ls "$MNT/calc_42/ext-file/")" = "$(ls "$MNT/good-shapes.hdf5")" ]
}

@test "a group inside itself is a link up: the tree ends" {
	[ "$(readlink "$MNT/calc_42/group/inner/ancestor")" = .. ]
	[ "$(readlink "$MNT/calc_42/group/inner/top")" = ../.. ]
	run timeout $PATIENCE find "$MNT/calc_42" -type d
	[ "${#lines[@]}" -lt 10 ]
}

@test "times, owner and mode come from the datastore" {
	for f in "$MNT/calc_42/group/data.csv" "$MNT/calc_42/group"; do
		[ "$(stat -c '%Y %u %g' "$f")" = \
		  "$(stat -c '%Y %u %g' "$SRC/calc_42.hdf5")" ]
	done
	[ "$(stat -c %a "$MNT/calc_42/group/data.csv")" = 440 ]
	[ "$(stat -c %a "$MNT/calc_42/group")" = 550 ]
	[ "$(stat -c %a "$MNT/good-empty.hdf5")" = 555 ]
}

@test "sizes are exact, and blocks match" {
	for f in "$MNT"/good-shapes.hdf5/* "$MNT"/calc_42/group/*; do
		[ -f "$f" ] || continue
		size=$(stat -Lc %s "$f")
		[ "$size" = "$(cat "$f" | wc -c)" ]
		[ "$(stat -Lc %b "$f")" = $(((size + 511) / 512)) ]
	done
}

@test "what readdir says of numbers and types is what stat says" {
	run -0 python3 -c '
import os, stat, sys
os.chdir(sys.argv[1])
for top in ".", "calc_42", "calc_42/group", "good-names.hdf5", "demo/calc_2":
    for e in os.scandir(top):
        st = os.lstat(e.path)
        assert e.inode() == st.st_ino, e.path
        assert e.is_symlink() == stat.S_ISLNK(st.st_mode), e.path
        assert e.is_dir(follow_symlinks=False) == stat.S_ISDIR(st.st_mode)
' "$MNT"
}

@test "numbers are the same in the next mount, other after a change" {
	f=calc_42/group/data.bin
	before=$(stat -c %i "$MNT/$f")
	mkdir -p "$BATS_TEST_TMPDIR/again"
	"$OQFS" "$SRC" "$BATS_TEST_TMPDIR/again"
	[ "$before" = "$(stat -c %i "$BATS_TEST_TMPDIR/again/$f")" ]
	fusermount3 -u "$BATS_TEST_TMPDIR/again"
	touch "$SRC/calc_42.hdf5"
	sleep 1.1
	[ "$before" != "$(stat -c %i "$MNT/$f")" ]
	touch -d 2020-02-02T02:02:02Z "$SRC/calc_42.hdf5"
	sleep 1.1
}

@test "thousands of links are listed once each" {
	[ "$(ls -U "$MNT/good-many.hdf5/many" | sort -u | wc -l)" = 9000 ]
}

@test "what cannot be opened is listed, does not look empty, and fails" {
	ls "$MNT/bad-header.hdf5" | grep -qx dataset.bin
	[ "$(stat -c %a "$MNT/bad-header.hdf5/dataset.bin")" = 440 ]
	run ! cat "$MNT/bad-header.hdf5/dataset.bin"
	[[ $output == *"Input/output error"* ]]
	# Another request with the same error may be the one that writes it.
	await grep -q "bad-header.hdf5: /dataset: " "$LOG"
	[ "$(cat "$MNT/bad-header.hdf5/fine.csv" | wc -l)" = 4 ]
	run ! cat "$MNT/unsup-filter.hdf5/flipped.csv"
	await grep -q "unsup-filter.hdf5: /flipped: .*filter" "$LOG"
	# To /dev/null it would not read.
	run ! tar cf "$BATS_TEST_TMPDIR/t" "$MNT/bad-header.hdf5"
}

@test "slices open by name and are exact; wrong ones are not there" {
	d=$MNT/calc_42/group
	[ "$(tail -n +2 "$d/data[1:].csv" | paste -sd,)" = 2,3 ]
	[ "$(stat -c %s "$d/data[::2].bin")" = 8 ]
	[ "$(cat "$d/data[::2].bin" | wc -c)" = 8 ]
	[ ! -e "$d/data[nosuch].csv" ]
	[ ! -e "$d/data[1:.csv" ]
	[ "$(readlink "$MNT/calc_42/soft-data[0:2].csv")" = \
	  "group/data[0:2].csv" ]
}

@test "the mount can be of one file" {
	m=$BATS_TEST_TMPDIR/one
	mkdir "$m"
	"$OQFS" "$SRC/calc_42.hdf5" "$m"
	# But for the links to datasets of other files.
	[ "$(ls "$m" | grep -v ext-data)" = \
	  "$(ls "$MNT/calc_42" | grep -v ext-data)" ]
	[ -L "$m/ext-data" ]
	[ "$(readlink "$MNT/calc_42/ext-data.csv")" = \
	  ../good-shapes.hdf5/rank1.csv ]
	cmp "$m/group/data.csv" "$MNT/calc_42/group/data.csv"
	fusermount3 -u "$m"
}

@test "one file that is replaced shows its new content" {
	m=$BATS_TEST_TMPDIR/one f=$BATS_TEST_TMPDIR/f.h5
	mkdir "$m"
	cp "$STORES/good-links.hdf5" "$f"
	"$OQFS" "$f" "$m"
	[ -d "$m/group" ]
	cp "$STORES/good-shapes.hdf5" "$f.new"
	mv "$f.new" "$f"
	sleep 1.2
	[ ! -e "$m/group" ]
	[ -e "$m/rank1.csv" ]
	fusermount3 -u "$m"
}

@test "-o views chooses what is listed, and loses no object" {
	m=$BATS_TEST_TMPDIR/views
	mkdir "$m"
	"$OQFS" "$SRC" "$m" -o views=csv,meta
	run ls "$m/calc_42/group"
	[[ $output == *data.csv* && $output == *data.meta.json* ]]
	[[ $output != *data.bin* && $output != *data.npy* ]]
	fusermount3 -u "$m"
}

# A request is in hand until its reader's thread has let go of it, which may be
# after the answer.
is_idle() {
	grep -q "^$1: reader [0-9]*, 0 in hand" "$MNT/.oqfs/status"
}

@test ".oqfs/status tells of readers, and is not listed" {
	ls -l "$MNT/calc_42" >/dev/null
	await is_idle calc_42.hdf5
	run cat "$MNT/.oqfs/status"
	for word in readers: deaths: datastores: cache: listings: nodes:; do
		grep -q "^$word [0-9]" <<<"$output"
	done
	[ "$(stat -c %a "$MNT/.oqfs/status")" = 400 ]
	run ls -A "$MNT"
	[[ $output != *.oqfs* ]]
}

@test "the latest errors stand in .oqfs/status" {
	cp "$STORES/bad-root.hdf5" "$SRC"
	run ! ls "$MNT/bad-root.hdf5"
	grep -Eq "^[0-9-]{10} [0-9:]{8} bad-root.hdf5: " "$MNT/.oqfs/status"
	rm "$SRC/bad-root.hdf5"
}

@test "SIGUSR1 has the status logged, and the mount goes on" {
	kill -USR1 "$(<"$BATS_FILE_TMPDIR/pid")"
	await grep -q "status: nodes: [0-9]" "$LOG"
	grep -q "status: readers: [0-9]" "$LOG"
	mountpoint -q "$MNT"
}
