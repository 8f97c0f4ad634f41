# SPDX-License-Identifier: MIT
# mount.bash - for the bats files: mount something for a whole file of tests
#
#	load mount
#	setup_file() { mount_stores; }		# or: mount_dir DIR [OPTION...]
#	teardown_file() { unmount; }
#
# In setup_file nothing can be skipped: each test is, by the setup below, which
# a file that has its own makes part of it.
#
# $MNT is then where it is mounted, $LOG what oqfs said.  AS=NAME mount_dir
# makes one more mount, with those of its own.

has_fuse() {
	[ -c /dev/fuse ] && [ -r /dev/fuse ] && [ -w /dev/fuse ]
}

needs_fuse() {
	has_fuse || skip "no /dev/fuse"
}

setup() {
	needs_fuse
}

# Far longer than anything takes on a machine whose processors others want too:
# what is not there by then never comes.  In seconds.
export PATIENCE=600

# Wait until a command succeeds.
await() {
	local end=$((SECONDS + PATIENCE))

	until "$@"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}

has_gone() {
	! kill -0 "$1" 2>/dev/null
}

mount_dir() {
	has_fuse || return 0
	export MNT="$BATS_FILE_TMPDIR/mnt$AS" LOG="$BATS_FILE_TMPDIR/log$AS"
	mkdir -p "$MNT"
	mount_here "$@"
}

# The same at the $MNT and with the $LOG that there are.  A reader may not write
# to any file, so that what a sanitizer says in one goes through a pipe.
mount_here() {
	local pid

	if keeps_memory; then
		"$OQFS" "$1" "$MNT" -f "${@:2}" > >(exec cat >"$LOG") 2>&1 3>&- &
	else
		"$OQFS" "$1" "$MNT" -f "${@:2}" >"$LOG" 2>&1 3>&- &
	fi
	pid=$!
	echo $pid >"$BATS_FILE_TMPDIR/pid$AS"
	is_settled() { mountpoint -q "$MNT" || has_gone $pid; }
	await is_settled
	mountpoint -q "$MNT" || { cat "$LOG"; return 1; }
}

mount_stores() {
	mount_dir "$STORES" "$@"
}

unmount() {
	local pid at
	for pid in "$BATS_FILE_TMPDIR"/pid*; do
		[ -e "$pid" ] || return 0
		at="$BATS_FILE_TMPDIR/mnt${pid##*/pid}"
		[ -d "$at" ] || at=$MNT
		fusermount3 -u -z "$at" || true
		# A copy of it in another namespace would keep it from ending.
		kill "$(cat "$pid")" 2>/dev/null || true
		wait "$(cat "$pid")" 2>/dev/null || true
	done
	unreported
}

# Does memory say nothing, since a sanitizer keeps what is freed?
keeps_memory() {
	[[ $OQFS == */san-* ]]
}

# Of a build with SAN=..., what readers said too, who end without a status.  A
# SEGV in libhdf5 is what readers are for.
unreported() {
	[ ! -e "$LOG" ] || ! grep -E -A 60 >&2 \
		"(ERROR|WARNING): [A-Za-z]*Sanitizer: [^S]|runtime error: " \
		"$LOG"
}

# Run as somebody who may not read everything.
as_nobody() {
	[ "$(id -u)" = 0 ] || { "$@"; return; }
	command -v setpriv >/dev/null || skip "no setpriv"
	setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# A folder that anybody may enter, which that of the tests need not be, with the
# program in it.  It is to be removed.
for_nobody() {
	local dir

	dir=$(mktemp -d /tmp/oqfs-test.XXXXXX)
	cp "$OQFS" "$dir/oqfs"
	chmod 755 "$dir"
	echo "$dir"
}

# Parquet's readers by others, from npm (contrib/setup), are in $MODULES.
needs_readers() {
	export MODULES="${XDG_CACHE_HOME:-$HOME/.cache}/oqfs/npm"
	needs_fuse
	command -v node >/dev/null || skip "no node"
	[ -e "$MODULES/done" ] || skip "no readers: contrib/setup npm"
}

# Any range of a file is that of its copy: FILE COPY.
ranges_are_of() {
	/usr/bin/python3 -I - "$1" "$2" <<-'END'
	import os, random, sys
	whole = open(sys.argv[2], 'rb').read()
	fd = os.open(sys.argv[1], os.O_RDONLY)
	random.seed(1)
	for i in range(400):
	    at = random.randrange(len(whole) + 10)
	    n = random.choice([1, 100, 4096, 300000])
	    assert os.pread(fd, n, at) == whole[at:at + n], (at, n)
	END
}

# One more mount, for one test, at $TOO: [OPTION...] DIR [OPTION...].
mount_too() {
	TOO="$BATS_TEST_TMPDIR/too"
	mkdir "$TOO"
	"$OQFS" "$@" "$TOO" 3>&-
}

# For the teardown of a file whose tests do.
unmount_too() {
	[ -z "$TOO" ] || ! mountpoint -q "$TOO" || fusermount3 -u -z "$TOO"
}

free_port() {
	/usr/bin/python3 -c 'import socket; s = socket.socket()
s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}
