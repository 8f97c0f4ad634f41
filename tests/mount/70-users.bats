#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 70-users.bats - a shared mount shows nobody what the source does not
#
# Three users that need no account: the owner, one of the group, another.

bats_require_minimum_version 1.5.0
load mount

setup() {
	[ "$(id -u)" = 0 ] || skip "needs root"
	command -v setpriv >/dev/null || skip "no setpriv"
	needs_fuse
}

setup_file() {
	has_fuse && [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null ||
		return 0
	# Not below the directory of bats, which is root's alone.
	export TOP=$(mktemp -d /tmp/oqfs-users.XXXXXX)
	export SRC="$TOP/src" MNT="$TOP/mnt" LOG="$TOP/log"
	chmod 755 "$TOP"
	mkdir "$SRC" "$MNT"
	fill
	mount_here "$SRC" -o allow_other
}

teardown_file() {
	[ -n "$TOP" ] || return 0
	unmount
	! mountpoint -q "$TOP/drop" || umount "$TOP/drop"
	rm -rf "$TOP"
}

owner=61001 member=61002 other=61003 group=61010

as() {
	local groups=--clear-groups
	[ "$1" != $member ] || groups=--groups=$group
	setpriv --reuid "$1" --regid "$1" $groups -- "${@:2}"
}

put() {
	cp "$STORES/good-table.hdf5" "$SRC/$1"
	chown $owner:$group "$SRC/$1"
	chmod "$2" "$SRC/$1"
}

fill() {
	local m i=0
	chown $owner:$group "$SRC"
	chmod 755 "$SRC"
	for m in 0000 0400 0440 0444 0600 0604 0640 0644 0660 0004 0040; do
		put "m$m.hdf5" $m
		echo text >"$SRC/p$m.txt"
		chown $owner:$group "$SRC/p$m.txt"
		chmod $m "$SRC/p$m.txt"
	done
	for m in 0000 0500 0700 0710 0711 0750 0751 0755 0701; do
		mkdir "$SRC/d$m" "$SRC/d$m/in"
		put "d$m/in/s.hdf5" 644
		put "d$m/t.hdf5" 640
		chown $owner:$group "$SRC/d$m" "$SRC/d$m/in"
		chmod 755 "$SRC/d$m/in"
		chmod $m "$SRC/d$m"
	done
	# Links: into where not everybody may go, and out of the source.
	ln -s d0700/in/s.hdf5 "$SRC/into.hdf5"
	ln "$SRC/m0600.hdf5" "$SRC/hard.hdf5"
	cp "$STORES/good-table.hdf5" "$TOP/outside.hdf5"
	ln -s ../outside.hdf5 "$SRC/out.hdf5"
	ln -s "$TOP/outside.hdf5" "$SRC/absolute.hdf5"
	if command -v setfacl >/dev/null; then
		put acl-user.hdf5 640
		setfacl -m u:$other:r "$SRC/acl-user.hdf5"
		put acl-masked.hdf5 640
		setfacl -m u:$other:r,m::- "$SRC/acl-masked.hdf5"
		put acl-denied.hdf5 644
		setfacl -m u:$other:- "$SRC/acl-denied.hdf5"
		put acl-group.hdf5 600
		setfacl -m g:$group:-,g:$other:r,m::r "$SRC/acl-group.hdf5"
		mkdir "$SRC/acl-dir"
		put acl-dir/s.hdf5 644
		chown $owner:$group "$SRC/acl-dir"
		chmod 755 "$SRC/acl-dir"
		setfacl -m u:$other:- "$SRC/acl-dir"
		mkdir "$SRC/acl-let"
		put acl-let/s.hdf5 600
		echo text >"$SRC/acl-let/p.txt"
		chown $owner:$group "$SRC/acl-let"
		chmod 700 "$SRC/acl-let"
		chmod 600 "$SRC/acl-let/p.txt"
		setfacl -m u:$other:x "$SRC/acl-let"
		setfacl -m u:$other:r "$SRC/acl-let/"*
	fi
}

# A view, or the plain file.
reads() {
	local at=$2
	case $at in
	*.hdf5) at=$(find_view "$at") ;;
	esac
	as "$1" cat "$MNT/$at" >/dev/null 2>&1
}

