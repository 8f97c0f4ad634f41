#!/bin/sh
# The five strongest events, joined with what the sites felt of them, by SQLite:
# join-sqlite.sh [MOUNT]
# SPDX-License-Identifier: MIT
cd "${1:-$HOME/oq}/calc_1" || exit
sqlite3 -csv -newline '
' -header :memory: <<'END'
.import events.csv events
.import gmf_data.csv gmf_data
SELECT e.id, e.year, count(*) AS sites, max(CAST(g.PGA AS REAL)) AS pga
  FROM events e JOIN gmf_data g ON g.eid = e.id
  GROUP BY e.id ORDER BY pga DESC, CAST(e.id AS INTEGER) LIMIT 5;
END
