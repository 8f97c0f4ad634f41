/* SPDX-License-Identifier: MIT */
/* parquet.c - the layout of Parquet files of any columns and rows
 *
 *	u64  rows
 *	u8   rows of a group, as a power of two; 0: as many as is usual
 *	u8   rows of a page, likewise
 *	u8   how many columns
 *	     of each: u64, what pq_any_column() makes of it
 *	     numbers: what is measured, and where the file is read
 *
 * In the machine's own order.  Small files are rendered, range by range, and
 * compared with themselves as a whole; of large ones the places are.
 */

#include "tests/fuzz/input.h"
#include "tests/make/pqfile.h"

#define MAX_COLS     8
#define MAX_MEASURED 4096 /* pages */
#define SMALL	     70	  /* rows */
#define PLACES	     8

static uint64_t take_power(struct input *in)
{
	unsigned n = (unsigned)take(in, 1) % 24;

	return n ? 4ull << n : 0;
}

/* ---- rendered ---- */

static void read_whole(const struct pqfile *f, struct oq_buf *out)
{
	struct oq_pqpiece p;
	bool more = oq_parquet_find(&f->p, 0, &p);

	for (; more; more = oq_parquet_next(&f->p, &p)) {
		must(p.off == out->len && p.len > 0);
		pq_put_piece(f, &p, 0, p.len, out);
		must(p.off + p.len == out->len);
	}
	must(out->len == f->p.size);
}

static void render(struct pqfile *f, struct input *in)
{
	OQ_BUF struct oq_buf whole = { 0 };

	must(pq_open(f, NULL) == 0);
	read_whole(f, &whole);
	for (unsigned i = 0; i < PLACES; i++) {
		OQ_BUF struct oq_buf part = { 0 };
		uint64_t off = take(in, 2) % whole.len;
		uint64_t len = 1 + take(in, 2) % (whole.len - off);

		pq_read(f, off, len, &part);
		must(part.len == len);
		must(memcmp(part.data, whole.data + off, len) == 0);
	}
}

/* ---- only found ---- */

static bool measure(struct pqfile *f, struct input *in)
{
	struct oq_pqlayout *l = f->p.layout;

	for (size_t i = 0; i < f->schema.ncols; i++) {
		uint64_t n = oq_pqlayout_npages(l, i);
		uint64_t rows = oq_pqlayout_page_rows(l, i);

		if (!oq_pqcol_is_measured(&f->schema.cols[i]))
			continue;
		if (n > MAX_MEASURED)
			return false;
		for (uint64_t k = 0; k < n; k++)
			oq_pqlayout_note(l, i, k, rows + take(in, 3),
					 4 * rows + take(in, 4));
	}
	return true;
}

/* Rows that are said to have some bytes do have them, and not one unit, a row
 * or eight packed ones, is more than is needed. */
static void check_span(const struct oq_pqcol *c, const struct oq_pqpiece *p,
		       struct input *in)
{
	uint64_t off = take(in, 8) % p->len;
	uint64_t len = 1 + take(in, 4) % (p->len - off);
	uint64_t unit = oq_pqpage_rows_bytes(c, 1), bytes;
	struct oq_pqspan s;

	oq_pqpage_span(c, p->nrows, off, len, &s);
	must(s.first + s.nrows <= p->nrows && s.head_len <= len);
	if (!s.nrows) {
		must(s.head_len == len);
		return;
	}
	bytes = oq_pqpage_rows_bytes(c, s.nrows);
	must(s.skip < unit && s.skip + len - s.head_len <= bytes);
	must(s.skip + len - s.head_len > bytes - unit);
	must(!oq_pqcol_bits(c) || s.first % 8 == 0);
}

static void check_piece(const struct pqfile *f, const struct oq_pqpiece *p,
			struct input *in)
{
	OQ_BUF struct oq_buf b = { 0 };
	struct oq_pqstat stats[MAX_COLS] = { { 1, UINT64_MAX } };
	const struct oq_pqcol *c = &f->schema.cols[p->col];

	if (p->what != OQ_PQ_PAGE_BODY) {
		oq_parquet_put(&f->p, p, stats, &b);
		must(b.len == p->len);
		return;
	}
	must(p->nrows > 0 && p->first + p->nrows <= f->nrows);
	if (!oq_pqcol_is_measured(c))
		check_span(c, p, in);
}

static void look(const struct pqfile *f, uint64_t off, struct input *in)
{
	struct oq_pqpiece p, next, again;

	must(oq_parquet_find(&f->p, off, &p));
	must(p.len > 0 && off >= p.off && off - p.off < p.len);
	check_piece(f, &p, in);
	next = p;
	if (!oq_parquet_next(&f->p, &next)) {
		must(p.what == OQ_PQ_END && p.off + p.len == f->p.size);
		return;
	}
	must(next.off == p.off + p.len);
	must(oq_parquet_find(&f->p, next.off, &again));
	must(memcmp(&next, &again, sizeof(next)) == 0);
	must(oq_parquet_find(&f->p, next.off - 1, &again));
	must(memcmp(&p, &again, sizeof(p)) == 0);
}

static void find(struct pqfile *f, struct input *in)
{
	if (oq_parquet_init(&f->p, &f->schema, f->nrows, NULL) < 0)
		return;
	if (measure(f, in) && oq_parquet_seal(&f->p, NULL) == 0) {
		must(f->p.size <= INT64_MAX);
		must(oq_pqlayout_ngroups(f->p.layout) <= OQ_PQ_MAX_GROUPS);
		look(f, 0, in);
		look(f, f->p.size - 1, in);
		look(f, f->p.footer.start, in);
		look(f, f->p.footer.start - 1, in);
		for (unsigned i = 0; i < PLACES; i++)
			look(f, take(in, 8) % f->p.size, in);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct input in = { data, n };
	struct oq_pqcol cols[MAX_COLS];
	struct pqdata formulas[MAX_COLS];
	struct pqfile f = { .data = formulas };

	f.nrows = take(&in, 8);
	f.schema.cols = cols;
	f.schema.group_rows = take_power(&in);
	f.schema.page_rows = take_power(&in);
	f.schema.ncols = 1 + take(&in, 1) % MAX_COLS;
	for (size_t i = 0; i < f.schema.ncols; i++) {
		uint64_t bits = take(&in, 8);

		pq_any_column(bits, &cols[i], &formulas[i]);
		if (f.nrows > SMALL && cols[i].type == OQ_PQ_FIXED)
			cols[i].width = (uint32_t)(bits >> 33) | 1;
	}
	if (f.nrows <= SMALL)
		render(&f, &in);
	else
		find(&f, &in);
	oq_parquet_free(&f.p);
	return 0;
}