find_view() {
	echo "$1/$VIEW"
}

# For every file and every user: what he may read in the mount he may read in
# the source, and the other way round.
@test "a table of users, modes, directories and access lists" {
	export VIEW=.meta.json
	local leaks=0 withheld=0 may=0 n=0 f u in_src in_mnt
	cd "$SRC"
	while read -r f; do
		for u in $owner $member $other; do
			as $u cat "$SRC/$f" >/dev/null 2>&1 &&
				in_src=1 || in_src=0
			reads $u "$f" && in_mnt=1 || in_mnt=0
			n=$((n + 1))
			may=$((may + in_mnt))
			if [ $in_mnt -gt $in_src ]; then
				echo "LEAK: user $u reads $f"
				leaks=$((leaks + 1))
			elif [ $in_mnt -lt $in_src ]; then
				echo "withheld: user $u, $f"
				withheld=$((withheld + 1))
			fi
		done
	done < <(find . -name '*.hdf5' -printf '%P\n' -o -name '*.txt' \
		-printf '%P\n' | grep -v -e ^out -e ^absolute -e ^into)
	echo "# $n questions, $may yes, $leaks leaks, $withheld withheld" >&3
	[ $leaks -eq 0 ]
	[ $withheld -eq 0 ]
	[ $may -gt 20 ]
}

@test "a link into a directory leads nobody past its mode" {
	for u in $member $other; do
		run ! as $u cat "$SRC/into.hdf5"
		run ! as $u cat "$MNT/into.hdf5/.meta.json"
		run ! as $u ls "$MNT/into.hdf5/"
	done
	as $owner cat "$MNT/into.hdf5/.meta.json" >/dev/null
}

@test "nor does one that takes the place of a directory in the meantime" {
	mkdir -m 755 "$SRC/trap"
	put trap/s.hdf5 644
	put d0700/in/private.hdf5 644
	for _ in 1 2 3; do
		for _ in $(seq 60); do
			! as $other ls "$MNT/trap/s.hdf5" >/dev/null 2>&1 ||
				break
			sleep 0.1
		done
		as $other ls "$MNT/trap/s.hdf5" >/dev/null
		mv "$SRC/trap" "$SRC/trap.was"
		ln -s d0700/in "$SRC/trap"
		for _ in $(seq 10); do
			run ! as $other \
				cat "$MNT/trap/private.hdf5/.meta.json"
		done
		rm "$SRC/trap"
		mv "$SRC/trap.was" "$SRC/trap"
	done
}

@test "no link leads out of the source" {
	for l in out absolute; do
		[ -L "$MNT/$l.hdf5" ]
		run ! as $owner ls "$MNT/$l.hdf5/"
	done
}

@test "what a user may not list he does not list, but what he may read is there" {
	run ! as $other ls "$MNT/d0711"
	as $other cat "$MNT/d0711/in/s.hdf5/.meta.json" >/dev/null
	# Unreadable ones are listed, and say EACCES.
	as $other ls "$MNT" | grep -q m0600.hdf5
	run as $other ls "$MNT/m0600.hdf5"
	[[ $output == *"Permission denied"* ]]
}

@test "neither names nor attributes of what may not be read" {
	run ! as $other getfattr -n user.oqfs.state "$MNT/m0600.hdf5"
	as $other getfattr -m - "$MNT/m0644.hdf5" | grep -q user.oqfs.state
	[ -z "$(as $other getfattr -m - "$MNT/m0600.hdf5")" ]
	run ! as $other stat "$MNT/d0700/in"
	run ! as $other stat "$MNT/m0600.hdf5/.meta.json"
}

