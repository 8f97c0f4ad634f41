#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 29-foreign.bats - what other programs write: paddings, names, attributes

bats_require_minimum_version 1.5.0
load mount

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src" PYTHON=/usr/bin/python3
	export HDF5_USE_FILE_LOCKING=FALSE LC_ALL=C.UTF-8
	$PYTHON -c 'import h5py' 2>/dev/null || skip "no python3-h5py"
	mkdir "$SRC"
	$PYTHON -I tests/make/foreign.py "$SRC"
	cp "$STORES/unsup-stdref.hdf5" "$STORES/bad-chunk.hdf5" \
		"$STORES/bad-header.hdf5" "$STORES/bad-heap.hdf5" \
		"$STORES/good-virtual.hdf5" "$SRC"
	mkdir -p "$SRC/plain/deep" "$SRC/../other"
	echo outside >"$SRC/../other/file"
	ln -s "$SRC/pads.hdf5" "$SRC/plain/absolute"
	ln -s "$SRC/plain/deep" "$SRC/dir"
	ln -s "../../src/plain" "$SRC/plain/roundabout"
	ln -s ../other "$SRC/out"
	ln -s plain/deep "$SRC/near"
	ln -s ../nowhere/at/all "$SRC/plain/dangling"
	mount_dir "$SRC"
}

teardown_file() { unmount; }

@test "space-padded strings that end in NULs end before them, everywhere" {
	local at=$MNT/pads.hdf5
	[ "$(cat "$at/space.csv")" = $'space\nab\nab\nlead\n\n""\na b' ] ||
		[ "$(sed 's/^""$//' "$at/space.csv" | tr '\n' '|')" = \
			'space|ab|ab| lead|||a b|' ]
	[ "$(sed 1d "$at/space.txt" | tr -s ' ' | tr '\n' '|')" = \
		' ab| ab| " lead"| ""| ""| "a b"|' ]
	[ "$(sed 1d "$at/never.csv" | sort -u)" = '""' ]
	[ "$(cat "$at/one.txt")" = fortran ]
	[ "$(cat "$at/rec.csv")" = $'s,i\nab,1\n,2' ]
	[ "$(cat "$at/typed.csv")" = $'typed\nab\n""' ]
	[ "$(cat "$at/byname.csv")" = $'names,value\nab,1\ncd,2' ]
	[ "$(sed 1d "$at/byname[names=ab].csv")" = 1 ]
	[ "$(getfattr --only-values -n user.one "$at")" = fortran ]
	[ "$(getfattr --only-values -n user.many "$at")" = '["ab", ""]' ] ||
		[ "$(getfattr --only-values -n user.many "$at")" = '["ab",""]' ]
	jq -e '.attributes | .. | strings | select(. == "fortran")' \
		"$at/.meta.json" >/dev/null
	! grep -q '\\u0000' "$at/.meta.json"
	# The bytes are as they are stored.
	[ "$(head -c 6 "$at/space.bin" | od -An -c | tr -d ' ')" = 'ab\0\0\0\0' ]
}

@test "the other paddings lose nothing but theirs" {
	[ "$(sed 1d "$MNT/pads.hdf5/nulls.csv" | tr '\n' '|')" = 'ab  |ab|' ]
	[ "$(sed 1d "$MNT/pads.hdf5/term.csv" | tr '\n' '|')" = 'ab  |ab|' ]
}

@test "directories have one link: how many are in them is not known" {
	local dir
	for dir in "$MNT" "$MNT/plain" "$MNT/pads.hdf5" "$MNT/names.hdf5/g" \
		"$MNT/.oqfs"; do
		[ "$(stat -c %h "$dir")" = 1 ]
	done
	[ "$(find "$MNT/names.hdf5" -type d | wc -l)" = 3 ]
}

@test "an attribute that cannot be had is not listed" {
	local at=$MNT/unsup-stdref.hdf5
	run -0 --separate-stderr getfattr -m - "$at"
	! grep -qx user.reference <<<"$output"
	grep -qx user.fine <<<"$output"
	grep -qx user.oqfs.error <<<"$output"
	run ! getfattr -n user.reference "$at"
	cp -a --preserve=xattr "$MNT/names.hdf5/g" "$BATS_TEST_TMPDIR/copy"
}

@test "an attribute with the name of one of ours has another" {
	local at=$MNT/names.hdf5
	get() { getfattr --only-values -n "user.$1" "$2"; }
	[ "$(get oqfs.shape "$at/x.bin")" = '[3]' ]
	[ "$(get oqfs.shape~1 "$at/x.bin")" = mine ]
	[ "$(get oqfs.error~1 "$at/x.bin")" = told ]
	[ "$(get oqfs.else "$at/x.bin")" = 7 ]
	[ "$(get oqfs.state "$at")" = complete ]
	[ "$(get oqfs.state~1 "$at")" = mine ]
	[ "$(get oqfs.shape "$at/g")" = plain ]
	run -0 --separate-stderr getfattr -m - "$at/x.csv"
	grep -qx user.oqfs.shape~1 <<<"$output"
	! grep -qx user.oqfs.error <<<"$output"
	run ! getfattr -n user.oqfs.dtype~1 "$at/x.csv"
	run ! getfattr -n user.oqfs.shape~1 "$at/g"
}

