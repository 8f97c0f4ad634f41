// SPDX-License-Identifier: MIT
// duck.mjs - how many seconds DuckDB takes for a query
//
//	node duck.mjs MODULES QUERY
//
// DuckDB's own start is not counted, opening the files is.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [modules, query] = process.argv.slice(2)
const { resolve } = createRequire(`${modules}/here.js`)
const { DuckDBInstance } =
	await import(pathToFileURL(resolve('@duckdb/node-api')))
const db = await (await DuckDBInstance.create()).connect()
const count = async (q) => (await db.runAndReadAll(q)).currentRowCount

await count('SELECT 1')
const start = process.hrtime.bigint()
if (await count(query) === 0)
	throw new Error('no rows')
console.log(Number(process.hrtime.bigint() - start) / 1e9)
