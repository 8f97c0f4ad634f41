/* SPDX-License-Identifier: MIT */
/* mkparquet.c - writes Parquet files into the directory given
 *
 * Each cell is a formula of its row, which parquet.mjs has once more: it reads
 * the files with readers that others wrote and compares.
 */

#include <err.h>
#include <stdio.h>

#include "tests/make/pqfile.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- formulas ---- */

static uint32_t mix(uint64_t row)
{
	return (uint32_t)row * 0x9e3779b1u;
}

static uint64_t number(const struct pqdata *d, uint64_t row, uint64_t k)
{
	(void)d;
	(void)k;
	return (uint64_t)mix(row) << 32 | (uint32_t)row;
}

/* The upper bits, which vary most; in the first rows what is special. */
static uint64_t special(const struct pqdata *d, uint64_t row, uint64_t k)
{
	static const uint64_t eight[] = {
		UINT64_MAX,	    1ull << 63,		0x7ff0000000000000,
		0xfff0000000000000, 0x7ff8000000000000, 0,
	};
	unsigned spare = (unsigned)(64 - 8 * d->nbytes);
	uint64_t v = row < COUNT(eight) ? eight[row] : number(d, row, k);

	return v >> spare;
}

static uint64_t few(const struct pqdata *d, uint64_t row, uint64_t k)
{
	(void)k;
	return mix(row) % (d->seed / 3);
}

static uint64_t date(const struct pqdata *d, uint64_t row, uint64_t k)
{
	(void)d;
	(void)k;
	return row * 1000003 - 500000000;
}

static uint64_t rising(const struct pqdata *d, uint64_t row, uint64_t k)
{
	(void)d;
	(void)k;
	return row / 100;
}

static uint64_t item(const struct pqdata *d, uint64_t row, uint64_t k)
{
	(void)d;
	return row * 10 + k;
}

static uint64_t length(const struct pqdata *d, uint64_t row)
{
	(void)d;
	return row % 4;
}

static bool is_null(const struct pqdata *d, uint64_t row)
{
	(void)d;
	return row % 7 == 3;
}

static size_t text(const struct pqdata *d, uint64_t row, uint64_t k, char *to)
{
	(void)d;
	if (row % 5 == 0 && k == 0)
		return 0;
	return (size_t)snprintf(to, 64, "r\xc3\xb6w %llu.%llu",
				(unsigned long long)row, (unsigned long long)k);
}

static size_t bytes(const struct pqdata *d, uint64_t row, uint64_t k, char *to)
{
	(void)d;
	(void)k;
	memset(to, (int)(row & 0xff), row % 4);
	return row % 4;
}

/* ---- columns ---- */

#define NTEXTS 300
static const char *const one_text[] = { "all the same" };
static const char *texts[NTEXTS]; /* "text 0", ... */

static const struct oq_pqcol all_cols[] = {
	{ .name = "id", .type = OQ_PQ_UINT32, .has_stats = true },
	{ .name = "i8", .type = OQ_PQ_INT8, .has_stats = true },
	{ .name = "i16", .type = OQ_PQ_INT16 },
	{ .name = "i32", .type = OQ_PQ_INT32, .has_stats = true },
	{ .name = "i64", .type = OQ_PQ_INT64, .has_stats = true },
	{ .name = "u8", .type = OQ_PQ_UINT8, .has_stats = true },
	{ .name = "u16", .type = OQ_PQ_UINT16 },
	{ .name = "u32", .type = OQ_PQ_UINT32, .has_stats = true },
	{ .name = "u64", .type = OQ_PQ_UINT64, .has_stats = true },
	{ .name = "f16", .type = OQ_PQ_FLOAT },
	{ .name = "f32", .type = OQ_PQ_FLOAT },
	{ .name = "f64", .type = OQ_PQ_DOUBLE },
	{ .name = "flag", .type = OQ_PQ_BOOL },
	{ .name = "ms", .type = OQ_PQ_MILLIS, .has_stats = true },
	{ .name = "us", .type = OQ_PQ_MICROS, .has_stats = true },
	{ .name = "ns", .type = OQ_PQ_NANOS, .has_stats = true },
	{ .name = "label",
	  .type = OQ_PQ_STRING,
	  .dict = texts,
	  .ndict = NTEXTS },
	{ .name = "same", .type = OQ_PQ_STRING, .dict = one_text, .ndict = 1 },
	{ .name = "text", .type = OQ_PQ_STRING },
	{ .name = "raw", .type = OQ_PQ_BINARY },
	{ .name = "rawlabel",
	  .type = OQ_PQ_BINARY,
	  .dict = texts,
	  .ndict = NTEXTS },
	{ .name = "fixed", .type = OQ_PQ_FIXED, .width = 5 },
	{ .name = "when", .type = OQ_PQ_MICROS, .nest = OQ_PQ_NULLABLE },
	{ .name = "maybe", .type = OQ_PQ_STRING, .nest = OQ_PQ_NULLABLE },
	{ .name = "ints", .type = OQ_PQ_INT32, .nest = OQ_PQ_LIST },
	{ .name = "texts", .type = OQ_PQ_STRING, .nest = OQ_PQ_LIST },
	{ .name = "flags", .type = OQ_PQ_BOOL, .nest = OQ_PQ_LIST },
	{ .name = "shorts", .type = OQ_PQ_UINT16, .nest = OQ_PQ_LIST },
};

