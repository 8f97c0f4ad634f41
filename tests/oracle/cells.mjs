// SPDX-License-Identifier: MIT
// cells.mjs - what hyparquet reads in Parquet files, told to another program
//
//	node cells.mjs MODULES SOCKET
//
// Serves at a Unix socket.  A line is the path of a file, in hex; the answer is
// a line of JSON: {"columns": [[name, [cell, ...]], ...]} or {"error": ...}.
// Integers are their digits, other numbers themselves ("nan", "inf", "-inf"),
// bytes that are no text {"hex": ...}.
import { createServer } from 'node:net'
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [modules, socket] = process.argv.slice(2)
const { resolve } = createRequire(`${modules}/here.js`)
const { parquetMetadata, parquetReadObjects } =
	await import(pathToFileURL(resolve('hyparquet')))

const floats = new Set(['FLOAT', 'DOUBLE'])

function number(v) {
	if (Number.isNaN(v))
		return 'nan'
	if (!Number.isFinite(v))
		return v > 0 ? 'inf' : '-inf'
	return Object.is(v, -0) ? '-0.0' : v
}

function cell(v, isFloat) {
	if (Array.isArray(v))
		return v.map(x => cell(x, isFloat))
	if (v instanceof Uint8Array)
		return { hex: Buffer.from(v).toString('hex') }
	if (typeof v === 'bigint')
		return String(v)
	if (typeof v === 'number')
		return isFloat ? number(v) : String(v)
	return v ?? null
}

// Leaves in the order of the schema: what type a column's values have.
function leaves(metadata) {
	const out = []
	let top = null, left = 0
	for (const e of metadata.schema.slice(1)) {
		if (!left) {
			top = e.name
			left = e.num_children ? 1 : 0
			if (!left)
				out.push([top, e.type])
			continue
		}
		if (!e.num_children) {
			out.push([top, e.type])
			left = 0
		}
	}
	return out
}

async function read(path) {
	const bytes = readFileSync(path)
	const file = bytes.buffer.slice(bytes.byteOffset,
		bytes.byteOffset + bytes.length)
	const metadata = parquetMetadata(file)
	const rows = await parquetReadObjects({ file, metadata, utf8: false })
	return leaves(metadata).map(([name, type]) => [name,
		rows.map(r => cell(r[name], floats.has(type)))])
}

async function answer(line) {
	try {
		const path = Buffer.from(line, 'hex')
		return { columns: await read(path) }
	} catch (e) {
		return { error: String(e?.message ?? e) }
	}
}

createServer(peer => {
	let text = '', last = Promise.resolve()
	peer.setEncoding('latin1')
	peer.on('error', () => {})
	peer.on('data', more => {
		text += more
		const lines = text.split('\n')
		text = lines.pop()
		for (const line of lines)
			last = last.then(async () => peer.write(
				JSON.stringify(await answer(line)) + '\n'))
	})
}).listen(socket, () => console.log('ready'))
