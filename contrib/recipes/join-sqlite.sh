#!/bin/sh
# The five strongest events, joined with what the sites felt of them, by SQLite:
# join-sqlite.sh [MOUNT]
# SPDX-License-Identifier: MIT
cd "${1:-$HOME/oq}/calc_1/export" || exit
sqlite3 -csv -newline '
' -header :memory: <<'END'
.import --skip 1 events_1.csv events
.import --skip 1 gmf-data_1.csv gmf
SELECT e.event_id, e.year, count(*) AS sites, max(CAST(g.gmv_PGA AS REAL)) AS pga
  FROM events e JOIN gmf g ON g.event_id = e.event_id
  GROUP BY e.event_id ORDER BY pga DESC, CAST(e.event_id AS INTEGER) LIMIT 5;
END
