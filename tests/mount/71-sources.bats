#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 71-sources.bats - one mount of several data directories, each under a name
#
# The homes of users that need no account: alice, bob and the group of both.

bats_require_minimum_version 1.5.0
load mount

alice=61001 bob=61002 group=61010

setup_file() {
	has_fuse || return 0
	# Not below the directory of bats, which is root's alone.
	export TOP=$(mktemp -d /tmp/oqfs-sources.XXXXXX)
	export MNT="$TOP/mnt" LOG="$TOP/log"
	chmod 755 "$TOP"
	mkdir "$TOP/home" "$TOP/srv" "$TOP/mnt"
	local u
	for u in alice bob; do
		mkdir -p "$TOP/home/$u/oqdata"
	done
	mkdir "$TOP/home/nobody" "$TOP/home/.trash"
	cp "$STORES"/demo/calc_[12].hdf5 "$TOP/home/alice/oqdata"
	cp "$STORES/good-table.hdf5" "$TOP/home/bob/oqdata/calc_1.hdf5"
	cp "$STORES/good-table.hdf5" "$TOP/srv/calc_7.hdf5"
	echo text >"$TOP/home/file"
	mount_here "$TOP/home/*/oqdata" \
		-o "source=shared:$TOP/srv,source=later:$TOP/later"
}

teardown_file() {
	[ -n "$TOP" ] || return 0
	unmount
	rm -rf "$TOP"
}

teardown() {
	# Root itself cannot look at a mount of somebody else's.
	! grep -q " $TOP/other " /proc/mounts || fusermount3 -u -z "$TOP/other"
	cd /
}

# Wait until a command is true: the kernel keeps names for a second.
soon() {
	local i
	for i in $(seq 50); do
		! "$@" || return 0
		sleep 0.1
	done
	return 1
}

names_are() {
	[ "$(ls "${2-$MNT}" | paste -sd ' ')" = "$1" ]
}

@test "the root has a directory for each source that is there" {
	names_are "alice bob shared"
	[ "$(stat -c %A "$MNT" "$MNT/alice" | sort -u)" = dr-xr-xr-x ]
	run ! ls "$MNT/nobody"
	run ! ls "$MNT/later"
	run ! ls "$MNT/.trash"
	run ! ls "$MNT/file"
	run ! touch "$MNT/new"
	[[ $output == *"Read-only"* ]]
	[ "$(ls "$MNT/shared")" = "calc_7"$'\n'"latest" ]
}

@test "each has a latest of its own, and parents lead to its own" {
	[ "$(readlink "$MNT/alice/latest")" = calc_2 ]
	[ "$(readlink "$MNT/bob/latest")" = calc_1 ]
	[ "$(readlink "$MNT/shared/latest")" = calc_7 ]
	[ "$(readlink "$MNT/alice/calc_2/parent")" = ../calc_1 ]
	[ -s "$MNT/alice/latest/parent/weights.csv" ]
	run ! readlink "$MNT/latest"
	run ! readlink "$MNT/alice/calc_1/latest"
}

@test "calculations of one number are two" {
	[ -e "$MNT/alice/calc_1/weights.csv" ]
	[ ! -e "$MNT/bob/calc_1/weights.csv" ]
	cmp "$MNT/alice/calc_1.hdf5" "$STORES/demo/calc_1.hdf5"
	cmp "$MNT/bob/calc_1.hdf5" "$STORES/good-table.hdf5"
}

@test "inode numbers are distinct, even of one directory under two names" {
	mkdir -p "$TOP/other"
	"$OQFS" x "$TOP/other" -o "source=a:$TOP/srv,source=b:$TOP/srv"
	find "$TOP/other" "$MNT" -printf '%i\n' >"$BATS_TEST_TMPDIR/inodes"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/inodes")" -gt 100 ]
	find "$TOP/other" -mindepth 1 -printf '%i\n' | sort | uniq -d |
		diff /dev/null -
	find "$MNT" -mindepth 1 -printf '%i\n' | sort | uniq -d |
		diff /dev/null -
	cmp "$TOP/other"/{a,b}/calc_7.hdf5
}

