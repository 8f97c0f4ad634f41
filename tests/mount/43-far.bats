#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 43-far.bats - a source on which each read is a round trip: reads are few,
# large, and several at once
#
# The source is a mount of tests/make/far, which counts them.

bats_require_minimum_version 1.5.0
load mount

setup_file() {
	has_fuse || return 0
	export NEAR="$BATS_FILE_TMPDIR/near" FAR="$BATS_FILE_TMPDIR/far"
	export COUNTS="$BATS_FILE_TMPDIR/counts"
	mkdir -p "$NEAR" "$FAR"
	cp "$STORES/demo/calc_1.hdf5" "$NEAR"
	/usr/bin/python3 - "$NEAR" <<-EOT
	import sys, h5py, numpy as np
	rng = np.random.default_rng(5)
	with h5py.File(sys.argv[1] + '/calc_7.hdf5', 'w', libver='latest') as f:
	    f.attrs['date'] = 'today'
	    g = f.create_group('gmf_data')
	    g.attrs['__pdcolumns__'] = 'eid sid gmv_0 gmv_1'
	    for c in 'eid', 'sid', 'gmv_0', 'gmv_1':
	        g.create_dataset(c, (0,), 'u4' if c[1:] == 'id' else 'f4',
	                         chunks=(1024,), maxshape=(None,))
	    n = 600 * 1024
	    for i in range(0, n, 2048):
	        for c in g:
	            g[c].resize((i + 2048,))
	            g[c][i:] = rng.integers(0, 100, 2048)
	    # Two chunks a megabyte, so that none is worth reading the other's.
	    f.create_dataset('wide', data=rng.integers(0, 9, (16, 1 << 17)),
	                     dtype='u4', chunks=(1, 1 << 17), compression=1)
	    f.create_dataset('gzip', data=rng.integers(0, 1 << 30, 6 << 20),
	                     dtype='u4', chunks=(2048,), compression=1)
	    for k in range(40):
	        f.create_group(f'group_{k}').attrs['k'] = k
	# Metadata all over the file, between columns that grow in turns.
	with h5py.File(sys.argv[1] + '/calc_9.hdf5', 'w', libver='latest') as f:
	    g = f.create_group('gmf_data')
	    g.attrs['__pdcolumns__'] = 'eid sid gmv_0 gmv_1'
	    for c in 'eid', 'sid', 'gmv_0', 'gmv_1':
	        g.create_dataset(c, (0,), 'u4' if c[1:] == 'id' else 'f4',
	                         chunks=(1024,), maxshape=(None,))
	    for i in range(0, 1 << 20, 1 << 12):
	        for c in g:
	            g[c].resize((i + (1 << 12),))
	            g[c][i:] = rng.integers(0, 1000, 1 << 12)
	        if i % (1 << 15) == 0:
	            small = f.create_group(f'group_{i >> 15:02}')
	            for k in range(6):
	                small[f'x{k}'] = np.arange(100.0)
	# A group whose links' objects lie all over the file.
	with h5py.File(sys.argv[1] + '/many.hdf5', 'w', libver='latest') as f:
	    g = f.create_group('many')
	    for k in range(5000):
	        g[f'x{k}'] = np.arange(1000.) + k
	with h5py.File(sys.argv[1] + '/whole.hdf5', 'w', libver='latest') as f:
	    f['x'] = np.arange(100000)
	EOT
	head -c 600000 "$NEAR/whole.hdf5" >"$NEAR/calc_8.hdf5"
	rm "$NEAR/whole.hdf5"
	seq 200000 | tr 0-9 a-j >"$NEAR/text"
	# What is young is read again once it is not.
	until_settled "$NEAR/text"
	"${OQFS%/*}/tests/make/far" "$NEAR" "$FAR" 20 "$COUNTS" 3>&- &
	echo $! >"$BATS_FILE_TMPDIR/far.pid"
	await mountpoint -q "$FAR"
	mount_dir "$FAR"
}

# For ten seconds a file is young.
until_settled() {
	while [ $(($(date +%s) - $(stat -c %Z "$1"))) -lt 11 ]; do
		sleep 0.3
	done
}

teardown_file() {
	has_fuse || return 0
	unmount
	fusermount3 -u -z "$FAR"
	wait "$(cat "$BATS_FILE_TMPDIR/far.pid")" || true
}

# Each starts with a reader that knows nothing.
setup() {
	needs_fuse
	fusermount3 -u -z "$MNT" || true
	mount_here "$FAR"
	nreads
	before=$reads trips_before=$trips
}

# $reads: since the source was mounted; $at_once: how many were, at the most;
# $trips: how many were one after the other.
nreads() {
	read -r reads bytes at_once trips <"$COUNTS" || reads=0 trips=0
}

