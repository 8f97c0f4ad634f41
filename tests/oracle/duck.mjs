// SPDX-License-Identifier: MIT
// duck.mjs - what DuckDB answers
//
//	node duck.mjs MODULES QUERY...
//
// Prints the rows of each answer as a line of JSON, or "error: ...".
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [modules, ...queries] = process.argv.slice(2)
const { resolve } = createRequire(`${modules}/here.js`)
const { DuckDBInstance } =
	await import(pathToFileURL(resolve('@duckdb/node-api')))
const db = await (await DuckDBInstance.create()).connect()

for (const query of queries) {
	try {
		const got = await db.runAndReadAll(query)
		console.log(JSON.stringify(got.getRowsJson()))
	} catch (e) {
		console.log(`error: ${String(e?.message ?? e).split('\n')[0]}`)
	}
}
