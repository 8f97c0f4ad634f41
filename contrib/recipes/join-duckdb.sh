#!/bin/sh
# The five strongest events, joined with what the sites felt of them, by DuckDB:
# join-duckdb.sh [MOUNT]
# SPDX-License-Identifier: MIT
cd "${1:-$HOME/oq}/calc_1/export" || exit
duckdb -csv :memory: <<'END'
SELECT e.event_id, e.year, count(*) AS sites, max(g.gmv_PGA) AS pga
  FROM read_csv('events_1.csv', skip = 1) e
  JOIN read_csv('gmf-data_1.csv', skip = 1) g ON g.event_id = e.event_id
  GROUP BY e.event_id, e.year ORDER BY pga DESC, e.event_id LIMIT 5;
END
