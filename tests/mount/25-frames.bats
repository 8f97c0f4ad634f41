#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 25-frames.bats - data frames are joined, large tables are in parts

load mount

setup_file() {
	export PYTHON=/usr/bin/python3 SRC="$BATS_FILE_TMPDIR/src"
	export DATA="${OQDATA:-../shared/data/oqdata}"
	export HDF5_USE_FILE_LOCKING=FALSE
	$PYTHON -c 'import h5py, numpy' || skip "no python3-h5py"
	mkdir "$SRC"
	$PYTHON -I tests/oracle/frames.py make "$SRC"
	mount_dir "$SRC"
}

teardown_file() { unmount; }

# A second mount beside that of the file, for one test.
teardown() { unmount_too; }

holds() {
	run "$PYTHON" -I tests/oracle/frames.py "$@"
	echo "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"$output" >&3
}

@test "frames: columns in their order, common rows, slices, none where none" {
	run "$PYTHON" -I tests/oracle/frames.py made "$MNT/frames.hdf5"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "the engine's frames are their columns, cell by cell" {
	[ -d "$DATA/files" ] || skip "no datastores of the engine in $DATA"
	mount_too "$DATA/files"
	holds check "$TOO" "$DATA"
}

@test "ls -l of the directory of a 20 GB data frame takes no time" {
	start=$(date +%s%N)
	run ls -l "$MNT/sparse.hdf5"
	ms=$((($(date +%s%N) - start) / 1000000))
	echo "# $ms ms" >&3
	[[ ${lines[*]} == *" 21474836672 "*gmf_data.npy* ]]
	[ "$ms" -lt 1000 ]
	[ -d "$MNT/sparse.hdf5/gmf_data.csv" ]
}

@test "a part of it, and its end, are soon there" {
	cd "$MNT/sparse.hdf5"
	[ "$(ls gmf_data.csv | wc -l)" -eq 512 ]
	[ "$(ls gmf_data.csv | tail -n 1)" = 001071644672-001073741823.csv ]
	run head -n 2 gmf_data.csv/000000000000-000002097151.csv
	[ "$output" = $'eid,sid,PGA,SA(0.3),SA(1.0)\n0,0,0.0,0.0,0.0' ]
	[ "$(tail -n 1 gmf_data.csv/001071644672-001073741823.csv)" = \
		999,0,0.0,0.0,0.0 ]
	[ "$(cat 'gmf_data[-2:,eid].csv')" = $'eid\n998\n999' ]
}

@test "parts are at most 64 MiB, have the header each, and make up the whole" {
	mount_too "$SRC" -o csv_split=0
	[ -f "$TOO/large.hdf5/wide.csv" ]
	# 67 to 190 MB each: in one file unless told otherwise.
	[ -f "$MNT/large.hdf5/wide.csv" ]
	WHOLE=$TOO
	mkdir "$BATS_TEST_TMPDIR/split"
	"$OQFS" "$SRC" "$BATS_TEST_TMPDIR/split" -o csv_split=1M 3>&-
	run "$PYTHON" -I tests/oracle/frames.py parts \
		"$BATS_TEST_TMPDIR/split/large.hdf5" "$WHOLE/large.hdf5"
	fusermount3 -u -z "$BATS_TEST_TMPDIR/split"
	echo "$output"
	sed "s/^/# /" <<<"$output" >&3
	[ "$status" -eq 0 ]
}

@test "a large dataset's other views, and slices of it, are files" {
	[ "$(stat -c %s "$MNT/tera.hdf5/tera.bin")" -eq 2199023255552 ]
	[ "$(cat "$MNT/tera.hdf5/tera[-3:].csv")" = $'tera\n1.5\n-2.5\nnan' ]
	[ ! -e "$MNT/tera.hdf5/tera.csv/000000000000.csv" ]
	[ ! -e "$MNT/tera.hdf5/tera.csv/000000000001-000000000002.csv" ]
}

@test "an array in a group with its labels is a table with those" {
	$PYTHON - "$SRC/wrapped.hdf5" <<-END
	import sys, h5py, numpy as np
	with h5py.File(sys.argv[1], 'w', libver='latest') as f:
	    g = f.create_group('mean_rates_by_src')
	    g['array'] = np.arange(12.).reshape(1, 2, 3, 2)
	    g['plain'] = g['array']
	    for k, v in dict(shape_descr=['site_id', 'imt', 'lvl', 'src_id'],
	                     imt=['PGA', 'SA(0.1)'], src_id=['a;0', 'b'],
	                     extra=['value']).items():
	        g.create_dataset(k, data=v, dtype=h5py.string_dtype())
	    g['site_id'], g['lvl'] = 1, 3
	END
	cd "$MNT/wrapped.hdf5/mean_rates_by_src"
	[ "$(stat -c %s array.csv)" -eq "$(wc -c <array.csv)" ]
	[ "$(sed -n '1p;8p' array.csv)" = \
		$'site_id,imt,lvl,src_id,value\n0,SA(0.1),0,a;0,6.0' ]
	[ "$(cat 'array[imt=PGA,src_id=b].csv')" = \
		$'site_id,lvl,value\n0,0,1.0\n0,1,3.0\n0,2,5.0' ]
	# Under another name it is an array like any other.
	[ "$(head -n 1 plain.csv)" = d0,d1,d2,d3,value ]
	cd /
}
