/* SPDX-License-Identifier: MIT */
/* pqfile.h - Parquet files whose cells are formulas, made range by range
 *
 * For test programs only: running out of memory is a failed assertion.
 */
#ifndef TESTS_PQFILE_H
#define TESTS_PQFILE_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/buf.h"
#include "lib/base/num.h"
#include "lib/parquet/parquet.h"
#include "lib/parquet/pqbody.h"
#include "lib/parquet/pqpage.h"

/* What is in a column: functions of the row and, in a list, of the place. */
struct pqdata {
	/* The bits of a number, a bool, the number of a text; what is missing
	 * is zero. */
	uint64_t (*number)(const struct pqdata *d, uint64_t row, uint64_t k);
	size_t nbytes; /* of a number, as its source has it */
	bool is_big, is_signed;
	/* Text, to 'to', of the length returned: at most 64. */
	size_t (*text)(const struct pqdata *d, uint64_t row, uint64_t k,
		       char *to);
	uint64_t (*len)(const struct pqdata *d, uint64_t row); /* of a list */
	bool (*is_null)(const struct pqdata *d, uint64_t row);
	uint64_t seed;
};

struct pqfile {
	struct oq_pqschema schema;
	const struct pqdata *data; /* one a column */
	uint64_t nrows;
	struct oq_parquet p;
};

static inline uint64_t pq_mix(uint64_t a, uint64_t b)
{
	uint64_t x = a * 0x9e3779b97f4a7c15u + b + 1;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
	x = (x ^ x >> 27) * 0x94d049bb133111ebu;
	return x ^ x >> 31;
}

/* Numbers as a source has them, some bytes apart; to be freed. */
static inline struct oq_pqcells pq_cells(const struct pqdata *d, size_t n)
{
	struct oq_pqcells c = {
		.nbytes = d->nbytes,
		.stride = d->nbytes + d->seed % 3,
		.is_big = d->is_big,
		.is_signed = d->is_signed,
	};

	c.p = calloc(n + 1, c.stride);
	assert(c.p);
	return c;
}

static inline void pq_set(struct oq_pqcells *c, size_t i, uint64_t v)
{
	uint8_t *to = (uint8_t *)(uintptr_t)c->p + i * c->stride;

	for (size_t k = 0; k < c->nbytes; k++) {
		size_t at = c->is_big ? c->nbytes - 1 - k : k;

		/* Of wider ones the number is repeated. */
		to[at] = (uint8_t)(v >> 8 * (k % 8));
	}
}

/* As PLAIN has them. */
static inline void pq_put_cells(const struct oq_pqcol *c,
				const struct oq_pqcells *cells, size_t n,
				struct oq_buf *out)
{
	size_t room =
		c->type == OQ_PQ_BOOL ? (n + 7) / 8 : n * oq_pqcol_width(c);
	char *to = oq_buf_room(out, room + 1);

	assert(to);
	if (c->type == OQ_PQ_BOOL)
		oq_pqbody_bools(cells, n, (uint8_t *)to);
	else
		oq_pqbody_numbers(c, cells, n, (uint8_t *)to);
	out->len += room;
}

static inline void pq_put_numbers_of_texts(const struct pqfile *f, size_t col,
					   uint64_t first, size_t n,
					   struct oq_buf *out)
{
	const struct pqdata *d = &f->data[col];
	unsigned bits = oq_pqcol_bits(&f->schema.cols[col]);
	size_t room = (n + 7) / 8 * bits;
	uint32_t *index = calloc(n + 1, sizeof(*index));
	char *to = oq_buf_room(out, room + 1);

	assert(index && to);
	for (size_t i = 0; i < n; i++)
		index[i] = (uint32_t)d->number(d, first + i, 0);
	oq_pqbody_pack(index, n, bits, (uint8_t *)to);
	out->len += room;
	free(index);
}

/* Rows of a column that is not measured. */
static inline void pq_put_rows(const struct pqfile *f, size_t col,
			       uint64_t first, size_t n, struct oq_buf *out)
{
	const struct oq_pqcol *c = &f->schema.cols[col];
	const struct pqdata *d = &f->data[col];
	struct oq_pqcells cells;

	if (c->dict) {
		pq_put_numbers_of_texts(f, col, first, n, out);
		return;
	}
	cells = pq_cells(d, n);
	for (size_t i = 0; i < n; i++)
		pq_set(&cells, i, d->number(d, first + i, 0));
	pq_put_cells(c, &cells, n, out);
	free((void *)(uintptr_t)cells.p);
}

/* How many values a row of a measured column has. */
static inline uint64_t pq_len(const struct pqfile *f, size_t col, uint64_t row)
{
	const struct pqdata *d = &f->data[col];

	if (f->schema.cols[col].nest == OQ_PQ_LIST)
		return d->len(d, row);
	return f->schema.cols[col].nest == OQ_PQ_FLAT || !d->is_null(d, row);
}

