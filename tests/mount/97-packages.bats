#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 97-packages.bats - the tarball, the spec of the RPM package, the static program
#
# make check-rpm, check-static and check-deb do the rest: they take longer.

bats_require_minimum_version 1.5.0
load mount

setup() {
	cd "$BATS_TEST_DIRNAME/../.."
	SPEC=contrib/rpm/oqfs.spec
	STATIC=build/static/oqfs
}

needs_static() {
	[ -x $STATIC ] || skip "no $STATIC: make static"
}

@test "the tarball of a release has all that is committed, in a folder of its own" {
	git rev-parse HEAD >/dev/null 2>&1 || skip "not in a git repository"
	local tar="$BATS_TEST_TMPDIR/oqfs.tar.gz"
	env -u MAKEFLAGS -u MAKELEVEL make -s dist TARBALL="$tar"
	[ "$(tar -tzf "$tar" | grep -v '/$' | sort)" = \
		"$(git ls-tree -r --name-only HEAD |
			sed "s|^|oqfs-$VERSION/|" | sort)" ]
}

@test "the spec is of this version" {
	[ "$(sed -n 's/^Version: *//p' $SPEC)" = "$VERSION" ]
}

@test "rpm understands the spec" {
	command -v rpmspec >/dev/null || skip "no rpmspec"
	run -0 rpmspec -q --qf '%{NAME} %{VERSION} %{LICENSE}\n' $SPEC
	[ "${lines[-1]}" = "oqfs $VERSION MIT" ]
}

@test "the spec wants of Fedora what contrib/setup says that the build needs" {
	sed -n 's/^BuildRequires: *\([a-z0-9-]*-devel\).*/\1/p' $SPEC |
		sort >"$BATS_TEST_TMPDIR/spec"
	sed -n '/^fedora="/,/"$/p' contrib/setup | tr -s ' "=' '\n' |
		grep -e '-devel$' | grep -v cmocka |
		sort >"$BATS_TEST_TMPDIR/setup"
	[ -s "$BATS_TEST_TMPDIR/spec" ]
	diff "$BATS_TEST_TMPDIR/spec" "$BATS_TEST_TMPDIR/setup"
}

@test "the spec lists what make install installs" {
	local file dest="$BATS_TEST_TMPDIR/dest" listed
	B=$(dirname "$OQFS") DESTDIR=$dest PREFIX=/usr MOUNTDIR=/usr/sbin \
		ZSHDIR=/usr/share/zsh/site-functions contrib/install
	listed=$(sed '1,/^%files/d; /^%license/d; s/^%d[a-z]* //
		s|%{_bindir}|/usr/bin|; s|%{_sbindir}|/usr/sbin|
		s|%{_mandir}|/usr/share/man|; s|%{_docdir}|/usr/share/doc|
		s|%{_datadir}|/usr/share|; s|%{_sysconfdir}|/etc|
		s|%{_prefix}|/usr|' $SPEC)
	[[ $listed != *%* ]]
	while read -r file; do
		case $file in
		/usr/share/doc/oqfs/*) file=/usr/share/doc/oqfs ;;
		/usr/share/man/*) file="${file%.gz}*" ;;
		esac
		grep -Fqx "$file" <<<"$listed"
	done < <(cd "$dest" && find . ! -type d -printf '/%P\n')
	# And nothing that is not there.
	while read -r file; do
		compgen -G "$dest$file" >/dev/null
	done <<<"$listed"
}

@test "the static program needs no library and no interpreter" {
	needs_static
	command -v readelf >/dev/null || skip "no readelf"
	! readelf -lW $STATIC | grep -q INTERP
	! readelf -dW $STATIC | grep -q NEEDED
	# Like the other it is loaded where nobody knows.
	readelf -hW $STATIC | grep -q 'DYN '
	[ "$($STATIC --version)" = "$("$OQFS" --version)" ]
}

@test "where there is nothing but it, it mounts and reads" {
	needs_static
	needs_fuse
	[ "$(id -u)" = 0 ] || skip "needs root"
	run -0 contrib/debian/root empty contrib/static/try $STATIC empty
	[[ $output == *"user 0: "*" files are the same"* ]]
	[[ $output == *"user 1000: "*" files are the same"* ]]
}

@test "on an old kernel without /proc it says what it needs" {
	needs_static
	needs_fuse
	[ "$(id -u)" = 0 ] || skip "needs root"
	cat >"$BATS_TEST_TMPDIR/try" <<-'END'
		#!/bin/sh
		mkdir "$ROOT/data" "$ROOT/mnt" "$ROOT/dev"
		mknod -m 666 "$ROOT/dev/fuse" c 10 229
		cp "$1" "$ROOT/oqfs"
		chroot "$ROOT" /oqfs /data /mnt
	END
	chmod 755 "$BATS_TEST_TMPDIR/try"
	run -1 "${STORES%/*}/tests/make/oldkernel" contrib/debian/root empty \
		"$BATS_TEST_TMPDIR/try" $STATIC
	[[ $output == *"there is no /proc"* ]]
}
