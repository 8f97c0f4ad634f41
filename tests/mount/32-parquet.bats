#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 32-parquet.bats - tables are Parquet to readers of others
#
# hyparquet and DuckDB, both from npm: see contrib/setup; and pyarrow, where
# $PYARROW is a Python that has it.

bats_require_minimum_version 1.5.0
load mount

setup_file() {
	export PYTHON=/usr/bin/python3 SRC="$BATS_FILE_TMPDIR/src"
	export HDF5_USE_FILE_LOCKING=FALSE
	$PYTHON -c 'import h5py, numpy' || skip "no python3-h5py"
	mkdir "$SRC"
	$PYTHON -I tests/oracle/columns.py make "$SRC"
	$PYTHON -I - "$SRC" <<-'END'
	import sys, h5py, numpy as np
	with h5py.File(sys.argv[1] + '/sparse.hdf5', 'w') as f:
	    g = f.create_group('gmf_data')
	    g.attrs['__pdcolumns__'] = 'eid gmv'
	    n = 10 ** 10
	    for name, kind in ('eid', 'u4'), ('gmv', 'f4'):
	        g.create_dataset(name, (n,), kind, chunks=(1 << 20,),
	                         compression=1)
	    g['eid'][-5:] = range(5)
	    d = f.create_dataset('curves', (10 ** 8, 100), 'f4',
	                         chunks=(10 ** 4, 100), compression=1)
	    d[-1] = range(100)
	    d.attrs['json'] = '''{"shape_descr": ["site_id", "imt"],
	        "site_id": 100000000, "imt": %s}''' % str(
	            ['I%d' % i for i in range(100)]).replace("'", '"')
	    f.create_dataset('pair', (10 ** 10,), [('a', '<i4'), ('b', '<f8')],
	                     chunks=(1 << 16,), compression=1)
	END
	mount_dir "$SRC"
}

teardown_file() { unmount; }

teardown() { unmount_too; }

# What an expression is of the file 'f'.
truth() {
	$PYTHON -c 'import json, sys, h5py
f = h5py.File(sys.argv[1])
print(eval(sys.argv[2]))' "$SRC/tables.hdf5" "$1"
}

# What DuckDB answers to each query, a line each.
duck() {
	cd "$MNT"
	run node "$OLDPWD/tests/oracle/duck.mjs" "$MODULES" "$@"
	cd "$OLDPWD"
	printf '# %s\n' "${lines[@]}" >&3
	[ "$status" -eq 0 ]
}

@test "every kind of column, slice, list and text is what h5py reads" {
	needs_readers
	run "$PYTHON" -I tests/oracle/columns.py check "$SRC" "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
	sed 's/^/# /' <<<"$output" >&3
}

@test "DuckDB: frames, compounds, labelled arrays, slices, attributes" {
	needs_readers
	duck "select count(*), sum(sid) from 'tables.hdf5/gmf_data.parquet'" \
	     "select typeof(id), typeof(mag), typeof(ok), typeof(color),
	         typeof(text), typeof(raw), typeof(\"at.lon\")
	         from 'tables.hdf5/events.parquet' limit 1" \
	     "select count(*), count(distinct imt), max(site_id)
	         from 'tables.hdf5/hcurves.parquet' where stat = 'mean'" \
	     "select min(site_id), max(site_id)
	         from 'tables.hdf5/hcurves[10:20].parquet'" \
	     "select decode(value) like '%\"imts\": \"PGA\"%' from
	         parquet_kv_metadata('tables.hdf5/gmf_data.parquet')" \
	     "select sum(len(lists)) from 'tables.hdf5/lists.parquet'"
	want=$(truth '"%d" % f["gmf_data/sid"][...].sum()')
	[ "${lines[0]}" = "[[\"300000\",\"$want\"]]" ]
	[ "${lines[1]}" = '[["BIGINT","FLOAT","BOOLEAN","VARCHAR","VARCHAR","BLOB","FLOAT"]]' ]
	[ "${lines[2]}" = '[["1050","3",69]]' ]
	[ "${lines[3]}" = '[[10,19]]' ]
	[ "${lines[4]}" = '[[true]]' ]
	[ "${lines[5]}" = '[["80000"]]' ]
}

@test "row groups say which integers they have" {
	needs_readers
	duck "select row_group_id, stats_min_value, stats_max_value from
	         parquet_metadata('tables.hdf5/gmf_data.parquet')
	         where path_in_schema = 'eid' order by 1" \
	     "select count(*), sum(stats_max_value::int - stats_min_value::int)
	         from parquet_metadata('tables.hdf5/rows131073.parquet')" \
	     "select stats_min_value, stats_max_value from
	         parquet_metadata('tables.hdf5/hcurves[:,0,0,::-2].parquet')
	         where path_in_schema = 'lvl'"
	want=$(truth 'json.dumps([["%d" % x for x in (i, g.min(), g.max())]
	    for e in [f["gmf_data/eid"][...]]
	    for i, g in enumerate((e[:131072], e[131072:262144], e[262144:]))],
	    separators=(",", ":"))')
	[ "${lines[0]}" = "$want" ]
	[ "${lines[1]}" = '[["2","131071"]]' ]
	[ "${lines[2]}" = '[["0","4"]]' ]
}

