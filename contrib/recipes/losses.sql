-- The five costliest events with their ruptures: losses of the risk
-- calculation, events of the hazard one, its parent. By DuckDB, of Parquet:
-- cd ~/oq/calc_2; duckdb < losses.sql
-- SPDX-License-Identifier: MIT
SELECT e.id, e.rup_id, e.year, sum(r.loss) AS loss
  FROM 'risk_by_event.parquet' r JOIN 'parent/events.parquet' e
    ON e.id = r.event_id
  GROUP BY e.id, e.rup_id, e.year ORDER BY loss DESC, e.id LIMIT 5;
