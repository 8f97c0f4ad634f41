#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 34-netcdf.bats - what netCDF-4 has of its own

load mount
bats_require_minimum_version 1.5.0

PYTHON=/usr/bin/python3

setup_file() {
	export SRC="$BATS_FILE_TMPDIR/src" HDF5_USE_FILE_LOCKING=FALSE
	mkdir "$SRC"
	if $PYTHON -c 'import netCDF4'; then
		$PYTHON -I tests/oracle/netcdf.py make "$SRC"
		$PYTHON -I tests/oracle/netcdf.py make_texts "$SRC"
	fi
	AS=.no mount_dir "$SRC" -o conventions=no
	mount_dir "$SRC"
}

teardown_file() { unmount; }

setup() {
	needs_fuse
	[ -e "$SRC/a.nc" ] || skip "no python3-netcdf4"
}

@test "a dimension without a variable opens by name, and is not listed" {
	run $PYTHON -I tests/oracle/netcdf.py check "$SRC" "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"${lines[-1]}" >&3
}

@test "conventions=no: it is a dataset as any other" {
	ls "$MNT.no/a.nc" | grep -qx bare.csv
	! ls "$MNT/a.nc" | grep -qx bare.csv
}

@test "characters are texts along the last axis, in tables" {
	$PYTHON -c 'import xarray' 2>/dev/null || skip "no python3-xarray"
	run $PYTHON -I tests/oracle/netcdf.py check_texts "$SRC" "$MNT"
	echo "$output"
	[ "$status" -eq 0 ]
	sed "s/^/# /" <<<"${lines[-1]}" >&3
	[ "$(sed -n 2p "$MNT.no/texts.nc/list.csv")" = 10,0,b ]
}

@test "as ncdump prints them" {
	command -v ncdump >/dev/null || skip "no ncdump"
	[ "$(ncdump -v list "$SRC/texts.nc" | sed -n '/^ list =/,/;/p')" = \
" list =
  \"bb  \",
  \"\",
  \"x,\\\"y\\\"\" ;" ]
	[ "$(sed 1d "$MNT/texts.nc/list.csv")" = '10,bb  
20,
30,"x,""y"""' ]
}
