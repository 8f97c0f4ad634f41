#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 33-groups.bats - groups whose datasets are columns of a table

load mount
bats_require_minimum_version 1.5.0

PYTHON=/usr/bin/python3

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src" HDF5_USE_FILE_LOCKING=FALSE
	mkdir "$SRC"
	! $PYTHON -c 'import h5py, numpy' ||
		$PYTHON -I tests/oracle/groups.py make "$SRC"
	AS=.no mount_dir "$SRC" -o conventions=no
	mount_dir "$SRC"
}

teardown_file() { unmount; }

setup() { [ -e "$SRC/any.h5" ] || skip "no python3-h5py"; }

@test "a group of one length is a table by name; those that say so are listed" {
	run $PYTHON -I tests/oracle/groups.py check "$SRC" "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"${lines[-1]}" >&3
	[ -e "$SRC/hdmf.h5" ] || echo "# no python3-hdmf" >&3
}

@test "conventions=no: groups are groups, also by name" {
	[ -d "$MNT.no/any.h5/any" ]
	[ ! -e "$MNT.no/any.h5/any.csv" ]
	[ ! -e "$MNT.no/gedi.h5/BEAM0000.csv" ]
	[ ! -e "$MNT.no/cells.loom/row_attrs.csv" ]
}

@test "--check --json says what the tables leave out" {
	run -0 --separate-stderr "$OQFS" --check --json "$SRC/gedi.h5"
	echo "$output"
	[ "$(jq -r '.datastores[0].left_out[] | .object + ": " + .reason' \
		<<<"$output" | sort)" = \
"/BEAM0000: rxwaveform: it has another length
/BEAM0101: rxwaveform: it has another length" ]
}
