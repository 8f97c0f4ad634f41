#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 40-parallel.bats - many at once, of many datastores, with few readers

bats_require_minimum_version 1.5.0
load mount

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src"
	mkdir "$SRC"
	for i in $(seq 12); do
		cp "$STORES/good-layouts-latest.hdf5" "$SRC/$i.hdf5"
		cp "$STORES/good-table.hdf5" "$SRC/calc_$i.hdf5"
	done
	mount_dir "$SRC" -o readers=3
	# What one at a time says.
	(cd "$MNT/1.hdf5" && sums) >"$BATS_FILE_TMPDIR/layouts"
	(cd "$MNT/calc_1" && sums) >"$BATS_FILE_TMPDIR/table"
	[ -s "$BATS_FILE_TMPDIR/layouts" ] && [ -s "$BATS_FILE_TMPDIR/table" ]
}

teardown_file() { unmount; }

sums() {
	find . -type f -size -4M | sort | xargs sha256sum
}
export -f sums

@test "twenty-four datastores at once with three readers" {
	for i in $(seq 12); do
		(cd "$MNT/$i.hdf5" && sums | cmp - "$BATS_FILE_TMPDIR/layouts") &
		pids+=($!)
		(cd "$MNT/calc_$i" && sums | cmp - "$BATS_FILE_TMPDIR/table") &
		pids+=($!)
	done
	for p in "${pids[@]}"; do wait "$p"; done
	run ! grep -E "died|sign of life|nonsense" "$LOG"
}

@test "one datastore by twelve at once" {
	for i in $(seq 12); do
		(cd "$MNT/12.hdf5" && sums | cmp - "$BATS_FILE_TMPDIR/layouts") &
		pids+=($!)
	done
	for p in "${pids[@]}"; do wait "$p"; done
}

@test "no more readers run than may" {
	local running
	running=$(pgrep -c -P "$(<"$BATS_FILE_TMPDIR/pid")" || true)
	# Three, one that is ending, and one that starts the others.
	[ "$running" -le 5 ]
}

@test "find, ls -lR and tar at once" {
	ls -lR "$MNT" >/dev/null & a=$!
	find "$MNT" -newer / >/dev/null & b=$!
	tar -C "$MNT" -cf - 3.hdf5 calc_3 | tar -tf - >"$BATS_TEST_TMPDIR/t" &
	c=$!
	wait $a
	wait $b
	wait $c
	[ "$(grep -c 'bin$' "$BATS_TEST_TMPDIR/t")" -gt 2 ]
}

@test "who opens many files that pass through leaves descriptors for others" {
	local src="$BATS_TEST_TMPDIR/src" n
	mkdir "$src"
	cp "$STORES/good-table.hdf5" "$src"
	echo plain >"$src/plain.txt"
	cat >"$BATS_TEST_TMPDIR/oqfs" <<-END
		#!/bin/sh
		ulimit -n 1024
		exec "$OQFS" "\$@"
	END
	chmod +x "$BATS_TEST_TMPDIR/oqfs"
	OQFS="$BATS_TEST_TMPDIR/oqfs" AS=few mount_dir "$src"
	ulimit -n 2048 || skip "no more descriptors"
	run /usr/bin/python3 -I - <<-END
		import os, subprocess
		fds = []
		try:
		    while len(fds) < 1400:
		        fds.append(os.open('$MNT/plain.txt', os.O_RDONLY))
		except OSError:
		    pass
		print(len(fds), 'were open')
		assert 500 < len(fds) < 600
		subprocess.run('ls "$MNT" && ls "$MNT/good-table.hdf5" &&'
		               'cat "$MNT"/good-table.hdf5/*.bin >/dev/null',
		               shell=True, check=True)
	END
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(cat "$MNT/plain.txt")" = plain ]
}

@test "with few descriptors there are fewer readers, and all datastores" {
	local src="$BATS_TEST_TMPDIR/src" n
	mkdir "$src"
	for n in $(seq 12); do
		cp "$STORES/good-table.hdf5" "$src/calc_$n.hdf5"
	done
	cat >"$BATS_TEST_TMPDIR/oqfs" <<-END
		#!/bin/sh
		ulimit -n 40
		exec "$OQFS" "\$@"
	END
	chmod +x "$BATS_TEST_TMPDIR/oqfs"
	OQFS="$BATS_TEST_TMPDIR/oqfs" AS=forty mount_dir "$src"
	for n in $(seq 12) 1; do
		[ "$(head -c 400 "$MNT/calc_$n/table.bin" | wc -c)" = 400 ]
	done
	grep -q '^readers: . of [1-7] running' "$MNT/.oqfs/status"
	! grep -q 'Too many open files' "$LOG"
}

@test "who opens a long directory many times leaves memory for others" {
	local src="$BATS_TEST_TMPDIR/src"
	mkdir "$src" "$src/long"
	cp "$STORES/good-table.hdf5" "$src"
	(cd "$src/long" && seq -f "%0250.0f" 4096 | xargs touch)
	AS=long mount_dir "$src"
	run /usr/bin/python3 -I - <<-END
		import errno, os
		fds = []
		try:
		    while len(fds) < 500:
		        fds.append(os.open('$MNT/long', os.O_RDONLY))
		except OSError as e:
		    assert e.errno == errno.ENFILE, e
		print(len(fds), 'were open')
		assert 200 < len(fds) < 300
		assert os.listdir('$MNT/good-table.hdf5')
		os.close(fds.pop())
		os.close(fds.pop())
		assert len(os.listdir('$MNT/long')) == 4096
	END
	echo "$output"
	[ "$status" -eq 0 ]
}
