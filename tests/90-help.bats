#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 90-help.bats - the help and the manual page tell of the same options

in_help() {
	"$OQFS" --help | sed -n 's/^  -o \([a-z_]*\).*/\1/p; s/^  -\([a-zA-Z]\) .*/\1/p' |
		sort
}

in_manual() {
	sed -n '/^\.Sh OPTIONS/,/^\.Sh EXT/p' fs/oqfs.1 |
		sed -n 's/^\.It Fl o Cm \([a-z_]*\).*/\1/p; s/^\.It Fl \([a-zA-Z]\)\( .*\)*$/\1/p' |
		sort
}

@test "the help and the manual list the same options" {
	[ -n "$(in_help)" ]
	diff <(in_help) <(in_manual)
}

@test "the options of the manual are in order" {
	names=$(sed -n 's/^\.It Fl o Cm \([a-z_]*\).*/\1/p' fs/oqfs.1)
	[ "$names" = "$(sort <<<"$names")" ]
}

@test "the manual page is well formed" {
	command -v mandoc >/dev/null || skip "no mandoc"
	# Sections beyond the usual ones are wanted.
	run mandoc -T lint -W warning fs/oqfs.1
	! grep -v "section" <<<"$output" | grep .
}