@test "all that a mount of each alone has, and nothing else" {
	mkdir -p "$TOP/other"
	"$OQFS" "$TOP/home/alice/oqdata" "$TOP/other"
	diff <(cd "$TOP/other" && find . -printf '%P %M %s %t\n' | grep -v '^ ' |
		sort) <(cd "$MNT/alice" && find . -printf '%P %M %s %t\n' |
		grep -v '^ ' | sort)
	diff -r "$TOP/other" "$MNT/alice"
}

@test "sources come and go while mounted" {
	names_are "alice bob shared"
	mkdir "$TOP/later" "$TOP/home/carol"
	cp "$STORES/good-table.hdf5" "$TOP/later/calc_3.hdf5"
	soon names_are "alice bob later shared"
	[ -d "$MNT/later/calc_3" ]
	cp -r "$TOP/home/bob/oqdata" "$TOP/home/carol"
	soon names_are "alice bob carol later shared"
	cat "$MNT/carol/calc_1/.meta.json" >/dev/null
	rm -r "$TOP/later"
	mv "$TOP/home/carol" "$TOP/away"
	soon names_are "alice bob shared"
	soon not cat "$MNT/carol/calc_1/.meta.json"
	# Nothing of it is held open.
	rm -r "$TOP/away"
	soon not eval "ls -l /proc/$(cat "$BATS_FILE_TMPDIR/pid")/fd |
		grep -e '(deleted)' -e '$TOP/away'"
}

not() {
	! "$@" >/dev/null 2>&1
}

@test "a directory that takes the place of another is seen" {
	mkdir -p "$TOP/home/dave/oqdata"
	cp "$STORES/good-table.hdf5" "$TOP/home/dave/oqdata/calc_1.hdf5"
	soon test -d "$MNT/dave/calc_1"
	mv "$TOP/home/dave/oqdata" "$TOP/home/dave/was"
	mkdir "$TOP/home/dave/oqdata"
	cp "$STORES/demo/calc_2.hdf5" "$TOP/home/dave/oqdata"
	soon names_are "calc_2 latest" "$MNT/dave"
	[ "$(readlink "$MNT/dave/latest")" = calc_2 ]
	rm -r "$TOP/home/dave"
}

@test "a name that was given wins over what a star finds" {
	mkdir -p "$TOP/other"
	"$OQFS" "$TOP/home/*/oqdata" "$TOP/other" -o "source=bob:$TOP/srv"
	names_are "alice bob" "$TOP/other"
	[ -d "$TOP/other/bob/calc_7" ]
	[ ! -e "$TOP/other/bob/calc_1" ]
}

@test "statfs is that of the source; above them is none" {
	[ "$(stat -f -c %b "$MNT")" = 0 ]
	[ "$(stat -f -c '%b %s' "$MNT/alice/calc_1/weights.csv")" = \
		"$(stat -f -c '%b %s' "$TOP/home")" ]
}

@test "log and status name the source" {
	grep -q "no directory '$TOP/later' yet" "$LOG"
	cat "$MNT/bob/calc_1/.meta.json" >/dev/null
	status=$(cat "$MNT/.oqfs/status")
	grep -q "^source shared: $TOP/srv: 1 there" <<<"$status"
	grep -q "^source later: $TOP/later: 0 there" <<<"$status"
	grep -q "^source \*: $TOP/home/\*/oqdata: 2 there" <<<"$status"
	grep -q "^bob/calc_1.hdf5: reader" <<<"$status"
	cp "$STORES/bad-chunk.hdf5" "$TOP/srv/calc_8.hdf5"
	soon test -e "$MNT/shared/calc_8/deflate.bin"
	run ! cat "$MNT/shared/calc_8/deflate.bin"
	rm "$TOP/srv/calc_8.hdf5"
	grep -q "^oqfs: shared/calc_8.hdf5: /deflate: " "$LOG" ||
		grep -q "shared/calc_8.hdf5: /deflate: " "$LOG"
}

# One sentence that begins with "oqfs: " and says this; exit status 1.
fails_saying() {
	local says=$1
	shift
	run -1 "$OQFS" "$@"
	echo "$output"
	[ "${#lines[@]}" -eq 1 ]
	[[ $output == "oqfs: "*"$says"* ]]
}

