#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 23-slices.bats - slices in file names are NumPy's

load mount

setup_file() {
	export PYTHON=/usr/bin/python3 SRC="$BATS_FILE_TMPDIR/src"
	export HDF5_USE_FILE_LOCKING=FALSE
	$PYTHON -c 'import h5py, numpy' || skip "no python3-h5py"
	mkdir "$SRC"
	$PYTHON -I tests/oracle/slices.py make "$SRC/random.hdf5" 1
	$PYTHON -I - "$SRC/huge.hdf5" <<-'END'
	import sys, h5py
	f = h5py.File(sys.argv[1], 'w')
	f.create_dataset('x', (1 << 38,), 'f8', chunks=(1 << 20,))
	f.create_dataset('m', (1 << 32, 3, 4), 'u1', chunks=(1 << 20, 3, 4))
	d = f.create_dataset('hcurves-stats', (7, 2, 3, 4), 'f4')
	d[...] = [[[[s + .1 * t + .01 * i + .001 * l for l in range(4)]
	    for i in range(3)] for t in range(2)] for s in range(7)]
	d.attrs['json'] = '''{"shape_descr": ["site_id", "stat", "imt", "lvl"],
	    "site_id": 7, "stat": ["mean", "quantile-0.15"],
	    "imt": ["PGA", "SA(0.3)", "a,b"], "lvl": [0.1, 0.2, 0.3, 0.4]}'''
	END
	$PYTHON -I - "$SRC" <<-'END'
	import sys, h5py, numpy as np
	text = h5py.string_dtype()
	a = np.zeros(1000, [('id', text), ('num_sites', '<u4'), ('wkt', text),
	                    ('weight', '>f8')])
	a['id'], a['wkt'] = ['source %d' % i for i in range(1000)], 'POINT'
	a['num_sites'], a['weight'] = np.arange(1000), np.arange(1000) / 8
	with h5py.File(sys.argv[1] + '/sources.hdf5', 'w') as f:
	    f.create_dataset('info', data=a, chunks=(64,), compression=1)
	    f['alias'] = h5py.SoftLink('info')
	whole = open(sys.argv[1] + '/sources.hdf5', 'rb').read()
	with open(sys.argv[1] + '/lost.hdf5', 'wb') as f:
	    f.write(whole.replace(b'GCOL', b'LOST'))
	END
	mount_dir "$SRC"
}

teardown_file() { unmount; }

checked() {
	run "$PYTHON" -I tests/oracle/slices.py "$1" "$MNT/random.hdf5" \
		"$SRC/random.hdf5" "${@:2}"
	echo "$output"
	tail -n 1 <<<"$output" | sed "s/^/# /" >&3
	[ "$status" -eq 0 ]
}

# Memory of the mount and its readers in KiB.
memory() {
	local pids
	pids=$(cat "$BATS_FILE_TMPDIR/pid")
	pids="$pids $(sed -n 's/.*: reader \([0-9]*\),.*/\1/p' "$MNT/.oqfs/status")"
	cat $(printf '/proc/%s/status ' $pids) |
		awk '/^VmRSS/ { n += $2 } END { print n }'
}

is_missing() {
	run cat "$1"
	[ "$status" -eq 1 ]
	[[ $output == *"No such file"* ]]
}

@test "6,000 random slices, in each view: bytes, type, shape and table" {
	checked check 1 6000
}

@test "10,000 names of nothing: quick, and no memory is lost" {
	checked garbage 1 2000
	before=$(memory)
	start=$SECONDS
	checked garbage 2 10000
	after=$(memory)
	echo "# memory before $before KiB, after $after KiB" >&3
	[ $((SECONDS - start)) -le 10 ]
	keeps_memory || [ $((after - before)) -le 20000 ]
}

@test "5,000 slices that are there: memory stays bounded" {
	for i in $(seq 2500); do
		echo "$MNT/huge.hdf5/x[$i:$((i + 20000))].csv"
		echo "$MNT/huge.hdf5/m[$i:$((i + 9)),...,::-1].npy"
	done >"$BATS_TEST_TMPDIR/names"
	before=$(memory)
	xargs stat -c %s <"$BATS_TEST_TMPDIR/names" >"$BATS_TEST_TMPDIR/sizes"
	after=$(memory)
	echo "# memory before $before KiB, after $after KiB" >&3
	[ "$(sort -u "$BATS_TEST_TMPDIR/sizes" | tr '\n' ' ')" = "236 80002 " ]
	# The text of tables is cached, up to -o cache, 256 MiB.
	keeps_memory || [ $((after - before)) -le 320000 ]
}

@test "members of a fixed size are bytes, whatever is beside them" {
	cd "$MNT/sources.hdf5"
	run ls
	[ "$output" = $'alias.csv\nalias.parquet\ninfo.csv\ninfo.parquet' ]
	run "$PYTHON" -I - "$SRC/sources.hdf5" <<-'END'
	import sys, h5py, numpy as np
	info = h5py.File(sys.argv[1], 'r')['info']
	for view in 'info', 'alias':
	    for member in 'num_sites', 'weight':
	        name = '%s[%s].npy' % (view, member)
	        got, want = np.load(name), info[:][member]
	        assert got.dtype == want.dtype and np.array_equal(got, want), name
	    got = np.load(view + '[::-7,weight,num_sites].npy')
	    assert got.dtype.names == ('weight', 'num_sites')
	    assert np.array_equal(got['weight'], info[:]['weight'][::-7])
	    assert len(open(view + '[weight].bin', 'rb').read()) == 8 * len(info)
	END
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(head -n 2 'info[num_sites].txt' | tr -d ' ')" = $'num_sites\n0' ]
	for view in bin npy txt; do
		for slice in '' '[3]' '[:]' '[id]' '[id,weight]' '[w]' '[::0]'; do
			is_missing "info$slice.$view"
		done
	done
}