@test "the kernel's caches of one user are of no use to another" {
	as $owner cat "$MNT/m0600.hdf5/.meta.json" >/dev/null
	as $owner ls "$MNT/m0600.hdf5" >/dev/null
	as $owner cat "$MNT/d0700/in/s.hdf5/.meta.json" >/dev/null
	run ! as $other cat "$MNT/m0600.hdf5/.meta.json"
	run ! as $other ls "$MNT/m0600.hdf5"
	run ! as $other cat "$MNT/d0700/in/s.hdf5/.meta.json"
}

@test "a change of mode, of the file or above it, counts within a second" {
	put now.hdf5 644
	mkdir -m 755 "$SRC/now"
	put now/s.hdf5 644
	as $other cat "$MNT/now.hdf5/.meta.json" >/dev/null
	as $other cat "$MNT/now/s.hdf5/.meta.json" >/dev/null
	chmod 600 "$SRC/now.hdf5"
	chmod 700 "$SRC/now"
	for f in now.hdf5 now/s.hdf5; do
		for _ in $(seq 60); do
			as $other cat "$MNT/$f/.meta.json" >/dev/null 2>&1 ||
				continue 2
			sleep 0.1
		done
		echo "$f is still read"
		return 1
	done
}

@test "a right that is taken away is gone at the next open" {
	local f
	put gone.hdf5 644
	mkdir -m 755 "$SRC/gone"
	put gone/s.hdf5 644
	echo text >"$SRC/gone.txt"
	for _ in $(seq 10); do
		chmod 644 "$SRC/gone.hdf5" "$SRC/gone.txt"
		chmod 755 "$SRC/gone"
		for f in gone.hdf5/.meta.json gone/s.hdf5/.meta.json gone.txt; do
			for _ in $(seq 60); do
				! as $other cat "$MNT/$f" >/dev/null 2>&1 ||
					break
				sleep 0.1
			done
			as $other cat "$MNT/$f" >/dev/null
		done
		chmod 600 "$SRC/gone.hdf5" "$SRC/gone.txt"
		chmod 700 "$SRC/gone"
		for f in gone.hdf5/.meta.json gone/s.hdf5/.meta.json gone.txt; do
			run ! as $other cat "$MNT/$f"
		done
		run ! as $other ls "$MNT/gone.hdf5"
	done
}

# A shared mount of $TOP/above/src, with nothing but one file in it.
@test "the directories above the source count as in the source, and later too" {
	local above="$TOP/above" m u leaks=0 withheld=0 n=0
	mkdir -p "$above/src" "$TOP/low"
	cp "$STORES/good-table.hdf5" "$above/src/s.hdf5"
	chmod 644 "$above/src/s.hdf5"
	chown -R $owner:$group "$above"
	"$OQFS" "$above/src" "$TOP/low" -o allow_other 3>&-
	for m in 755 711 701 705 710 750 700 055 000 755- 700x; do
		chmod ${m%[-x]} "$above"
		if [[ $m == *[-x] ]]; then
			command -v setfacl >/dev/null || continue
			setfacl -b -m u:$other:${m: -1} "$above"
		fi
		sleep 1.2
		for u in $owner $member $other; do
			local src=0 mnt=0
			! as $u cat "$above/src/s.hdf5" >/dev/null 2>&1 ||
				src=1
			! as $u cat "$TOP/low/s.hdf5/.meta.json" >/dev/null \
				2>&1 || mnt=1
			n=$((n + 1))
			[ $mnt -le $src ] || {
				echo "LEAK: $m above, user $u"
				leaks=$((leaks + 1))
			}
			[ $mnt -ge $src ] || {
				echo "withheld: $m above, user $u"
				withheld=$((withheld + 1))
			}
		done
	done
	fusermount3 -u "$TOP/low"
	echo "# $n questions, $leaks leaks, $withheld withheld" >&3
	[ $leaks -eq 0 ]
	[ $withheld -eq 0 ]
}

