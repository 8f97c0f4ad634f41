#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 33-exportparquet.bats - exports as Parquet, to readers of others
#
#	1           motions, out of order, in more than two row groups
#	2 -> 99     motions, and a parent that is not there

bats_require_minimum_version 1.5.0
load mount

setup_file() {
	export PYTHON=/usr/bin/python3 SRC="$BATS_FILE_TMPDIR/src"
	export HDF5_USE_FILE_LOCKING=FALSE
	$PYTHON -c 'import h5py, numpy' || skip "no python3-h5py"
	mkdir "$SRC"
	$PYTHON -I - "$SRC" <<-'END'
	import json, sys, h5py, numpy as np
	rnd = np.random.default_rng(1)
	def calc(number, n, parent=None):
	    with h5py.File('%s/calc_%d.hdf5' % (sys.argv[1], number), 'w') as f:
	        f.attrs['engine_version'] = '3.21.0'
	        f.attrs['date'] = '2026-01-02T03:04:05'
	        f.attrs['checksum32'] = 123456
	        f['oqparam'] = json.dumps(dict(
	            calculation_mode='event_based', hazard_imtls={'PGA': [.1]},
	            investigation_time=1., inputs={},
	            hazard_calculation_id=parent))
	        if not parent:
	            g = f.create_group('sitecol')
	            g.attrs['__pdcolumns__'] = 'sids lon lat depth'
	            g['sids'] = np.arange(100, dtype='u4')
	            for name in 'lon', 'lat', 'depth':
	                g[name] = np.arange(100.)
	        g = f.create_group('gmf_data')
	        g.attrs['__pdcolumns__'] = 'sid eid gmv_0'
	        eid = rnd.permutation(n // 100)
	        for name, data in (('sid', np.tile(np.arange(100), n // 100)),
	                           ('eid', np.repeat(eid, 100))):
	            g.create_dataset(name, data=data.astype('u4'),
	                             chunks=(1024,), compression=1)
	        g['gmv_0'] = rnd.random(n, 'f4')
	calc(1, 300000)
	calc(2, 2000, 99)
	END
	mount_dir "$SRC"
}

teardown_file() { unmount; }

teardown() { unmount_too; }

check() {
	run "$PYTHON" -I tests/oracle/exportcells.py "$@"
	echo "$output"
	sed 's/^/# /' <<<"$output" >&3
	[ "$status" -eq 0 ]
}

@test "it opens by name, and is not listed" {
	needs_fuse
	[[ $(ls "$MNT/calc_1/export") != *parquet* ]]
	[ -f "$MNT/calc_1/export/gmf-data_1.parquet" ]
	[ ! -e "$MNT/calc_1/export/gmf-data_1[0:3].parquet" ]
	[ ! -e "$MNT/calc_2/export/gmf-data_2.parquet" ]
	[ ! -e "$MNT/calc_1/export/nothing_1.parquet" ]
}

@test "the size is exact, any range is that of the whole" {
	needs_fuse
	f="$MNT/calc_1/export/gmf-data_1.parquet"
	size=$(stat -c %s "$f")
	cat "$f" >"$BATS_TEST_TMPDIR/whole"
	[ "$(stat -c %s "$BATS_TEST_TMPDIR/whole")" = "$size" ]
	pids=()
	for _ in 1 2 3 4; do
		cmp "$f" "$BATS_TEST_TMPDIR/whole" 3>&- &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do
		wait "$pid"
	done
	ranges_are_of "$f" "$BATS_TEST_TMPDIR/whole"
}

@test "hyparquet: the values are those of h5py, and what the csv rounds" {
	needs_readers
	check "$MNT" "$SRC/calc_1.hdf5" 1
}

@test "hyparquet: so are those of calculations of the engine" {
	needs_readers
	OQDATA="${OQDATA:-../shared/data/oqdata}"
	[ -d "$OQDATA/files/3.25" ] || skip "no $OQDATA"
	mount_too "$OQDATA/files/3.25"
	check "$TOO"
}

@test "DuckDB: types, order, sums, and the comment" {
	needs_readers
	cd "$MNT/calc_1/export"
	run -0 node "$OLDPWD/tests/oracle/duck.mjs" "$MODULES" \
		"select typeof(event_id), typeof(gmv_PGA)
		 from 'gmf-data_1.parquet' limit 1" \
		"select count(*), sum(event_id), max(gmv_PGA)
		 from 'gmf-data_1.parquet'" \
		"select count(*) from (select event_id, lag(event_id) over ()
		 as last from 'gmf-data_1.parquet') where event_id < last" \
		"select decode(value) like '%checksum=123456%'
		 from parquet_kv_metadata('gmf-data_1.parquet')" \
		"select count(*) from read_csv('gmf-data_1.csv', skip = 1) c
		 positional join 'gmf-data_1.parquet' p
		 where c.event_id <> p.event_id
		 or abs(c.gmv_PGA - p.gmv_PGA) > 6e-6 * p.gmv_PGA"
	cd "$OLDPWD"
	echo "$output"
	want=$($PYTHON -c 'import h5py, json, sys
g = h5py.File(sys.argv[1])["gmf_data"]
print(json.dumps([["300000", str(g["eid"][...].astype("i8").sum()),
    float(g["gmv_0"][...].max())]], separators=(",", ":")))' \
		"$SRC/calc_1.hdf5")
	[ "${lines[0]}" = '[["UINTEGER","FLOAT"]]' ]
	[ "${lines[1]}" = "$want" ]
	[ "${lines[2]}" = '[["0"]]' ]
	[ "${lines[3]}" = '[[true]]' ]
	[ "${lines[4]}" = '[["0"]]' ]
}
