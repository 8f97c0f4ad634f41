#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 50-hostile.bats - damaged and hostile datastores: everything in them is
# asked for, the mount and the healthy datastore beside them go on

bats_require_minimum_version 1.5.0
load mount

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src" PYTHON=/usr/bin/python3
	export CORPUS="${CORPUS:-../shared/data/corpus}"
	export HDF5_USE_FILE_LOCKING=FALSE
	$PYTHON -c 'import h5py' 2>/dev/null || skip "no python3-h5py"
	mkdir "$SRC" "$SRC/corpus" "$SRC/mutants" "$SRC/bounds"
	$PYTHON -I tests/oracle/hostile.py "$SRC"
	# What libhdf5 does with uninitialised memory, a clean heap hides.
	export MALLOC_PERTURB_=165
	mount_dir "$SRC" -o timeout=2
	unset MALLOC_PERTURB_
}

teardown_file() { unmount; }

# All that is in a directory of the mount; for the log, what was answered.
survives() {
	run timeout $((5 * PATIENCE)) $PYTHON -I tests/oracle/crawl.py "$MNT/$1" \
		"../healthy.hdf5/x.bin"
	echo "$output"
	sed 's/^/# /' <<<"$output" >&3
	[ "$status" -eq 0 ]
	mountpoint -q "$MNT"
	kill -0 "$(<"$BATS_FILE_TMPDIR/pid")"
}

@test "the damaged, hostile and rejected files of the corpus" {
	[ -e "$CORPUS/INDEX.tsv" ] || skip "no corpus in $CORPUS"
	local n=0 file class
	while IFS=$'\t' read -r file class _; do
		case $class in
		damaged*|hostile*|rejected|not-hdf5|special*) ;;
		*) continue ;;
		esac
		n=$((n + 1))
		cp "$CORPUS/$file" "$SRC/corpus/$n-${file##*/}"
	done <"$CORPUS/INDEX.tsv"
	cp "$CORPUS"/crashers/*.h5 "$SRC/corpus"
	survives corpus
}

@test "two hundred mutants" {
	[ -e "$CORPUS/mutate.py" ] || skip "no corpus in $CORPUS"
	local seeds
	seeds=$(awk -F'\t' '$2 == "valid" && $4 < 20000 && NR % 37 == 0 \
		{ print ENVIRON["CORPUS"] "/" $1 }' "$CORPUS/INDEX.tsv")
	$PYTHON -I "$CORPUS/mutate.py" "$BATS_TEST_TMPDIR/m" -n 200 --seed 7 \
		$seeds
	mv "$BATS_TEST_TMPDIR"/m/*.h5 "$SRC/mutants"
	survives mutants
}

@test "bombs: of chunks, sizes, links, attributes, depth and names" {
	cp "$STORES"/bad-*.hdf5 "$STORES"/unsup-*.hdf5 "$SRC/bounds"
	survives bounds
	# The front holds listings, never contents.
	run awk '/VmHWM/ { print $2 }' \
		"/proc/$(<"$BATS_FILE_TMPDIR/pid")/status"
	echo "# the front took at most $output kB" >&3
	[ "$output" -lt 400000 ]
	# Readers: -o memory, the cache and what the program itself is.
	# One may end before we look at it.
	for p in $(cat /proc/"$(<"$BATS_FILE_TMPDIR/pid")"/task/*/children); do
		run --separate-stderr awk '/VmHWM/ { print $2 }' "/proc/$p/status"
		echo "# a reader took at most ${output:-0} kB" >&3
		keeps_memory || [ "${output:-0}" -lt 2000000 ]
	done
}

@test "a group of a hundred thousand links lists whole" {
	[ "$(timeout $PATIENCE ls -U "$MNT/bounds/links.hdf5/many" | wc -l)" -eq \
		"${LINKS:-100000}" ]
	[ -d "$MNT/bounds/links.hdf5/many/g99999" ]
}

@test "ten thousand attributes: each opens by name, the document has all" {
	[ "$(getfattr --only-values -n user.a9999 \
		"$MNT/bounds/attributes.hdf5")" = 9999 ]
	[ "$(timeout $PATIENCE grep -o '"a[0-9]*"' \
		"$MNT/bounds/attributes.hdf5/.meta.json" | sort -u |
		wc -l)" -eq "${ATTRS:-10000}" ]
}

@test "an enum of 1,811 members" {
	[ "$(sed -n 2p "$MNT/bounds/enum.hdf5/e.csv")" = "member number 1810" ]
	[ "$(tail -n 1 "$MNT/bounds/enum.hdf5/e.csv")" = "member number 0" ]
	[ "$(jq '.. | objects | select(has("symbols")) | .symbols | length' \
		"$MNT/bounds/enum.hdf5/e.meta.json" | sort -u)" = 1811 ]
}

@test "sequences of 2e9 elements, in a file of 2 MB, are an error" {
	run timeout $PATIENCE cat "$MNT/bounds/vlen.hdf5/v.csv"
	[ "$status" -eq 1 ]
	[[ $output == *"Input/output error"* || $output == *"allocate memory"* ]]
}

@test "more bytes than a file can have: listed, EOVERFLOW" {
	[ -e "$MNT/bounds/unsup-huge.hdf5/huge.bin" ]
	run cat "$MNT/bounds/unsup-huge.hdf5/huge.bin"
	[[ $output == *"Value too large"* ]]
	[ "$(wc -c <"$MNT/bounds/unsup-huge.hdf5/fine.bin")" -eq 12 ]
}

@test "a megabyte that inflates to a gigabyte: zeros, or an error" {
	# Its csv is measured without inflating it for each block again.
	timeout $PATIENCE stat "$MNT/bounds/bad-bomb.hdf5/gigabyte.csv/"0*108863.csv \
		>/dev/null || [ $? -eq 1 ]
	run timeout $PATIENCE cmp -n 1000000 /dev/zero \
		"$MNT/bounds/bad-bomb.hdf5/gigabyte.bin"
	[[ $status -eq 0 || $output == *"error"* || $output == *"memory"* ]]
	[ "$(wc -c <"$MNT/bounds/bad-bomb.hdf5/fine.bin")" -eq 12 ]
}

@test "what the kernel forgets, the front forgets" {
	[ -w /proc/sys/vm/drop_caches ] || skip "not root"
	nodes() { sed -n 's/^nodes: //p' "$MNT/.oqfs/status"; }
	timeout $PATIENCE ls -l "$MNT/bounds/links.hdf5/many" >/dev/null
	local before fds
	before=$(nodes)
	[ "$before" -ge "${LINKS:-100000}" ]
	are_few() {
		echo 2 >/proc/sys/vm/drop_caches
		[ "$(nodes)" -le 1000 ]
	}
	await are_few
	echo "# nodes: $before, then $(nodes)" >&3
	fds=$(ls "/proc/$(<"$BATS_FILE_TMPDIR/pid")/fd" | wc -l)
	echo "# descriptors: $fds" >&3
	[ "$fds" -lt 200 ]
}

@test "two hundred groups deep" {
	local deep
	deep=$MNT/bounds/deep.hdf5$(printf '/g%.0s' $(seq 200))
	[ "$(wc -c <"$deep/x.bin")" -eq 24 ]
}

@test "a name of 66,000 bytes is cut, and reads" {
	run find "$MNT/bounds/names.hdf5" -name 'nnnn*.bin'
	[ "${#lines[@]}" -eq 1 ]
	[ "$(wc -c <"${lines[0]}")" -eq 24 ]
}