@test "an access list is the same in the mount, for reading and searching" {
	command -v setfacl >/dev/null || skip "no setfacl"
	local f=acl-let/s.hdf5
	[ "$(getfacl -cpn "$MNT/$f/.meta.json" | grep -v '^$')" = \
		"$(printf '%s\n' user::r-- user:$other:r-- group::--- mask::r-- \
			other::---)" ]
	[ "$(getfacl -cpn "$MNT/$f" | grep -v '^$')" = \
		"$(printf '%s\n' user::r-x user:$other:r-x group::--- \
			mask::r-x other::---)" ]
	[ "$(getfacl -cpn "$MNT/acl-let" | grep -v '^$')" = \
		"$(printf '%s\n' user::r-x user:$other:--x group::--- \
			mask::--x other::---)" ]
	# None where there is none; and nobody changes one.
	run ! getfattr -n system.posix_acl_access "$MNT/m0644.hdf5"
	run ! setfacl -m u:$member:r "$MNT/$f/.meta.json"
	[[ $output == *"Read-only"* ]]
}

@test "a list that changes counts at the next open" {
	command -v setfacl >/dev/null || skip "no setfacl"
	put list.hdf5 600
	setfacl -m u:$other:r "$SRC/list.hdf5"
	as $other cat "$MNT/list.hdf5/.meta.json" >/dev/null
	setfacl -b "$SRC/list.hdf5"
	run ! as $other cat "$MNT/list.hdf5/.meta.json"
	run ! as $other ls "$MNT/list.hdf5"
	as $owner cat "$MNT/list.hdf5/.meta.json" >/dev/null
}

@test "a private file renamed over a public one is not read" {
	put swap.hdf5 644
	as $other cat "$MNT/swap.hdf5/.meta.json" >/dev/null
	put secret.hdf5 600
	mv "$SRC/secret.hdf5" "$SRC/swap.hdf5"
	sleep 1.5
	run ! as $other cat "$MNT/swap.hdf5/.meta.json"
	run ! as $other ls "$MNT/swap.hdf5"
	as $owner cat "$MNT/swap.hdf5/.meta.json" >/dev/null
}

@test "a mount of one's own is closed to others" {
	mkdir "$TOP/own"
	"$OQFS" "$SRC" "$TOP/own"
	run -0 ls "$TOP/own/m0644.hdf5"
	run ! as $other ls "$TOP/own"
	fusermount3 -u "$TOP/own"
}

@test "the mount is nosuid, nodev and read-only" {
	local options
	options=$(findmnt -n -o OPTIONS "$MNT")
	for o in ro nosuid nodev noexec default_permissions allow_other; do
		[[ ,$options, == *,$o,* ]]
	done
}

# mount.fuse3 as it is, and our helper for mount(8).
by_mount() {
	command -v mount.fuse3 >/dev/null || skip "no mount.fuse3"
	id nobody >/dev/null || skip "no user nobody"
	[ -e "$TOP/oqfs" ] || {
		cp "$OQFS" "$TOP/oqfs"
		chmod 755 "$TOP/oqfs"
		mkdir "$TOP/theirs" "$TOP/drop"
		cp "$STORES/good-table.hdf5" "$TOP/theirs/open.hdf5"
		cp "$STORES/good-table.hdf5" "$TOP/theirs/own.hdf5"
		chmod 644 "$TOP/theirs/open.hdf5"
		chmod 600 "$TOP/theirs/own.hdf5"
		chown -R nobody "$TOP/theirs" "$TOP/drop"
		sed "s|@BINDIR@|$TOP|" contrib/host/mount.oqfs \
			>"$TOP/mount.oqfs"
	}
}

