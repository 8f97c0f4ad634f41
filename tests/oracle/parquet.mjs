// SPDX-License-Identifier: MIT
// parquet.mjs - what others read in the files of mkparquet, cell by cell
//
//	node parquet.mjs MODULES DIRECTORY FILE... | mislead
//
// MODULES is where hyparquet and @duckdb/node-api are.  Prints a line for each
// file, and fails where a cell is not what its formula gives.  'mislead' sees
// whether wrong statistics have a row group skipped.
import { createRequire } from 'node:module'
import { readFileSync, writeFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

const [modules, dir, ...chosen] = process.argv.slice(2)
const { resolve } = createRequire(`${modules}/here.js`)
const load = name => import(pathToFileURL(resolve(name)))
const { parquetMetadata, parquetReadObjects } = await load('hyparquet')
const { DuckDBInstance } = await load('@duckdb/node-api')

// ---- the formulas of mkparquet.c ----

const mix = row => Math.imul(row, 0x9e3779b1) >>> 0
const number = row => BigInt(mix(row)) << 32n | BigInt(row)
const extremes = [2n ** 64n - 1n, 2n ** 63n, 0x7ff0n << 48n, 0xfff0n << 48n,
	0x7ff8n << 48n, 0n]
const special = (row, bits) =>
	(row < extremes.length ? extremes[row] : number(row)) >>
	BigInt(64 - bits)
const signed = (row, bits) => BigInt.asIntN(bits, special(row, bits))
const date = row => BigInt(row) * 1000003n - 500000000n
const view = new DataView(new ArrayBuffer(8))

function half(row) {
	const h = Number(special(row, 16)), man = h & 0x3ff, exp = h >> 10 & 31
	const size = exp === 31 ? (man ? NaN : Infinity)
		: exp ? (1024 + man) * 2 ** (exp - 25) : man * 2 ** -24
	return h & 0x8000 ? -size : size
}

function single(row) {
	view.setUint32(0, Number(special(row, 32)))
	return view.getFloat32(0)
}

function double(row) {
	view.setBigUint64(0, special(row, 64))
	return view.getFloat64(0)
}

function littleEndian(row, n) {
	const bytes = new Uint8Array(n)
	const v = number(row)
	for (let i = 0; i < 8 && i < n; i++)
		bytes[i] = Number(v >> BigInt(8 * i) & 255n)
	for (let i = 8; i < n; i++)
		bytes[i] = bytes[i % 8]
	return bytes
}

const text = (row, k = 0) => row % 5 === 0 && k === 0 ? '' : `röw ${row}.${k}`
const list = (row, item) =>
	Array.from({ length: row % 4 }, (_, k) => item(row * 10 + k, k))
const label = n => n ? `text ${n}` : ''

const cells = {
	id: row => Math.floor(row / 100),
	i8: row => Number(signed(row, 8)),
	i16: row => Number(signed(row, 16)),
	i32: row => Number(signed(row, 32)),
	i64: row => signed(row, 64),
	u8: row => Number(special(row, 8)),
	u16: row => Number(special(row, 16)),
	u32: row => Number(special(row, 32)),
	u64: row => special(row, 64),
	f16: half,
	f32: single,
	f64: double,
	flag: row => mix(row) % 3 !== 0,
	ms: date,
	us: date,
	ns: date,
	label: row => label(mix(row) % 300),
	same: () => 'all the same',
	text: row => text(row),
	raw: row => new Uint8Array(row % 4).fill(row & 255),
	rawlabel: row => new TextEncoder().encode(label(mix(row) % 300)),
	fixed: row => littleEndian(row, 5),
	when: row => row % 7 === 3 ? null : date(row),
	maybe: row => row % 7 === 3 ? null : text(row),
	ints: row => list(row, v => v),
	texts: row => list(row, (_, k) => text(row, k)),
	flags: row => list(row, v => (v & 255) !== 0),
	shorts: row => list(row, v => v & 65535),
}
const wide = { fixed: row => littleEndian(row, 4000) }
const some = ['id', 'f64', 'label', 'text', 'ints']

// What DuckDB is to take each for.
const types = {
	id: 'UINTEGER', i8: 'TINYINT', i16: 'SMALLINT', i32: 'INTEGER',
	i64: 'BIGINT', u8: 'UTINYINT', u16: 'USMALLINT', u32: 'UINTEGER',
	u64: 'UBIGINT', f16: 'FLOAT', f32: 'FLOAT', f64: 'DOUBLE',
	flag: 'BOOLEAN', ms: 'TIMESTAMP', us: 'TIMESTAMP',
	ns: 'TIMESTAMP_NS', label: 'VARCHAR', same: 'VARCHAR', text: 'VARCHAR',
	raw: 'BLOB', rawlabel: 'BLOB', fixed: 'BLOB',
	when: 'TIMESTAMP', maybe: 'VARCHAR',
	ints: 'INTEGER[]', texts: 'VARCHAR[]', flags: 'BOOLEAN[]',
	shorts: 'USMALLINT[]',
}

// ---- comparing ----

function equal(a, b) {
	if (b instanceof Uint8Array)
		return a instanceof Uint8Array && Buffer.compare(a, b) === 0
	if (Array.isArray(b))
		return Array.isArray(a) && a.length === b.length &&
			b.every((v, i) => equal(a[i], v))
	return Object.is(a, b)
}

function fail(...words) {
	console.error(...words)
	process.exit(1)
}

function compare(file, reader, name, want, got, nrows) {
	if (got.length !== nrows)
		fail(file, reader, name, got.length, 'rows, not', nrows)
	for (let row = 0; row < nrows; row++)
		if (!equal(got[row], want(row)))
			fail(file, reader, name, 'row', row, 'is', got[row],
				'not', want(row))
}

// ---- readers ----

const raw = v => v
const parsers = {
	timestampFromMilliseconds: raw,
	timestampFromMicroseconds: raw,
	timestampFromNanoseconds: raw,
}

async function byHyparquet(path, columns) {
	const bytes = readFileSync(path)
	const file = bytes.buffer.slice(bytes.byteOffset,
		bytes.byteOffset + bytes.length)
	const rows = await parquetReadObjects({ file, parsers, utf8: false })
	const about = parquetMetadata(file).key_value_metadata
	if (about[0].key !== 'about' || about[0].value !== '{"n": 1}')
		fail(path, 'has no metadata')
	return columns.map(name => rows.map(row => row[name] ?? null))
}

const duck = await (await DuckDBInstance.create()).connect()

async function query(sql) {
	return (await duck.runAndReadAll(sql)).getRowsJS()
}

// Its own objects as plain values.
function plain(v) {
	if (v === null || typeof v !== 'object')
		return v
	return v.items?.map(plain) ?? v.bytes ?? v.milliseconds ?? v.millis ??
		v.micros ?? v.nanoseconds ?? v.nanos
}

async function byDuckDB(path, columns) {
	const said = await query(`describe select * from '${path}'`)
	for (const [name, type] of said)
		if (type !== types[name])
			fail(path, 'DuckDB takes', name, 'for', type)
	const names = columns.map(name => `"${name}"`)
	const r = await duck.runAndReadAll(`select ${names} from '${path}'`)
	const got = r.getColumns().map(column => column.map(plain))
	// It has but one type for milliseconds and microseconds.
	const ms = columns.indexOf('ms')
	if (ms >= 0 && got.length)
		got[ms] = got[ms].map(v => v % 1000n ? v : v / 1000n)
	return got.length ? got : columns.map(() => [])
}

// Values in all row groups, found by id; and in how many groups DuckDB looks.
async function select(path, nrows) {
	const last = Math.floor((nrows - 1) / 100)
	for (const id of [0, Math.floor(last / 2), last, last + 1]) {
		const [[n]] = await query(
			`select count(*) from '${path}' where id = ${id}`)
		const want = Math.max(0, Math.min(100, nrows - id * 100))
		if (n !== BigInt(want))
			fail(path, 'id', id, 'in', n, 'rows, not', want)
	}
	const groups = await query(`select stats_min_value, stats_max_value,
		row_group_num_rows from parquet_metadata('${path}')
		where path_in_schema = 'id' order by row_group_id`)
	let row = 0
	for (const [min, max, n] of groups) {
		const end = row + Number(n)
		if (min !== String(Math.floor(row / 100)) ||
		    max !== String(Math.floor((end - 1) / 100)))
			fail(path, 'says', min, 'to', max, 'of', row, 'to', end)
		row = end
	}
	if (row !== nrows)
		fail(path, 'has', row, 'rows in groups')
	return groups.length
}

// With wrong statistics a reader that uses them finds nothing.
async function mislead(path) {
	const bytes = readFileSync(path)
	const right = Buffer.from([0x18, 4, 0x3d, 0x0a, 0, 0])
	const at = bytes.lastIndexOf(right) // of id: its least in the last group
	if (at < 0)
		fail(path, 'has no statistics to change')
	const max = bytes.lastIndexOf(Buffer.from([0x28, 4, 0x8b, 0x0a, 0, 0]))
	if (max < 0 || max > at)
		fail(path, 'has no greatest value before the least')
	const find = `select count(*) from read_parquet('${path}')
		where id = 2695`
	if ((await query(find))[0][0] !== 100n)
		fail(path, 'is not right to begin with')
	bytes[at + 4] = bytes[max + 4] = 1 // 65,536 more
	writeFileSync(`${path}.misleading`, bytes)
	const [[n]] = await query(find.replace(path, `${path}.misleading`))
	if (n !== 0n)
		fail(path, 'is not skipped by its statistics')
}

// ---- all files ----

async function check(file) {
	const path = `${dir}/${file}`
	const [, kind, n] = file.match(/^(\w+)-(\d+)\.parquet$/)
	const want = kind === 'wide' ? wide : cells
	const columns = kind === 'some' ? some : Object.keys(want)
	for (const [reader, read] of Object.entries({ byHyparquet, byDuckDB })) {
		const got = await read(path, columns)
		columns.forEach((name, i) => compare(file, reader, name,
			want[name], got[i], Number(n)))
	}
	let groups = 0
	if (want.id && Number(n))
		groups = await select(path, Number(n))
	console.log(file, columns.length, 'columns', groups, 'groups selected')
}

if (chosen[0] === 'mislead')
	await mislead(`${dir}/some-270000.parquet`)
else
	for (const file of chosen)
		await check(file)
