#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 61-live.bats - calculations that are being written, or never were finished

bats_require_minimum_version 1.5.0
load mount

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src" PYTHON=/usr/bin/python3
	mkdir "$SRC"
	cp "$STORES"/good-killed*.hdf5 "$STORES"/good-table.hdf5 \
		"$STORES"/bad-truncated.hdf5 "$SRC"
	mount_dir "$SRC"
}

teardown_file() { unmount; }

needs_h5py() {
	$PYTHON -c 'import h5py' 2>/dev/null || skip "no python3-h5py"
}

# A writer with its locks on and ten readers of its rows, for a few seconds; or
# for LIVE=600 of them.
no_row_is_torn() {
	needs_h5py
	run timeout $((${LIVE:=5} + 2 * PATIENCE)) $PYTHON -I tests/oracle/live.py \
		"$SRC" "$MNT" "$1" "$LIVE"
	echo "$output"
	sed 's/^/# /' <<<"$output" >&3
	[ "$status" -eq 0 ]
}

@test "a SWMR writer: no row is torn, the writer is not disturbed" {
	no_row_is_torn swmr
}

@test "a writer of the latest format without SWMR" {
	no_row_is_torn latest
}

@test "a writer of the earliest format" {
	no_row_is_torn earliest
}

@test "a writer that opens r+ for each batch" {
	no_row_is_torn r+
}

writer_notices_nothing() {
	needs_h5py
	mkdir "$SRC/$1"
	run timeout $PATIENCE $PYTHON -I tests/oracle/writer.py "$SRC/$1" "$MNT/$1" \
		"$1"
	echo "$output"
	sed 's/^/# /' <<<"$output" >&3
	[ "$status" -eq 0 ]
}

@test "all that an engine does to a datastore is as if nobody looked" {
	writer_notices_nothing latest
}

@test "the same with the earliest format" {
	writer_notices_nothing earliest
}

@test "elements are not shown as never written while they may be on their way" {
	needs_h5py
	run $PYTHON -I tests/oracle/lag.py "$SRC" "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "what a killed writer left reads without h5clear" {
	for f in good-killed good-killed-swmr; do
		run timeout $PATIENCE find "$MNT/$f.hdf5" -name '*.bin'
		[ "${#lines[@]}" -gt 0 ]
		for v in "${lines[@]}"; do
			[ "$(wc -c <"$v")" -eq "$(stat -c %s "$v")" ]
			[ "$(head -c 64 "$v" | tr -d '\0' | wc -c)" -gt 0 ]
		done
	done
}

@test "a truncated file reads up to the cut, beyond it is EIO, never zeros" {
	needs_h5py
	run timeout $PATIENCE $PYTHON -I - "$SRC/cut.hdf5" "$MNT/cut.hdf5" <<-'END'
		import errno, os, sys, time
		import h5py, numpy as np
		path, mnt = sys.argv[1:]
		right = np.arange(1, 500001, dtype='<i8')
		with h5py.File(path, 'w') as f:
		    f['early'] = right[:1000]
		    f['x'] = right
		    at = f['x'].id.get_offset()
		os.truncate(path, at + 8 * 300000 + 3)
		b = open(mnt + '/early.bin', 'rb').read()
		assert b == right[:1000].tobytes()
		fd = os.open(mnt + '/x.bin', os.O_RDONLY)
		assert os.fstat(fd).st_size == 4000000
		good = 0
		for i in range(0, 4000000, 4096):
		    try:
		        b = os.pread(fd, 4096, i)
		    except OSError as e:
		        assert e.errno == errno.EIO, e
		        assert i + 4096 > 8 * 300000, i
		        continue
		    assert b == right.tobytes()[i:i + 4096], i
		    good += 1
		assert good >= 500, good
		state = os.getxattr(mnt, 'user.oqfs.state')
		assert state == b'broken', state
	END
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "user.oqfs.state says complete, live or broken" {
	needs_h5py
	state() { getfattr --only-values -n user.oqfs.state "$MNT/$1"; }
	[ "$(state good-table.hdf5)" = complete ]
	[ "$(state bad-truncated.hdf5)" = broken ]
	touch -d '2 days ago' "$SRC/good-killed.hdf5"
	[ "$(state good-killed.hdf5)" = broken ]
	run timeout $PATIENCE $PYTHON -I - "$SRC/calc_9.hdf5" "$MNT/calc_9" <<-'END'
		import os, sys, time
		import h5py
		f = h5py.File(sys.argv[1], 'w', libver='latest')
		d = f.create_dataset('x', (1,), 'i8', maxshape=(None,), chunks=(8,))
		f.swmr_mode = True
		assert os.getxattr(sys.argv[2], 'user.oqfs.state') == b'live'
		f.close()
		for _ in range(100):
		    if os.getxattr(sys.argv[2], 'user.oqfs.state') == b'complete':
		        sys.exit(0)
		    time.sleep(0.1)
		sys.exit('still live')
	END
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "a dataset that grows by SWMR grows in the mount within a second" {
	needs_h5py
	run timeout $PATIENCE $PYTHON -I - "$SRC/calc_8.hdf5" "$MNT/calc_8" <<-'END'
		import os, sys, time
		import h5py, numpy as np
		f = h5py.File(sys.argv[1], 'w', libver='latest')
		d = f.create_dataset('x', (0,), '<i8', maxshape=(None,),
		                     chunks=(100,))
		f.swmr_mode = True
		p = sys.argv[2] + '/x.bin'
		held, slowest = None, 0
		for n in range(1000, 6000, 1000):
		    d.resize(n, 0)
		    d[:] = np.arange(n)
		    d.flush()
		    began, looks = time.time(), 0
		    while os.stat(p).st_size != 8 * n:
		        # A busy machine is slow, but each look is the mount's.
		        looks += 1
		        assert time.time() - began < 6 or looks < 300
		        time.sleep(0.02)
		    slowest = max(slowest, time.time() - began)
		    assert open(p, 'rb').read() == np.arange(n, dtype='<i8').tobytes()
		    held = held or open(p, 'rb', buffering=0)
		held.seek(0)
		b = held.read(8000)
		assert b == np.arange(1000, dtype='<i8').tobytes()
		print('# it took up to %.1f s' % slowest)
	END
	echo "$output"
	grep '^#' <<<"$output" >&3
	[ "$status" -eq 0 ]
}
