#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 52-soak.bats - a short one of `make soak`

bats_require_minimum_version 1.5.0
load mount

@test "mutants, dying readers and rewritten calculations beside healthy ones" {
	local corpus="${CORPUS:-../shared/data/corpus}"
	needs_fuse
	/usr/bin/python3 -c 'import h5py' 2>/dev/null || skip "no python3-h5py"
	[ -e "$corpus/mutate.py" ] || skip "no corpus in $corpus"
	run timeout $((3 * PATIENCE)) /usr/bin/python3 -I tests/oracle/soak.py "$OQFS" "$corpus" 0.4
	echo "$output"
	sed 's/^/# /' <<<"$output" >&3
	[ "$status" -eq 0 ]
}