/* The values of a page of a measured column. */
static inline void pq_put_values(const struct pqfile *f, size_t col,
				 uint64_t first, size_t n, struct oq_buf *out)
{
	const struct oq_pqcol *c = &f->schema.cols[col];
	const struct pqdata *d = &f->data[col];
	struct oq_pqcells cells;
	uint64_t all = 0, at = 0;

	for (size_t i = 0; i < n; i++)
		all += pq_len(f, col, first + i);
	cells = pq_cells(d, all);
	for (size_t i = 0; i < n; i++) {
		for (uint64_t k = 0; k < pq_len(f, col, first + i); k++, at++) {
			char text[64];

			if (d->text)
				oq_pqbody_put_bytes(
					text, d->text(d, first + i, k, text),
					out);
			else
				pq_set(&cells, at, d->number(d, first + i, k));
		}
	}
	if (!d->text)
		pq_put_cells(c, &cells, all, out);
	free((void *)(uintptr_t)cells.p);
}

static inline void pq_put_levels(const struct pqfile *f, size_t col,
				 uint64_t first, size_t n, struct oq_buf *out)
{
	uint64_t *lens = calloc(n + 1, sizeof(*lens));
	bool *nulls = calloc(n + 1, sizeof(*nulls));

	assert(lens && nulls);
	for (size_t i = 0; i < n; i++) {
		lens[i] = pq_len(f, col, first + i);
		nulls[i] = !lens[i];
	}
	if (f->schema.cols[col].nest == OQ_PQ_LIST)
		oq_pqbody_put_lists(lens, n, out);
	else if (f->schema.cols[col].nest == OQ_PQ_NULLABLE)
		oq_pqbody_put_nulls(nulls, n, out);
	free(lens);
	free(nulls);
}

static inline void pq_measure(struct pqfile *f, size_t col)
{
	uint64_t rows = oq_pqlayout_page_rows(f->p.layout, col);

	for (uint64_t i = 0; i < oq_pqlayout_npages(f->p.layout, col); i++) {
		uint64_t first = i * rows;
		uint64_t n = oq_min_u64(rows, f->nrows - first), nvalues = 0;
		OQ_BUF struct oq_buf values = { 0 };

		for (uint64_t k = 0; k < n; k++) {
			uint64_t len = pq_len(f, col, first + k);

			nvalues += len ? len : 1;
		}
		pq_put_values(f, col, first, n, &values);
		oq_pqlayout_note(f->p.layout, col, i, nvalues, values.len);
	}
}

/* 'f' says schema, data and rows. */
static inline int pq_open(struct pqfile *f, struct oq_err *err)
{
	int r = oq_parquet_init(&f->p, &f->schema, f->nrows, err);

	for (size_t i = 0; !r && i < f->schema.ncols; i++)
		if (oq_pqcol_is_measured(&f->schema.cols[i]))
			pq_measure(f, i);
	if (!r)
		r = oq_parquet_seal(&f->p, err);
	return r;
}

/* The statistics of a row group. */
static inline struct oq_pqstat *pq_stats(const struct pqfile *f, size_t group)
{
	struct oq_pqstat *stats = calloc(f->schema.ncols, sizeof(*stats));
	uint64_t n = oq_pqlayout_group_rows(f->p.layout, group);
	uint64_t first = group * oq_pqlayout_group_rows(f->p.layout, 0);

	assert(stats);
	for (size_t i = 0; i < f->schema.ncols; i++) {
		const struct oq_pqcol *c = &f->schema.cols[i];
		const struct pqdata *d = &f->data[i];

		for (uint64_t k = 0; c->has_stats && k < n; k++) {
			struct oq_pqcells one = pq_cells(d, 1);
			struct oq_pqstat s;

			pq_set(&one, 0, d->number(d, first + k, 0));
			s = oq_pqstat_of(&one, 1);
			if (k)
				oq_pqstat_join(c, &stats[i], &s);
			else
				stats[i] = s;
			free((void *)(uintptr_t)one.p);
		}
	}
	return stats;
}

/* [from, from + len) of a page's body, made from no more rows than needed. */
static inline void pq_put_body(const struct pqfile *f,
			       const struct oq_pqpiece *p, uint64_t from,
			       uint64_t len, struct oq_buf *out)
{
	const struct oq_pqcol *c = &f->schema.cols[p->col];
	OQ_BUF struct oq_buf rows = { 0 };
	uint8_t head[OQ_PQ_HEAD_MAX];
	struct oq_pqspan s;

	if (oq_pqcol_is_measured(c)) {
		pq_put_levels(f, p->col, p->first, p->nrows, &rows);
		pq_put_values(f, p->col, p->first, p->nrows, &rows);
		assert(rows.len == p->len);
		oq_buf_put(out, rows.data + from, len);
		return;
	}
	oq_pqpage_span(c, p->nrows, from, len, &s);
	oq_pqpage_head(c, p->nrows, head);
	oq_buf_put(out, head + s.head_off, s.head_len);
	if (!s.nrows)
		return;
	assert(s.first + s.nrows <= p->nrows);
	pq_put_rows(f, p->col, p->first + s.first, s.nrows, &rows);
	assert(s.skip + len - s.head_len <= rows.len);
	oq_buf_put(out, rows.data + s.skip, len - s.head_len);
}