@test "members of a fixed size are read without their neighbours" {
	cd "$MNT/lost.hdf5"
	run cat info.csv
	[ "$status" -eq 1 ]
	[[ $output == *"Input/output error"* ]]
	for view in bin npy txt csv; do
		cmp "info[weight,num_sites].$view" \
			"$MNT/sources.hdf5/info[weight,num_sites].$view"
	done
}

@test "labels by value, the others stay as columns" {
	cd "$MNT/huge.hdf5"
	run cat 'hcurves-stats[stat=mean,imt=PGA,5:].csv'
	[ "${lines[0]}" = site_id,lvl,value ]
	[ "${lines[1]}" = 5,0.1,5.0 ]
	[ "${lines[8]}" = 6,0.4,6.003 ]
	[ "${#lines[@]}" -eq 9 ]
	run cat 'hcurves-stats["stat"="quantile-0.15",imt="a,b",site_id=3,lvl=0.3].csv'
	[ "$output" = $'hcurves-stats\n3.122' ]
	run cat 'hcurves-stats[::3,0,imt=SA(0.3),-1].csv'
	[ "$output" = $'site_id,value\n0,0.013\n3,3.013\n6,6.013' ]
	is_missing 'hcurves-stats[stat=median].csv'
	is_missing 'hcurves-stats[imt=PGA,imt=PGA].csv'
	is_missing 'hcurves-stats[nothing=1].csv'
	is_missing 'hcurves-stats[stat=].csv'
	is_missing 'x[d0=0].csv'
}

# In a mount with -d: $1 is missing, and it is told that $2.
is_told() {
	is_missing "$MNT/$1"
	await grep -qxF "oqfs: ${1/\//: /}: $2" "$LOG" || {
		grep 'oqfs: .*: /' "$LOG" | tail -n 2
		return 1
	}
}

@test "with -d the log says what is wrong with a slice" {
	local h=huge.hdf5/hcurves-stats t=b.h5/g/t
	mkdir "$SRC.told"
	cp "$SRC/huge.hdf5" "$SRC.told"
	$PYTHON -I - "$SRC.told/b.h5" <<-'END'
	import sys, h5py, numpy
	f = h5py.File(sys.argv[1], 'w')
	f['g/t'] = numpy.zeros(3, [('id', 'i4'), ('mag', 'f4')])
	END
	AS=.told mount_dir "$SRC.told" -d
	is_told "$h[7].csv" 'index 7 is out of bounds for axis 0 with size 7'
	is_told "$h[0,0,0,0,0].npy" 'too many indices: 5, where there can be 4'
	is_told "$h[stat=Mean].csv" "axis 'stat' has no label 'Mean'"
	is_told "$h[stats=mean].csv" "there is no axis 'stats'"
	is_told "$h[stat=].csv" "a label expected before ']'"
	is_told 'huge.hdf5/x[d0=0].csv' 'its axes have no labels'
	is_told 'huge.hdf5/x[nope].bin' \
		"'nope' is no index and no range, and there are no members"
	is_told "$t[id,nope].csv" "there is no member 'nope'"
	is_told "$t[id,id].csv" "member 'id' is given twice"
	# Neither a name nor what it stands for makes a line of its own.
	is_told "$t[%0Aoqfs: b.h5: forged].csv" \
		"there is no member '?oqfs: b.h5: forged'"
	is_missing "$MNT/$t"$'[\noqfs: b.h5: forged].csv'
	! grep -q '^oqfs: b.h5: forged' "$LOG"
	# Nothing of what is no dataset.
	is_missing "$MNT/huge.hdf5/nothing[0].csv"
	! grep 'oqfs: .*nothing' "$LOG"
}

@test "a table of a slice that would take for ever is refused" {
	cd "$MNT/huge.hdf5"
	run cat 'x[:99000000].csv'
	[ "$status" -eq 1 ]
	[[ $output == *"File too large"* ]]
	run cat 'm[0].csv'
	[ "$output" = $'c0,c1,c2,c3\n0,0,0,0\n0,0,0,0\n0,0,0,0' ]
	# Of a fixed width nothing has to be measured.
	[ "$(stat -c %s 'x[:99000000].npy')" -eq $((792000000 + 128)) ]
	[ "$(tail -c 4 'x[::-3].txt')" = 0.0 ]
}

@test "slices are not listed, and there is no slice of what has no elements" {
	[ -z "$(ls "$MNT/huge.hdf5" | grep '\[')" ]
	is_missing "$MNT/huge.hdf5/nothing[0].csv"
	is_missing "$MNT/huge.hdf5/x[0].meta.json"
	is_missing "$MNT/huge.hdf5/x[0].png"
	is_missing "$MNT/huge.hdf5/x[0]"
	is_missing "$MNT/[0].csv"
}