@test "selections by integers of any width, sign and order" {
	needs_readers
	local query want queries=() wanted=()
	while IFS=$'\t' read -r query want; do
		queries+=("$query")
		wanted+=("$want")
	done < <("$PYTHON" -I tests/oracle/columns.py queries "$SRC")
	[ "${#queries[@]}" -eq 60 ]
	duck "${queries[@]}" >/dev/null
	diff <(printf '%s\n' "${lines[@]}") <(printf '%s\n' "${wanted[@]}")
}

@test "Arrow: all of it is valid, and statistics are of what is there" {
	needs_fuse
	"${PYARROW:-$PYTHON}" -c 'import pyarrow' 2>/dev/null ||
		skip "no python3-pyarrow"
	run "${PYARROW:-$PYTHON}" tests/oracle/arrow.py "$MNT/tables.hdf5"
	echo "$output"
	[ "$status" -eq 0 ]
	sed 's/^/# /' <<<"$output" >&3
}

@test "listed where it suits, or where it is asked for" {
	run -0 ls "$MNT/tables.hdf5"
	for f in gmf_data events names; do
		[[ $output == *"$f.parquet"* ]]
	done
	for f in hcurves plain matrix z longs long; do
		[[ $output != *"$f.parquet"* ]]
	done
	[ -f "$MNT/tables.hdf5/hcurves.parquet" ]
	mount_too "$SRC" -o views=parquet:npy
	run -0 ls "$TOO/tables.hdf5"
	[[ $output == *hcurves.parquet* && $output == *events.parquet* &&
		$output == *matrix.npy* && $output != *events.csv* ]]
	fusermount3 -u "$TOO"
	"$OQFS" "$SRC" "$TOO" -o views=csv 3>&-
	run -0 ls "$TOO/tables.hdf5"
	[[ $output == *events.csv* && $output != *.parquet* ]]
	[ -f "$TOO/tables.hdf5/events.parquet" ]
}

@test "what Parquet cannot hold is refused by name, and --check says why" {
	local why="Parquet has no floats with 15 bits of exponent and 64 of "
	why+="mantissa"
	run -1 cat "$MNT/tables.hdf5/long.parquet"
	[[ $output == *"not supported"* ]]
	run -1 cat "$MNT/tables.hdf5/longs.parquet"
	[ -f "$MNT/tables.hdf5/longs[a].parquet" ]
	run -0 "$OQFS" --check --json "$SRC/tables.hdf5"
	[ "$(jq -c '.datastores[0].no_parquet | map(.object) | sort' \
		<<<"$output")" = '["/long","/longs"]' ]
	[ "$(jq -r '.datastores[0].no_parquet | sort_by(.object)[].reason' \
		<<<"$output")" = "$why
b: $why" ]
}

@test "a query over all calculations, as in the recipe" {
	needs_readers
	mount_too "$STORES/demo"
	MNT=$TOO duck "$(grep -v '^--' contrib/recipes/calcs.sql)" \
		"select count(distinct id), max(g.PGA::float) from
		 'calc_1/events.csv' e join 'calc_1/gmf_data.csv' g
		 on g.eid = e.id"
	[[ ${lines[0]} == '[["calc_1",'* ]]
	[ "${lines[0]//'"calc_1",'/}" = "${lines[1]}" ]
}

@test "10^10 rows: the size at once, any part soon, in bounded memory" {
	needs_readers
	start=$(date +%s%N)
	size=$(stat -c %s "$MNT/sparse.hdf5/gmf_data.parquet")
	[ "$size" -gt 80000000000 ]
	[ "$size" -lt 80100000000 ]
	stat "$MNT/sparse.hdf5/pair.parquet" "$MNT/sparse.hdf5/curves.parquet"
	ms=$((($(date +%s%N) - start) / 1000000))
	echo "# $ms ms" >&3
	[ "$ms" -lt 2000 ]
	duck "select count(*) from 'sparse.hdf5/gmf_data.parquet'" \
	     "select eid from 'sparse.hdf5/gmf_data[-5:].parquet'" \
	     "select * from 'sparse.hdf5/curves.parquet'
	         where site_id = 99999999 and imt in ('I7', 'I99')" \
	     "select a, b from 'sparse.hdf5/pair.parquet' limit 2"
	[ "${lines[0]}" = '[["10000000000"]]' ]
	[ "${lines[1]}" = '[[0],[1],[2],[3],[4]]' ]
	[ "${lines[2]}" = '[[99999999,"I7",7],[99999999,"I99",99]]' ]
	[ "${lines[3]}" = '[[0,0],[0,0]]' ]
	for pid in $(sed -n 's/.*: reader \([0-9]*\),.*/\1/p' \
		"$MNT/.oqfs/status"); do
		kb=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status")
		echo "# reader $pid: $kb kB" >&3
		[ "$kb" -lt 500000 ]
	done
}

@test "a footer whose statistics take long tells in the log that they go on" {
	AS=told mount_dir "$SRC" -d
	tail -c 2000 "$MNT/tables.hdf5/gmf_data.parquet" >/dev/null
	grep -E 'tables.hdf5: gmf_data: [1-9][0-9]* of [0-9]+ rows measured$' \
		"$LOG"
}
