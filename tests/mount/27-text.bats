#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 27-text.bats - the aligned table, for people, awk and gnuplot

load mount

setup_file() {
	export PYTHON=/usr/bin/python3 SRC="$BATS_FILE_TMPDIR/src"
	export DATA="${OQDATA:-../shared/data/oqdata}"
	export HDF5_USE_FILE_LOCKING=FALSE LC_ALL=C
	$PYTHON -c 'import h5py, numpy' || skip "no python3-h5py"
	mkdir "$SRC"
	$PYTHON -I - "$SRC/text.hdf5" <<-'END'
	import sys, h5py, numpy as np
	f = h5py.File(sys.argv[1], 'w')
	colour = h5py.enum_dtype({'RED': 0, 'DARK GREEN': 1}, 'u1')
	t = np.zeros(5, [('id', 'u4'), ('mag', 'f4'), ('ok', '?'),
	    ('name', 'S12'), ('colour', colour), ('a col', 'i1', (2,))])
	t['id'] = [1, 22, 333, 4294967295, 0]
	t['mag'] = [6.5, np.nan, -np.inf, 1e-10, -0.]
	t['ok'] = [1, 0, 0, 1, 1]
	t['name'] = [b'plain', b'two words', b'', b'say "so"', b'tab\there']
	t['colour'] = [0, 1, 1, 0, 7]
	t['a col'] = [[1, -1], [2, -2], [3, -128], [4, 0], [5, 127]]
	f['t'] = t
	f['m'] = np.arange(6, dtype='u1').reshape(2, 3) * 50
	d = f.create_dataset('tera', (1 << 38,), 'f8', chunks=(1 << 20,))
	d[-2:] = [-1.5, np.nan]
	d = f.create_dataset('cube', (1 << 30, 16, 16), 'f8',
	    chunks=(1 << 12, 16, 16))
	d[-1, -1, -2:] = [2.5, np.inf]
	f['words'] = np.array(['a', 'b'], h5py.string_dtype())
	f['nothing'] = np.zeros(0)
	END
	mount_dir "$SRC"
}

teardown_file() { unmount; }

teardown() { unmount_too; }

@test "columns are aligned to the right, text with blanks is one field" {
	run cat "$MNT/text.hdf5/t.txt"
	echo "$output"
	[ "$output" = "$(cat <<'END'
        id                 mag    ok           name       colour "a col[0]" "a col[1]"
         1                 6.5  true          plain          RED          1         -1
        22                 nan false    "two words" "DARK GREEN"          2         -2
       333                -inf false             "" "DARK GREEN"          3       -128
4294967295               1e-10  true   "say \"so\""          RED          4          0
         0                -0.0  true    "tab\there"            7          5        127
END
)" ]
	run cat "$MNT/text.hdf5/m.txt"
	[ "$output" = $' c0  c1  c2\n  0  50 100\n150 200 250' ]
}

@test "lines are of one width, awk splits them" {
	[ "$(awk '{ print length }' "$MNT/text.hdf5/t.txt" | sort -u | wc -l)" = 1 ]
	run awk 'NR > 1 { n += $1 } END { printf "%.0f", n }' "$MNT/text.hdf5/t.txt"
	[ "$output" = 4294967651 ]
	run awk 'NR > 1 { print $1 + $2 + $3 }' "$MNT/text.hdf5/m.txt"
	[ "$output" = $'150\n600' ]
}

@test "the end of 2 TB is there at once" {
	cd "$MNT/text.hdf5"
	start=$(date +%s%N)
	size=$(stat -c %s tera.txt)
	run tail -n 2 tera.txt
	[ "$(awk '{ print $1 }' <<<"$output")" = $'-1.5\nnan' ]
	width=$((${#lines[0]} + 1))
	[ "$size" -eq $((((1 << 38) + 1) * width)) ]
	run tail -n 2 cube.txt
	[ "$(tr -s ' ' <<<"$output" | sed 's/^ //')" = \
		$'1073741823 15 14 2.5\n1073741823 15 15 inf' ]
	# Any row, by arithmetic.
	run dd if=tera.txt bs="$width" skip=123456789012 count=1 status=none
	[ "${output// /}" = 0.0 ]
	ms=$((($(date +%s%N) - start) / 1000000))
	echo "# $ms ms" >&3
	[ "$ms" -lt 1000 ]
}

@test "what has no fixed width has no aligned table" {
	run cat "$MNT/text.hdf5/words.txt"
	[ "$status" -eq 1 ]
	[ "$(tr -d ' ' <"$MNT/text.hdf5/nothing.txt")" = nothing ]
	! ls "$MNT/text.hdf5" | grep '\.txt$'
}

@test "with -o views=txt they are listed" {
	mount_too "$SRC" -o views=txt
	# What has no such view is listed as it would be else.
	[ "$(LC_ALL=C ls "$TOO/text.hdf5" | tr '\n' ' ')" = \
		"cube.txt m.txt nothing.txt t.txt tera.txt words.csv " ]
}

@test "the engine's datasets: aligned, and what the csv says" {
	[ -d "$DATA/files" ] || skip "no datastores of the engine in $DATA"
	mount_too "$DATA/files"
	run "$PYTHON" -I tests/oracle/texts.py "$TOO" 200000
	echo "$output"
	[ "$status" -eq 0 ]
	echo "# $output" >&3
}