# The reason that a file gives, or nothing.
reason() {
	getfattr --only-values -n user.oqfs.error "$1" 2>/dev/null || true
}

@test "once it was read in vain, a file says why; so do the others of it" {
	local at=$MNT/bad-chunk.hdf5
	[ -z "$(reason "$at/deflate.bin")" ]
	run ! cat "$at/deflate.bin"
	[[ $(reason "$at/deflate.bin") == ?* ]]
	[ "$(reason "$at/deflate.npy")" = "$(reason "$at/deflate.bin")" ]
	getfattr -m - "$at/deflate.csv" | grep -qx user.oqfs.error
	[ -z "$(reason "$at/fine.bin")" ]
	# Other bytes of it do not take that back.
	[ "$(cat "$at/deflate[3000:].bin" | wc -c)" = 4000 ]
	[ -n "$(reason "$at/deflate.bin")" ]
	run ! cat "$at/checksum[999:1001].npy"
	[[ $(reason "$at/checksum.bin") == ?* ]]
}

@test "what cannot be measured is there, empty, not for others, and fails" {
	local at=$MNT/bad-chunk.hdf5 file
	for file in "$at/deflate.csv" "$at/deflate[990:].csv" \
		"$at/checksum.csv"; do
		[ "$(stat -c '%s %a' "$file")" = "0 440" ]
		[ -n "$(reason "$file")" ]
		getfattr -m - "$file" | grep -qx user.oqfs.shape
		run ! cat "$file"
		[[ $output == *"Input/output error"* ]]
		run ! cp "$file" "$BATS_TEST_TMPDIR/copy"
	done
	ls -l "$at" "$MNT/bad-header.hdf5"
	run ! tar cf "$BATS_TEST_TMPDIR/t" "$at"
	# What is whole of it can be read still.
	[ "$(sed 1d "$at/deflate[:1000].csv" | wc -l)" = 1000 ]
	[ "$(stat -c %a "$at/deflate[:1000].csv")" = 444 ]
	run ! stat "$at/deflate[:1000, 7].csv"
	grep -q "bad-chunk.hdf5: /deflate: " "$LOG"
}

@test "a group that cannot be listed says why, also before that was tried" {
	local at=$MNT/damaged.hdf5/group
	[[ $(reason "$at") == ?* ]]
	getfattr -m - "$at" | grep -qx user.oqfs.error
	run ! ls "$at"
	[[ $(reason "$at") == ?* ]]
}

@test "whatever attribute is listed can be had" {
	$PYTHON -I - "$MNT" <<-'END'
		import os, sys
		n = 0
		for top, dirs, files in os.walk(sys.argv[1]):
		    for name in dirs + files:
		        path = os.path.join(top, name)
		        os.lstat(path)
		        for a in os.listxattr(path, follow_symlinks=False):
		            os.getxattr(path, a, follow_symlinks=False)
		            n += 1
		assert n > 50, n
	END
}

@test "a scale that is shorter or longer labels what it can" {
	local at=$MNT/labels.hdf5
	[ "$(tr '\n' '|' <"$at/fits.csv")" = 'neg,value|-1,0|0,1|1,2|' ]
	[ "$(tr '\n' '|' <"$at/more.csv")" = \
		'neg,value|-1,0|0,1|1,2|,3|,4|' ]
	[ "$(tr '\n' '|' <"$at/less.csv")" = 'neg,value|-1,0|0,1|' ]
	[ "$(sed 1d "$at/more[neg=-1].csv")" = 0 ]
	[ "$(sed 1d "$at/less[neg=0].csv")" = 1 ]
	[ "$(sed 1d "$at/more[neg=1].csv")" = 2 ]
	run ! stat "$at/less[neg=1].csv"
	# Which of those that have none?
	run ! stat "$at/more[neg=\"\"].csv"
	[ "$(sed 1d "$at/more[1:4].csv" | tr '\n' '|')" = '0,1|1,2|,3|' ]
}

@test "a scale of two dimensions or of records does not name rows" {
	local at=$MNT/labels.hdf5
	[ "$(head -1 "$at/grid.csv")" = c0,c1,c2 ]
	[ "$(head -1 "$at/pairs.csv")" = pairs ]
	[ "$(head -1 "$at/both.csv")" = d0,neg,value ]
	[ "$(sed 1d "$at/both[d0=1, neg=-1].csv")" = 3 ]
	run ! stat "$at/grid[lat=1].csv"
}