@test "a daemon without privileges serves as the source would" {
	by_mount
	local pid
	sh "$TOP/mount.oqfs" "$TOP/theirs" "$TOP/drop" \
		-o rw,suid,setuid=nobody,drop_privileges,allow_other 3>&-
	options=,$(findmnt -n -o OPTIONS "$TOP/drop"),
	for o in ro nosuid nodev noexec default_permissions allow_other; do
		[[ $options == *,$o,* ]]
	done
	[ "$(findmnt -n -o FSTYPE,SOURCE "$TOP/drop" | tr -s ' ')" = \
		"fuse.oqfs $TOP/theirs" ]
	pid=$(pgrep -x -u nobody -f "oqfs $TOP/theirs /dev/fd/.*")
	grep -q '^CapPrm:[[:space:]]*0*$' /proc/$pid/status
	grep -q '^NoNewPrivs:[[:space:]]*1$' /proc/$pid/status
	as $other cat "$TOP/drop/open.hdf5/.meta.json" >/dev/null
	run ! as $other cat "$TOP/drop/own.hdf5/.meta.json"
	as $(id -u nobody) cat "$TOP/drop/own.hdf5/.meta.json" >/dev/null
	chmod 600 "$TOP/theirs/open.hdf5"
	run ! as $other cat "$TOP/drop/open.hdf5/.meta.json"
	chmod 644 "$TOP/theirs/open.hdf5"
	umount "$TOP/drop"
	await has_gone $pid
}

@test "a mount that is not checked by the kernel is refused" {
	by_mount
	run ! mount.fuse3 "$TOP/oqfs#$TOP/theirs" "$TOP/drop" \
		-o setuid=nobody,drop_privileges,allow_other
	[[ $output == *default_permissions* ]]
	umount "$TOP/drop"
	run ! "$OQFS" "$TOP/theirs" "$TOP/drop" -o setuid=nobody
	[[ $output == *"mount -t oqfs"* ]]
}

# In a namespace whose /dev/fuse is as open as it is on most machines.
@test "setuid=USER has the daemon run as that user" {
	by_mount
	unshare -m true 2>/dev/null || skip "no unshare"
	mknod "$TOP/fuse" c 10 229
	chmod 666 "$TOP/fuse"
	run -0 unshare -m sh -ec "
		mount --bind $TOP/fuse /dev/fuse
		trap 'umount -q $TOP/drop || :' EXIT
		sh $TOP/mount.oqfs $TOP/theirs $TOP/drop -o setuid=nobody 3>&-
		pgrep -x -u nobody -f 'oqfs $TOP/theirs $TOP/drop .*'
		setpriv --reuid nobody --regid $(id -g nobody) --clear-groups \
			cat $TOP/drop/own.hdf5/.meta.json >/dev/null
		! ls $TOP/drop/own.hdf5 2>/dev/null
		setpriv --reuid nobody --regid $(id -g nobody) --clear-groups \
			fusermount3 -u $TOP/drop"
}

@test "in a mount of one's own what a list gives can be read" {
	by_mount
	command -v setfacl >/dev/null || skip "no setfacl"
	unshare -m true 2>/dev/null || skip "no unshare"
	[ -e "$TOP/fuse" ] || mknod "$TOP/fuse" c 10 229
	chmod 666 "$TOP/fuse"
	mkdir "$TOP/list"
	cp "$STORES/good-table.hdf5" "$TOP/list/s.hdf5"
	chmod 600 "$TOP/list/s.hdf5"
	chmod 700 "$TOP/list"
	chown -R $owner "$TOP/list"
	setfacl -m u:nobody:rx "$TOP/list"
	setfacl -m u:nobody:r "$TOP/list/s.hdf5"
	local nobody="setpriv --reuid nobody --regid $(id -g nobody)"
	run -0 unshare -m sh -ec "
		mount --bind $TOP/fuse /dev/fuse
		$nobody --clear-groups $TOP/oqfs $TOP/list $TOP/drop 3>&-
		$nobody --clear-groups cat $TOP/drop/s.hdf5/.meta.json \
			>/dev/null || echo FAILED
		$nobody --clear-groups fusermount3 -u $TOP/drop"
	[[ $output != *FAILED* ]]
}