@test "what cannot be meant is said" {
	mkdir -p "$TOP/other"
	fails_saying "the name 'a'" "$TOP/other" -o source=a:/x,source=a:/y
	fails_saying "'a/b' cannot be" "$TOP/other" -o source=a/b:/x
	fails_saying "source=NAME:$TOP/srv" "$TOP/other" -o "source=$TOP/srv"
	fails_saying "source=NAME:$TOP/srv" "$TOP/srv" "$TOP/other" \
		-o source=a:/x
	fails_saying "more than one *" "$TOP/*/*" "$TOP/other"
	fails_saying "one name" "$TOP/other" -o "source=a:$TOP/*"
	fails_saying "no directory" "$TOP/other" -o source=a:
	for m in home home/alice home/alice/oqdata; do
		fails_saying "mount point" "$TOP/home/*/oqdata" "$TOP/$m" \
			-o nonempty
		fails_saying "mount point" "$TOP/$m" \
			-o "nonempty,source=a:$TOP/home/alice/oqdata"
	done
}

@test "--check goes through all of them" {
	cd "$TOP"
	run -0 "$OQFS" --check 'home/*/oqdata' -o source=s:srv
	[[ $output == *"alice/calc_2.hdf5: complete"* ]]
	[[ $output == *"bob/calc_1.hdf5: complete"* ]]
	[[ $output == *"s/calc_7.hdf5: complete"* ]]
	[[ $output == *"4 datastores, "* ]]
	run -1 "$OQFS" --check 'home/*/none'
	[ "$output" = "oqfs: there is no directory '$TOP/home/*/none' yet" ]
	run -1 --separate-stderr "$OQFS" --check --json 'home/*/none'
	[ -z "$output" ]
	# Some that are not there yet are no failure.
	run -0 "$OQFS" --check 'home/*/none' -o source=s:srv
	[[ $output == *"s/calc_7.hdf5: complete"* ]]
}

@test "external links lead to other sources, and not past their own" {
	/usr/bin/python3 -c 'import h5py' 2>/dev/null || skip "no h5py"
	mkdir "$TOP/home/erin" "$TOP/home/erin/oqdata"
	/usr/bin/python3 - "$TOP" <<-END
	import h5py, sys
	top = sys.argv[1]
	with h5py.File(top + "/home/erin/oqdata/calc_1.hdf5", "w") as f:
	    g = f.create_group("g")
	    for where in f, g:
	        for name, file in (
	                ("own", "calc_2.hdf5"),
	                ("absolute", top + "/home/erin/oqdata/calc_2.hdf5"),
	                ("other", top + "/home/bob/oqdata/calc_1.hdf5"),
	                ("shared", top + "/srv/calc_7.hdf5"),
	                ("out", "../bob/calc_1.hdf5"),
	                ("twisted", top + "/srv/../bob/calc_1.hdf5"),
	                ("none", top + "/elsewhere/calc_1.hdf5")):
	            where[name] = h5py.ExternalLink(file, "/")
	END
	soon test -d "$MNT/erin/calc_1"
	cd "$MNT/erin/calc_1"
	[ "$(readlink own)" = ../calc_2 ]
	[ "$(readlink g/own)" = ../../calc_2 ]
	[ "$(readlink absolute)" = ../../erin/calc_2 ]
	[ "$(readlink other)" = ../../bob/calc_1 ]
	[ "$(readlink g/other)" = ../../../bob/calc_1 ]
	[ "$(readlink -f shared)" = "$MNT/shared/calc_7" ]
	[ -d other/ ]
	for l in out twisted none g/out; do
		[ ! -e $l ]
		[[ $(readlink $l) == *%2F* ]]
	done
	cd /
	rm -r "$TOP/home/erin"
}

# ---- who may see what ------------------------------------------------------

as() {
	setpriv --reuid "$1" --regid "$1" --clear-groups -- "${@:2}"
}

needs_users() {
	[ "$(id -u)" = 0 ] || skip "needs root"
	command -v setpriv >/dev/null || skip "no setpriv"
}

