#!/bin/sh
# The five strongest events, joined with what the sites felt of them, by DuckDB:
# join-duckdb.sh [MOUNT]
# SPDX-License-Identifier: MIT
cd "${1:-$HOME/oq}/calc_1" || exit
duckdb -csv :memory: <<'END'
SELECT e.id, e.year, count(*) AS sites, max(g.PGA) AS pga
  FROM 'events.csv' e JOIN 'gmf_data.csv' g ON g.eid = e.id
  GROUP BY e.id, e.year ORDER BY pga DESC, e.id LIMIT 5;
END
