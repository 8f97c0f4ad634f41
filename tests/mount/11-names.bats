#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 11-names.bats - every link name is a file name that scripts can stand

load mount

setup_file() { mount_stores; }
teardown_file() { unmount; }

setup() {
	needs_fuse
	cd "$MNT/good-names.hdf5"
}
teardown() { cd /; }

holds() {
	[ "$(od -An -tu4 "./$1" | tr -d ' ')" = "$2" ]
}

@test "dots, percents and control characters are escaped" {
	holds '%2E%2E.bin' 0
	holds 'a%25b.bin' 1
	holds 'a%252Fb.bin' 2
	holds 'new%0Aline.bin' 3
	holds 'tab%09here.bin' 4
	holds 'bell%07.bin' 5
	holds 'del%7F.bin' 6
}

@test "blanks, quotes, brackets and other letters stay" {
	holds 'two words.bin' 7
	holds '-rf.bin' 8
	holds '*.bin' 10
	holds '$(reboot).bin' 11
	holds 'quo"te.bin' 12
	holds "apo'strophe.bin" 13
	holds 'back\slash.bin' 14
	holds 'SA(0.3).bin' 15
	holds 'x[0].bin' 16
	holds $'caf\xc3\xa9.bin' 17
	holds $'cafe\xcc\x81.bin' 18
	holds $'latin\xe9.bin' 19
	holds $'\xe5\x9c\xb0\xe9\x9c\x87.bin' 20
	holds 'Case.bin' 21
	holds 'case.bin' 22
}

@test "another spelling of a name is no name" {
	[ ! -e 'a%2Fb.bin' ]
	[ ! -e 'two%20words.bin' ]
	[ ! -e 'tab%9here.bin' ]
	[ ! -e 'del%7f.bin' ]
}

@test "a dataset and a group that clash are told apart" {
	[ -d y.csv ]
	[ ! -e y.bin ]
	holds 'y~1.bin' 101
	[ -f 'y~1.csv' ]
	holds x.bin 100
	holds x.csv.bin 24
}

@test "long names are cut, and still lead to their own objects" {
	local seen=
	for f in nnnn*.bin; do
		[ "$(printf %s "$f" | wc -c)" -le 255 ]
		seen="$seen $(od -An -tu4 "$f" | tr -d ' ')"
	done
	[ "$(echo $seen | tr ' ' '\n' | sort -n | paste -sd' ')" = \
	  "251 400 401" ]
	# A name that fits is whole.
	[ -d "$(printf 'n%.0s' $(seq 255))" ]
}

@test "no name is listed twice, and each can be looked up" {
	[ -z "$(ls -U | sort | uniq -d)" ]
	ls -U | while IFS= read -r f; do
		[ -e "./$f" ] || { echo "$f"; exit 1; }
	done
}