@test "in a shared mount each source is closed to whom its owner closed it" {
	needs_users
	cp -r "$TOP/home" "$TOP/homes"
	chown -R $alice:$group "$TOP/homes/alice"
	chown -R $bob:$group "$TOP/homes/bob"
	chmod 755 "$TOP"/homes/{alice,bob}{,/oqdata}
	mkdir -p "$TOP/other"
	"$OQFS" "$TOP/homes/*/oqdata" "$TOP/other" -o allow_other
	cd /
	local mine="$TOP/other/alice" m f d
	local -A dirs=([home]="$TOP/homes/alice"
		[data]="$TOP/homes/alice/oqdata"
		[file]="$TOP/homes/alice/oqdata/calc_1.hdf5")
	as $bob cat "$mine/calc_1/.meta.json" >/dev/null
	for d in home data file; do
		f=${dirs[$d]}
		m=$(stat -c %a "$f")
		chmod 700 "$f"
		soon not as $bob cat "$mine/calc_1/.meta.json"
		run ! as $bob cat "$mine/calc_1.hdf5"
		as $alice cat "$mine/calc_1/.meta.json" >/dev/null
		# The name stays, and bob's own are as they were.
		as $bob ls "$TOP/other" | grep -qx alice
		as $bob ls "$TOP/other/bob/calc_1" >/dev/null
		[ $d = file ] || run ! as $bob ls "$mine"
		chmod "$m" "$f"
		soon as $bob cat "$mine/calc_1/.meta.json" >/dev/null
	done
}

@test "in a shared mount a user's link leads nobody anywhere" {
	needs_users
	mkdir -p "$TOP/homes/mallory" "$TOP/homes/eve" "$TOP/other"
	ln -s /proc "$TOP/homes/mallory/oqdata"
	ln -s alice "$TOP/homes/link"
	mkdir -p "$TOP/homes/alice/oqdata"
	"$OQFS" "$TOP/homes/*/oqdata" "$TOP/other" -o allow_other
	[ -z "$(ls "$TOP/other" | grep -e mallory -e link)" ]
	run ! ls "$TOP/other/mallory"
	run ! ls "$TOP/other/link"
	# One that takes the place of a directory in the meantime, too.
	mkdir "$TOP/homes/eve/oqdata"
	soon test -d "$TOP/other/eve"
	rmdir "$TOP/homes/eve/oqdata"
	ln -s /etc "$TOP/homes/eve/oqdata"
	run ! cat "$TOP/other/eve/passwd"
	soon not ls "$TOP/other/eve"
}

@test "an owner gets no further than in the source" {
	needs_users
	mkdir -p "$TOP/closed/data" "$TOP/other"
	cp "$STORES/good-table.hdf5" "$TOP/closed/data"
	chown -R $alice "$TOP/closed/data"
	chmod 700 "$TOP/closed"
	run ! as $alice ls "$TOP/closed/data"
	"$OQFS" label "$TOP/other" -o "allow_other,source=a:$TOP/closed/data"
	run ! as $alice ls "$TOP/other/a"
	as $alice ls "$TOP/other" | grep -qx a
	chmod 711 "$TOP/closed"
	soon as $alice ls "$TOP/other/a"
	fusermount3 -u "$TOP/other"
	# Of the one source, too.
	chmod 700 "$TOP/closed"
	"$OQFS" "$TOP/closed/data" "$TOP/other" -o allow_other
	run ! as $alice ls "$TOP/other"
}

@test "what the mount's own user may not enter is listed if it was named" {
	needs_users
	command -v mount.fuse3 >/dev/null || skip "no mount.fuse3"
	mkdir -p "$TOP/rooms/a/oqdata" "$TOP/rooms/b/oqdata" "$TOP/other"
	chmod 700 "$TOP/rooms/a"
	options=setuid=nobody,drop_privileges,ro,nosuid,nodev,noexec
	options+=,default_permissions,source=c:$TOP/rooms/a/oqdata
	mount.fuse3 "$OQFS#$TOP/rooms/*/oqdata" "$TOP/other" -o "$options" 3>&-
	as 65534 ls "$TOP/other" >"$BATS_TEST_TMPDIR/ls"
	run as 65534 ls "$TOP/other/c"
	umount "$TOP/other"
	[ "$(paste -sd ' ' "$BATS_TEST_TMPDIR/ls")" = "b c" ]
	[[ $output == *"Permission denied"* ]]
}