@test "a label that two rows have selects none of them" {
	local at=$MNT/labels.hdf5
	[ "$(sed 1d "$at/dups[twice=a].csv")" = 0 ]
	[ "$(sed 1d "$at/dups[twice=50%25].csv")" = 3 ]
	run ! stat "$at/dups[twice=dup].csv"
}

@test "no two columns have the same name" {
	local at=$MNT/labels.hdf5
	[ "$(head -1 "$at/obs.csv")" = time_1,time,v ]
	[ "$(awk 'NR == 1 { print $1, $2, $3 }' "$at/obs.txt")" = \
		'time_1 time v' ]
	# A slice may name the axis as the file does, too.
	[ "$(sed 1d "$at/obs[v, time=1.5].csv")" = 8 ]
	[ "$(sed 1d "$at/obs[time_1=1.5].csv")" = 1.5,8 ]
	[ "$(head -1 "$at/values.csv")" = value_1,value_2,value ]
	[ "$(sed 1d "$at/values[value_2=20, value_1=10].csv")" = 1 ]
	at=$MNT/names.hdf5
	[ "$(head -1 "$at/dup.csv")" = 'a.b,a.b_1,v[0],v[0]_1,v[1]' ]
	[ "$(head -1 "$at/dup2d.csv")" = d0_1,d1,d0,value ]
}

@test "a link of the source leads to the same place, in the mount if it can" {
	[ "$(readlink "$MNT/dir")" = plain/deep ]
	[ "$(readlink "$MNT/near")" = plain/deep ]
	[ "$(readlink "$MNT/plain/roundabout")" = . ]
	[ "$(readlink "$MNT/plain/dangling")" = ../nowhere/at/all ]
	[ "$MNT/plain/roundabout/" -ef "$MNT/plain" ]
	[ "$MNT/dir/" -ef "$MNT/plain/deep" ]
	# A link to a datastore is one.
	[ -d "$MNT/plain/absolute" ]
	[ "$(cat "$MNT/plain/absolute/one.txt")" = fortran ]
	# What is elsewhere is there.
	[ "$(cat "$MNT/out/file")" = outside ]
	for l in dir near out plain/roundabout plain/dangling; do
		[ "$(stat -c %s "$MNT/$l")" = \
			"$(readlink -n "$MNT/$l" | wc -c)" ]
	done
	# Nothing outside is looked for in a survey.
	run "$OQFS" --check "$SRC"
	! grep -q other <<<"$output"
}

@test "in a shared mount, too, but to what is shown there" {
	[ "$(id -u)" = 0 ] || skip "not root"
	AS=shared mount_dir "$SRC" -o allow_other
	[ "$(readlink "$MNT/plain/absolute")" = ../pads.hdf5 ]
	[ "$(cat "$MNT/plain/absolute/one.txt")" = fortran ]
	[ "$(readlink "$MNT/dir")" = plain/deep ]
	[ "$(cat "$MNT/out/file")" = outside ]
}

@test "a virtual dataset may have its own file as a source by name" {
	local at=$MNT/good-virtual.hdf5
	[ "$(tr '\n' ' ' <"$at/named.csv")" = 'named 5 6 7 8 ' ]
	[ "$(sed -n 3p "$at/joined.csv")" = 5,6,7,8 ]
	# Under another name it is another.
	cp "$SRC/good-virtual.hdf5" "$SRC/moved.hdf5"
	[ "$(tr '\n' ' ' <"$MNT/moved.hdf5/named.csv")" = 'named 5 6 7 8 ' ]
	mv "$SRC/good-virtual.hdf5" "$BATS_TEST_TMPDIR"
	sleep 1.1
	run ! cat "$MNT/moved.hdf5/named.csv"
	[[ $(reason "$MNT/moved.hdf5/named.csv") == *"in another file"* ]]
}

@test "a virtual dataset of data that are cut off stays an error" {
	/usr/bin/python3 -c 'import h5py' 2>/dev/null || skip "no h5py"
	/usr/bin/python3 - "$BATS_TEST_TMPDIR/cut.h5" <<-END
	import h5py, numpy as np, os, sys
	with h5py.File(sys.argv[1], "w") as f:
	    l = h5py.VirtualLayout((20,), "i4")
	    l[:] = h5py.VirtualSource(".", "x", (20,))
	    f.create_virtual_dataset("v", l)
	    f["x"] = np.arange(20, dtype="i4") + 1
	    end = f["x"].id.get_offset() + 80
	os.truncate(sys.argv[1], end - 60)
	END
	mv "$BATS_TEST_TMPDIR/cut.h5" "$SRC/cut.h5"
	for _ in 1 2 3; do
		run cat "$MNT/cut.h5/v.bin"
		[ "$status" -ne 0 ]
		run cat "$MNT/cut.h5/v.csv"
		[ "$status" -ne 0 ]
	done
}