/* [from, from + len) of a piece. */
static inline void pq_put_piece(const struct pqfile *f,
				const struct oq_pqpiece *p, uint64_t from,
				uint64_t len, struct oq_buf *out)
{
	OQ_BUF struct oq_buf whole = { 0 };
	struct oq_pqstat *stats = NULL;

	if (p->what == OQ_PQ_PAGE_BODY) {
		pq_put_body(f, p, from, len, out);
		return;
	}
	if (p->what == OQ_PQ_FOOT_GROUP)
		stats = pq_stats(f, p->group);
	oq_parquet_put(&f->p, p, stats, &whole);
	free(stats);
	assert(whole.len == p->len);
	oq_buf_put(out, whole.data + from, len);
}

/* Bytes [off, off + len) of the file, cut at its end. */
static inline void pq_read(const struct pqfile *f, uint64_t off, uint64_t len,
			   struct oq_buf *out)
{
	struct oq_pqpiece p;
	bool more = oq_parquet_find(&f->p, off, &p);

	while (more && len) {
		uint64_t from = off - p.off;
		uint64_t n = oq_min_u64(len, p.len - from);

		assert(off >= p.off && from < p.len);
		pq_put_piece(f, &p, from, n, out);
		off += n;
		len -= n;
		more = oq_parquet_next(&f->p, &p);
	}
}

/* ---- columns of anything ---- */

static inline uint64_t pq_any_number(const struct pqdata *d, uint64_t row,
				     uint64_t k)
{
	return pq_mix(d->seed + k, row);
}

/* A number of a text of the dictionary. */
static inline uint64_t pq_any_text_number(const struct pqdata *d, uint64_t row,
					  uint64_t k)
{
	return pq_mix(d->seed + k, row) % d->nbytes;
}

static inline size_t pq_any_text(const struct pqdata *d, uint64_t row,
				 uint64_t k, char *to)
{
	size_t n = pq_mix(d->seed + k, row) % 12;

	memset(to, 'a' + (int)(row % 26), n);
	return n;
}

static inline uint64_t pq_any_len(const struct pqdata *d, uint64_t row)
{
	return pq_mix(d->seed, row) % 4;
}

static inline bool pq_any_null(const struct pqdata *d, uint64_t row)
{
	return pq_mix(d->seed, row) % 3 == 0;
}

/* Texts, which share their memory. */
#define PQ_MAX_TEXTS 300
static inline const char *const *pq_texts(void)
{
	static const char *texts[PQ_MAX_TEXTS];
	static const char some[] = "0123456789abcdefghijklmnopqrstuvwxyz";

	for (size_t i = 0; i < PQ_MAX_TEXTS; i++)
		texts[i] = some + i % sizeof(some);
	return texts;
}

/* Make up a column from any bits; 'c' is then right. */
static inline void pq_any_column(uint64_t bits, struct oq_pqcol *c,
				 struct pqdata *d)
{
	*c = (struct oq_pqcol){
		.name = &"columns"[bits % 8],
		.type = (enum oq_pqtype)(bits >> 8 & 0xff) % (OQ_PQ_FIXED + 1),
		.nest = (enum oq_pqnest)((bits >> 16 & 0xff) % 3),
	};
	*d = (struct pqdata){
		.number = pq_any_number,
		.is_big = bits >> 24 & 1,
		.is_signed = bits >> 25 & 1,
		.seed = bits,
		.len = pq_any_len,
		.is_null = pq_any_null,
	};
	if (c->type == OQ_PQ_FIXED)
		c->width = 1 + (uint32_t)(bits >> 32) % 40;
	d->nbytes = oq_pqcol_width(c) ? oq_pqcol_width(c) : 1;
	if (c->type != OQ_PQ_DOUBLE && c->type != OQ_PQ_FIXED &&
	    c->type != OQ_PQ_FLOAT)
		d->nbytes = 1 + (bits >> 32) % 8;
	if (c->type == OQ_PQ_FLOAT && bits >> 32 & 1)
		d->nbytes = 2;
	if (c->type == OQ_PQ_STRING || c->type == OQ_PQ_BINARY)
		d->text = pq_any_text;
	if (c->nest != OQ_PQ_FLAT)
		return;
	c->has_stats = bits >> 26 & 1 &&
		       ((c->type >= OQ_PQ_INT8 && c->type <= OQ_PQ_UINT64) ||
			(c->type >= OQ_PQ_MILLIS && c->type <= OQ_PQ_NANOS));
	if (c->type != OQ_PQ_STRING || !(bits >> 27 & 1))
		return;
	c->dict = pq_texts();
	c->ndict = 1 + (uint32_t)(bits >> 32) % PQ_MAX_TEXTS;
	*d = (struct pqdata){ .number = pq_any_text_number,
			      .nbytes = c->ndict,
			      .seed = bits };
}

#endif
