#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 29-parquet.bats - readers of others read the Parquet files that we write
#
# hyparquet and DuckDB, both from npm: see contrib/setup.

setup_file() {
	export MODULES="${XDG_CACHE_HOME:-$HOME/.cache}/oqfs/npm"
	command -v node >/dev/null || skip "no node"
	[ -e "$MODULES/done" ] || skip "no readers: contrib/setup npm"
	export FILES="$BATS_FILE_TMPDIR"
	"$B/tests/make/mkparquet" "$FILES"
}

reads() {
	node tests/oracle/parquet.mjs "$MODULES" "$FILES" "$@"
}

@test "every type, list and null, in one row group and in many" {
	reads all-0.parquet all-1.parquet all-5001.parquet all-40000.parquet
}

@test "as many rows as a row group has, one less, one more, and more" {
	reads some-131071.parquet some-131072.parquet some-131073.parquet \
		some-270000.parquet
}

@test "pages of wide values" {
	reads wide-5000.parquet
}

@test "row groups are skipped by their statistics" {
	reads mislead
}
