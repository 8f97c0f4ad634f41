#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 13-start.bats - starting, failing to start, and ending

bats_require_minimum_version 1.5.0
load mount

setup() {
	needs_fuse
	cd "$BATS_TEST_TMPDIR"
	mkdir mnt
}

teardown() {
	! mountpoint -q mnt || fusermount3 -u -z mnt
	cd /
}

# One sentence that begins with "oqfs: " and says this; exit status 1.
fails_saying() {
	local says=$1
	shift
	run -1 "$@"
	echo "$output"
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == "oqfs: "*"$says"* ]]
}

@test "it becomes a daemon, and ends when it is unmounted" {
	run -0 "$OQFS" "$STORES" mnt
	[ -z "$output" ]
	[ -d mnt/good-links.hdf5/group ]
	fusermount3 -u mnt
	run ! mountpoint -q mnt
}

@test "SIGTERM unmounts" {
	"$OQFS" "$STORES" mnt -f 2>log 3>&- &
	pid=$!
	await mountpoint -q mnt
	ls mnt/good-links.hdf5 >ls
	kill $pid
	wait $pid
	run ! mountpoint -q mnt
	grep -q "is unmounted" log
}

@test "with one word the source is OQ_DATADIR, else ~/oqdata" {
	OQ_DATADIR=$STORES "$OQFS" mnt
	[ -d mnt/good-links.hdf5 ]
	fusermount3 -u mnt
	mkdir home
	ln -s "$STORES" home/oqdata
	env -u OQ_DATADIR HOME="$PWD/home" "$OQFS" mnt
	[ -d mnt/good-links.hdf5 ]
}

# Where we are root the readers are not, whom such a mount does not even tell
# the size of a file.
@test "a source that is in a FUSE mount of its user alone" {
	local f=good-layouts-latest.hdf5
	mkdir inner
	"$OQFS" "$STORES" inner
	"$OQFS" "inner/$f" mnt
	(cd mnt && find . -type f -name '*.bin' | sort | xargs sha256sum) >got
	(cd "inner/$f" && find . -type f -name '*.bin' | sort |
		xargs sha256sum) >want
	fusermount3 -u mnt
	fusermount3 -u -z inner
	[ -s want ]
	cmp want got
}

@test "a source that is not there, or is no source" {
	fails_saying "'./none'" "$OQFS" ./none mnt
	echo x >file
	fails_saying "not an HDF5 file" "$OQFS" file mnt
}

@test "a mount point that is not there, or cannot be one" {
	fails_saying "mkdir" "$OQFS" "$STORES" none
	echo x >file
	fails_saying "not a directory" "$OQFS" "$STORES" file
	mkdir full
	echo x >full/x
	fails_saying "is not empty" "$OQFS" "$STORES" full
	"$OQFS" "$STORES" full -o nonempty
	[ -d full/good-links.hdf5 ]
	fails_saying "already" "$OQFS" "$STORES" full
	fusermount3 -u full
	mkdir src src/mnt
	fails_saying "inside the source" "$OQFS" src src/mnt
	fails_saying "inside the source" "$OQFS" src src -o nonempty
	fails_saying "inside the source" "$OQFS" / mnt
}

@test "options that are not there" {
	fails_saying "'nosuch'" "$OQFS" -o nosuch "$STORES" mnt
	fails_saying "'--nosuch'" "$OQFS" --nosuch
	fails_saying "where to mount" "$OQFS"
}

@test "no program fusermount3, no /dev/fuse" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	command -v unshare >/dev/null || skip "no unshare"
	fails_saying "no /dev/fuse" unshare -m sh -c \
		'mount -t tmpfs none /dev && exec "$0" "$@"' \
		"$OQFS" "$STORES" mnt
}

@test "a source that may not be read, and a mount point of somebody else's" {
	dir=$(for_nobody)
	mkdir -m 0 "$dir/src"
	mkdir -m 555 "$dir/mnt"
	fails_saying "cannot look into the source '$dir/src'" \
		as_nobody "$dir/oqfs" "$dir/src" "$dir/mnt"
	chmod 755 "$dir/src"
	if as_nobody test -w /dev/fuse; then
		fails_saying "of your own" \
			as_nobody "$dir/oqfs" "$dir/src" "$dir/mnt"
	fi
	chmod 700 "$dir/mnt"
	rm -r "$dir"
}

@test "--version and --help go to stdout" {
	[ "$("$OQFS" --version 2>/dev/null)" = \
	  "oqfs $VERSION (HDF5 $H5_VERSION, libfuse $FUSE3_VERSION)" ]
	"$OQFS" --help 2>/dev/null | grep -q "^usage: oqfs"
	[ -z "$("$OQFS" --help 2>&1 >/dev/null)" ]
}

@test "a source with commas and blanks in its name" {
	mkdir "a, b"
	cp "$STORES/good-links.hdf5" "a, b"
	"$OQFS" "a, b" mnt
	[ -d mnt/good-links.hdf5/group ]
}

@test "the file creation mask does not matter" {
	(umask 777; "$OQFS" "$STORES" mnt)
	[ "$(stat -c %a mnt/good-links.hdf5)" = 555 ]
}
