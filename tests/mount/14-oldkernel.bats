#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 14-oldkernel.bats - Linux 4.18: what it does not have is made up for, or said

bats_require_minimum_version 1.5.0
load mount

setup_file() {
	export OLDKERNEL="${STORES%/*}/tests/make/oldkernel"
	export NEWOQFS=$OQFS OQFS="$BATS_FILE_TMPDIR/oqfs"
	printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$OLDKERNEL" "$NEWOQFS" >"$OQFS"
	chmod 755 "$OQFS"
	[ "$(id -u)" != 0 ] || mount_dir "$STORES/demo" -o timeout=2000
}

setup() {
	needs_fuse
	[ "$(id -u)" = 0 ] || skip "needs root: fusermount3 has no privileges there"
}

teardown_file() {
	unmount
}

survives() {
	/usr/bin/python3 -c 'import h5py' 2>/dev/null || skip "no python3-h5py"
	run timeout $PATIENCE /usr/bin/python3 -I tests/oracle/death.py "$OQFS" "$1"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "such a kernel has neither openat2 nor pidfd_open, and the files are the same" {
	local new="$BATS_TEST_TMPDIR/new"
	run -38 "$OLDKERNEL" /usr/bin/python3 -c '
import ctypes, sys
c = ctypes.CDLL(None, use_errno=True)
assert c.syscall(434, 1, 0) == -1
sys.exit(ctypes.get_errno())'
	mkdir "$new"
	"$NEWOQFS" "$STORES/demo" "$new"
	# The demo has no logic tree, so this one cannot be read.
	diff -r -x "realizations_*" "$new/calc_1" "$MNT/calc_1"
	diff -r -x "realizations_*" "$new/calc_2" "$MNT/calc_2"
	fusermount3 -u "$new"
}

@test "the log says that there is no Landlock" {
	grep -q 'no Landlock' "$LOG"
}

@test "a shared mount is refused, and it is said why" {
	mkdir "$BATS_TEST_TMPDIR/mnt"
	run -1 "$OQFS" "$STORES/demo" "$BATS_TEST_TMPDIR/mnt" -o allow_other
	[[ $output == *"allow_other needs openat2"* ]]
	! mountpoint -q "$BATS_TEST_TMPDIR/mnt"
}

@test "a reader that is killed is replaced, and none is left behind" {
	survives killed
}

@test "one that is stopped is ended, and the other goes on" {
	survives stopped
}

@test "SIGKILL of what readers are forked from: they are started without it" {
	survives zygote_killed
}
