#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 92-manual.bats - the manual page: well-formed, and as --help has it

bats_require_minimum_version 1.5.0

setup() {
	page="$BATS_TEST_DIRNAME/../../fs/oqfs.1"
}

# The options, as "-f" and "-o name", without values.
in_help() {
	"$OQFS" --help | sed -n '
		s/^  \(-o [a-z_]*\).*/\1/p; t
		s/^  \(--\{0,1\}[a-zA-Z-]*\).*/\1/p'
	"$OQFS" --help | grep -o 'also --[a-z]*' | sed 's/also //'
	# Two share a line, which is there for want of room.
	"$OQFS" --help | sed -n 's/.*: \(-[A-Z]\),.*/\1/p'
}

in_page() {
	sed -n '/^\.Sh OPTIONS/,/^\.Sh EXT/p' "$page" | grep '^\.It Fl ' |
		sed 's/ , Fl /\n.It Fl /g' |
		sed -n '
			s/^\.It Fl o Cm \([a-z_]*\).*/-o \1/p; t
			s/^\.It Fl \([a-zA-Z-]*\).*/-\1/p'
}

@test "mandoc has nothing to say against it" {
	command -v mandoc >/dev/null || skip "no mandoc"
	run -0 mandoc -Tlint -W warning "$page"
	[ -z "$output" ]
}

@test "every option of --help is in the manual, and the other way round" {
	[ "$(in_help | wc -l)" -gt 10 ]
	diff <(in_help | sort) <(in_page | sort)
}

@test "the states that --check tells of are in the manual" {
	for state in $(sed -n '/oqfs_state_name(/,/^}/s/.*return "\(.*\)";/\1/p
			s/.*->state = "\(.*\)";/\1/p' \
			"$BATS_TEST_DIRNAME"/../../fs/{source/signature,check/survey}.c); do
		sed -n '/^\.It Fl -check/,/^\.It Fl d/p' "$page" |
			grep -qw "$state"
		seen+=" $state"
	done
	[ "$seen" = " complete live broken unknown" ]
}

@test "the options of the manual are in order" {
	names=$(sed -n 's/^\.It Fl o Cm \([a-z_]*\).*/\1/p' "$page")
	[ -n "$names" ]
	[ "$names" = "$(LC_ALL=C sort <<<"$names")" ]
}

@test "the defaults are the same" {
	while read -r name default; do
		block=$(sed -n "/^\.It Fl o Cm $name /,/^\.It /p" "$page")
		grep -q "Default $default" <<<"$block" ||
			grep -q "^\.Cm $default" <<<"$block"
	done < <("$OQFS" --help | sed -n \
		's/^  -o \([a-z_]*\)=.*(\([0-9A-Za-z:]*\))$/\1 \2/p')
}

@test "--help fits a screen, of 24 lines by 80" {
	[ "$("$OQFS" --help | wc -l)" -le 24 ]
	! "$OQFS" --help | grep -q '.\{81\}'
}

@test "it renders, with all its sections" {
	command -v mandoc >/dev/null || skip "no mandoc"
	mandoc -Tutf8 "$page" 2>/dev/null | col -b >"$BATS_TEST_TMPDIR/text" ||
		skip "no col"
	for s in NAME SYNOPSIS DESCRIPTION "THE MOUNTED TREE" OPTIONS \
		"EXTENDED ATTRIBUTES" "EXIT STATUS" FILES EXAMPLES REQUIREMENTS SECURITY \
		CAVEATS "SEE ALSO"; do
		grep -qx "$s" "$BATS_TEST_TMPDIR/text"
	done
}
