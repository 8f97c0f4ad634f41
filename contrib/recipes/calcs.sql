-- Of each calculation: its events, and the strongest ground motion of any,
-- by DuckDB, which reads the columns it needs: cd ~/oq; duckdb < calcs.sql
-- SPDX-License-Identifier: MIT
WITH
  e AS (SELECT split_part(filename, '/', -2) AS calc, id
    FROM read_parquet('calc_*/events.parquet', filename = true)),
  g AS (SELECT split_part(filename, '/', -2) AS calc, eid, PGA
    FROM read_parquet('calc_*/gmf_data.parquet', filename = true))
SELECT e.calc, count(DISTINCT id) AS events, max(PGA) AS pga
  FROM e JOIN g ON g.calc = e.calc AND g.eid = e.id
  GROUP BY e.calc ORDER BY e.calc;