# At most so many reads in this test up to here.
at_most() {
	nreads
	echo "$((reads - before)) reads, at most $1 were expected"
	[ $((reads - before)) -le "$1" ]
}

# At most so many of them one after the other.
within() {
	nreads
	echo "$((trips - trips_before)) round trips, $1 were expected"
	[ $((trips - trips_before)) -le "$1" ]
}

# What is read here is what is read without the distance.
is_as_near() {
	cmp <(cat "$MNT/$1") <(/usr/bin/python3 - "$NEAR/$2.hdf5" "$3" "$4" <<-EOT
	import sys, h5py
	part = slice(*map(int, sys.argv[3].split(':'))) if sys.argv[3] else ...
	sys.stdout.buffer.write(h5py.File(sys.argv[1])[sys.argv[2]][part].tobytes())
	EOT
	)
}

@test "a datastore is listed within twelve round trips" {
	[ "$(ls -R "$MNT/calc_7" | wc -l)" -gt 50 ]
	at_most 12
}

@test "so is one whose metadata lie all over it" {
	[ "$(ls -R "$MNT/calc_9" | wc -l)" -gt 600 ]
	within 12
}

@test "a slice and a table's head of that take few round trips" {
	is_as_near 'calc_9/gmf_data/gmv_0[700000:700100].bin' calc_9 \
		   gmf_data/gmv_0 700000:700100
	within 14
	[ "$(head -n 1 "$MNT/calc_9/gmf_data.csv")" = eid,sid,gmv_0,gmv_1 ]
	within 20
}

@test "so is one of the engine's kind, with its sizes soon after" {
	ls -R "$MNT/calc_1"
	at_most 12
	ls -lR "$MNT/calc_1" >/dev/null
	at_most 24
}

@test "a column of six hundred small chunks comes with a dozen of reads" {
	is_as_near calc_7/gmf_data/gmv_0.bin calc_7 gmf_data/gmv_0
	at_most 40
}

@test "all columns of a frame come with the same reads" {
	[ "$(wc -l <"$MNT/calc_7/gmf_data.csv")" = $((600 * 1024 + 1)) ]
	at_most 26
	within 18
}

@test "many small chunks are fetched several at once" {
	is_as_near calc_7/gzip.bin calc_7 gzip
	at_most 50
	nreads
	[ "$at_once" -ge 4 ]
}

@test "chunks that are not worth joining are fetched by themselves" {
	is_as_near calc_7/wide.bin calc_7 wide
	at_most 34
}

@test "one name is found without all others of its group" {
	nreads
	local was=$bytes
	[ "$(tail -n 1 "$MNT/many.hdf5/many/x1234.csv")" = 2233.0 ]
	at_most 20
	[ "$(tail -n 1 "$MNT/many.hdf5/many/x2345[10:20].csv")" = 2364.0 ]
	at_most 30
	nreads
	# Of 43 MB.
	[ $((bytes - was)) -le $((14 << 20)) ]
}

@test "the head of a table of the engine's takes few reads" {
	[ "$(head -n 1 "$MNT/calc_1/gmf_data.csv")" = "sid,eid,PGA,SA(0.3)" ]
	at_most 4
}

@test "a slice takes few, without what is beside it" {
	[ "$(tail -n 1 "$MNT/calc_7/wide[7:8, 5:9].csv" | wc -l)" = 1 ]
	at_most 12
}

@test "a slice takes only what it needs" {
	nreads
	local was=$bytes
	[ "$(tail -n 1 "$MNT/calc_7/gzip[4194304:4194314].csv" | wc -l)" = 1 ]
	at_most 16
	nreads
	# A quarter of the file at the most.
	[ $((bytes - was)) -le $((9 << 20)) ]
}

@test "a file that passes through is read once, until somebody changes it" {
	local all=$(cksum <"$NEAR/text")
	[ "$(cksum <"$MNT/text")" = "$all" ]
	nreads
	before=$reads
	[ "$(cksum <"$MNT/text")" = "$all" ]
	at_most 0
	# Of the same length, and within the time for which names are kept.
	tr a-m A-M <"$NEAR/text" >"$NEAR/other"
	cat "$NEAR/other" >"$NEAR/text"
	all=$(cksum <"$NEAR/text")
	[ "$(cksum <"$MNT/text")" = "$all" ]
	# It is young: somebody may be at it, and times prove nothing.
	nreads
	before=$reads
	[ "$(cksum <"$MNT/text")" = "$all" ]
	nreads
	[ "$reads" -gt "$before" ]
}

@test "what was cut off is an error from far away, too" {
	run -1 cat "$MNT/calc_8/x.csv" >/dev/null
	[[ $output == *"Input/output error"* ]]
}
