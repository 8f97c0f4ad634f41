#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 30-engine.bats - the mount's tables say what the engine's own exports say

setup_file() {
	export EXPORTS="${OQDATA:-../shared/data/oqdata}/../exports"
	export FILES="${OQDATA:-../shared/data/oqdata}/files"
	export MNT="$BATS_FILE_TMPDIR/mnt"
	# The oracle needs no lock on files that it only reads.
	export HDF5_USE_FILE_LOCKING=FALSE
	# The distribution's packages, whatever other Python comes first; -I below,
	# since what is beside a script may have the name of a module.
	export PYTHON=/usr/bin/python3
	mkdir "$MNT"
	[ ! -d "$FILES" ] || "$OQFS" "$FILES" "$MNT"
}

teardown_file() {
	! mountpoint -q "$MNT" || fusermount3 -u -z "$MNT"
}

agrees() {
	[ -d "$EXPORTS" ] || skip "no exports of the engine in $EXPORTS"
	$PYTHON -c 'import numpy, pandas' 2>/dev/null ||
		skip "no python3-pandas"
	run "$PYTHON" -I tests/oracle/engine.py "$MNT" "$EXPORTS" "$1"
	echo "$output"
	[ "$status" -eq 0 ]
	# What was compared, for the log of the tests.
	sed "s/^/# /" <<<"$output" >&3
}

@test "3.12: event based hazard: curves, maps, motions, events, ruptures" {
	agrees 3.12-calc_4
}

@test "3.12: event based risk: curves, losses by asset, event and source" {
	agrees 3.12-calc_41
}

@test "3.12: a scenario: motions and events" {
	agrees 3.12-calc_47
}

@test "3.21: disaggregation: all kinds, mean and realizations" {
	agrees 3.21-calc_2
}

@test "3.21: classical damage, with the assets of its parent" {
	agrees 3.21-calc_10
}

@test "3.21: scenario risk: losses by asset and event" {
	agrees 3.21-calc_22
}

@test "3.25: classical hazard: curves, maps, uniform hazard spectra" {
	agrees 3.25-calc_2
}

@test "3.25: disaggregation: all kinds, mean and realizations" {
	agrees 3.25-calc_7
}

@test "3.25: event based hazard, and what oq extract gives of it" {
	agrees 3.25-calc_9
}

@test "3.25: benefit and cost, with the assets of its parent" {
	agrees 3.25-calc_24
}

@test "3.25: classical damage" {
	agrees 3.25-calc_26
}

@test "3.25: classical risk: losses and loss maps" {
	agrees 3.25-calc_28
}

@test "3.25: scenario damage, with the assets of its parent" {
	agrees 3.25-calc_39
}

@test "labelled arrays are the data frames of to_dframe()" {
	[ -d "$FILES" ] || skip "no datastores of the engine in $FILES"
	$PYTHON -c 'import h5py, pandas' 2>/dev/null || skip "no python3-h5py"
	run "$PYTHON" -I tests/oracle/dframe.py "$MNT" "$FILES"
	echo "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"$output" >&3
}