static const struct pqdata all_data[] = {
	{ .number = rising, .nbytes = 4 },
	{ .number = special, .nbytes = 1, .is_signed = true },
	{ .number = special, .nbytes = 2, .is_signed = true, .is_big = true },
	{ .number = special, .nbytes = 4, .is_signed = true },
	{ .number = special, .nbytes = 8, .is_signed = true, .is_big = true },
	{ .number = special, .nbytes = 1 },
	{ .number = special, .nbytes = 2 },
	{ .number = special, .nbytes = 4, .is_big = true, .seed = 1 },
	{ .number = special, .nbytes = 8, .seed = 2 },
	{ .number = special, .nbytes = 2, .is_big = true },
	{ .number = special, .nbytes = 4, .is_big = true },
	{ .number = special, .nbytes = 8 },
	{ .number = few, .nbytes = 1, .seed = 3 * 3 },
	{ .number = date, .nbytes = 8, .is_signed = true },
	{ .number = date, .nbytes = 8, .is_signed = true, .is_big = true },
	{ .number = date, .nbytes = 8, .is_signed = true },
	{ .number = few, .seed = 3 * NTEXTS },
	{ .number = few, .seed = 3 * 1 },
	{ .text = text, .nbytes = 1 },
	{ .text = bytes, .nbytes = 1 },
	{ .number = few, .seed = 3 * NTEXTS },
	{ .number = number, .nbytes = 5 },
	{ .number = date, .nbytes = 8, .is_null = is_null },
	{ .text = text, .nbytes = 1, .is_null = is_null },
	{ .number = item, .nbytes = 4, .len = length },
	{ .text = text, .nbytes = 1, .len = length },
	{ .number = item, .nbytes = 1, .len = length, .seed = 1 },
	{ .number = item, .nbytes = 2, .len = length, .seed = 2 },
};

/* id, f64, label, text and ints of these: for many rows. */
static const size_t some[] = { 0, 11, 16, 18, 24 };

/* ---- files ---- */

static void save(const struct pqfile *f, const char *dir, const char *name)
{
	OQ_BUF struct oq_buf b = { 0 };
	char path[4096];
	FILE *to;

	pq_read(f, 0, f->p.size, &b);
	if (b.failed || b.len != f->p.size)
		errx(1, "%s: not what was said", name);
	snprintf(path, sizeof(path), "%s/%s.parquet", dir, name);
	to = fopen(path, "w");
	if (!to || fwrite(b.data, 1, b.len, to) != b.len || fclose(to) != 0)
		err(1, "%s", path);
}

static void make(const char *dir, const char *name, struct pqfile f)
{
	static const struct oq_pqmeta meta[] = { { "about", "{\"n\": 1}" } };
	struct oq_err why;

	f.schema.meta = meta;
	f.schema.nmeta = COUNT(meta);
	f.schema.created_by = "mkparquet version 1.0.0";
	if (pq_open(&f, &why) < 0)
		errx(1, "%s: %s", name, why.text);
	save(&f, dir, name);
	oq_parquet_free(&f.p);
}

static void make_all(const char *dir)
{
	struct pqfile f = { .schema = { .cols = all_cols,
					.ncols = COUNT(all_cols) },
			    .data = all_data };

	f.nrows = 40000;
	make(dir, "all-40000", f);
	f.schema.group_rows = 1024;
	f.schema.page_rows = 64;
	f.nrows = 5001;
	make(dir, "all-5001", f);
	f.nrows = 1;
	make(dir, "all-1", f);
	f.nrows = 0;
	make(dir, "all-0", f);
}

static void make_many_rows(const char *dir)
{
	static const uint64_t rows[] = { 131071, 131072, 131073, 270000 };
	struct oq_pqcol cols[COUNT(some)];
	struct pqdata data[COUNT(some)];
	struct pqfile f = { .schema = { .cols = cols, .ncols = COUNT(some) },
			    .data = data };

	for (size_t i = 0; i < COUNT(some); i++) {
		cols[i] = all_cols[some[i]];
		data[i] = all_data[some[i]];
	}
	for (size_t i = 0; i < COUNT(rows); i++) {
		char name[32];

		snprintf(name, sizeof(name), "some-%llu",
			 (unsigned long long)rows[i]);
		f.nrows = rows[i];
		make(dir, name, f);
	}
}

/* Pages of wide values have few rows. */
static void make_wide(const char *dir)
{
	static const struct oq_pqcol col = { .name = "fixed",
					     .type = OQ_PQ_FIXED,
					     .width = 4000 };
	static const struct pqdata data = { .number = number, .nbytes = 4000 };
	struct pqfile f = { .schema = { .cols = &col, .ncols = 1 },
			    .data = &data,
			    .nrows = 5000 };

	make(dir, "wide-5000", f);
}

int main(int argc, char **argv)
{
	static char room[NTEXTS][16];

	if (argc != 2)
		errx(2, "usage: mkparquet DIRECTORY");
	for (size_t i = 0; i < NTEXTS; i++) {
		snprintf(room[i], sizeof(room[i]), i ? "text %zu" : "", i);
		texts[i] = room[i];
	}
	make_all(argv[1]);
	make_many_rows(argv[1]);
	make_wide(argv[1]);
	return 0;
}
