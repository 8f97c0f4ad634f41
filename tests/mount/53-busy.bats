#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 53-busy.bats - a machine whose processors are all wanted by others

bats_require_minimum_version 1.5.0
load mount

teardown_file() { unmount; }

# Fifty who want all there is, and whose wish counts more than the mount's.
fill_processors() {
	local i
	for i in $(seq 50); do
		nice -n 19 sh -c 'while :; do :; done' >/dev/null 2>&1 3>&- &
		echo $!
	done
}

sums() {
	(cd "$1" && find . -type f -size -1M | sort | xargs sha256sum)
}

@test "readers that get no processor answer late, and none is ended for it" {
	local src="$BATS_FILE_TMPDIR/src" load reads=() slowest=0 from i p
	command -v chrt >/dev/null || skip "no chrt"
	mkdir "$src"
	for i in $(seq 4); do
		cp "$STORES/good-table.hdf5" "$src/calc_$i.hdf5"
	done
	cp "$STORES/good-table.hdf5" "$BATS_FILE_TMPDIR/alone.hdf5"
	mount_dir "$src" -o timeout=1,readers=3
	sums "$MNT/calc_1" >"$BATS_TEST_TMPDIR/right"
	unmount
	cat >"$BATS_TEST_TMPDIR/oqfs" <<-END
		#!/bin/sh
		exec chrt -i 0 "$OQFS" "\$@"
	END
	chmod +x "$BATS_TEST_TMPDIR/oqfs"
	OQFS="$BATS_TEST_TMPDIR/oqfs" mount_dir "$src" -o timeout=1,readers=3

	load=$(fill_processors)
	from=$SECONDS
	for i in $(seq 4); do
		(sums "$MNT/calc_$i" | cmp - "$BATS_TEST_TMPDIR/right") 3>&- &
		reads+=($!)
	done
	# It may take for ever, so it is not waited for.
	while [ $((SECONDS - from)) -lt 20 ] && kill -0 "${reads[0]}"; do
		sleep 0.2
	done
	kill $load
	for p in "${reads[@]}"; do wait "$p"; done
	echo "# $((SECONDS - from)) s" >&3
	cat "$MNT/.oqfs/status" "$LOG"
	grep -q " 0 of themselves, .* 0 hung, 0 lied, 0 refused" \
		"$MNT/.oqfs/status"
	run ! grep -E "died|sign of life|too long|busy|given up" "$LOG"
}
