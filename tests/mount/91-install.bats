#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 91-install.bats - make install, what it installed, make uninstall

bats_require_minimum_version 1.5.0
load mount

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	export DESTDIR="$BATS_TEST_TMPDIR/dest" B
	B=$(dirname "$OQFS")
	MNT="$BATS_TEST_TMPDIR/mnt"
	mkdir "$MNT"
	root="$DESTDIR/usr/local"
}

teardown() {
	! mountpoint -q "$MNT" || fusermount3 -u -z "$MNT"
	for f in /sbin/mount.oqfs /usr/local/bin/oqfs; do
		# Only what we put there ourselves: see link_into().
		[[ $(readlink "$f") != "$DESTDIR"/* ]] || rm "$f"
	done
	cd /
}

files() {
	(cd "$1" && find . ! -type d | sort)
}

needs_root() {
	[ "$(id -u)" = 0 ] || skip "needs root"
	command -v mount.fuse3 >/dev/null || skip "no mount.fuse3"
	needs_fuse
}

@test "uninstall removes all that install puts, and nothing else" {
	mkdir -p "$root/bin" "$root/share/man/man1"
	touch "$root/bin/other" "$root/share/man/man1/other.1"
	files "$DESTDIR" >"$BATS_TEST_TMPDIR/before"
	contrib/install
	[ "$(files "$DESTDIR" | wc -l)" -gt 15 ]
	contrib/install -r
	files "$DESTDIR" | diff "$BATS_TEST_TMPDIR/before" -
	# Folders of our own are gone too, those of others stay.
	[ ! -e "$root/share/doc/oqfs" ]
	[ -d "$root/lib/systemd/user" ]
}

@test "/etc/oqfs is made, and goes if it is empty" {
	contrib/install
	[ -d "$DESTDIR/etc/oqfs" ]
	touch "$DESTDIR/etc/oqfs/server.conf"
	contrib/install -r
	[ -e "$DESTDIR/etc/oqfs/server.conf" ]
	rm "$DESTDIR/etc/oqfs/server.conf"
	contrib/install -r
	[ ! -e "$DESTDIR/etc/oqfs" ]
	PREFIX=/opt/oqfs contrib/install
	[ ! -e "$DESTDIR/etc/oqfs" ]
}

@test "install twice is like once" {
	contrib/install
	files "$DESTDIR" >"$BATS_TEST_TMPDIR/once"
	contrib/install
	files "$DESTDIR" | diff "$BATS_TEST_TMPDIR/once" -
}

@test "modes do not depend on the umask" {
	(umask 077 && contrib/install)
	[ -z "$(find "$DESTDIR" -mindepth 1 ! -type l ! -perm -444)" ]
	[ -z "$(find "$DESTDIR" -mindepth 1 -type d ! -perm 755)" ]
	[ "$(stat -c %a "$root/bin/oqfs")" = 755 ]
	[ "$(stat -c %a "$root/share/doc/oqfs/README.md")" = 644 ]
}

@test "with PREFIX all is below it" {
	unset DESTDIR
	PREFIX="$BATS_TEST_TMPDIR/a b" contrib/install
	[ -x "$BATS_TEST_TMPDIR/a b/bin/oqfs" ]
	[ -x "$BATS_TEST_TMPDIR/a b/sbin/mount.oqfs" ]
	mkdir "$BATS_TEST_TMPDIR/a b/lib/other"
	PREFIX="$BATS_TEST_TMPDIR/a b" contrib/install -r
	[ "$(cd "$BATS_TEST_TMPDIR/a b" && find . | paste -sd ' ')" \
		= ". ./lib ./lib/other" ]
	PREFIX="$BATS_TEST_TMPDIR/a b" contrib/install -r
	rmdir "$BATS_TEST_TMPDIR/a b/lib/other"
	PREFIX="$BATS_TEST_TMPDIR/a b" contrib/install
	PREFIX="$BATS_TEST_TMPDIR/a b" contrib/install -r
	[ ! -e "$BATS_TEST_TMPDIR/a b" ]
}

@test "what was installed runs" {
	needs_fuse
	contrib/install
	[ "$("$root/bin/oqfs" --version)" = \
	  "oqfs $VERSION (HDF5 $H5_VERSION, libfuse $FUSE3_VERSION)" ]
	"$root/bin/oqfs" "$STORES/demo" "$MNT"
	[ -s "$MNT/calc_1/weights.csv" ]
	! grep -rIl '@[A-Z]*@' "$DESTDIR"
}

@test "a mount outlives an upgrade and the removal of the program" {
	needs_fuse
	contrib/install
	"$root/bin/oqfs" "$STORES/demo" "$MNT"
	[ -s "$MNT/calc_1/weights.csv" ]
	contrib/install
	[ -s "$MNT/calc_2/performance_data.csv" ]
	contrib/install -r
	# A datastore that was not open before takes a new reader.
	[ -d "$MNT/calc_1_tmp.hdf5" ]
	cat "$MNT"/calc_1/hcurves-stats.csv >/dev/null
}

@test "systemd takes the units" {
	command -v systemd-analyze >/dev/null || skip "no systemd-analyze"
	contrib/install
	unit="$BATS_TEST_TMPDIR/unit"
	mkdir "$unit"
	cp "$root"/lib/systemd/*/oqfs* "$unit"
	mv "$unit/oqfs@.service" "$unit/oqfs@x.service"
	sed -i "s|/usr/local/bin|$root/bin|" "$unit"/*
	for f in "$unit"/*; do
		run systemd-analyze verify --man=no "$f"
		echo "$output"
		[ -z "$(grep "$(basename "$f" | cut -d@ -f1)" <<<"$output" |
			grep -v 'Failed to prepare\|Cannot add dependency')" ]
	done
}

link_into() {
	[ ! -e "$1" ] || skip "there is a $1 already"
	ln -s "$2" "$1"
}

# mount(8) looks for its helpers in /sbin only, whatever PATH says.
mount_t() {
	local helper

	contrib/install
	helper=$(find "$DESTDIR" -name mount.oqfs)
	sed -i "s|/usr/local/bin|$root/bin|" "$helper"
	link_into /sbin/mount.oqfs "$helper"
	mount "$@"
}

@test "mount -t oqfs SOURCE MOUNTPOINT -o OPTIONS" {
	needs_root
	mount_t -t oqfs "$STORES/demo" "$MNT" \
		-o noatime,_netdev,nofail,allow_other,views=csv:npy
	[ "$(findmnt -n -o FSTYPE "$MNT")" = fuse.oqfs ]
	findmnt -n -o OPTIONS "$MNT" | grep -q allow_other
	[ -e "$MNT/calc_1/weights.csv" ]
	[ -z "$(ls "$MNT/calc_1" | grep 'weights\.bin')" ]
	umount "$MNT"
	run ! mountpoint -q "$MNT"
}

@test "mount of a line of fstab, of either type" {
	needs_root
	ln -s "$STORES/demo" "$BATS_TEST_TMPDIR/oqdata"
	line="$BATS_TEST_TMPDIR/oqdata $MNT"
	opts=allow_other,_netdev,nofail,x-systemd.automount,noauto
	echo "$line oqfs $opts 0 0" >"$BATS_TEST_TMPDIR/fstab"
	mount_t -T "$BATS_TEST_TMPDIR/fstab" "$MNT"
	[ -s "$MNT/calc_1/weights.csv" ]
	umount "$MNT"
	echo "$line fuse.oqfs $opts 0 0" >"$BATS_TEST_TMPDIR/fstab"
	link_into /usr/local/bin/oqfs "$root/bin/oqfs"
	mount -T "$BATS_TEST_TMPDIR/fstab" "$MNT"
	[ -s "$MNT/calc_1/weights.csv" ]
	umount "$MNT"
}

@test "a line of fstab for every user, and one more" {
	needs_root
	homes="$BATS_TEST_TMPDIR/homes"
	mkdir -p "$homes"/{alice,bob} "$homes/a,b"
	ln -s "$STORES/demo" "$homes/alice/oqdata"
	cp -r "$STORES/demo" "$homes/bob/oqdata"
	printf '%s/*/oqdata %s oqfs noauto,source=demo:%s 0 0\n' "$homes" \
		"$MNT" "$STORES/demo" >"$BATS_TEST_TMPDIR/fstab"
	mount_t -T "$BATS_TEST_TMPDIR/fstab" "$MNT"
	[ "$(ls "$MNT" | paste -sd ' ')" = "alice bob demo" ]
	[ -s "$MNT/demo/calc_1/weights.csv" ]
	umount "$MNT"
	# In a mount for all only the administrator's links count.
	printf 'oqfs %s oqfs allow_other,source=a:%s,source=b:%s 0 0\n' \
		"$MNT" "$homes/alice/oqdata" "$homes/none" \
		>"$BATS_TEST_TMPDIR/fstab"
	rm /sbin/mount.oqfs
	mount_t -T "$BATS_TEST_TMPDIR/fstab" "$MNT"
	[ "$(ls "$MNT")" = a ]
	[ "$(findmnt -n -o SOURCE "$MNT")" = oqfs ]
	umount "$MNT"
}

@test "mount -f does nothing, and what is wrong is said" {
	needs_root
	mount_t -f -t oqfs "$STORES/demo" "$MNT"
	run ! mountpoint -q "$MNT"
	run ! mount -t oqfs /none "$MNT"
	echo "$output"
	[[ $output == *"oqfs: "*"/none"* ]]
}

@test "autofs mounts by the map among the examples, and unmounts" {
	needs_root
	command -v automount >/dev/null || skip "no autofs"
	grep -qw autofs /proc/filesystems || skip "no autofs in the kernel"
	contrib/install
	link_into /usr/local/bin/oqfs "$root/bin/oqfs"
	top="$BATS_TEST_TMPDIR"
	mkdir -p "$top/home/alice"
	ln -s "$STORES/demo" "$top/home/alice/oqdata"
	sed "s|:/home|:$top/home|; s|:/srv/oqdata|:$STORES/demo|" \
		"$root/share/doc/oqfs/examples/auto.oqfs" >"$top/map"
	echo "$MNT $top/map --timeout=1" >"$top/master"
	# For its own process group nothing is mounted.
	setsid automount -f -v -p "$top/pid" "$top/master" >"$top/log" 2>&1 3>&- &
	pid=$!
	await mountpoint -q "$MNT"
	server=$(head -n 1 "$MNT/server/calc_1/weights.csv") || true
	alice=$(head -n 1 "$MNT/alice/calc_1/weights.csv") || true
	is_empty() { ! grep -q " $MNT/" /proc/mounts; }
	await is_empty || true
	left=$(grep " $MNT/" /proc/mounts) || true
	kill "$pid"
	wait "$pid" || true
	cat "$top/log"
	[ "$server $alice" = "weights weights" ]
	[ -z "$left" ]
}

# It is run twice, and the last line it leaves is as expected.
pruned() {
	conf="$BATS_TEST_TMPDIR/updatedb.conf"
	printf "$1" >"$conf"
	contrib/host/examples/updatedb "$conf"
	contrib/host/examples/updatedb "$conf"
	diff <(tail -n 1 "$conf") - <<<"$2"
	[ "$(grep -c PRUNE_BIND "$conf")" -eq "$(grep -c PRUNE_BIND <<<"$1")" ]
}

@test "updatedb leaves mounts alone once it was told to" {
	bind='PRUNE_BIND_MOUNTS="yes"'
	pruned "$bind\nPRUNEFS=\"NFS afs\"\n" 'PRUNEFS="fuse.oqfs NFS afs"'
	pruned "$bind\nPRUNEFS = \"NFS afs\"\n" 'PRUNEFS ="fuse.oqfs NFS afs"'
	pruned "PRUNEFS='NFS afs' # all\n" "PRUNEFS='fuse.oqfs NFS afs' # all"
	pruned 'PRUNEFS=\n' 'PRUNEFS="fuse.oqfs "'
	pruned 'PRUNEFS=nfs\n' 'PRUNEFS="fuse.oqfs nfs"'
	pruned 'PRUNEFS="fuse.oqfs2 x"\n' 'PRUNEFS="fuse.oqfs fuse.oqfs2 x"'
	pruned 'PRUNEFS="x fuse.oqfs"\n' 'PRUNEFS="x fuse.oqfs"'
	pruned "#PRUNEFS=\"NFS\"\n$bind\n" 'PRUNEFS="fuse.oqfs"'
	pruned "$bind" 'PRUNEFS="fuse.oqfs"'
	pruned '' 'PRUNEFS="fuse.oqfs"'
	run ! contrib/host/examples/updatedb "$BATS_TEST_TMPDIR/none"
	[[ $output == *"there is no "* ]]
}

# With an O of its own it leaves the build's notes alone.
chosen() {
	make -n SETUP=no O="$BATS_TEST_TMPDIR/o" TESTS="$1" prove 2>&1 |
		grep -e '--exec' -e 'no test is named'
}

@test "TESTS are names, or files; one that is none is said" {
	[ -e build/config.mk ] || skip "no build/config.mk"
	[[ $(chosen "50-hostile sched") == \
		*" tests/mount/50-hostile.bats $BATS_TEST_TMPDIR/o/tests/unit/fs/readers/sched" ]]
	[ "$(chosen "tests/mount/50-hostile tests/unit/fs/readers/sched")" = \
		"$(chosen "50-hostile sched")" ]
	[ "$(chosen "tests/mount/50-hostile.bats tests/rules/layers.t")" = \
		"$(chosen "50-hostile layers")" ]
	[[ $(chosen "tests/none sched") == *'no test is named "none"'* ]]
}

# What the shell makes of these words when Tab is pressed behind them.
tab() {
	command -v zsh >/dev/null || skip "no zsh"
	OQ_DATADIR="$STORES/demo" PATH="$(dirname "$OQFS"):$PATH" \
		timeout $PATIENCE zsh -f tests/mount/tab.zsh "$@" | sed 's/ $//'
}

completes() {
	local calc="$STORES/demo/calc"

	run -0 tab "$1" 'oqfs --ver' 'oqfs 2' 'oqfs calc_1' 'oqfs calc_' \
		"oqfs $STORES/good-tab" "oqfs $STORES ${MNT%?}" 'oqfs -o csv' \
		'oqfs -o cache=1G,id' 'oqfs -f -o views=csv:n'
	# zsh goes on with the separator, and takes it back where none is due.
	diff - <(sed 's/[:,]$//' <<<"$output") <<-END
		oqfs --version
		oqfs ${calc}_2.hdf5
		oqfs ${calc}_1.hdf5
		oqfs ${calc}_
		oqfs $STORES/good-table.hdf5
		oqfs $STORES $MNT/
		oqfs -o csv_split=
		oqfs -o cache=1G,idle=
		oqfs -f -o views=csv:npy
	END
	options=$("$OQFS" --help | sed -n 's/^  -o \([a-z_]*=*\).*/\1/p')
	readarray -t lines < <(sed 's/^\(.*\).=*$/oqfs -o \1/' <<<"$options")
	run -0 tab "$1" "${lines[@]}"
	diff <(sed 's/^/oqfs -o /' <<<"$options") \
		<(sed 's/[:,]$//' <<<"$output")
}

@test "completion for bash" {
	completes bash
}

@test "completion for zsh" {
	completes zsh
}
