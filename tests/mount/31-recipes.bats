#!/usr/bin/env bats
# SPDX-License-Identifier: MIT
# 31-recipes.bats - the recipes run as they stand on the demo

load mount

setup_file() {
	export LC_ALL=C
	# A Python that has pyarrow.
	export PYARROW="${PYARROW:-/usr/bin/python3}"
	mount_dir "$STORES/demo"
}

teardown_file() {
	unmount
}

needs() {
	command -v "$1" >/dev/null || skip "no $1"
}

recipe() {
	"$@" "$MNT" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err"
	cat "$BATS_TEST_TMPDIR/err"
	[ ! -s "$BATS_TEST_TMPDIR/err" ]
	cat "$BATS_TEST_TMPDIR/out"
}

# How many points of an SVG of gnuplot's are drawn with a symbol.
symbols() {
	grep -c "<use xlink:href='#gpPt[0-9]*' transform='translate" "$BATS_TEST_TMPDIR/out"
}

@test "hazard curves by gnuplot: three of twelve levels" {
	needs gnuplot
	recipe gnuplot -c contrib/recipes/hazard-curve.gp
	# One symbol more for each curve in the key.
	[ "$(symbols)" -eq $((3 * (12 + 1))) ]
}

@test "hazard map by gnuplot: a point a site" {
	needs gnuplot
	recipe gnuplot -c contrib/recipes/hazard-map.gp
	[ "$(symbols)" -eq 40 ]
}

@test "top ten losses by sort" {
	run recipe contrib/recipes/top-losses.sh
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 11 ]
	# The highest of all, found in another way.
	[ "${lines[1]##*,}" = "$(awk -F, 'NR > 1 && $3 > m { m = $3 }
		END { printf "%.5E\n", m }' \
		"$MNT/calc_2/avg_losses-stats/structural.csv")" ]
}

@test "events and their motion: SQLite and pandas join them alike" {
	needs sqlite3
	/usr/bin/python3 -c 'import pandas' 2>/dev/null ||
		skip "no python3-pandas"
	recipe contrib/recipes/join-sqlite.sh
	mv "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/sqlite"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/sqlite")" -eq 6 ]
	recipe /usr/bin/python3 contrib/recipes/join-pandas.py
	diff "$BATS_TEST_TMPDIR/sqlite" "$BATS_TEST_TMPDIR/out"
}

@test "DuckDB joins them alike" {
	needs duckdb
	needs sqlite3
	recipe contrib/recipes/join-sqlite.sh
	mv "$BATS_TEST_TMPDIR/out" "$BATS_TEST_TMPDIR/sqlite"
	recipe contrib/recipes/join-duckdb.sh
	diff "$BATS_TEST_TMPDIR/sqlite" "$BATS_TEST_TMPDIR/out"
}

@test "what explains an axis is told, and a join by it finds all of it" {
	/usr/bin/python3 -c 'import pandas' 2>/dev/null ||
		skip "no python3-pandas"
	run /usr/bin/python3 - "$MNT" <<'END'
import json, os, sys
import pandas as pd

def explained(calc, name):
    meta = json.load(open(f'{sys.argv[1]}/{calc}/{name}.meta.json'))
    for key, how in meta.get('explained', {}).items():
        base = os.path.join(sys.argv[1], calc, how['object'])
        yield key, how, pd.read_csv(base + '.csv')

for calc, name in (('calc_1', 'hmaps-stats'), ('calc_1', 'gmf_data'), ('calc_2', 'risk_by_event'),
                   ('calc_2', 'avg_losses-stats/structural')):
    data = pd.read_csv(f'{sys.argv[1]}/{calc}/{name}.csv')
    for key, how, other in explained(calc, name):
        joined = data.merge(other, left_on=key, right_on=how['column'])
        print(calc, name, key, how['object'], how['column'], len(joined) == len(data))
END
	[ "$status" -eq 0 ]
	[ "$output" = 'calc_1 hmaps-stats site_id sitecol sids True
calc_1 gmf_data sid sitecol sids True
calc_1 gmf_data eid events id True
calc_2 risk_by_event event_id parent/events id True
calc_2 avg_losses-stats/structural asset_id parent/assetcol/array id True' ]
}

# The same of Parquet, to the digits that are in the csv.
by_pandas() {
	/usr/bin/python3 - "$MNT" "$1" <<-'END'
	import sys
	import pandas as pd
	oq, what = sys.argv[1:]
	if what == 'columns':
	    gmf = pd.read_csv(f'{oq}/calc_1/gmf_data.csv')
	    print(*(f'{v:.5g}' for v in gmf[gmf.eid == 1]['PGA'].describe()))
	else:
	    r = pd.read_csv(f'{oq}/calc_2/risk_by_event.csv')
	    e = pd.read_csv(f'{oq}/calc_2/parent/events.csv')
	    loss = r.groupby('event_id').loss.sum().rename('sum')
	    e = e.join(loss, on='id', how='inner')
	    e = e.sort_values(['sum', 'id'], ascending=[False, True])[:5]
	    for row in e[['id', 'rup_id', 'year', 'sum']].values:
	        print(*(f'{v:.5g}' for v in row))
	END
}

# The numbers of the output, as far as they are sure.
figures() {
	tr , ' ' <"$BATS_TEST_TMPDIR/out" | awk -v cut="$1" 'NR > cut {
		for (i = 1 + (cut == 0); i <= NF; i++)
			printf "%.5g%s", $i, i < NF ? " " : "\n" }'
}

@test "DuckDB joins the losses of one calculation with the events of another" {
	needs duckdb
	cd "$MNT/calc_2"
	duckdb -csv <"$OLDPWD/contrib/recipes/losses.sql" \
		>"$BATS_TEST_TMPDIR/out"
	cd "$OLDPWD"
	diff <(figures 1) <(by_pandas losses)
}

@test "two columns and some row groups by pandas" {
	"$PYARROW" -c 'import pyarrow, pandas' 2>/dev/null ||
		skip "no python3-pyarrow"
	recipe "$PYARROW" contrib/recipes/columns-pandas.py
	[ "$(figures 0 | xargs)" = "$(by_pandas columns)" ]
}

@test "the same quantiles by R, of Parquet" {
	needs Rscript
	Rscript -e 'library(arrow)' || skip "no r-cran-arrow"
	run recipe Rscript contrib/recipes/read.R
	local csv="$output"
	run recipe Rscript contrib/recipes/arrow.R
	[ "$status" -eq 0 ]
	# Floats of the csv are the shortest that tell them apart.
	diff <(awk '{ printf "%s %.6f %.6f\n", $1, $2, $3 }' <<<"$csv") \
		<(awk '{ printf "%s %.6f %.6f\n", $1, $2, $3 }' <<<"$output")
}

@test "quantiles by R" {
	needs Rscript
	run recipe Rscript contrib/recipes/read.R
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == *gmv_PGA*gmv_SA\(0.3\)* ]]
	[ "${#lines[@]}" -eq 6 ]
	[[ ${lines[1]} =~ ^0% ]]
	! grep -q NA <<<"$output"
}

@test "a part of an array by np.load(mmap_mode='r')" {
	/usr/bin/python3 -c 'import numpy' 2>/dev/null ||
		skip "no python3-numpy"
	run recipe /usr/bin/python3 contrib/recipes/mmap-numpy.py
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "(40, 3, 2, 12) float32" ]
}
