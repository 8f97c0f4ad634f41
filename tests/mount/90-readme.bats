#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 90-readme.bats - what README.md and the tutorial show is what happens

bats_require_minimum_version 1.5.0
load mount

# Where the text says /home/me there is a home of our own, with the demo.
setup() {
	needs_fuse
	export HOME="$BATS_TEST_TMPDIR/home" LC_ALL=C.UTF-8 TZ=UTC
	mkdir -p "$HOME/oq" "$HOME/bin"
	ln -s "$STORES/demo" "$HOME/oqdata"
	ln -s "$OQFS" "$HOME/bin/oqfs"
	ln -s /usr/bin/python3 "$HOME/bin/python3"
	PATH="$HOME/bin:$PATH"
	unset OQ_DATADIR
}

teardown() {
	cd /
	! mountpoint -q "$HOME/oq" || fusermount3 -u -z "$HOME/oq"
}

# Run the commands of a session in this shell, one after the other, and print
# the session anew.  A command is a line that begins with "$ ", with those that
# begin with "> " behind it.
replay() {
	local line command= nl=$'\n'

	while IFS= read -r line <&9; do
		case $line in
		'$ '*)
			eval "$command" 9<&- || true
			command=${line#??} ;;
		'> '*) command+=$nl${line#??} ;;
		*) continue ;;
		esac
		echo "$line"
	done 9<"$1"
	eval "$command" || true
}

holds() {
	local text=$BATS_TEST_TMPDIR/text

	sed -n '/^```console$/,/^```$/{/^```/!p}' "$1" >"$text"
	[ -s "$text" ]
	cd "$HOME"
	replay "$text" >"$text.now" 2>&1 3>&-
	# A terminal shows no carriage returns, which some sqlite3 print.
	sed -i "s|$HOME|/home/me|g; s/\r$//" "$text.now"
	diff -u "$text" "$text.now"
}

needs_numpy() {
	/usr/bin/python3 -c 'import numpy, pandas' 2>/dev/null ||
		skip "no python3-numpy and python3-pandas"
}

@test "README.md: the session" {
	needs_numpy
	command -v getfattr >/dev/null || skip "no getfattr"
	holds README.md
	run ! mountpoint -q "$HOME/oq"
}

@test "README.md: what you see is there" {
	"$OQFS" "$STORES/demo" "$HOME/oq"
	cd "$HOME/oq/calc_1"
	for f in hcurves-stats.csv hcurves-stats.npy hcurves-stats.bin \
		'hcurves-stats[0:10].csv' hcurves-stats.meta.json sitecol \
		sitecol.csv oqparam.txt input/job.ini ../latest/parent; do
		grep -qF "${f#../latest/}" "$BATS_TEST_DIRNAME/../../README.md"
		[ -e "$f" ]
	done
}

@test "README.md: the files it names are there, and so are the targets" {
	for f in SECURITY.md LICENSE contrib/setup contrib/TUTORIAL.md \
		fs/README.md lib/README.md; do
		grep -qF "$f" README.md
		[ -e "$f" ]
	done
	for t in demo check install uninstall deb rpm static; do
		grep -Eq "make $t" README.md
		grep -q "^$t:" Makefile
	done
}

@test "contrib/TUTORIAL.md: the sessions" {
	needs_numpy
	command -v sqlite3 >/dev/null || skip "no sqlite3"
	holds contrib/TUTORIAL.md
}
