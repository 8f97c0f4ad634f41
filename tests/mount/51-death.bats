#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 51-death.bats - readers, and the front itself, come to an end under load

bats_require_minimum_version 1.5.0
load mount

setup() {
	needs_fuse
	export PYTHON=/usr/bin/python3
	$PYTHON -c 'import h5py' 2>/dev/null || skip "no python3-h5py"
}

survives() {
	run timeout $PATIENCE $PYTHON -I tests/oracle/death.py "$OQFS" "$1"
	echo "$output"
	sed 's/^/# /' <<<"$output" >&3
	[ "$status" -eq 0 ]
}

@test "SIGKILL of a reader: right bytes or EIO, the other is not touched" {
	survives killed
}

@test "SIGSEGV of a reader" {
	survives crashed
}

@test "SIGSTOP of a reader: it is replaced, the other goes on" {
	survives stopped
}

@test "ctrl-C ends a cat that waits for a stopped reader" {
	survives interrupted
}

@test "hundreds that wait for a stopped reader: the other goes on, ctrl-C too" {
	survives crowded
}

@test "the front's own death leaves no reader, and can be unmounted" {
	survives front_killed
}

@test "SIGKILL of what readers are forked from: they are started without it" {
	survives zygote_killed
}

@test "SIGSTOP of it: it is not waited for twice" {
	survives zygote_stopped
}

@test "SIGSTOP and SIGCONT of the front: no reader is blamed for it" {
	survives front_stopped
}

@test "with auto_unmount its death unmounts, and no reader is left" {
	survives auto_unmount
}

@test "SIGTERM while files are read" {
	survives unmounted
}

@test "an idle reader ends" {
	survives idle
}
